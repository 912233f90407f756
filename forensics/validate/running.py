"""One validation run: every scenario, families and states left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forensics.catalogue import load, resolve
from forensics.errors import Fault, InputError
from forensics.model.catalogue import Catalogue
from forensics.validate.bench import Bench, make_bench
from forensics.validate.leave_out import LeftOut, leave_families_out, leave_states_out
from forensics.validate.simulate import SCENARIOS
from forensics.validate.study import ScenarioStudy, study_scenario

__all__ = ["EVENT_YEAR", "Run", "run_validation"]

Progress = Callable[[str, int, int], None]

EVENT_YEAR = 2025
"""The simulated items were used in this year; it bounds production years and nothing else."""


@dataclass(frozen=True)
class Run:
    """What was studied and what came out."""

    catalogue: Catalogue
    bench: Bench
    studies: tuple[ScenarioStudy, ...]
    families: tuple[LeftOut, ...]
    without_twins: tuple[LeftOut, ...]
    states: tuple[LeftOut, ...]


def run_validation(
    *,
    catalogue_path: Path | None = None,
    classes: tuple[str, ...] = (),
    worlds: int = 10,
    sheets: int = 1000,
    families: int | None = 16,
    left_out_sheets: int = 200,
    progress: Progress | None = None,
) -> Run:
    """Study the three scenarios and the open set.

    Parameters
    ----------
    classes : tuple of str
        The relevant population, by class; everything when empty.
    worlds, sheets : int
        Worlds of each scenario, and sheets of each world.
    families : int, optional
        How many families are left out in turn; None for all of them.
    left_out_sheets : int
        Sheets of each family or state left out, and as many of types that stay.

    Raises
    ------
    CatalogueError
        When the catalogue has faults.
    InputError
        When a class is not of the vocabulary, or holds fewer than two types.
    """
    catalogue = load(catalogue_path)
    unknown = sorted(set(classes) - set(catalogue.classes))
    if unknown:
        advice = f"Classes are: {', '.join(sorted(catalogue.classes))}."
        raise InputError([Fault("--class", message=f"{name!r} is no class.", advice=advice) for name in unknown])
    leaves = resolve(catalogue, classes=classes, event_year=EVENT_YEAR)[0]
    if sum(leaf.listed for leaf in leaves) < 2:
        raise InputError(Fault("--class", message="holds fewer than two types.", advice="Name more classes."))
    bench = make_bench(leaves, catalogue, event_year=EVENT_YEAR)
    own = np.array(
        [
            [
                trait in leaf.expectations and leaf.expectations[trait].stated_at not in catalogue.states
                for leaf in leaves
            ]
            for trait in bench.traits
        ],
        dtype=bool,
    )
    studies = tuple(
        study_scenario(bench, scenario, worlds=worlds, sheets=sheets, concluded=sheets, own=own, progress=progress)
        for scenario in SCENARIOS
    )
    kept_out = leave_families_out(
        bench,
        catalogue,
        SCENARIOS[0],
        sheets=left_out_sheets,
        limit=families,
        event_year=EVENT_YEAR,
        progress=progress,
    )
    without_twins = leave_families_out(
        bench,
        catalogue,
        SCENARIOS[0],
        sheets=left_out_sheets,
        limit=families,
        event_year=EVENT_YEAR,
        twins_too=True,
        progress=progress,
    )
    states = leave_states_out(
        bench, catalogue, SCENARIOS[0], sheets=left_out_sheets, event_year=EVENT_YEAR, progress=progress
    )
    return Run(catalogue, bench, studies, kept_out, without_twins, states)
