"""One record as the kernels see it, and what a kernel gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forensics.compare.stated import Floats
from forensics.model.catalogue import Parameters
from forensics.model.evidence import Finding, Method
from forensics.model.values import Reading, Text, TraitValue, YearMark

__all__ = ["MAX_QUALITY", "Record", "Scored", "best_quality", "joint_column", "quality_of", "record_of"]

MAX_QUALITY = 0.98
"""No record is trusted further than this (docs/method.md 3.2, physical examination)."""


@dataclass(frozen=True)
class Record:
    """A finding with its quality q (0..0.98) and the method its error rates follow."""

    finding: Finding
    value: TraitValue
    quality: float
    method: Method


@dataclass(frozen=True)
class Scored:
    """Likelihood of the records of one trait, up to one common factor.

    values: (V,) per distinct stated value; background: b > 0, every floor included; quality: of the records
    together; observed: what was recorded, in words; rare: whether "a value like this" may be said to occur on one in
    so many other designs.
    """

    values: Floats
    background: float
    quality: float
    observed: str
    rare: bool = True


def effective_method(finding: Finding) -> Method:
    """The method whose quality holds: a machine reading that a person accepted counts as read off a photograph."""
    method = finding.observation.provenance.method
    if method is Method.AUTOMATIC and finding.reviewed:
        return Method.PHOTOGRAPH
    return method


def _readings(value: TraitValue) -> tuple[Reading, ...]:
    return value.readings if isinstance(value, Text | YearMark) else ()


def quality_of(finding: Finding, parameters: Parameters) -> float:
    """Quality q of a record: that of the method times the observer's confidence (docs/method.md 3.2).

    A mark whose readings carry confidences of their own has that doubt in its likelihood already; the confidence of
    the observation then stays out, so that one doubt counts once. A reader that says how sure it is of each character
    has in those the doubt between look-alikes; that it read something else altogether lowers the quality: what it
    invents looks like a mark, so the background law of marks does not cover it.
    """
    quality = parameters[f"q_{effective_method(finding).value}"]
    confidence = finding.observation.confidence
    doubted = any(reading.confidence < 1.0 for reading in _readings(finding.observation.value))
    if confidence is not None and not doubted:
        quality *= confidence
    value = finding.observation.value
    if isinstance(value, Text) and any(reading.character_confidences for reading in value.readings):
        quality *= min(1.0, sum(reading.confidence for reading in value.readings))
    return min(max(quality, 0.0), MAX_QUALITY)


def record_of(finding: Finding, parameters: Parameters) -> Record:
    """A finding with its quality and effective method."""
    return Record(
        finding=finding,
        value=finding.observation.value,
        quality=quality_of(finding, parameters),
        method=effective_method(finding),
    )


def best_quality(records: Sequence[Record]) -> float:
    """Quality of several records of one trait together: that of the best."""
    return max(record.quality for record in records)


def joint_column(columns: Sequence[Floats], records: Sequence[Record], background: Floats) -> Floats:
    """Several records of one latent value: the product of their observation models.

    columns: one (K,) array per record, p(record | latent value); background: (K,) law of the latent value in other
    designs. A record of lower quality than the best is mixed with its own background first, so that the best one's
    quality can stand outside for all (docs/method.md 3.1, 12.1). Gives (K,).
    """
    best = best_quality(records)
    product = np.ones_like(background)
    for column, record in zip(columns, records, strict=True):
        share = record.quality / best if best > 0 else 0.0
        product = product * (share * column + (1.0 - share) * float(column @ background))
    return product
