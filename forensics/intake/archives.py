"""Is a workbook safe to open: sizes before unpacking, and the extent of its cells before they are laid out.

A few kilobytes of XLSX or ODS can describe gigabytes: a compressed member that unpacks without end, one cell in the
last row and column, or one cell repeated a billion times. All of it is measured on the packed file, in a stream.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from forensics.errors import Fault

__all__ = ["MAX_COLUMNS", "MAX_SHEET_ROWS", "MAX_UNPACKED_BYTES", "Survey", "survey"]

MAX_UNPACKED_BYTES = 100_000_000
MAX_RATIO = 200
"""No member that grows more than this is a sheet; only large members are asked (empty styled rows pack well)."""
MAX_SHEET_ROWS = 100_000
MAX_COLUMNS = 256

_DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
)
"""What ``zipfile`` and its decompressors raise over archives that are not what they say."""

_BOMB = "Copy the filled rows into a new workbook."


@dataclass
class Survey:
    """What was found: faults that forbid opening, and cells whose formula has no stored result."""

    faults: list[Fault] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)


class _ExtentError(Exception):
    """Raised inside the XML parser to stop at the first cell out of bounds."""


def survey(path: Path, file: str, kind: str) -> Survey:
    """Look at a workbook without unpacking it into memory."""
    found = Survey()
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: member for member in archive.infolist()}
            _check_kind(members, archive, file, kind, found)
            _check_sizes(members, file, found)
            if found.faults:
                return found
            for name in sorted(members):
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name) if kind == "xlsx" else name == "content.xml":
                    with archive.open(name) as stream:
                        _check_cells(stream, file, kind, found)
    except _DAMAGED as error:
        advice = "Open it in a spreadsheet and save it again."
        found.faults.append(Fault(file, message=f"is damaged or protected: {error}.", advice=advice))
    return found


def _check_kind(
    members: dict[str, zipfile.ZipInfo], archive: zipfile.ZipFile, file: str, kind: str, found: Survey
) -> None:
    if any(member.flag_bits & 1 for member in members.values()):
        found.faults.append(Fault(file, message="is protected by a password.", advice="Save it without one."))
        return
    mimetype = ""
    if "mimetype" in members and members["mimetype"].file_size < 200:
        mimetype = archive.read("mimetype").decode("ascii", "replace")
    actual = "ods" if "opendocument.spreadsheet" in mimetype else "xlsx" if "xl/workbook.xml" in members else ""
    if actual != kind:
        what = f"is an {actual.upper()} workbook" if actual else "is an archive, but no workbook"
        advice = f"Give it the ending .{actual}." if actual else "Save the sheet as XLSX or ODS."
        found.faults.append(Fault(file, message=f"{what}, although its name ends in .{kind}.", advice=advice))


def _check_sizes(members: dict[str, zipfile.ZipInfo], file: str, found: Survey) -> None:
    # Sizes as declared in the directory; zipfile never unpacks a member beyond its declared size.
    total = sum(member.file_size for member in members.values())
    if total > MAX_UNPACKED_BYTES:
        message = (
            f"unpacks to {total / 1e6:.0f} MB, more than a trait sheet can need ({MAX_UNPACKED_BYTES // 10**6} MB)."
        )
        found.faults.append(Fault(file, message=message, advice=_BOMB))
        return
    for member in members.values():
        if member.file_size > 5_000_000 and member.file_size > MAX_RATIO * max(1, member.compress_size):
            message = f"holds {member.filename!r}, which unpacks to {member.file_size // max(1, member.compress_size)} "
            found.faults.append(Fault(file, message=f"{message}times its size.", advice=_BOMB))


def _check_cells(stream: IO[bytes], file: str, kind: str, found: Survey) -> None:
    parser = expat.ParserCreate()
    watcher = _XlsxCells(found) if kind == "xlsx" else _OdsCells()
    parser.StartElementHandler = watcher.start
    parser.EndElementHandler = watcher.end
    parser.CharacterDataHandler = watcher.text
    parser.EntityDeclHandler = _no_entities
    try:
        parser.ParseFile(stream)
    except _ExtentError as error:
        found.faults.append(Fault(file, message=str(error), advice=_BOMB))
    except expat.ExpatError as error:
        found.faults.append(Fault(file, message=f"is damaged: {error}.", advice="Save it again from a spreadsheet."))


def _no_entities(*_arguments: object) -> None:
    raise _ExtentError("declares XML entities, which no spreadsheet writes.")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _XlsxCells:
    """Extent of the filled cells of one worksheet, and formulas without a stored result."""

    def __init__(self, found: Survey) -> None:
        self._found = found
        self._cell = ""
        self._formula = self._filled = self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            self._cell, self._formula, self._filled = attributes.get("r", ""), False, False
        elif local == "f":
            self._formula = True
        elif local in ("v", "is"):
            self._inside = True

    def end(self, name: str) -> None:
        local = _local(name)
        if local in ("v", "is"):
            self._inside = False
        elif local == "c" and self._formula and not self._filled:
            self._found.uncalculated.append(self._cell)

    def text(self, data: str) -> None:
        if not self._inside or self._filled or not data.strip():
            return
        self._filled = True
        position = re.fullmatch(r"([A-Z]{1,3})(\d+)", self._cell)
        if position and (_column(position[1]) > MAX_COLUMNS or int(position[2]) > MAX_SHEET_ROWS):
            raise _ExtentError(
                f"has a filled cell at {self._cell}, beyond {MAX_COLUMNS} columns or {MAX_SHEET_ROWS} rows."
            )


class _OdsCells:
    """Extent of the filled cells of every table, with repeated cells and rows counted as often as they repeat."""

    def __init__(self) -> None:
        self._rows = self._columns = self._repeat_cell = 0
        self._repeat_row = 1
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "table":
            self._rows = 0
        elif local == "table-row":
            self._repeat_row = _times(attributes, "rows")
            self._rows += self._repeat_row
            self._columns = 0
        elif local in ("table-cell", "covered-table-cell"):
            self._columns += _times(attributes, "columns")
            self._inside = True
            if any(_local(key) in ("value", "string-value", "date-value", "boolean-value") for key in attributes):
                self._filled()

    def end(self, name: str) -> None:
        if _local(name) in ("table-cell", "covered-table-cell"):
            self._inside = False

    def text(self, data: str) -> None:
        if self._inside and data.strip():
            self._filled()

    def _filled(self) -> None:
        if self._columns > MAX_COLUMNS or self._rows > MAX_SHEET_ROWS:
            raise _ExtentError(f"has filled cells beyond {MAX_COLUMNS} columns or {MAX_SHEET_ROWS} rows.")


def _times(attributes: dict[str, str], what: str) -> int:
    for key, value in attributes.items():
        if _local(key) == f"number-{what}-repeated" and value.isdecimal():
            return min(int(value), 10**9)
    return 1


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
