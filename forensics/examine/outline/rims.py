"""The round outer edge of an item among all elliptical edges: candidates, judged and fitted again on the original."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.ellipses import fit_ellipses, points_on, radius_of, scatter
from forensics.examine.imaging.rounds import Rounds

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["FEATURES", "Rim", "outermost", "rims", "sharpened"]

SAMPLES = 180
FEATURES = ("share", "run", "polarity", "inside", "ln_size", "flatness", "within", "around", "contrast")
"""What a candidate is judged by, in the order of ``WEIGHTS``."""

WEIGHTS = np.array([3.44, 3.02, -1.38, -0.19, 1.55, 2.01, 1.53, -0.99, 0.87])
BIAS = -6.7
SURE_WEIGHTS = np.array([0.45, 0.24, -0.08, 0.43])
SURE_BIAS = 0.13
"""Logistic regressions on rendered scenes of ours (``tests/renders/calibrate_outline.py``): of a candidate being the
outer edge within 3.5 %, and of the best candidate being it, by its level, share, size and lead over the second."""


@dataclass(frozen=True)
class Rim:
    """A candidate: its ellipse in pixels of the photograph, the share of it seen as an edge, and how sure it is.

    ``arc``: start and length in radians (parameter angle of the ellipse) of the longest stretch seen.
    """

    ellipse: Floats
    share: float
    arc: tuple[float, float]
    confidence: float
    features: Floats


def rims(rounds: Rounds) -> list[Rim]:
    """All candidates, the surest first. ``confidence`` is calibrated for the first one only."""
    if not rounds.ellipses:
        return []
    stacked = np.array([one.ellipse for one in rounds.ellipses])
    seen, signs, contrast = _seen(stacked, rounds)
    inside = np.array([one.inside for one in rounds.ellipses])
    share = seen.sum(axis=1) / np.maximum(inside * SAMPLES, 1)
    polarity = np.abs((signs * seen).sum(axis=1)) / np.maximum(seen.sum(axis=1), 1)
    runs = [_longest(row) for row in seen]
    solid = share * inside > 0.35
    out = []
    for k, ellipse in enumerate(stacked):
        middle_near = np.hypot(*(stacked[:, :2] - ellipse[:2]).T) < 0.35 * ellipse[2]
        smaller = middle_near & solid & (stacked[:, 2] < 0.93 * ellipse[2]) & (stacked[:, 2] > 0.25 * ellipse[2])
        larger = middle_near & solid & (stacked[:, 2] > 1.07 * ellipse[2]) & (stacked[:, 2] < 3 * ellipse[2])
        features = np.array(
            [
                share[k],
                runs[k][1] / SAMPLES,
                polarity[k],
                inside[k],
                np.log(ellipse[2] / max(rounds.grey.shape)),
                ellipse[3] / ellipse[2],
                min(3, smaller.sum()) / 3,
                min(3, larger.sum()) / 3,
                contrast[k],
            ]
        )
        start, length = runs[k]
        turns = 2 * np.pi / SAMPLES
        arc = (start * turns, length * turns)
        out.append(Rim(rounds.in_photograph(ellipse), float(share[k]), arc, _sure(_level(features)), features))
    out.sort(key=lambda one: (-one.confidence, -one.ellipse[2]))
    levels = [_level(one.features) for one in out[:2]]
    lead = min(levels[0] - levels[1], 3.0) if len(levels) > 1 else 3.0
    best = np.array([levels[0], out[0].features[0], out[0].features[4], lead])
    return [replace(out[0], confidence=_sure(float(best @ SURE_WEIGHTS) + SURE_BIAS)), *out[1:]]


def _level(features: Floats) -> float:
    return float(features @ WEIGHTS) + BIAS


def _sure(level: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(level, -30, 30))))


def _seen(ellipses: Floats, rounds: Rounds) -> tuple[npt.NDArray[np.bool_], Floats, Floats]:
    """Per sample whether an edge lies there, on which side it is brighter (+1 outside), and the mean step of grey."""
    turns = np.linspace(0, 2 * np.pi, SAMPLES, endpoint=False)
    spots = points_on(ellipses, turns)
    ahead = points_on(ellipses, turns + 0.01) - spots
    normal = np.arctan2(-ahead[..., 0], ahead[..., 1])
    height, width = rounds.grey.shape
    within = (spots[..., 0] >= 2) & (spots[..., 0] < width - 3) & (spots[..., 1] >= 2) & (spots[..., 1] < height - 3)
    seen = np.zeros(spots.shape[:2], dtype=bool)
    signs = np.zeros(spots.shape[:2])
    for step in (0.0, 1.0, -1.0, 2.0, -2.0):
        x = np.clip(np.round(spots[..., 0] + step * np.cos(normal)), 0, width - 1).astype(np.int64)
        y = np.clip(np.round(spots[..., 1] + step * np.sin(normal)), 0, height - 1).astype(np.int64)
        agree = np.cos(rounds.edges.direction[y, x] - normal)
        fresh = rounds.edges.thin[y, x] & (np.abs(agree) > 0.9) & within & ~seen
        signs = np.where(fresh, np.sign(agree), signs)
        seen |= fresh
    grey = rounds.grey.astype(np.float32)
    sides = []
    for step in (3.5, -3.5):
        x = (spots[..., 0] + step * np.cos(normal)).astype(np.float32)
        y = (spots[..., 1] + step * np.sin(normal)).astype(np.float32)
        sides.append(cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    step_of_grey = np.abs(sides[0] - sides[1])
    contrast = np.where(within, step_of_grey, 0).sum(axis=1) / np.maximum(within.sum(axis=1), 1) / 64
    return seen, signs, np.asarray(np.minimum(contrast, 1.5), dtype=np.float64)


def _longest(row: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest stretch seen, gaps of up to four samples bridged, round the end."""
    closed = row.copy()
    for gap in range(1, 5):
        closed |= np.roll(row, gap) & np.roll(row, gap - 5)
    if closed.all():
        return 0, len(row)
    first = int(np.flatnonzero(~closed)[0])
    turned = np.roll(closed, -first)
    ends = np.flatnonzero(np.diff(np.concatenate([[False], turned, [False]]).astype(int)))
    if not len(ends):
        return 0, 0
    starts, stops = ends[::2], ends[1::2]
    best = int(np.argmax(stops - starts))
    return int(starts[best] + first) % len(row), int(stops[best] - starts[best])


