"""The same simulated sheets through this method and through what a person might use instead, in one run.

    python tests/benchmarks/peers/run.py [--worlds 4] [--sheets 800]

Top 1 and top 3 among listed types (exact ties shared); calibration error of the leading posterior and share of wrong
answers above 0.9 under one prior for all; Cllr and its calibration loss at type level; AUROC of telling unlisted items
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
from engines import ENGINES, OPTIONAL

from forensics.catalogue import load, resolve
from forensics.validate.bench import Bench, make_bench
from forensics.validate.metrics import Tally, area_under_curve, calibration_error, cllr, split_cllr
from forensics.validate.running import EVENT_YEAR
from forensics.validate.simulate import SCENARIOS, draw_sheets, draw_world


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
    for module, name in OPTIONAL.items():
        print(f"  {name}: {'installed, but not run here' if find_spec(module) else 'not installed'}")
    header = f"{'':30s} top 1  top 3  calib. >.9 wrong   Cllr  loss   AUROC open  s/1000"
    for scenario in SCENARIOS:
        drawn = []
        for number in range(given.worlds):
            rng = np.random.default_rng([scenario.number, number])
            drawn.append(draw_sheets(bench, draw_world(bench, scenario, rng), scenario, given.sheets, rng))
        codes = np.concatenate([part.codes for part in drawn])
        truth = np.concatenate([part.truth for part in drawn])
        print(f"\n{scenario.id}: {scenario.title}\n{header}")
        for name, (engine, is_ratio) in ENGINES.items():
            started = time.perf_counter()
            ratios = engine(bench, codes)
            spent = time.perf_counter() - started
            print(f"{name:30s} {_measures(bench, ratios, truth, is_ratio)}  {1000 * spent / len(codes):6.2f}")


def _measures(bench: Bench, ratios: np.ndarray, truth: np.ndarray, is_ratio: bool) -> str:
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
        return f"{first:5.3f}  {third:5.3f}      -        -       -     -       {auroc:5.3f}   "
    # An engine that knows no unlisted designs has its prior on the listed types alone.
    prior = np.where(np.isfinite(ratios[0]), bench.tree.prior, 0.0)
    prior = prior / prior.sum()
    shifted = np.where(np.isfinite(ratios), ratios, -400.0)
    joint = prior * 10.0 ** (shifted - shifted.max(axis=1, keepdims=True))
    posterior = joint / joint.sum(axis=1, keepdims=True)
    leading = posterior.argmax(axis=1)
    stated, right = posterior[rows, leading], leading == truth
    tally = Tally.empty(1)
    types = np.flatnonzero(bench.listed)
    inside = np.clip(posterior[:, types], 1e-15, 1 - 1e-15)
    node = np.log10(inside / (1 - inside)) - np.log10(prior[types] / (1 - prior[types]))
    false = types[None, :] != truth[:, None]
    weight = np.where(false, 1.0 / false.sum(axis=1, keepdims=True), 0.0)
    place = np.searchsorted(types, truth[listed])
    tally.add(0, node[np.flatnonzero(listed), place], node[false], weight[false])
    total, _, loss = split_cllr(*tally.arrays())
    assert abs(total - tally.measure(cllr)) < 1e-9
    wrong = (stated > 0.9) & ~right
    return (
        f"{first:5.3f}  {third:5.3f}  {calibration_error(stated, right).error:5.3f}    {wrong.mean():6.4f}"
        f"  {total:6.3f} {loss:5.3f}   {auroc:5.3f}   "
    )


if __name__ == "__main__":
    main()
