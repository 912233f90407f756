"""A sheet as rows of named cells, whatever file it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from forensics.errors import Fault
from forensics.intake.words import IGNORED_COLUMNS, Lexicon, fold

__all__ = ["MAX_ROWS", "GridRow", "Row", "Sheet", "rows_from_grid"]

MAX_ROWS = 100_000
"""More observations than this are no trait sheet of one case."""
_HEADER_DEPTH = 10
_REQUIRED = ("item", "trait", "value")


@dataclass(frozen=True)
class Row:
    """One observation as typed. ``number`` counts lines as an editor does; ``cells`` by column id.

    ``headings`` gives the heading the sheet itself uses for a column, so that faults speak the sheet's language.
    """

    number: int
    cells: dict[str, str]
    headings: dict[str, str] = field(default_factory=dict)
    structured: dict[str, object] | None = None

    def heading(self, column: str) -> str:
        return self.headings.get(column, column)


@dataclass(frozen=True)
class Sheet:
    """Rows that could be told apart, and what is wrong with the file as a whole or with its shape."""

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class GridRow:
    """One line of cells, top to bottom, left to right."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)

    @property
    def is_comment(self) -> bool:
        """A line that holds nothing but a remark after #. (An exhibit numbered #12 stands beside other cells.)"""
        filled = [cell.strip() for cell in self.cells if cell.strip()]
        return len(filled) == 1 and filled[0].startswith("#")


def recognised(cells: Sequence[str], lexicon: Lexicon) -> set[str]:
    """The columns a line of headings names."""
    return {column for cell in cells if (column := lexicon.column(cell)) is not None}


def find_header(grid: Sequence[GridRow], lexicon: Lexicon) -> int | None:
    """Index of the line that names the columns; a title may stand above it. None for an empty grid."""
    filled = [index for index, row in enumerate(grid) if not row.is_empty]
    for index in filled[:_HEADER_DEPTH]:
        if {"trait", "value"} <= recognised(grid[index].cells, lexicon):
            return index
    for index in filled[:_HEADER_DEPTH]:
        if recognised(grid[index].cells, lexicon):
            return index
    return filled[0] if filled else None


def rows_from_grid(grid: Sequence[GridRow], lexicon: Lexicon, file: str) -> Sheet:
    """Name the cells of a grid by its header line; every fault of the shape is reported."""
    start = find_header(grid, lexicon)
    if start is None:
        return Sheet(faults=(Fault(file, message="is empty.", advice="Write one with 'forensics sheet new'."),))
    header = grid[start]
    columns, faults = _columns(header, lexicon, file)
    if len(grid) - start - 1 > MAX_ROWS:
        return Sheet(faults=(*faults, Fault(file, message=f"has more than {MAX_ROWS} rows.", advice="Split it.")))
    headings = {column: header.cells[index].strip() for index, column in columns.items() if column}
    rows: list[Row] = []
    for row in grid[start + 1 :]:
        if row.is_empty or row.is_comment:
            continue
        extra = [cell for index, cell in enumerate(row.cells) if index not in columns and cell.strip()]
        if extra:
            message = f"has more filled cells than headings ({', '.join(repr(cell) for cell in extra[:3])})."
            advice = "Give the column a heading; in a comma-separated file put quotes around 38,5."
            faults.append(Fault(file, row.number, message=message, advice=advice))
            continue
        cells = {column: row.cells[index] for index, column in columns.items() if column and index < len(row.cells)}
        rows.append(Row(row.number, cells, headings))
    return Sheet(tuple(rows), tuple(faults))


def _columns(header: GridRow, lexicon: Lexicon, file: str) -> tuple[dict[int, str | None], list[Fault]]:
    """Column id by position (None for a column that is not read), and faults of the header line."""
    faults: list[Fault] = []
    columns: dict[int, str | None] = {}
    ignored = {fold(name) for name in IGNORED_COLUMNS}
    for index, cell in enumerate(header.cells):
        name = cell.strip()
        if not name:
            continue
        column = lexicon.column(name)
        if column is None and (fold(name) in ignored or name.startswith("#")):
            columns[index] = None
        elif column is None:
            columns[index] = None
            faults.append(
                Fault(file, header.number, name, "is not a column of a trait sheet.", lexicon.column_advice(name))
            )
        elif column in columns.values():
            columns[index] = None
            first = next(header.cells[place].strip() for place, known in columns.items() if known == column)
            message = f"means the same column as {first!r} ({column})."
            faults.append(Fault(file, header.number, name, message, "Keep one of the two."))
        else:
            columns[index] = column
    for column in _REQUIRED:
        if column not in columns.values():
            advice = "Add it; 'forensics sheet new' writes a sheet with every column."
            faults.append(Fault(file, header.number, column, "this column is missing.", advice))
    return columns, faults
