"""The comparison engine as the catalogue's checks need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from forensics.catalogue import resolve
from forensics.catalogue.lint.judge import Verdict
from forensics.catalogue.overlap import Overlap, Separation, measure_overlap
from forensics.errors import ForensicsError
from forensics.model.catalogue import Catalogue
from forensics.model.tables import TraitTable
from forensics.workflow.assessing import AssessOptions, assess_observations
from forensics.workflow.inputs import gather, read_observations

__all__ = ["EngineJudge", "overlap_of", "tables_of"]


def tables_of(catalogue: Catalogue) -> dict[str, TraitTable]:
    """The table of every trait some type states, over the whole catalogue."""
    from forensics.compare import tabulate  # noqa: PLC0415

    hypotheses, _ = resolve(catalogue)
    stated = sorted({trait for hypothesis in hypotheses for trait in hypothesis.expectations})
    return {trait: table for trait in stated if (table := tabulate(trait, hypotheses, catalogue)) is not None}


def overlap_of(catalogue: Catalogue) -> Overlap:
    """Separability of every pair, from the same tables that score cases."""
    return measure_overlap(resolve(catalogue)[0], tables_of(catalogue), catalogue)


class EngineJudge:
    """Answers the model-based checks of the catalogue lint (``forensics.catalogue.lint.judge.Judge``)."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.catalogue = catalogue
        self.folder = folder
        self._verdicts: dict[str, Verdict | None] = {}

    @property
    def trait_bound_log10(self) -> float:
        return self.catalogue.parameters["trait_cap_log10"]

    @cached_property
    def _tables(self) -> dict[str, TraitTable]:
        return tables_of(self.catalogue)

    @cached_property
    def _overlap(self) -> Overlap:
        return measure_overlap(resolve(self.catalogue)[0], self._tables, self.catalogue)

    @cached_property
    def _pairs(self) -> tuple[Separation, ...]:
        return self._overlap.pairs_not_separable()

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {hypothesis.id: row for row, hypothesis in enumerate(resolve(self.catalogue)[0])}

    def verdict(self, case: str) -> Verdict | None:
        """Assess a recorded case; None when it cannot be found or read (another check says so)."""
        if case not in self._verdicts:
            self._verdicts[case] = self._assess(case)
        return self._verdicts[case]

    def _assess(self, case: str) -> Verdict | None:
        path = next((base / case for base in (self.folder, self.folder.parent) if (base / case).exists()), None)
        if path is None:
            return None
        try:
            gathered = gather([str(path)])
            observations = read_observations(gathered, self.catalogue)
            options = AssessOptions(detail=False, read_photographs=False)
            assessment = assess_observations(gathered, observations, (), (), self.catalogue, options)
        except ForensicsError:
            return None
        ranking = tuple(candidate.id for candidate in assessment.ranking)
        return Verdict(assessment.conclusion.outcome, assessment.conclusion.members, ranking)

    def not_separable(self) -> Sequence[Separation]:
        return self._pairs

    def crowded_out(self, type_id: str) -> Sequence[str]:
        """Documented types whose only hard neighbour of their class is ``type_id``: without it they would be named."""
        return self._only_neighbour.get(type_id, ())

    @cached_property
    def _only_neighbour(self) -> dict[str, tuple[str, ...]]:
        neighbours: defaultdict[str, set[str]] = defaultdict(set)
        for pair in self._pairs:
            one, other = (self.catalogue.signatures[type_id] for type_id in (pair.first, pair.second))
            if pair.hardly_documented or one.class_id != other.class_id:
                continue
            neighbours[pair.first].add(pair.second)
            neighbours[pair.second].add(pair.first)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for crowded, others in sorted(neighbours.items()):
            if len(others) == 1:
                found[next(iter(others))].append(crowded)
        return {type_id: tuple(crowded) for type_id, crowded in found.items()}

    def strongest_log10(self, type_id: str, trait_id: str) -> float | None:
        """The largest f/b over the trait's possible records. The floor under b keeps it at the bound."""
        table = self._tables.get(trait_id)
        row = self._rows.get(type_id)
        if table is None or row is None or table.weight[row] == 0:
            return None
        return float(np.log10(np.max(table.likelihood[:, row] / table.background)))
