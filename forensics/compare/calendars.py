"""Year readings of a bare number: which calendars it could be read in, and how often numbers are no years at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from forensics.compare.stated import Floats, Integers
from forensics.model.catalogue import Parameters

__all__ = [
    "CALENDARS",
    "HIGHEST_NUMBER",
    "MARK_LABELS",
    "MarkReading",
    "bare_number",
    "in_force",
    "serial_chance",
    "serial_law",
    "written_number",
    "year_readings",
]

HIGHEST_NUMBER = 150
"""Highest bare number tabulated by itself: Juche 150 is 2061."""

MARK_LABELS = (*(str(number) for number in range(1, HIGHEST_NUMBER + 1)), "a four-digit year", "another number")

CALENDARS = ("juche", "gregorian", "gregorian_2", "persian", "minguo", "buddhist")

_OFFSETS = {"juche": 1911, "minguo": 1911, "persian": 621, "buddhist": -543, "gregorian": 0}
"""Gregorian year minus the year of the calendar."""

_WORDS = {
    "juche": re.compile(r"주체|JUCHE|ЧУЧХЕ", re.IGNORECASE),
    "minguo": re.compile(r"民國|民国|MINGUO", re.IGNORECASE),
    "buddhist": re.compile(r"พ\.?ศ\.?|\bBE\b", re.IGNORECASE),
    "persian": re.compile(r"ه\.?ش|SHAMSI", re.IGNORECASE),
}


@dataclass(frozen=True)
class MarkReading:
    """One year reading of a mark: which calendar, which Gregorian year."""

    calendar: str
    written: str
    year: int

    @property
    def label(self) -> str:
        """The reading as a reader of the report sees it."""
        if self.calendar in ("gregorian", "gregorian_2"):
            return f"Gregorian year {self.year}"
        name = {"juche": "Juche", "minguo": "Minguo", "persian": "Persian solar", "buddhist": "Buddhist"}[self.calendar]
        return f"{name} {self.written} = {self.year}"


def _digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(character)) if unicodedata.digit(character, None) is not None else character
        for character in text
    )


def bare_number(text: str) -> str | None:
    """The number a mark consists of, or None where it is no bare number (a calendar's name or "year" may stand by)."""
    runs: list[str] = re.findall(r"\d+", _digits(text))
    return runs[0].lstrip("0") or "0" if len(runs) == 1 else None


def year_readings(text: str, first: int, last: int) -> tuple[MarkReading, ...]:
    """Every year a bare number could state, within ``first``..``last`` (Gregorian).

    Two digits: Juche and Gregorian of either century. Three: Juche and Minguo. Four: Gregorian, Persian solar,
    Buddhist. A calendar named in the mark leaves only its own reading.
    """
    written = bare_number(text)
    if written is None:
        return ()
    number = int(written)
    named = next((calendar for calendar, words in _WORDS.items() if words.search(text)), None)
    found: list[MarkReading] = []
    allowed = {1: ("juche",), 2: ("juche", "minguo"), 3: ("juche", "minguo")}.get(
        len(written), ("gregorian", "persian", "buddhist")
    )
    for calendar in allowed:
        if named in (None, calendar):
            found.append(MarkReading(calendar, written, number + _OFFSETS[calendar]))
    two_digits = len(re.findall(r"\d", text)) == 2
    if named is None and two_digits:
        found += [MarkReading("gregorian_2", written, century + number) for century in (1900, 2000)]
    return tuple(reading for reading in found if first <= reading.year <= last)


def written_number(calendar: str, years: Integers) -> Integers:
    """(Y,) the number a calendar writes for each Gregorian year."""
    if calendar == "gregorian_2":
        return years % 100
    return years - _OFFSETS[calendar]


def in_force(calendar: str, years: Integers, parameters: Parameters) -> Floats:
    """(Y,) how far a calendar is in use in each year, 0..1. Juche: from 1997; dropped by state media in late 2024."""
    if calendar == "juche":
        force: Floats = np.where(years < 1997, 0.0, np.where(years <= 2024, 1.0, parameters["juche_after_2024"]))
        return force
    return np.ones(years.size)


def serial_chance(text: str, effective_marks: float) -> float:
    """Probability that a mark like this is seen among so many bare numbers, if no convention is at work.

    ``M / 900`` for three digits, ``M / 90`` for two and so on (look-elsewhere, docs/method.md 3.4 K5).
    """
    written = bare_number(text)
    digits = len(written) if written is not None else max(3, len(text.strip()))
    return min(0.5, effective_marks / (9.0 * 10.0 ** (min(digits, 8) - 1)))


def serial_law(effective_marks: float) -> Floats:
    """(152,) law of a bare number on some munition, as the mark that is noticed: 1..150, other four-digit, other.

    Numbers of 100 and more as ``serial_chance`` has them, together at most 0.6; of the rest 60 % on 1..99.
    """
    high = 51 * min(effective_marks / 900.0, 0.6 / 51)
    law = np.empty(152)
    law[99:150] = high / 51
    law[:99] = 0.6 * (1.0 - high) / 99
    law[150:] = 0.2 * (1.0 - high)
    return law
