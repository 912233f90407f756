r"""Marking grammars: reading the entries, and reading the linear patterns they are written in.

A pattern is a row of slots: a literal character, ``\d`` digit, ``\c`` Cyrillic capital, ``\l`` Latin capital, ``\h``
Hangul syllable, ``\j`` Hangul consonant, ``\s`` separator or nothing, ``[abc]`` one of a set, ``(AB|CD)`` one of some
strings; ``?``, ``{n}`` and ``{m,n}`` repeat the slot before. Nothing nests, so a pattern is read in time proportional
to its length times that of the text, whatever a stranger wrote.
"""

from __future__ import annotations

import re
from typing import Any

from forensics.catalogue.readers.fields import (
    Complaints,
    as_list,
    as_text,
    as_texts,
    check_keys,
    entries_of,
    optional_text,
)
from forensics.catalogue.readers.references import References, as_references
from forensics.yamltext import YamlNode

__all__ = ["MarkPattern", "PatternError", "read_grammars", "read_pattern"]

MAX_SLOTS = 120
_CLASSES = {
    "d": re.compile(r"[0-9]"),
    "c": re.compile(r"[А-ЯЁІЇЄҐ]"),
    "l": re.compile(r"[A-Z]"),
    "h": re.compile(r"[가-힣]"),
    "j": re.compile(r"[ㄱ-ㅎ]"),
}
_SEPARATORS = frozenset(" -./№–—_:")
_REPEAT = re.compile(r"\{(\d{1,2})(?:,(\d{1,2}))?\}")

Plain = dict[str, Any]


class PatternError(ValueError):
    """A pattern that cannot be read; the message is for the editor."""


class MarkPattern:
    """A pattern as slots, each the alternatives it accepts and whether it may be left out."""

    def __init__(self, slots: tuple[tuple[frozenset[str] | re.Pattern[str], bool], ...]) -> None:
        self.slots = slots

    def reads(self, text: str) -> bool:
        """Whether the whole text fits the pattern."""
        ends = {0}
        for accepted, optional in self.slots:
            after = set(ends) if optional else set()
            for start in ends:
                if isinstance(accepted, re.Pattern):
                    if start < len(text) and accepted.match(text[start]):
                        after.add(start + 1)
                else:
                    after.update(start + len(word) for word in accepted if text.startswith(word, start))
            ends = after
            if not ends:
                return False
        return len(text) in ends


def read_pattern(pattern: str) -> MarkPattern:
    """Read a pattern.

    Raises
    ------
    PatternError
        If a bracket is not closed, a quantifier has nothing to repeat, or there are more than 120 slots.
    """
    slots: list[tuple[frozenset[str] | re.Pattern[str], bool]] = []
    position = 0
    while position < len(pattern):
        accepted, optional, position = _slot(pattern, position)
        low, high, position = _repeat(pattern, position)
        slots += [(accepted, optional)] * low + [(accepted, True)] * (high - low)
        if len(slots) > MAX_SLOTS:
            raise PatternError(f"has more than {MAX_SLOTS} slots.")
    if not slots:
        raise PatternError("is empty.")
    return MarkPattern(tuple(slots))


def _slot(pattern: str, position: int) -> tuple[frozenset[str] | re.Pattern[str], bool, int]:
    character = pattern[position]
    if character == "\\":
        escaped = pattern[position + 1 : position + 2]
        if not escaped:
            raise PatternError("ends in a lone backslash.")
        if escaped == "s":
            return _SEPARATORS, True, position + 2
        if escaped.isalnum() and escaped not in _CLASSES:
            raise PatternError(f"has the unknown slot \\{escaped}; there are \\d \\c \\l \\h \\j \\s.")
        return _CLASSES.get(escaped, frozenset(escaped)), False, position + 2
    if character in "[(":
        end = pattern.find("]" if character == "[" else ")", position)
        body = pattern[position + 1 : end]
        if end < 0 or not body:
            raise PatternError(f"has a {character!r} that is not closed, or is empty.")
        if any(inner in body for inner in "[(\\"):
            raise PatternError("nests brackets or escapes inside brackets, which is not possible here.")
        words = frozenset(_expand_set(body) if character == "[" else body.split("|"))
        return words - {""}, "" in words, end + 1
    if character in "?{}])":
        raise PatternError(f"has a {character!r} with nothing before it; write \\{character} for the character.")
    return frozenset(character), False, position + 1


def _expand_set(body: str) -> str:
    """``A-F`` in a set is a range, as everywhere; a hyphen at an end is a hyphen."""
    return re.sub(
        r"(\w)-(\w)",
        lambda found: "".join(map(chr, range(ord(found[1]), min(ord(found[2]), ord(found[1]) + 400) + 1))),
        body,
    )


def _repeat(pattern: str, position: int) -> tuple[int, int, int]:
    if pattern[position : position + 1] == "?":
        return 0, 1, position + 1
    if pattern[position : position + 1] != "{":
        return 1, 1, position
    found = _REPEAT.match(pattern, position)
    if found is None:
        raise PatternError("has a '{' that is not a repetition like {2} or {1,3}.")
    low = int(found[1])
    high = int(found[2]) if found[2] else low
    if low > high or high == 0:
        raise PatternError(f"has the repetition {found[0]}, which repeats nothing.")
    return low, high, found.end()


def read_grammars(complaints: Complaints, root: YamlNode | None, known: References) -> dict[str, Plain]:
    """``vocabulary/grammars.yaml`` as plain ``Grammar`` mappings by id."""
    allowed = ("pattern", "script", "meaning", "caution", "examples", "counterexamples", "sources")
    found: dict[str, Plain] = {}
    for key, body, _ in entries_of(complaints, root, "grammar"):
        before = len(complaints.faults)
        check_keys(complaints, body, allowed, ("pattern", "script", "meaning"), key)
        pattern = as_text(complaints, body.get("pattern"), key)
        if pattern is not None:
            try:
                read_pattern(pattern)
            except PatternError as error:
                complaints.add(body.entries["pattern"], f"the pattern {error}", at=key)
        grammar = {
            "id": key,
            "pattern": pattern,
            "script": as_text(complaints, body.get("script"), key),
            "meaning": as_text(complaints, body.get("meaning"), key),
            "caution": optional_text(complaints, body, "caution", key),
            "examples": as_texts(complaints, body.get("examples"), key),
            "counterexamples": as_texts(complaints, body.get("counterexamples"), key),
            "sources": as_references(
                complaints, as_list(complaints, body.get("sources"), key), known.sources, "source", key
            ),
        }
        if len(complaints.faults) == before:
            found[key] = grammar
    return found
