"""Comparisons brought into one canonical order, as the terms the engine weighs.

Records are sorted by block and trait, hypotheses by id: neither the order of a sheet nor that of the catalogue can
change a digit of the result.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.assess.blocks import BlockForm, Link, Term, block_form
from forensics.assess.dates import DateRecord, date_term
from forensics.assess.settings import LN10, Settings
from forensics.model.catalogue import Hypothesis, Vocabulary
from forensics.model.evidence import Method
from forensics.model.tables import Comparison, DateTable, Edge

__all__ = ["Evidence", "Record", "gather"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNKNOWN_BLOCK_RHO = 0.5
_OFF_ONE_IMAGE = frozenset({Method.PHOTOGRAPH, Method.LOW_RESOLUTION, Method.AUTOMATIC})


@dataclass(frozen=True)
class Record:
    """One scored trait: what the comparison says, with hypotheses in canonical order.

    ratio: (H,) f/b; weight: (H,); origin: (H,); cap: largest |ln LR|; likelihood: (H,); background: b. own: (H,)
    whether a value is stated for the design itself (type, family or pattern), not only for its state.
    """

    trait: str
    block: str
    comparison: Comparison
    ratio: Floats
    likelihood: Floats
    background: float
    weight: Floats
    origin: Integers
    quality: float
    cap: float
    photograph: str | None
    dates: DateTable | None
    own: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """(H,) whether the hypothesis states anything about the trait."""
        return self.weight > 0

    def alone(self) -> Floats:
        """(H,) log10 LR of this record alone, after the cap, before the global exponent."""
        mixed = np.log1p(np.maximum(self.quality * (self.ratio - 1.0), -1.0 + 1e-12))
        log: Floats = np.log1p(self.weight * np.expm1(np.clip(mixed, -self.cap, self.cap)))
        return log / LN10


@dataclass(frozen=True)
class Evidence:
    """Everything scored of one case.

    ``hypotheses`` are in canonical order; ``order[i]`` is where the i-th stood in the comparisons given. ``unscored``:
    comparisons that weigh exactly nothing (unreadable, or nobody states the trait).
    """

    hypotheses: tuple[Hypothesis, ...]
    order: NDArray[np.intp]
    records: tuple[Record, ...]
    unscored: tuple[Comparison, ...]
    edges: tuple[Edge, ...]
    rho: dict[str, float]
    settings: Settings

    @property
    def size(self) -> int:
        """H, the number of hypotheses."""
        return len(self.hypotheses)

    @property
    def blocks(self) -> tuple[str, ...]:
        """Blocks that hold a scored record, sorted."""
        return tuple(sorted({record.block for record in self.records}))

    def of_block(self, block: str) -> tuple[Record, ...]:
        """The records of one block, sorted by trait."""
        return tuple(record for record in self.records if record.block == block)

    def form(self, block: str, records: Sequence[Record] | None = None) -> BlockForm:
        """The block as the engine weighs it, from all its records or from some."""
        chosen = self.of_block(block) if records is None else tuple(records)
        dated = [record for record in chosen if record.dates is not None]
        terms = [_term(record) for record in chosen if record.dates is None]
        if dated:
            terms.append(
                date_term(
                    [
                        DateRecord(r.trait, r.dates, r.weight, r.origin, r.quality, r.photograph)
                        for r in dated
                        if r.dates is not None
                    ],
                    block=block,
                    floor=self.settings.foreign_floor,
                    cap=self.settings.cap(block),
                )
            )
        position = {term.traits[0]: number for number, term in enumerate(terms) if len(term.traits) == 1}
        links = [
            Link(position[edge.first], position[edge.second], edge.log_edge, edge.applies)
            for edge in self.edges
            if edge.first in position and edge.second in position
        ]
        return block_form(block, terms, self.rho.get(block, UNKNOWN_BLOCK_RHO), links)

    def without(self, traits: Collection[str]) -> Evidence:
        """The same evidence with some traits left out."""
        left = tuple(record for record in self.records if record.trait not in traits)
        return Evidence(self.hypotheses, self.order, left, self.unscored, self.edges, self.rho, self.settings)


def _term(record: Record) -> Term:
    return Term(
        (record.trait,),
        record.block,
        record.ratio,
        record.quality,
        record.weight,
        record.origin,
        record.cap,
        record.photograph,
    )


def gather(
    comparisons: Sequence[Comparison],
    edges: Sequence[Edge],
    hypotheses: Sequence[Hypothesis],
    vocabulary: Vocabulary,
    settings: Settings,
) -> Evidence:
    """Put comparisons, edges and hypotheses into canonical order and drop what weighs nothing.

    Raises
    ------
    ValueError
        When two comparisons are of one trait (several records of one trait are one comparison), two hypotheses share
        an id, or a table does not fit the hypotheses.
    """
    order = np.array(sorted(range(len(hypotheses)), key=lambda i: hypotheses[i].id), dtype=np.intp)
    ranked = tuple(hypotheses[i] for i in order)
    if len({hypothesis.id for hypothesis in ranked}) != len(ranked):
        raise ValueError("two hypotheses share one id")
    traits = [comparison.table.trait for comparison in comparisons]
    if len(set(traits)) != len(traits):
        raise ValueError(f"two comparisons are of one trait: {sorted({t for t in traits if traits.count(t) > 1})}")
    records = []
    unscored = []
    for comparison in sorted(comparisons, key=lambda c: (c.table.block, c.table.trait)):
        table = comparison.table
        if table.weight.shape != (len(ranked),) or table.likelihood.shape != (1, len(ranked)):
            raise ValueError(f"the table of {table.trait} does not fit {len(ranked)} hypotheses")
        if comparison.quality <= 0 or not (table.weight > 0).any():
            unscored.append(comparison)
        else:
            records.append(_record(comparison, order, settings, ranked))
    return Evidence(
        ranked,
        order,
        tuple(records),
        tuple(unscored),
        tuple(
            Edge(edge.first, edge.second, edge.log_edge, edge.applies[order])
            for edge in sorted(edges, key=lambda edge: (edge.first, edge.second))
        ),
        {block.id: block.rho for block in vocabulary.blocks.values()},
        settings,
    )


def _record(
    comparison: Comparison, order: NDArray[np.intp], settings: Settings, ranked: Sequence[Hypothesis]
) -> Record:
    table = comparison.table
    likelihood = table.likelihood[0][order]
    background = float(table.background[0])
    dates = comparison.dates
    if dates is not None:
        dates = DateTable(
            dates.years, dates.prior[:, order], dates.background_prior, dates.likelihood[:, order], dates.background
        )
    return Record(
        trait=table.trait,
        block=table.block,
        comparison=comparison,
        ratio=likelihood / background,
        likelihood=likelihood,
        background=background,
        weight=table.weight[order],
        origin=table.origin[order],
        quality=comparison.quality,
        cap=settings.cap(table.block),
        photograph=_one_image(comparison),
        dates=dates,
        own=np.array([_states_itself(leaf, table.trait) for leaf in ranked], dtype=bool),
    )


def _states_itself(leaf: Hypothesis, trait: str) -> bool:
    """Whether the value belongs to the design; what only its state is known for says nothing about the design."""
    expectation = leaf.expectations.get(trait)
    return expectation is not None and expectation.weight > 0 and expectation.stated_at != leaf.state


def _one_image(comparison: Comparison) -> str | None:
    """The photograph every finding of the comparison was read off, or None (also for what was held in the hand)."""
    images = {
        finding.observation.provenance.photograph if finding.observation.provenance.method in _OFF_ONE_IMAGE else None
        for finding in comparison.findings
    }
    return images.pop() if len(images) == 1 else None
