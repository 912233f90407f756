"""Marks as values of traits: competing readings with calibrated confidences, in every script they may be in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forensics.examine.markings.characters import bare_number
from forensics.examine.markings.formats import Formats, key_of
from forensics.examine.markings.fusion import Weighed
from forensics.examine.markings.marks import ReadMark
from forensics.examine.markings.spelling import script_of, spellings_of
from forensics.model.evidence import Box
from forensics.model.values import Category, DateValue, Reading, Text, YearMark

__all__ = ["READ_FROM_LIST", "date_code", "mark_value", "script_of_marks", "script_shares", "scripts_in_words"]

READ_FROM_LIST = (
    "only the list of expected marks brought up this reading; it is no independent evidence and weighs nothing"
)

LEAST_CONFIDENCE = 0.02
MOST_READINGS = 6
SCRIPT_SURE = 0.75
"""Share of the distribution that one script has to have before the script of the writing is reported."""

SCRIPT_LETTERS = {"hangul": 2, "cyrillic": 3, "latin": 3}
"""Letters of one script alone from which a mark counts fully; with fewer its share of the script is halved."""

WEEKS_A_YEAR = 52.18
FIRST_CODE = 1970
"""The year of the first date code that two digits are read as: 69 is 2069, and 70 is 1970."""


def mark_value(
    mark: ReadMark,
    formats: Formats | None,
    seen: Sequence[str],
    *,
    examined_marks: int,
    on_component: bool = False,
    listed: bool = False,
) -> Text | YearMark | DateValue | None:
    """The value of one mark; None where it has no reading of the wanted kind.

    Parameters
    ----------
    mark : ReadMark
    formats : Formats, optional
        Formats of the catalogue, which say the script of look-alikes.
    seen : sequence of str
        Other readings of the photograph, for the same purpose.
    examined_marks : int
        How many distinct bare numbers the photograph shows.
    on_component : bool
        The mark stands on an electronic component: four digits that can be a year and a week are its date code.
    listed : bool
        The readings that only a list of known marks brought up, instead of the free ones.
    """
    weighed = mark.listed if listed else mark.readings
    if not weighed:
        return None
    best = weighed[0].text
    if on_component and not listed and (code := date_code(best)) is not None:
        return DateValue(year=code, precision_years=0.02)
    number = bare_number(best) and not listed
    # A reading is right only where there is writing at all.
    confidences = _confidences(weighed, mark.writing * (min(mark.right, weighed[0].share) if listed else mark.right))
    readings: list[Reading] = []
    for one, confidence in zip(weighed, confidences, strict=True):
        if number and not bare_number(one.text):
            continue
        for text, part in ((one.text, 1.0),) if listed else spellings_of(one.text, formats, seen):
            if confidence * part < LEAST_CONFIDENCE and readings:
                continue
            shares = one.character_shares if len(one.character_shares) == len(text) else ()
            readings.append(
                Reading(
                    text=text,
                    confidence=round(confidence * part, 4),
                    character_confidences=shares,
                    listed=listed,
                )
            )
    kept = tuple(readings[:MOST_READINGS])
    return YearMark(readings=kept, examined_marks=max(1, examined_marks)) if number else Text(readings=kept)


def _confidences(weighed: Sequence[Weighed], right: float) -> list[float]:
    """The best has its calibrated probability; what it leaves is shared by the others as the readers share it.

    Part of what is left belongs to readings that nobody proposed: a rival is never surer than the best.
    """
    if len(weighed) == 1:
        return [right]
    rest = sum(one.share for one in weighed[1:])
    whole = max(1.0 - weighed[0].share, rest, 1e-9)
    return [right, *(min(right, (1.0 - right) * one.share / whole) for one in weighed[1:])]


def date_code(text: str) -> float | None:
    """Year of a four-digit date code (year and week, YYWW), None where it can be none; "2318" is mid 2023."""
    found = re.fullmatch(r"(\d\d)(\d\d)", key_of(text))
    if found is None or not 1 <= int(found[2]) <= 53:
        return None
    year = int(found[1]) + (1900 if int(found[1]) >= FIRST_CODE % 100 else 2000)
    return round(year + (int(found[2]) - 0.5) / WEEKS_A_YEAR, 3)


def script_shares(mark: ReadMark, formats: Formats | None, seen: Sequence[str]) -> dict[str, float]:
    """How the fused distribution divides among scripts, digits alone among them; sums to 1, or is empty."""
    shares: dict[str, float] = {}
    for one in mark.readings:
        for text, part in spellings_of(one.text, formats, seen):
            name = script_of(text)
            shares[name] = shares.get(name, 0.0) + one.share * part
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()} if total > 0 else {}


def scripts_in_words(mark: ReadMark, formats: Formats | None, seen: Sequence[str]) -> str:
    """The script of writing that was not read, in words, or nothing where it is open."""
    shares = {name: share for name, share in script_shares(mark, formats, seen).items() if name != "digits"}
    name = max(shares, key=lambda one: (shares[one], one), default="")
    if not name or shares[name] < 0.5:
        return ""
    if name == "unknown":
        return "unknown to the reader (neither Hangul, Cyrillic nor Latin)"
    return f"probably {name.capitalize()}"


def script_of_marks(
    marks: Sequence[ReadMark], formats: Formats | None, seen: Sequence[str]
) -> tuple[Category, Box, float] | None:
    """The script of the writing on a photograph as virtual evidence; None where it is open.

    Every mark counts with the probability that it is read right, or at least is in that script; digits say nothing.
    Returns the weights relative to the best, the box of the mark that shows it best, and a confidence.
    """
    weight: dict[str, float] = {}
    shown: tuple[float, Box] | None = None
    for mark in marks:
        shares = script_shares(mark, formats, seen)
        lettered = 1.0 - shares.pop("digits", 0.0)
        if lettered < 0.5:
            continue
        for name, share in shares.items():
            needed = SCRIPT_LETTERS.get(name, 2)
            letters = sum(character.isalpha() for character in mark.text)
            counts = mark.writing * (0.4 + 0.6 * mark.right) * share * (1.0 if letters >= needed else 0.5)
            weight[name] = weight.get(name, 0.0) + counts
            if shown is None or counts > shown[0]:
                shown = (counts, mark.box)
    known = {("other" if name == "unknown" else name): value for name, value in weight.items() if value > 0}
    if shown is None or not known:
        return None
    best = max(known, key=lambda name: (known[name], name))
    total = sum(known.values())
    if known[best] / total < SCRIPT_SURE or shown[0] < 0.5:
        return None
    weights = {name: round(max(value / known[best], 1e-4), 4) for name, value in sorted(known.items())}
    return Category(weights=weights), shown[1], round(min(0.95, shown[0]), 3)
