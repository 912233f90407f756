"""How plausible a string is as a mark, apart from any known format: which kinds of characters follow each other.

Elicited and weak on purpose: it decides between look-alikes (a zero among digits, Д against 다 between digits), and
never between different shapes that the reader is sure of.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from forensics.examine.markings.alphabet import CYRILLIC, DIGITS, JAMO, UNKNOWN

__all__ = ["plausibility"]

TWINS = frozenset("ABEKMHOPCTYXI")

_FOLLOWS = {
    ("digit", "digit"): -0.2,
    ("digit", "hangul"): -0.5,
    ("hangul", "digit"): -0.4,
    ("hangul", "hangul"): -0.4,
    ("digit", "letter"): -1.5,
    ("letter", "digit"): -1.2,
    ("letter", "letter"): -0.4,
    ("digit", "cyrillic"): -2.4,
    ("cyrillic", "digit"): -1.4,
    ("cyrillic", "cyrillic"): -0.4,
    ("cyrillic", "latin"): -5.0,
    ("latin", "cyrillic"): -5.0,
    ("hangul", "letter"): -3.5,
    ("letter", "hangul"): -3.0,
    ("hangul", "cyrillic"): -5.0,
    ("cyrillic", "hangul"): -4.5,
    ("digit", "jamo"): -2.5,
    ("jamo", "digit"): -0.8,
    ("jamo", "jamo"): -1.5,
    ("hangul", "jamo"): -3.5,
    ("jamo", "hangul"): -3.5,
    ("jamo", "letter"): -4.5,
    ("letter", "jamo"): -4.5,
    ("jamo", "cyrillic"): -5.0,
    ("cyrillic", "jamo"): -5.0,
    ("sign", "sign"): -3.5,
}
"""Natural logs; pairs that are not named, most with a sign, cost ``OTHER``. A twin counts as either script's letter."""

OTHER = -0.9
RARE = {
    "№": -2.0,
    "&": -2.5,
    ",": -1.5,
    ":": -0.7,
    "+": -1.5,
    "(": -0.8,
    ")": -0.8,
    "#": -1.5,
    "/": -0.3,
    UNKNOWN: -1.0,
}
STRENGTH = 0.7
LEAST = -14.0


@lru_cache(maxsize=65536)
def plausibility(text: str) -> float:
    """Natural log of a weight, at most 0, for a reading as the network spells it."""
    if not text:
        return 0.0
    total = sum(RARE.get(letter, 0.0) for letter in text)
    total += sum(max(_pair(a, b) for a in _kinds(one) for b in _kinds(other)) for one, other in pairwise(text))
    if text[0] in ".,:)-/" or text[-1] in ".,:(-/":
        total -= 1.5
    # A longer text has more pairs and is not less plausible for it.
    return max(LEAST, STRENGTH * (total + 0.4 * (len(text) - 1)))


def _kinds(letter: str) -> tuple[str, ...]:
    if letter in DIGITS:
        return ("digit",)
    if letter in TWINS:
        return ("latin", "cyrillic")
    if letter in CYRILLIC:
        return ("cyrillic",)
    if letter in JAMO:
        return ("jamo",)
    if "가" <= letter <= "힣":
        return ("hangul",)
    return ("latin",) if letter.isalpha() else ("sign",)


def _pair(one: str, other: str) -> float:
    found = _FOLLOWS.get((one, other))
    if found is not None:
        return found
    general = ("letter" if one == "latin" else one, "letter" if other == "latin" else other)
    return _FOLLOWS.get(general, OTHER)
