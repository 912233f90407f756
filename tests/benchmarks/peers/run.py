"""The same simulated sheets through this method and through what a person might use instead, in one run.

    python tests/benchmarks/peers/run.py [--worlds 4] [--sheets 800]

Top 1 and top 3 among listed types (exact ties shared); calibration error of the leading posterior and share of wrong
answers above 0.9 under one prior for all; Cllr at type, family and state level; AUROC of telling unlisted items
from listed ones by the best listed ratio; seconds for a thousand sheets, set-up included.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from engines import ENGINES
from packages import PACKAGES

from forensics.catalogue import load, resolve
from forensics.validate.bench import Bench, make_bench
from forensics.validate.metrics import Tally, area_under_curve, calibration_error, cllr
from forensics.validate.running import EVENT_YEAR
from forensics.validate.simulate import SCENARIOS, draw_sheets, draw_world
from forensics.validate.study import LEVELS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=4)
    parser.add_argument("--sheets", type=int, default=800)
    given = parser.parse_args()
    catalogue = load()
    bench = make_bench(resolve(catalogue, event_year=EVENT_YEAR)[0], catalogue, event_year=EVENT_YEAR)
    print(
        f"{int(bench.listed.sum())} types, {len(bench.tables)} traits, {given.worlds} worlds of {given.sheets} sheets"
    )
    engines = dict(ENGINES)
    for name, (module, engine, is_ratio) in PACKAGES.items():
        if find_spec(module):
            engines[name] = (engine, is_ratio)
        else:
            print(f"  {name}: {module} is not installed (requirements.txt)")
    header = f"{'':30s} top 1  top 3  calib. >.9 wrong  Cllr type family state   AUROC open  s/1000"
    lowest: dict[tuple[str, str], dict[str, float]] = {}
    for scenario in SCENARIOS:
        drawn = []
        for number in range(given.worlds):
            rng = np.random.default_rng([scenario.number, number])
            drawn.append(draw_sheets(bench, draw_world(bench, scenario, rng), scenario, given.sheets, rng))
        codes = np.concatenate([part.codes for part in drawn])
        truth = np.concatenate([part.truth for part in drawn])
        print(f"\n{scenario.id}: {scenario.title}\n{header}")
        for name, (engine, is_ratio) in engines.items():
            started = time.perf_counter()
            ratios = engine(bench, codes)
            spent = time.perf_counter() - started
            text, costs = _measures(bench, ratios, truth, is_ratio)
            print(f"{name:30s} {text}  {1000 * spent / len(codes):6.2f}", flush=True)
            for level, cost in costs.items():
                lowest.setdefault((scenario.id, level), {})[name] = cost
    print()
    for (scenario_id, level), costs in lowest.items():
        ours, others = costs["this method"], {name: cost for name, cost in costs.items() if name != "this method"}
        best = min(others, key=lambda name: others[name])
        verdict = "below every peer" if ours < others[best] else "NOT below every peer"
        print(f"{scenario_id}, {level}: Cllr {ours:.3f}, best peer {best} {others[best]:.3f}: {verdict}")


def _measures(bench: Bench, ratios: np.ndarray, truth: np.ndarray, is_ratio: bool) -> tuple[str, dict[str, float]]:
    rows, listed = np.arange(len(truth)), bench.listed[truth]
    among = np.where(bench.listed[None, :], ratios, -np.inf)
    own = ratios[rows, truth][:, None]
    with np.errstate(invalid="ignore"):
        above, level = (among > own + 1e-6).sum(axis=1), np.maximum((np.abs(among - own) <= 1e-6).sum(axis=1), 1)
    first = np.clip((1 - above) / level, 0, 1)[listed].mean()
    third = np.clip((3 - above) / level, 0, 1)[listed].mean()
    best = among.max(axis=1)
    best_unlisted = ratios[:, ~bench.listed].max(axis=1)
    score = np.where(np.isfinite(best_unlisted), best_unlisted, 0.0) - best
    auroc = area_under_curve(score[~listed], score[listed])
    if not is_ratio:
        return f"{first:5.3f}  {third:5.3f}      -        -          -      -     -     {auroc:5.3f}   ", {}
    # An engine that knows no unlisted designs has its prior on the listed types alone.
    prior = np.where(np.isfinite(ratios[0]), bench.tree.prior, 0.0)
    prior = prior / prior.sum()
    shifted = np.where(np.isfinite(ratios), ratios, -400.0)
    joint = prior * 10.0 ** (shifted - shifted.max(axis=1, keepdims=True))
    posterior = joint / joint.sum(axis=1, keepdims=True)
    leading = posterior.argmax(axis=1)
    stated, right = posterior[rows, leading], leading == truth
    costs = {}
    for level in LEVELS:
        keys = _keys(bench, level)
        names = sorted({key for key in keys if key})
        member = np.array([[key == name for key in keys] for name in names], dtype=float)
        held = np.clip(posterior @ member.T, 1e-15, 1 - 1e-15)
        base = np.clip(prior @ member.T, 1e-15, 1 - 1e-15)
        node = np.log10(held / (1 - held)) - np.log10(base / (1 - base))
        own = np.array([names.index(key) if key else -1 for key in keys])[truth]
        false = np.arange(len(names))[None, :] != own[:, None]
        weight = np.where(false, 1.0 / false.sum(axis=1, keepdims=True), 0.0)
        tally = Tally.empty(1)
        has = np.flatnonzero(own >= 0)
        tally.add(0, node[has, own[has]], node[false], weight[false])
        costs[level] = tally.measure(cllr)
    wrong = (stated > 0.9) & ~right
    return (
        f"{first:5.3f}  {third:5.3f}  {calibration_error(stated, right).error:5.3f}    {wrong.mean():6.4f}"
        f"       {costs['type']:5.3f}  {costs['family']:5.3f} {costs['state']:5.3f}   {auroc:5.3f}   "
    ), costs


def _keys(bench: Bench, level: str) -> list[str]:
    """The node of each leaf at one level, empty for leaves in none."""
    if level == "state":
        return [leaf.state if leaf.state != "other" else "" for leaf in bench.hypotheses]
    return [
        (leaf.id if level == "type" else leaf.family or leaf.id) if leaf.listed else "" for leaf in bench.hypotheses
    ]


if __name__ == "__main__":
    main()
