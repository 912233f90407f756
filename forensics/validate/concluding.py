"""What would be concluded of many simulated sheets, by the rules of the result document without its bootstrap.

``decide`` looks at one sheet. Most sheets end early (too little examined, none fits, an unlisted design of another
state in the tie set), and those rules are evaluated here for all sheets at once; the rest are put to ``decide`` itself.
A test holds both to the same outcome, sheet by sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.assess.conclusion import CONTRADICTED_LOG10, DISCRIMINATES_LOG10, Standing, Verdict, decide
from forensics.assess.tree import OTHER
from forensics.validate.bench import Bench
from forensics.validate.simulate import Sheets

__all__ = ["Concluder", "Kind", "Naming"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

Kind = tuple[str, str, str]
"""Outcome, level, strength."""
_INSUFFICIENT: Kind = ("insufficient", "none", "")
_NONE_FITS: Kind = ("none_fits", "none", "")


@dataclass
class Naming:
    """What was concluded. Counts of sheets.

    kinds: by (outcome, level, strength) the number of sheets, in how many the statement is true, and in how many it is
    false about an item of no listed type. worlds: by kind, (W, 2) sheets and false statements of each world.
    """

    worlds_number: int = 1
    sheets: int = 0
    kinds: dict[Kind, tuple[int, int, int]] = field(default_factory=dict)
    worlds: dict[Kind, NDArray[np.int64]] = field(default_factory=dict)
    listed: int = 0
    unlisted: int = 0
    unlisted_named: int = 0
    listed_said_none: int = 0
    unlisted_said_none: int = 0
    wrong_state: int = 0
    state_said: int = 0

    def add(self, key: Kind, right: bool, listed: bool, world: int = 0) -> None:
        """Count one conclusion."""
        number, correct, foreign = self.kinds.get(key, (0, 0, 0))
        self.kinds[key] = (number + 1, correct + int(right), foreign + int(not listed and not right))
        counts = self.worlds.setdefault(key, np.zeros((self.worlds_number, 2), dtype=np.int64))
        counts[world] += (1, int(not right))

    def _chosen(self, outcome: str, level: str | None, strength: str | None) -> list[Kind]:
        return [
            (o, lv, st) for (o, lv, st) in self.kinds if o == outcome and level in (None, lv) and strength in (None, st)
        ]

    def rate(self, outcome: str, level: str | None = None, strength: str | None = None) -> tuple[int, int, int]:
        """(sheets, of which right, of which wrong on an unlisted item) over the conclusions of one kind."""
        chosen = [self.kinds[key] for key in self._chosen(outcome, level, strength)]
        return sum(c[0] for c in chosen), sum(c[1] for c in chosen), sum(c[2] for c in chosen)

    def by_world(self, outcome: str, level: str | None = None, strength: str | None = None) -> NDArray[np.int64]:
        """(W, 2) sheets and false statements of each world, for intervals."""
        chosen = self._chosen(outcome, level, strength)
        empty = np.zeros((self.worlds_number, 2), dtype=np.int64)
        return sum((self.worlds[key] for key in chosen), empty)


class Concluder:
    """Concludes on sheets of one bench.

    Parameters
    ----------
    own : (T, H) bool, optional
        Whether the value is stated for the design itself and not only for its state; by default every known value is.
    """

    def __init__(self, bench: Bench, own: Mask | None = None) -> None:
        self.bench = bench
        self.alone = _alone(bench)
        self.known: Mask = np.array([table.weight > 0 for table in bench.tables])
        self.own: Mask = self.known if own is None else self.known & own
        self.against = [np.minimum(rows, 0.0).astype(np.float32) for rows in self.alone]
        self.spread = [rows.max(axis=1) - rows.min(axis=1) for rows in self.alone]
        self.other = np.array([leaf.state == OTHER for leaf in bench.hypotheses])
        self.state = _numbered([leaf.state for leaf in bench.hypotheses])
        self.pattern = _numbered([leaf.pattern for leaf in bench.hypotheses])

    def verdict(self, codes: NDArray[np.int32], log_lr: Floats) -> Verdict:
        """The rules of the result document for one sheet."""
        recorded = np.flatnonzero(codes >= 0)
        standing = Standing(
            log_lr,
            np.array([self.alone[trait][codes[trait]] for trait in recorded]).reshape(len(recorded), -1),
            self.known[recorded],
            self.own[recorded],
        )
        return decide(self.bench.tree, standing, self.bench.settings)

    def add(self, naming: Naming, drawn: Sheets, log_lr: Floats, world: int = 0) -> None:
        """Conclude on every sheet and count."""
        bench = self.bench
        settled = self.settled(drawn.codes, log_lr)
        states = np.array([leaf.state for leaf in bench.hypotheses])
        listed = bench.listed[drawn.truth]
        naming.sheets += len(settled)
        naming.listed += int(listed.sum())
        naming.unlisted += int((~listed).sum())
        for row, (place, truth) in enumerate(zip(settled.tolist(), drawn.truth.tolist(), strict=True)):
            if place == 0:
                naming.add(_INSUFFICIENT, True, bool(listed[row]), world)
                continue
            if place == 1:
                naming.add(_NONE_FITS, not listed[row], bool(listed[row]), world)
                naming.listed_said_none += bool(listed[row])
                naming.unlisted_said_none += not listed[row]
                continue
            found = self.verdict(drawn.codes[row], log_lr[row])
            right = bool(found.members[truth])
            naming.add((found.outcome, found.level, found.strength), right, bool(listed[row]), world)
            naming.unlisted_named += not listed[row] and found.outcome == "named"
            if found.outcome in ("named", "tie") and found.level != "pattern" and found.state is not None:
                naming.state_said += 1
                naming.wrong_state += bool(found.state != states[truth])

    def settled(self, codes: NDArray[np.int32], log_lr: Floats) -> NDArray[np.int64]:
        """(N,) 0 too little examined, 1 none fits, 2 to be put to ``decide``."""
        tree, settings = self.bench.tree, self.bench.settings
        recorded = codes >= 0
        log10 = log_lr / np.log(10.0)
        discriminating = np.zeros(codes.shape, dtype=bool)
        against = np.zeros(log_lr.shape, dtype=np.float32)
        for trait, spread in enumerate(self.spread):
            rows = np.flatnonzero(recorded[:, trait])
            discriminating[rows, trait] = spread[codes[rows, trait]] >= DISCRIMINATES_LOG10
            against[rows] += self.against[trait][codes[rows, trait]]
        telling = (recorded & discriminating).astype(np.float32)
        informed = tree.listed & (recorded.astype(np.float32) @ self.own.astype(np.float32) > 0)
        count = discriminating.sum(axis=1)
        result = np.full(len(codes), 2, dtype=np.int64)
        some = informed.any(axis=1)
        result[some & (count < 2)] = 0
        best_unlisted = np.maximum(log10[:, ~tree.listed].max(axis=1, initial=-np.inf), 0.0)
        lead = np.where(informed, log10, -np.inf).max(axis=1) - best_unlisted
        depth = telling @ self.known.astype(np.float32)
        own_depth = telling @ self.own.astype(np.float32)
        compared = informed & (depth >= ((count + 1) // 2)[:, None]) & (own_depth >= 2)
        contradicted = (against <= CONTRADICTED_LOG10) | (log10 <= best_unlisted[:, None] - settings.unremarkable_log10)
        none = (lead < 0) & compared.any(axis=1) & (contradicted | ~compared).all(axis=1)
        result[(result == 2) & some & none] = 1
        eligible = informed | ~tree.listed
        best = np.where(eligible, log10, -np.inf).max(axis=1)
        near = eligible & (log10 >= (best - settings.tie_delta_log10 - 1e-9)[:, None])
        nothing_to_name = ~(near & tree.listed).any(axis=1) | (near & self.other).any(axis=1)
        result[(result == 2) & some & nothing_to_name] = 0
        result[(result == 2) & some & self._too_spread(near, log_lr)] = 0
        return result

    def _too_spread(self, near: Mask, log_lr: Floats) -> Mask:
        """(N,) whether no node that holds the tie set can have the share of the posterior that a name needs.

        Such a node lies inside the tie set or inside the state of the best leaf; a design pattern needs no share.
        """
        tree = self.bench.tree
        posterior = tree.reference_posterior(log_lr)
        best = np.where(near, log_lr, -np.inf).argmax(axis=1)
        within_state = (posterior * (self.state[None, :] == self.state[best][:, None])).sum(axis=1)
        share = np.maximum((posterior * near).sum(axis=1), within_state)
        one_pattern = (self.pattern[best] >= 0) & (
            ~near | (tree.listed & (self.pattern[None, :] == self.pattern[best][:, None]))
        ).all(axis=1)
        return np.asarray((share < self.bench.settings.favour_share - 1e-9) & ~one_pattern)


def _numbered(names: list[str | None]) -> NDArray[np.int64]:
    """The same number for the same name, -1 for none."""
    number = {name: index for index, name in enumerate(sorted({name for name in names if name is not None}))}
    return np.array([-1 if name is None else number[name] for name in names], dtype=np.int64)


def _alone(bench: Bench) -> list[Floats]:
    """By trait (X, H) log10 LR of each record alone, after its cap."""
    found = []
    for table, quality in zip(bench.tables, bench.qualities.tolist(), strict=True):
        cap = bench.settings.cap(table.block)
        mixed = np.log1p(np.maximum(quality * (table.likelihood / table.background[:, None] - 1.0), 1e-12 - 1.0))
        found.append(np.log1p(table.weight * np.expm1(np.clip(mixed, -cap, cap))) / np.log(10.0))
    return found
