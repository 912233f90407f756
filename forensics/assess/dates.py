"""Date evidence over the latent production year (docs/method.md K5).

Given the year in which an item was made, its marks and component dates are independent; not given it, they are not.
So the dates of a case are one term: the sum over years of the prior times the product of the likelihoods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from forensics.assess.blocks import Term
from forensics.model.tables import DateTable

__all__ = ["DateRecord", "date_term"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class DateRecord:
    """One dated record: its table, weights (H,), source groups (H,), quality and the image it was read off."""

    trait: str
    table: DateTable
    weight: Floats
    origin: Integers
    quality: float
    photograph: str | None


def date_term(records: Sequence[DateRecord], *, block: str, floor: float, cap: float) -> Term:
    """All dated records of a case as one term.

    A hypothesis that states nothing about a record is compared on the others. An unreadable record (with probability
    1 - q) is drawn from the background whatever the year. The joint background never falls below ``floor`` times the
    largest joint likelihood.

    Parameters
    ----------
    records : sequence of DateRecord
        At least one; all on the same years.
    block : str
        The block they stand in.
    floor : float
        Foreign-occurrence floor, 0.01 by default.
    cap : float
        Largest |ln LR| of the term.

    Raises
    ------
    ValueError
        When the records are tabulated over different years.
    """
    years = records[0].table.years
    if any(not np.array_equal(record.table.years, years) for record in records):
        raise ValueError("dated records are tabulated over different years")
    known = np.array([record.weight > 0 for record in records])
    mixed = np.ones(known.shape[1])
    weight = np.zeros(known.shape[1])
    origin = np.full(known.shape[1], -1, dtype=np.int64)
    kinds, inverse = np.unique(known, axis=1, return_inverse=True)
    inverse = inverse.reshape(-1)
    for number in range(kinds.shape[1]):
        stated = [record for record, states in zip(records, kinds[:, number], strict=True) if states]
        if not stated:
            continue
        columns = np.flatnonzero(inverse == number)
        mixed[columns] = _mixed_ratio(stated, columns, floor)
        weight[columns] = np.min([record.weight[columns] for record in stated], axis=0)
        origin[columns] = stated[0].origin[columns]
    quality = max(record.quality for record in records)
    # One term 1 + q w (f/b - 1): the records' own qualities are inside the mixture, so f/b is what gives it at q.
    ratio = np.maximum(1.0 + (mixed - 1.0) / quality, 0.0)
    return Term(tuple(record.trait for record in records), block, ratio, quality, weight, origin, cap)


def _mixed_ratio(records: Sequence[DateRecord], columns: NDArray[np.intp], floor: float) -> Floats:
    """(columns,) joint ratio with every record's quality inside, averaged over which images were readable."""
    images = sorted({record.photograph for record in records if record.photograph is not None})
    several = {
        image: max(record.quality for record in records if record.photograph == image)
        for image in images
        if sum(record.photograph == image for record in records) > 1
    }
    total = np.zeros(len(columns))
    for states in product((True, False), repeat=len(several)):
        chance = 1.0
        blurred = set()
        for (image, quality), seen in zip(several.items(), states, strict=True):
            chance *= quality if seen else 1.0 - quality
            if not seen:
                blurred.add(image)
        left = [
            (record, record.quality / several.get(record.photograph or "", 1.0))
            for record in records
            if record.photograph is None or record.photograph not in blurred
        ]
        total += chance * _joint_ratio(left, columns, floor)
    return total


def _joint_ratio(records: Sequence[tuple[DateRecord, float]], columns: NDArray[np.intp], floor: float) -> Floats:
    if not records:
        return np.ones(len(columns))
    first = records[0][0].table
    years = first.prior[:, columns].copy()
    background_years = first.background_prior.copy()
    for record, quality in records:
        noise = (1.0 - quality) * float(record.table.background_prior @ record.table.background)
        years *= noise + quality * record.table.likelihood[:, columns]
        background_years *= noise + quality * record.table.background
    joint = years.sum(axis=0)
    background = max(float(background_years.sum()), floor * float(joint.max()))
    return np.asarray(joint / background)
