"""Typed access to YAML nodes: text is converted by what the place calls for, and every complaint has its line.

Each function returns None after it has complained, so that reading goes on and one run yields all faults of a file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from forensics.errors import Fault
from forensics.yamltext import YamlList, YamlMap, YamlNode, YamlText

__all__ = [
    "LANGUAGES",
    "Complaints",
    "as_choice",
    "as_fraction",
    "as_integer",
    "as_list",
    "as_map",
    "as_names",
    "as_number",
    "as_text",
    "as_texts",
    "as_year",
    "check_keys",
    "entries_of",
    "nearest",
    "optional_text",
    "quoted",
]

LANGUAGES = ("en", "uk", "ko", "ru", "fa", "zh")

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
# Control characters reach terminals, direction overrides make a name read as another one.
_DANGEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass
class Complaints:
    """The faults of one file as they are found."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def nearest(self, word: str, known: Collection[str]) -> str:
        """As the function; after so many faults in one file, spelling is not what is wrong with it."""
        return nearest(word, known) if len(self.faults) < 25 else ""

    def unknown(
        self, node: YamlNode | int, what: str, word: str, known: Collection[str], at: str, otherwise: str = ""
    ) -> None:
        """Complain that a word is none of the known ones; advise the nearest, or else what to do otherwise."""
        self.add(node, f"unknown {what} {quoted(word)}.", self.nearest(word, known) or otherwise, at)

    def add(self, node: YamlNode | int, message: str, advice: str = "", at: str = "") -> None:
        """Complain about a node (or a line); ``at`` names the key or trait for the reader."""
        line = node if isinstance(node, int) else node.line
        self.faults.append(Fault(self.file, line, at, message, advice))


