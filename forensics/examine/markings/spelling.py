"""In which script a reading is spelled: the network reads Latin and Cyrillic twins as one letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from forensics.examine.markings.alphabet import UNKNOWN
from forensics.examine.markings.characters import CYRILLIC_TWINS, LATIN_TWINS, scripts_shown
from forensics.examine.markings.formats import Formats, key_of

__all__ = ["SCRIPTS", "script_of", "spellings_of", "unknown_script"]

SCRIPTS = ("hangul", "cyrillic", "latin", "digits", "unknown")

_TO_CYRILLIC = str.maketrans(LATIN_TWINS, CYRILLIC_TWINS)
_TO_LATIN = str.maketrans(CYRILLIC_TWINS, LATIN_TWINS)

# Words of handling and inspection that are spelled in twins alone; they say the script, not what is written.
_CYRILLIC_WORDS = frozenset(
    key_of(word) for word in ("ВЕРХ", "НЕ", "СНАРЯД", "МОСТ", "НОМЕР", "ВЕС", "МАССА", "СЕРВО", "РЕМОНТ", "ТРАНСПОРТ")
)
_LATIN_WORDS = frozenset(("TOP", "BOX", "MAX", "TEMP", "EXPORT", "MOTOR", "PART", "TYPE", "HEAT", "TAPE", "ROCKET"))

SURE, LIKELY = 1.0, 0.8


def spellings_of(text: str, formats: Formats | None, seen: Iterable[str] = ()) -> tuple[tuple[str, float], ...]:
    """The mark in each script that it may be in, with the share of each; most likely first.

    Parameters
    ----------
    text : str
        A reading; twins may be Latin.
    formats : Formats, optional
        A format that it follows says the script.
    seen : iterable of str
        Other readings of the same photograph: letters that belong to one script alone make that one likelier.
    """
    shown = scripts_shown([text])
    upper = text.upper()
    cyrillic, latin = upper.translate(_TO_CYRILLIC), upper.translate(_TO_LATIN)
    if shown["cyrillic"] and not shown["latin"]:
        return ((cyrillic, SURE),)
    if shown["latin"] or shown["hangul"] or cyrillic == latin:
        return ((text if shown["hangul"] else latin, SURE),)
    share = _cyrillic_share(text, formats, seen)
    both = ((cyrillic, share), (latin, round(1 - share, 6)))
    return both if share > 0.5 else both[::-1]


def _cyrillic_share(text: str, formats: Formats | None, seen: Iterable[str]) -> float:
    """How likely a mark of twins alone is Cyrillic: by its format, a known word, the rest of the photograph."""
    scripts = formats.scripts(text) if formats is not None else frozenset()
    if scripts == {"cyrillic"} or key_of(text) in _CYRILLIC_WORDS:
        return LIKELY
    if scripts == {"latin"} or key_of(text) in _LATIN_WORDS:
        return 1 - LIKELY
    others = scripts_shown(seen)
    return 0.5 + 0.2 * ((others["cyrillic"] > others["latin"]) - (others["latin"] > others["cyrillic"]))


def script_of(text: str) -> str:
    """The script of a spelled reading: one of ``SCRIPTS``; where several are mixed, the one with most letters."""
    if unknown_script(text):
        return "unknown"
    counts = {"hangul": 0, "cyrillic": 0, "latin": 0}
    for letter in text.upper():
        name = unicodedata.name(letter, "").partition(" ")[0].lower()
        if name in counts:
            counts[name] += 1
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "digits"


def unknown_script(text: str) -> bool:
    """Whether the network saw writing of a script that it does not know."""
    return UNKNOWN in text
