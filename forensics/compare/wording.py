"""Short plain phrases: what was expected, and why a record weighs what it weighs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from forensics.compare.calendars import CALENDARS
from forensics.compare.records import Scored
from forensics.compare.stated import Stated
from forensics.model.catalogue import (
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

__all__ = ["UNKNOWN", "because_of", "describe", "describe_row", "fit"]

UNKNOWN = "not known"

FITS_ABOVE = 1.5
"""Ratio f/b above which a record is said to fit, and below whose inverse it is said to differ."""

_CALENDAR_NAMES = {
    "juche": "Juche years",
    "gregorian": "Gregorian years",
    "gregorian_2": "two-digit Gregorian years",
    "persian": "Persian solar years",
    "minguo": "Minguo years",
    "buddhist": "Buddhist years",
}

_MOST_NAMED = 3

Match = Literal["fits", "partly", "differs", "unknown"]


def fit(ratio: float) -> Match:
    """fits, partly or differs, by f/b."""
    if ratio > FITS_ABOVE:
        return "fits"
    return "differs" if ratio < 1.0 / FITS_ABOVE else "partly"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.3g}"


def _listed(parts: Sequence[str]) -> str:
    if len(parts) > _MOST_NAMED:
        return ", ".join(parts[:_MOST_NAMED]) + " and others"
    return " or ".join(parts)


def _by_weight(weights: dict[str, float]) -> list[str]:
    return [name for name, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))]


def describe(value: ExpectedValue, trait: Trait) -> str:  # noqa: PLR0911 - one return a kind of value
    """One catalogue value in words, e.g. "20 bolts, evenly spaced" or "1100 mm (±60 between items)"."""
    match value:
        case ExpectedMeasure():
            return _measure(value, trait.unit or "")
        case ExpectedCount():
            ordered = sorted(value.probabilities.items(), key=lambda item: (-item[1], item[0]))
            return _listed([str(number) for number, _ in ordered])
        case ExpectedCategory():
            names = {v.id: (v.names.en[0] if v.names.en else v.id) for v in trait.values}
            return _listed([names.get(name, name) for name in _by_weight(value.probabilities)])
        case ExpectedPresence():
            return _presence(value.probability)
        case ExpectedRing():
            return _ring(value)
        case ExpectedText():
            return _text(value)
        case ExpectedDates():
            return _dates(value)


def _measure(value: ExpectedMeasure, unit: str) -> str:
    if value.mean is None:
        return f"{_number(value.low or 0.0)} to {_number(value.high or 0.0)} {unit}".strip()
    spread = f" (±{_number(value.between_sd)} between items)" if value.between_sd else ""
    return f"{_number(value.mean)} {unit}".strip() + spread


def _presence(probability: float) -> str:
    if probability >= 0.9:
        return "present"
    if probability <= 0.1:
        return "absent"
    return f"present on about {probability:.0%} of items"


def _ring(value: ExpectedRing) -> str:
    if value.spacing == "even":
        return f"{value.count} bolts, evenly spaced"
    if value.spacing == "grouped":
        groups = value.groups or 1
        return f"{value.count} bolts in {groups} groups of {value.count // groups}"
    return f"{value.count} bolts, unevenly spaced"


def _text(value: ExpectedText) -> str:
    strings = [f'"{text}"' for text in _by_weight(value.strings)]
    formats = [name.replace("_", " ") for name in _by_weight(value.grammars)]
    parts = []
    if strings:
        parts.append(f"marks such as {_listed(strings)}")
    if formats:
        parts.append(f"marks of the format {_listed(formats)}")
    return " or ".join(parts)


def _dates(value: ExpectedDates) -> str:
    rates = {calendar: rate for calendar, rate in value.calendars.items() if rate > 0 and calendar in CALENDARS}
    parts = [_CALENDAR_NAMES[calendar] for calendar in _by_weight(rates)]
    parts += [f'the code "{code.text}"' for code in value.codes]
    return _listed(parts) if parts else "no year convention"


def describe_row(stated: Stated, row: int) -> str:
    """What a hypothesis states, its disagreeing values in order of weight. row: index of a hypothesis."""
    shares = stated.shares[row]
    order = sorted((index for index in range(shares.size) if shares[index] > 0), key=lambda i: (-shares[i], i))
    return "; or ".join(describe(stated.values[index], stated.trait) for index in order)


def _rounded(count: float) -> str:
    if count < 10:
        return f"{count:.0f}"
    digits = -math.floor(math.log10(count)) + (1 if count < 1000 else 0)
    return f"{round(count, digits):,.0f}"


def because_of(expected: str, scored: Scored, ratio: float, weight: float) -> str:
    """Why a record weighs what it weighs under one expectation.

    ratio: f/b; weight: w_h. Never a verdict: what was expected, what was recorded, how the two stand to each other.
    """
    word = fit(ratio)
    seen = scored.observed
    if word == "fits":
        if scored.rare:
            tail = f"a record like this occurs on about 1 in {_rounded(ratio)} other designs"
        else:
            tail = f"a record like this is about {_rounded(ratio)} times more probable here than on other designs"
        return f"expected {expected}; recorded {seen}, which fits; {tail}"
    if word == "partly":
        return f"expected {expected}; recorded {seen}, about as probable here as on other designs"
    trust = f"the value holds with probability {weight:.2f}, so this alone excludes nothing"
    return f"expected {expected}; recorded {seen}, which does not fit; {trust}"
