"""How much the result rests on single traits, single sources and stated assumptions (docs/method.md 7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.assess.bootstrap import Replicates
from forensics.assess.conclusion import Standing, Verdict, decide
from forensics.assess.engine import Weighing, weigh
from forensics.assess.ranges import Recompare, draw_ranges, reweigh
from forensics.assess.settings import LN10, VISUAL_BLOCK
from forensics.assess.shapley import leaf_contributions, node_contributions
from forensics.assess.sources import carried_by_source, origin_of, without_source
from forensics.assess.tree import Tree
from forensics.model.catalogue import Catalogue, Hypothesis
from forensics.model.result import LeaveOneOut, Sensitivity, SensitivityVariant

__all__ = ["Reported", "examine_sensitivity"]

Floats = NDArray[np.float64]
Points = tuple[float, float, float]

PRIOR_GRID = (0.001, 0.01, 0.05, 0.2, 0.5)
COVERAGE_GRID = (0.1, 0.3, 3.0, 10.0)
BANDS_LOG10 = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)
"""Bounds of the decades of the verbal scales: a trait that moves the ratio across one is pivotal."""


@dataclass(frozen=True)
class Reported:
    """The result whose sensitivity is examined.

    ``grow``: the tree under another coverage theta. ``recompare``: how the findings are compared again, with the
    hypotheses in the order it uses (``given``).
    """

    weighing: Weighing
    tree: Tree
    verdict: Verdict
    replicates: Replicates
    catalogue: Catalogue
    grow: Callable[[float], Tree]
    recompare: Recompare | None = None
    given: tuple[Hypothesis, ...] = ()

    def node(self, log_lr: Floats, tree: Tree | None = None) -> float:
        """log10 LR of the reported node under other leaf ratios (or another prior)."""
        return float((tree or self.tree).node_log10(self.verdict.members, log_lr))

    def state(self, log_lr: Floats, tree: Tree | None = None) -> float | None:
        """log10 LR of the reported state, if one is reported."""
        state = self.verdict.state
        return None if state is None else float((tree or self.tree).node_log10(self.tree.states[state], log_lr))

    @property
    def trusted(self) -> list[int]:
        """The leaves whose stated values the result rests on."""
        return list(self.verdict.tie) or [int(np.argmax(np.where(self.tree.listed, self.weighing.log_lr, -np.inf)))]


def examine_sensitivity(reported: Reported) -> Sensitivity:
    """The sensitivity block of the result document; every wording is left to the report."""
    weighing = reported.weighing
    if not weighing.evidence.records:
        return Sensitivity()
    by_trait = _leave_one_trait_out(reported)
    ratio = reported.node(weighing.log_lr)
    drawn = reported.tree.node_log10(reported.verdict.members, reported.replicates.log_lr)
    low, middle, high = np.quantile(drawn, (0.05, 0.5, 0.95))
    contributions = node_contributions(weighing, reported.tree, reported.verdict.members)
    bootstrap = (float(low), float(middle), float(high))
    ranges, of_state, drivers = _elicited_ranges(reported)
    return Sensitivity(
        leave_one_trait_out=by_trait,
        leave_one_source_out=_leave_one_source_out(reported, contributions),
        variants=_variants(reported),
        prior_sweep=tuple((prior, _posterior(prior, ratio)) for prior in PRIOR_GRID),
        pivotal=tuple(entry.left_out for entry in by_trait if entry.pivotal),
        bootstrap=bootstrap,
        contributions=contributions,
        elicited_ranges=ranges,
        state_elicited_ranges=of_state,
        range_drivers=drivers,
        widest=_widest(bootstrap, ranges),
    )


def _widest(bootstrap: Points, ranges: Points | None) -> tuple[float, float]:
    """The wider interval; neither knows of the other's doubts, so that the narrower one would understate."""
    if ranges is None or bootstrap[2] - bootstrap[0] >= ranges[2] - ranges[0]:
        return bootstrap[0], bootstrap[2]
    return ranges[0], ranges[2]


def _elicited_ranges(reported: Reported) -> tuple[Points | None, Points | None, tuple[tuple[str, float], ...]]:
    if reported.recompare is None:
        return None, None, ()
    drawn = draw_ranges(reported.recompare, reported.given, reported.catalogue)
    node = reported.tree.node_log10(reported.verdict.members, drawn.log_lr)
    of_state = None
    if reported.verdict.state is not None:
        members = reported.tree.states[reported.verdict.state]
        of_state = drawn.interval(reported.tree.node_log10(members, drawn.log_lr))
    return drawn.interval(node), of_state, drawn.drivers(node)


def _posterior(prior: float, log10_lr: float) -> float:
    """Bayes: odds times the ratio, computed so that neither end overflows."""
    ratio = float(10.0 ** -abs(log10_lr))
    against, favour = (1.0 - prior) * ratio, prior
    if log10_lr < 0:
        against, favour = 1.0 - prior, prior * ratio
    return favour / (favour + against)


def _band(log10_lr: float) -> int:
    band = bisect_right(BANDS_LOG10, abs(log10_lr) + 1e-9)
    return band if log10_lr >= 0 else -band


