"""Vanes in a nozzle's exit: radial bars that cross the ring between the bore's wall and its middle.

The exit is straightened by its ellipse and unrolled; a vane is then an upright bar, brighter or darker than the
bore on both sides, at every height of the band. Nothing assumes that vanes are evenly spaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse
from forensics.examine.imaging.ellipses import points_on

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["NozzleReading", "read_vanes"]

ANGLES = 360
BAND = (0.45, 0.92)
"""Radii, as shares of the exit's, over which a vane is looked for."""

WIDTHS_DEG = (4, 7, 11, 16)
STRONGEST_SHARE = 0.45
"""A bar counts when it is at least this much of the strongest one in the same exit."""

LEAST_STRENGTH = 0.55
FEWEST, MOST = 3, 8


@dataclass(frozen=True)
class NozzleReading:
    """Vanes read in one exit: angles in degrees counter-clockwise, 0 to the right, and how strong each bar is."""

    ellipse: Floats
    angles_deg: Floats
    strength: Floats
    score: float


def read_vanes(rgb: npt.NDArray[np.uint8], edges: Sequence[EdgeEllipse]) -> NozzleReading | None:
    """The exit among the elliptical edges that shows bars best; None when none shows at least three.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    edges : sequence of EdgeEllipse
        In pixels of ``rgb``.
    """
    readings = [one for edge in edges if (one := _read(rgb, edge)) is not None]
    return max(readings, key=lambda one: one.score, default=None)


def _read(rgb: npt.NDArray[np.uint8], edge: EdgeEllipse) -> NozzleReading | None:
    if edge.share * edge.inside < 0.35 or edge.ellipse[3] < 40:
        return None
    strip = _unrolled(rgb, edge.ellipse)
    bars = _bars(strip)
    peaks = [
        k
        for k in range(ANGLES)
        if bars[k] == bars[np.arange(k - 12, k + 13) % ANGLES].max() and bars[k] > LEAST_STRENGTH
    ]
    if not peaks:
        return None
    top = max(bars[k] for k in peaks)
    chosen = [k for k in peaks if bars[k] >= STRONGEST_SHARE * top]
    if not FEWEST <= len(chosen) <= MOST:
        return None
    strength = np.array([bars[k] for k in chosen])
    degrees = np.array([(-k * 360 / ANGLES - np.degrees(edge.ellipse[4])) % 360 for k in chosen])
    order = np.argsort(degrees, kind="stable")
    others = np.array([bars[k] for k in peaks if k not in chosen] or [0.0])
    score = float(strength.min() - others.max()) * edge.share * edge.inside
    return NozzleReading(edge.ellipse, degrees[order], strength[order], score)


def _unrolled(rgb: npt.NDArray[np.uint8], ellipse: Floats) -> Floats:
    """Grey values (radii, angles) of the band, each row of spread 1."""
    turns = np.arange(ANGLES) * 2 * np.pi / ANGLES
    rows = []
    for share in np.linspace(*BAND, 16):
        inner = ellipse.copy()
        inner[2:4] *= share
        spots = points_on(inner, turns)[0].astype(np.float32)
        row = cv2.remap(rgb, spots[None, :, 0], spots[None, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        rows.append(row.astype(np.float64))
    strip = np.array(rows)
    strip -= np.median(strip, axis=1, keepdims=True)
    return np.asarray(strip / (strip.std(axis=(1, 2), keepdims=True) + 6))


def _bars(strip: Floats) -> Floats:
    """How much of a bar stands at each angle: the difference from both sides, present at most radii."""
    best = np.zeros(ANGLES)
    for width in WIDTHS_DEG:
        half = max(1, width // 2)
        wide = cv2.blur(np.concatenate([strip, strip, strip], axis=1), (2 * half + 1, 1))[:, ANGLES : 2 * ANGLES]
        left, right = np.roll(wide, 2 * half + 1, axis=1), np.roll(wide, -2 * half - 1, axis=1)
        # Of the same sign against both sides, in the channel that shows it best.
        above, below = np.minimum(wide - left, wide - right), np.minimum(left - wide, right - wide)
        bar = np.maximum(above, below).max(axis=2)
        # The lower third of the radii: a bolt or a hole is there at a few radii only.
        best = np.maximum(best, np.quantile(bar, 0.34, axis=0))
    return best
