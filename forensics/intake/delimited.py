"""Text sheets: comma, semicolon or tab between cells; UTF-8 or the UTF-16 of a spreadsheet.

Uses the ``csv`` module: the everyday sheet must not wait for pandas.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from forensics.errors import Fault
from forensics.intake.rows import GridRow, Sheet, recognised, rows_from_grid
from forensics.intake.words import Lexicon

__all__ = ["read_delimited", "table_grid"]

_DELIMITERS = (",", ";", "\t")
_UTF8 = "Save it again as 'CSV UTF-8' (or give the workbook itself, XLSX or ODS)."


def read_delimited(path: Path, lexicon: Lexicon, file: str) -> Sheet:
    """Rows of a CSV or TSV file."""
    text = _decode(path.read_bytes(), file)
    if isinstance(text, Fault):
        return Sheet(faults=(text,))
    first_row = 1
    declared = re.match(r"sep=(.)\r?\n", text)
    if declared:  # what Excel writes so that it can read its own file back
        text, first_row = text[declared.end() :], 2
    delimiter = declared[1] if declared else _delimiter(text, lexicon)
    grid: list[GridRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = first_row
    try:
        for cells in reader:
            grid.append(GridRow(start, tuple(_unguarded(cell) for cell in cells)))
            start = first_row + reader.line_num
    except csv.Error as error:
        message = f"is not readable from this line on: {error}."
        advice = "Look for a quotation mark that is opened and not closed."
        return Sheet(faults=(Fault(file, start, message=message, advice=advice),))
    return rows_from_grid(grid, lexicon, file)


def _decode(data: bytes, file: str) -> str | Fault:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        return Fault(file, row, message=f"is not UTF-8 text{_looks_like(data)}.", advice=_UTF8)
    if "\x00" in text:
        return Fault(file, message="is a binary file, not text.", advice=_UTF8)
    return text


def _looks_like(data: bytes) -> str:
    """Which 8-bit encoding it may be: said, never acted on, because several always decode."""
    try:
        letters = re.findall(r"[^\W\d_]", re.sub(rb"[\x00-\x7f]+", b"", data).decode("cp1251"))
        if letters and sum("а" <= letter.lower() <= "я" or letter.lower() in "іїєґё" for letter in letters) > 0.9 * len(
            letters
        ):
            return "; it looks like Windows-1251 (Cyrillic)"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp949")
        if any("가" <= letter <= "힣" for letter in text):
            return "; it looks like CP949 (Korean)"
    except UnicodeDecodeError:
        pass
    return ""


def _delimiter(text: str, lexicon: Lexicon) -> str:
    """The delimiter under which most headings are columns we know; a comma when none is better."""
    lines = [line for line in text.splitlines() if line.strip()][:10]

    def known(delimiter: str) -> int:
        try:
            return max((len(recognised(cells, lexicon)) for cells in csv.reader(lines, delimiter=delimiter)), default=0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=known)


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a cell for a formula."""
    return cell[1:] if re.match(r"'+[=+\-@]", cell) else cell


def table_grid(path: Path, file: str) -> list[GridRow] | Fault:
    """The lines of any delimited table, whatever its columns: the delimiter is the one the first line has most of."""
    text = _decode(path.read_bytes(), file)
    if isinstance(text, Fault):
        return text
    declared = re.match(r"sep=(.)\r?\n", text)
    body = text[declared.end() :] if declared else text
    heading = next((line for line in body.splitlines() if line.strip()), "")
    delimiter = declared[1] if declared else max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    start = first_row = 2 if declared else 1
    grid: list[GridRow] = []
    try:
        for cells in reader:
            grid.append(GridRow(start, tuple(_unguarded(cell) for cell in cells)))
            start = first_row + reader.line_num
    except csv.Error as error:
        advice = "Look for a quotation mark that is opened and not closed."
        return Fault(file, start, message=f"is not readable from this line on: {error}.", advice=advice)
    return grid
