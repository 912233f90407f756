"""Which types can be told apart, and by what: separability computed from the model itself.

An *ordinary sheet* of an item that is an a records each trait with the chance that it survives on debris. For every
trait, ``A(a, h) = sum_x p_a(x) log10(p_h(x) / b(x))`` with ``p_h = b + q w (f - b)`` is the weight a record of it is
expected to give h. The engine tempers the traits of one block by ``1 / (1 + (m - 1) rho)``, m being the traits of the
block that were recorded and that h states, and raises the whole to the global exponent g (docs/method.md 3.6, 3.7);
the same is done here with the expected m. The expected log10 LR of a over b is

    D(a, b) = g sum_t s_t [T_a(t) A_t(a, a) - T_b(t) A_t(a, b)]

with s the survival of the trait, and both directions are averaged. Source groups inside a block are left out: they
couple records, and hardly move the mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.model.catalogue import Catalogue, Hypothesis
from forensics.model.tables import TraitTable

__all__ = ["DOCUMENTED_LOG10", "EXAMINED_QUALITY", "Overlap", "Separation", "measure_overlap"]

EXAMINED_QUALITY = 0.95
"""Quality of an examiner on sharp photographs: what an ordinary sheet offers."""
SHOWN_LOG10 = 0.005
"""Traits that separate a pair by less are not listed."""
DOCUMENTED_LOG10 = 1.0
"""A type whose own ordinary sheet speaks for it by less than this is hardly documented."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Separation:
    """How one pair is told apart.

    by: (trait, expected log10 LR), strongest first. would_separate: traits stated for one only, those likely to survive
    first. neither_states: traits that other types of their class state and neither of the two. hardly_documented: those
    of the two for which not even an ordinary sheet of their own speaks.
    """

    first: str
    second: str
    expected_log10_lr: float
    by: tuple[tuple[str, float], ...]
    would_separate: tuple[str, ...]
    neither_states: tuple[str, ...] = ()
    hardly_documented: tuple[str, ...] = ()

    @property
    def missing(self) -> str:
        """The trait to find out, in words."""
        if self.would_separate:
            return f"stated for one only: {', '.join(self.would_separate[:3])}"
        if self.neither_states:
            return f"stated for neither: {', '.join(self.neither_states[:3])}"
        return "no type of their class states anything else"


