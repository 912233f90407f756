"""Simulated trait sheets, drawn from the catalogue as it might really be.

A *world* is one state of affairs behind the catalogue: which of its values are wrong (by group of values that rest on
one source), what the wrong ones really are, and what the designs it does not hold look like. Sheets of one world share
that, so worlds, not sheets, are the independent units of every interval.

Three scenarios. *Well-specified*: a value holds as often as its grade says, a wrong one shows what munitions in general
show, readings fail as often as the quality says. *Misspecified* and *severe* break this in ways the engine does not
know: grades are overstated, wrong values are those of other munitions, unlisted designs copy listed ones, bad
photographs spoil several records at once, failed readings look like other catalogued values, recovery is uneven,
measured values are off by a constant, Juche years are half as common as believed, the event was years earlier.

Every number is drawn from a generator seeded by (scenario, world): the same call gives the same sheets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.validate.bench import LEAST_RECORDED, Bench

__all__ = ["SCENARIOS", "Scenario", "Sheets", "World", "draw_sheets", "draw_world"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Columns = NDArray[np.int32]


@dataclass(frozen=True)
class Scenario:
    """How far reality departs from what the engine assumes. Shares and probabilities, 0 to 1.

    overstated: part by which every grade is too high. wrong_copies: wrong values that are those of another listed type
    rather than those of munitions in general. copy_cats: unlisted designs that copy a listed type. copied_traits: part
    of its design traits they copy. bad_photographs: sheets with one; spoiled: part of their photographed records it
    spoils. errors: failed readings, as a multiple of 1 - q. plausible_errors: failed readings that look like another
    type's value. uneven: spread (sd of ln) of recovery between blocks. shifted: measured catalogue values that are off
    by 3 % either way. other_dates: whether Juche years are half as common, and items older, than believed.
    """

    id: str
    title: str
    number: int
    overstated: float = 0.0
    wrong_copies: float = 0.0
    copy_cats: float = 0.0
    copied_traits: float = 0.7
    bad_photographs: float = 0.0
    spoiled: float = 0.7
    errors: float = 1.0
    plausible_errors: float = 0.0
    uneven: float = 0.0
    shifted: float = 0.0
    other_dates: bool = False


SCENARIOS = (
    Scenario("well-specified", "the engine's assumptions hold", 1),
    Scenario(
        "misspecified",
        "wrong values shared by source, copying designs, bad photographs, grades 12 % too high, measures and dates off",
        2,
        overstated=0.12,
        wrong_copies=0.5,
        copy_cats=0.5,
        bad_photographs=0.06,
        errors=1.5,
        plausible_errors=0.5,
        uneven=0.4,
        shifted=0.3,
        other_dates=True,
    ),
    Scenario(
        "severe",
        "grades 25 % too high, nine in ten unlisted designs copy a listed one, twice the reading errors",
        3,
        overstated=0.25,
        wrong_copies=0.7,
        copy_cats=0.9,
        bad_photographs=0.12,
        errors=2.0,
        plausible_errors=0.7,
        uneven=0.7,
        shifted=0.5,
        other_dates=True,
    ),
)


@dataclass(frozen=True)
class World:
    """What the leaves really show. law: (T, H) column of the trait's table each leaf draws from, H the background.

    class_of: (H,) class of each leaf; unlisted designs have one here. shift: (T, H) -1, 0 or 1: whether the measured
    value the catalogue states for the leaf is too high, right, or too low.
    """

    law: Columns
    class_of: NDArray[np.intp]
    shift: NDArray[np.int8]


@dataclass(frozen=True)
class Sheets:
    """N simulated sheets. codes: (N, T) recorded row of each table, -1 not recorded; truth: (N,) index of the leaf."""

    codes: Codes
    truth: NDArray[np.intp]
    class_of: NDArray[np.intp]

    @property
    def recorded(self) -> NDArray[np.int64]:
        """(N,) number of recorded traits."""
        return np.asarray((self.codes >= 0).sum(axis=1), dtype=np.int64)


def draw_world(bench: Bench, scenario: Scenario, rng: np.random.Generator) -> World:
    """Decide which catalogue values are wrong in this world, and what stands in their place."""
    leaves, traits = len(bench.hypotheses), len(bench.tables)
    background = leaves
    law = np.full((traits, leaves), background, dtype=np.int32)
    latents = _latents(bench, rng)
    for row, table in enumerate(bench.tables):
        latent = latents[row]
        known = table.weight > 0
        holds = known & (latent < table.weight * (1.0 - scenario.overstated))
        other = _another(np.flatnonzero(known), leaves, background, rng)
        copies = known & ~holds & (rng.random(leaves) < scenario.wrong_copies)
        law[row] = np.where(holds, np.arange(leaves), np.where(copies, other, background))
    class_of = bench.class_of.copy()
    listed = np.flatnonzero(bench.listed)
    for leaf in np.flatnonzero(~bench.listed):
        state = bench.hypotheses[leaf].state
        kin = [index for index in listed if bench.hypotheses[index].state == state]
        model = int(rng.choice(kin if kin else listed))
        class_of[leaf] = bench.class_of[model]
        if rng.random() < scenario.copy_cats:
            copied = int(rng.choice(listed))
            class_of[leaf] = bench.class_of[copied]
            stated = np.array([table.weight[copied] > 0 for table in bench.tables])
            taken = stated & ~bench.of_state & (rng.random(traits) < scenario.copied_traits)
            law[taken, leaf] = law[taken, copied]
    shift = np.zeros(law.shape, dtype=np.int8)
    if scenario.shifted > 0:
        off = (rng.random(law.shape) < scenario.shifted) & bench.measured[:, None]
        shift = np.where(off, rng.choice([-1, 1], size=law.shape), 0).astype(np.int8)
    return World(law, class_of, shift)


def _another(stating: NDArray[np.intp], leaves: int, background: int, rng: np.random.Generator) -> Columns:
    """(H,) for each leaf some other leaf that states the trait; the background where there is no other."""
    other = np.full(leaves, background, dtype=np.int32)
    if stating.size > 1:
        step = rng.integers(1, stating.size, size=stating.size)
        other[stating] = stating[(np.arange(stating.size) + step) % stating.size]
    return other


def _latents(bench: Bench, rng: np.random.Generator) -> Floats:
    """(T, H) uniform, one for each leaf and source group of a block: values resting on one source fail together."""
    leaves = len(bench.hypotheses)
    latents = np.empty((len(bench.tables), leaves))
    for block in sorted({table.block for table in bench.tables}):
        rows = [row for row, table in enumerate(bench.tables) if table.block == block]
        origins = np.array([bench.tables[row].origin for row in rows])
        names, groups = np.unique(origins, return_inverse=True)
        drawn = rng.random((leaves, len(names)))
        latents[rows] = drawn[np.arange(leaves)[None, :], groups.reshape(origins.shape)]
    return latents


def draw_sheets(
    bench: Bench,
    world: World,
    scenario: Scenario,
    number: int,
    rng: np.random.Generator,
    *,
    leaves: NDArray[np.intp] | None = None,
) -> Sheets:
    """Draw sheets of items made as the leaves of one world.

    Parameters
    ----------
    number : int
        Sheets to draw; each records at least two traits.
    leaves : (K,) array, optional
        Leaves the items come from, each as often as the others; by default all, in proportion to their prior.
    """
    prior = bench.tree.prior if leaves is None else np.zeros_like(bench.tree.prior)
    if leaves is not None:
        prior[leaves] = 1.0
    prior = prior / prior.sum()
    parts: list[Sheets] = []
    while sum(len(part.truth) for part in parts) < number:
        truth = rng.choice(len(prior), size=max(64, number), p=prior)
        recorded = _recovered(bench, world, scenario, truth, rng)
        enough = recorded.sum(axis=1) >= LEAST_RECORDED
        truth, recorded = truth[enough], recorded[enough]
        codes = _read(bench, world, scenario, truth, recorded, rng)
        parts.append(Sheets(codes, truth, world.class_of[truth]))
    return Sheets(
        np.concatenate([part.codes for part in parts])[:number],
        np.concatenate([part.truth for part in parts])[:number],
        np.concatenate([part.class_of for part in parts])[:number],
    )


def _recovered(
    bench: Bench, world: World, scenario: Scenario, truth: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """(N, T) which traits survived and were recorded: survival, how much of the item was found, unevenly by block."""
    found = rng.uniform(0.25, 1.1, size=(len(truth), 1))
    blocks = sorted({table.block for table in bench.tables})
    column = np.array([blocks.index(table.block) for table in bench.tables])
    uneven = np.exp(scenario.uneven * rng.standard_normal((len(truth), len(blocks))))[:, column]
    chance = np.minimum(bench.survival * found * uneven, 0.98) * bench.applicable[world.class_of[truth]]
    return np.asarray(rng.random(chance.shape) < chance)


def _read(
    bench: Bench,
    world: World,
    scenario: Scenario,
    truth: NDArray[np.intp],
    recorded: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Codes:
    """(N, T) what is recorded: the leaf's own law, or a failed reading."""
    size = len(truth)
    codes = np.full(recorded.shape, -1, dtype=np.int32)
    bad = rng.random(size) < scenario.bad_photographs
    for row, table in enumerate(bench.tables):
        where = np.flatnonzero(recorded[:, row])
        if not where.size:
            continue
        column = world.law[row, truth[where]].astype(np.int64)
        failed = rng.random(where.size) < min(1.0, scenario.errors * (1.0 - bench.qualities[row]))
        if bench.photographed[row]:
            failed |= bad[where] & (rng.random(where.size) < scenario.spoiled)
        stating = np.flatnonzero(table.weight > 0)
        wrong = np.full(where.size, len(bench.hypotheses))
        if stating.size:
            plausible = rng.random(where.size) < scenario.plausible_errors
            wrong = np.where(plausible, stating[rng.integers(stating.size, size=where.size)], wrong)
        column = np.where(failed, wrong, column)
        real = bench.otherwise.get(table.trait, table) if scenario.other_dates else table
        drawn = _draw(real.likelihood, real.background, column, rng.random(where.size))
        if bench.measured[row]:
            off = np.append(world.shift[row], 0)[column]
            drawn = np.where(off == 0, drawn, bench.shifted_rows(row)[np.maximum(off, 0), drawn])
        codes[where, row] = drawn
    return codes


def _draw(likelihood: Floats, background: Floats, column: NDArray[np.int64], uniform: Floats) -> Codes:
    """One record from each column; column H is the background."""
    together = np.column_stack([likelihood, background])
    cumulative = np.cumsum(together, axis=0)
    cumulative /= cumulative[-1]
    # Columns laid end to end, each shifted by its number: one search serves all of them.
    steps = (cumulative + np.arange(together.shape[1])).T.ravel()
    found = np.searchsorted(steps, uniform + column, side="right") - column * len(background)
    return np.asarray(np.clip(found, 0, len(background) - 1), dtype=np.int32)
