"""Which types can be told apart, and by what: separability computed from the model itself.

For two hypotheses a and b and one trait, the expected weight of evidence when the item really is an a is the
Kullback-Leibler divergence between their predictive distributions over the trait's possible records, in log10:
``D(a, b) = sum_x p_a(x) log10(p_a(x) / p_b(x))`` with ``p_h = b + q w (f - b)``. Traits are weighed by how likely they
are to survive on debris. Both directions are averaged, so the matrix is symmetric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.model.catalogue import Hypothesis, Vocabulary
from forensics.model.tables import TraitTable

__all__ = ["NOT_SEPARABLE_LOG10", "Overlap", "Separation", "measure_overlap"]

NOT_SEPARABLE_LOG10 = 1.0
"""Below this expected log10 LR two types stay within the tie set of an ordinary sheet."""
EXAMINED_QUALITY = 0.95
"""Quality of an examiner on sharp photographs: what an ordinary sheet offers."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Separation:
    """How one pair is told apart. ``by`` lists (trait, expected log10 LR), strongest first."""

    first: str
    second: str
    expected_log10_lr: float
    by: tuple[tuple[str, float], ...]
    would_separate: tuple[str, ...]

    @property
    def separable(self) -> bool:
        return self.expected_log10_lr >= NOT_SEPARABLE_LOG10


@dataclass(frozen=True)
class Overlap:
    """The separability matrix: (H, H) expected log10 LR over traits that normally survive, symmetric, zero diagonal."""

    ids: tuple[str, ...]
    matrix: Floats
    per_trait: Mapping[str, Floats]
    known: Mapping[str, NDArray[np.bool_]]
    survival: Mapping[str, float]

    def separation(self, first: str, second: str) -> Separation:
        """One pair, with the traits that carry it and those one side does not state yet."""
        a, b = self.ids.index(first), self.ids.index(second)
        parts = [(trait, float(values[a, b])) for trait, values in self.per_trait.items()]
        by = tuple(sorted(((t, v) for t, v in parts if v > 0.005), key=lambda item: (-item[1], item[0])))
        missing = [trait for trait, known in self.known.items() if known[a] != known[b]]
        ranked = sorted(missing, key=lambda trait: (-self.survival[trait], trait))
        return Separation(first, second, float(self.matrix[a, b]), by, tuple(ranked))

    def pairs_not_separable(self, threshold_log10: float = NOT_SEPARABLE_LOG10) -> tuple[Separation, ...]:
        """Every pair below the threshold, hardest first."""
        rows, columns = np.triu_indices(len(self.ids), k=1)
        close = self.matrix[rows, columns] < threshold_log10
        pairs = [self.separation(self.ids[a], self.ids[b]) for a, b in zip(rows[close], columns[close], strict=True)]
        return tuple(sorted(pairs, key=lambda pair: (pair.expected_log10_lr, pair.first, pair.second)))

    def clustered_order(self) -> tuple[int, ...]:
        """Indices in an order that puts hard pairs together (average linkage on the matrix)."""
        from scipy.cluster.hierarchy import leaves_list, linkage  # noqa: PLC0415
        from scipy.spatial.distance import squareform  # noqa: PLC0415

        if len(self.ids) < 3:
            return tuple(range(len(self.ids)))
        order = leaves_list(linkage(squareform(self.matrix, checks=False), method="average", optimal_ordering=True))
        return tuple(int(index) for index in order)


def measure_overlap(
    hypotheses: Sequence[Hypothesis], tables: Mapping[str, TraitTable], vocabulary: Vocabulary
) -> Overlap:
    """Expected log10 LR between each pair of listed types.

    Parameters
    ----------
    hypotheses
        The leaves the tables were made for, in the same order.
    tables
        Per trait, likelihoods of every possible record.
    """
    listed = [index for index, hypothesis in enumerate(hypotheses) if hypothesis.listed]
    size = len(listed)
    total = np.zeros((size, size))
    per_trait: dict[str, Floats] = {}
    known: dict[str, NDArray[np.bool_]] = {}
    survival: dict[str, float] = {}
    for trait in sorted(tables):
        table = tables[trait]
        weight = table.weight[listed]
        if not np.any(weight > 0):
            continue
        background = table.background[:, None]
        predictive = background + EXAMINED_QUALITY * weight * (table.likelihood[:, listed] - background)
        predictive = np.maximum(predictive, 1e-12)
        logs = np.log10(predictive)
        cross = predictive.T @ logs
        divergence = np.diag(cross)[:, None] - cross
        both = np.maximum(0.0, (divergence + divergence.T) / 2)
        survival[trait] = vocabulary.traits[trait].survival
        per_trait[trait] = both * survival[trait]
        known[trait] = weight > 0
        total += per_trait[trait]
    return Overlap(tuple(hypotheses[index].id for index in listed), total, per_trait, known, survival)
