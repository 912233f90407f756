"""The catalogue's marking formats as the reader uses them: which readings follow one, and in which script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from forensics.examine.markings.alphabet import shapes_of, spelled
from forensics.examine.markings.automaton import Automaton, PatternError
from forensics.model.catalogue import Grammar

__all__ = ["Format", "Formats", "key_of"]

BOOST = 6.0
"""How many times more probable a reading becomes that follows a telling format. Elicited: marks on munitions follow
formats more often than strings of the same look elsewhere; the formats are never complete, so it is kept small."""

SHORTEST = 3
"""Characters below which a format says nothing: two syllables or two digits follow one by chance."""


def key_of(text: str) -> str:
    """The key under which two readings are one: as the network spells it, no spaces, capitals, twins as Latin."""
    return spelled(shapes_of(text))


@dataclass(frozen=True)
class Format:
    """One format of the catalogue. ``telling``: it fixes a character, or a letter among digits."""

    name: str
    script: str
    automaton: Automaton
    telling: bool


class Formats:
    """All formats that readings are compared with. Faulty patterns are left out: the catalogue lint reports them."""

    def __init__(self, grammars: Mapping[str, Grammar] | None = None) -> None:
        found: list[Format] = []
        self._patterns: list[str] = []
        for name, grammar in sorted((grammars or {}).items()):
            try:
                automaton = Automaton.of(grammar.pattern)
            except PatternError:
                continue
            found.append(Format(name, grammar.script, automaton, _telling(grammar.pattern)))
            self._patterns.append(grammar.pattern)
        self._formats = tuple(found)

    @classmethod
    def of_patterns(cls, patterns: Mapping[str, str]) -> Formats:
        """Formats from bare patterns by name, for benchmarks and tests; they have no script."""
        return cls({name: Grammar(id=name, pattern=one, script="any", meaning="") for name, one in patterns.items()})

    def __iter__(self) -> Iterator[Format]:
        return iter(self._formats)

    def __len__(self) -> int:
        return len(self._formats)

    @cached_property
    def together(self) -> Automaton | None:
        """One automaton of all telling formats, None where there is none."""
        patterns = [pattern for one, pattern in zip(self._formats, self._patterns, strict=True) if one.telling]
        return Automaton.any_of(*patterns) if patterns else None

    def followed_by(self, text: str) -> tuple[Format, ...]:
        """The formats that a reading follows."""
        return tuple(one for one in self._formats if one.automaton.contains(text))

    def favour(self, text: str) -> float:
        """How many times more probable than a string that follows none: 1 or ``BOOST``."""
        if len(shapes_of(text)) < SHORTEST or not any(one.telling for one in self.followed_by(text)):
            return 1.0
        return BOOST

    def scripts(self, text: str) -> frozenset[str]:
        """Scripts of the telling formats that a reading follows, without those that are digits alone."""
        return frozenset(one.script for one in self.followed_by(text) if one.telling) - {"digits", "any", ""}


def _telling(pattern: str) -> bool:
    """Whether a format fixes something: a letter, characters of two kinds, or signs between groups of digits."""
    bare = re.sub(r"\\s|\{[^}]*\}|[?]", "", pattern)
    kinds = set(re.findall(r"\\[dclhj]", bare))
    literals = re.sub(r"\\[dclhj]|[\[\]()|]", "", bare)
    return len(kinds) > 1 or bool(kinds and literals) or any(letter.isalpha() for letter in literals)
