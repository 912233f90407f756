"""Is the weight of evidence right? Measures of likelihood-ratio systems, written out.

All ratios are log10. "H1" are comparisons in which the proposition is true, "H2" those in which it is false. Sources of
the measures: Cllr and its split, Brümmer and du Preez (2006); empirical cross-entropy and Tippett plots, Meuwly, Ramos
and Haraksim (2017); Turing's bound on misleading evidence, Pr(LR > x | H2) <= 1 / x.

"ECE" is empirical cross-entropy here, as in forensic science; the calibration error of machine learning is
``calibration_error``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BIN_LOG10",
    "EDGES_LOG10",
    "Calibration",
    "Tally",
    "area_under_curve",
    "bootstrap_interval",
    "calibration_error",
    "cllr",
    "cllr_min",
    "cross_entropy",
    "exceeding",
    "pav_log10",
    "split_cllr",
    "upper_bound",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BIN_LOG10 = 0.02
"""Resolution of tallies. It moves Cllr by less than 0.001."""
EDGES_LOG10: Floats = np.round(np.arange(-12.0, 12.0 + BIN_LOG10 / 2, BIN_LOG10), 10)
"""Ratios beyond 10^12 either way count at the end."""


def _weights(values: Floats, weights: Floats | None) -> Floats:
    given = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    return np.asarray(given / given.sum())


def cllr(h1: Floats, h2: Floats, w1: Floats | None = None, w2: Floats | None = None) -> float:
    """Log-likelihood-ratio cost: 0 perfect, 1 what a system that always says LR = 1 has, above 1 worse than nothing.

    Parameters
    ----------
    h1, h2 : (N,), (M,) arrays
        log10 LR where the proposition is true, and where it is false.
    w1, w2 : arrays, optional
        Weight of each comparison within its side.
    """
    # log2(1 + 10^-s), computed so that large ratios do not overflow.
    true_cost = np.logaddexp2(0.0, -np.asarray(h1) * np.log2(10.0))
    false_cost = np.logaddexp2(0.0, np.asarray(h2) * np.log2(10.0))
    return float(0.5 * (_weights(h1, w1) @ true_cost + _weights(h2, w2) @ false_cost))


def pav_log10(h1: Floats, h2: Floats, w1: Floats | None = None, w2: Floats | None = None) -> tuple[Floats, Floats]:
    """The best calibrated ratios that keep the order of the given ones: pool adjacent violators.

    Returns
    -------
    log10 ratios for ``h1`` and for ``h2``; infinite where one side alone falls in a pool.
    """
    scores = np.concatenate([h1, h2])
    mass1 = np.concatenate([_weights(h1, w1), np.zeros(len(h2))])
    mass2 = np.concatenate([np.zeros(len(h1)), _weights(h2, w2)])
    values, inverse = np.unique(scores, return_inverse=True)
    inverse = inverse.reshape(-1)
    size = len(values)
    pools = _pool(
        np.asarray(np.bincount(inverse, mass1, size), dtype=np.float64),
        np.asarray(np.bincount(inverse, mass2, size), dtype=np.float64),
    )
    with np.errstate(divide="ignore"):
        fitted = np.log10(pools[0]) - np.log10(pools[1])
    return fitted[inverse[: len(h1)]], fitted[inverse[len(h1) :]]


def _pool(mass1: Floats, mass2: Floats) -> tuple[Floats, Floats]:
    """Pooled masses of both sides for each score in ascending order, so that mass1 / mass2 never falls."""
    ones: list[float] = []
    twos: list[float] = []
    sizes: list[int] = []
    for one, two in zip(mass1.tolist(), mass2.tolist(), strict=True):
        ones.append(one)
        twos.append(two)
        sizes.append(1)
        # a/b >= c/d without dividing by zero
        while len(ones) > 1 and ones[-2] * twos[-1] >= ones[-1] * twos[-2]:
            last = (ones.pop(), twos.pop(), sizes.pop())
            ones[-1] += last[0]
            twos[-1] += last[1]
            sizes[-1] += last[2]
    return np.repeat(ones, sizes), np.repeat(twos, sizes)


def cllr_min(h1: Floats, h2: Floats, w1: Floats | None = None, w2: Floats | None = None) -> float:
    """Cllr after the best calibration: what is lost by how well the ratios tell apart, whatever their size."""
    return cllr(*pav_log10(h1, h2, w1, w2), w1, w2)


def split_cllr(
    h1: Floats, h2: Floats, w1: Floats | None = None, w2: Floats | None = None
) -> tuple[float, float, float]:
    """Cllr, Cllr_min and their difference Cllr_cal (what is lost by ratios of the wrong size)."""
    total, least = cllr(h1, h2, w1, w2), cllr_min(h1, h2, w1, w2)
    return total, least, total - least


def cross_entropy(
    h1: Floats, h2: Floats, prior_log10_odds: Floats, w1: Floats | None = None, w2: Floats | None = None
) -> Floats:
    """Empirical cross-entropy in bits at each prior log10 odds: the cost of deciding with these ratios.

    A system that always says LR = 1 has the entropy of the prior; a good one lies below it everywhere.
    """
    odds = np.asarray(prior_log10_odds, dtype=np.float64)
    prior = 1.0 / (1.0 + 10.0**-odds)
    shift = odds[:, None] * np.log2(10.0)
    true_cost = np.logaddexp2(0.0, -np.asarray(h1) * np.log2(10.0) - shift) @ _weights(h1, w1)
    false_cost = np.logaddexp2(0.0, np.asarray(h2) * np.log2(10.0) + shift) @ _weights(h2, w2)
    return np.asarray(prior * true_cost + (1.0 - prior) * false_cost)


def exceeding(values: Floats, thresholds: Floats, weights: Floats | None = None) -> Floats:
    """Share of the ratios above each threshold (a Tippett curve)."""
    order = np.argsort(values)
    reached = np.concatenate([[0.0], np.cumsum(_weights(values, weights)[order])])
    place = np.searchsorted(np.asarray(values)[order], thresholds, side="right")
    above = 1.0 - reached[place]
    return np.asarray(np.where(above > 1e-12, above, 0.0))  # what rounding leaves is nothing


def area_under_curve(positive: Floats, negative: Floats) -> float:
    """Probability that a positive scores above a negative, ties counting half (Mann-Whitney)."""
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    level = np.searchsorted(ordered, positive, side="right") - below
    return float((below + 0.5 * level).mean() / len(ordered))


@dataclass(frozen=True)
class Calibration:
    """Stated against observed probability in bins of equal numbers. ``error``: mean absolute difference."""

    stated: Floats
    observed: Floats
    number: Integers
    error: float


def calibration_error(stated: Floats, right: NDArray[np.bool_], *, bins: int = 15) -> Calibration:
    """Bin stated probabilities at their quantiles and compare with how often they were right."""
    order = np.argsort(stated, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    means = np.array([stated[part].mean() for part in parts])
    rates = np.array([right[part].mean() for part in parts])
    number = np.array([part.size for part in parts])
    error = float(np.abs(means - rates) @ number / number.sum()) if parts else float("nan")
    return Calibration(means, rates, number, error)


@dataclass
class Tally:
    """Ratios counted in bins, world by world, so that millions of comparisons fit and worlds can be resampled.

    h1, h2: (W, B) weight in each bin. Every sheet weighs the same on either side.
    """

    h1: Floats
    h2: Floats

    @classmethod
    def empty(cls, worlds: int) -> Tally:
        """A tally for so many worlds, nothing counted."""
        return cls(np.zeros((worlds, len(EDGES_LOG10))), np.zeros((worlds, len(EDGES_LOG10))))

    def add(self, world: int, true: Floats, false: Floats, false_weights: Floats) -> None:
        """Count the ratios of one world; arguments of any shape, ``false_weights`` like ``false``."""
        size = len(EDGES_LOG10)
        self.h1[world] += np.bincount(_bin(true), minlength=size)
        self.h2[world] += np.bincount(_bin(false), false_weights.ravel(), minlength=size)

    @property
    def sheets(self) -> int:
        """Number of sheets in which the proposition was true."""
        return round(float(self.h1.sum()))

    def measure(self, of: Callable[[Floats, Floats, Floats, Floats], float], worlds: Integers | None = None) -> float:
        """Apply a measure of (h1, h2, w1, w2) to all worlds, or to a sample of them."""
        chosen = slice(None) if worlds is None else worlds
        first, second = self.h1[chosen].sum(axis=0), self.h2[chosen].sum(axis=0)
        one, two = first > 0, second > 0
        if not one.any() or not two.any():
            return float("nan")
        return of(EDGES_LOG10[one], EDGES_LOG10[two], first[one], second[two])

    def arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Ratios and weights of both sides, all worlds together: (h1, h2, w1, w2)."""
        first, second = self.h1.sum(axis=0), self.h2.sum(axis=0)
        one, two = first > 0, second > 0
        return EDGES_LOG10[one], EDGES_LOG10[two], first[one], second[two]


def _bin(values: Floats) -> Integers:
    place = np.round((np.asarray(values).ravel() - EDGES_LOG10[0]) / BIN_LOG10)
    return np.asarray(np.clip(place, 0, len(EDGES_LOG10) - 1), dtype=np.int64)


def bootstrap_interval(
    measure: Callable[[Integers], float], worlds: int, *, replicates: int = 200, seed: int = 0
) -> tuple[float, float]:
    """5 and 95 % points of a measure over worlds drawn with replacement; NaN with fewer than two worlds."""
    if worlds < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    values = np.array([measure(rng.integers(worlds, size=worlds)) for _ in range(replicates)])
    values = values[np.isfinite(values)]
    if not values.size:
        return float("nan"), float("nan")
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def upper_bound(errors: int, number: int) -> float:
    """Clopper-Pearson: the error rate at which so few errors would still be seen in one of twenty samples."""
    from scipy.special import betaincinv  # noqa: PLC0415

    return 1.0 if errors >= number else float(betaincinv(errors + 1, number - errors, 0.95))
