"""The method on simulated sheets, scenario by scenario: what it gets right, its calibration, what it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.validate.bench import Bench
from forensics.validate.concluding import Concluder, Naming
from forensics.validate.metrics import Calibration, Tally, calibration_error
from forensics.validate.simulate import Scenario, Sheets, draw_sheets, draw_world

__all__ = ["LEVELS", "Naming", "ScenarioStudy", "SheetScores", "study_scenario", "study_sheets", "trait_stratum"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Progress = Callable[[str, int, int], None]

LEVELS = ("type", "family", "state")
CREDIBLE = 0.9
STRATA = ((2, 3), (4, 6), (7, 99))


def trait_stratum(low: int, high: int) -> str:
    """ "2-3 traits", "7 or more traits"."""
    return f"{low} or more traits" if high >= 99 else f"{low}-{high} traits"


@dataclass(frozen=True)
class SheetScores:
    """One row a sheet, all worlds together; every array (N,).

    top1, top3: chance that the true type is first, or among the first three, of the listed types by ratio, exact ties
    broken at random (NaN where the item is of no listed type). stated, right: posterior of the leaf with the highest,
    and whether it is the true one. covered, set_size: 90 % credible set. unlisted: posterior of all unlisted designs.
    """

    world: NDArray[np.int64]
    truth: NDArray[np.int64]
    recorded: NDArray[np.int64]
    top1: Floats
    top3: Floats
    stated: Floats
    right: Mask
    covered: Mask
    set_size: NDArray[np.int64]
    unlisted: Floats
    information_bits: Floats


@dataclass(frozen=True)
class ScenarioStudy:
    """One scenario studied. ``tallies`` by (level, stratum); stratum "all", a number of traits, a state or a class."""

    scenario: Scenario
    worlds: int
    sheets: int
    tallies: dict[tuple[str, str], Tally]
    scores: SheetScores
    naming: Naming
    calibration: Calibration

    def mean(self, values: Floats, mask: Mask | None = None) -> float:
        """Mean over sheets, NaN rows left out."""
        chosen = values if mask is None else values[mask]
        chosen = chosen[np.isfinite(chosen)]
        return float(chosen.mean()) if chosen.size else float("nan")

    def per_world(self, values: Floats) -> Floats:
        """(W,) mean of each world, for intervals."""
        return np.array([self.mean(values, self.scores.world == world) for world in range(self.worlds)])


@dataclass(frozen=True)
class _Nodes:
    """Nodes of one level: names, (K, H) membership, (H,) the node each leaf is in, -1 for none."""

    names: tuple[str, ...]
    members: list[Mask]
    of_leaf: NDArray[np.int64]


def _nodes(bench: Bench, level: str) -> _Nodes:
    leaves = bench.hypotheses
    if level == "type":
        keys = [leaf.id if leaf.listed else None for leaf in leaves]
    elif level == "family":
        keys = [(leaf.family or leaf.id) if leaf.listed else None for leaf in leaves]
    else:
        keys = [leaf.state if leaf.state != "other" else None for leaf in leaves]
    names = tuple(sorted({key for key in keys if key is not None}))
    number = {name: index for index, name in enumerate(names)}
    of_leaf = np.array([-1 if key is None else number[key] for key in keys], dtype=np.int64)
    return _Nodes(names, [of_leaf == index for index in range(len(names))], of_leaf)


def study_scenario(
    bench: Bench,
    scenario: Scenario,
    *,
    worlds: int,
    sheets: int,
    concluded: int = 250,
    own: Mask | None = None,
    progress: Progress | None = None,
) -> ScenarioStudy:
    """Draw and score the sheets of one scenario.

    Parameters
    ----------
    worlds, sheets : int
        Worlds, and sheets in each.
    concluded : int
        Sheets of each world for which the conclusion itself is drawn.
    own : (T, H) bool, optional
        Whether a value is stated for the design itself rather than its state; by default every known value is.
    """
    levels = {level: _nodes(bench, level) for level in LEVELS}
    tallies: dict[tuple[str, str], Tally] = {}
    scores: list[SheetScores] = []
    naming = Naming(worlds)
    concluder = Concluder(bench, own)
    for number in range(worlds):
        if progress is not None:
            progress(f"{scenario.id} worlds", number, worlds)
        rng = np.random.default_rng([scenario.number, number])
        world = draw_world(bench, scenario, rng)
        drawn = draw_sheets(bench, world, scenario, sheets, rng)
        log_lr = bench.score(drawn.codes)
        for level, nodes in levels.items():
            _count(tallies, number, worlds, level, nodes, bench, drawn, log_lr)
        scores.append(_score(bench, number, drawn, log_lr))
        part = slice(None, concluded)
        concluder.add(naming, Sheets(drawn.codes[part], drawn.truth[part], drawn.class_of[part]), log_lr[part], number)
    if progress is not None:
        progress(f"{scenario.id} worlds", worlds, worlds)
    joined = _join(scores)
    return ScenarioStudy(
        scenario, worlds, worlds * sheets, tallies, joined, naming, calibration_error(joined.stated, joined.right)
    )


def study_sheets(bench: Bench, drawn: Sequence[Sheets]) -> tuple[dict[tuple[str, str], Tally], SheetScores]:
    """Tallies and scores of sheets that are already drawn, one entry a world; nothing is concluded."""
    levels = {level: _nodes(bench, level) for level in LEVELS}
    tallies: dict[tuple[str, str], Tally] = {}
    scores = []
    for number, sheets in enumerate(drawn):
        log_lr = bench.score(sheets.codes)
        for level, nodes in levels.items():
            _count(tallies, number, len(drawn), level, nodes, bench, sheets, log_lr)
        scores.append(_score(bench, number, sheets, log_lr))
    return tallies, _join(scores)


def _strata(bench: Bench, drawn: Sheets) -> dict[str, Mask]:
    found: dict[str, Mask] = {"all": np.ones(len(drawn.truth), dtype=bool)}
    for low, high in STRATA:
        found[trait_stratum(low, high)] = (drawn.recorded >= low) & (drawn.recorded <= high)
    states = np.array([leaf.state for leaf in bench.hypotheses])[drawn.truth]
    for state in sorted({leaf.state for leaf in bench.hypotheses}):
        found[f"state {state}"] = states == state
    for index, class_id in enumerate(bench.classes):
        found[f"class {class_id}"] = drawn.class_of == index
    return found


def _count(
    tallies: dict[tuple[str, str], Tally],
    number: int,
    worlds: int,
    level: str,
    nodes: _Nodes,
    bench: Bench,
    drawn: Sheets,
    log_lr: Floats,
) -> None:
    ratios = bench.tree.nodes_log10(nodes.members, log_lr)
    own = nodes.of_leaf[drawn.truth]
    has = own >= 0
    false = np.ones(ratios.shape, dtype=bool)
    false[np.flatnonzero(has), own[has]] = False
    weight = np.where(false, 1.0 / false.sum(axis=1, keepdims=True), 0.0)
    for name, mask in _strata(bench, drawn).items():
        if not mask.any():
            continue
        tally = tallies.setdefault((level, name), Tally.empty(worlds))
        true = mask & has
        chosen = false[mask]
        tally.add(number, ratios[true, own[true]], ratios[mask][chosen], weight[mask][chosen])


def _score(bench: Bench, number: int, drawn: Sheets, log_lr: Floats) -> SheetScores:
    size = len(drawn.truth)
    rows = np.arange(size)
    posterior = bench.tree.posterior(log_lr)
    listed = bench.listed[drawn.truth]
    ranked = np.where(bench.listed[None, :], log_lr, -np.inf)
    own = log_lr[rows, drawn.truth][:, None]
    above = (ranked > own + 1e-6).sum(axis=1)
    level = np.maximum((np.abs(ranked - own) <= 1e-6).sum(axis=1), 1)
    best = posterior.argmax(axis=1)
    order = np.argsort(-posterior, axis=1, kind="stable")
    reached = np.cumsum(np.take_along_axis(posterior, order, axis=1), axis=1)
    set_size = (reached < CREDIBLE).sum(axis=1) + 1
    place = (order == drawn.truth[:, None]).argmax(axis=1)
    prior = bench.tree.prior[drawn.truth]
    return SheetScores(
        world=np.full(size, number),
        truth=drawn.truth.astype(np.int64),
        recorded=drawn.recorded,
        top1=np.where(listed, np.clip((1 - above) / level, 0, 1), np.nan),
        top3=np.where(listed, np.clip((3 - above) / level, 0, 1), np.nan),
        stated=posterior[rows, best],
        right=best == drawn.truth,
        covered=place < set_size,
        set_size=set_size,
        unlisted=posterior[:, ~bench.listed].sum(axis=1),
        information_bits=np.log2(posterior[rows, drawn.truth] / prior),
    )


def _join(parts: Sequence[SheetScores]) -> SheetScores:
    return SheetScores(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in SheetScores.__dataclass_fields__}
    )
