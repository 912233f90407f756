"""One value read, and one row written, outside a sheet: for a decision or a form."""

from __future__ import annotations

import csv
import io

from forensics.errors import Fault, SheetError
from forensics.intake.cells import CellError
from forensics.intake.marks import clean_text
from forensics.intake.numbers import fraction
from forensics.intake.values import ValueCells, parse_value
from forensics.intake.words import COLUMNS, Lexicon, plain_text
from forensics.intake.written import written_row
from forensics.model.catalogue import Trait, Vocabulary
from forensics.model.evidence import Observation
from forensics.model.values import TraitValue

__all__ = ["header_line", "read_form", "read_value", "row_line"]


def read_value(text: str, trait: Trait, vocabulary: Vocabulary) -> TraitValue:
    """A value as it would be written in the value column of a sheet.

    Raises
    ------
    SheetError
        Saying what is wrong and what to write.
    """
    return read_form({"value": text}, trait, vocabulary)[0]


def read_form(
    cells: dict[str, str], trait: Trait, vocabulary: Vocabulary
) -> tuple[TraitValue, float | None, tuple[str, ...]]:
    """The value, the confidence, and notes about what was assumed, from the cells of one row by column id.

    Raises
    ------
    SheetError
        Naming the column, what is wrong and what to write.
    """
    column = "value"
    try:
        cleaned = {}
        for column, text in cells.items():
            cleaned[column] = clean_text(text, column)
        parts = ValueCells(
            value=cleaned.get("value", ""),
            unit=cleaned.get("unit", ""),
            uncertainty=cleaned.get("uncertainty", ""),
            state=cleaned.get("state", ""),
            coverage=cleaned.get("coverage", ""),
            note=cleaned.get("note", ""),
        )
        value, notes = parse_value(parts, trait, Lexicon(vocabulary))
        sure = cleaned.get("confidence", "")
        return value, fraction(plain_text(sure), "confidence") if sure else None, notes
    except CellError as refused:
        raise SheetError(Fault(trait.id, 0, refused.column, message=refused.message, advice=refused.advice)) from None


def header_line() -> str:
    """The first line of a CSV sheet with every column."""
    return _line(COLUMNS)


def row_line(observation: Observation, vocabulary: Vocabulary) -> str:
    """One observation as a line of a CSV sheet, which reads back as the same value."""
    cells = written_row(observation, Lexicon(vocabulary))
    return _line([cells.get(column, "") for column in COLUMNS])


def _line(cells: tuple[str, ...] | list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([" ".join(cell.splitlines()) for cell in cells])
    return text.getvalue()
