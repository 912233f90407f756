"""How fast the engine is: sheets a second in bulk and one at a time, and one fully examined case.

Run by hand: ``python tests/benchmarks/scorer.py [--sheets N] [--threads N]``. An invented catalogue of 170 leaves (12
traits in six blocks, shared sources, two pair tables, dates left out); two thirds of the traits on every sheet.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from importlib.util import find_spec

import numpy as np

from forensics.assess import (
    EdgeTable,
    Settings,
    SheetScorer,
    assess,
    build_tree,
    gather,
    rank_sheets,
    score_tables,
    weigh,
)
from forensics.catalogue import load
from forensics.model.catalogue import (
    Block,
    Catalogue,
    Citation,
    Expectation,
    ExpectedCategory,
    Hypothesis,
    Names,
    Source,
    State,
    Statement,
    Trait,
    Vocabulary,
)
from forensics.model.evidence import Case, Finding, Observation, Provenance
from forensics.model.tables import Comparison, Edge, TraitTable
from forensics.model.values import Count

RHO = {"body": 0.3, "aft": 0.5, "surfaces": 0.3, "marking": 0.4, "electronics": 0.5, "payload": 0.4}
ROWS = {
    "body_1": 300, "body_2": 40, "body_3": 4, "aft_1": 5, "aft_2": 8, "aft_3": 60, "surfaces_1": 6, "surfaces_2": 5,
    "marking_1": 6, "marking_2": 40, "electronics_1": 8, "payload_1": 6,
}  # fmt: skip
LEAVES = 170
STATES = 12
QUALITY = 0.95


def leaves(rng: np.random.Generator) -> tuple[Hypothesis, ...]:
    found = []
    for k in range(LEAVES - STATES - 1):
        family = int(rng.integers(0, 80))
        found.append(
            Hypothesis(
                id=f"type-{k:03}", name=f"Type {k}", listed=True, state=f"S{family % STATES}", family=f"f{family}",
                status="reviewed",
                expectations={
                    trait: Expectation(
                        trait=trait,
                        statements=(
                            Statement(
                                value=ExpectedCategory(probabilities={"a": 1.0}),
                                citations=(Citation(source=f"X{k % 9}", grade="B2", basis="photographs"),),
                                weight=0.9,
                            ),
                        ),
                        stated_at=f"type-{k:03}",
                        origin=f"X{k % 9}",
                    )
                    for trait in ROWS
                },
            )
        )  # fmt: skip
    unlisted = [*(f"S{k}" for k in range(STATES)), "other"]
    found += [Hypothesis(id=f"unlisted@{s}", name=s, listed=False, state=s) for s in unlisted]
    return tuple(sorted(found, key=lambda h: h.id))


def tables(rng: np.random.Generator, found: tuple[Hypothesis, ...]) -> list[TraitTable]:
    listed = np.array([h.listed for h in found])
    made = []
    for trait, rows in ROWS.items():
        weight = np.where(listed & (rng.random(LEAVES) < 0.7), rng.choice([0.4, 0.7, 0.9], LEAVES), 0.0)
        background = rng.dirichlet(np.full(rows, 2.0)) * 0.9 + 0.1 / rows
        likelihood = np.where(weight > 0, rng.dirichlet(np.full(rows, 0.2), LEAVES).T, background[:, None])
        origin = np.where(weight > 0, rng.integers(0, 6, LEAVES), -1)
        labels = tuple(str(x) for x in range(rows))
        made.append(TraitTable(trait, trait.split("_")[0], labels, likelihood, background, weight, origin))
    return made


def one_sheet(made: list[TraitTable], codes: np.ndarray, edges: list[EdgeTable]) -> tuple[list[Comparison], list[Edge]]:
    text = ("",) * LEAVES
    comparisons = []
    for table, code in zip(made, codes.tolist(), strict=True):
        if code < 0:
            continue
        observation = Observation(
            id=table.trait, item="1", trait=table.trait, value=Count(count=1), provenance=Provenance()
        )
        single = TraitTable(
            table.trait, table.block, ("x",), table.likelihood[[code]], table.background[[code]], table.weight,
            table.origin,
        )  # fmt: skip
        comparisons.append(
            Comparison((Finding(observation=observation),), single, QUALITY, text, ("unknown",) * LEAVES, text)
        )
    row = {table.trait: code for table, code in zip(made, codes.tolist(), strict=True)}
    found = [
        Edge(e.first, e.second, float(e.log_edge[row[e.first], row[e.second]]), e.applies)
        for e in edges
        if row[e.first] >= 0 and row[e.second] >= 0
    ]
    return comparisons, found


def vocabulary() -> Vocabulary:
    return Vocabulary(
        traits={
            trait: Trait(
                id=trait, names=Names(en=(trait,)), kind="category", part="x", record="Look.",
                block=trait.split("_")[0], level="type", effort="photo", survival=0.5,
            )
            for trait in ROWS
        },
        blocks={name: Block(id=name, title=name, rho=rho) for name, rho in RHO.items()},
    )  # fmt: skip


def million(
    made: list[TraitTable], found: tuple[Hypothesis, ...], settings: Settings, edges: list[EdgeTable], count: int,
    threads: int,
) -> dict[str, float]:  # fmt: skip
    """Score and rank ``count`` sheets, drawn before the clock starts. Gives seconds of processor time a sheet."""
    rng = np.random.default_rng(2)
    codes = np.empty((count, len(made)), dtype=np.int16)
    for start in range(0, count, 100_000):
        part = codes[start : start + 100_000]
        for column, rows in enumerate(ROWS.values()):
            part[:, column] = rng.integers(0, rows, len(part))
        part[rng.random(part.shape) > 2 / 3] = -1
    tree = build_tree(found, theta=settings.coverage_theta, other_prior=settings.unlisted_other_prior)
    nodes = list(tree.states.values())
    seconds: dict[str, float] = {}
    print(f"{LEAVES} leaves, {len(made)} traits, two thirds recorded; load of the machine {os.getloadavg()[0]:.1f}")
    for name, pairs in (("no pair tables", []), ("two pair tables", edges)):
        for what in ("scored", "scored and ranked"):
            scorer = SheetScorer(made, [QUALITY] * len(made), settings=settings, rho=RHO, edges=pairs)
            wall, cpu = time.perf_counter(), time.process_time()
            if what == "scored":
                for _ in scorer.spans(codes, threads=threads):
                    pass
            else:
                rank_sheets(scorer, codes, tree, nodes=nodes, threads=threads)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(
                f"bulk, {name}, {what}: {count:,} sheets in {wall:.1f} s, {cpu:.1f} s of processor time"
                f" ({count / wall:,.0f} sheets/s, {threads} threads)"
            )
            seconds[what] = cpu / count
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    return seconds


def bayesian_network(made: list[TraitTable], codes: np.ndarray) -> float | None:
    """Seconds of processor time a sheet with pyAgrum's exact inference; None where it is not installed."""
    if not find_spec("pyagrum"):
        return None
    import pyagrum as gum  # noqa: PLC0415

    network = gum.BayesNet("debris")
    network.add(gum.LabelizedVariable("made_as", "", LEAVES))
    network.cpt("made_as").fillWith([1 / LEAVES] * LEAVES)
    for table in made:
        network.add(gum.LabelizedVariable(table.trait, "", len(table.background)))
        network.addArc("made_as", table.trait)
        network.cpt(table.trait)[:] = table.likelihood.T / table.likelihood.T.sum(axis=1, keepdims=True)
    engine = gum.LazyPropagation(network)
    engine.addTarget("made_as")
    start = time.process_time()
    for sheet in codes.tolist():
        engine.setEvidence({t.trait: code for t, code in zip(made, sheet, strict=True) if code >= 0})
        engine.posterior("made_as")
    return (time.process_time() - start) / len(codes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    count = 2_000
    rng = np.random.default_rng(1)
    parameters = load().parameters
    settings = Settings.read(parameters)
    found = leaves(rng)
    made = tables(rng, found)
    known = {t.trait: t.weight > 0 for t in made}
    edges = [
        EdgeTable("aft_1", "aft_2", rng.normal(0, 0.3, (5, 8)), known["aft_1"] & known["aft_2"]),
        EdgeTable("body_3", "body_2", rng.normal(0, 0.3, (4, 40)), known["body_3"] & known["body_2"]),
    ]
    codes = np.stack([rng.integers(0, rows, count) for rows in ROWS.values()], axis=1).astype(np.int32)
    codes[rng.random(codes.shape) > 2 / 3] = -1
    qualities = [QUALITY] * len(made)

    scores = score_tables(codes, made, qualities, settings=settings, rho=RHO, edges=edges)
    bulk = million(made, found, settings, edges, given.sheets, given.threads)

    start = time.perf_counter()
    cpu = time.process_time()
    singles = 200
    worst = 0.0
    for row in range(singles):
        comparisons, pairs_here = one_sheet(made, codes[row], edges)
        single = weigh(gather(comparisons, pairs_here, found, vocabulary(), settings)).log10_lr
        worst = max(worst, float(np.abs(single - scores[row]).max()))
    spent = time.perf_counter() - start
    cpu = time.process_time() - cpu
    print(
        f"one at a time: {singles / spent:,.0f} sheets/s, {1000 * cpu / singles:.2f} ms of processor time a sheet;"
        f" largest difference from bulk {worst:.1e}"
    )
    print(f"bulk against one at a time, processor time: {cpu / singles / bulk['scored']:,.0f} times faster")
    peer = bayesian_network(made, codes[:300])
    if peer is None:
        print("bulk against pyAgrum: not installed (tests/benchmarks/peers/requirements.txt)")
    else:
        print(f"pyAgrum: {1000 * peer:.2f} ms a sheet; bulk is {peer / bulk['scored']:,.0f} times faster")

    catalogue = Catalogue(
        version="0", digest="0" * 64, path_kind="given", vocabulary=vocabulary(),
        sources={f"X{k}": Source(id=f"X{k}", publisher="p", title="t", reliability="B") for k in range(9)},
        states={f"S{k}": State(id=f"S{k}", name=f"S{k}") for k in range(STATES)}, families={}, signatures={},
        backgrounds={}, parameters=parameters,
    )  # fmt: skip
    full = np.array([int(rng.integers(0, rows)) for rows in ROWS.values()])
    comparisons, pairs_here = one_sheet(made, full, edges)
    for detail in (False, True):
        start = time.perf_counter()
        assess(
            comparisons, pairs_here, found, catalogue, case=Case(id="benchmark"), tool_version="0", detail=detail
        )  # fmt: skip
        print(f"one case, 12 traits, {LEAVES} leaves, detail {detail}: {time.perf_counter() - start:.2f} s")
    comparisons, pairs_here = one_sheet(made, np.where(np.arange(12) < 6, full, -1), edges)
    rest = {t.trait: t for t in made[6:]}
    start = time.perf_counter()
    assess(comparisons, pairs_here, found, catalogue, case=Case(id="benchmark"), tool_version="0", tables=rest)
    print(f"one case, 6 traits, 6 more to examine: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
