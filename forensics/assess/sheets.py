"""Many tabulated sheets at once (validation, simulation): the engine's arithmetic over gathered table rows.

Every trait is a table of possible records, every sheet a row of record numbers. Sheets of one block that record the
same traits share everything but the rows they gather, so they are weighed together; a block with one recorded trait,
or with traits that no source group, edge or image joins, is a plain sum of precomputed rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.assess.blocks import BlockForm, Link, Term, block_form, block_log_lr, select_columns
from forensics.assess.evidence import UNKNOWN_BLOCK_RHO
from forensics.assess.settings import LN10, Settings
from forensics.model.tables import TraitTable

__all__ = ["EdgeTable", "score_tables"]

Floats = NDArray[np.float64]
Scores = NDArray[np.float32]
Codes = NDArray[np.int32]

CHUNK = 16384
LARGEST_JOINED_CELLS = 500_000
"""Sheets times leaves weighed in one go where a block hangs together: bounds the memory of the temporaries."""


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
) -> Scores:
    """log10 LR of every leaf for many sheets.

    Parameters
    ----------
    codes : (N, T) int32
        Row of each trait's table that the sheet records, -1 where the trait is not recorded.
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
    chunk : int
        Sheets gathered at a time; memory grows with it and not with N, apart from the result.

    Returns
    -------
    (N, H) float32
        Equal to the log10 LR of one sheet weighed by itself to 1e-5.

    Raises
    ------
    ValueError
        When a code is not a row of its table or the shapes do not fit.
    """
    codes = np.asarray(codes)
    if codes.ndim != 2 or codes.shape[1] != len(tables) or len(qualities) != len(tables):
        raise ValueError("codes need one column, and qualities one number, for each table")
    sizes = np.array([len(table.background) for table in tables])
    if codes.size and ((codes < -1) | (codes >= sizes)).any():
        raise ValueError("a code is not a row of its table")
    leaves = tables[0].weight.shape[0] if tables else 0
    blocks = [
        _Block.build(
            name, [t for t, table in enumerate(tables) if table.block == name], tables, qualities, settings
        ).with_edges(edges, rho.get(name, UNKNOWN_BLOCK_RHO))
        for name in sorted({table.block for table in tables})
    ]
    result = np.zeros((codes.shape[0], leaves), dtype=np.float32)
    for start in range(0, codes.shape[0], chunk):
        part = codes[start : start + chunk]
        total = result[start : start + chunk]
        for block in blocks:
            block.add(part, total)
        total *= np.float32(settings.exponent / LN10)
    return result


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
        """Add the block's ln LR of each sheet of a chunk to ``total`` (n, H)."""
        if not self.traits:
            return
        own = codes[:, self.traits]
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
