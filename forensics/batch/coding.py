"""A flat table as codes: every distinct cell of a column read once, weighed once, and numbered.

What a cell says is read by the reader of trait sheets and weighed by ``compare``, each distinct one a single time; a
row of the table is then a row of numbers. Plain measurements are rounded to four significant digits first (at most
0.05 % of their size, against the 1 % they are read with), so that a column of them has few distinct values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.assess import EdgeTable, Settings
from forensics.assess.dates import DateRecord, date_term
from forensics.compare import Listed, background_edges, compare, list_records
from forensics.compare.alphabet import fold
from forensics.errors import Fault, InputError, SheetError
from forensics.intake import Lexicon, read_cells
from forensics.model.catalogue import Catalogue, Hypothesis, TraitKind
from forensics.model.evidence import Finding
from forensics.model.tables import Edge, TraitTable
from forensics.model.values import NotExaminable, Text, YearMark

__all__ = ["SIGNIFICANT_DIGITS", "Coded", "Column", "distinct_cells", "make_coded", "rounded"]

Codes = NDArray[np.int32]
SIGNIFICANT_DIGITS = 4
MANY = 200_000
"""Distinct cells of one column above this are no closed list, no count and no short mark."""
_DATED = (TraitKind.YEAR_MARK, TraitKind.DATE)
_SCRIPT = "marking_script"


def rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """To four significant digits; zero and what is no number stay as they are."""
    with np.errstate(divide="ignore", invalid="ignore"):
        step = 10.0 ** (np.floor(np.log10(np.abs(values))) - (SIGNIFICANT_DIGITS - 1))
    plain = np.isfinite(step) & (step > 0)
    step = np.where(plain, step, 1.0)
    return np.where(plain, np.round(np.where(plain, values, 0.0) / step) * step, values)


@dataclass(frozen=True)
class Column:
    """One column of the table: its place among the columns read, its heading, its trait, and whether it holds plain
    numbers of a measured trait."""

    place: int
    heading: str
    trait: str
    numeric: bool


@dataclass(frozen=True)
class Coded:
    """Tables of the traits that weigh something, and how cells become their rows.

    tables, qualities: T of each. numbers: by column, the sorted distinct numbers and the code of each. words: by
    column, the code of each distinct cell. A code of -1 is nothing recorded.
    """

    tables: tuple[TraitTable, ...]
    qualities: tuple[float, ...]
    edges: tuple[EdgeTable, ...]
    columns: tuple[Column, ...]
    numbers: dict[int, tuple[NDArray[np.float64], Codes]]
    words: dict[int, dict[str, int]]
    text: int | None = None
    script: int | None = None
    year: int | None = None
    folded: dict[int, dict[str, str]] | None = None


def distinct_cells(column: Column, parts: Iterable[Any], shown_as: str) -> list[Any]:
    """Sorted distinct cells of a column over all parts of the table; numbers rounded, empty cells left out.

    Raises
    ------
    InputError
        When there are too many to be a trait.
    """
    found: set[Any] = set()
    for part in parts:
        if column.numeric:
            values = rounded(np.asarray(part, dtype=np.float64))
            found.update(np.unique(values[np.isfinite(values)]).tolist())
        else:
            found.update(part)
        if len(found) > MANY:
            message = f"holds more than {MANY:,} different values."
            raise InputError(Fault(shown_as, 1, column.heading, message, "Assess such a table case by case."))
    found.discard("")
    return sorted(found)


def make_coded(
    columns: Sequence[Column],
    cells: Sequence[Sequence[Any]],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    settings: Settings,
    lexicon: Lexicon,
    shown_as: str,
) -> Coded:
    """Read and weigh every distinct cell.

    Parameters
    ----------
    cells
        Of each column, its distinct cells.

    Raises
    ------
    InputError
        With every cell that cannot be read (at most 100), or when the table holds several dated traits, which share
        the production year and have to be weighed together.
    """
    kinds = {column.place: catalogue.vocabulary.traits[column.trait].kind for column in columns}
    dated = [column for column in columns if kinds[column.place] in _DATED]
    faults = _doubled(columns, shown_as)
    if len(dated) > 1:
        message = f"and {dated[1].heading!r} are dated: they share the production year and cannot be weighed apart."
        faults.append(Fault(shown_as, 1, dated[0].heading, message, "Leave one out, or assess case by case."))
    read = [_read(column, own, lexicon, shown_as, faults) for column, own in zip(columns, cells, strict=True)]
    if faults:
        raise InputError(faults[:100])
    has_script = any(column.trait == _SCRIPT for column in columns)
    made: list[tuple[Column, Listed, list[Finding]]] = []
    numbers: dict[int, tuple[NDArray[np.float64], Codes]] = {}
    words: dict[int, dict[str, int]] = {}
    for column, own, findings in zip(columns, cells, read, strict=True):
        kept = [n for n, one in enumerate(findings) if not isinstance(one.observation.value, NotExaminable)]
        usable = [findings[n] for n in kept]
        listed = _listed(usable, hypotheses, catalogue, settings, both=has_script and _is_text(kinds[column.place]))
        codes = np.full(len(own), -1, dtype=np.int32)
        if listed is not None:
            codes[kept] = np.arange(len(kept), dtype=np.int32)
            made.append((column, listed, usable))
        if column.numeric:
            numbers[column.place] = (np.array(own, dtype=np.float64), codes)
        else:
            words[column.place] = dict(zip(own, codes.tolist(), strict=True))
    return Coded(
        tables=tuple(listed.table for _, listed, _ in made),
        qualities=tuple(_one_quality(column, listed, shown_as) for column, listed, _ in made),
        edges=tuple(_edges(made, hypotheses, catalogue)),
        columns=tuple(column for column, _, _ in made),
        numbers=numbers,
        words=words,
        text=next((t for t, (c, _, _) in enumerate(made) if _is_text(kinds[c.place]) and has_script), None),
        script=next((t for t, (c, _, _) in enumerate(made) if c.trait == _SCRIPT), None),
        year=next((t for t, (c, _, _) in enumerate(made) if kinds[c.place] is TraitKind.YEAR_MARK), None),
        folded=_folded(columns, cells, read, kinds),
    )


def _is_text(kind: TraitKind) -> bool:
    return kind is TraitKind.TEXT


def _doubled(columns: Sequence[Column], shown_as: str) -> list[Fault]:
    times = Counter(column.trait for column in columns)
    return [
        Fault(shown_as, 1, column.heading, f"several columns hold the trait {column.trait}.", "Keep one of them.")
        for column in columns
        if times[column.trait] > 1
    ]


def _read(column: Column, cells: Sequence[Any], lexicon: Lexicon, shown_as: str, faults: list[Fault]) -> list[Finding]:
    """A finding for each distinct cell. Of numbers the smallest and the largest are read, the others lie between."""
    if column.numeric and len(cells) > 2:
        ends: list[Fault] = []
        first, _ = (_one(column, cells[place], lexicon, shown_as, ends) for place in (0, -1))
        if first is not None and not ends:
            return [_with_number(first, cell) for cell in cells]
    found = [_one(column, cell, lexicon, shown_as, faults) for cell in cells]
    return [finding for finding in found if finding is not None]


def _one(column: Column, cell: Any, lexicon: Lexicon, shown_as: str, faults: list[Fault]) -> Finding | None:
    text = repr(cell).removesuffix(".0") if column.numeric else str(cell)
    unit = (lexicon.vocabulary.traits[column.trait].unit or "") if column.numeric else ""
    try:
        line = ("1", column.trait, text, unit)
        observations = read_cells(("item", "trait", "value", "unit"), [(2, line)], lexicon, stem="b", shown_as=shown_as)
    except SheetError as error:
        faults.extend(replace(fault, row=0, column=column.heading) for fault in error.faults)
        return None
    return Finding(observation=observations[0])


def _with_number(finding: Finding, number: float) -> Finding:
    observation = finding.observation
    value = observation.value.model_copy(update={"value": number})
    return finding.model_copy(update={"observation": observation.model_copy(update={"value": value})})


def _listed(
    findings: list[Finding],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    settings: Settings,
    *,
    both: bool,
) -> Listed | None:
    """The table of one column; ``both``: a mark with its script recorded first, then each without."""
    if not findings:
        return None
    found = list_records(findings, hypotheses, catalogue, given_script=both)
    if found is None or not (found.table.weight > 0).any():
        return None
    if found.dates:
        return _dated(found, settings)
    if not both:
        return found
    alone = list_records(findings, hypotheses, catalogue, given_script=False)
    if alone is None:
        return found
    table = replace(
        found.table,
        labels=(*found.table.labels, *alone.table.labels),
        likelihood=np.concatenate([found.table.likelihood, alone.table.likelihood]),
        background=np.concatenate([found.table.background, alone.table.background]),
    )
    return Listed(table, np.concatenate([found.quality, alone.quality]))


def _dated(found: Listed, settings: Settings) -> Listed:
    """Rows of a dated trait as the engine weighs one alone: as a ratio, over the production year."""
    table = found.table
    ratios = []
    for row, dates in enumerate(found.dates):
        record = DateRecord(table.trait, dates, table.weight, table.origin, float(found.quality[row]), None)
        term = date_term([record], block=table.block, floor=settings.foreign_floor, cap=settings.cap(table.block))
        ratios.append(term.ratio)
    return Listed(replace(table, likelihood=np.array(ratios), background=np.ones(len(ratios))), found.quality)


def _one_quality(column: Column, listed: Listed, shown_as: str) -> float:
    if np.ptp(listed.quality) > 1e-12:
        message = "holds readings of different confidence."
        raise InputError(Fault(shown_as, 1, column.heading, message, "Assess such a table case by case."))
    return float(listed.quality[0])


def _edges(
    made: Sequence[tuple[Column, Listed, list[Finding]]], hypotheses: Sequence[Hypothesis], catalogue: Catalogue
) -> list[EdgeTable]:
    """Pair tables of the background for the traits that depend on each other there."""
    by_trait = {column.trait: (listed, findings) for column, listed, findings in made}
    tables: list[EdgeTable] = []
    for block in catalogue.vocabulary.blocks.values():
        for first, second in block.edges:
            if first not in by_trait or second not in by_trait:
                continue
            ones, others = by_trait[first][1], by_trait[second][1]
            logs = np.zeros((len(ones), len(others)))
            applies: NDArray[np.bool_] | None = None
            for row, one in enumerate(ones):
                for place, other in enumerate(others):
                    edge = _edge(one, other, hypotheses, catalogue)
                    if edge is not None:
                        logs[row, place], applies = edge.log_edge, edge.applies
            if applies is not None:
                tables.append(EdgeTable(first, second, logs, applies))
    return tables


def _edge(one: Finding, other: Finding, hypotheses: Sequence[Hypothesis], catalogue: Catalogue) -> Edge | None:
    comparisons, _ = compare([one, other], hypotheses, catalogue)
    found = background_edges(comparisons, hypotheses, catalogue)
    return found[0] if found else None


def _folded(
    columns: Sequence[Column],
    cells: Sequence[Sequence[Any]],
    read: Sequence[list[Finding]],
    kinds: dict[int, TraitKind],
) -> dict[int, dict[str, str]] | None:
    """Of marks and year marks, the letters that say whether two cells are one physical mark."""
    wanted = {TraitKind.TEXT, TraitKind.YEAR_MARK}
    if not wanted <= set(kinds.values()):
        return None
    found: dict[int, dict[str, str]] = {}
    for column, own, findings in zip(columns, cells, read, strict=True):
        if kinds[column.place] in wanted:
            found[column.place] = {
                str(cell): fold(value.readings[0].text) if isinstance(value, Text | YearMark) else ""
                for cell, value in zip(own, (one.observation.value for one in findings), strict=True)
            }
    return found
