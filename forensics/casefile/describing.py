"""Writing ``case.yaml``: a new one, and further photographs into one that a person keeps by hand.

The text between the lines is the person's: comments, order and spelling stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from forensics import yamltext
from forensics.model.evidence import Case, PhotographEntry
from forensics.yamltext import YamlList, YamlMap

__all__ = ["entry_line", "new_text", "scalar", "with_photographs"]

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")


def scalar(text: str) -> str:
    """A YAML scalar that reads back as exactly this text."""
    if _PLAIN.fullmatch(text) and text.lower() != "null":
        return text
    # JSON's quoting is YAML's, but YAML wants what cannot be printed escaped, beyond 16 bits in a form of its own.
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(
        letter if letter.isprintable() else f"\\U{ord(letter):08X}" if ord(letter) > 0xFFFF else f"\\u{ord(letter):04X}"
        for letter in quoted
    )


def entry_line(entry: PhotographEntry) -> str:
    """A line of the list of photographs."""
    fields = {"file": entry.file, "item": entry.item, "part": entry.part or ""}
    written = [f"{key}: {scalar(text)}" for key, text in fields.items() if text]
    written += ["is_render: yes"] if entry.is_render else []
    written += [f"note: {scalar(entry.note)}"] if entry.note else []
    return f"- {{{', '.join(written)}}}"


def new_text(case: Case) -> str:
    """A ``case.yaml`` for a person to go on with."""
    lines = ["# What happened, what was recovered, and what each photograph shows.", f"id: {scalar(case.id)}"]
    for key, text in (
        ("title", case.title),
        ("event_date", case.event_date or ""),
        ("place", case.place),
        ("mandate", case.mandate),
    ):
        lines.append(f"{key}: {scalar(text)}" if text else f"{key}:")
    lines.append("items:")
    for item in case.items:
        lines.append(f"  - id: {scalar(item.id)}")
        for key, text in (("description", item.description), ("found", item.found), ("custodian", item.custodian)):
            lines += [f"    {key}: {scalar(text)}"] if text else []
    lines.append("photographs:")
    lines += [f"  {entry_line(entry)}" for entry in case.photographs]
    return "\n".join(lines) + "\n"


def with_photographs(data: bytes, listed: tuple[PhotographEntry, ...], new: Iterable[PhotographEntry]) -> bytes:
    """The bytes of a ``case.yaml`` with further photographs at the end of its list.

    A list written in one line (``[…]``) is written out, because nothing can be put into it line by line.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = data.decode(encoding)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    root, _ = yamltext.parse(data, "")
    added = [entry_line(entry) for entry in new]
    key = _key(root) if isinstance(root, YamlMap) else None
    if key is None or not isinstance(root, YamlMap):
        lines += ["photographs:", *(f"  {line}" for line in added)]
        return (end.join(lines) + end).encode(encoding)
    start = root.key_lines[key]
    stop = min((line for line in root.key_lines.values() if line > start), default=len(lines) + 1) - 1
    while stop > start and (not lines[stop - 1].strip() or lines[stop - 1].lstrip().startswith("#")):
        stop -= 1
    node = root.entries[key]
    first = next(iter(node), None) if isinstance(node, YamlList) else None
    dash = re.match(r"( *)- ", lines[first.line - 1]) if first is not None else None
    if dash and not lines[start - 1].rstrip().endswith("]"):
        lines[stop:stop] = [dash[1] + line for line in added]
    else:
        written = [f"  {entry_line(entry)}" for entry in listed] + [f"  {line}" for line in added]
        lines[start - 1 : stop] = ["photographs:", *written]
    return (end.join(lines) + end).encode(encoding)


def _key(root: YamlMap) -> str | None:
    return next((key for key in root.entries if key.strip().lower() == "photographs"), None)
