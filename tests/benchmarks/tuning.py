"""The few numbers that may be tuned, on simulation under misspecification, and the curves that justify each.

    python tests/benchmarks/tuning.py [--worlds 6] [--sheets 600] [-o DIR]

Tuned one at a time around the values in ``signatures/parameters.yaml`` and ``signatures/vocabulary/blocks.yaml``: the
global exponent, a common factor on the block correlations, the cap of one trait with the foreign-occurrence floor, and
a common factor on the Ewens concentrations of the backgrounds. Printed for every value, in all three scenarios: Cllr
and its calibration loss at type and state level, misleading evidence at 100, information gained. Real cases take no
part. The sheets are the same for every value; they are drawn with the numbers as they stand.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from forensics.catalogue import load, resolve
from forensics.model.catalogue import Catalogue
from forensics.validate.bench import Bench, make_bench
from forensics.validate.metrics import exceeding, split_cllr
from forensics.validate.running import EVENT_YEAR
from forensics.validate.simulate import SCENARIOS, Sheets, draw_sheets, draw_world
from forensics.validate.study import study_sheets

EXPONENTS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
RHO_FACTORS = (0.0, 0.5, 1.0, 1.5)
FLOORS = (0.003, 0.01, 0.03, 0.1)
THETA_FACTORS = (0.5, 1.0, 2.0, 4.0)


def with_exponent(bench: Bench, value: float) -> Bench:
    return dataclasses.replace(bench, settings=dataclasses.replace(bench.settings, exponent=value))


def with_rho(bench: Bench, factor: float) -> Bench:
    return dataclasses.replace(bench, rho={block: min(0.95, rho * factor) for block, rho in bench.rho.items()})


def rebuilt(bench: Bench, catalogue: Catalogue) -> Bench:
    """The same leaves under another catalogue of numbers; rows of measured traits must stay what they are."""
    other = make_bench(bench.hypotheses, catalogue, event_year=EVENT_YEAR)
    tables = []
    for own, new in zip(bench.tables, other.tables, strict=True):
        tables.append(new if own.labels == new.labels else own)
    return dataclasses.replace(bench, tables=tuple(tables), settings=other.settings)


def with_floor(bench: Bench, catalogue: Catalogue, value: float) -> Bench:
    parameters = catalogue.parameters.replace(foreign_occurrence_floor=value, trait_cap_log10=-float(np.log10(value)))
    return rebuilt(bench, catalogue.model_copy(update={"parameters": parameters}))


def with_theta(bench: Bench, catalogue: Catalogue, factor: float) -> Bench:
    backgrounds = {
        trait: entry if entry.theta is None else entry.model_copy(update={"theta": entry.theta * factor})
        for trait, entry in catalogue.backgrounds.items()
    }
    parameters = catalogue.parameters.replace(theta_default=catalogue.parameters["theta_default"] * factor)
    return rebuilt(bench, catalogue.model_copy(update={"parameters": parameters, "backgrounds": backgrounds}))


def figures(bench: Bench, drawn: list[Sheets]) -> dict[str, float]:
    tallies, scores = study_sheets(bench, drawn)
    found: dict[str, float] = {}
    for level in ("type", "state"):
        h1, h2, w1, w2 = tallies[level, "all"].arrays()
        total, _, loss = split_cllr(h1, h2, w1, w2)
        found[f"{level}_cllr"], found[f"{level}_loss"] = total, loss
        found[f"{level}_misleading_100"] = float(exceeding(h2, np.array([2.0]), w2)[0])
    found["bits"] = float(scores.information_bits.mean())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=6)
    parser.add_argument("--sheets", type=int, default=600)
    parser.add_argument("-o", "--output", type=Path, help="write tuning.json and, with Matplotlib, tuning.svg here")
    given = parser.parse_args()
    catalogue = load()
    bench = make_bench(resolve(catalogue, event_year=EVENT_YEAR)[0], catalogue, event_year=EVENT_YEAR)
    sweeps: dict[str, tuple[tuple[float, ...], Callable[[float], Bench]]] = {
        "global exponent": (EXPONENTS, lambda value: with_exponent(bench, value)),
        "factor on block rho": (RHO_FACTORS, lambda value: with_rho(bench, value)),
        "floor and cap of one trait": (FLOORS, lambda value: with_floor(bench, catalogue, value)),
        "factor on theta": (THETA_FACTORS, lambda value: with_theta(bench, catalogue, value)),
    }
    drawn = {}
    for scenario in SCENARIOS:
        drawn[scenario.id] = []
        for number in range(given.worlds):
            rng = np.random.default_rng([scenario.number, 500 + number])
            world = draw_world(bench, scenario, rng)
            drawn[scenario.id].append(draw_sheets(bench, world, scenario, given.sheets, rng))
    result: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    for name, (values, make) in sweeps.items():
        print(f"\n{name}")
        print("value   scenario         type Cllr  loss   >100      state Cllr  loss   >100      bits")
        for value in values:
            changed = make(value)
            for scenario in SCENARIOS:
                f = figures(changed, drawn[scenario.id])
                result.setdefault(name, {}).setdefault(scenario.id, {})[str(value)] = f
                print(
                    f"{value:<7g} {scenario.id:16s} {f['type_cllr']:.3f}      {f['type_loss']:.3f}  "
                    f"{f['type_misleading_100']:.1e}   {f['state_cllr']:.3f}       {f['state_loss']:.3f}  "
                    f"{f['state_misleading_100']:.1e}   {f['bits']:.2f}",
                    flush=True,
                )
    if given.output:
        given.output.mkdir(parents=True, exist_ok=True)
        (given.output / "tuning.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        draw(result, given.output / "tuning.svg")


def draw(result: dict[str, dict[str, dict[str, dict[str, float]]]], path: Path) -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(4 * len(result), 6), layout="constrained")
    axes = figure.subplots(2, len(result), squeeze=False)
    for column, (name, scenarios) in enumerate(result.items()):
        for scenario, by_value in scenarios.items():
            values = [float(value) for value in by_value]
            for row, key in enumerate(("type_cllr", "type_loss")):
                axes[row][column].plot(values, [entry[key] for entry in by_value.values()], "o-", label=scenario)
                axes[row][column].set(title=name if row == 0 else "", ylabel=key.replace("_", " "))
    axes[0][0].legend(fontsize=8)
    figure.savefig(path)


if __name__ == "__main__":
    main()
