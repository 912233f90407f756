"""From the support of a reading to the probability that it is right, character for character.

The tables are made by ``tests/benchmarks/markings_baseline.py --calibrate``: readings are put in bins of support, and
each bin holds the lower end of the one-sigma Wilson interval of its share of exact readings, made monotone (isotonic
regression). The lower end, because photographs of debris are worse than what could be measured on.
"""

from __future__ import annotations

from bisect import bisect_right

__all__ = ["FOUND", "POINTED", "WRITING_WHEN_FOUND", "probability"]

Table = tuple[tuple[float, float], ...]
"""Rows of (support from, probability)."""

FOUND: Table = ((0.0, 0.02), (0.3, 0.1), (0.5, 0.3), (0.7, 0.5))
"""The best reading of a stretch that the machine found."""

POINTED: Table = ((0.0, 0.01), (0.2, 0.1), (0.4, 0.3), (0.6, 0.5))
"""The best reading in a box that a person drew."""

WRITING_WHEN_FOUND = 0.7
"""Share of reported stretches that are writing at all."""


def probability(support: float, table: Table) -> float:
    """The table's probability for a support of 0 to 1."""
    starts = [start for start, _ in table]
    return table[max(0, bisect_right(starts, support) - 1)][1]
