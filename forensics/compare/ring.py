"""Bolt rings (docs/method.md 3.5): angles inside visible windows, unknown rotation and viewed face.

The likelihood of a pattern is the mean, over rotation and mirror image on a grid, of::

    exp(-lambda |W|) (1 - p_d)^C(theta) prod_k [lambda + p_d / (1 - p_d) * sum_i Normal(y_k - alpha_i - theta)]

with C(theta) the number of pattern bolts expected in the visible windows, whose edges are soft.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import expit

from forensics.compare.background import background_entry, copy_cat, foreign_floor, theta_of
from forensics.compare.records import Record, Scored, best_quality
from forensics.compare.ring_pattern import REGULAR_COUNTS, Complex, Variants, grid_size, regular_rings, variants
from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Background, Catalogue, ExpectedRing, Parameters
from forensics.model.values import Ring

__all__ = ["FEW_BOLTS", "irregular_log_likelihood", "pattern_log_likelihoods", "ring_sizes", "score"]

FEW_BOLTS = 3
"""Fewer angles than this say nothing about a pattern: they are scored as a count (docs/method.md 12.1)."""

SIZES = {12: 0.16, 8: 0.14, 16: 0.12, 24: 0.09, 6: 0.08, 20: 0.07, 4: 0.05, 10: 0.05, 18: 0.05, 32: 0.02, 36: 0.02}
"""Elicited sizes of bolt rings in other designs; what is left to 1 is spread over all other sizes."""


def ring_sizes(entry: Background) -> Floats:
    """(N,) prior over the sizes of ``REGULAR_COUNTS``, from population.yaml where it states one."""
    stated = entry.counts or SIZES
    law = np.array([stated.get(count, 0.0) for count in REGULAR_COUNTS])
    total = min(float(law.sum()), 1.0)
    if total > 0:
        law *= min(total, 0.97) / law.sum()
    silent = law <= 0
    law[silent] = (1.0 - law.sum()) / silent.sum()
    prior: Floats = law / law.sum()
    return prior


@dataclass(frozen=True)
class _View:
    """A ring as seen, on the grid: Fourier coefficients of the bolts (as look-up weights) and of the visibility."""

    bolts: Complex
    visible: Complex
    extent_deg: float


def _merged(windows: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Windows as disjoint arcs; a full turn, and an arc across zero, as one."""
    pieces: list[tuple[float, float]] = []
    for start, end in windows:
        length = end - start if end >= start else end - start + 360.0
        if length >= 360.0:
            return [(0.0, 360.0)]
        low = start % 360.0
        pieces.append((low, min(low + length, 360.0)))
        if low + length > 360.0:
            pieces.append((0.0, low + length - 360.0))
    merged: list[tuple[float, float]] = []
    for low, high in sorted(pieces):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    if len(merged) > 1 and merged[0][0] <= 0.0 and merged[-1][1] >= 360.0:  # an arc across zero is one arc
        return [*merged[1:-1], (merged[-1][0], 360.0 + merged[0][1])]
    return merged


def _places(ring: Ring) -> tuple[float, ...]:
    """Places of the pattern that were seen, a bolt in them or not."""
    return ring.angles_deg + ring.missing_deg


def _view(ring: Ring, grid: int) -> _View:
    step = 360.0 / grid
    arcs = _merged(ring.windows_deg)
    extent = sum(high - low for low, high in arcs)
    nodes = np.arange(grid) * step
    if extent >= 359.999:
        visible = np.ones(grid)
        extent = 360.0
    else:
        soft = max(ring.sigma_deg / 2, 1e-3)
        visible = np.zeros(grid)
        for low, high in arcs:
            middle, half = 0.5 * (low + high), 0.5 * (high - low)
            away = np.abs((nodes - middle + 180.0) % 360.0 - 180.0)
            visible += expit((half - away) / soft)
        visible = np.minimum(visible, 1.0)
    turns = np.array(_places(ring)) % 360.0 / step
    cell = np.rint(turns).astype(np.int64)
    part = turns - cell
    weights = np.zeros(grid)  # quadratic interpolation between grid points, exact for the logarithm of a Gaussian
    for shift, share in ((-1, 0.5 * part * (part - 1.0)), (0, 1.0 - part * part), (1, 0.5 * part * (part + 1.0))):
        np.add.at(weights, (cell + shift) % grid, share)
    return _View(bolts=np.fft.rfft(weights), visible=np.fft.rfft(visible), extent_deg=extent)


