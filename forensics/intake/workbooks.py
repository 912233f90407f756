"""XLSX and ODS sheets through pandas: every cell as text, formulas as their stored result."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

from forensics.errors import Fault
from forensics.intake.archives import survey
from forensics.intake.rows import GridRow, Sheet, find_header, recognised, rows_from_grid
from forensics.intake.words import Lexicon

__all__ = ["read_workbook", "table_grid"]


def read_workbook(path: Path, lexicon: Lexicon, file: str, kind: str) -> Sheet:
    """Rows of the one table of a workbook that has the columns of a trait sheet."""
    seen = survey(path, file, kind)
    if seen.faults:
        return Sheet(faults=tuple(seen.faults))
    tables = _tables(path, file, kind)
    if isinstance(tables, Fault):
        return Sheet(faults=(tables,))
    fitting = {name: grid for name, grid in tables.items() if _fits(grid, lexicon)}
    if len(fitting) > 1:
        message = f"has {len(fitting)} tables with observations ({', '.join(repr(name) for name in fitting)})."
        return Sheet(faults=(Fault(file, message=message, advice="Put all observations on one of them."),))
    grid = next(iter((fitting or tables).values()), [])
    sheet = rows_from_grid(grid, lexicon, file)
    if not seen.uncalculated:
        return sheet
    cells = ", ".join(seen.uncalculated[:5])
    message = f"has formulas without a stored result ({cells})."
    fault = Fault(file, message=message, advice="Open it in a spreadsheet, let it calculate, and save it.")
    return Sheet(sheet.rows, (*sheet.faults, fault))


def _tables(path: Path, file: str, kind: str) -> dict[str, list[GridRow]] | Fault:
    import pandas as pd  # noqa: PLC0415  half a second that a CSV sheet must not pay

    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions (drop-down lists of other sheets, themes) that carry no observation.
            warnings.simplefilter("ignore")
            frames = pd.read_excel(
                path,
                sheet_name=None,
                header=None,
                dtype=str,
                na_filter=False,
                engine="openpyxl" if kind == "xlsx" else "odf",
            )
    except Exception as error:  # whatever a damaged workbook makes the readers raise is a fault of the file
        advice = "Open it in a spreadsheet and save it again, or save it as CSV (UTF-8)."
        return Fault(file, message=f"cannot be read as a workbook: {error}.", advice=advice)
    return {
        str(name): [
            GridRow(number, tuple(_text(cell) for cell in cells))
            for number, cells in enumerate(frame.itertuples(index=False, name=None), start=1)
        ]
        for name, frame in frames.items()
    }


def _text(cell: object) -> str:
    # na_filter=False leaves nothing to be NaN, but a missing cell can still arrive as None or as a float nan.
    return "" if cell is None or cell != cell else str(cell)  # noqa: PLR0124  nan differs from itself


def _fits(grid: Sequence[GridRow], lexicon: Lexicon) -> bool:
    start = find_header(grid, lexicon)
    return start is not None and {"trait", "value"} <= recognised(grid[start].cells, lexicon)


def table_grid(path: Path, file: str, kind: str) -> list[GridRow] | Fault:
    """The lines of the first table of a workbook that has any."""
    seen = survey(path, file, kind)
    if seen.faults:
        return seen.faults[0]
    tables = _tables(path, file, kind)
    if isinstance(tables, Fault):
        return tables
    return next((grid for grid in tables.values() if any(not row.is_empty for row in grid)), [])
