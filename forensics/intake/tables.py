"""Any table a person filled in, as rows by heading: what ``catalogue new`` takes."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import Fault, SheetError
from forensics.intake import delimited, workbooks
from forensics.intake.identify import identify
from forensics.intake.rows import MAX_ROWS, GridRow

__all__ = ["read_table"]


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a table (CSV, TSV, XLSX, ODS) by the headings of its first filled line.

    Returns
    -------
    One mapping for every line below the headings, in order, without its empty cells; an empty line is an empty mapping,
    so that the place in the list is the place in the table.

    Raises
    ------
    SheetError
        When the file cannot be read as a table, has no rows, or two columns of one name.
    """
    path = Path(path)
    found = identify(path, str(path))
    if isinstance(found, Fault):
        raise SheetError(found)
    if found in ("yaml", "json"):
        advice = (
            "Give CSV, XLSX or ODS; a signature written in YAML goes into draft/<state>/<class>/<id>.yaml as it is."
        )
        raise SheetError(Fault(str(path), message="is no table.", advice=advice))
    try:
        grid = (
            delimited.table_grid(path, str(path))
            if found == "csv"
            else workbooks.table_grid(path, str(path), str(found))
        )
    except OSError as error:
        raise SheetError(Fault(str(path), message=f"cannot be read: {error.strerror or error}.")) from None
    if isinstance(grid, Fault):
        raise SheetError(grid)
    return _by_heading(grid, str(path))


def _by_heading(grid: list[GridRow], file: str) -> list[dict[str, str]]:
    start = next((index for index, row in enumerate(grid) if not (row.is_empty or row.is_comment)), None)
    if start is None or len(grid) == start + 1:
        raise SheetError(Fault(file, message="has no filled row below its headings."))
    if len(grid) > MAX_ROWS:
        raise SheetError(Fault(file, message=f"has more than {MAX_ROWS} rows."))
    headings = [cell.strip() for cell in grid[start].cells]
    faults = [
        Fault(file, grid[start].number, heading, "this heading stands here twice.", "Keep one of the columns.")
        for heading in dict.fromkeys(headings)
        if heading and headings.count(heading) > 1
    ]
    rows: list[dict[str, str]] = []
    for row in grid[start + 1 :]:
        cells = {} if row.is_comment else {place: cell.strip() for place, cell in enumerate(row.cells) if cell.strip()}
        nameless = [cell for place, cell in cells.items() if place >= len(headings) or not headings[place]]
        if nameless:
            message = f"has a filled cell without a heading ({nameless[0]!r})."
            advice = "Name the column; in a comma-separated file put quotes around a text with commas."
            faults.append(Fault(file, row.number, message=message, advice=advice))
            continue
        rows.append({headings[place]: cell for place, cell in cells.items()})
    if faults:
        raise SheetError(faults)
    return rows
