"""Dependence of two recorded traits of one block in other designs (docs/method.md 3.7, rule 4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forensics.compare import category, count
from forensics.compare.category import is_script
from forensics.compare.records import joint_column, record_of
from forensics.compare.stated import Floats, Stated, number_origins, state_values
from forensics.model.catalogue import Catalogue, Hypothesis, Trait, TraitKind
from forensics.model.tables import Comparison, Edge

__all__ = ["background_edges", "fit_marginals"]

_KINDS = (TraitKind.CATEGORY, TraitKind.COUNT)


def fit_marginals(table: Floats, rows: Floats, columns: Floats, *, rounds: int = 500) -> Floats:
    """Iterative proportional fitting: the table nearest to ``table`` with the given marginals.

    table: (K, L) positive; rows: (K,) and columns: (L,), each summing to 1. Without it the predictive law of a record
    given another would not sum to 1.
    """
    fitted: Floats = table / table.sum()
    for _ in range(rounds):
        fitted = fitted * (rows / np.maximum(fitted.sum(axis=1), 1e-300))[:, None]
        fitted = fitted * (columns / np.maximum(fitted.sum(axis=0), 1e-300))[None, :]
        if float(np.abs(fitted.sum(axis=1) - rows).max()) < 1e-13:
            break
    return fitted


def background_edges(
    comparisons: Sequence[Comparison], hypotheses: Sequence[Hypothesis], catalogue: Catalogue
) -> tuple[Edge, ...]:
    """Edges of the blocks whose two traits were both recorded and are both category or count.

    The joint law of the two true values is voted by the families that know both, fitted to the two backgrounds by
    IPF, and seen through the observers' confusion on both sides. An edge applies to a hypothesis that knows both
    values; where one is unknown it cancels. Sorted by trait ids.
    """
    recorded = {comparison.table.trait: comparison for comparison in comparisons}
    origins: dict[str, int] | None = None
    edges: list[Edge] = []
    for block in catalogue.vocabulary.blocks.values():
        for first_id, second_id in block.edges:
            traits = [catalogue.vocabulary.traits.get(name) for name in (first_id, second_id)]
            usable = [t for t in traits if t is not None and t.id in recorded and t.kind in _KINDS and not is_script(t)]
            if len(usable) < 2:
                continue
            origins = origins if origins is not None else number_origins(hypotheses)
            one, other = (_Side(t, recorded[t.id], hypotheses, catalogue, origins) for t in usable)
            edges.append(_edge(one, other, hypotheses, catalogue))
    return tuple(sorted(edges, key=lambda edge: (edge.first, edge.second)))


class _Side:
    """One trait of a pair: the law of its true value and the joint column of its records."""

    def __init__(
        self,
        trait: Trait,
        comparison: Comparison,
        hypotheses: Sequence[Hypothesis],
        catalogue: Catalogue,
        origins: dict[str, int],
    ) -> None:
        self.trait = trait
        self.stated: Stated = state_values(trait, hypotheses, catalogue, origins)
        self.weight = comparison.table.weight
        records = [record_of(finding, catalogue.parameters) for finding in comparison.findings]
        parameters = catalogue.parameters
        if trait.kind is TraitKind.CATEGORY:
            self.law = category.law(self.stated, records, catalogue)
            columns = [category.column(record, self.law.labels, trait, parameters) for record in records]
        else:
            self.law = count.law(self.stated, records, catalogue)
            columns = [count.column(record, len(self.law.labels) - 1, parameters) for record in records]
        self.column = joint_column(columns, records, self.law.background)

    def laws(self) -> Floats:
        """(H, K) law of the true value under each hypothesis; rows of zeros where nothing is stated."""
        total = np.maximum(self.stated.shares.sum(axis=1, keepdims=True), 1e-300)
        laws: Floats = (self.stated.shares / total) @ self.law.of_values
        return laws


def _edge(one: _Side, other: _Side, hypotheses: Sequence[Hypothesis], catalogue: Catalogue) -> Edge:
    both = one.stated.known & other.stated.known
    families: dict[str, dict[tuple[int, int], int]] = {}
    for index in np.flatnonzero(both).tolist():
        hypothesis = hypotheses[index]
        inherited = any(
            hypothesis.expectations[trait.id].stated_at in catalogue.states for trait in (one.trait, other.trait)
        )
        if hypothesis.listed and not inherited:
            key = (int(one.stated.rows[index]), int(other.stated.rows[index]))
            families.setdefault(hypothesis.family or hypothesis.id, {}).setdefault(key, index)
    first, second = one.laws(), other.laws()
    table = catalogue.parameters["edge_dirichlet"] * np.outer(one.law.background, other.law.background)
    for name in sorted(families):
        members = sorted(families[name].values())
        for index in members:
            table = table + np.outer(first[index], second[index]) / len(members)
    joint = fit_marginals(table, one.law.background, other.law.background)
    together = float(one.column @ joint @ other.column)
    apart = float(one.column @ one.law.background) * float(other.column @ other.law.background)
    return Edge(
        first=one.trait.id,
        second=other.trait.id,
        log_edge=float(np.log(max(together, 1e-300) / max(apart, 1e-300))),
        applies=(one.weight > 0) & (other.weight > 0),
    )
