"""YAML and JSON sheets: a list of mappings, or a mapping with the list under ``observations``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import NoReturn

from forensics import yamltext
from forensics.errors import Fault
from forensics.intake.rows import MAX_ROWS, Row, Sheet
from forensics.intake.words import IGNORED_COLUMNS, Lexicon, fold
from forensics.yamltext import YamlList, YamlMap

__all__ = ["read_json", "read_yaml"]

_SHAPE = "Write a list of observations, or a mapping with that list under 'observations'."


class _DuplicateKeyError(ValueError):
    pass


def read_yaml(path: Path, lexicon: Lexicon, file: str) -> Sheet:
    """Rows of a YAML sheet; every scalar is taken as text."""
    root, faults = yamltext.read(path, file)
    if faults:
        return Sheet(faults=tuple(faults))
    if root is None:
        return Sheet(faults=(Fault(file, message="is empty.", advice=_SHAPE),))
    listed: object = root.get("observations") if isinstance(root, YamlMap) else root
    if not isinstance(listed, YamlList):
        return Sheet(faults=(Fault(file, root.line, message="is not a list of observations.", advice=_SHAPE),))
    entries = [(entry.line, yamltext.plain(entry)) for entry in listed]
    return _rows(entries, lexicon, file)


def read_json(path: Path, lexicon: Lexicon, file: str) -> Sheet:
    """Rows of a JSON sheet; numbers and booleans are allowed."""
    data = path.read_bytes()
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
        root = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=str,
            parse_int=str,
        )
    except UnicodeDecodeError:
        return Sheet(faults=(Fault(file, message="is not UTF-8 text.", advice="Save it as UTF-8."),))
    except JSONDecodeError as error:
        return Sheet(faults=(Fault(file, error.lineno, message=f"is not valid JSON: {error.msg}."),))
    except _DuplicateKeyError as error:
        return Sheet(faults=(Fault(file, message=f"has the key {error} twice in one mapping."),))
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Sheet(faults=(Fault(file, message=f"is not valid JSON: {reason}."),))
    listed = root.get("observations") if isinstance(root, dict) else root
    if not isinstance(listed, list):
        return Sheet(faults=(Fault(file, message="is not a list of observations.", advice=_SHAPE),))
    lines = _lines(text)
    return _rows(
        [(lines[index] if index < len(lines) else index + 1, entry) for index, entry in enumerate(listed)],
        lexicon,
        file,
    )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _DuplicateKeyError(repr(key))
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _lines(text: str) -> list[int]:
    """The line on which each observation of a valid JSON sheet begins."""
    decoder = JSONDecoder()
    place = _skip(text, 0)
    if text.startswith("{", place):
        place = _skip(text, place + 1)
        while text[place] == '"':
            key, place = decoder.raw_decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
            if key == "observations":
                break
            _, place = decoder.raw_decode(text, place)
            place = _skip(text, place)
            place = _skip(text, place + 1) if text[place] == "," else place
    lines: list[int] = []
    line, counted = 1, 0
    place = _skip(text, place + 1)
    while text[place] != "]":
        line, counted = line + text.count("\n", counted, place), place
        lines.append(line)
        _, place = decoder.raw_decode(text, place)
        place = _skip(text, place)
        place = _skip(text, place + 1) if text[place] == "," else place
    return lines


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n\ufeff":
        place += 1
    return place


def _rows(entries: list[tuple[int, object]], lexicon: Lexicon, file: str) -> Sheet:
    if len(entries) > MAX_ROWS:
        return Sheet(faults=(Fault(file, message=f"has more than {MAX_ROWS} observations.", advice="Split it."),))
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, entry in entries:
        if not isinstance(entry, Mapping):
            faults.append(Fault(file, line, message="is not an observation.", advice=_SHAPE))
            continue
        rows.append(_row(line, entry, lexicon, file, faults))
    return Sheet(tuple(rows), tuple(faults))


def _row(line: int, entry: Mapping[str, object], lexicon: Lexicon, file: str, faults: list[Fault]) -> Row:
    cells: dict[str, str] = {}
    headings: dict[str, str] = {}
    structured: dict[str, object] | None = None
    ignored = {fold(name) for name in IGNORED_COLUMNS}
    for key, content in entry.items():
        column = lexicon.column(key)
        if column is None:
            if fold(key) not in ignored and not key.startswith("#"):
                faults.append(Fault(file, line, key, "is not a key of an observation.", lexicon.column_advice(key)))
            continue
        if column in headings:
            faults.append(Fault(file, line, key, f"means the same as {headings[column]!r} ({column})."))
            continue
        headings[column] = key
        if column == "value" and isinstance(content, dict) and "kind" in content:
            structured = content
            continue
        text = _cell(content)
        if text is None:
            faults.append(Fault(file, line, key, "is nested too deeply.", "Write it as text, as in a spreadsheet."))
            continue
        cells[column] = text
    return Row(line, cells, headings, structured)


def _cell(content: object) -> str | None:
    """What a person would have typed into one cell; None for what has no such form."""
    if isinstance(content, list | tuple):
        parts = [_scalar(part) for part in content]
        numbers = all(_is_number(part or "") for part in parts)
        return None if None in parts else (";" if numbers else " | ").join(part or "" for part in parts)
    if isinstance(content, dict):
        named = {key: _scalar(part) for key, part in content.items()}
        if None in named.values():
            return None
        if set(map(fold, named)) & {"chord", "sagitta"}:
            return "; ".join(f"{key} {part}" for key, part in named.items())
        return " | ".join(f"{key}:{part}" for key, part in named.items())
    return _scalar(content)


def _scalar(content: object) -> str | None:
    if isinstance(content, dict | list | tuple):
        return None
    if isinstance(content, bool):
        return "yes" if content else "no"
    return "" if content is None else str(content)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
