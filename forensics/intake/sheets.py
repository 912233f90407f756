"""Trait sheets of every format to observations: all of them, or every fault at once."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from forensics.errors import Fault, SheetError
from forensics.intake.cells import CellError
from forensics.intake.delimited import read_delimited
from forensics.intake.documents import read_json, read_yaml
from forensics.intake.identify import SheetFormat, identify
from forensics.intake.marks import clean_text
from forensics.intake.numbers import fraction
from forensics.intake.rows import GridRow, Row, Sheet, rows_from_grid
from forensics.intake.values import ValueCells, parse_value
from forensics.intake.words import Lexicon, plain_text
from forensics.intake.workbooks import read_workbook
from forensics.model.catalogue import Trait, Vocabulary
from forensics.model.evidence import Box, Method, Observation, Provenance
from forensics.model.values import TraitValue

__all__ = ["check_sheet", "read_cells", "read_sheet"]

_VALUE_COLUMNS = ("value", "unit", "uncertainty", "state", "coverage", "note")
_BOX = re.compile(r"(?P<name>.*\S)\s*\[\s*(\d+)\s*[,;]\s*(\d+)\s*[,;]\s*(\d+)\s*[,;]\s*(\d+)\s*\]")


def read_sheet(path: Path, vocabulary: Vocabulary, *, shown_as: str | None = None) -> tuple[Observation, ...]:
    """Read a trait sheet (CSV, TSV, XLSX, ODS, YAML, JSON).

    Parameters
    ----------
    path
        The sheet; it is only read.
    vocabulary
        Traits, values and words, in every language a sheet may use.
    shown_as
        How faults name the file; the path as given when left out.

    Returns
    -------
    One observation per filled row, in the order of the sheet, with the id ``<sheet stem>:<row>``. Rows of a template
    whose value and state were left empty are no observations.

    Raises
    ------
    SheetError
        With every fault of the file: file, row, column, what is wrong, what to do.
    """
    observations, faults = _read(Path(path), vocabulary, shown_as or str(path))
    if faults:
        raise SheetError(faults)
    return observations


def check_sheet(path: Path, vocabulary: Vocabulary, *, shown_as: str | None = None) -> tuple[Fault, ...]:
    """Every fault of a trait sheet, in the order of its rows; empty when ``read_sheet`` would read it."""
    return _read(Path(path), vocabulary, shown_as or str(path))[1]


def read_cells(
    headings: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    lexicon: Lexicon,
    *,
    stem: str,
    shown_as: str,
) -> tuple[Observation, ...]:
    """Read rows that were already taken out of a larger table, exactly as if they stood in a sheet of their own.

    Parameters
    ----------
    headings
        One for each cell, in any language the vocabulary knows.
    rows
        The number each row has in its table, and its cells.
    lexicon
        Words of the vocabulary; made once for many calls.
    stem, shown_as
        What the ids of the observations begin with; how faults name the table.

    Raises
    ------
    SheetError
        With every fault of these rows.
    """
    grid = [GridRow(1, tuple(headings)), *(GridRow(number, tuple(cells)) for number, cells in rows)]
    observations, faults = _observed(rows_from_grid(grid, lexicon, shown_as), Path(stem), lexicon, shown_as)
    if faults:
        raise SheetError(faults)
    return observations


def _read(path: Path, vocabulary: Vocabulary, file: str) -> tuple[tuple[Observation, ...], tuple[Fault, ...]]:
    found = identify(path, file)
    if isinstance(found, Fault):
        return (), (found,)
    lexicon = Lexicon(vocabulary)
    try:
        sheet = _rows(path, lexicon, file, found)
    except OSError as error:
        return (), (Fault(file, message=f"cannot be read: {error.strerror or error}."),)
    return _observed(sheet, path, lexicon, file)


def _observed(
    sheet: Sheet, path: Path, lexicon: Lexicon, file: str
) -> tuple[tuple[Observation, ...], tuple[Fault, ...]]:
    reader = _Reader(path, lexicon, file)
    observations = [observation for row in sheet.rows if (observation := reader.observation(row)) is not None]
    faults = [*sheet.faults, *reader.faults]
    if not observations and not faults:
        faults.append(Fault(file, message="has no filled row.", advice="Fill in at least one value or state."))
    return tuple(observations), tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault.row))


def _rows(path: Path, lexicon: Lexicon, file: str, found: SheetFormat) -> Sheet:
    if found == "csv":
        return read_delimited(path, lexicon, file)
    if found == "yaml":
        return read_yaml(path, lexicon, file)
    if found == "json":
        return read_json(path, lexicon, file)
    return read_workbook(path, lexicon, file, found)


class _Reader:
    """Rows to observations, remembering what was already recorded and what is wrong."""

    def __init__(self, path: Path, lexicon: Lexicon, file: str) -> None:
        self._path = path
        self._lexicon = lexicon
        self._file = file
        self._seen: dict[tuple[str, ...], int] = {}
        self.faults: list[Fault] = []

    def observation(self, row: Row) -> Observation | None:
        """The observation of a row; None when it is unfilled or refused (then its faults are kept)."""
        cells = self._cleaned(row)
        if cells is None or not _is_filled(cells, row):
            return None
        problems: list[CellError] = []
        item = cells["item"]
        if not item:
            advice = "Write the exhibit number in every row; merged cells keep it only in the first."
            problems.append(CellError("no item is named.", advice, "item"))
        trait = self._trait(cells["trait"], problems)
        provenance = self._provenance(cells, row, problems)
        confidence = self._confidence(cells["confidence"], problems)
        value: TraitValue | None = None
        notes: tuple[str, ...] = ()
        if trait is not None:
            try:
                parts = {column: cells[column] for column in _VALUE_COLUMNS}
                structured = row.structured or _shaped(parts["value"])
                value, notes = parse_value(ValueCells(**parts, structured=structured), trait, self._lexicon)
            except CellError as refused:
                problems.append(refused)
        if problems or trait is None or value is None or provenance is None:
            self._keep(row, problems)
            return None
        observation = Observation(
            id=f"{self._path.stem}:{row.number}",
            item=item,
            trait=trait.id,
            value=value,
            provenance=provenance,
            confidence=confidence,
            note="; ".join(filter(None, (cells["note"], *(one for one in notes if one not in cells["note"])))),
        )
        return observation if self._is_new(observation, row) else None

    def _cleaned(self, row: Row) -> dict[str, str] | None:
        cells: dict[str, str] = {}
        problems: list[CellError] = []
        for column in self._columns():
            try:
                cells[column] = clean_text(row.cells.get(column, ""), column)
            except CellError as refused:
                problems.append(refused)
        self._keep(row, problems)
        return None if problems else cells

    @staticmethod
    def _columns() -> tuple[str, ...]:
        return ("item", "trait", "confidence", "examiner", "method", "photo", "source", *_VALUE_COLUMNS)

    def _keep(self, row: Row, problems: list[CellError]) -> None:
        self.faults += [
            Fault(self._file, row.number, row.heading(problem.column), problem.message, problem.advice)
            for problem in problems
        ]

    def _trait(self, text: str, problems: list[CellError]) -> Trait | None:
        if not text:
            problems.append(CellError("no trait is named.", "See 'forensics traits' for the list.", "trait"))
            return None
        try:
            return self._lexicon.trait(text)
        except CellError as refused:
            problems.append(refused)
            return None

    def _confidence(self, text: str, problems: list[CellError]) -> float | None:
        try:
            return fraction(plain_text(text), "confidence") if text else None
        except CellError as refused:
            problems.append(refused)
            return None

    def _provenance(self, cells: dict[str, str], row: Row, problems: list[CellError]) -> Provenance | None:
        # A sheet that names a photograph and no method was filled in from that photograph.
        method = Method.PHOTOGRAPH if cells["photo"] else Method.PHYSICAL
        try:
            if cells["method"]:
                method = Method(self._lexicon.required_word("method", cells["method"], "method"))
            photograph, box = _photo(cells["photo"])
        except CellError as refused:
            problems.append(refused)
            return None
        return Provenance(
            examiner=cells["examiner"],
            method=method,
            sheet=self._path.name,
            row=row.number,
            photograph=photograph or None,
            box=box,
            source=cells["source"] or None,
        )

    def _is_new(self, observation: Observation, row: Row) -> bool:
        """Two rows that record the same thing by the same examiner are one observation typed twice."""
        key = (
            observation.item,
            observation.trait,
            observation.value.model_dump_json(exclude={"reason"}),
            observation.provenance.examiner,
        )
        if key in self._seen:
            message = f"records the same item, trait and value as row {self._seen[key]}."
            advice = "Delete one; a second examination by somebody else names another examiner."
            self.faults.append(Fault(self._file, row.number, row.heading("value"), message, advice))
            return False
        self._seen[key] = row.number
        return True


def _is_filled(cells: dict[str, str], row: Row) -> bool:
    """Whether anything was recorded. Item, trait, unit, method and examiner come filled in with a template."""
    recorded = ("value", "state", "uncertainty", "coverage", "confidence", "photo", "note")
    if row.structured is not None or any(cells[column] for column in recorded):
        return True
    # A row that names only an item, or only who and how, is no template row: say that something is missing.
    return not cells["trait"] and any(cells.values())


def _shaped(text: str) -> dict[str, object] | None:
    """A value in the shape of the model written into one cell, as ``write_sheet`` does where words would not do."""
    if not text.startswith('{"kind":'):
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _photo(text: str) -> tuple[str, Box | None]:
    """``photograph.jpg``, or with the region it was read from: ``photograph.jpg [x, y, width, height]`` in pixels."""
    found = _BOX.fullmatch(text)
    if found is None:
        return text, None
    x, y, width, height = (int(part) for part in found.groups()[1:])
    if not width or not height:
        raise CellError("the region of the photograph is empty.", "Write name.jpg [x, y, width, height].", "photo")
    return found["name"], Box(x=x, y=y, width=width, height=height)
