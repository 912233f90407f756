"""The catalogue tabulated for simulation: every possible record of every trait, and what a sheet of it scores.

Left out, because one table a trait cannot carry them: component dates and use-by dates (they share the production year
with the year mark), bolt angles (a ring is its number and described spacing here), likeness scores, and the edge
between jet vane count and actuator form (the two are tempered like the rest of their block).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.assess import Settings, SheetScorer, Tree, build_tree
from forensics.compare import tabulate
from forensics.model.catalogue import Catalogue, ExpectedDates, ExpectedValue, Hypothesis, Trait, TraitKind
from forensics.model.tables import TraitTable

__all__ = ["LEAST_RECORDED", "Bench", "make_bench", "translate"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

LEAST_RECORDED = 2
"""A sheet with fewer recorded traits is not assessed (it is "too little examined" by rule)."""

SHIFT = 0.03
"""Part by which a measured catalogue value is off where a scenario says that it is."""
EARLIER_YEARS = 4
"""How much earlier the items were used where a scenario says that the event date is wrong."""

_NOT_TABULATED = frozenset({TraitKind.DATE, TraitKind.SCORE})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Bench:
    """Tables of T traits over H leaves, and how they are weighed.

    qualities: (T,) q of a record of each trait. survival: (T,). photographed: (T,) whether a photograph is enough.
    of_state: (T,) whether the trait is a convention of states. applicable: (C, T) whether munitions of each class in
    ``classes`` bear the trait at all. class_of: (H,) index into ``classes``, -1 for unlisted designs. measured: (T,).
    otherwise: by trait, the table as it would be if Juche years were half as common as believed and the items had been
    used four years earlier; same records, never scored with.
    """

    hypotheses: tuple[Hypothesis, ...]
    tables: tuple[TraitTable, ...]
    tree: Tree
    settings: Settings
    rho: dict[str, float]
    qualities: Floats
    survival: Floats
    photographed: NDArray[np.bool_]
    of_state: NDArray[np.bool_]
    classes: tuple[str, ...]
    class_of: NDArray[np.intp]
    applicable: NDArray[np.bool_]
    measured: NDArray[np.bool_]
    otherwise: dict[str, TraitTable] = field(default_factory=dict)

    @property
    def traits(self) -> tuple[str, ...]:
        """Trait ids, in the order of every array."""
        return tuple(table.trait for table in self.tables)

    @property
    def listed(self) -> NDArray[np.bool_]:
        """(H,) whether the leaf is a catalogued type."""
        return self.tree.listed

    def shifted_rows(self, trait: int) -> Codes:
        """(2, X) row of each record of a measured trait if it were 3 % smaller, and 3 % larger."""
        if trait not in self._shifts:
            edges = _edges(self.tables[trait].labels)
            if edges is None:
                raise ValueError(f"{self.tables[trait].trait} is not tabulated in bins")
            middles = np.concatenate([edges[:1] * 0.999, (edges[1:] + edges[:-1]) / 2, edges[-1:] * 1.001])
            self._shifts[trait] = np.array(
                [np.searchsorted(edges, middles * factor, side="right") for factor in (1 - SHIFT, 1 + SHIFT)],
                dtype=np.int32,
            )
        return self._shifts[trait]

    @cached_property
    def _shifts(self) -> dict[int, Codes]:
        return {}

    @cached_property
    def scorer(self) -> SheetScorer:
        """The bulk scorer; it remembers what it has weighed."""
        return SheetScorer(self.tables, self.qualities.tolist(), settings=self.settings, rho=self.rho)

    def score(self, codes: Codes) -> Floats:
        """(N, H) ln LR of every leaf for (N, T) coded sheets."""
        return np.asarray(self.scorer.score(codes).astype(np.float64) * np.log(10.0))


def make_bench(hypotheses: Sequence[Hypothesis], catalogue: Catalogue, *, event_year: int | None = None) -> Bench:
    """Tabulate every trait that some hypothesis states.

    Parameters
    ----------
    hypotheses
        Resolved leaves, in the order of every array.
    event_year
        Gregorian year in which the items were used; production after it is impossible.
    """
    leaves = tuple(hypotheses)
    traits = [trait for _, trait in sorted(catalogue.vocabulary.traits.items()) if trait.kind not in _NOT_TABULATED]
    made = [(trait, tabulate(trait.id, leaves, catalogue, event_year=event_year)) for trait in traits]
    found = [(trait, table) for trait, table in made if table is not None]
    classes = tuple(sorted({leaf.class_id for leaf in leaves if leaf.class_id}))
    number = {class_id: index for index, class_id in enumerate(classes)}
    applicable = np.zeros((len(classes), len(found)), dtype=bool)
    for leaf in leaves:
        if leaf.class_id:
            applicable[number[leaf.class_id]] |= [trait.id in leaf.expectations for trait, _ in found]
    applicable |= [trait.level == "state" and trait.block in ("marking", "date") for trait, _ in found]
    settings = Settings.read(catalogue.parameters)
    by_effort = {True: catalogue.parameters["q_photograph"], False: catalogue.parameters["q_physical"]}
    return Bench(
        hypotheses=leaves,
        tables=tuple(table for _, table in found),
        tree=build_tree(leaves, theta=settings.coverage_theta, other_prior=settings.unlisted_other_prior),
        settings=settings,
        rho={block.id: block.rho for block in catalogue.vocabulary.blocks.values()},
        qualities=np.array([by_effort[trait.effort == "photo"] for trait, _ in found]),
        survival=np.array([trait.survival for trait, _ in found]),
        photographed=np.array([trait.effort == "photo" for trait, _ in found]),
        of_state=np.array([trait.level == "state" for trait, _ in found]),
        classes=classes,
        class_of=np.array([number[leaf.class_id] if leaf.class_id else -1 for leaf in leaves], dtype=np.intp),
        applicable=applicable,
        measured=np.array([trait.kind is TraitKind.MEASURED for trait, _ in found]),
        otherwise=_otherwise([trait for trait, _ in found], leaves, catalogue, event_year),
    )


def _otherwise(
    traits: Sequence[Trait], leaves: Sequence[Hypothesis], catalogue: Catalogue, event_year: int | None
) -> dict[str, TraitTable]:
    """Year marks of a reality in which Juche years are half as common and the items are older."""
    dated = [trait.id for trait in traits if trait.kind is TraitKind.YEAR_MARK]
    earlier = None if event_year is None else event_year - EARLIER_YEARS
    altered = [_halved(leaf, dated) for leaf in leaves]
    made = {trait: tabulate(trait, altered, catalogue, event_year=earlier) for trait in dated}
    return {trait: table for trait, table in made.items() if table is not None}


def _halved(leaf: Hypothesis, traits: Sequence[str]) -> Hypothesis:
    expectations = dict(leaf.expectations)
    for trait in set(traits) & set(expectations):
        statements = tuple(
            statement.model_copy(update={"value": _with_half_the_juche_years(statement.value)})
            for statement in expectations[trait].statements
        )
        expectations[trait] = expectations[trait].model_copy(update={"statements": statements})
    return leaf.model_copy(update={"expectations": expectations})


def _with_half_the_juche_years(value: ExpectedValue) -> ExpectedValue:
    if not isinstance(value, ExpectedDates) or "juche" not in value.calendars:
        return value
    return value.model_copy(update={"calendars": {**value.calendars, "juche": value.calendars["juche"] / 2}})


def translate(codes: Codes, source: Bench, target: Bench) -> Codes:
    """Sheets coded for one bench, coded for another with other leaves.

    Closed lists go by label; measurements by the middle of their bin; a mark in a format the other bench does not know
    is "another mark"; a count beyond the table is its highest. A trait without a table there is not recorded.
    """
    place = {trait: column for column, trait in enumerate(source.traits)}
    out = np.full((len(codes), len(target.tables)), -1, dtype=np.int32)
    for column, table in enumerate(target.tables):
        if table.trait in place:
            own = codes[:, place[table.trait]]
            rows = _rows_in(source.tables[place[table.trait]].labels, table.labels)
            out[:, column] = np.where(own >= 0, rows[own], -1)
    return out


def _rows_in(labels: tuple[str, ...], wanted: tuple[str, ...]) -> Codes:
    """Row of the other table for each label of this one."""
    if labels == wanted:
        return np.arange(len(labels), dtype=np.int32)
    edges = _edges(wanted)
    own = _edges(labels)
    if edges is not None and own is not None:
        middles = np.concatenate([own[:1], (own[1:] + own[:-1]) / 2, own[-1:] * 1.001])
        middles[0] *= 0.999
        return np.searchsorted(edges, middles, side="right").astype(np.int32)
    known = {label: row for row, label in enumerate(wanted)}
    return np.array([known.get(label, len(wanted) - 1) for label in labels], dtype=np.int32)


def _edges(labels: tuple[str, ...]) -> Floats | None:
    """Inner edges of the bins of a measured trait, or None where the labels are no bins."""
    if len(labels) < 2 or not labels[0].startswith("below ") or not labels[-1].endswith(" or more"):
        return None
    starts = [_NUMBER.search(label) for label in labels[1:]]
    if any(start is None for start in starts):
        return None
    return np.array([float(start.group()) for start in starts if start is not None])
