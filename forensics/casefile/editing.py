"""Changing what ``case.yaml`` says through a form: only the lines concerned are written anew.

The result is always read back and compared before it takes the place of the old text (``CaseFolder``), so that a
layout this module does not understand is left alone rather than damaged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics import yamltext
from forensics.casefile.describing import entry_line, scalar, with_photographs
from forensics.model.evidence import Item, PhotographEntry
from forensics.yamltext import YamlList, YamlMap, YamlNode, YamlText

__all__ = ["CaseFacts", "with_facts", "with_items", "with_photograph"]


@dataclass(frozen=True)
class CaseFacts:
    """What a case says about the event."""

    title: str = ""
    event_date: str = ""
    place: str = ""
    mandate: str = ""


@dataclass
class _Text:
    """The lines of a file, and how they were encoded and ended."""

    lines: list[str]
    end: str
    encoding: str
    root: YamlMap

    @classmethod
    def of(cls, data: bytes) -> _Text:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        text = data.decode(encoding)
        root, _ = yamltext.parse(data, "")
        if not isinstance(root, YamlMap):
            root = YamlMap({}, {}, 1)
        return cls(text.splitlines(), "\r\n" if "\r\n" in text else "\n", encoding, root)

    def bytes(self) -> bytes:
        return (self.end.join(self.lines) + self.end).encode(self.encoding)

    def key(self, name: str) -> str | None:
        """The key as it is spelt in the file."""
        return next(
            (key for key in self.root.entries if re.sub(r"[\s-]+", "_", key.strip().lower()) == name),
            None,
        )

    def span(self, key: str) -> tuple[int, int]:
        """First line (from 0) of a key and the line after its last, comments and blank lines at the end left out."""
        start = self.root.key_lines[key]
        stop = min((line for line in self.root.key_lines.values() if line > start), default=len(self.lines) + 1) - 1
        while stop > start and (not self.lines[stop - 1].strip() or self.lines[stop - 1].lstrip().startswith("#")):
            stop -= 1
        return start - 1, stop


def with_facts(data: bytes, facts: CaseFacts) -> bytes:
    """The bytes with title, date, place and mandate set."""
    for name, value in facts.__dict__.items():
        text = _Text.of(data)
        key = text.key(name)
        line = f"{key or name}: {scalar(value)}" if value else f"{key or name}:"
        if key is not None:
            start, stop = text.span(key)
            text.lines[start:stop] = [line]
        elif value:
            place = text.span(text.key("id") or "id")[1] if text.key("id") else 0
            text.lines[place:place] = [line]
        data = text.bytes()
    return data


def with_items(data: bytes, listed: tuple[Item, ...], item: Item) -> bytes:
    """The bytes with one more item at the end of the list."""
    text = _Text.of(data)
    key = text.key("items")
    if key is None:
        text.lines += ["items:", *_item_lines(item, "  ")]
        return text.bytes()
    start, stop = text.span(key)
    first = _first(text.root.entries[key])
    dash = re.match(r"( *)- ", text.lines[first.line - 1]) if first is not None else None
    if dash and not text.lines[start].rstrip().endswith("]"):
        text.lines[stop:stop] = _item_lines(item, dash[1])
    else:
        written = [line for one in (*listed, item) for line in _item_lines(one, "  ")]
        text.lines[start:stop] = [f"{key}:", *written]
    return text.bytes()


def _item_lines(item: Item, indent: str) -> list[str]:
    lines = [f"{indent}- id: {scalar(item.id)}"]
    for key in ("description", "found", "custodian"):
        value = getattr(item, key)
        lines += [f"{indent}  {key}: {scalar(value)}"] if value else []
    return lines


def with_photograph(
    data: bytes, listed: tuple[PhotographEntry, ...], entry: PhotographEntry
) -> tuple[bytes, tuple[PhotographEntry, ...]]:
    """The bytes, and the list, with one photograph described anew (or put at the end, when it was not listed)."""
    place = next((number for number, one in enumerate(listed) if one.file == entry.file), None)
    if place is None:
        return with_photographs(data, listed, [entry]), (*listed, entry)
    after = (*listed[:place], entry, *listed[place + 1 :])
    text = _Text.of(data)
    key = text.key("photographs")
    node = text.root.entries.get(key) if key else None
    if key is None or not isinstance(node, YamlList):
        return data, after
    start, stop = text.span(key)
    nodes = list(node)
    first = text.lines[nodes[place].line - 1] if len(nodes) == len(listed) else ""
    dash = re.match(r"( *)- ", first)
    if not dash:
        text.lines[start:stop] = [f"{key}:", *(f"  {entry_line(one)}" for one in after)]
        return text.bytes(), after
    begin = nodes[place].line - 1
    end = nodes[place + 1].line - 1 if place + 1 < len(nodes) else stop
    while end > begin + 1 and (not text.lines[end - 1].strip() or text.lines[end - 1].lstrip().startswith("#")):
        end -= 1
    text.lines[begin:end] = [dash[1] + entry_line(entry)]
    return text.bytes(), after


def _first(node: YamlNode) -> YamlNode | None:
    if isinstance(node, YamlText):
        return None
    return next(iter(node), None) if isinstance(node, YamlList) else None
