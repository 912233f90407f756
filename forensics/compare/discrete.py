"""Kinds with a finite latent value: category, script, count, presence.

``p(x | h) = sum over c of theta_h(c) M[c, x]``: theta from the catalogue, M the observer's confusion (one-coin model
of Dawid and Skene). The floor of the background is set on the latent value, so that it holds for every record and
the background of all records sums to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forensics.compare.background import copy_cat, foreign_floor, lift, theta_of
from forensics.compare.records import Record, Scored, best_quality, joint_column
from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Background, Catalogue

__all__ = ["LatentLaw", "latent_law", "scored"]


@dataclass(frozen=True)
class LatentLaw:
    """labels: the K possible true values. of_values: (V, K) under each stated value. background: (K,), sums to 1."""

    labels: tuple[str, ...]
    of_values: Floats
    background: Floats


def latent_law(
    labels: tuple[str, ...],
    of_values: Floats,
    generic: Floats,
    stated: Stated,
    background: Background,
    catalogue: Catalogue,
) -> LatentLaw:
    """Add the copy-cat votes and the foreign-occurrence floor to a generic law of the true value.

    of_values: (V, K), rows summing to 1; generic: (K,) summing to 1.
    """
    law = copy_cat(of_values, generic, stated, theta_of(stated, background, catalogue.parameters))
    if of_values.shape[0]:
        held = stated.shares[stated.known] / stated.shares[stated.known].sum(axis=1, keepdims=True)
        law = lift(law, (held @ of_values).max(axis=0), foreign_floor(catalogue.parameters))
    return LatentLaw(labels=labels, of_values=of_values, background=law)


def scored(law: LatentLaw, columns: Sequence[Floats], records: Sequence[Record], observed: str) -> Scored:
    """Sum the product of the records' observation models over the true value."""
    joint = joint_column(columns, records, law.background)
    return Scored(
        values=law.of_values @ joint,
        background=max(float(law.background @ joint), np.finfo(float).tiny),
        quality=best_quality(records),
        observed=observed,
    )
