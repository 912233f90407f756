"""One big table to units: long form (one observation a row, a column that names the case) or wide (one case a row)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from forensics.batch.units import Unit
from forensics.errors import Fault, InputError, MissingProgramError
from forensics.intake import Lexicon
from forensics.workflow.inputs import check_event_date

__all__ = ["CASE_COLUMNS", "Layout", "is_table", "layout_of", "read_lines", "units_of_table"]

CASE_COLUMNS = frozenset({"case", "case_id", "справа", "사건"})
DATE_COLUMNS = frozenset({"event_date", "date_of_event"})
PARQUET = (".parquet", ".pq")
DELIMITED = (".csv", ".tsv")
SHARED = ("item", "examiner", "method", "photo", "note", "source")
"""Columns of a wide table that hold for every observation of a row."""
OWN = ("unit", "uncertainty", "state", "coverage", "confidence", "method", "note")
"""What a wide table may say of one trait, in a column named ``trait:column``."""
PARQUET_DAMAGE = (OSError, ValueError, OverflowError, MemoryError, NotImplementedError)
"""What pyarrow raises over a damaged file (its own errors are among these)."""
LONGEST = 5_000_000
"""Rows above this do not fit into memory comfortably as cases of their own; --bulk streams."""


@dataclass(frozen=True)
class Layout:
    """Which column of a table is what. Places count from 0; ``traits``: (place, trait id, column of a trait sheet)."""

    case: int
    date: int | None
    long: tuple[tuple[int, str], ...] = ()
    shared: tuple[tuple[int, str], ...] = ()
    traits: tuple[tuple[int, str, str], ...] = ()

    @property
    def is_wide(self) -> bool:
        """One case a row."""
        return bool(self.traits)


def _key(heading: str) -> str:
    return "_".join(heading.strip().casefold().replace("-", " ").replace("_", " ").split())


def is_table(path: Path) -> bool:
    """Whether a file is a big table rather than one trait sheet: Parquet, or delimited text that names cases."""
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        return True
    if suffix not in DELIMITED:
        return False
    _, headings = next(iter(_delimited(path, str(path))), (1, []))
    return any(_key(heading) in CASE_COLUMNS for heading in headings)


def read_lines(path: Path, shown_as: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Numbered lines of a table, the headings first, read as a stream."""
    if path.suffix.lower() in PARQUET:
        return _parquet(path, shown_as)
    return _delimited(path, shown_as)


def _delimited(path: Path, shown_as: str) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        with path.open("rb") as raw:
            head = raw.read(65536)
            raw.seek(0)
            encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
            first = head.decode(encoding, "replace").splitlines()[0] if head else ""
            delimiter = max(",;\t", key=first.count)
            reader = csv.reader(io.TextIOWrapper(raw, encoding, newline=""), delimiter=delimiter, strict=True)
            number = 0
            for cells in reader:
                yield number + 1, cells
                number = reader.line_num
    except UnicodeDecodeError:
        raise InputError(
            Fault(shown_as, message="is not UTF-8 text.", advice="Save it again as 'CSV UTF-8', or as Parquet.")
        ) from None
    except csv.Error as error:
        raise InputError(Fault(shown_as, message=f"is not readable as a table: {error}.")) from None
    except OSError as error:
        raise InputError(Fault(shown_as, message=f"cannot be read: {error.strerror or error}.")) from None


def _parquet(path: Path, shown_as: str) -> Iterator[tuple[int, Sequence[str]]]:
    parquet = open_parquet(path, shown_as)
    try:
        yield 1, list(parquet.schema_arrow.names)
        number = 1
        for batch in parquet.iter_batches(batch_size=4096):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield number, [_text(cell) for cell in row]
    except PARQUET_DAMAGE as error:
        raise InputError(Fault(shown_as, message=f"is damaged: {str(error).splitlines()[0]}.")) from None


def open_parquet(path: Path, shown_as: str):  # type: ignore[no-untyped-def]
    """A Parquet file opened for reading; ``InputError`` when it is none."""
    try:
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        message = f"{shown_as}: Parquet needs the package pyarrow (pip install 'missile-forensics[tables]'); CSV works."
        raise MissingProgramError(message) from None
    try:
        return pq.ParquetFile(path)
    except (*PARQUET_DAMAGE, pa.ArrowException) as error:
        what = str(error).splitlines()[:1]
        raise InputError(Fault(shown_as, message=f"is not readable as Parquet: {''.join(what)}.")) from None


