"""What may be said: tie set, lowest node that holds it, outcome, level and strength (docs/method.md 4, 5.3).

The rules, in this order:

1. *Insufficient* when nothing could be weighed, no type compared is documented for anything that was observed, or fewer
   than two traits discriminate (a trait discriminates when its likelihood ratio alone differs by a factor of two or
   more between two leaves). A type is documented for a trait when the value is stated for it, its family or its
   pattern: what only its state is known for (script, calendar) says nothing about the design. Where only such traits
   were observed and they carry the state, the state is reported and no type.
2. *None fits* when the observations are less probable under the best documented type than under the best unlisted
   design, and every type that was really compared is contradicted. A type was really compared
   when at least half of the discriminating traits are known for it, two of them as its own; it is contradicted when the
   traits against it, taken alone, together make it two or more times less probable. Three times (10^0.5) less
   probable than an unlisted design counts as contradicted too.
3. Otherwise the tie set: leaves within the tie distance of the best leaf, and leaves that outrank it in more than a
   tenth of the bootstrap replicates. Types about which nothing observed is known never join.
4. The lowest node that holds the tie set and reaches the lower threshold (a design pattern, which accuses nobody,
   needs only a ratio of ten) is reported: type, family, design pattern,
   state, or the tie set itself. One type or one family is *named*; anything wider is a *tie*. A tie set of one family
   whose own ratio is too small is reported at its state where that is large enough. A tie set that holds an unlisted
   design of no known state, or a node below the threshold, is *insufficient*: candidates only.
5. A ratio alone names nothing among many: the more types are compared, the more often one of them fits by chance. So
   the node must also hold at least half of the posterior under the flat reference prior to be favoured, and nine tenths
   to be supported. This gates the name only; the ratio reported does not depend on any prior.
6. A draft signature is never named alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forensics.assess.settings import Settings
from forensics.assess.tree import OTHER, Tree

__all__ = ["Standing", "Verdict", "decide"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Outcome = Literal["named", "tie", "none_fits", "insufficient"]
Level = Literal["type", "family", "pattern", "state", "none"]
Strength = Literal["supports", "favours", "candidates_only", "none"]

DISCRIMINATES_LOG10 = float(np.log10(2.0))
CONTRADICTED_LOG10 = -float(np.log10(2.0))
STATE_WORTH_SAYING_LOG10 = 1.0


@dataclass(frozen=True)
class Standing:
    """What the rules look at: log_lr (H,) of the leaves; alone (T, H) log10 LR of each trait; known (T, H).

    own: (T, H) whether the value is stated for the design itself; None when every known value is.
    """

    log_lr: Floats
    alone: Floats
    known: Mask
    own: Mask | None = None


@dataclass(frozen=True)
class Verdict:
    """The conclusion as ids and numbers. ``members``: (H,) leaves of the node whose ratio ``log10_lr`` is.

    ``tie``: leaf indices of the tie set, best first. ``reasons`` are codes for the report to word:
    ``no_evaluable_observations``, ``no_documented_type``, ``discriminating_traits:N``, ``worse_than_unlisted``,
    ``unremarkable``, ``contradicted:N`` (types really compared), ``unlisted_in_tie:STATE``, ``no_type_in_tie``,
    ``unlisted_elsewhere_in_tie``, ``below_threshold:LEVEL``, ``draft_alone``, ``node_below_threshold``; the document
    adds ``indistinguishable:ID|ID``.
    """

    outcome: Outcome
    level: Level
    node: str | None
    strength: Strength
    log10_lr: float
    members: Mask
    tie: tuple[int, ...] = ()
    state: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass
class _Bench:
    """The tree, the standing and the settings, with what several rules need."""

    tree: Tree
    standing: Standing
    settings: Settings
    reasons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        alone, known = self.standing.alone, self.standing.known
        self.log10 = self.standing.log_lr / np.log(10.0)
        self.own: Mask = known if self.standing.own is None else self.standing.own
        self.informed: Mask = self.tree.listed & self.own.any(axis=0)
        spread = alone.max(axis=1) - alone.min(axis=1) if alone.size else np.zeros(len(alone))
        self.discriminating: Mask = spread >= DISCRIMINATES_LOG10

    def ratio(self, members: Mask) -> float:
        return float(self.tree.node_log10(members, self.standing.log_lr))

    def share(self, members: Mask) -> float:
        """Posterior of the node under the flat reference prior over everything compared."""
        return float(self.tree.reference_posterior(self.standing.log_lr)[members].sum())

    def only(self, indices: Sequence[int]) -> Mask:
        mask = np.zeros(len(self.tree.hypotheses), dtype=bool)
        mask[list(indices)] = True
        return mask

    def best_unlisted(self) -> float:
        unlisted = self.log10[~self.tree.listed]
        return max(0.0, float(unlisted.max())) if unlisted.size else 0.0


def decide(tree: Tree, standing: Standing, settings: Settings, *, outranking: frozenset[int] = frozenset()) -> Verdict:
    """Apply the rules of this module.

    Parameters
    ----------
    tree : Tree
        Leaves, priors and nodes.
    standing : Standing
        Likelihood ratios of leaves and of single traits.
    settings : Settings
        Thresholds.
    outranking : frozenset of int
        Leaves that outrank the best one in more than a tenth of the bootstrap replicates.
    """
    bench = _Bench(tree, standing, settings)
    early = _too_little(bench)
    if early is not None:
        return early
    none_fits = _none_fits(bench)
    if none_fits is not None:
        return none_fits
    return _from_tie(bench, _tie_set(bench, outranking))


def _too_little(bench: _Bench) -> Verdict | None:
    if not bench.standing.known.any():
        return _insufficient(bench, (), "no_evaluable_observations")
    count = int(bench.discriminating.sum())
    if not bench.informed.any():
        return _state_alone(bench, count) or _insufficient(bench, (), "no_documented_type")
    if count < 2:
        return _insufficient(bench, _tie_set(bench, frozenset()), f"discriminating_traits:{count}")
    return None


def _state_alone(bench: _Bench, discriminating: int) -> Verdict | None:
    """Only conventions of states were observed: the state may be reported, no type can be."""
    state = _leading_state(bench, None) if discriminating >= 2 else None
    if state is None:
        return None
    members = bench.tree.states[state]
    ratio = bench.ratio(members)
    if ratio < bench.settings.favour_log10 - 1e-9:
        return None
    if bench.share(members) < bench.settings.favour_share:
        return None
    strength = _strength(bench, ratio, members, weak="favours")
    return Verdict("tie", "state", state, strength, ratio, members, (), state, ("no_documented_type",))


def _none_fits(bench: _Bench) -> Verdict | None:
    """Rule 2. Returns nothing where a type still stands, noting how little the best one stands out."""
    lead = float(bench.log10[bench.informed].max()) - bench.best_unlisted()
    count = int(bench.discriminating.sum())
    if lead >= bench.settings.unremarkable_log10:
        return None
    bench.reasons.append("worse_than_unlisted" if lead < 0 else "unremarkable")
    unlisted = ~bench.tree.listed
    leaf = int(np.argmax(np.where(unlisted, bench.log10, -np.inf))) if unlisted.any() else None
    ahead = bench.tree.hypotheses[leaf].state if leaf is not None and bench.log10[leaf] > 0 else OTHER
    if lead >= 0:
        return None
    telling = bench.discriminating[:, None]
    depth = (bench.standing.known & telling).sum(axis=0)
    compared = bench.informed & (depth >= (count + 1) // 2) & ((bench.own & telling).sum(axis=0) >= 2)
    if not compared.any():
        return None
    against = np.minimum(bench.standing.alone, 0.0).sum(axis=0)
    contradicted = (against <= CONTRADICTED_LOG10) | (
        bench.log10 <= bench.best_unlisted() - bench.settings.unremarkable_log10
    )
    if not contradicted[compared].all():
        return None
    ratio = bench.ratio(unlisted)
    return Verdict(
        "none_fits",
        "none",
        None,
        _strength(bench, ratio, unlisted, weak="none"),
        ratio,
        unlisted,
        state=_leading_state(bench, None if ahead == OTHER else ahead),
        reasons=(*bench.reasons, f"contradicted:{int(contradicted[compared].sum())}"),
    )


def _tie_set(bench: _Bench, outranking: frozenset[int]) -> tuple[int, ...]:
    """Leaf indices, best first (ties by id, which is the order of the leaves)."""
    eligible = bench.informed | ~bench.tree.listed
    best = float(bench.log10[eligible].max())
    near = eligible & (bench.log10 >= best - bench.settings.tie_delta_log10 - 1e-9)
    for index in outranking:
        near[index] = near[index] or eligible[index]
    return tuple(sorted(np.flatnonzero(near).tolist(), key=lambda i: (-round(float(bench.log10[i]), 9), i)))


def _from_tie(bench: _Bench, tie: tuple[int, ...]) -> Verdict:
    """Rules 4 to 6."""
    leaves = [bench.tree.hypotheses[index] for index in tie]
    listed = [leaf for leaf in leaves if leaf.listed]
    bench.reasons.extend(f"unlisted_in_tie:{leaf.state}" for leaf in leaves if not leaf.listed)
    if not listed:
        return _insufficient(bench, tie, "no_type_in_tie")
    if any(leaf.state == OTHER for leaf in leaves):
        return _insufficient(bench, tie, "unlisted_elsewhere_in_tie")
    for level, node, members in _nodes_holding(bench, tie):
        ratio = bench.ratio(members)
        # A pattern names no producer, so that less evidence carries it.
        floor = bench.settings.pattern_log10 if level == "pattern" else bench.settings.favour_log10
        doubtful = level != "pattern" and bench.share(members) < bench.settings.favour_share
        if ratio < floor - 1e-9 or doubtful:
            bench.reasons.append(f"below_threshold:{level}")
            continue
        outcome: Outcome = "named" if level in ("type", "family") else "tie"
        drafts = all(leaf.status == "draft" for leaf in listed)
        if outcome == "named" and drafts:
            bench.reasons.append("draft_alone")
            continue
        strength = _strength(bench, ratio, members, weak="candidates_only" if level == "pattern" else "favours")
        return Verdict(outcome, level, node, strength, ratio, members, tie, _state_of(bench, tie), tuple(bench.reasons))
    return _insufficient(bench, tie, "node_below_threshold")


def _nodes_holding(bench: _Bench, tie: tuple[int, ...]) -> list[tuple[Level, str | None, Mask]]:
    """Every node that holds the whole tie set, the lowest first; the tie set itself where it spans states."""
    leaves = [bench.tree.hypotheses[index] for index in tie]
    mask = bench.only(tie)
    nodes: list[tuple[Level, str | None, Mask]] = []
    if len(tie) == 1:
        nodes.append(("type", leaves[0].id, mask))
    family = leaves[0].family
    if family is not None and all(leaf.family == family for leaf in leaves):
        nodes.append(("family", family, bench.tree.families[family]))
    pattern = leaves[0].pattern
    wide = not nodes
    if pattern is not None and all(leaf.listed and leaf.pattern == pattern for leaf in leaves):
        members = bench.tree.patterns[pattern]
        makers = {leaf.state for leaf, inside in zip(bench.tree.hypotheses, members, strict=True) if inside}
        # After a family only where several states make the pattern, or it would name the producer by a side door.
        if wide or len(makers) > 1:
            nodes.append(("pattern", pattern, members))
    if len({leaf.state for leaf in leaves}) == 1:
        nodes.append(("state", leaves[0].state, bench.tree.states[leaves[0].state]))
    elif wide:
        nodes.append(("none", None, mask))
    return nodes


def _insufficient(bench: _Bench, tie: tuple[int, ...], reason: str) -> Verdict:
    """Candidates only: the ratio is that of the lowest node that holds the tie set, for the record."""
    members = bench.only(tie)
    ratio = 0.0
    if tie:
        nodes = _nodes_holding(bench, tie)
        members = nodes[0][2] if nodes else members
        ratio = bench.ratio(members)
    has_types = any(bench.tree.listed[index] for index in tie)
    return Verdict(
        "insufficient",
        "none",
        None,
        "candidates_only" if has_types else "none",
        ratio,
        members,
        tie,
        _leading_state(bench, None),
        (*bench.reasons, reason),
    )


def _strength(bench: _Bench, ratio: float, members: Mask, *, weak: Strength) -> Strength:
    if ratio >= bench.settings.naming_log10 - 1e-9 and bench.share(members) >= bench.settings.naming_share:
        return "supports"
    return "favours" if ratio >= bench.settings.favour_log10 - 1e-9 else weak


def _state_of(bench: _Bench, tie: tuple[int, ...]) -> str | None:
    states = {bench.tree.hypotheses[index].state for index in tie}
    return states.pop() if len(states) == 1 else _leading_state(bench, None)


def _leading_state(bench: _Bench, preferred: str | None) -> str | None:
    """The state the observations point to: the one preferred, or the best, where its ratio is at least ten."""
    found = bench.tree.nodes_log10(list(bench.tree.states.values()), bench.standing.log_lr)
    ratios = dict(zip(bench.tree.states, found.tolist(), strict=True))
    if not ratios or not bench.standing.known.any():
        return None
    state = preferred or min(ratios, key=lambda s: (-round(ratios[s], 9), s))
    return state if ratios[state] >= STATE_WORTH_SAYING_LOG10 else None
