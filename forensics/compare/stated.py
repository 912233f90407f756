"""What the hypotheses state about one trait, as arrays.

Many hypotheses share a value (or state none), so a kernel computes each distinct value once; ``Stated`` spreads the
results over the hypotheses.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.model.catalogue import (
    Catalogue,
    Expectation,
    ExpectedCategory,
    ExpectedCount,
    ExpectedDates,
    ExpectedMeasure,
    ExpectedPresence,
    ExpectedRing,
    ExpectedText,
    ExpectedValue,
    Hypothesis,
    Trait,
    TraitKind,
)

__all__ = ["EXPECTED_KINDS", "MAX_WEIGHT", "Floats", "Integers", "Stated", "number_origins", "state_values"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MAX_WEIGHT = 0.98
"""No catalogue value is trusted further than this (docs/method.md 3.2)."""

EXPECTED_KINDS: dict[TraitKind, type] = {
    TraitKind.MEASURED: ExpectedMeasure,
    TraitKind.CATEGORY: ExpectedCategory,
    TraitKind.COUNT: ExpectedCount,
    TraitKind.PRESENCE: ExpectedPresence,
    TraitKind.RING: ExpectedRing,
    TraitKind.TEXT: ExpectedText,
    TraitKind.YEAR_MARK: ExpectedDates,
}


@dataclass(frozen=True)
class Stated:
    """The distinct values stated for one trait, and who states them.

    values: V distinct values. shares: (H, V) statement weights, each row summing to ``weight``. weight: (H,), w_h in
    0..0.98, exactly 0 where nothing is stated. origin: (H,) number of the shared-source group, -1 where nothing is
    stated. votes: (F, V), one row per family with a known value, each summing to 1: the family's vote, split over
    its distinct values. rows: (H,) number of the distinct row of ``shares`` (-1 where nothing is stated), for words.
    classes: the classes of the listed types, sorted.
    """

    trait: Trait
    values: tuple[ExpectedValue, ...]
    shares: Floats
    weight: Floats
    origin: Integers
    votes: Floats
    rows: Integers
    classes: tuple[str, ...] = ()

    @property
    def families(self) -> int:
        """Number of families with a known value."""
        return int(self.votes.shape[0])

    @property
    def known(self) -> NDArray[np.bool_]:
        """(H,) true where a value is stated."""
        return self.weight > 0

    def spread(self, of_values: Floats, background: Floats) -> Floats:
        """Likelihood of X records per hypothesis.

        of_values: (V, X) per distinct value; background: (X,). Gives (X, H): the weighted mean over the stated
        values, and the background itself where nothing is stated.
        """
        out = np.repeat(background[:, None], self.weight.size, axis=1)
        known = np.flatnonzero(self.known)
        if known.size:
            shares = self.shares[known]
            out[:, known] = (shares @ of_values).T / shares.sum(axis=1)
        return out


def number_origins(hypotheses: Sequence[Hypothesis]) -> dict[str, int]:
    """Number every shared-source group of the hypotheses, in sorted order, so that all traits number alike."""
    origins = {e.origin for hypothesis in hypotheses for e in hypothesis.expectations.values()}
    return {origin: number for number, origin in enumerate(sorted(origins))}


def _key(value: ExpectedValue) -> Hashable:
    match value:
        case ExpectedCategory() | ExpectedCount():
            return (value.kind, tuple(sorted(value.probabilities.items())))
        case ExpectedMeasure():
            return (value.kind, value.mean, value.between_sd, value.low, value.high)
        case ExpectedPresence():
            return (value.kind, value.probability)
        case ExpectedRing():
            return (value.kind, value.count, value.spacing, value.groups, value.pitch_deg, value.angles_deg)
        case ExpectedText():
            return (value.kind, tuple(sorted(value.grammars.items())), tuple(sorted(value.strings.items())))
        case ExpectedDates():
            codes = tuple((code.text, code.probability, code.meaning) for code in value.codes)
            return (value.kind, tuple(sorted(value.calendars.items())), codes)


class _Distinct:
    """Numbers values by content; an object met before is recognised without looking into it."""

    def __init__(self) -> None:
        self.values: list[ExpectedValue] = []
        self._by_content: dict[Hashable, int] = {}
        self._by_object: dict[int, int] = {}

    def number(self, value: ExpectedValue) -> int:
        known = self._by_object.get(id(value))
        if known is None:
            known = self._by_content.setdefault(_key(value), len(self.values))
            if known == len(self.values):
                self.values.append(value)
            self._by_object[id(value)] = known
        return known


Row = tuple[tuple[int, float], ...]


def _votes(families: Iterable[set[Row]], count: int) -> Floats:
    ballots: list[Floats] = []
    for distinct in families:
        ballot = np.zeros(count)
        for row in sorted(distinct):
            total = sum(share for _, share in row)
            for number, share in row:
                ballot[number] += share / total / len(distinct)
        ballots.append(ballot)
    return np.array(ballots) if ballots else np.zeros((0, count))


def _row(expectation: Expectation, wanted: type, distinct: _Distinct) -> Row:
    """Numbers of the values of one expectation, of the kind wanted, with their weights."""
    if len(expectation.statements) == 1:
        only = expectation.statements[0]
        if only.weight > 0 and isinstance(only.value, wanted):
            return ((distinct.number(only.value), only.weight),)
        return ()
    shares: dict[int, float] = {}
    for statement in expectation.statements:
        if statement.weight > 0 and isinstance(statement.value, wanted):
            number = distinct.number(statement.value)
            shares[number] = shares.get(number, 0.0) + statement.weight
    return tuple(sorted(shares.items()))


def _normal(row: Row) -> Row:
    total = sum(share for _, share in row)
    return tuple((number, round(share / total, 12)) for number, share in row)


def state_values(
    trait: Trait, hypotheses: Sequence[Hypothesis], catalogue: Catalogue, origins: dict[str, int]
) -> Stated:
    """Collect what the hypotheses state about one trait (docs/method.md 3.1 to 3.3).

    Families vote once each, only through listed types. For a trait of level "state", and for a value inherited from a
    state, nobody votes: conventions of states are elicited, never averaged from the catalogue.
    """
    wanted = EXPECTED_KINDS.get(trait.kind)
    distinct = _Distinct()
    votes = trait.level != "state"
    rows: list[Row] = [()] * len(hypotheses)
    origin = np.full(len(hypotheses), -1, dtype=np.int64)
    families: dict[str, set[Row]] = {}
    for index, hypothesis in enumerate(hypotheses):
        expectation = hypothesis.expectations.get(trait.id)
        row = _row(expectation, wanted, distinct) if expectation is not None and wanted is not None else ()
        if not row or expectation is None:
            continue
        rows[index] = row
        origin[index] = origins[expectation.origin]
        if votes and hypothesis.listed and expectation.stated_at not in catalogue.states:
            families.setdefault(hypothesis.family or hypothesis.id, set()).add(row)
    count = len(distinct.values)
    shares_array = np.zeros((len(hypotheses), count))
    numbers: dict[Row, int] = {}
    row_numbers = np.full(len(hypotheses), -1, dtype=np.int64)
    for index, row in enumerate(rows):
        for number, share in row:
            shares_array[index, number] = share
        if row:
            row_numbers[index] = numbers.setdefault(row, len(numbers))
    return Stated(
        trait=trait,
        values=tuple(distinct.values),
        shares=shares_array,
        weight=np.minimum(shares_array.sum(axis=1), MAX_WEIGHT) if count else np.zeros(len(hypotheses)),
        origin=origin,
        votes=_votes(({_normal(row) for row in families[name]} for name in sorted(families)), count),
        rows=row_numbers,
        classes=tuple(sorted({h.class_id for h in hypotheses if h.listed and h.class_id})),
    )
