"""Presence and absence with damage (K8)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forensics.compare.background import background_entry
from forensics.compare.discrete import LatentLaw, latent_law, scored
from forensics.compare.records import Record, Scored
from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Catalogue, ExpectedPresence, Parameters
from forensics.model.values import Absent

__all__ = ["LABELS", "column", "law", "score"]

LABELS = ("there", "not there")


def law(stated: Stated, records: Sequence[Record], catalogue: Catalogue) -> LatentLaw:
    """Law of "there" and "not there" under each stated value and in other designs (elicited rate, else one half)."""
    entry = background_entry(catalogue, stated.trait.id)
    rate = entry.rates.get("present")
    if rate is None:
        rate = 1.0 - entry.rates["absent"] if "absent" in entry.rates else 0.5
    rate = min(max(rate, 0.001), 0.999)
    there = np.array([value.probability for value in stated.values if isinstance(value, ExpectedPresence)])
    rows = np.stack([there, 1.0 - there], axis=1) if there.size else np.zeros((0, 2))
    return latent_law(LABELS, rows, np.array([rate, 1.0 - rate]), stated, entry, catalogue)


def column(record: Record, parameters: Parameters) -> Floats:
    """(2,) probability of the record if the feature is there, and if it is not.

    Not seen: 1 - phi s and 1 - phi r, with coverage phi, sensitivity s and false sighting r. Seen: s and r.
    """
    sensitivity, false_sighting = parameters["presence_sensitivity"], parameters["presence_false_sighting"]
    if isinstance(record.value, Absent):
        phi = record.value.coverage
        return np.array([1.0 - phi * sensitivity, 1.0 - phi * false_sighting])
    return np.array([sensitivity, false_sighting])


def _observed(records: Sequence[Record]) -> str:
    parts = [
        f"none, looked for over {record.value.coverage:.0%} of the place"
        if isinstance(record.value, Absent)
        else "seen"
        for record in records
    ]
    return "; ".join(dict.fromkeys(parts))


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    """Likelihood of the records of one feature that is there or not (docs/method.md 3.4 K8)."""
    latent = law(stated, records, catalogue)
    columns = [column(record, catalogue.parameters) for record in records]
    return scored(latent, columns, records, _observed(records))
