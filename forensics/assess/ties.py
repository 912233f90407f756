"""What a tie set consists of: types no observed trait tells apart, and the traits that would."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from forensics.assess.engine import Weighing
from forensics.model.catalogue import (
    Expectation,
    ExpectedCategory,
    ExpectedCount,
    ExpectedMeasure,
    ExpectedPresence,
    ExpectedValue,
    Hypothesis,
)

__all__ = ["indistinguishable", "separating_traits"]

LEAST_DIFFERENCE = 0.25
"""Total variation (or difference of probabilities) from which two stated values are said to differ."""


def indistinguishable(weighing: Weighing, members: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Groups of members for which every scored trait is equal or unknown for both: no digits of their ratio mean much.

    Parameters
    ----------
    members : sequence of int
        Leaves of the tie set.

    Returns
    -------
    tuple of groups
        Of two members or more, in the order given.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for member in members:
        profile = tuple(
            _significant(record.likelihood[member]) if record.weight[member] > 0 else None
            for record in weighing.evidence.records
        )
        groups.setdefault(profile, []).append(member)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _significant(value: float) -> str:
    return f"{value:.6g}"


def separating_traits(
    hypotheses: Sequence[Hypothesis], members: Sequence[int], observed: Collection[str]
) -> tuple[str, ...]:
    """Traits not observed that the catalogue knows to differ between members, those that split most pairs first."""
    pairs: dict[str, int] = {}
    for first, second in combinations(members, 2):
        one, other = hypotheses[first].expectations, hypotheses[second].expectations
        for trait in one.keys() & other.keys():
            if trait not in observed and _differ(one[trait], other[trait]):
                pairs[trait] = pairs.get(trait, 0) + 1
    return tuple(sorted(pairs, key=lambda trait: (-pairs[trait], trait)))


def _differ(one: Expectation, other: Expectation) -> bool:
    """Whether no value stated for one is compatible with one stated for the other."""
    return not any(_compatible(a.value, b.value) for a in one.statements for b in other.statements)


def _compatible(one: ExpectedValue, other: ExpectedValue) -> bool:
    if isinstance(one, ExpectedMeasure) and isinstance(other, ExpectedMeasure):
        return _overlap(one, other)
    if isinstance(one, ExpectedPresence) and isinstance(other, ExpectedPresence):
        return abs(one.probability - other.probability) < LEAST_DIFFERENCE
    if isinstance(one, ExpectedCategory) and isinstance(other, ExpectedCategory):
        return _distance(one.probabilities, other.probabilities) < LEAST_DIFFERENCE
    if isinstance(one, ExpectedCount) and isinstance(other, ExpectedCount):
        return (
            _distance(
                {str(k): v for k, v in one.probabilities.items()}, {str(k): v for k, v in other.probabilities.items()}
            )
            < LEAST_DIFFERENCE
        )
    return one == other


def _distance(one: dict[str, float], other: dict[str, float]) -> float:
    """Total variation over the values stated; what is missing to one counts as a value of its own."""
    keys = sorted(one.keys() | other.keys())
    a = np.array([*(one.get(key, 0.0) for key in keys), max(0.0, 1.0 - sum(one.values()))])
    b = np.array([*(other.get(key, 0.0) for key in keys), max(0.0, 1.0 - sum(other.values()))])
    return float(np.abs(a - b).sum() / 2.0)


def _overlap(one: ExpectedMeasure, other: ExpectedMeasure) -> bool:
    """Whether two stated dimensions overlap within one standard deviation of each, at least half a per cent."""
    a, b = _span(one), _span(other)
    return bool(a[0] <= b[1] and b[0] <= a[1])


def _span(value: ExpectedMeasure) -> NDArray[np.float64]:
    if value.mean is None:
        return np.array([value.low, value.high], dtype=np.float64)
    reach = max(value.between_sd, 0.005 * abs(value.mean))
    return np.array([value.mean - reach, value.mean + reach])
