"""The arcs of a ring in which a fastener would have been seen.

An arc is visible where the surface under the ring goes on as it does beside the fasteners: in the picture, of like
colour and texture. Where something else lies there (soil, a shadow's edge, torn metal, the end of the picture)
nothing is said about fasteners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.ellipses import points_on

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["visible_windows"]

CELLS = 120
"""Cells of 3 degrees."""

UNLIKE = 3.5
"""How many typical deviations from the surface beside the fasteners a cell may be."""


def visible_windows(
    rgb: npt.NDArray[np.uint8], ellipse: Floats, turns: Floats, head_share: float
) -> list[tuple[float, float]]:
    """Windows (start, end) in radians of the parameter angle, start below end, end below start + 2 pi.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    ellipse : (5,)
        The ring.
    turns : (n,)
        Parameter angles of the fasteners read.
    head_share : float
        Half width of a head over the ring's radius.
    """
    middles = (np.arange(CELLS) + 0.5) * 2 * np.pi / CELLS
    seen = _like_the_rest(rgb, ellipse, middles, turns, head_share)
    reach = 0.5 * 2 * np.pi / CELLS + 1.2 * head_share
    for turn in turns:
        seen |= np.abs(np.angle(np.exp(1j * (middles - turn)))) < reach
    return _runs(seen)


def _like_the_rest(
    rgb: npt.NDArray[np.uint8], ellipse: Floats, middles: Floats, turns: Floats, head_share: float
) -> npt.NDArray[np.bool_]:
    fine = np.linspace(-0.5, 0.5, 6) * 2 * np.pi / CELLS
    height, width = rgb.shape[:2]
    samples = []
    for grow in (1 - 1.5 * head_share, 1 - 0.5 * head_share, 1 + 0.5 * head_share, 1 + 1.5 * head_share):
        wide = ellipse.copy()
        wide[2:4] *= grow
        spots = points_on(wide, (middles[:, None] + fine[None]).ravel())[0]
        samples.append(spots.reshape(CELLS, len(fine), 2))
    spots = np.concatenate(samples, axis=1)
    inside = ((spots[..., 0] >= 0) & (spots[..., 0] < width) & (spots[..., 1] >= 0) & (spots[..., 1] < height)).all(
        axis=1
    )
    colour = cv2.remap(
        rgb, spots[..., 0].astype(np.float32), spots[..., 1].astype(np.float32), cv2.INTER_LINEAR
    ).astype(np.float64)
    # Median of a cell: half a head at its edge does not make it another surface.
    tone = np.median(colour, axis=1)
    near = np.zeros(CELLS, dtype=bool)
    for turn in turns:
        near |= np.abs(np.angle(np.exp(1j * (middles - turn)))) < max(3 * head_share, 0.1)
    known = near & inside
    if known.sum() < 6:
        return np.zeros(CELLS, dtype=bool)
    typical = np.median(tone[known], axis=0)
    off = np.abs(tone - typical).max(axis=1)
    # Each cell may be like any part of the surface, not only like its middle.
    nearest = np.abs(tone[:, None] - tone[known][None]).max(axis=2).min(axis=1)
    allowed = UNLIKE * max(6.0, float(np.median(off[known])))
    return np.asarray(inside & (off < allowed) & (nearest < 0.5 * allowed))


def _runs(seen: npt.NDArray[np.bool_]) -> list[tuple[float, float]]:
    if seen.all():
        return [(0.0, 2 * np.pi)]
    if not seen.any():
        return []
    step = 2 * np.pi / CELLS
    first = int(np.flatnonzero(~seen)[0])
    turned = np.roll(seen, -first)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], turned.astype(np.int8), [0]])))
    return [((first + a) * step, (first + b) * step) for a, b in zip(edges[::2], edges[1::2], strict=True)]