def quoted(text: str) -> str:
    """Text as it is shown in a complaint: quoted, and cut where nobody would read on."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def nearest(word: str, known: Collection[str]) -> str:
    """Advice that names the known word closest to a mistyped one; empty when none is close."""
    if len(word) > 60:
        return ""
    # In a long list only words with the same beginning are compared: a stranger's thousand slips must stay cheap.
    candidates = known if len(known) <= 200 else [other for other in known if other[:2] == word[:2]][:60]
    close = difflib.get_close_matches(word, candidates, n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else ""


def as_map(complaints: Complaints, node: YamlNode | None, at: str) -> YamlMap | None:
    """A mapping; None, with a complaint, for anything else but an absent node."""
    if node is None or isinstance(node, YamlMap):
        return node
    complaints.add(node, "needs 'key: value' lines here.", at=at)
    return None


def entries_of(complaints: Complaints, root: YamlNode | None, what: str) -> Iterator[tuple[str, YamlMap, int]]:
    """Id, body and line of each entry of a file that maps ids to bodies."""
    if root is None:
        return
    if not isinstance(root, YamlMap):
        complaints.add(root, f"needs one '{what} id:' per entry.")
        return
    for key, body in root.entries.items():
        if isinstance(body, YamlMap):
            yield key, body, root.key_lines[key]
        else:
            complaints.add(body, f"{what} {key!r} needs 'key: value' lines.", at=key)


def check_keys(
    complaints: Complaints, node: YamlMap, allowed: Collection[str], required: Collection[str] = (), at: str = ""
) -> bool:
    """Refuse unknown keys and complain about missing ones. True when both are in order."""
    fine = True
    for key in node.entries:
        if key not in allowed:
            advice = complaints.nearest(key, allowed) or f"Allowed here: {', '.join(allowed)}."
            complaints.add(node.key_lines[key], f"unknown key {quoted(key)}.", advice, at)
            fine = False
    for key in required:
        if key not in node.entries:
            complaints.add(node, f"the key {key!r} is missing.", at=at)
            fine = False
    return fine


def as_text(complaints: Complaints, node: YamlNode | None, at: str) -> str | None:
    """Text that is not empty and holds no control characters."""
    if node is None:
        return None
    if not isinstance(node, YamlText):
        complaints.add(node, "needs plain text here.", at=at)
        return None
    text = node.text.strip()
    if not text or node.is_null:
        complaints.add(node, "is empty.", "Leave the key out when nothing is known.", at)
        return None
    if not text.isprintable() and _DANGEROUS.search(text):
        complaints.add(node, "holds control or text-direction characters, which are not allowed.", "Retype it.", at)
        return None
    return text


def optional_text(complaints: Complaints, parent: YamlMap, key: str, at: str = "") -> str:
    """The text under a key; empty when the key is absent or null."""
    node = parent.entries.get(key)
    if node is None or (isinstance(node, YamlText) and (node.is_null or not node.text.strip())):
        return ""
    return as_text(complaints, node, at or key) or ""


def as_choice(complaints: Complaints, node: YamlNode | None, choices: Collection[str], at: str) -> str | None:
    """One word of a closed list."""
    text = as_text(complaints, node, at)
    if text is None or text in choices:
        return text
    assert node is not None
    advice = complaints.nearest(text, choices) or (f"Use one of: {', '.join(choices)}." if len(choices) <= 20 else "")
    complaints.add(node, f"{quoted(text)} is not known here.", advice, at)
    return None


def as_number(complaints: Complaints, node: YamlNode | None, at: str) -> float | None:
    """A finite decimal number with a point."""
    text = as_text(complaints, node, at)
    if text is None:
        return None
    assert node is not None
    if not _NUMBER.fullmatch(text):
        advice = "Write the decimals after a point." if "," in text else "Write the bare number, without a unit."
        complaints.add(node, f"{quoted(text)} is not a number.", advice, at)
        return None
    number = float(text)
    if abs(number) > 1e12:
        complaints.add(node, f"{quoted(text)} is out of any range.", at=at)
        return None
    return number


def as_fraction(complaints: Complaints, node: YamlNode | None, at: str, *, above_zero: bool = False) -> float | None:
    """A number from 0 to 1; with ``above_zero``, 0 itself is refused."""
    number = as_number(complaints, node, at)
    if number is None:
        return None
    assert node is not None
    if not 0.0 <= number <= 1.0 or (above_zero and number == 0.0):
        scope = "above 0 and at most 1" if above_zero else "from 0 to 1"
        complaints.add(node, f"{number:g} is not a number {scope}.", at=at)
        return None
    return number


def as_integer(complaints: Complaints, node: YamlNode | None, at: str) -> int | None:
    """A whole number."""
    text = as_text(complaints, node, at)
    if text is None:
        return None
    assert node is not None
    if not _INTEGER.fullmatch(text):
        complaints.add(node, f"{quoted(text)} is not a whole number.", at=at)
        return None
    return int(text)


def as_year(complaints: Complaints, node: YamlNode | None, at: str) -> int | None:
    """A Gregorian year, 1850 to 2100; None without complaint for ``null``."""
    if node is None or (isinstance(node, YamlText) and node.is_null):
        return None
    year = as_integer(complaints, node, at)
    if year is not None and not 1850 <= year <= 2100:
        complaints.add(node, f"{year} is not a Gregorian year from 1850 to 2100.", at=at)
        return None
    return year


def as_list(complaints: Complaints, node: YamlNode | None, at: str) -> tuple[YamlNode, ...]:
    """The items of a list; empty, with a complaint, for anything else but an absent node."""
    if node is None:
        return ()
    if not isinstance(node, YamlList):
        complaints.add(node, "needs a list here.", "Write [a, b], or one '- a' a line.", at)
        return ()
    return node.items


def as_texts(complaints: Complaints, node: YamlNode | None, at: str) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one, null as none."""
    if isinstance(node, YamlText):
        if node.is_null:
            return ()
        text = as_text(complaints, node, at)
        return () if text is None else (text,)
    found = (as_text(complaints, item, at) for item in as_list(complaints, node, at))
    return tuple(text for text in found if text is not None)


def as_names(
    complaints: Complaints, node: YamlNode | None, at: str, *, english: bool = False
) -> dict[str, tuple[str, ...]]:
    """Names by language. ``english``: complain when there is no English one."""
    if isinstance(node, YamlText) and node.is_null:
        return {}
    mapping = as_map(complaints, node, at)
    if mapping is None:
        return {}
    check_keys(complaints, mapping, LANGUAGES, ("en",) if english else (), at)
    return {
        language: as_texts(complaints, mapping.entries[language], f"{at}.{language}")
        for language in LANGUAGES
        if language in mapping.entries
    }
