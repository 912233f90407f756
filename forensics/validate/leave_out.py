"""The open set: items of a family, or of a state, that the catalogue does not hold.

A family is taken out of the catalogue (its values, its votes in every background), items of it are drawn from what the
catalogue says about it, and the rest is asked. A good method then says "none of the catalogued types" more readily than
for items it does hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.model.catalogue import Catalogue, Hypothesis
from forensics.validate.bench import Bench, make_bench, translate
from forensics.validate.metrics import area_under_curve
from forensics.validate.simulate import Scenario, draw_sheets, draw_world

__all__ = ["LEAST_TRAITS", "LeftOut", "leave_families_out", "leave_states_out", "pooled_auroc", "pooled_confident"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Integers = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

LEAST_TRAITS = 4
"""Sheets that record fewer traits which the item's own signature states say too little for the question to be put."""
CONFIDENT = 0.9


@dataclass(frozen=True)
class Asked:
    """Sheets put to a catalogue. lead: (N,) log10 ratio of the best unlisted design to the best listed type.

    unlisted: (N,) posterior of all unlisted designs; known: (N,) recorded traits that the item's own signature states;
    confident: (N,) whether some listed type has a posterior above 0.9; posterior: (N, H) of all leaves; level: (N,) as
    ``unlisted``, with every listed type weighed alike and unlisted designs shared out by state in proportion; holder:
    (N,) log10 ratio, in the full catalogue, of what was left out to everything else: what the sheets carry at most.
    """

    lead: Floats
    unlisted: Floats
    known: Integers
    confident: NDArray[np.bool_]
    posterior: Floats
    level: Floats
    holder: Floats


@dataclass(frozen=True)
class LeftOut:
    """One family or state left out. ``out``: its own items; ``held``: items of types that stayed in the catalogue.

    to_state: mean posterior of the true state for items of a left-out family (NaN for a state). twins: whether a type
    that stayed is declared to be confusable with one left out, or shares its design pattern.
    """

    id: str
    types: int
    twins: bool
    out: Asked
    held: Asked
    to_state: float

    @property
    def auroc(self) -> float:
        """Probability that an item of what was left out has the higher lead of an unlisted design."""
        return area_under_curve(self.out.lead, self.held.lead)


def leave_families_out(
    bench: Bench,
    catalogue: Catalogue,
    scenario: Scenario,
    *,
    sheets: int = 250,
    limit: int | None = None,
    event_year: int | None = None,
    twins_too: bool = False,
    progress: Progress | None = None,
) -> tuple[LeftOut, ...]:
    """Every family in turn (or ``limit`` of them, evenly spread over the sorted ids).

    twins_too: leave out with it every type that is declared confusable with it or shares its design pattern, so that
    the design is truly new to the catalogue.
    """
    families = sorted({leaf.family or leaf.id for leaf in bench.hypotheses if leaf.listed})
    if limit is not None and limit < len(families):
        families = [families[index] for index in np.linspace(0, len(families) - 1, limit).round().astype(int)]
    found = []
    for number, family in enumerate(families):
        if progress is not None:
            what = "leaving families and their twins out" if twins_too else "leaving families out"
            progress(what, number, len(families))
        inside = [leaf.listed and (leaf.family or leaf.id) == family for leaf in bench.hypotheses]
        gone = _with_twins(bench.hypotheses, inside, catalogue) if twins_too else inside
        found.append(_leave_out(bench, catalogue, scenario, family, inside, gone, sheets, event_year, 1000 + number))
    return tuple(found)


def leave_states_out(
    bench: Bench,
    catalogue: Catalogue,
    scenario: Scenario,
    *,
    sheets: int = 250,
    event_year: int | None = None,
    progress: Progress | None = None,
) -> tuple[LeftOut, ...]:
    """Every state with a listed type in turn, its conventions included: its items are then of "another state"."""
    states = sorted({leaf.state for leaf in bench.hypotheses if leaf.listed})
    found = []
    for number, state in enumerate(states):
        if progress is not None:
            progress("leaving states out", number, len(states))
        inside = [leaf.listed and leaf.state == state for leaf in bench.hypotheses]
        gone = [leaf.state == state for leaf in bench.hypotheses]
        found.append(_leave_out(bench, catalogue, scenario, state, inside, gone, sheets, event_year, 2000 + number))
    return tuple(found)


