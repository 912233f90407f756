"""Short phrases that other rooms compose in English ("20 bolts, evenly spaced"), in another language.

The rooms that compare and assess give their reasons in a small, closed English: a few templates around numbers, names
of the vocabulary and quoted marks. The templates stand, with their translation, under ``phrases`` in the table of the
language; a phrase is taken apart by them, its parts are translated in turn, and it is put together again. What none of
them fits is left as it is and remembered in ``unknown``: a phrase is never half translated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from forensics.model.catalogue import Catalogue
from forensics.report.language import Language, speaking, table
from forensics.report.names import first_name
from forensics.report.numbers import localised

__all__ = ["Phrases"]

_SLOT = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"[-+<>≥≤±×~ ]*\d[\d.,]*(?: ?±\d[\d.,]*)?(?: ?(?:%|°))?")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_JOINED = ("; or ", "; ", " or ", " and ", ", ")
_UNITS = ("mm", "kg", "m", "deg", "cm")


class Phrases:
    """Phrases of one catalogue in one language. ``unknown``: those that could not be translated, as they were given."""

    def __init__(self, catalogue: Catalogue, language: Language) -> None:
        self.language = language
        words = table(language)
        exact = {english: told for english, told in words.phrases if "{" not in english}
        with speaking(language):
            self._exact: Mapping[str, str] = _vocabulary(catalogue) | exact
        self._joints = {joint: words.sentences.get(joint, joint) for joint in _JOINED}
        self._templates = [(_pattern(english), told) for english, told in words.phrases if "{" in english]
        self._known: dict[str, str | None] = {}
        self.unknown: set[str] = set()

    def say(self, phrase: str) -> str:
        """The phrase in the language, or as it is."""
        with speaking(self.language):
            told = self._told(phrase)
        if told is None:
            self.unknown.add(phrase)
            return phrase
        return told

    def _told(self, phrase: str) -> str | None:
        if phrase not in self._known:
            self._known[phrase] = None  # a phrase that would need itself is not known
            self._known[phrase] = self._translated(phrase)
        return self._known[phrase]

    def _translated(self, phrase: str) -> str | None:
        if not phrase or _QUOTED.fullmatch(phrase):
            return phrase
        if phrase in self._exact:
            return self._exact[phrase]
        if _NUMBER.fullmatch(phrase):
            return localised(phrase)
        number, _, unit = phrase.rpartition(" ")
        if unit in _UNITS and _NUMBER.fullmatch(number):
            return f"{localised(number)} {self._exact.get(unit, unit)}"
        return self._by_template(phrase) or self._by_parts(phrase)

    def _by_template(self, phrase: str) -> str | None:
        for pattern, told in self._templates:
            found = pattern.fullmatch(phrase)
            if found is None:
                continue
            slots = {name: self._slot(name, value) for name, value in found.groupdict().items()}
            if all(value is not None for value in slots.values()):
                return told.format_map(slots)
        return None

    def _slot(self, name: str, value: str) -> str | None:
        """``{raw...}`` stays as it is, ``{number...}`` is a number, anything else is a phrase of its own."""
        if name.startswith("raw"):
            return value
        return localised(value) if name.startswith("number") else self._told(value)

    def _by_parts(self, phrase: str) -> str | None:
        """A list of known phrases. A name may itself hold the joint ("Russian or Soviet"): every place is tried."""
        for joint, told in self._joints.items():
            at = phrase.find(joint)
            while at >= 0:
                first, rest = self._told(phrase[:at]), self._told(phrase[at + len(joint) :])
                if first is not None and rest is not None:
                    return f"{first}{told}{rest}"
                at = phrase.find(joint, at + 1)
        return None


def _pattern(english: str) -> re.Pattern[str]:
    parts, at = [], 0
    for slot in _SLOT.finditer(english):
        parts.append(re.escape(english[at : slot.start()]))
        kind = r"[-+<≥± ]*\d[\d.,]*" if slot.group(1).startswith("number") else r".+?"
        parts.append(f"(?P<{slot.group(1)}>{kind})")
        at = slot.end()
    return re.compile("".join(parts) + re.escape(english[at:]), re.DOTALL)


def _vocabulary(catalogue: Catalogue) -> dict[str, str]:
    """English names of values and traits, and the name in the current language."""
    found: dict[str, str] = {}
    for trait in catalogue.vocabulary.traits.values():
        for names, key in ((trait.names, trait.id), *((value.names, value.id) for value in trait.values)):
            english = names.en[0] if names.en else key
            found.setdefault(english, first_name(names, english))
    return found
