"""The tree of states, families and types: priors inside composites, and roll-up of leaves to nodes.

Priors are flat over states, flat over the families of a state, flat over the types of a family, with a share for what
the catalogue does not hold: the Ewens rule theta / (n + theta) for n known families (docs/method.md 4, 5.1). They enter
composites and posteriors, never the likelihood ratio of a leaf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forensics.assess.settings import LN10
from forensics.errors import Fault, InputError
from forensics.model.catalogue import Hypothesis

__all__ = ["OTHER", "Range", "Tree", "build_tree"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

OTHER = "other"
"""The state id of the leaf for designs of states the catalogue does not hold."""
_ROUNDS = 200
_CLOSE = 1e-13


@dataclass(frozen=True)
class Range:
    """log10 ratios of one node that do not depend on the priors inside it (docs/method.md 5.2)."""

    best_in_best_out: float
    worst_in_best_out: float


@dataclass(frozen=True)
class Tree:
    """Leaves with their priors, and which leaves each node holds.

    prior: (H,) sums to 1; reference: (H,) the flat prior; states, families, patterns: by id, (H,) membership.
    """

    hypotheses: tuple[Hypothesis, ...]
    prior: Floats
    reference: Floats
    states: dict[str, Mask]
    families: dict[str, Mask]
    patterns: dict[str, Mask]
    listed: Mask

    def node_log10(self, members: Mask, log_lr: Floats) -> Floats:
        """log10 LR of a node against everything outside it.

        Parameters
        ----------
        members : (H,) bool
            Leaves inside.
        log_lr : (..., H) array
            ln LR of the leaves.

        Returns
        -------
        (...,) array
            0 where nothing is outside (there is nothing to compare with).
        """
        return np.asarray(self.nodes_log10([members], log_lr)[..., 0])

    def nodes_log10(self, nodes: Sequence[Mask], log_lr: Floats) -> Floats:
        """log10 LR of several nodes at once: (..., N) for N nodes of (H,) members and (..., H) ln LR of the leaves."""
        if not nodes:
            return np.zeros((*log_lr.shape[:-1], 0))
        open_ = np.array([members.any() and not members.all() for members in nodes])
        flat = np.zeros(len(self.hypotheses))
        inside = np.array([self._within(members) if use else flat for members, use in zip(nodes, open_, strict=True)])
        outside = np.array([self._within(~members) if use else flat for members, use in zip(nodes, open_, strict=True)])
        # Leaves lie within a few hundred of each other in ln, so one common shift keeps every sum above zero.
        scaled = np.exp(log_lr - log_lr.max(axis=-1, keepdims=True))
        ratio = np.where(open_, scaled @ inside.T, 1.0) / np.where(open_, scaled @ outside.T, 1.0)
        return np.asarray(np.log10(ratio))

    def _within(self, members: Mask) -> Floats:
        """(H,) prior inside a composite, summing to 1; the flat prior where the stated one leaves it empty."""
        prior = np.where(members, self.prior, 0.0)
        if prior.sum() <= 0:
            prior = np.where(members, self.reference, 0.0)
        return np.asarray(prior / prior.sum())

    def range(self, members: Mask, log_lr: Floats) -> Range:
        """Best and worst member against the best leaf outside, in log10; members the prior excludes do not count."""
        inside = members & (self._within(members) > 0)
        outside = ~members
        if not inside.any() or not outside.any():
            return Range(0.0, 0.0)
        rival = float(log_lr[outside].max())
        return Range(
            (float(log_lr[inside].max()) - rival) / LN10,
            (float(log_lr[inside].min()) - rival) / LN10,
        )

    def posterior(self, log_lr: Floats) -> Floats:
        """(..., H) posterior of the leaves under the tree's prior."""
        return _posterior(self.prior, log_lr)

    def reference_posterior(self, log_lr: Floats) -> Floats:
        """(..., H) posterior of the leaves under the flat prior, used to choose the next examination."""
        return _posterior(self.reference, log_lr)


def _posterior(prior: Floats, log_lr: Floats) -> Floats:
    joint = prior * np.exp(log_lr - log_lr.max(axis=-1, keepdims=True))
    return np.asarray(joint / joint.sum(axis=-1, keepdims=True))


def build_tree(
    hypotheses: Sequence[Hypothesis], *, theta: float, other_prior: float, priors: Mapping[str, float] | None = None
) -> Tree:
    """Build the tree over leaves.

    Parameters
    ----------
    hypotheses : sequence of Hypothesis
        The leaves, in the order of every array.
    theta : float
        Ewens concentration of the families of a state.
    other_prior : float
        Prior of an unlisted design of a state the catalogue does not hold, 0 to 1.
    priors : mapping, optional
        Probabilities stated by the user, by state, family or type id: whatever they leave open keeps the proportions
        of the flat prior.

    Raises
    ------
    InputError
        When a stated prior is not a probability or names nothing in the tree.
    """
    listed = np.array([hypothesis.listed for hypothesis in hypotheses], dtype=bool)
    tree = Tree(
        hypotheses=tuple(hypotheses),
        prior=np.zeros(len(hypotheses)),
        reference=_flat(hypotheses, theta, other_prior),
        states=_membership(hypotheses, [h.state if h.state != OTHER else None for h in hypotheses]),
        families=_membership(hypotheses, [h.family for h in hypotheses]),
        patterns=_membership(hypotheses, [h.pattern if h.listed else None for h in hypotheses]),
        listed=listed,
    )
    return replace(tree, prior=_stated(tree, priors) if priors else tree.reference)