def _text(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124  nan differs from itself
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def layout_of(headings: Sequence[str], lexicon: Lexicon, shown_as: str, *, needs_case: bool = True) -> Layout:
    """Which column is what.

    Raises
    ------
    InputError
        With every heading that is neither a column of a trait sheet nor a trait. One that begins with # is not read.
    """
    known = {place: _key(heading) for place, heading in enumerate(headings)}
    case = next((place for place, key in known.items() if key in CASE_COLUMNS), -1)
    date = next((place for place, key in known.items() if key in DATE_COLUMNS), None)
    if case < 0 and needs_case:
        advice = "Add a column 'case' that says which case each row belongs to."
        raise InputError(Fault(shown_as, 1, message="no column names the case.", advice=advice))
    rest = [p for p, heading in enumerate(headings) if p not in (case, date) and heading.strip()]
    rest = [place for place in rest if not headings[place].strip().startswith("#")]
    columns = {place: column for place in rest if (column := lexicon.column(headings[place])) is not None}
    if {"trait", "value"} <= set(columns.values()):
        _refuse_unknown(headings, [p for p in rest if p not in columns], lexicon, shown_as)
        return Layout(case, date, long=tuple(columns.items()))
    traits: list[tuple[int, str, str]] = []
    shared: list[tuple[int, str]] = []
    unknown: list[int] = []
    for place in rest:
        name, _, own = headings[place].partition(":")
        trait = lexicon.trait_id(name)
        column = lexicon.column(own) if own else "value"
        if trait is not None and column in ("value", *OWN):
            traits.append((place, trait, column))
        elif columns.get(place) in SHARED:
            shared.append((place, columns[place]))
        else:
            unknown.append(place)
    _refuse_unknown(headings, unknown, lexicon, shown_as)
    if not any(column == "value" for _, _, column in traits):
        advice = "Give columns 'trait' and 'value', or one column a trait; see 'forensics traits'."
        raise InputError(Fault(shown_as, 1, message="no column holds a trait.", advice=advice))
    return Layout(case, date, shared=tuple(shared), traits=tuple(traits))


def _refuse_unknown(headings: Sequence[str], unknown: Iterable[int], lexicon: Lexicon, shown_as: str) -> None:
    faults = [
        Fault(
            shown_as,
            1,
            headings[place],
            "is neither a column of a trait sheet nor a trait.",
            f"{lexicon.column_advice(headings[place])} Traits: 'forensics traits'.",
        )
        for place in unknown
    ]
    if faults:
        raise InputError(faults)


def units_of_table(path: Path, location: str, lexicon: Lexicon) -> list[Unit]:
    """Every case of a table, in the order in which it first appears; rows of one case need not stand together.

    Raises
    ------
    InputError
        When the table cannot be read, has no cases, is larger than memory should hold, or a row names no case.
    """
    lines = read_lines(path, location)
    _, headings = next(lines, (1, ()))
    layout = layout_of(headings, lexicon, location)
    wide = _WideRows(layout) if layout.is_wide else None
    columns = wide.headings if wide else tuple(headings[place] for place, _ in layout.long)
    rows: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    dates: dict[str, str] = {}
    faults: list[Fault] = []
    count = 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > LONGEST:
            advice = "Split it, or score it with --bulk, which streams."
            raise InputError(Fault(location, message=f"has more than {LONGEST:,} rows.", advice=advice))
        case = cells[layout.case].strip() if layout.case < len(cells) else ""
        if not case:
            faults.append(Fault(location, number, headings[layout.case], "no case is named.", "Write its id."))
            continue
        if wide is not None and case in rows:
            faults.append(Fault(location, number, headings[layout.case], f"the case {case!r} stands here twice."))
            continue
        if layout.date is not None and layout.date < len(cells) and cells[layout.date].strip():
            dates.setdefault(case, _date(cells[layout.date].strip(), location, number, faults))
        taken = wide.rows(number, cells) if wide else [(number, _chosen(cells, layout))]
        rows.setdefault(case, []).extend(taken)
    if faults:
        raise InputError(faults[:100])
    if not rows:
        raise InputError(Fault(location, message="has no filled row."))
    return [
        Unit(case, "rows", location, case, dates.get(case), columns, tuple(case_rows))
        for case, case_rows in rows.items()
    ]


def _date(text: str, location: str, number: int, faults: list[Fault]) -> str:
    text = text.removesuffix(" 00:00:00")  # what a column of dates of Parquet prints
    try:
        return check_event_date(text, f"{location}:{number}")
    except InputError as error:
        faults.extend(error.faults)
        return text


def _chosen(cells: Sequence[str], layout: Layout) -> tuple[str, ...]:
    return tuple(cells[place] if place < len(cells) else "" for place, _ in layout.long)


class _WideRows:
    """A row with one column a trait, as the rows of a trait sheet."""

    def __init__(self, layout: Layout) -> None:
        self._shared = dict(layout.shared)
        self._traits: dict[str, dict[str, int]] = {}
        for place, trait, column in layout.traits:
            self._traits.setdefault(trait, {})[column] = place
        used = {column for columns in self._traits.values() for column in columns} | set(self._shared.values())
        self._columns = tuple(sorted(used - {"item", "value"}))
        self.headings = ("item", "trait", "value", *self._columns)

    def rows(self, number: int, cells: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
        """One row for each trait that has a value or a state."""

        def cell(place: int | None) -> str:
            return cells[place].strip() if place is not None and place < len(cells) else ""

        common = {column: cell(place) for place, column in self._shared.items()}
        found = []
        for trait, places in self._traits.items():
            own = {column: cell(place) for column, place in places.items()}
            if not (own.get("value") or own.get("state")):
                continue
            said = {**common, **{column: text for column, text in own.items() if text}}
            line = (said.get("item") or "1", trait, said.get("value", ""), *(said.get(c, "") for c in self._columns))
            found.append((number, line))
        return found
