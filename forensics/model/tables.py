"""Likelihoods as arrays: what ``compare`` gives and ``assess`` takes.

The only module of ``model`` that imports numpy; nothing else in ``model`` imports it, so that commands that do not
compute start without it. All arrays are read-only float64 unless said otherwise. H is the number of hypotheses
(leaves), in the order of the hypotheses given; X the number of possible records of a trait.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.model.evidence import Finding

__all__ = ["Comparison", "DateTable", "Edge", "TraitTable"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class TraitTable:
    """Likelihoods of one trait's possible records.

    likelihood: (X, H), f_h(x): probability (or density) of record x if the catalogue value of h holds; where h states
    nothing it equals the background. background: (X,), b(x) > 0, the copy-cat floor included.
    weight: (H,), w_h in 0..0.98; exactly 0 where h states nothing. origin: (H,) index of the shared-source group
    within this trait's block (-1 where h states nothing): equal numbers in one block share one latent.
    """

    trait: str
    block: str
    labels: tuple[str, ...]
    likelihood: Floats
    background: Floats
    weight: Floats
    origin: Integers


@dataclass(frozen=True)
class DateTable:
    """Date evidence given the latent production year (docs/method.md K5), for one record.

    years: (Y,) Gregorian; prior: (Y, H) p(year | h); background_prior: (Y,); likelihood: (Y, H) p(record | year, h);
    background: (Y,) p(record | year, unlisted design elsewhere).
    """

    years: Integers
    prior: Floats
    background_prior: Floats
    likelihood: Floats
    background: Floats


@dataclass(frozen=True)
class Comparison:
    """The findings of one trait against every hypothesis.

    Usually one finding; several records of one trait are observations of one latent true value, combined in ``table``
    as the product of their observation models summed over that value, never averaged.

    ``table`` has X = 1. ``quality`` is q (0..0.98). ``dates`` is set for traits that share the latent year; their
    ``table`` then holds the record's own marginal likelihood, for display and leave-one-out. ``expected``, ``match``
    (fits / partly / differs / unknown) and ``because`` are per hypothesis, for the report; ``readings`` is the
    posterior weight of each competing reading of a mark, by hypothesis id.
    """

    findings: tuple[Finding, ...]
    table: TraitTable
    quality: float
    expected: tuple[str, ...]
    match: tuple[str, ...]
    because: tuple[str, ...]
    dates: DateTable | None = None
    readings: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Edge:
    """Dependence of two records of one block in the background (docs/method.md 3.7 rule 4).

    log_edge: ln[b(x,y) / (b(x) b(y))] at the two records. applies: (H,) bool, true where both values are known.
    """

    first: str
    second: str
    log_edge: float
    applies: NDArray[np.bool_]
