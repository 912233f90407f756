"""The arcs of a ring in which a fastener would have been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["visible_windows"]

SEEN_FROM = 0.5
SHORTEST = 0.05
"""Windows, and gaps between them, shorter than this (radians) are noise of the reader."""


def visible_windows(seen: Floats, turns: Floats, head_share: float) -> list[tuple[float, float]]:
    """Windows (start, end) in radians of the parameter angle, start below end, end below start + 2 pi.

    Parameters
    ----------
    seen : (cells,)
        How probably a fastener would have been seen, at equal steps of a full turn from 0.
    turns : (n,)
        Parameter angles of the fasteners and empty places read: they were seen.
    head_share : float
        Half width of a head over the ring's radius.
    """
    cells = len(seen)
    step = 2 * np.pi / cells
    middles = (np.arange(cells) + 0.5) * step
    wide = max(1, round(head_share / step))
    kernel = np.ones(2 * wide + 1) / (2 * wide + 1)
    around = np.concatenate([seen[-wide:], seen, seen[:wide]])
    open_ = np.convolve(around, kernel, mode="valid") > SEEN_FROM
    for turn in turns:
        open_ |= np.abs(np.angle(np.exp(1j * (middles - turn)))) < max(1.2 * head_share, 0.6 * step)
    shortest = max(1, round(SHORTEST / step))
    open_ = _filled(open_, shortest)
    return _runs(~_filled(~open_, shortest), step)


def _filled(open_: npt.NDArray[np.bool_], shortest: int) -> npt.NDArray[np.bool_]:
    """Gaps of at most ``shortest`` cells closed, round the circle."""
    if open_.all() or not open_.any():
        return open_
    out = open_.copy()
    first = int(np.flatnonzero(open_)[0])
    turned = np.roll(open_, -first)
    edges = np.flatnonzero(np.diff(np.concatenate([[1], turned.astype(np.int8), [1]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start <= shortest:
            out[(np.arange(start, end) + first) % len(out)] = True
    return out


def _runs(seen: npt.NDArray[np.bool_], step: float) -> list[tuple[float, float]]:
    if seen.all():
        return [(0.0, 2 * np.pi)]
    if not seen.any():
        return []
    first = int(np.flatnonzero(~seen)[0])
    turned = np.roll(seen, -first)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], turned.astype(np.int8), [0]])))
    return [((first + a) * step, (first + b) * step) for a, b in zip(edges[::2], edges[1::2], strict=True)]
