"""Many tabulated sheets at once (batch, validation, simulation): the engine's arithmetic over gathered table rows.

Every trait is a table of possible records, every sheet a row of record numbers. What a block weighs depends on its own
records alone, so each combination of records that occurs is weighed once and remembered; a sheet is then the sum of one
row a block. Combinations are weighed by the sets of traits they record: a block with one recorded trait, or with
traits that no source group or edge joins, is a plain sum of precomputed rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.assess.blocks import BlockForm, Link, Term, block_form, block_log_lr, select_columns
from forensics.assess.evidence import UNKNOWN_BLOCK_RHO
from forensics.assess.settings import LN10, Settings
from forensics.model.tables import TraitTable

__all__ = ["EdgeTable", "SheetScorer", "score_tables"]

Floats = NDArray[np.float64]
Scores = NDArray[np.float32]
Codes = NDArray[np.integer[Any]]

CHUNK = 4096
"""Sheets gathered at a time: their rows stay in the cache of one core."""
SPAN = 65_536
"""Sheets looked up at a time: what is not yet remembered of them is weighed before they are gathered."""
LARGEST_JOINED_CELLS = 500_000
"""Combinations times leaves weighed in one go where a block hangs together: bounds the memory of the temporaries."""
LARGEST_INDEX = 4_000_000
"""A block with more possible combinations than this is weighed span by span and nothing of it is remembered."""
REMEMBERED_BYTES = 256 * 1024 * 1024
"""All blocks together remember no more than this; what comes after is weighed span by span."""


@dataclass(frozen=True)
class EdgeTable:
    """Background dependence of two tabulated traits. log_edge: (X, Y) ln[b(x,y) / (b(x) b(y))]; applies: (H,)."""

    first: str
    second: str
    log_edge: Floats
    applies: NDArray[np.bool_]


def score_tables(
    codes: Codes,
    tables: Sequence[TraitTable],
    qualities: Sequence[float],
    *,
    settings: Settings,
    rho: Mapping[str, float],
    edges: Sequence[EdgeTable] = (),
    chunk: int = CHUNK,
    threads: int = 1,
) -> Scores:
    """log10 LR of every leaf for many sheets; ``SheetScorer`` with one call.

    Returns
    -------
    (N, H) float32
        Equal to the log10 LR of one sheet weighed by itself to 1e-5.

    Raises
    ------
    ValueError
        When a code is not a row of its table or the shapes do not fit.
    """
    return SheetScorer(tables, qualities, settings=settings, rho=rho, edges=edges).score(
        codes, chunk=chunk, threads=threads
    )


class SheetScorer:
    """Scores sheets over one set of tables and remembers what it has weighed: make it once, feed it part by part.

    Parameters
    ----------
    tables : sequence of T TraitTable
        Over the same H hypotheses. Dates joined over the latent year are one table whose rows are the combinations.
    qualities : sequence of T floats
        q of each trait's records.
    settings : Settings
        Exponent and caps.
    rho : mapping
        By block, the correlation of traits no edge covers.
    edges : sequence of EdgeTable
        Pair tables of the background.

    Not safe to share between threads; ``score`` and ``spans`` use threads of their own.
    """

    def __init__(
        self,
        tables: Sequence[TraitTable],
        qualities: Sequence[float],
        *,
        settings: Settings,
        rho: Mapping[str, float],
        edges: Sequence[EdgeTable] = (),
    ) -> None:
        if len(qualities) != len(tables):
            raise ValueError("qualities need one number for each table")
        self.leaves = tables[0].weight.shape[0] if tables else 0
        self._sizes = np.array([len(table.background) for table in tables], dtype=np.int64)
        self._scale = np.float32(settings.exponent / LN10)
        blocks = []
        for name in sorted({table.block for table in tables}):
            own = [t for t, table in enumerate(tables) if table.block == name]
            block = _Block.build(name, own, tables, qualities, settings)
            blocks.append(block.with_edges(edges, rho.get(name, UNKNOWN_BLOCK_RHO)))
        self._memories = [_Memory(block, self.leaves, self._scale) for block in blocks if block.traits]

    def score(self, codes: Codes, *, chunk: int = CHUNK, threads: int = 1) -> Scores:
        """log10 LR of every leaf.

        Parameters
        ----------
        codes : (N, T) integers
            Row of each trait's table that the sheet records, -1 where the trait is not recorded.
        chunk : int
            Sheets gathered at a time.
        threads : int
            Gathering threads. The result does not depend on it.

        Returns
        -------
        (N, H) float32

        Raises
        ------
        ValueError
            When a code is not a row of its table or the shape does not fit.
        """
        codes = self._checked(codes)
        result = np.empty((len(codes), self.leaves), dtype=np.float32)
        for start, part in self.spans(codes, chunk=chunk, threads=threads, into=result):
            del start, part
        return result

    def spans(
        self, codes: Codes, *, chunk: int = CHUNK, threads: int = 1, into: Scores | None = None
    ) -> Iterator[tuple[int, Scores]]:
        """The same part by part: (number of the first sheet, (n, H) log10 LR), n at most 65,536.

        Without ``into`` one buffer serves all parts: use each before asking for the next. Memory does not grow with N.
        """
        codes = self._checked(codes)
        buffer = np.empty((min(SPAN, len(codes)), self.leaves), dtype=np.float32) if into is None else None
        with ThreadPoolExecutor(max(1, threads)) as pool:
            for start in range(0, len(codes), SPAN):
                part = codes[start : start + SPAN]
                found = [memory.look_up(part) for memory in self._memories]
                total = into[start : start + SPAN] if buffer is None and into is not None else buffer[: len(part)]  # type: ignore[index]
                jobs = [
                    (total[at : at + chunk], [(rows, places[at : at + chunk]) for rows, places in found])
                    for at in range(0, len(part), chunk)
                ]
                if threads > 1:
                    list(pool.map(_gather, jobs))
                else:
                    for job in jobs:
                        _gather(job)
                yield start, total

    def _checked(self, codes: Codes) -> Codes:
        codes = np.asarray(codes)
        if codes.ndim != 2 or codes.shape[1] != len(self._sizes):
            raise ValueError("codes need one column for each table")
        if codes.size and ((codes < -1) | (codes >= self._sizes)).any():
            raise ValueError("a code is not a row of its table")
        return codes


def _gather(job: tuple[Scores, list[tuple[Scores, NDArray[np.intp]]]]) -> None:
    """Sum one row of each block into the sheets of one chunk."""
    total, blocks = job
    if not blocks:
        total[:] = 0.0
        return
    buffer = np.empty_like(total)
    for number, (rows, places) in enumerate(blocks):
        # mode="clip" skips the bounds check; the places are row numbers by construction.
        np.take(rows, places, axis=0, out=total if number == 0 else buffer, mode="clip")
        if number:
            np.add(total, buffer, out=total)


@dataclass
class _Memory:
    """The combinations of one block's records met so far, each weighed once.

    slot: by combination, its row in ``rows`` or -1; row 0 is "nothing recorded".
    """

    block: _Block
    leaves: int
    scale: np.float32
    slot: NDArray[np.int32] | None = field(init=False)
    rows: Scores = field(init=False)
    used: int = field(init=False, default=1)

    def __post_init__(self) -> None:
        sizes = [len(table.background) + 1 for table in self.block.tables]
        self.radix = np.concatenate([[1], np.cumprod(sizes[:-1], dtype=np.float64)])
        combinations = float(np.prod(np.array(sizes, dtype=np.float64)))
        self.countable = combinations < 2.0**62
        self.slot = np.full(int(combinations), -1, dtype=np.int32) if combinations <= LARGEST_INDEX else None
        if self.slot is not None:
            self.slot[0] = 0
        self.rows = np.zeros((64, self.leaves), dtype=np.float32)

    def look_up(self, codes: Codes) -> tuple[Scores, NDArray[np.intp]]:
        """Rows, and the row of each sheet."""
        own = np.asarray(codes[:, self.block.traits], dtype=np.int64) + 1
        if self.slot is None:
            return self._afresh(own)
        key = own @ self.radix.astype(np.int64)
        seen = np.zeros(len(self.slot), dtype=bool)
        seen[key] = True
        new = np.flatnonzero(seen & (self.slot < 0))
        if (self.used + len(new)) * self.leaves * 4 > REMEMBERED_BYTES:
            return self._afresh(own)
        if len(new):
            self._grow(len(new))
            combinations = (
                new[:, None]
                // self.radix.astype(np.int64)
                % np.array([len(table.background) + 1 for table in self.block.tables])
            )
            self.rows[self.used : self.used + len(new)] = self._weighed(combinations)
            self.slot[new] = np.arange(self.used, self.used + len(new), dtype=np.int32)
            self.used += len(new)
        return self.rows, self.slot[key].astype(np.intp)

    def _grow(self, number: int) -> None:
        wanted = self.used + number
        if wanted > len(self.rows):
            larger = np.zeros((max(wanted, 2 * len(self.rows)), self.leaves), dtype=np.float32)
            larger[: self.used] = self.rows[: self.used]
            self.rows = larger

    def _afresh(self, own: NDArray[np.int64]) -> tuple[Scores, NDArray[np.intp]]:
        """Weigh what occurs in this part alone."""
        if self.countable:
            key = own @ self.radix.astype(np.int64)
            _, first, places = np.unique(key, return_index=True, return_inverse=True)
            return self._weighed(own[first]), places.reshape(-1)
        distinct, places = np.unique(own, axis=0, return_inverse=True)
        return self._weighed(distinct), places.reshape(-1)

    def _weighed(self, combinations: NDArray[np.int64]) -> Scores:
        """(U, H) log10 contribution of combinations of records, each record numbered from 1, 0 not recorded."""
        total = np.zeros((len(combinations), self.leaves), dtype=np.float32)
        self.block.add((combinations - 1).astype(np.int32), total)
        total *= self.scale
        return total


@dataclass
class _Prepared:
    """A block as recorded by one set of traits. ``joined``: columns weighed through ``form``; the rest are sums."""

    columns: tuple[int, ...]
    tempering: Scores
    joined: NDArray[np.intp]
    form: BlockForm
    pairs: tuple[EdgeTable, ...]


@dataclass
class _Block:
    name: str
    traits: tuple[int, ...]
    tables: tuple[TraitTable, ...]
    qualities: tuple[float, ...]
    cap: float
    ratios: tuple[Floats, ...]
    rows: tuple[Scores, ...]
    rho: float
    edges: tuple[EdgeTable, ...]
    prepared: dict[int, _Prepared]

    @classmethod
    def build(
        cls,
        name: str,
        numbers: Sequence[int],
        tables: Sequence[TraitTable],
        qualities: Sequence[float],
        settings: Settings,
    ) -> _Block:
        """Precompute each trait's rows: (X, H) ln LR of the record alone."""
        cap = settings.cap(name)
        # A record of quality 0 weighs nothing, not even in the count of dependent records.
        kept = [t for t in numbers if qualities[t] > 0]
        ratios = [tables[t].likelihood / tables[t].background[:, None] for t in kept]
        rows = []
        for t, ratio in zip(kept, ratios, strict=True):
            mixed = np.clip(np.log1p(np.maximum(qualities[t] * (ratio - 1.0), 1e-12 - 1.0)), -cap, cap)
            rows.append(np.log1p(tables[t].weight * np.expm1(mixed)).astype(np.float32))
        chosen = tuple(tables[t] for t in kept)
        used = tuple(qualities[t] for t in kept)
        return cls(name, tuple(kept), chosen, used, cap, tuple(ratios), tuple(rows), 0.0, (), {})

    def with_edges(self, edges: Sequence[EdgeTable], rho: float) -> _Block:
        """The same block with its correlation and the pair tables whose traits it holds."""
        names = {table.trait for table in self.tables}
        self.rho = rho
        self.edges = tuple(edge for edge in edges if edge.first in names and edge.second in names)
        return self

    def add(self, codes: Codes, total: Scores) -> None:
        """Add the block's ln LR of each combination of its records, (n, m), to ``total`` (n, H)."""
        own = codes
        recorded = (own >= 0) @ (1 << np.arange(len(self.traits)))
        for mask in np.unique(recorded).tolist():
            if mask == 0:
                continue
            if mask not in self.prepared:
                self.prepared[mask] = self._prepare(mask)
            where = np.flatnonzero(recorded == mask)
            self._add_alike(self.prepared[mask], own[where], where, total)

    def _prepare(self, mask: int) -> _Prepared:
        columns = tuple(k for k in range(len(self.traits)) if mask >> k & 1)
        terms = [
            Term(
                (self.tables[k].trait,),
                self.name,
                np.ones(self.tables[k].weight.shape[0]),
                self.qualities[k],
                self.tables[k].weight,
                self.tables[k].origin,
                self.cap,
            )
            for k in columns
        ]
        position = {term.traits[0]: number for number, term in enumerate(terms)}
        pairs = tuple(edge for edge in self.edges if edge.first in position and edge.second in position)
        links = [Link(position[edge.first], position[edge.second], 0.0, edge.applies) for edge in pairs]
        form = block_form(self.name, terms, self.rho, links)
        tempering = np.ones(form.size, dtype=np.float32)
        joined: list[NDArray[np.intp]] = []
        for layout in form.layouts:
            if layout.links or any(len(group) > 1 for group in layout.groups):
                joined.append(layout.columns)
            tempering[layout.columns] = 1.0 / (1.0 + (max(len(layout.members), 1) - 1) * self.rho)
        chosen = np.sort(np.concatenate(joined)) if joined else np.zeros(0, dtype=np.intp)
        return _Prepared(columns, tempering, chosen, select_columns(form, chosen), pairs)

    def _add_alike(self, prepared: _Prepared, codes: Codes, where: NDArray[np.intp], total: Scores) -> None:
        """Sheets that record the same traits of the block."""
        first = prepared.columns[0]
        log = self.rows[first][codes[:, first]]
        for k in prepared.columns[1:]:
            log += self.rows[k][codes[:, k]]
        log *= prepared.tempering
        if prepared.joined.size:
            step = max(1, LARGEST_JOINED_CELLS // prepared.joined.size)
            for start in range(0, len(codes), step):
                part = slice(start, start + step)
                log[part, prepared.joined] = self._joined(prepared, codes[part])
        if len(where) == len(total):
            total += log
        else:
            total[where] += log

    def _joined(self, prepared: _Prepared, codes: Codes) -> Floats:
        column = {self.tables[k].trait: k for k in prepared.columns}
        return block_log_lr(
            prepared.form,
            ratios=[self.ratios[k][:, prepared.joined][codes[:, k]] for k in prepared.columns],
            link_logs=[
                edge.log_edge[codes[:, column[edge.first]], codes[:, column[edge.second]]][:, None]
                for edge in prepared.pairs
            ],
        )
