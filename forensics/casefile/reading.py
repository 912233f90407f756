"""``case.yaml`` to a typed ``Case``: every fault of the file with its line, in one run."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from forensics import yamltext
from forensics.casefile.layout import PHOTOGRAPHS, reason_unsafe
from forensics.errors import CaseError, Fault
from forensics.model.evidence import Case, Item, PhotographEntry, Population
from forensics.yamltext import YamlList, YamlMap, YamlNode, YamlText

__all__ = ["parse_case", "reason_no_date"]

_CASE_KEYS = (
    "id",
    "title",
    "event_date",
    "place",
    "mandate",
    "items",
    "photographs",
    "population",
    "conditioning",
    "sources",
)
_ITEM_KEYS = ("id", "description", "found", "custodian")
_PHOTOGRAPH_KEYS = ("file", "item", "part", "is_render", "note")
_POPULATION_KEYS = ("classes", "states", "note")
_YES, _NO = frozenset({"yes", "true", "y", "1"}), frozenset({"no", "false", "n", "0"})

Entry = TypeVar("Entry")


def parse_case(data: bytes, folder: Path, shown_as: str) -> Case:
    """The case that the bytes of a ``case.yaml`` describe.

    File names of photographs are those inside the case folder (``photographs/x.jpg``; ``x.jpg`` is accepted).

    Raises
    ------
    CaseError
        With every fault of the file.
    """
    root, faults = yamltext.parse(data, shown_as)
    reader = _Reader(folder, shown_as, faults)
    case = None
    if isinstance(root, YamlMap):
        case = reader.case(root)
    elif not faults:
        reader.fault(root.line if root else 0, "", "is not a case.", "Write at least 'id: …' on a line of its own.")
    if reader.faults or case is None:
        raise CaseError(sorted(reader.faults, key=lambda fault: fault.row))
    return case


def reason_no_date(text: str) -> str | None:
    """Why a text is no event date; None when it is ``2024``, ``2024-01`` or ``2024-01-02``."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if found is None:
        return f"{text!r} is not a date."
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError as error:
        return f"{text!r} is not a date: {error}."
    return None