def outermost(grey: npt.NDArray[np.uint8], ellipse: Floats) -> Floats:
    """The ellipse moved to the outermost of several edges close together: a rim has an inner and an outer lip."""
    turns = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    growths = np.arange(0.985, 1.05, 0.0025)
    grown = np.repeat(ellipse[None], len(growths), axis=0)
    grown[:, 2:4] += (growths[:, None] - 1) * np.sqrt(ellipse[2] * ellipse[3])
    spots = points_on(grown, turns).astype(np.float32)
    rows = cv2.remap(grey, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    steps = np.abs(np.diff(rows.astype(np.float64), axis=0))
    # Every part of the outline counts alike: one bright stone is no rim.
    strength = np.minimum(steps, 3 * np.median(steps) + 4).mean(axis=1)
    floor = float(np.percentile(strength, 25))
    peaks = [
        k
        for k in range(1, len(strength) - 1)
        if strength[k] >= strength[k - 1] and strength[k] >= strength[k + 1] and strength[k] > 1.3 * floor
    ]
    if not peaks:
        return ellipse
    top = max(strength[k] - floor for k in peaks)
    chosen = max(k for k in peaks if strength[k] - floor >= 0.6 * top)
    out = ellipse.copy()
    out[2:4] += (float(growths[chosen : chosen + 2].mean()) - 1) * np.sqrt(ellipse[2] * ellipse[3])
    return out


def sharpened(grey: npt.NDArray[np.uint8], ellipse: Floats) -> tuple[Floats, float]:
    """The ellipse fitted again to the strongest step of grey across it, on the photograph itself.

    Returns
    -------
    ellipse : (5,)
    sigma_px : float
        Standard uncertainty of the outline: the scatter of the edge about the fit, for as many independent points as
        there are.
    """
    height, width = grey.shape
    count = int(np.clip(ellipse[2] * 2, 120, 720))
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    size = float(ellipse[3])
    best, sigma = ellipse, max(1.0, 0.01 * size)
    for reach in (max(3.0, 0.012 * size), max(2.0, 0.006 * size)):
        spots = points_on(best, turns)[0]
        ahead = points_on(best, turns + 0.01)[0] - spots
        normal = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1) / np.linalg.norm(ahead, axis=1, keepdims=True)
        steps = np.linspace(-reach - 2, reach + 2, 2 * int(reach + 2) * 2 + 1)
        where = (spots[:, None] + steps[None, :, None] * normal[:, None]).astype(np.float32)
        profile = cv2.remap(grey, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        slope = np.abs(np.gradient(cv2.GaussianBlur(profile.astype(np.float32), (0, 0), 1.2), axis=1))
        slope *= np.exp(-0.5 * (steps / reach) ** 2)
        at = slope.argmax(axis=1)
        strong = slope[np.arange(count), at]
        inside = ((where >= 1) & (where < [width - 1, height - 1])).all(axis=(1, 2))
        good = inside & (strong > max(2.0, 0.35 * float(np.median(strong[inside])) if inside.any() else 2.0))
        if good.sum() < 40:
            break
        points = where[np.arange(count), at].astype(np.float64)
        keep = good.copy()
        fitted = best
        for _ in range(4):
            centre = fitted[:2]
            fitted = fit_ellipses(scatter(points[keep], centre, float(fitted[2]))[None], centre, float(fitted[2]))[0]
            if not np.isfinite(fitted).all():
                return best, sigma
            off = (radius_of(fitted, points) - 1) * np.sqrt(fitted[2] * fitted[3])
            spread = 1.4826 * float(np.median(np.abs(off[keep]))) + 0.2
            keep = good & (np.abs(off) < 2.5 * spread)
            if keep.sum() < 40:
                return best, sigma
        if abs(fitted[2] / ellipse[2] - 1) > 0.05 or abs(fitted[3] / ellipse[3] - 1) > 0.05:
            break
        best = fitted
        # Neighbouring points share their error: a twelfth of the outline each at most.
        sigma = float(
            np.clip(spread * np.sqrt(12 / max(keep.sum() / count * 12, 1)) / np.sqrt(12) * 2, 0.3, 0.02 * size)
        )
    return best, sigma
