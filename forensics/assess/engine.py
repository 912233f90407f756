"""From traits to leaves (docs/method.md 3.6): ln p(E | h) / p(E | unlisted elsewhere) for every leaf of the tree.

Blocks are taken as independent of each other; the global exponent g covers what dependence is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.assess.blocks import BlockForm, block_log_lr
from forensics.assess.evidence import Evidence
from forensics.assess.settings import LN10

__all__ = ["Weighing", "block_subsets", "weigh"]

Floats = NDArray[np.float64]

LARGEST_SUBSET_GAME = 14
"""Blocks with more records than this are not enumerated subset by subset."""


@dataclass(frozen=True)
class Weighing:
    """The evidence weighed.

    ``block_logs``: by block (H,) ln LR before the exponent; ``log_lr``: (H,) ln LR of each leaf, exponent included.
    """

    evidence: Evidence
    forms: dict[str, BlockForm]
    block_logs: dict[str, Floats]
    log_lr: Floats

    @property
    def log10_lr(self) -> Floats:
        """(H,) log10 LR of each leaf against an unlisted design elsewhere."""
        return self.log_lr / LN10

    @cached_property
    def alone(self) -> Floats:
        """(T, H) log10 LR of each record alone, after caps, before the exponent; records in canonical order."""
        return np.array([record.alone() for record in self.evidence.records]).reshape(-1, self.evidence.size)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """(T, H) whether the hypothesis states anything about the record's trait."""
        return np.array([record.known for record in self.evidence.records], dtype=bool).reshape(-1, self.evidence.size)

    @cached_property
    def own(self) -> NDArray[np.bool_]:
        """(T, H) whether the value is stated for the design itself, not only for its state."""
        return np.array([record.own for record in self.evidence.records], dtype=bool).reshape(-1, self.evidence.size)

    @cached_property
    def subsets(self) -> dict[str, Floats]:
        """By block, (2^m, H) ln LR of every subset of its records; bit k of the row is record k of the block."""
        return {block: block_subsets(self.evidence, block) for block in self.evidence.blocks}

    def without(self, trait: str) -> Floats:
        """(H,) ln LR of each leaf with one trait left out, exponent included."""
        block = next(record.block for record in self.evidence.records if record.trait == trait)
        left = self.evidence.without({trait})
        logs = dict(self.block_logs)
        logs[block] = block_log_lr(left.form(block)) if left.of_block(block) else np.zeros(self.evidence.size)
        return _total(logs, self.evidence.size) * self.evidence.settings.exponent


def weigh(evidence: Evidence) -> Weighing:
    """Weigh everything scored.

    Returns
    -------
    Weighing
        With ``log_lr`` exactly 0 for leaves that state nothing about what was observed.
    """
    forms = {block: evidence.form(block) for block in evidence.blocks}
    logs = {block: block_log_lr(form) for block, form in forms.items()}
    return Weighing(evidence, forms, logs, _total(logs, evidence.size) * evidence.settings.exponent)


def _total(logs: dict[str, Floats], size: int) -> Floats:
    total = np.zeros(size)
    for block in sorted(logs):
        total = total + logs[block]
    return total


def block_subsets(evidence: Evidence, block: str) -> Floats:
    """(2^m, H) ln LR of one block for every subset of its m records, before the exponent.

    Records with dates are one joint term that differs from subset to subset, so those are rebuilt; the others are
    switched on and off in one evaluation.

    Raises
    ------
    ValueError
        When the block holds more than 14 records.
    """
    records = evidence.of_block(block)
    if len(records) > LARGEST_SUBSET_GAME:
        raise ValueError(f"block {block} holds {len(records)} records")
    dated = [number for number, record in enumerate(records) if record.dates is not None]
    plain = [number for number, record in enumerate(records) if record.dates is None]
    rows = np.arange(2 ** len(records))
    result = np.zeros((len(rows), evidence.size))
    for pattern in range(2 ** len(dated)):
        kept = [number for bit, number in enumerate(dated) if pattern >> bit & 1]
        wanted = np.ones(len(rows), dtype=bool)
        for number in dated:
            wanted &= (rows >> number & 1 == 1) == (number in kept)
        chosen = rows[wanted]
        form = evidence.form(block, [records[number] for number in sorted(plain + kept)])
        if not form.terms:
            continue
        included = [(chosen >> number & 1).astype(np.float64)[:, None] for number in plain]
        if kept:
            included.append(np.ones((len(chosen), 1)))
        result[chosen] = block_log_lr(form, included=included)
    return result
