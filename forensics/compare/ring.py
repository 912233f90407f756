"""Bolt rings (inference.md 3.5): angles inside visible windows, unknown rotation and viewed face.

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
from forensics.compare.ring_pattern import REGULAR_COUNTS, Complex, grid_size, regular_coefficients, variants
from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Background, Catalogue, ExpectedRing, Parameters
from forensics.model.values import Ring

__all__ = ["FEW_BOLTS", "irregular_log_likelihood", "pattern_log_likelihood", "ring_sizes", "score"]

FEW_BOLTS = 3
"""Fewer angles than this say nothing about a pattern: they are scored as a count (inference.md 12.1)."""

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
    """A ring as seen: angles on the grid, soft visibility and its coefficients."""

    cell: tuple[int, ...]
    part: Floats
    visible: Complex
    extent_deg: float
    bolts: int


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
    turns = np.array(ring.angles_deg) % 360.0 / step
    cell = np.rint(turns).astype(np.int64)
    return _View(
        cell=tuple(int(c) % grid for c in cell),
        part=turns - cell,
        visible=np.fft.rfft(visible),
        extent_deg=extent,
        bolts=len(ring.angles_deg),
    )


@lru_cache(maxsize=32)
def _smoothing(grid: int, sigma_deg: float) -> Floats:
    order = np.arange(grid // 2 + 1)
    smoothing: Floats = np.exp(-0.5 * (order * math.radians(sigma_deg)) ** 2)
    return smoothing


def _mean_over_turns(logs: Floats) -> Floats:
    top = logs.max(axis=1)
    mean: Floats = top + np.log(np.exp(logs - top[:, None]).mean(axis=1))
    return mean


def _one_face(coefficients: Complex, view: _View, sigma_deg: float, grid: int, parameters: Parameters) -> Floats:
    """(P,) log likelihood averaged over rotation, for patterns seen as they are."""
    detection = parameters["ring_detection"]
    clutter = parameters["ring_clutter_per_deg"]
    density = np.fft.irfft(coefficients * _smoothing(grid, sigma_deg), n=grid, axis=1) * (grid / 360.0)
    cell = np.log(clutter + detection / (1.0 - detection) * np.maximum(density, 0.0))
    slope = 0.5 * (np.roll(cell, -1, axis=1) - np.roll(cell, 1, axis=1))
    bend = 0.5 * (np.roll(cell, -1, axis=1) + np.roll(cell, 1, axis=1)) - cell
    # total[:, g] = sum over bolts of ell(y_k - theta_g); stored reversed, g -> -g, which the mean does not notice
    twice = [np.concatenate([array, array], axis=1) for array in (cell, slope, bend)]
    total = np.zeros_like(cell)
    for start, part in zip(view.cell, view.part, strict=True):
        shifted = [array[:, start : start + grid] for array in twice]
        total += shifted[0] + part * shifted[1] + part * part * shifted[2]
    # bolts in view when turned by -theta_g: sum over i of visible(alpha_i - theta_g)
    in_view = np.fft.irfft(np.conj(coefficients) * view.visible[None, :], n=grid, axis=1)
    in_view = np.roll(in_view[:, ::-1], 1, axis=1)
    logs = total + np.maximum(in_view, 0.0) * math.log(1.0 - detection)
    return _mean_over_turns(logs) - clutter * view.extent_deg


def pattern_log_likelihood(coefficients: Complex, ring: Ring, parameters: Parameters, *, chiral: bool = True) -> Floats:
    """(P,) natural log likelihood of a ring record under P patterns (inference.md 3.5).

    coefficients: (P, G / 2 + 1) Fourier coefficients on the grid of ``grid_size(ring.sigma_deg)``. Averages over the
    rotation and, with probability ``ring_mirror`` when the viewed face is unknown, over the mirror image; a ring seen
    from inside is mirrored.
    """
    grid = grid_size(ring.sigma_deg)
    view = _view(ring, grid)
    if not chiral:
        return _one_face(coefficients, view, ring.sigma_deg, grid, parameters)
    mirror = {"outer": 0.0, "inner": 1.0, "unknown": parameters["ring_mirror"]}[ring.face]
    faces: list[Floats] = []
    for coefficient, share in ((coefficients, 1.0 - mirror), (np.conj(coefficients), mirror)):
        if share > 0:
            faces.append(_one_face(coefficient, view, ring.sigma_deg, grid, parameters) + math.log(share))
    together: Floats = np.logaddexp.reduce(np.array(faces), axis=0)
    return together


def irregular_log_likelihood(ring: Ring, sizes: Floats, parameters: Parameters) -> float:
    """Log likelihood under rings whose bolts stand anywhere: N bolts, uniform and independent, N from ``sizes``."""
    extent = sum(high - low for low, high in _merged(ring.windows_deg))
    bolts = len(ring.angles_deg)
    rate = np.array(REGULAR_COUNTS) * parameters["ring_detection"] / 360.0 + parameters["ring_clutter_per_deg"]
    logs = bolts * np.log(rate) - rate * extent + np.log(sizes)
    return float(np.logaddexp.reduce(logs))


def _mean(logs: Floats) -> float:
    return float(np.logaddexp.reduce(logs) - math.log(logs.size))


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    """Likelihood of ring records with angles, up to one common factor.

    Several records are views of one pattern, each with a rotation of its own; the unknown pitch of a grouped pattern
    is shared between them. Background: regular rings over a prior of sizes, irregular rings, copies of known ones.
    """
    parameters = catalogue.parameters
    entry = background_entry(catalogue, stated.trait.id)
    sizes = ring_sizes(entry)
    best = best_quality(records)
    regular = np.zeros(len(REGULAR_COUNTS))
    irregular = 0.0
    layouts = [np.zeros(1) for _ in stated.values]
    for record in records:
        ring = record.value
        if not isinstance(ring, Ring):
            raise TypeError("a ring is needed")
        grid = grid_size(ring.sigma_deg)
        patterns = [variants(v, grid, ring.sigma_deg) for v in stated.values if isinstance(v, ExpectedRing)]
        even = [regular_coefficients(grid)] + [p.coefficients for p in patterns if not p.chiral]
        symmetric = pattern_log_likelihood(np.concatenate(even), ring, parameters, chiral=False)
        chiral = [p.coefficients for p in patterns if p.chiral]
        handed = pattern_log_likelihood(np.concatenate(chiral), ring, parameters) if chiral else np.zeros(0)
        own = symmetric[: len(REGULAR_COUNTS)]
        anywhere = irregular_log_likelihood(ring, sizes, parameters)
        share = parameters["ring_regular_share"]
        noise = np.logaddexp(
            math.log(share) + float(np.logaddexp.reduce(own + np.log(sizes))), math.log(1 - share) + anywhere
        )
        trust = record.quality / best if best > 0 else 0.0

        def doubted(logs: Floats, trust: float = trust, noise: float = float(noise)) -> Floats:
            if trust >= 1.0:
                return logs
            mixed: Floats = np.logaddexp(logs + math.log(max(trust, 1e-12)), noise + math.log1p(-trust))
            return mixed

        regular = regular + doubted(own)
        irregular += float(doubted(np.array([anywhere]))[0])
        places = [len(REGULAR_COUNTS), 0]
        for index, pattern in enumerate(patterns):
            side = 1 if pattern.chiral else 0
            count = pattern.coefficients.shape[0]
            logs = (handed if pattern.chiral else symmetric)[places[side] : places[side] + count]
            places[side] += count
            layouts[index] = _aligned(layouts[index], doubted(logs))
    logs_of_values = np.array([_mean(logs) for logs in layouts])
    share = parameters["ring_regular_share"]
    generic = np.logaddexp(
        math.log(share) + float(np.logaddexp.reduce(regular + np.log(sizes))), math.log(1 - share) + irregular
    )
    top = max([float(generic), *logs_of_values.tolist()])
    values = np.exp(logs_of_values - top)
    background = float(
        copy_cat(values[:, None], np.array([math.exp(float(generic) - top)]), stated, theta_of(stated, entry))[0]
    )
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
            parts.append(f"{len(ring.angles_deg)} bolts over {over}")
    return "; ".join(dict.fromkeys(parts))
