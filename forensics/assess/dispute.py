"""What to examine where two named hypotheses are in dispute (docs/method.md 6).

The gain of information over everything compared is the wrong measure when the question is "A or B?": a trait may
separate many types and not these two. Here a trait is worth what it is expected to say about the pair: the mean log10
ratio of A to B if A is true, and of B to A if B is true (relative entropy between the two predictive laws, in bans).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from forensics.assess.engine import Weighing, weigh
from forensics.assess.evidence import gather
from forensics.assess.examination import expected_gain
from forensics.assess.settings import LN10, Settings
from forensics.assess.tree import Tree, build_tree
from forensics.errors import Fault, InputError
from forensics.model.catalogue import Catalogue, Hypothesis
from forensics.model.result import Dispute, SeparatingExamination
from forensics.model.tables import Comparison, Edge, TraitTable

__all__ = ["dispute"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEAST_LOG10 = 0.02
"""A trait expected to say less than this either way is not listed."""


def dispute(
    comparisons: Sequence[Comparison],
    edges: Sequence[Edge],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    *,
    tables: Mapping[str, TraitTable],
    between: tuple[str, str],
) -> Dispute:
    """Weigh two nodes against each other and rank what would tell them apart.

    Parameters
    ----------
    comparisons, edges, hypotheses, catalogue
        As for ``assess``.
    tables : mapping
        By trait not yet observed, every possible record.
    between : pair of str
        Ids of types, families, design patterns, states or unlisted designs; neither may hold the other.

    Raises
    ------
    InputError
        When an id names nothing compared here, or the two overlap.
    """
    settings = Settings.read(catalogue.parameters)
    weighing = weigh(gather(comparisons, edges, hypotheses, catalogue.vocabulary, settings))
    tree = build_tree(
        weighing.evidence.hypotheses, theta=settings.coverage_theta, other_prior=settings.unlisted_other_prior
    )
    first, second = _both(tree, between)
    one, other = _inside(tree, weighing, first), _inside(tree, weighing, second)
    scored = {record.trait for record in weighing.evidence.records}
    found = []
    for name in sorted(tables):
        trait = catalogue.vocabulary.traits.get(name)
        if name in scored or trait is None or not (tables[name].weight > 0).any():
            continue
        predictive = expected_gain(weighing, tree, tables[name]).predictive
        if_first = _expected_log10(predictive @ one, predictive @ other)
        if_second = _expected_log10(predictive @ other, predictive @ one)
        if max(if_first, if_second) < LEAST_LOG10:
            continue
        found.append(
            SeparatingExamination(
                trait=name,
                name=trait.names.en[0] if trait.names.en else name,
                how=trait.record,
                effort=trait.effort,
                survival=trait.survival,
                log10_if_first=round(if_first, 6),
                log10_if_second=round(if_second, 6),
                value=round(trait.survival * 0.5 * (if_first + if_second) / settings.cost[trait.effort], 6),
            )
        )
    return Dispute(
        first=between[0],
        second=between[1],
        first_name=_name(catalogue, tree, between[0]),
        second_name=_name(catalogue, tree, between[1]),
        log10_ratio=round(_ratio(tree, weighing, first, second), 6),
        examinations=tuple(sorted(found, key=lambda entry: (-entry.value, entry.trait))),
    )


def _both(tree: Tree, between: tuple[str, str]) -> tuple[Mask, Mask]:
    nodes = _nodes(tree)
    faults = [
        Fault("--between", column=name, message="names nothing compared here.", advice=_advice(name, nodes))
        for name in between
        if name not in nodes
    ]
    if faults:
        raise InputError(faults)
    first, second = nodes[between[0]], nodes[between[1]]
    if (first & second).any():
        raise InputError(
            Fault(
                "--between",
                message=f"{between[0]} and {between[1]} overlap, so that both may be true.",
                advice="Name two that exclude each other.",
            )
        )
    return first, second


def _nodes(tree: Tree) -> dict[str, Mask]:
    """Every node by id; where a family is called like its only type they are the same."""
    leaves = {leaf.id: np.arange(len(tree.hypotheses)) == index for index, leaf in enumerate(tree.hypotheses)}
    return {**tree.patterns, **tree.families, **tree.states, **leaves}


def _advice(name: str, nodes: Mapping[str, Mask]) -> str:
    near = get_close_matches(name.lower(), [node.lower() for node in nodes], n=3, cutoff=0.5)
    spelled = [node for node in sorted(nodes) if node.lower() in near]
    if spelled:
        return f"Perhaps {' or '.join(spelled)}; forensics catalogue list prints every id."
    return "forensics catalogue list prints every id."


def _name(catalogue: Catalogue, tree: Tree, node: str) -> str:
    leaf = next((leaf.name for leaf in tree.hypotheses if leaf.id == node), None)
    if leaf is not None:
        return leaf
    if node in catalogue.states:
        return catalogue.states[node].name
    if node in catalogue.families:
        return catalogue.families[node].name
    names = catalogue.patterns.get(node)
    return names.en[0] if names is not None and names.en else node


def _inside(tree: Tree, weighing: Weighing, members: Mask) -> Floats:
    """(H,) posterior of the leaves of a node given that one of them is true."""
    prior = np.where(members, tree.reference, 0.0)
    if prior.sum() <= 0:
        prior = members.astype(np.float64)
    joint = prior * np.exp(weighing.log_lr - weighing.log_lr[members].max())
    return np.asarray(np.where(members, joint, 0.0) / joint[members].sum())


def _ratio(tree: Tree, weighing: Weighing, first: Mask, second: Mask) -> float:
    """log10 ratio of the prior-weighted mean likelihoods of two nodes."""

    def mean(members: Mask) -> float:
        prior = np.where(members, tree.reference, 0.0)
        prior = prior if prior.sum() > 0 else members.astype(np.float64)
        top = float(weighing.log_lr[members].max())
        return top + float(np.log((prior[members] / prior.sum()) @ np.exp(weighing.log_lr[members] - top)))

    return (mean(first) - mean(second)) / LN10


def _expected_log10(true: Floats, rival: Floats) -> float:
    """Mean log10 ratio of the true law to the rival's, over records drawn from the true one."""
    ratio = np.log(np.maximum(true, 1e-300)) - np.log(np.maximum(rival, 1e-300))
    return max(0.0, float(true @ ratio) / LN10)
