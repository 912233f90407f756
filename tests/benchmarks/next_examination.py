"""Does asking what to examine next pay? Three orders of examination on the same simulated items.

    python tests/benchmarks/next_examination.py [--items 60] [--steps 14]

Every item is examined trait by trait until its type, family or state is concluded. *Gain* examines what
``forensics next`` ranks first (expected bits times survival over effort, recomputed after every record); *separating
power* is Intkey's: the share of pairs of types, weighed alike, that a trait would set apart, taken once; *fixed* is one
order for all, by survival over effort. An examination that finds its trait gone counts and is paid for. Printed: after
so many examinations, and after so much effort, the share of items whose true family leads with a ratio of 100, and the
mean posterior of the true family.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from forensics.assess import build_tree
from forensics.catalogue import load, resolve
from forensics.validate.bench import Bench, make_bench
from forensics.validate.running import EVENT_YEAR
from forensics.validate.simulate import SCENARIOS, draw_world

REACHED_LOG10 = 2.0
CLASSES = ("ballistic_missile", "air_defence_missile", "cruise_missile", "rocket_artillery")


def gains(bench: Bench, posterior: np.ndarray) -> np.ndarray:
    """(T,) expected bits of each trait about the type, by its table and the quality of a record."""
    found = np.zeros(len(bench.tables))
    for column, (table, quality) in enumerate(zip(bench.tables, bench.qualities.tolist(), strict=True)):
        mixed = quality * table.weight
        law = table.background[:, None] * (1 - mixed) + mixed * table.likelihood
        joint = law * posterior
        total = joint.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(joint > 0, joint * np.log2(law / total), 0.0)
        found[column] = terms.sum()
    return found


def separating_power(bench: Bench) -> np.ndarray:
    """(T,) share of pairs of listed types whose likeliest records differ, types weighed alike (Dallwitz)."""
    listed = np.flatnonzero(bench.listed)
    found = np.zeros(len(bench.tables))
    for column, table in enumerate(bench.tables):
        known = listed[table.weight[listed] > 0]
        modes = table.likelihood[:, known].argmax(axis=0)
        reach = 8 if bench.measured[column] else 0
        apart = np.abs(modes[:, None] - modes[None, :]) > reach
        found[column] = apart.sum() / len(listed) ** 2
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--steps", type=int, default=14)
    given = parser.parse_args()
    catalogue = load()
    leaves = resolve(catalogue, event_year=EVENT_YEAR, classes=CLASSES)[0]
    bench = make_bench(leaves, catalogue, event_year=EVENT_YEAR)
    cost = np.array([bench.settings.cost[catalogue.vocabulary.traits[trait].effort] for trait in bench.traits])
    fixed = bench.survival / cost
    orders: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "gain (forensics next)": lambda posterior: bench.survival * gains(bench, posterior) / cost,
        "separating power, equal weights": lambda _: separating * bench.survival / cost,
        "fixed order": lambda _: fixed,
    }
    separating = separating_power(bench)
    tree = build_tree(leaves, theta=bench.settings.coverage_theta, other_prior=bench.settings.unlisted_other_prior)
    documented = np.array([sum(table.weight[h] > 0 for table in bench.tables) for h in range(len(leaves))])
    candidates = np.flatnonzero(bench.listed & (documented >= 6))
    results = {name: np.zeros((given.items, given.steps, 3)) for name in orders}
    for item in range(given.items):
        rng = np.random.default_rng([7, item])
        world = draw_world(bench, SCENARIOS[0], rng)
        truth = int(rng.choice(candidates))
        records = full_record(bench, world.law[:, truth], rng)
        there = (rng.random(len(bench.tables)) < bench.survival) & bench.applicable[bench.class_of[truth]]
        family = np.array([leaf.family == leaves[truth].family for leaf in leaves])
        for name, order in orders.items():
            codes = np.full((1, len(bench.tables)), -1, dtype=np.int32)
            left = np.ones(len(bench.tables), dtype=bool)
            paid = 0.0
            log_lr = bench.score(codes)
            for step in range(given.steps):
                worth = np.where(left, order(tree.reference_posterior(log_lr)[0]), -1.0)
                chosen = int(worth.argmax())
                left[chosen] = False
                paid += cost[chosen]
                if there[chosen]:
                    codes[0, chosen] = records[chosen]
                    log_lr = bench.score(codes)
                posterior = tree.reference_posterior(log_lr)[0]
                ratio = float(tree.node_log10(family, log_lr)[0])
                results[name][item, step] = (ratio >= REACHED_LOG10, posterior[family].sum(), paid)
    print(
        f"{given.items} items of {len(candidates)} types with six or more documented traits, {len(bench.tables)} traits"
    )
    print("share of items whose true family has a ratio of 100 or more; mean posterior of the true family")
    steps = [step for step in (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 18, 24) if step <= given.steps]
    print(f"{'after examinations':34s}" + "".join(f"{step:>14d}" for step in steps))
    for name, found in results.items():
        cells = "".join(f"{found[:, s - 1, 0].mean():>7.2f}{found[:, s - 1, 1].mean():>7.2f}" for s in steps)
        print(f"{name:34s}{cells}")
    efforts = (2, 4, 6, 8, 12, 16, 24)
    print(f"{'after effort':34s}" + "".join(f"{effort:>14d}" for effort in efforts))
    for name, found in results.items():
        cells = ""
        for effort in efforts:
            last = (found[:, :, 2] <= effort).sum(axis=1) - 1
            rows = np.arange(given.items)
            at = np.where(last[:, None] >= 0, found[rows, np.maximum(last, 0)], 0.0)
            cells += f"{at[:, 0].mean():>7.2f}{at[:, 1].mean():>7.2f}"
        print(f"{name:34s}{cells}")
    for name, found in results.items():
        reached = found[:, :, 0].any(axis=1)
        needed = np.where(reached, found[:, :, 0].argmax(axis=1) + 1, given.steps + 1)
        print(f"{name}: {reached.mean():.0%} reach a ratio of 100, median of examinations {np.median(needed):.0f}")


def full_record(bench: Bench, law: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(T,) what an examination of each trait would record, failed readings included."""
    found = np.zeros(len(bench.tables), dtype=np.int32)
    for column, table in enumerate(bench.tables):
        failed = rng.random() > bench.qualities[column]
        together = np.column_stack([table.likelihood, table.background])
        chances = together[:, -1 if failed else law[column]]
        found[column] = rng.choice(len(chances), p=chances / chances.sum())
    return found


if __name__ == "__main__":
    main()
