"""Counts (K2): a miscount kernel, a visible fraction, "at least n"."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from forensics.compare.background import background_entry, elicited_law
from forensics.compare.discrete import LatentLaw, latent_law, scored
from forensics.compare.records import Record, Scored
from forensics.compare.stated import Floats, Integers, Stated
from forensics.model.catalogue import Background, Catalogue, ExpectedCount, Parameters
from forensics.model.values import Absent, Count, Ring

__all__ = ["MOST", "column", "count_law", "counted", "law", "miscount", "score"]

MOST = 5000
"""Counts above this are taken as this: nothing on a munition is counted further, and memory is finite."""

SPARE = 5
"""Counts kept above the highest one stated or recorded, so that miscounts have room."""


def _outcomes(highest: int, parameters: Parameters) -> list[tuple[Integers, Floats]]:
    """What may be counted for each true count 0..highest, with its probability: exact, one off, two off."""
    true = np.arange(highest + 1)
    error = np.select(
        [true <= 4, true <= 8, true <= 20],
        [parameters["count_error_4"], parameters["count_error_8"], parameters["count_error_20"]],
        parameters["count_error_more"],
    )
    outcomes: list[tuple[Integers, Floats]] = [(true, 1.0 - error)]
    for step, share in ((-2, 0.1), (-1, 0.4), (1, 0.4), (2, 0.1)):
        seen = true + step
        outcomes.append((np.where((seen >= 0) & (seen <= highest), seen, true), share * error))
    return outcomes


def miscount(highest: int, parameters: Parameters) -> Floats:
    """(N, N) probability that the column is counted where the row is there, for 0..highest; rows sum to 1.

    Exact 1 - e, one off .4 e on each side, two off .1 e on each side; what falls outside 0..highest is counted right.
    """
    matrix = np.zeros((highest + 1, highest + 1))
    for seen, share in _outcomes(highest, parameters):
        matrix[np.arange(highest + 1), seen] += share
    return matrix


def counted(number: int, highest: int, parameters: Parameters, *, at_least: bool = False) -> Floats:
    """(N,) probability of counting ``number`` (or so many and more) given each true count 0..highest."""
    total = np.zeros(highest + 1)
    for seen, share in _outcomes(highest, parameters):
        total += share * ((seen >= number) if at_least else (seen == number))
    return total


def count_law(entry: Background, highest: int) -> Floats:
    """(N,) generic law over 0..highest: the elicited counts, or one falling as 1/(n + 1)."""
    falling: Floats = 1.0 / (np.arange(highest + 1, dtype=np.float64) + 1.0)
    falling /= falling.sum()
    if not entry.counts:
        return falling
    stated = elicited_law(
        tuple(str(number) for number in range(highest + 1)), {str(n): p for n, p in entry.counts.items()}
    )
    mixed: Floats = 0.95 * stated + 0.05 * falling
    return mixed


def _highest(stated: Stated, records: Sequence[Record], entry: Background) -> int:
    seen = [0, *entry.counts]
    for value in stated.values:
        if isinstance(value, ExpectedCount):
            seen.extend(value.probabilities)
    for record in records:
        if isinstance(record.value, Count):
            fraction = record.value.visible_fraction or 1.0
            seen.append(math.ceil(min(record.value.count, MOST) / max(fraction, 0.1)))
        elif isinstance(record.value, Ring):
            seen.append(record.value.counted or len(record.value.angles_deg))
    return max(seen) + SPARE


def law(stated: Stated, records: Sequence[Record], catalogue: Catalogue) -> LatentLaw:
    """Law of the true count under each stated value and in other designs."""
    entry = background_entry(catalogue, stated.trait.id)
    highest = _highest(stated, records, entry)
    rows = np.zeros((len(stated.values), highest + 1))
    for index, value in enumerate(stated.values):
        if isinstance(value, ExpectedCount):
            for number, probability in value.probabilities.items():
                rows[index, number] += probability
            total = rows[index].sum()
            if total < 1.0:
                silent = rows[index] <= 0
                rows[index, silent] = (1.0 - total) / silent.sum()
            else:
                rows[index] /= total
    generic = count_law(entry, highest)
    return latent_law(tuple(str(number) for number in range(highest + 1)), rows, generic, stated, entry, catalogue)


def column(record: Record, highest: int, parameters: Parameters) -> Floats:
    """(N,) probability of the record given each true count 0..highest.

    With a visible fraction a, between floor(a n) and ceil(a n) are in view, the higher with probability
    frac(a n). "At least n" sums the counts from n up. Absent with coverage phi: 1 - phi r at zero, else 1 - phi s.
    """
    value = record.value
    if isinstance(value, Absent):
        seen = np.full(highest + 1, parameters["presence_sensitivity"])
        seen[0] = parameters["presence_false_sighting"]
        missed: Floats = 1.0 - value.coverage * seen
        return missed
    if not isinstance(value, Count):
        raise TypeError("a count is needed")
    seen_of = counted(min(value.count, MOST), highest, parameters, at_least=value.at_least)
    if value.visible_fraction is None or value.visible_fraction >= 1.0:
        return seen_of
    in_view = value.visible_fraction * np.arange(highest + 1)
    low = np.floor(in_view).astype(np.int64)
    high = np.minimum(low + 1, highest)
    share = in_view - low
    partly: Floats = (1.0 - share) * seen_of[low] + share * seen_of[high]
    return partly


def _observed(records: Sequence[Record]) -> str:
    parts = []
    for record in records:
        if isinstance(record.value, Count):
            text = f"{'at least ' if record.value.at_least else ''}{record.value.count}"
            if record.value.visible_fraction is not None and record.value.visible_fraction < 1.0:
                text += f" with {record.value.visible_fraction:.0%} in view"
            parts.append(text)
        elif isinstance(record.value, Absent):
            parts.append(f"none, looked for over {record.value.coverage:.0%} of the place")
    return "; ".join(dict.fromkeys(parts))


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    """Likelihood of the records of one count (docs/method.md 3.4 K2)."""
    latent = law(stated, records, catalogue)
    highest = len(latent.labels) - 1
    columns = [column(record, highest, catalogue.parameters) for record in records]
    return scored(latent, columns, records, _observed(records))
