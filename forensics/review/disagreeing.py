"""Observations of one trait of one item that cannot both be right as they stand.

Nothing is decided here and nothing is averaged: both stay findings, weighed as two observations of one true value,
until a person rejects or amends one of them, or accepts both (measured at two places, a fin that was lost between).
Marks are many on one item; two of them disagree only where they were read at one place of one photograph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from forensics.model.evidence import Box, Observation
from forensics.model.values import (
    Absent,
    Category,
    Count,
    Measured,
    NotExaminable,
    Ring,
    Text,
    TraitValue,
    YearMark,
)

__all__ = ["Disagreement", "disagreements"]

SIGMAS = 2.0
"""Measured values disagree when intervals of this many standard uncertainties to either side do not touch."""
DEFAULT_FRACTION = 0.01
OVERLAP = 0.5
"""Share of the smaller box that two boxes must have in common to be one place."""


@dataclass(frozen=True)
class Disagreement:
    """Ids of observations of one trait of one item that do not go together, in the order of the observations."""

    item: str
    trait: str
    observations: tuple[str, ...]

    def __str__(self) -> str:
        names = " and ".join(self.observations)
        return (
            f"{self.trait} of item {self.item}: {names} do not go together. Accept, amend or reject them; both weigh "
            "as two observations of one value until then."
        )


def disagreements(
    observations: Sequence[Observation], settled: frozenset[str] = frozenset()
) -> tuple[Disagreement, ...]:
    """Groups that disagree, in the order of their first observation.

    ``settled``: ids a person has accepted or amended. A group all of whose members are settled is no disagreement.
    """
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for observation in observations:
        groups[observation.item, observation.trait].append(observation)
    found: list[Disagreement] = []
    for (item, trait), members in groups.items():
        apart = {
            one.id
            for first, second in combinations(members, 2)
            if _disagree(first, second) and not {first.id, second.id} <= settled
            for one in (first, second)
        }
        if apart:
            found.append(Disagreement(item, trait, tuple(one.id for one in members if one.id in apart)))
    return tuple(found)


def _disagree(first: Observation, second: Observation) -> bool:
    one, other = first.value, second.value
    if isinstance(one, NotExaminable) or isinstance(other, NotExaminable):
        return False
    if isinstance(one, Absent) or isinstance(other, Absent):
        marks = isinstance(one, Text | YearMark) or isinstance(other, Text | YearMark)
        return type(one) is not type(other) and not marks
    if isinstance(one, Text | YearMark) and isinstance(other, Text | YearMark):
        apart = not {reading.text for reading in one.readings} & {reading.text for reading in other.readings}
        return apart and _one_place(first, second)
    return _values_disagree(one, other)


def _values_disagree(one: TraitValue, other: TraitValue) -> bool:
    match one, other:
        case Measured(), Measured():
            (low, high), (least, most) = _interval(one), _interval(other)
            return high < least or most < low
        case Category(), Category():
            return not set(one.weights) & set(other.weights)
        case Count(), Count():
            return _counts_disagree(one, other)
        case Ring(), Ring():
            numbers = (_bolts(one), _bolts(other))
            return None not in numbers and numbers[0] != numbers[1]
    return False


def _interval(value: Measured) -> tuple[float, float]:
    if value.value is None:
        low = float("-inf") if value.low is None else value.low
        high = float("inf") if value.high is None else value.high
        return low, high
    sigma = value.uncertainty if value.uncertainty is not None else abs(value.value) * DEFAULT_FRACTION
    return value.value - SIGMAS * sigma, value.value + SIGMAS * sigma


def _counts_disagree(one: Count, other: Count) -> bool:
    def least(value: Count) -> bool:
        return value.at_least or (value.visible_fraction is not None and value.visible_fraction < 1)

    if least(one) and least(other):
        return False
    if least(one):
        return other.count < one.count
    if least(other):
        return one.count < other.count
    return one.count != other.count


def _bolts(value: Ring) -> int | None:
    """How many the whole ring has, where it was seen whole."""
    if value.counted is not None and not value.angles_deg:
        return value.counted
    seen = sum(end - start for start, end in value.windows_deg)
    return len(value.angles_deg) if seen >= 360 else None


def _one_place(first: Observation, second: Observation) -> bool:
    one, other = first.provenance.box, second.provenance.box
    if one is None or other is None or first.provenance.photograph != second.provenance.photograph:
        return False
    return _common(one, other) >= OVERLAP * min(one.width * one.height, other.width * other.height)


def _common(one: Box, other: Box) -> int:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0, width) * max(0, height)
