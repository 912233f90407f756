"""Several readings of one stretch made into one mark with competing readings, or into nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forensics.examine.markings.characters import (
    bare_number,
    folded,
    graduation,
    letters,
    scripts_needed,
    short_lower_case,
    strokes_only,
)
from forensics.examine.markings.readers import RawReading

__all__ = ["MOST_READINGS", "Weighed", "is_writing", "weigh"]

MOST_READINGS = 4
"""Competing readings kept beside the best."""

FEWEST_LETTERS = 2
SUPPORT_TO_REPORT = 0.35
SUPPORT_TO_REPORT_NUMBER = 0.5
SUPPORT_TO_REPORT_SHORT = 0.85
SURENESS_TO_REPORT = 0.80
RIVAL_SUPPORT = 0.15
"""A rival is kept when it has this share of the support of the best."""


@dataclass(frozen=True)
class Weighed:
    """One reading with what speaks for it.

    ``support``: the sureness of all crops and ways that read this, over the number of those that could have (0 to 1).
    ``sureness``: of the surest of them. ``ways``: how many different ways read this.
    """

    text: str
    support: float
    sureness: float
    ways: int


def weigh(raw: Sequence[RawReading]) -> tuple[Weighed, ...]:
    """The distinct readings, the best supported first. Twins of two scripts and spaces do not make a difference.

    The spelling shown is that of the surest way; an empty reading counts against all others.
    """
    if not raw:
        return ()
    groups: dict[str, list[RawReading]] = defaultdict(list)
    for reading in raw:
        if letters(reading.text):
            groups[folded(reading.text)].append(reading)
    weighed = []
    for members in groups.values():
        best = max(members, key=lambda one: (one.sureness, one.text))
        support = _support(members, raw, scripts_needed(best.text))
        weighed.append(Weighed(best.text, support, best.sureness, len({one.way for one in members})))
    weighed.sort(key=lambda one: (-one.support, one.text))
    kept = [one for one in weighed if one.support >= RIVAL_SUPPORT * weighed[0].support]
    return tuple(kept[:MOST_READINGS])


def _support(members: Sequence[RawReading], raw: Sequence[RawReading], needed: frozenset[str]) -> float:
    """Halfway between the mean over all preparations of the crop and the best of them.

    A stencil is read only once its bridges are closed; that the untreated crop is not read says little then.
    """
    shares = []
    for preparation in sorted({one.preparation for one in raw}):
        agreeing = [one.sureness for one in members if one.preparation == preparation]
        able = sum(one.preparation == preparation and needed <= one.scripts for one in raw)
        shares.append(sum(agreeing) / max(able, len(agreeing), 1))
    return min(1.0, (max(shares) + sum(shares) / len(shares)) / 2)


def is_writing(weighed: Iterable[Weighed]) -> bool:
    """Whether the best reading is sure enough to be reported where nobody pointed.

    Texture read as text is the main danger of the whole method: several ways must agree, the surest must be sure,
    bare strokes are never enough, and a bare number needs more than a word does.
    """
    candidates = tuple(weighed)
    best = next(iter(candidates), None)
    if best is None or letters(best.text) < FEWEST_LETTERS or strokes_only(best.text) or short_lower_case(best.text):
        return False
    if graduation(best.text):
        return False
    if any(len(word) == 1 and word.isalnum() for word in best.text.split()) and letters(best.text) < 5:
        return False
    least = SUPPORT_TO_REPORT
    if letters(best.text) == FEWEST_LETTERS:
        least = SUPPORT_TO_REPORT_SHORT
    elif bare_number(best.text):
        least = SUPPORT_TO_REPORT_NUMBER
    return best.support >= least and best.sureness >= SURENESS_TO_REPORT and best.ways >= 2