def _leave_one_trait_out(reported: Reported) -> tuple[LeaveOneOut, ...]:
    weighing, tree = reported.weighing, reported.tree
    settings = weighing.evidence.settings
    full = reported.node(weighing.log_lr)
    base = decide(tree, Standing(weighing.log_lr, weighing.alone, weighing.known, weighing.own), settings)
    entries = []
    for number, record in enumerate(weighing.evidence.records):
        log_lr = weighing.without(record.trait)
        rest = [k for k in range(len(weighing.evidence.records)) if k != number]
        verdict = decide(
            tree, Standing(log_lr, weighing.alone[rest], weighing.known[rest], weighing.own[rest]), settings
        )
        ratio = reported.node(log_lr)
        moved = (verdict.outcome, verdict.level, verdict.node) != (base.outcome, base.level, base.node)
        entries.append(
            LeaveOneOut(
                left_out=record.trait,
                name=_trait_name(reported.catalogue, record.trait),
                node=verdict.node if moved else reported.verdict.node,
                log10_lr=ratio,
                delta=ratio - full,
                pivotal=moved or _band(ratio) != _band(full) or abs(ratio - full) > settings.pivotal_delta_log10,
            )
        )
    return tuple(entries)


def _trait_name(catalogue: Catalogue, trait: str) -> str:
    known = catalogue.vocabulary.traits.get(trait)
    return known.names.en[0] if known is not None and known.names.en else trait


def _leave_one_source_out(reported: Reported, contributions: tuple[tuple[str, float], ...]) -> tuple[LeaveOneOut, ...]:
    """Without each source that carries more than its share of the favourable weight."""
    evidence, catalogue = reported.weighing.evidence, reported.catalogue
    settings = evidence.settings
    full = reported.node(reported.weighing.log_lr)
    if any(name.startswith("block:") for name, _ in contributions):
        best = leaf_contributions(reported.weighing)[:, reported.trusted[0]]
        contributions = tuple((r.trait, float(v)) for r, v in zip(evidence.records, best, strict=True))
    carried = carried_by_source(evidence, catalogue, contributions, reported.trusted)
    entries = []
    for origin in sorted(carried):
        if carried[origin] <= settings.leave_source_share:
            continue
        weighing = weigh(without_source(evidence, catalogue, origin))
        ratio = reported.node(weighing.log_lr)
        verdict = decide(
            reported.tree, Standing(weighing.log_lr, weighing.alone, weighing.known, weighing.own), settings
        )
        entries.append(
            LeaveOneOut(
                left_out=origin,
                name=_source_name(catalogue, origin),
                node=verdict.node,
                log10_lr=ratio,
                delta=ratio - full,
                pivotal=_band(ratio) != _band(full) or abs(ratio - full) > settings.pivotal_delta_log10,
            )
        )
    return tuple(entries)


def _source_name(catalogue: Catalogue, origin: str) -> str:
    source = next(
        (catalogue.sources[name] for name in sorted(catalogue.sources) if origin_of(catalogue, name) == origin), None
    )
    return origin if source is None else f"{source.publisher}: {source.title}"


def _variants(reported: Reported) -> tuple[SensitivityVariant, ...]:
    """Other engines, other coverage priors, and the ladder of what is taken in."""
    weighing = reported.weighing
    evidence = weighing.evidence
    trusted = np.zeros(evidence.size)
    for record in evidence.records:
        mixed = np.log1p(np.maximum(record.quality * (record.ratio - 1.0), -1.0 + 1e-12))
        trusted = trusted + np.where(record.known, np.clip(mixed, -record.cap, record.cap), 0.0)
    variants = [
        _variant(reported, "naive", "naive product, catalogue trusted", trusted),
        _variant(reported, "product", "product of single traits, untempered", weighing.alone.sum(axis=0) * LN10),
        _variant(reported, "exponent", "no robustness exponent", weighing.log_lr / evidence.settings.exponent),
    ]
    for theta in COVERAGE_GRID:
        name = f"coverage of the catalogue, theta {theta:g}"
        variants.append(_variant(reported, f"coverage:{theta:g}", name, weighing.log_lr, reported.grow(theta)))
    return (*variants, *_ladder(reported))


def _ladder(reported: Reported) -> list[SensitivityVariant]:
    """The assumption ladder (docs/method.md 7.8): what each kind of knowledge adds, the event date last."""
    evidence, traits = reported.weighing.evidence, reported.catalogue.vocabulary.traits
    undated = reported.recompare.undated if reported.recompare is not None else None
    if undated is not None:
        evidence = reweigh(undated(), reported.given, reported.catalogue, evidence.settings).evidence
    state = {r.trait for r in evidence.records if r.trait in traits and traits[r.trait].level == "state"}
    visual = {r.trait for r in evidence.records if r.block == VISUAL_BLOCK}
    rungs = [
        ("ladder:design", "design traits only", state | visual),
        ("ladder:conventions", "design traits and conventions of the state", visual),
    ]
    if visual:
        rungs.append(("ladder:likeness", "likeness to reference photographs added", set()))
    ladder = [_variant(reported, key, name, weigh(evidence.without(out)).log_lr) for key, name, out in rungs]
    if undated is not None:
        ladder.append(_variant(reported, "ladder:date", "the date of the event added", reported.weighing.log_lr))
    return ladder


def _variant(reported: Reported, key: str, name: str, log_lr: Floats, tree: Tree | None = None) -> SensitivityVariant:
    return SensitivityVariant(
        id=key, name=name, log10_lr=reported.node(log_lr, tree), state_log10_lr=reported.state(log_lr, tree)
    )
