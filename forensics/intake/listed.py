"""Counts, values of closed lists, features that are there or not, and likeness scores."""

from __future__ import annotations

import re

from forensics.intake.cells import CellError
from forensics.intake.numbers import fraction, number_text, whole_number
from forensics.intake.words import Lexicon, plain_text
from forensics.model.catalogue import Trait
from forensics.model.values import Category, Count, Presence, Score

__all__ = ["parse_category", "parse_count", "parse_presence", "parse_score"]

_WEIGHTED = re.compile(r"(?P<name>.+?)\s*[:=]\s*(?P<weight>[\d.,]+\s*%?)\s*")


def parse_category(text: str, trait: Trait, lexicon: Lexicon) -> Category:
    """A value of the closed list, or several that could not be told apart.

    ``lattice``, ``lattice | fixed``, ``lattice or fixed`` (equal weights), ``lattice:0.7 | fixed:0.3``. Weights are
    kept relative to the best (1.0), as ``Category`` defines them.
    """
    whole = lexicon.value(trait, text)
    if whole is not None:
        return Category(weights={whole: 1.0})
    weights: dict[str, float] = {}
    weighted = 0
    parts = _alternatives(text, lexicon)
    for part in parts:
        found = _WEIGHTED.fullmatch(part)
        if found and lexicon.value(trait, part) is None:
            weighted += 1
            name, weight = found["name"], fraction(plain_text(found["weight"]), "value")
        else:
            name, weight = part, 1.0
        value = lexicon.required_value(trait, name)
        if value in weights:
            raise CellError(f"{value!r} is named twice.", "Name each value once.")
        if weight <= 0:
            raise CellError(f"{value!r} has the weight 0.", "Leave out what was ruled out.")
        weights[value] = weight
    if weighted not in (0, len(parts)):
        raise CellError("some values have a weight and some do not.", "Give all of them a weight, or none.")
    best = max(weights.values())
    return Category(weights={value: round(weight / best, 6) for value, weight in weights.items()})


def _alternatives(text: str, lexicon: Lexicon) -> list[str]:
    words = lexicon.syntax("or").pattern
    parts = [part.strip() for part in re.split(rf"\||(?<=\s)(?:{words})(?=\s)", text, flags=re.IGNORECASE)]
    if not all(parts):
        raise CellError(f"{text!r} has an empty alternative.", "Write a value on both sides of |.")
    return parts


def parse_count(text: str, trait: Trait, lexicon: Lexicon, coverage: float | None) -> Count:
    """``4``, ``>=2``, ``at least 2``, ``2 or more``; ``coverage`` is the part of the whole that could be seen."""
    plain = plain_text(text)
    more = re.fullmatch(r"(\d+)\s*(?:\+|or more|або більше)", plain)
    if more:
        plain, at_least = more[1], True
    else:
        at_least, plain = lexicon.take("at_least", plain)
        above, plain = lexicon.take("more_than", plain)
        if above:
            raise CellError(f"{text.strip()!r}: say the smallest number it can be.", "Write at least 3.")
    _, plain = lexicon.take("bolts", plain)
    unit = re.fullmatch(r"(\d+)\s*(\D+)", plain)
    if unit and lexicon.word("unit", unit[2]) == "pieces":
        plain = unit[1]
    counted = whole_number(plain)
    if trait.plausible is not None and not trait.plausible[0] <= counted <= trait.plausible[1]:
        low, high = (number_text(limit) for limit in trait.plausible)
        message = f"{counted} is outside the plausible range of {trait.id} ({low} to {high})."
        raise CellError(message, "Check the count.")
    return Count(count=counted, at_least=at_least, visible_fraction=coverage)


def parse_presence(text: str, lexicon: Lexicon) -> Presence | None:
    """Yes, present, seen, …; None for a word that says the feature was looked for and is not there."""
    word = lexicon.word("presence", text)
    if word is None and lexicon.word("state", text) == "observed":
        word = "present"
    if word is None:
        word = lexicon.required_word("presence", text, "value")
    return Presence() if word == "present" else None


def parse_score(text: str) -> Score:
    """``hwasong-11:0.8 | 9k720:0.3``: likeness by family id, 0 to 1."""
    scores: dict[str, float] = {}
    for part in text.split("|"):
        found = _WEIGHTED.fullmatch(part.strip())
        if found is None:
            raise CellError(f"{part.strip()!r} is not a score.", "Write family:0.8, several separated by |.")
        name = found["name"].strip()
        if name in scores:
            raise CellError(f"{name!r} is scored twice.", "Name each family once.")
        scores[name] = fraction(plain_text(found["weight"]), "value")
    return Score(scores=scores)
