"""From pixels to the rings on them: edges, fasteners, proposals, readings, windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse, edge_ellipses, find_edges
from forensics.examine.imaging.ellipses import turn_of
from forensics.examine.outline.casing import casing_edge
from forensics.examine.rings.confidence import is_ring
from forensics.examine.rings.finder import Fasteners, find_fasteners
from forensics.examine.rings.reading import RingReading, read_ring
from forensics.examine.rings.search import Proposal, propose_rings
from forensics.examine.rings.windows import visible_windows

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["FoundRing", "edges_of", "find_rings", "reduced"]

SEARCH_SIDE_PX = 1280
EDGE_SIDE_PX = 900
READ = 4
"""How many proposals are straightened and read."""

FEWEST_BOLTS = 4


@dataclass(frozen=True)
class FoundRing:
    """A ring read off a photograph; pixels are those of the photograph as given.

    Angles in degrees, counter-clockwise as the viewer sees the face, 0 to the right of the picture.
    """

    ellipse: Floats
    angles_deg: Floats
    spots: Floats
    sure: Floats
    holes_deg: Floats
    hole_spots: Floats
    windows_deg: tuple[tuple[float, float], ...]
    sigma_deg: float
    head_px: float
    casing: EdgeEllipse | None
    confidence: float
    reading: RingReading
    proposal: Proposal

    @property
    def circle_to_casing(self) -> float | None:
        """Bolt circle over casing diameter, None when no edge outside the ring is seen."""
        return None if self.casing is None else float(self.ellipse[2] / self.casing.ellipse[2])


def reduced(rgb: npt.NDArray[np.uint8], side_px: int) -> tuple[npt.NDArray[np.uint8], float]:
    """The picture with its longer side at most ``side_px``, and the factor it was made smaller by."""
    factor = min(1.0, side_px / max(rgb.shape[:2]))
    if factor == 1.0:
        return rgb, 1.0
    return np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def _grown(ellipse: Floats, factor: float) -> Floats:
    """An ellipse of the reduced picture in pixels of the full one."""
    return np.array([*((ellipse[:2] + 0.5) / factor - 0.5), *(ellipse[2:4] / factor), ellipse[4]])


def edges_of(rgb: npt.NDArray[np.uint8]) -> list[EdgeEllipse]:
    """The elliptical edges of a photograph, in its own pixels."""
    small, factor = reduced(rgb, EDGE_SIDE_PX)
    if min(small.shape[:2]) < 32:
        return []
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return [EdgeEllipse(_grown(one.ellipse, factor), one.share, one.inside) for one in edge_ellipses(find_edges(grey))]


def find_rings(rgb: npt.NDArray[np.uint8], edges: list[EdgeEllipse] | None = None) -> list[FoundRing]:
    """Every ring that could be read, the surest first, however unsure; the caller draws the line.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    edges : list of EdgeEllipse, optional
        Those of ``edges_of``, when they are there already.
    """
    if min(rgb.shape[:2]) < 32:
        return []
    edges = edges_of(rgb) if edges is None else edges
    small, factor = reduced(rgb, SEARCH_SIDE_PX)
    fasteners = find_fasteners(small)
    full = Fasteners((fasteners.spots + 0.5) / factor - 0.5, fasteners.radii / factor, fasteners.sure, fasteners.hole)
    shape = (rgb.shape[0], rgb.shape[1])
    out: list[FoundRing] = []
    for proposal in propose_rings(full, edges, shape)[:READ]:
        reading = read_ring(rgb, proposal.ellipse, proposal.head_px)
        if len(reading.turns) >= FEWEST_BOLTS:
            out.append(_found(rgb, reading, proposal, edges))
    out.sort(key=lambda one: -one.confidence)
    kept: list[FoundRing] = []
    for one in out:
        if not any(_same_bolts(one, other) for other in kept):
            kept.append(one)
    return kept


def _found(rgb: npt.NDArray[np.uint8], reading: RingReading, proposal: Proposal, edges: list[EdgeEllipse]) -> FoundRing:
    # Parameter angles run from the long axis; the picture's y points down, the trait's angles go the other way round.
    direction = float(reading.ellipse[4])
    turns = turn_of(reading.ellipse, reading.spots)
    holes = turn_of(reading.ellipse, reading.hole_spots) if len(reading.hole_spots) else np.zeros(0)
    windows = visible_windows(rgb, reading.ellipse, turns, reading.head_share)
    degrees = tuple(
        sorted((_ccw(end, direction), _ccw(end, direction) + float(np.degrees(end - start))) for start, end in windows)
    )
    order = np.argsort([_ccw(turn, direction) for turn in turns], kind="stable")
    return FoundRing(
        reading.ellipse,
        np.array([_ccw(turn, direction) for turn in turns])[order],
        reading.spots[order],
        reading.sure[order],
        np.sort(np.array([_ccw(turn, direction) for turn in holes])),
        reading.hole_spots,
        degrees,
        _sigma_deg(reading),
        reading.head_px,
        casing_edge(reading.ellipse, edges),
        is_ring(reading, proposal.edge),
        reading,
        proposal,
    )


def _ccw(turn: float, direction: float) -> float:
    return float(np.degrees(-(turn + direction))) % 360.0


def _sigma_deg(reading: RingReading) -> float:
    """Standard deviation of an angle: what bolts stray from the circle, and what an unsure tilt does to angles."""
    stray = float(np.sqrt(np.mean(reading.off**2))) * reading.head_share if len(reading.off) else reading.head_share
    flat = reading.ellipse[3] / reading.ellipse[2]
    # An error of the axes' ratio turns angles by up to half of it, relative; heads standing up shift the centre.
    tilt = 0.012 * (1 / max(float(flat), 0.2) - 1) + 0.004
    return float(np.clip(np.degrees(np.hypot(max(stray, 0.1 * reading.head_share), tilt)), 0.5, 6.0))


def _same_bolts(one: FoundRing, other: FoundRing) -> bool:
    away = np.hypot(one.spots[:, None, 0] - other.spots[None, :, 0], one.spots[:, None, 1] - other.spots[None, :, 1])
    return bool((away.min(axis=1) < other.head_px).mean() > 0.4)
