"""A proposed ring, unrolled and read bolt by bolt.

The reader is a small network over the unrolled strip: at every place along the circle it says whether a fastener
stands there, whether a place is empty, and whether one would have been seen; and for the whole, whether this is a
ring of fasteners at all. It compares places with each other, but nothing in it knows of even spacing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.ellipses import radius_of
from forensics.examine.rings.network import Network
from forensics.examine.rings.search import drawn_to
from forensics.examine.rings.strip import CELL, HEAD_PX, ROWS, WRAP, Layers, Strip, network_input, unrolled

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["READER", "SURE", "RingReading", "glance", "read_ring"]

READER = Network("reader.onnx", "a0a9db0644ebb012aa27d7cdebf96a188d2e7db1a5a3464f66f08a03e27a8b64")
SURE = 0.5
"""A place is a bolt, or empty, from this probability on."""

WEAKEST = 0.05
HEAT_GAIN, HEAT_SHIFT = 2.26, 1.87
"""From what the network says of a place (logit) to the logit of the probability that a fastener stands there: a
logistic regression on 65 held-out rings. Focal loss makes the network say too little."""

NEAREST_HEADS = 1.7
"""Centres of two fasteners of one ring are at least this many half widths apart: 2 when heads touch, less an error."""


@dataclass(frozen=True)
class RingReading:
    """What is on one ring; rows of places sorted by angle. ``turns``: parameter angles in radians of the ellipse."""

    ellipse: Floats
    head_px: float
    turns: Floats
    spots: Floats
    sure: Floats
    radii: Floats
    """Half widths in pixels of the photograph, as seen along the long axis."""
    hole_turns: Floats
    hole_spots: Floats
    hole_sure: Floats
    doubtful: Floats
    """Probabilities of the places that are not counted: bolts that may be there."""
    seen: Floats
    """How probably a fastener would have been seen, at equal steps of the parameter angle from 0."""
    ring_logit: float
    off: Floats
    """Distance of each bolt from the ellipse in half widths, signed."""

    @property
    def head_share(self) -> float:
        """Half width of a head over the ring's radius."""
        return float(self.head_px / self.ellipse[2])


@dataclass(frozen=True)
class _Places:
    turns: Floats
    spots: Floats
    sure: Floats
    radii: Floats

    def only(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> _Places:
        return _Places(self.turns[rows], self.spots[rows], self.sure[rows], self.radii[rows])


def glance(picture: npt.NDArray[np.uint8] | Layers, ellipse: Floats, head_px: float) -> float:
    """How much a proposal looks like a ring (logit), from one look."""
    return _answer(unrolled(picture, ellipse, head_px))[1]


def _answer(strip: Strip) -> tuple[npt.NDArray[np.float32], float]:
    """Cells (6, length / CELL) with the first three as probabilities, and the logit of the whole."""
    around, thumb = network_input(strip)
    cells, ring = READER.answer(strip=around[None], thumb=thumb[None])
    own = cells[0][:, WRAP // CELL : -WRAP // CELL].astype(np.float64)
    own[:2] = HEAT_GAIN * own[:2] + HEAT_SHIFT
    own[:3] = 1 / (1 + np.exp(-np.clip(own[:3], -30, 30)))
    return own, float(ring.ravel()[0])


def read_ring(picture: npt.NDArray[np.uint8] | Layers, ellipse: Floats, head_px: float, rounds: int = 3) -> RingReading:
    """Read the bolts on a ring; the ellipse follows what is found.

    Parameters
    ----------
    picture : (height, width, 3) uint8, or its layers
    ellipse : (5,)
        The ring in pixels of the picture.
    head_px : float
        Half width of a head.
    """
    best: RingReading | None = None
    for turn in range(rounds):
        reading = _read(unrolled(picture, ellipse, head_px), head_px)
        if best is None or reading.ring_logit > best.ring_logit - 0.3:
            best = reading
        if len(reading.turns) < 3 or turn == rounds - 1:
            break
        moved = drawn_to(reading.ellipse, reading.spots, reading.sure)
        wide = float(np.clip(np.median(reading.radii), 0.75 * head_px, 1.35 * head_px))
        still = np.abs(moved - ellipse)[:4].max() < 0.08 * head_px and abs(wide / head_px - 1) < 0.05
        ellipse, head_px = moved, wide
        if still:
            break
    assert best is not None
    return best


def _read(strip: Strip, head_px: float) -> RingReading:
    cells, logit = _answer(strip)
    head_cells = head_px / strip.ellipse[2] * strip.radius / CELL
    bolts, holes = (_places(strip, cells, kind, head_cells) for kind in (0, 1))
    sure = bolts.only(bolts.sure >= SURE)
    holes = holes.only(holes.sure >= SURE)
    # One place is a head or a hole, whichever is surer.
    sure, holes = _apart(sure, holes, head_px), _apart(holes, sure, head_px)
    off = (radius_of(strip.ellipse, sure.spots) - 1) * strip.ellipse[2] / head_px if len(sure.turns) else np.zeros(0)
    return RingReading(
        strip.ellipse,
        head_px,
        sure.turns,
        sure.spots,
        sure.sure,
        sure.radii,
        holes.turns,
        holes.spots,
        holes.sure,
        bolts.sure[bolts.sure < SURE],
        cells[2],
        logit,
        off,
    )


def _places(strip: Strip, cells: npt.NDArray[np.float32], kind: int, head_cells: float) -> _Places:
    """Peaks along the circle, each place once, sorted by angle."""
    line = cells[kind].astype(np.float64)
    peaks = np.flatnonzero((line >= np.roll(line, 1)) & (line > np.roll(line, -1)) & (line > WEAKEST))
    at = peaks + np.clip(cells[4][peaks], -1.5, 1.5)
    kept: list[int] = []
    for k in np.argsort(-line[peaks], kind="stable"):
        far = np.abs((at[kept] - at[k] + len(line) / 2) % len(line) - len(line) / 2) if kept else np.array([1e9])
        if far.min() > NEAREST_HEADS * head_cells:
            kept.append(int(k))
    rows = np.array(sorted(kept, key=lambda k: at[k]), dtype=np.intp)
    at, peaks = at[rows], peaks[rows]
    columns = at * CELL + (CELL - 1) / 2
    spots = strip.spots(columns, cells[3][peaks] * HEAD_PX + (ROWS - 1) / 2)
    scale = strip.ellipse[2] / strip.radius
    radii = HEAD_PX * np.exp(np.clip(cells[5][peaks], -1.2, 1.2)) * scale
    return _Places(strip.turns(columns), spots, line[peaks], radii)


def _apart(some: _Places, other: _Places, head_px: float) -> _Places:
    """Those that do not stand where a surer one of the others does."""
    if not len(some.turns) or not len(other.turns):
        return some
    away = np.hypot(*np.moveaxis(some.spots[:, None] - other.spots[None], 2, 0))
    beaten = ((away < 1.2 * head_px) & (other.sure[None] > some.sure[:, None])).any(axis=1)
    return some.only(~beaten)
