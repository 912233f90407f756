"""Rings known by number only, or described as "20 even": the count kernel times how the spacing was described."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from forensics.compare.background import background_entry
from forensics.compare.count import counted, miscount
from forensics.compare.discrete import LatentLaw, latent_law, scored
from forensics.compare.records import Record, Scored
from forensics.compare.ring import FEW_BOLTS, ring_sizes
from forensics.compare.ring_pattern import REGULAR_COUNTS
from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Catalogue, ExpectedRing, Parameters
from forensics.model.values import Absent, Count, Ring

__all__ = ["SPACINGS", "column", "described_spacing", "is_counted", "law", "observation_matrix", "score"]

MOST_BOLTS = 400
"""Counts of bolts above this are taken as this."""

SPACINGS = ("even", "grouped", "irregular")

_EVEN = re.compile(r"even|equal|regular|uniform|рівн|균등|등간격", re.IGNORECASE)
_GROUPED = re.compile(r"group|cluster|triple|pair|груп|묶|그룹", re.IGNORECASE)
_IRREGULAR = re.compile(r"irregular|uneven|unequal|нерівн|불규칙", re.IGNORECASE)


def described_spacing(stated: str | None) -> str | None:
    """Spacing a description names: even, grouped, irregular, or None where it names none."""
    text = stated or ""
    if _IRREGULAR.search(text):
        return "irregular"
    if _GROUPED.search(text):
        return "grouped"
    return "even" if _EVEN.search(text) else None


def is_counted(record: Record) -> bool:
    """Whether a ring record carries a number of bolts but no pattern."""
    return not isinstance(record.value, Ring) or len(record.value.angles_deg) < FEW_BOLTS


def law(stated: Stated, records: Sequence[Record], catalogue: Catalogue) -> LatentLaw:
    """Law of (number, spacing) under each stated pattern and in other designs."""
    seen = [max(REGULAR_COUNTS)]
    seen += [value.count for value in stated.values if isinstance(value, ExpectedRing)]
    for record in records:
        if isinstance(record.value, Ring):
            seen.append(min(record.value.counted or 0, MOST_BOLTS))
        elif isinstance(record.value, Count):
            seen.append(min(record.value.count, MOST_BOLTS))
    highest = max(seen) + 3
    labels = tuple(f"{number} {spacing}" for number in range(highest + 1) for spacing in SPACINGS)
    rows = np.zeros((len(stated.values), highest + 1, len(SPACINGS)))
    for index, value in enumerate(stated.values):
        if isinstance(value, ExpectedRing):
            spacing = {"even": 0, "grouped": 1, "angles": 2}[value.spacing]
            rows[index, value.count, spacing] = 1.0
    entry = background_entry(catalogue, stated.trait.id)
    sizes = np.full(highest + 1, 1e-4)
    sizes[list(REGULAR_COUNTS)] += ring_sizes(entry)
    sizes /= sizes.sum()
    regular = catalogue.parameters["ring_regular_share"]
    shares = np.array([regular, (1 - regular) * catalogue.parameters["ring_grouped_share"] / 0.3, 0.0])
    shares[2] = 1.0 - shares.sum()
    generic = (sizes[:, None] * shares[None, :]).ravel()
    flat = rows.reshape(len(stated.values), -1)
    return latent_law(labels, flat, generic, stated, entry, catalogue)


def observation_matrix(highest: int, parameters: Parameters) -> Floats:
    """(K, K) probability of each description given each true (number, spacing); rows sum to 1."""
    accuracy = parameters["ring_spacing_accuracy"]
    spacing = np.full((len(SPACINGS), len(SPACINGS)), (1 - accuracy) / (len(SPACINGS) - 1))
    np.fill_diagonal(spacing, accuracy)
    return np.kron(miscount(highest, parameters), spacing)


def column(record: Record, highest: int, parameters: Parameters) -> Floats:
    """(K,) probability of the record given each true (number, spacing).

    One or two angles without a count are "at least so many"; a spacing not described says nothing about spacing.
    """
    value = record.value
    spacing = np.ones(len(SPACINGS))
    if isinstance(value, Absent):
        missed = np.full(highest + 1, 1.0 - value.coverage * parameters["presence_sensitivity"])
        missed[0] = 1.0 - value.coverage * parameters["presence_false_sighting"]
        return np.repeat(missed, len(SPACINGS))
    if isinstance(value, Count):
        seen = counted(min(value.count, MOST_BOLTS), highest, parameters, at_least=value.at_least)
    elif isinstance(value, Ring) and value.counted is not None:
        seen = counted(min(value.counted, MOST_BOLTS), highest, parameters)
        described = described_spacing(value.stated)
        if described is not None:
            accuracy = parameters["ring_spacing_accuracy"]
            spacing = np.full(len(SPACINGS), (1 - accuracy) / (len(SPACINGS) - 1))
            spacing[SPACINGS.index(described)] = accuracy
    elif isinstance(value, Ring):
        seen = counted(len(value.angles_deg), highest, parameters, at_least=True)
    else:
        raise TypeError("a ring or a count is needed")
    together: Floats = (seen[:, None] * spacing[None, :]).ravel()
    return together


def _observed(records: Sequence[Record]) -> str:
    parts = []
    for record in records:
        value = record.value
        if isinstance(value, Ring) and value.counted is not None:
            parts.append(f"{value.counted} bolts counted" + (f", {value.stated}" if value.stated else ""))
        elif isinstance(value, Ring):
            parts.append(f"at least {len(value.angles_deg)} bolts")
        elif isinstance(value, Count):
            parts.append(f"{'at least ' if value.at_least else ''}{value.count} bolts counted")
        elif isinstance(value, Absent):
            parts.append(f"none, looked for over {value.coverage:.0%} of the place")
    return "; ".join(dict.fromkeys(parts))


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    """Likelihood of ring records that carry a number but no angles."""
    latent = law(stated, records, catalogue)
    highest = len(latent.labels) // len(SPACINGS) - 1
    columns = [column(record, highest, catalogue.parameters) for record in records]
    return scored(latent, columns, records, _observed(records))
