"""Characters of markings: folding of look-alikes, alphabets, what is easily mistaken for what, a background law."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "DIGIT_SHARES",
    "SCRIPT_WEIGHTS",
    "Alphabet",
    "character_probability",
    "confusables",
    "fold",
    "length_log_probability",
    "marking_log_probability",
    "ordinary",
    "script_log_probability",
    "scripts_of",
]

_LOOK_ALIKE = str.maketrans(
    {
        "А": "A", "В": "B", "Е": "E", "Ё": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T",
        "У": "Y", "Х": "X", "І": "I", "Ї": "I", "Ѕ": "S", "Ј": "J", "Є": "E",
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "_": "-", "·": ".", "№": "№", "×": "X", "|": "I", "ᆞ": ".",
    }
)  # fmt: skip

_GROUPS = (
    "0OQD",
    "1IL7",
    "3ЗЭ",
    "8B",
    "5S",
    "2Z",
    "6GБ",
    "4Ч",
    "9G",
    "UV",
    "VY",
    "ПN",
    "ИN",
    "ЯR",
    "ЛA",
    "Ь6",
    "ㅈス",
    "ㅅ人",
    "ㅁ口",
    "ㅇ0O",
)

SEPARATORS = frozenset(" -./№")

SCRIPT_WEIGHTS = {
    "latin": 0.62,
    "cyrillic": 0.15,
    "hangul": 0.015,
    "han": 0.07,
    "persian_arabic": 0.12,
    "hebrew": 0.015,
}
"""Elicited: in which script a mark on some munition is written (used where population.yaml states no rates)."""

_HANGUL_SYLLABLES = (0xAC00, 0xD7A3)
_JAMO = (0x3131, 0x314E)
_HAN = (0x4E00, 0x9FFF)
_ARABIC = (0x0600, 0x06FF)
_HEBREW = (0x0590, 0x05FF)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Text as an examiner sees it: composed, upper case, look-alike Latin and Cyrillic capitals as one, one space."""
    return " ".join(unicodedata.normalize("NFC", text).upper().translate(_LOOK_ALIKE).split())


@lru_cache(maxsize=4096)
def confusables(character: str) -> frozenset[str]:
    """Characters easily mistaken for this one (after folding)."""
    return frozenset("".join(group for group in _GROUPS if character in group)) - {character}


@dataclass(frozen=True, eq=False)  # compared by identity: compiled once, then looked up often
class Alphabet:
    """A set of characters of which a slot takes one, each equally likely: listed ones, or one range."""

    listed: frozenset[str] = frozenset()
    first: int = 0
    last: int = -1

    @property
    def size(self) -> int:
        """Number of characters."""
        return len(self.listed) + max(0, self.last - self.first + 1)

    def __contains__(self, character: str) -> bool:
        return character in self.listed or self.first <= ord(character) <= self.last

    def mistaken_for(self, seen: str) -> float:
        """Sum over the characters t that ``seen`` may be mistaken for of 1 / (number of t's look-alikes)."""
        return sum(1.0 / len(confusables(true)) for true in sorted(confusables(seen)) if true in self)


DIGITS = Alphabet(frozenset("0123456789"))
LATIN = Alphabet(frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
CYRILLIC = Alphabet(frozenset(fold(letter) for letter in "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐ"))
HANGUL = Alphabet(first=_HANGUL_SYLLABLES[0], last=_HANGUL_SYLLABLES[1])
JAMO = Alphabet(first=_JAMO[0], last=_JAMO[1])
SEPARATOR = Alphabet(SEPARATORS)


def _in(character: str, span: tuple[int, int]) -> bool:
    return span[0] <= ord(character) <= span[1]


def _letter(script: str, character: str) -> float:
    """Probability of a letter among the letters of a script (its usual ones)."""
    if script == "latin":
        return 1 / 26 if character in LATIN else 0.0
    if script == "cyrillic":
        return 1 / CYRILLIC.size if character in CYRILLIC else 0.0
    if script == "hangul":
        if _in(character, _HANGUL_SYLLABLES):
            return 0.7 / 2350
        return 0.3 / 30 if _in(character, _JAMO) else 0.0
    if script == "han":
        return 1 / 3500 if _in(character, _HAN) else 0.0
    return 1 / 40 if _in(character, _HEBREW if script == "hebrew" else _ARABIC) else 0.0


DIGIT_SHARES = ((0.9, 0.4), (0.5, 0.4), (0.1, 0.2))
"""Elicited: marks that are nearly all digits, half digits, mostly letters, and how common each is."""

SEPARATOR_SHARE = 0.1


def character_probability(character: str, script: str, digit_share: float) -> float:
    """Probability of one folded character in a script, for marks with this share of digits among their characters."""
    if character in SEPARATORS:
        return SEPARATOR_SHARE / len(SEPARATORS)
    if character in DIGITS:
        return (1 - SEPARATOR_SHARE) * digit_share / 10
    return max((1 - SEPARATOR_SHARE) * (1 - digit_share) * _letter(script, character), 1e-7)


@lru_cache(maxsize=4096)
def ordinary(character: str) -> float:
    """How often a folded character stands on some munition at all, over all scripts."""
    return sum(weight * character_probability(character, script, 0.5) for script, weight in SCRIPT_WEIGHTS.items())


def script_log_probability(text: str, script: str) -> float:
    """Log probability of the characters of folded text in one script, marks rich and poor in digits mixed."""
    total = 0.0
    for digit_share, weight in DIGIT_SHARES:
        part = weight
        for character in text:
            part *= character_probability(character, script, digit_share)
        total += part
    return math.log(max(total, 1e-300))


def scripts_of(text: str) -> frozenset[str]:
    """Scripts of which folded text bears a letter; look-alike capitals count for Latin and Cyrillic both."""
    return frozenset(script for script in SCRIPT_WEIGHTS if any(_letter(script, character) > 0 for character in text))


_LENGTHS = [0.0] + [length * math.exp(-length / 4.0) for length in range(1, 201)]
_LENGTH_TOTAL = sum(_LENGTHS)


def length_log_probability(length: int) -> float:
    """Log probability that a mark has so many characters: rising, then falling by e every four (elicited)."""
    return math.log(_LENGTHS[min(max(length, 1), 200)] / _LENGTH_TOTAL)


def marking_log_probability(text: str, weights: dict[str, float], *, given_script: bool) -> float:
    """Log probability of folded text as a mark on some other munition (docs/method.md 3.4 K6).

    A law of length times a script-mixture unigram. ``given_script``: the script is evidence of its own in the same
    assessment, so the text is taken given its script, and the script's rarity does not count twice.
    """
    scripts = scripts_of(text)
    if given_script and scripts:
        weights = {script: weight for script, weight in weights.items() if script in scripts}
    total = sum(weights.values()) or 1.0
    parts = [
        math.log(weight / total) + script_log_probability(text, script)
        for script, weight in weights.items()
        if weight > 0
    ]
    top = max(parts, default=-20.0 * len(text))
    return length_log_probability(len(text)) + top + math.log(sum(math.exp(part - top) for part in parts) or 1.0)