@dataclass(frozen=True)
class Overlap:
    """The separability matrix over L listed types.

    matrix: (L, L) expected log10 LR on an ordinary sheet, symmetric, zero diagonal. per_trait: its parts, (L, L) each.
    known: (L,) by trait, whether the type states it. own_log10: (L,) how much a type's own ordinary sheet speaks for
    it against an unlisted design. threshold_log10: the tie distance; pairs below it stay within one tie set.
    """

    ids: tuple[str, ...]
    matrix: Floats
    per_trait: Mapping[str, Floats]
    known: Mapping[str, NDArray[np.bool_]]
    survival: Mapping[str, float]
    own_log10: Floats
    threshold_log10: float = 1.0
    groups: tuple[str, ...] = field(default=())

    def separation(self, first: str, second: str) -> Separation:
        """One pair, with the traits that carry it and those one side does not state yet."""
        a, b = self.ids.index(first), self.ids.index(second)
        parts = [(trait, float(values[a, b])) for trait, values in self.per_trait.items()]
        by = tuple(sorted(((t, v) for t, v in parts if v > SHOWN_LOG10), key=lambda item: (-item[1], item[0])))
        missing = [trait for trait, known in self.known.items() if known[a] != known[b]]
        neither = [trait for trait, known in self.known.items() if not known[a] and not known[b]]
        alike = [self.groups[a], self.groups[b]] if self.groups else []
        near = np.array([group in alike for group in self.groups], dtype=bool)
        use = {trait: int((self.known[trait] & near).sum()) if near.size else 0 for trait in neither}
        return Separation(
            first,
            second,
            float(self.matrix[a, b]),
            by,
            tuple(sorted(missing, key=lambda trait: (-self.survival[trait], trait))),
            # Only what some type of the same class states: a shell has no jet vanes to look for.
            tuple(
                sorted((t for t in neither if use[t]), key=lambda trait: (-use[trait] * self.survival[trait], trait))
            ),
            tuple(self.ids[index] for index in (a, b) if self.own_log10[index] < DOCUMENTED_LOG10),
        )

    def pairs_not_separable(self, threshold_log10: float | None = None) -> tuple[Separation, ...]:
        """Every pair below the threshold (the tie distance when none is given), hardest first."""
        limit = self.threshold_log10 if threshold_log10 is None else threshold_log10
        rows, columns = np.triu_indices(len(self.ids), k=1)
        close = self.matrix[rows, columns] < limit
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
    hypotheses: Sequence[Hypothesis], tables: Mapping[str, TraitTable], catalogue: Catalogue
) -> Overlap:
    """Expected log10 LR between each pair of listed types on an ordinary sheet.

    Parameters
    ----------
    hypotheses
        The leaves the tables were made for, in the same order.
    tables
        Per trait, likelihoods of every possible record.
    catalogue
        Survival of the traits, correlation of the blocks, exponent, bound of one trait and tie distance.
    """
    vocabulary, parameters = catalogue.vocabulary, catalogue.parameters
    listed = [index for index, hypothesis in enumerate(hypotheses) if hypothesis.listed]
    size = len(listed)
    used = [trait for trait in sorted(tables) if np.any(tables[trait].weight[listed] > 0)]
    known = {trait: tables[trait].weight[listed] > 0 for trait in used}
    survival = {trait: vocabulary.traits[trait].survival for trait in used}
    tempering = _tempering(used, known, survival, catalogue)
    exponent, bound = parameters["global_exponent"], parameters["trait_cap_log10"]
    total, own = np.zeros((size, size)), np.zeros(size)
    per_trait: dict[str, Floats] = {}
    for trait in used:
        expected = _expected(tables[trait], listed, bound) * tempering[trait][None, :] * (exponent * survival[trait])
        gain = np.diag(expected)
        per_trait[trait] = (gain[:, None] - expected + gain[None, :] - expected.T) / 2.0
        total += per_trait[trait]
        own += gain
    return Overlap(
        tuple(hypotheses[index].id for index in listed),
        np.maximum(total, 0.0),
        per_trait,
        known,
        survival,
        own,
        parameters["tie_delta_log10"],
        tuple(hypotheses[index].class_id or "" for index in listed),
    )


def _expected(table: TraitTable, listed: Sequence[int], bound_log10: float) -> Floats:
    """(L, L) weight a record of the trait on an item of row's type is expected to give column's, log10."""
    background = table.background[:, None]
    weight = table.weight[listed]
    predictive = background + EXAMINED_QUALITY * weight * (table.likelihood[:, listed] - background)
    predictive = np.maximum(predictive, 1e-300)
    logs = np.clip(np.log10(predictive / background), -bound_log10, bound_log10)
    return np.asarray(predictive.T @ logs)


def _tempering(
    used: Sequence[str],
    known: Mapping[str, NDArray[np.bool_]],
    survival: Mapping[str, float],
    catalogue: Catalogue,
) -> dict[str, Floats]:
    """By trait, (L,) design effect of the records expected beside it in its block."""
    traits, blocks = catalogue.vocabulary.traits, catalogue.vocabulary.blocks
    found: dict[str, Floats] = {}
    for trait in used:
        block = traits[trait].block
        beside = sum(
            (survival[other] * known[other] for other in used if other != trait and traits[other].block == block),
            np.zeros(len(known[trait])),
        )
        found[trait] = np.asarray(1.0 / (1.0 + blocks[block].rho * beside), dtype=np.float64)
    return found
