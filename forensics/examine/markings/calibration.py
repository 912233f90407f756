"""From the support of a reading to the probability that it is right, character for character.

The tables are made by ``tests/benchmarks/markings_baseline.py --calibrate``: readings are put in bins of support, and
each bin holds the lower end of the one-sigma Wilson interval of its share of exact readings, made monotone (isotonic
regression). The lower end, because photographs of debris are worse than what could be measured on.
"""

from __future__ import annotations

from bisect import bisect_right

__all__ = ["FOUND", "POINTED", "SCRIPT_WHEN_SURE", "WRITING_WHEN_FOUND", "probability"]

Table = tuple[tuple[float, float], ...]
"""Rows of (support from, probability)."""

FOUND: Table = ((0.0, 0.055), (0.78, 0.116))
"""The best reading of a stretch that the machine found (79 readings, 13 exact; most of the others are parts)."""

POINTED: Table = ((0.0, 0.01), (0.25, 0.092), (0.6, 0.363))
"""The best reading in a box that a person drew (156 boxes, 19 exact)."""

WRITING_WHEN_FOUND = 0.75
"""Share of reported stretches that are writing at all: 67 of 79; 3 of 4 on rendered debris."""

SCRIPT_WHEN_SURE = 0.75
"""Share of photographs whose reported script is on them: 10 of 11; the lower end, as above."""


def probability(support: float, table: Table) -> float:
    """The table's probability for a support of 0 to 1."""
    starts = [start for start, _ in table]
    return table[max(0, bisect_right(starts, support) - 1)][1]
