"""A flat table scored as a stream: a million rows in bounded memory, the leading types and the ratios of nodes kept.

The numbers are those of ``assess``, row by row. What is left out is everything that costs more than the ratio itself:
intervals, sensitivity, the conclusion and its words. It says which rows to assess one by one; it names nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from forensics import __version__
from forensics.assess import Settings, SheetRanks, SheetScorer, Tree, build_tree, rank_sheets
from forensics.batch import places
from forensics.batch.coding import Coded, Column, distinct_cells, make_coded, rounded
from forensics.batch.sheets import PARQUET, PARQUET_DAMAGE, layout_of, open_parquet
from forensics.errors import Fault, InputError, MissingProgramError
from forensics.intake import Lexicon
from forensics.model.catalogue import Catalogue, TraitKind

__all__ = ["RANKING", "BulkDone", "Nodes", "score_table"]

Nodes = Literal["states", "families", "all"]
Codes = NDArray[np.int32]

RANKING = "ranking.parquet"
ROWS = 131_072
"""Rows read, scored and written at a time."""


@dataclass(frozen=True)
class BulkDone:
    """What was scored: rows, the traits that weighed, those nobody states, seconds of each part."""

    place: str
    rows: int
    traits: tuple[str, ...]
    silent: tuple[str, ...]
    leaves: int
    seconds: dict[str, float]


def score_table(
    table: str,
    output: str,
    catalogue: Catalogue,
    *,
    leading: int = 5,
    nodes: Nodes = "states",
    threads: int = 1,
    tell: Callable[[int, int, int, float], None] | None = None,
) -> BulkDone:
    """Score every row of a wide table (Parquet or CSV; one row an item, one column a trait) into ``ranking.parquet``.

    Parameters
    ----------
    leading
        Types (or unlisted designs) kept of each row, best first.
    nodes
        Whose log10 LR to keep beside: every state, every family, or both; what is not catalogued always.
    threads
        Working threads; the result does not depend on it.

    Returns
    -------
    Each row has its case (or its number), how many traits it records that weigh something, ``type_1`` to ``type_K``
    with ``log10_lr_1`` to ``log10_lr_K``, ``not_catalogued`` and one column a node.

    Raises
    ------
    InputError
        With every heading and every distinct cell that cannot be read.
    """
    _require_pyarrow(table)
    with places.fetched(table) as path:
        return _score(_Source(path, table), output, catalogue, leading, nodes, threads, tell)


def _require_pyarrow(table: str) -> None:
    try:
        import pyarrow as pa  # noqa: F401, PLC0415
    except ImportError:
        message = f"{table}: --bulk needs the package pyarrow (pip install 'missile-forensics[tables]')."
        raise MissingProgramError(message) from None


class _Source:
    """A table read in parts, twice: once for its distinct cells, once for its rows."""

    def __init__(self, path: Path, shown_as: str) -> None:
        self.path, self.shown_as = path, shown_as
        self.is_parquet = path.suffix.lower() in PARQUET
        if self.is_parquet:
            parquet = open_parquet(path, shown_as)
            self.headings: list[str] = list(parquet.schema_arrow.names)
            self._types = {field.name: field.type for field in parquet.schema_arrow}
            self.rows: int = parquet.metadata.num_rows
        else:
            with self._csv() as reader:
                self.headings = list(reader.schema.names)
            self._types = {}
            self.rows = 0

    def _csv(self) -> Any:
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import csv  # noqa: PLC0415

        with self.path.open("rb") as stream:
            first = stream.readline(1 << 16).decode("utf-8-sig", "replace")
        delimiter = max(",;\t", key=first.count)
        names = first.strip("\r\n").split(delimiter)
        types = {name.strip().strip('"'): pa.string() for name in names}
        try:
            return csv.open_csv(
                self.path,
                read_options=csv.ReadOptions(block_size=16 << 20),
                parse_options=csv.ParseOptions(delimiter=delimiter),
                convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=False),
            )
        except (*PARQUET_DAMAGE, pa.ArrowException) as error:
            raise InputError(Fault(self.shown_as, message=f"is not readable as a table: {error}.")) from None

    def is_number(self, heading: str) -> bool:
        """Whether a column holds floating-point numbers or integers."""
        import pyarrow as pa  # noqa: PLC0415

        kind = self._types.get(heading)
        return kind is not None and (pa.types.is_floating(kind) or pa.types.is_integer(kind))

    def parts(self, headings: Sequence[str]) -> Iterator[Any]:
        """Record batches of some columns."""
        import pyarrow as pa  # noqa: PLC0415

        try:
            if self.is_parquet:
                yield from open_parquet(self.path, self.shown_as).iter_batches(batch_size=ROWS, columns=list(headings))
                return
            with self._csv() as reader:
                for batch in reader:
                    yield batch.select(list(headings))
        except (*PARQUET_DAMAGE, pa.ArrowException) as error:
            raise InputError(Fault(self.shown_as, message=f"is not readable as a table: {error}.")) from None


def _columns(source: _Source, catalogue: Catalogue, lexicon: Lexicon) -> tuple[list[Column], str | None]:
    """The trait columns, and the heading that names the case."""
    layout = layout_of(source.headings, lexicon, source.shown_as, needs_case=False)
    if not layout.is_wide:
        advice = "Give one row an item and one column a trait, or leave --bulk out."
        raise InputError(Fault(source.shown_as, 1, message="is in long form.", advice=advice))
    own = [source.headings[place] for place, _, column in layout.traits if column != "value"]
    if own:
        advice = "--bulk reads values only; leave --bulk out to have the rest counted."
        raise InputError([Fault(source.shown_as, 1, heading, "is no value of a trait.", advice) for heading in own])
    found: list[Column] = []
    for number, (place, trait, _) in enumerate(layout.traits):
        heading = source.headings[place]
        measured = catalogue.vocabulary.traits[trait].kind is TraitKind.MEASURED
        found.append(Column(number, heading, trait, measured and source.is_number(heading)))
    return found, source.headings[layout.case] if layout.case >= 0 else None


def _words(array: Any) -> list[str]:
    """Distinct cells of a part as texts."""
    import pyarrow.compute as pc  # noqa: PLC0415

    return [_text(cell) for cell in pc.unique(array).to_pylist()]


def _text(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124  nan differs from itself
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _score(
    source: _Source,
    output: str,
    catalogue: Catalogue,
    leading: int,
    nodes: Nodes,
    threads: int,
    tell: Callable[[int, int, int, float], None] | None,
) -> BulkDone:
    from forensics.catalogue import resolve  # noqa: PLC0415

    start = time.perf_counter()
    lexicon = Lexicon(catalogue.vocabulary)
    columns, case = _columns(source, catalogue, lexicon)
    hypotheses = tuple(sorted(resolve(catalogue)[0], key=lambda hypothesis: hypothesis.id))
    settings = Settings.read(catalogue.parameters)
    cells, rows = _all_cells(source, columns)
    seen = time.perf_counter()
    coded = make_coded(columns, cells, hypotheses, catalogue, settings, lexicon, source.shown_as)
    tree = build_tree(hypotheses, theta=settings.coverage_theta, other_prior=settings.unlisted_other_prior)
    rho = {block.id: block.rho for block in catalogue.vocabulary.blocks.values()}
    scorer = SheetScorer(coded.tables, coded.qualities, settings=settings, rho=rho, edges=coded.edges)
    weighed = time.perf_counter()
    ranking = _Ranking(output, tree, catalogue, leading, nodes, case)
    done = 0
    with ranking:
        for part in source.parts([*([case] if case else []), *(column.heading for column in columns)]):
            codes = _codes(part, coded)
            found = rank_sheets(scorer, codes, tree, nodes=ranking.masks, leading=leading, threads=threads)
            ranking.add(part.column(case) if case else None, codes, found)
            done += part.num_rows
            if tell is not None:
                tell(done, 0, rows, done / (time.perf_counter() - weighed))
    end = time.perf_counter()
    weighing = {column.trait for column in coded.columns}
    return BulkDone(
        ranking.place,
        done,
        tuple(sorted(weighing)),
        tuple(sorted({column.trait for column in columns} - weighing)),
        len(hypotheses),
        {"reading the distinct cells": seen - start, "weighing them": weighed - seen, "scoring": end - weighed},
    )


def _all_cells(source: _Source, columns: Sequence[Column]) -> tuple[list[list[Any]], int]:
    """Distinct cells of every column in one pass, and the number of rows."""
    found: list[set[Any]] = [set() for _ in columns]
    rows = 0
    for part in source.parts([column.heading for column in columns]):
        rows += part.num_rows
        for column, own in zip(columns, found, strict=True):
            array = part.column(column.heading)
            cells = array.to_numpy(zero_copy_only=False) if column.numeric else _words(array)
            own.update(distinct_cells(column, [cells], source.shown_as))
    return [
        distinct_cells(column, [list(own)], source.shown_as) for column, own in zip(columns, found, strict=True)
    ], rows


def _codes(part: Any, coded: Coded) -> Codes:
    """(n, T) rows of the tables for one part of the table."""
    codes = np.empty((part.num_rows, len(coded.columns)), dtype=np.int32)
    texts: dict[int, NDArray[np.object_]] = {}
    for place, column in enumerate(coded.columns):
        array = part.column(column.heading)
        if column.numeric:
            known, rows = coded.numbers[column.place]
            values = rounded(np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64))
            at = np.searchsorted(known, values)
            codes[:, place] = np.where(np.isfinite(values), rows[np.minimum(at, len(rows) - 1)], -1)
            continue
        encoded = array.dictionary_encode()
        names = [_text(cell) for cell in encoded.dictionary.to_pylist()]
        numbers = np.array([*(coded.words[column.place].get(name, -1) for name in names), -1], dtype=np.int32)
        index = encoded.indices.fill_null(len(names)).to_numpy(zero_copy_only=False)
        codes[:, place] = numbers[index]
        if coded.folded is not None and column.place in coded.folded:
            folds = coded.folded[column.place]
            texts[place] = np.array([*(folds.get(name, "") for name in names), ""], dtype=object)[index]
    if coded.text is not None and coded.script is not None:
        # Marks have two rows: with the script recorded as well, and without.
        half = len(coded.tables[coded.text].background) // 2
        codes[:, coded.text] += np.where((codes[:, coded.text] >= 0) & (codes[:, coded.script] < 0), half, 0)
    if coded.year in texts:
        year = texts[coded.year]
        for place, text in texts.items():
            if place != coded.year:
                codes[(text == year) & (year != ""), place] = -1  # one physical mark feeds one trait
    return codes


class _Ranking:
    """``ranking.parquet``, written by a thread of its own while the next part is scored."""

    def __init__(
        self, output: str, tree: Tree, catalogue: Catalogue, leading: int, nodes: Nodes, case: str | None
    ) -> None:
        import pyarrow as pa  # noqa: PLC0415

        self._pa = pa
        self.place = places.join(output, RANKING)
        self._case = case
        self._leading = min(leading, len(tree.hypotheses))
        named: dict[str, NDArray[np.bool_]] = {"not_catalogued": ~tree.listed}
        if nodes in ("states", "all"):
            named |= {f"state:{name}": mask for name, mask in tree.states.items()}
        if nodes in ("families", "all"):
            named |= {f"family:{name}": mask for name, mask in tree.families.items()}
        self._names, self.masks = list(named), list(named.values())
        self._leaves = pa.array([hypothesis.id for hypothesis in tree.hypotheses])
        self._about = {
            b"forensics.tool_version": __version__.encode(),
            b"forensics.catalogue": catalogue.version.encode(),
            b"forensics.catalogue_digest": catalogue.digest.encode(),
        }
        self._folder = places.working_folder()
        self._pool = ThreadPoolExecutor(1)
        self._pending: Future[None] | None = None
        self._writer: Any = None
        self._row = 0

    def __enter__(self) -> _Ranking:
        self._path = Path(self._folder.__enter__()) / RANKING
        return self

    def add(self, case: Any, codes: Codes, ranks: SheetRanks) -> None:
        """Write one part; waits for the one before."""
        pa = self._pa
        count = len(codes)
        columns: dict[str, Any] = {}
        if case is not None:
            columns["case"] = case
        else:
            columns["row"] = pa.array(np.arange(self._row, self._row + count, dtype=np.int64))
        columns["recorded"] = pa.array((codes >= 0).sum(axis=1).astype(np.int16))
        for number in range(self._leading):
            index = pa.array(ranks.leaves[:, number])
            columns[f"type_{number + 1}"] = pa.DictionaryArray.from_arrays(index, self._leaves)
            columns[f"log10_lr_{number + 1}"] = pa.array(ranks.log10_lr[:, number])
        for number, name in enumerate(self._names):
            columns[name] = pa.array(ranks.nodes[:, number])
        self._row += count
        batch = pa.table(columns)
        if self._pending is not None:
            self._pending.result()
        self._pending = self._pool.submit(self._write, batch)

    def _write(self, table: Any) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415

        if self._writer is None:
            schema = table.schema.with_metadata(self._about)
            words = [name for name in table.column_names if name.startswith("type_") or name == "case"]
            self._writer = pq.ParquetWriter(
                self._path, schema, compression="zstd", compression_level=1, use_dictionary=words
            )
        self._writer.write_table(table.replace_schema_metadata(self._about))

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if self._pending is not None:
                self._pending.result()
            if self._writer is not None:
                self._writer.close()
            if kind is None:
                if self._writer is None:
                    raise InputError(Fault(self.place, message="the table has no rows."))
                places.put(self._path, self.place)
        finally:
            self._pool.shutdown()
            self._folder.__exit__(None, None, None)
