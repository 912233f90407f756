"""What the reading network can print: shape classes of characters, and Hangul syllables as three letters each.

Characters that look alike in two scripts are one class (Cyrillic М and Latin M), small letters are their capitals,
and dashes are one. A syllable is the class ``HANGUL`` with an initial, a medial and a final, so that all 11,172 fit.
Writing of a script that the network does not know is ``UNKNOWN``, one for the whole run.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

__all__ = [
    "BLANK",
    "FINALS",
    "HANGUL",
    "INITIALS",
    "MEDIALS",
    "SYMBOLS",
    "UNKNOWN",
    "Shape",
    "letters_of",
    "shapes_of",
    "spelled",
    "syllable",
]

DIGITS = "0123456789"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC = "БГДЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯ"
JAMO = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
SIGNS = "-./()№:+&,#"
UNKNOWN = "□"
"""What a run of an unknown script is read as."""

SYMBOLS = "\0" + DIGITS + LATIN + CYRILLIC + JAMO + SIGNS + UNKNOWN
"""Class number to character; class 0 is CTC's blank, and the class after the last one is ``HANGUL``."""

BLANK = 0
HANGUL = len(SYMBOLS)
INITIALS, MEDIALS, FINALS = 19, 21, 28

_FIRST_SYLLABLE = 0xAC00
_FOLD = str.maketrans(
    "АВЕКМНОРСТУХІЁЅЈ–—−‐‑ーᐧ·•",
    "ABEKMHOPCTYXIESJ------...",
)
_NUMBER = {character: number for number, character in enumerate(SYMBOLS) if number}


@dataclass(frozen=True)
class Shape:
    """One character as the network sees it: its class, and the three letters when it is a Hangul syllable."""

    symbol: int
    initial: int = -1
    medial: int = -1
    final: int = -1


def letters_of(character: str) -> tuple[int, int, int]:
    """Initial (0 to 18), medial (0 to 20) and final (0 to 27, 0 for none) of a Hangul syllable."""
    number = ord(character) - _FIRST_SYLLABLE
    return number // (MEDIALS * FINALS), number // FINALS % MEDIALS, number % FINALS


def syllable(initial: int, medial: int, final: int) -> str:
    """The Hangul syllable of three letters."""
    return chr(_FIRST_SYLLABLE + (initial * MEDIALS + medial) * FINALS + final)


def shapes_of(text: str) -> tuple[Shape, ...]:
    """A text as shapes; spaces are left out, an unknown character and the run of them around it is one ``UNKNOWN``."""
    out: list[Shape] = []
    unknown = _NUMBER[UNKNOWN]
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            continue
        if "가" <= character <= "힣":
            out.append(Shape(HANGUL, *letters_of(character)))
            continue
        number = _NUMBER.get(_folded(character), unknown)
        if number == unknown and out and out[-1].symbol == unknown:
            continue
        out.append(Shape(number))
    return tuple(out)


def spelled(shapes: tuple[Shape, ...]) -> str:
    """The characters of shapes, twins in Latin."""
    return "".join(
        syllable(one.initial, one.medial, one.final) if one.symbol == HANGUL else SYMBOLS[one.symbol] for one in shapes
    )


def _folded(character: str) -> str:
    if 0x1100 <= ord(character) <= 0x1112:  # a conjoining initial standing alone
        return JAMO[ord(character) - 0x1100]
    upper = character.upper()
    return (upper if len(upper) == 1 else character).translate(_FOLD)