def _leave_out(
    bench: Bench,
    catalogue: Catalogue,
    scenario: Scenario,
    name: str,
    inside: Sequence[bool],
    gone: Sequence[bool],
    sheets: int,
    event_year: int | None,
    seed: int,
) -> LeftOut:
    kept = tuple(leaf for leaf, out in zip(bench.hypotheses, gone, strict=True) if not out)
    reduced = make_bench(kept, catalogue, event_year=event_year)
    rng = np.random.default_rng([scenario.number, seed])
    world = draw_world(bench, scenario, rng)
    own = np.flatnonzero(inside)
    rest = np.flatnonzero(bench.listed & ~np.asarray(gone))
    stated = np.array([table.weight > 0 for table in bench.tables])
    parts: list[tuple[Codes, Integers]] = []
    for leaves in (own, rest):
        drawn = draw_sheets(bench, world, scenario, 3 * sheets, rng, leaves=leaves)
        known = ((drawn.codes >= 0) & stated[:, drawn.truth].T).sum(axis=1)
        chosen = np.flatnonzero(known >= LEAST_TRAITS)[:sheets]
        parts.append((drawn.codes[chosen], known[chosen]))
    codes = np.concatenate([codes for codes, _ in parts])
    asked = _ask(reduced, translate(codes, bench, reduced))
    holder = bench.tree.node_log10(np.asarray(inside, dtype=bool), bench.score(codes))
    cut = len(parts[0][0])
    sides = [
        Asked(
            asked.lead[part],
            asked.unlisted[part],
            known,
            asked.confident[part],
            asked.posterior[part],
            asked.level[part],
            holder[part],
        )
        for part, (_, known) in zip((slice(None, cut), slice(cut, None)), parts, strict=True)
    ]
    state = bench.hypotheses[own[0]].state
    of_state = np.array([leaf.state == state for leaf in kept])
    to_state = float(sides[0].posterior[:, of_state].sum(axis=1).mean()) if of_state.any() and cut else float("nan")
    twins = _has_twins([bench.hypotheses[index] for index in own], kept, catalogue)
    return LeftOut(name, len(own), twins, sides[0], sides[1], to_state)


def _ask(reduced: Bench, codes: Codes) -> Asked:
    log_lr = reduced.score(codes)
    posterior = reduced.tree.posterior(log_lr)
    listed = reduced.listed
    return Asked(
        (log_lr[:, ~listed].max(axis=1) - log_lr[:, listed].max(axis=1)) / np.log(10.0),
        posterior[:, ~listed].sum(axis=1),
        np.zeros(len(codes), dtype=np.int64),
        posterior[:, listed].max(axis=1) > CONFIDENT,
        posterior,
        _posterior_alike(reduced, log_lr),
        np.zeros(len(codes)),
    )


def _posterior_alike(reduced: Bench, log_lr: Floats) -> Floats:
    """(N,) posterior of unlisted designs where every listed type has the same prior, and a state's unlisted design as
    much as all its listed types together."""
    states = np.array([leaf.state for leaf in reduced.hypotheses])
    listed = reduced.listed
    prior = np.where(listed, 1.0, 0.0)
    for index in np.flatnonzero(~listed):
        prior[index] = max(0.05 * listed.sum(), float((listed & (states == states[index])).sum()))
    joint = prior * np.exp(log_lr - log_lr.max(axis=1, keepdims=True))
    return np.asarray(joint[:, ~listed].sum(axis=1) / joint.sum(axis=1))


def _with_twins(leaves: Sequence[Hypothesis], inside: Sequence[bool], catalogue: Catalogue) -> list[bool]:
    """The leaves of a family and every listed one that is its near twin."""
    own = [leaf for leaf, chosen in zip(leaves, inside, strict=True) if chosen]
    return [
        chosen or (leaf.listed and _has_twins(own, [leaf], catalogue))
        for leaf, chosen in zip(leaves, inside, strict=True)
    ]


def _has_twins(own: Sequence[Hypothesis], kept: Sequence[Hypothesis], catalogue: Catalogue) -> bool:
    ids = {leaf.id for leaf in own}
    patterns = {leaf.pattern for leaf in own if leaf.pattern}
    declared = {other for leaf in own for other in catalogue.signatures[leaf.id].confusable_with}
    return any(
        leaf.id in declared
        or (leaf.pattern is not None and leaf.pattern in patterns)
        or bool(ids.intersection(catalogue.signatures[leaf.id].confusable_with))
        for leaf in kept
        if leaf.listed
    )


def pooled_auroc(
    found: Sequence[LeftOut], *, least: int = LEAST_TRAITS, by_posterior: bool = False, of: str | None = None
) -> float:
    """All items of what was left out against all others, of sheets with at least so many known traits.

    By the lead of the best unlisted design, which no prior enters; by the posterior of all unlisted designs; or by
    another field of ``Asked``, named by ``of``.
    """
    score = of or ("unlisted" if by_posterior else "lead")
    if not found:
        return float("nan")
    sides = []
    for side in ("out", "held"):
        asked: list[Asked] = [getattr(entry, side) for entry in found]
        values = np.concatenate([getattr(entry, score) for entry in asked])
        sides.append(values[np.concatenate([entry.known for entry in asked]) >= least])
    return area_under_curve(sides[0], sides[1])


def pooled_confident(found: Sequence[LeftOut]) -> float:
    """Share of the items of what was left out for which some listed type has a posterior above 0.9."""
    if not found:
        return float("nan")
    return float(np.concatenate([entry.out.confident for entry in found]).mean())