def _membership(hypotheses: Sequence[Hypothesis], ids: Sequence[str | None]) -> dict[str, Mask]:
    return {
        node: np.array([entry == node for entry in ids], dtype=bool)
        for node in sorted({entry for entry in ids if entry is not None})
    }


def _flat(hypotheses: Sequence[Hypothesis], theta: float, other_prior: float) -> Floats:
    """(H,) the hierarchical prior. A type without a family is a family of its own; aliases share one type's part."""
    branches: dict[str, dict[str, list[int]]] = {}
    unlisted: dict[str, list[int]] = {}
    for index, hypothesis in enumerate(hypotheses):
        branch = hypothesis.family or (hypothesis.id if hypothesis.listed else None)
        if branch is None:
            unlisted.setdefault(hypothesis.state, []).append(index)
        else:
            branches.setdefault(hypothesis.state, {}).setdefault(branch, []).append(index)
    prior = np.zeros(len(hypotheses))
    states = sorted((set(branches) | set(unlisted)) - {OTHER})
    elsewhere = unlisted.get(OTHER, [])
    for index in elsewhere:
        prior[index] = other_prior / len(elsewhere)
    share = (1.0 - (other_prior if elsewhere else 0.0)) / max(len(states), 1)
    for state in states:
        families = branches.get(state, {})
        open_share = theta / (len(families) + theta) if unlisted.get(state) else 0.0
        for index in unlisted.get(state, []):
            prior[index] = share * open_share / len(unlisted[state])
        for members in families.values():
            kinds = _told_apart(hypotheses, members)
            for alike in kinds:
                prior[alike] = share * (1.0 - open_share) / len(families) / len(kinds) / len(alike)
    return prior / prior.sum() if prior.sum() > 0 else prior


def _told_apart(hypotheses: Sequence[Hypothesis], members: Sequence[int]) -> list[list[int]]:
    """Members of a family grouped by what the catalogue says of them: entries that say the same are one design.

    Without this a type listed twice, or two stubs about which nothing is known, would count double.
    """
    kinds: dict[tuple[object, ...], list[int]] = {}
    for index in members:
        hypothesis = hypotheses[index]
        said = tuple(
            (trait, tuple((repr(statement.value), statement.weight) for statement in expectation.statements))
            for trait, expectation in sorted(hypothesis.expectations.items())
        )
        key = (said, hypothesis.production.first, hypothesis.production.last) if len(members) > 1 else ()
        kinds.setdefault(key, []).append(index)
    return list(kinds.values())


def _stated(tree: Tree, priors: Mapping[str, float]) -> Floats:
    """The prior nearest to the flat one (least relative entropy) with the stated node probabilities."""
    levels: list[dict[str, Mask]] = [
        tree.states,
        tree.families,
        {h.id: np.arange(len(tree.hypotheses)) == i for i, h in enumerate(tree.hypotheses)},
    ]
    faults = []
    stated: list[list[tuple[Mask, float]]] = [[], [], []]
    for name in sorted(priors):
        value = priors[name]
        level = next((number for number, nodes in enumerate(levels) if name in nodes), None)
        if level is None:
            faults.append(
                Fault("priors", column=name, message="names no state, family or type compared here.", advice="Use ids.")
            )
        elif not 0.0 <= value <= 1.0:
            faults.append(Fault("priors", column=name, message=f"{value} is not a probability.", advice="Use 0 to 1."))
        else:
            stated[level].append((levels[level][name], value))
    if faults:
        raise InputError(faults)
    wanted = [pair for level in stated for pair in _renormalised(level, tree.reference)]
    prior = tree.reference.copy()
    for _ in range(_ROUNDS):
        before = prior
        for members, value in wanted:
            prior = _with_share(prior, members, value)
        if np.abs(prior - before).max() < _CLOSE:
            break
    return np.asarray(prior / prior.sum())


def _renormalised(stated: list[tuple[Mask, float]], reference: Floats) -> list[tuple[Mask, float]]:
    """Stated shares of one level: scaled to leave what is not stated its flat share where they would exceed 1."""
    total = sum(value for _, value in stated)
    covered = np.any([members for members, _ in stated], axis=0) if stated else np.zeros(len(reference), dtype=bool)
    rest = float(reference[~covered].sum())
    if stated and total > 0 and (total >= 1.0 or rest <= 0.0):
        return [(members, value / (total + rest)) for members, value in stated]
    return stated


def _with_share(prior: Floats, members: Mask, value: float) -> Floats:
    """Jeffrey's rule: the same prior inside and outside ``members``, which now hold ``value`` together."""
    inside = float(prior[members].sum())
    if inside <= 0.0 or inside >= 1.0:
        return prior
    return np.asarray(np.where(members, prior * (value / inside), prior * ((1.0 - value) / (1.0 - inside))))
