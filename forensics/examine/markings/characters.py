"""Characters as marks on metal: scripts, twins between scripts, and what only looks like writing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

__all__ = [
    "bare_number",
    "folded",
    "graduation",
    "letters",
    "scripts_needed",
    "scripts_shown",
    "short_lower_case",
    "spellings",
    "strokes_only",
    "tidied",
]

CYRILLIC_TWINS = "АВЕКМНОРСТУХІ"
LATIN_TWINS = "ABEKMHOPCTYXI"
_TO_LATIN = str.maketrans(CYRILLIC_TWINS, LATIN_TWINS)
_TO_CYRILLIC = str.maketrans(LATIN_TWINS, CYRILLIC_TWINS)
_DASHES = str.maketrans("–—−‐‑ー", "------")

# What Tesseract prints for rivets, scratches, grass and the edge of a crop.
_LITTER = "|'\"`´‘’“”_~^*.,:;!?<>{}[]\\=«»°•·…"
_STROKES = frozenset("1IL/-+()TJ7")

SURE_CHARACTERS = 3
"""So many characters that belong to one script alone make the script sure; two Hangul syllables are as good."""


def tidied(text: str) -> str:
    """A reading in one spelling: NFC, plain dashes, single spaces, litter at the ends and lone litter removed."""
    text = unicodedata.normalize("NFC", text).translate(_DASHES)
    words = (word.strip(_LITTER) for word in text.split())
    joined = " ".join(word for word in words if word).strip("- ")
    # Tesseract sets Korean syllables apart; on an item they are one word.
    return re.sub(r"(?<=[가-힣]) (?=[가-힣](?![^ ]))", "", joined)


def folded(text: str) -> str:
    """The key under which two readings are one: no spaces, upper case, Cyrillic twins as Latin ones."""
    return "".join(text.split()).upper().translate(_TO_LATIN)


def letters(text: str) -> int:
    """How many letters, syllables and digits there are."""
    return sum(character.isalnum() for character in text)


def strokes_only(text: str) -> bool:
    """Whether it consists of bare strokes (1, I, l, /, -): what grass, ticks and ribs are read as."""
    return all(character in _STROKES for character in folded(text))


def short_lower_case(text: str) -> bool:
    """Whether it is a scrap such as "re" or "tee": what texture is most often read as, and no marking looks so."""
    word = "".join(character for character in text if character.isalpha())
    return len(word) <= 4 and any(character.islower() for character in word)


def graduation(text: str) -> bool:
    """Whether it is digits that count up or down by one: a ruler in the picture, no marking.

    Two digits are a graduation only when they stand apart ("2 3"); three or more also when read as one ("456").
    """
    digits = text.replace(" ", "")
    if re.fullmatch(r"[0-9]( [0-9])+|[0-9]{3,}", text) is None:
        return False
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return steps in ({1}, {-1})


def bare_number(text: str) -> bool:
    """Whether it is two to four digits and nothing else: it may be a year, a plant or a serial."""
    return re.fullmatch(r"[0-9]{2,4}", text) is not None


def spellings(text: str) -> tuple[str, ...]:
    """The mark in each script that it could be in.

    Letters that look alike in Latin and Cyrillic say nothing about the script when every letter of the mark is such
    a twin (9M79 and 9М79). Both spellings are then readings of the one mark, as given first.
    """
    upper = text.upper()
    twins = [character for character in upper if character.isalpha()]
    if not twins or any(character not in CYRILLIC_TWINS and character not in LATIN_TWINS for character in twins):
        return (text,)
    other = upper.translate(_TO_CYRILLIC if any(one in LATIN_TWINS for one in twins) else _TO_LATIN)
    return (text, other) if other != upper else (text,)


def scripts_needed(text: str) -> frozenset[str]:
    """The scripts that a reader must know to print this text; twins and digits need none."""
    return frozenset(name for name, count in scripts_shown([text]).items() if count)


def scripts_shown(texts: Iterable[str]) -> dict[str, int]:
    """How many characters of the marks belong to one script alone. Twins and digits belong to none."""
    counts = {"hangul": 0, "cyrillic": 0, "latin": 0}
    for character in (one for text in texts for one in text.upper()):
        name = unicodedata.name(character, "")
        if name.startswith("HANGUL"):
            counts["hangul"] += 1
        elif name.startswith("CYRILLIC") and character not in CYRILLIC_TWINS:
            counts["cyrillic"] += 1
        elif name.startswith("LATIN") and character not in LATIN_TWINS:
            counts["latin"] += 1
    return counts
