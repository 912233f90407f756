"""Expected values in plain words, for listings of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

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

__all__ = ["value_in_words"]


def value_in_words(value: ExpectedValue, trait: Trait) -> str:  # noqa: PLR0911 - one line a kind
    """One expected value as a person would say it, as "20, evenly spaced" or "1100 mm (items vary by 60)"."""
    match value:
        case ExpectedMeasure():
            return _measure(value, trait.unit or "")
        case ExpectedCategory():
            names = {entry.id: entry.names.en[0] for entry in trait.values if entry.names.en}
            return _shares({names.get(key, key): share for key, share in value.probabilities.items()})
        case ExpectedCount():
            return _shares({str(count): share for count, share in value.probabilities.items()})
        case ExpectedPresence():
            return _presence(value.probability)
        case ExpectedRing():
            return _ring(value)
        case ExpectedText():
            return ", ".join([*value.strings, *(f"marks of the form {grammar}" for grammar in value.grammars)])
        case ExpectedDates():
            return _dates(value)


def _shares(shares: Mapping[str, float]) -> str:
    if len(shares) == 1:
        ((key, share),) = shares.items()
        return key if share >= 1 else f"{key} ({share:.0%})"
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{key} ({share:.0%})" for key, share in ordered)


def _measure(value: ExpectedMeasure, unit: str) -> str:
    if value.mean is None:
        return f"{value.low:g} to {value.high:g} {unit}".rstrip()
    spread = f" (items vary by {value.between_sd:g})" if value.between_sd else ""
    return f"{value.mean:g} {unit}".rstrip() + spread


def _presence(probability: float) -> str:
    if probability in (0.0, 1.0):
        return "present" if probability else "absent"
    return f"present on {probability:.0%}"


def _ring(value: ExpectedRing) -> str:
    if value.spacing == "grouped":
        assert value.groups is not None
        return f"{value.count} in {value.groups} groups of {value.count // value.groups}"
    return f"{value.count}, evenly spaced" if value.spacing == "even" else f"{value.count} at stated angles"


def _dates(value: ExpectedDates) -> str:
    words = [
        f"{calendar.replace('_2', ', two digits')} years ({share:.0%})" for calendar, share in value.calendars.items()
    ]
    return ", ".join([*words, *(f"code {code.text} ({code.probability:.0%})" for code in value.codes)])
