"""Which traits tell two types apart, judged by the catalogue alone.

The overlap of two expectations is the part of their probability they share: 1 for the same value, 0 for values that
exclude each other. It needs no observation and no engine; how much a record would weigh is ``overlap``'s matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import erf, hypot, sqrt
from typing import Literal, TypeVar

from forensics.catalogue.resolving import resolve
from forensics.catalogue.wording import value_in_words
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
    Trait,
)

Key = TypeVar("Key", bound=Hashable)

__all__ = ["SEPARATING_OVERLAP", "TraitDifference", "difference"]

SEPARATING_OVERLAP = 0.5
"""Two expectations that share less than this separate the types."""

_MEASUREMENT_SHARE = 0.01
"""Relative uncertainty of a measurement on debris: two figures closer than this cannot be told apart."""


@dataclass(frozen=True)
class TraitDifference:
    """One trait of two types. ``separation``, 0 to 1: (1 - overlap) times both weights times the trait's survival."""

    trait: str
    name: str
    kind: Literal["separates", "shared", "one_side"]
    first: str | None
    second: str | None
    overlap: float | None
    separation: float
    effort: str


def difference(catalogue: Catalogue, first: str, second: str) -> tuple[TraitDifference, ...]:
    """Traits of two types: those that separate them, strongest first, then those only one states, then shared ones.

    Raises
    ------
    KeyError
        If one of the ids is not a listed type.
    """
    hypotheses = {hypothesis.id: hypothesis for hypothesis in resolve(catalogue)[0] if hypothesis.listed}
    left, right = hypotheses[first].expectations, hypotheses[second].expectations
    rows = [
        _row(trait, left.get(trait.id), right.get(trait.id))
        for trait in catalogue.vocabulary.traits.values()
        if trait.id in left or trait.id in right
    ]
    order = {"separates": 0, "one_side": 1, "shared": 2}
    return tuple(sorted(rows, key=lambda row: (order[row.kind], -row.separation, row.trait)))


def _row(trait: Trait, left: Expectation | None, right: Expectation | None) -> TraitDifference:
    overlap: float | None = None
    separation = 0.0
    kind: Literal["separates", "shared", "one_side"] = "one_side"
    if left is not None and right is not None:
        overlap = _mixture_overlap(left, right)
        separation = (1 - overlap) * left.weight * right.weight * trait.survival
        kind = "separates" if overlap < SEPARATING_OVERLAP else "shared"
    return TraitDifference(
        trait=trait.id,
        name=trait.names.en[0] if trait.names.en else trait.id,
        kind=kind,
        first=_words(trait, left),
        second=_words(trait, right),
        overlap=overlap,
        separation=separation,
        effort=trait.effort,
    )


def _words(trait: Trait, expectation: Expectation | None) -> str | None:
    if expectation is None:
        return None
    return " or ".join(value_in_words(statement.value, trait) for statement in expectation.statements)


def _mixture_overlap(left: Expectation, right: Expectation) -> float:
    """Overlap averaged over the stated alternatives, each by its share of the weight."""
    total = left.weight * right.weight
    if total <= 0:
        return 1.0
    shared = sum(a.weight * b.weight * _overlap(a.value, b.value) for a in left.statements for b in right.statements)
    return min(1.0, shared / total)


def _overlap(a: ExpectedValue, b: ExpectedValue) -> float:  # noqa: PLR0911 - one line a kind
    match a, b:
        case ExpectedCategory(), ExpectedCategory():
            return _shared(a.probabilities, b.probabilities)
        case ExpectedCount(), ExpectedCount():
            return _shared(a.probabilities, b.probabilities)
        case ExpectedPresence(), ExpectedPresence():
            return 1 - abs(a.probability - b.probability)
        case ExpectedMeasure(), ExpectedMeasure():
            return _measures(a, b)
        case ExpectedRing(), ExpectedRing():
            return 1.0 if _pattern(a) == _pattern(b) else 0.0
        case ExpectedText(), ExpectedText():
            marks = [*((("g", k), v) for k, v in a.grammars.items()), *((("s", k), v) for k, v in a.strings.items())]
            others = [*((("g", k), v) for k, v in b.grammars.items()), *((("s", k), v) for k, v in b.strings.items())]
            return _relative(dict(marks), dict(others))
        case ExpectedDates(), ExpectedDates():
            return _shared(_readings(a), _readings(b))
    return 1.0


def _shared(a: Mapping[Key, float], b: Mapping[Key, float]) -> float:
    """Probability in common. What neither states is taken as spread in the same way."""
    stated = sum(min(a[key], b[key]) for key in a.keys() & b.keys())
    return min(1.0, stated + min(max(0.0, 1 - sum(a.values())), max(0.0, 1 - sum(b.values()))))


def _relative(a: Mapping[Key, float], b: Mapping[Key, float]) -> float:
    total_a, total_b = sum(a.values()), sum(b.values())
    return sum(min(a[key] / total_a, b[key] / total_b) for key in a.keys() & b.keys())


def _readings(value: ExpectedDates) -> dict[Hashable, float]:
    readings: dict[Hashable, float] = dict(value.calendars.items())
    return readings | {("code", code.text): code.probability for code in value.codes}


def _pattern(value: ExpectedRing) -> tuple[object, ...]:
    return value.count, value.spacing, value.groups, value.angles_deg


def _centre(value: ExpectedMeasure) -> tuple[float, float]:
    """Mean and standard deviation; an interval is uniform."""
    if value.mean is not None:
        return value.mean, hypot(value.between_sd, _MEASUREMENT_SHARE * value.mean)
    assert value.low is not None
    assert value.high is not None
    middle = (value.low + value.high) / 2
    return middle, hypot((value.high - value.low) / sqrt(12), _MEASUREMENT_SHARE * middle)


def _measures(a: ExpectedMeasure, b: ExpectedMeasure) -> float:
    """Overlap of two normal laws taken with their mean spread: ``2 Phi(-|difference| / (s_a + s_b))``."""
    (mean_a, sd_a), (mean_b, sd_b) = _centre(a), _centre(b)
    spread = sd_a + sd_b
    if spread <= 0:
        return 1.0 if mean_a == mean_b else 0.0
    return 1 - erf(abs(mean_a - mean_b) / spread / sqrt(2))