class _Reader:
    """Nodes to values, remembering what is wrong."""

    def __init__(self, folder: Path, file: str, faults: list[Fault]) -> None:
        self._folder = folder
        self._file = file
        self.faults = list(faults)

    def fault(self, line: int, key: str, message: str, advice: str = "") -> None:
        self.faults.append(Fault(self._file, line, key, message, advice))

    def case(self, root: YamlMap) -> Case:
        fields = self._fields(root, _CASE_KEYS, "case")
        case_id = self._text(fields.get("id"), "id")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", case_id):
            found = f"{case_id!r} is not a case id." if case_id else "the case has no id."
            self.fault(root.key_lines.get("id", 0), "id", found, "Use letters, digits, dots and hyphens.")
        event_date = self._text(fields.get("event_date"), "event_date")
        wrong = reason_no_date(event_date) if event_date else None
        if wrong:
            advice = "Write 2024-01-02, 2024-01 or 2024; leave it out when it is not known."
            self.fault(_line(fields.get("event_date")), "event_date", wrong, advice)
        items = self._listed(fields.get("items"), "items", self._item)
        self._unique(fields.get("items"), [item.id for item in items], "item")
        known = {item.id for item in items}
        photographs = self._listed(fields.get("photographs"), "photographs", lambda node: self._photograph(node, known))
        self._unique(fields.get("photographs"), [entry.file for entry in photographs], "photograph")
        return Case(
            id=case_id or "?",
            title=self._text(fields.get("title"), "title"),
            event_date=event_date if event_date and not wrong else None,
            place=self._text(fields.get("place"), "place"),
            mandate=self._text(fields.get("mandate"), "mandate"),
            items=tuple(items),
            photographs=tuple(photographs),
            population=self._population(fields.get("population")),
            conditioning=self._texts(fields.get("conditioning"), "conditioning"),
            sources=self._sources(fields.get("sources")),
        )

    def _fields(self, node: YamlMap, known: tuple[str, ...], what: str) -> dict[str, YamlNode]:
        found: dict[str, YamlNode] = {}
        for key, value in node.entries.items():
            name = re.sub(r"[\s-]+", "_", key.strip().lower())
            if name in known and name not in found:
                found[name] = value
                continue
            near = get_close_matches(name, known, n=1, cutoff=0.75)
            hint = f"Did you mean {near[0]!r}? " if near and near[0] != name else ""
            problem = "stands here twice." if name in known else f"is not a key of a {what}."
            self.fault(node.key_lines[key], key, problem, f"{hint}Keys are: {', '.join(known)}.")
        return found

    def _text(self, node: YamlNode | None, key: str) -> str:
        if node is None or (isinstance(node, YamlText) and node.is_null):
            return ""
        if isinstance(node, YamlText):
            return node.text.strip()
        self.fault(node.line, key, "must be plain text.", "Write it on one line, in quotes when it holds a colon.")
        return ""

    def _texts(self, node: YamlNode | None, key: str) -> tuple[str, ...]:
        if isinstance(node, YamlText) and not node.is_null:
            return (node.text.strip(),)
        return tuple(text for text in self._listed(node, key, lambda entry: self._text(entry, key)) if text)

    def _listed(self, node: YamlNode | None, key: str, read: Callable[[YamlNode], Entry | None]) -> list[Entry]:
        if node is None or (isinstance(node, YamlText) and node.is_null):
            return []
        if not isinstance(node, YamlList):
            self.fault(node.line, key, "must be a list.", "Begin each entry on its own line with '- '.")
            return []
        return [entry for one in node if (entry := read(one)) is not None]

    def _item(self, node: YamlNode) -> Item | None:
        if isinstance(node, YamlText) and not node.is_null:
            return Item(id=node.text.strip())
        if not isinstance(node, YamlMap):
            self.fault(node.line, "items", "is not an item.", "Write '- id: K-1'.")
            return None
        fields = {key: self._text(value, key) for key, value in self._fields(node, _ITEM_KEYS, "item").items()}
        if not fields.get("id"):
            self.fault(node.line, "items", "has no id.", "Give every item its exhibit number.")
            return None
        return Item(**fields)

    def _photograph(self, node: YamlNode, items: set[str]) -> PhotographEntry | None:
        if isinstance(node, YamlText) and not node.is_null:
            name = self._file_name(node.text.strip(), node.line)
            return PhotographEntry(file=name) if name else None
        if not isinstance(node, YamlMap):
            self.fault(
                node.line, "photographs", "is not a photograph.", "Write '- {file: photographs/x.jpg, item: K-1}'."
            )
            return None
        fields = self._fields(node, _PHOTOGRAPH_KEYS, "photograph")
        name = self._file_name(self._text(fields.get("file"), "file"), node.line)
        item = self._text(fields.get("item"), "item")
        if item and items and item not in items:
            advice = f"Items are: {', '.join(sorted(items))}."
            self.fault(_line(fields.get("item")), "item", f"{item!r} is not an item of this case.", advice)
        if not name:
            return None
        return PhotographEntry(
            file=name,
            item=item,
            part=self._text(fields.get("part"), "part") or None,
            is_render=self._yes(fields.get("is_render"), "is_render"),
            note=self._text(fields.get("note"), "note"),
        )

    def _file_name(self, name: str, line: int) -> str:
        inside = name
        if name and "/" not in name and not reason_unsafe(self._folder, name) and not (self._folder / name).exists():
            inside = f"{PHOTOGRAPHS}/{name}"
        reason = "has no file" if not name else reason_unsafe(self._folder, inside)
        if reason is None:
            return inside
        advice = "Name a file inside the case folder, like photographs/x.jpg."
        self.fault(line, "file", f"{name!r} {reason}." if name else f"{reason}.", advice)
        return ""

    def _yes(self, node: YamlNode | None, key: str) -> bool:
        text = self._text(node, key).lower()
        if text and text not in _YES | _NO:
            self.fault(_line(node), key, f"{text!r} is neither yes nor no.", "Write yes or no.")
        return text in _YES

    def _population(self, node: YamlNode | None) -> Population:
        if node is None or (isinstance(node, YamlText) and node.is_null):
            return Population()
        if not isinstance(node, YamlMap):
            self.fault(node.line, "population", "must hold classes, states or a note.")
            return Population()
        fields = self._fields(node, _POPULATION_KEYS, "population")
        return Population(
            classes=self._texts(fields.get("classes"), "classes"),
            states=self._texts(fields.get("states"), "states"),
            note=self._text(fields.get("note"), "note"),
        )

    def _sources(self, node: YamlNode | None) -> dict[str, str]:
        if node is None or (isinstance(node, YamlText) and node.is_null):
            return {}
        if not isinstance(node, YamlMap):
            self.fault(node.line, "sources", "must name each source: 'S1: publisher, date'.")
            return {}
        return {key: self._text(value, key) for key, value in node.entries.items()}

    def _unique(self, node: YamlNode | None, names: list[str], what: str) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault(_line(node), f"{what}s", f"the {what} {name!r} is listed twice.", "Keep one of the two.")


def _line(node: YamlNode | None) -> int:
    return node.line if node is not None else 0