@lru_cache(maxsize=32)
def _smoothing(grid: int, sigma_deg: float) -> Floats:
    order = np.arange(grid // 2 + 1)
    smoothing: Floats = np.exp(-0.5 * (order * math.radians(sigma_deg)) ** 2)
    return smoothing


@lru_cache(maxsize=128)
def _log_intensity(pattern: Variants, sigma_deg: float, grid: int, clutter: float, detection: float) -> Complex:
    """(K, G / 2 + 1) coefficients of the log intensity of recorded bolts around each layout of a pattern."""
    density = np.fft.irfft(pattern.coefficients * _smoothing(grid, sigma_deg), n=grid, axis=1) * (grid / 360.0)
    odds = detection / (1.0 - detection)
    transformed: Complex = np.fft.rfft(np.log(clutter + odds * np.maximum(density, 0.0)), axis=1)
    return transformed


def _over_turns(coefficients: Complex, intensity: Complex, view: _View, grid: int, detection: float) -> Floats:
    """(K,) log likelihood averaged over rotation, clutter outside the bolts aside.

    For every rotation at once: the sum over bolts of the log intensity, and the number of pattern bolts in view, are
    circular correlations.
    """
    hidden = math.log(1.0 - detection)
    spectrum = intensity * np.conj(view.bolts) + hidden * coefficients * np.conj(view.visible)
    logs = np.fft.irfft(spectrum, n=grid, axis=1)
    top = logs.max(axis=1)
    mean: Floats = top + np.log(np.exp(logs - top[:, None]).mean(axis=1))
    return mean


def pattern_log_likelihoods(patterns: Sequence[Variants], ring: Ring, parameters: Parameters) -> list[Floats]:
    """Natural log likelihood of a ring record under every layout of several patterns, (K,) each.

    Averages over the rotation and, with probability ``ring_mirror`` when the viewed face is unknown, over the mirror
    image; a ring seen from inside is mirrored. The patterns stand on the grid of ``grid_size(ring.sigma_deg)``.
    """
    grid = grid_size(ring.sigma_deg)
    view = _view(ring, grid)
    detection, clutter = parameters["ring_detection"], parameters["ring_clutter_per_deg"]
    coefficients = np.concatenate([pattern.coefficients for pattern in patterns])
    intensity = np.concatenate(
        [_log_intensity(pattern, ring.sigma_deg, grid, clutter, detection) for pattern in patterns]
    )
    chiral = np.repeat([p.chiral for p in patterns], [p.coefficients.shape[0] for p in patterns])
    logs = _over_turns(coefficients, intensity, view, grid, detection)
    mirror = {"outer": 0.0, "inner": 1.0, "unknown": parameters["ring_mirror"]}[ring.face]
    if chiral.any() and mirror > 0:
        image = _over_turns(np.conj(coefficients[chiral]), np.conj(intensity[chiral]), view, grid, detection)
        both = image + math.log(mirror)
        if mirror < 1:
            both = np.logaddexp(logs[chiral] + math.log1p(-mirror), both)
        logs[chiral] = both
    ends = np.cumsum([p.coefficients.shape[0] for p in patterns])[:-1]
    return [np.asarray(part) for part in np.split(logs - clutter * view.extent_deg, ends)]


def irregular_log_likelihood(ring: Ring, sizes: Floats, parameters: Parameters) -> float:
    """Log likelihood under rings whose bolts stand anywhere: N bolts, uniform and independent, N from ``sizes``."""
    extent = sum(high - low for low, high in _merged(ring.windows_deg))
    bolts = len(_places(ring))
    rate = np.array(REGULAR_COUNTS) * parameters["ring_detection"] / 360.0 + parameters["ring_clutter_per_deg"]
    logs = bolts * np.log(rate) - rate * extent + np.log(sizes)
    return float(np.logaddexp.reduce(logs))


def _mean(logs: Floats) -> float:
    return float(np.logaddexp.reduce(logs) - math.log(logs.size))


def _background_log(regular: Floats, irregular: float, sizes: Floats, parameters: Parameters) -> float:
    """Log likelihood in other designs: regular rings over the prior of sizes, and irregular ones."""
    share = parameters["ring_regular_share"]
    even = math.log(share) + float(np.logaddexp.reduce(regular + np.log(sizes)))
    return float(np.logaddexp(even, math.log1p(-share) + irregular))


def _doubted(logs: Floats, trust: float, noise: float) -> Floats:
    """A record of lower quality than the best of its kind, mixed with its own background."""
    if trust >= 1.0:
        return logs
    mixed: Floats = np.logaddexp(logs + math.log(max(trust, 1e-12)), noise + math.log1p(-trust))
    return mixed


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    """Likelihood of ring records with angles, up to one common factor.

    Several records are views of one pattern, each with a rotation of its own; the unknown pitch of a grouped pattern
    is shared between them. Background: regular rings over a prior of sizes, irregular rings, copies of known ones.
    """
    parameters = catalogue.parameters
    entry = background_entry(catalogue, stated.trait.id)
    sizes = ring_sizes(entry)
    best = best_quality(records)
    regular, irregular = np.zeros(len(REGULAR_COUNTS)), 0.0
    layouts = [np.zeros(1) for _ in stated.values]
    for record in records:
        ring = record.value
        if not isinstance(ring, Ring):
            raise TypeError("a ring is needed")
        grid = grid_size(ring.sigma_deg)
        stated_patterns = [variants(v, grid, ring.sigma_deg) for v in stated.values if isinstance(v, ExpectedRing)]
        own, *known = pattern_log_likelihoods([regular_rings(grid), *stated_patterns], ring, parameters)
        anywhere = irregular_log_likelihood(ring, sizes, parameters)
        noise = _background_log(own, anywhere, sizes, parameters)
        trust = record.quality / best if best > 0 else 0.0
        regular = regular + _doubted(own, trust, noise)
        irregular += float(_doubted(np.array([anywhere]), trust, noise)[0])
        layouts = [_aligned(before, _doubted(logs, trust, noise)) for before, logs in zip(layouts, known, strict=True)]
    generic = _background_log(regular, irregular, sizes, parameters)
    logs_of_values = np.array([float(np.logaddexp.reduce(logs)) - math.log(logs.size) for logs in layouts])
    top = max([generic, *logs_of_values.tolist()])
    values = np.exp(logs_of_values - top)
    elsewhere = np.array([math.exp(generic - top)])
    background = float(copy_cat(values[:, None], elsewhere, stated, theta_of(stated, entry, catalogue.parameters))[0])
    if values.size:
        background = max(background, foreign_floor(parameters) * float(values.max()))
    return Scored(
        values=values,
        background=max(background, float(np.finfo(float).tiny)),
        quality=best,
        observed=_observed(records),
    )


def _aligned(before: Floats, logs: Floats) -> Floats:
    """Add the log likelihoods of a further record, layout by layout.

    Records of different angular error may have walked the pitch range in different steps.
    """
    if before.size == logs.size:
        total: Floats = before + logs
        return total
    if before.size == 1:
        shifted: Floats = before[0] + logs
        return shifted
    positions = (np.arange(before.size) + 0.5) / before.size
    aligned: Floats = before + np.interp(positions, (np.arange(logs.size) + 0.5) / logs.size, logs)
    return aligned


def _observed(records: Sequence[Record]) -> str:
    parts = []
    for record in records:
        ring = record.value
        if isinstance(ring, Ring):
            extent = sum(high - low for low, high in _merged(ring.windows_deg))
            over = "the full circle" if extent >= 359.5 else f"{extent:.0f} degrees"
            empty = f" and {len(ring.missing_deg)} empty places" if ring.missing_deg else ""
            parts.append(f"{len(ring.angles_deg)} bolts{empty} over {over}")
    return "; ".join(dict.fromkeys(parts))
