"""From pixels to the rings on them: edges, fasteners, proposals, readings, windows, angles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse, edge_ellipses, find_edges
from forensics.examine.outline.casing import casing_edge
from forensics.examine.rings.angles import lean, turned_deg
from forensics.examine.rings.confidence import count_interval, is_ring
from forensics.examine.rings.finder import Fasteners, find_fasteners
from forensics.examine.rings.reading import RingReading, glance, read_ring
from forensics.examine.rings.search import Proposal, propose_rings
from forensics.examine.rings.strip import Layers
from forensics.examine.rings.windows import visible_windows

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["FoundRing", "edges_of", "find_rings", "proposals_of", "reduced"]

SEARCH_SIDE_PX = 1280
EDGE_SIDE_PX = 900
GLANCED, READ = 24, 6
"""How many proposals are looked at once, and how many of those are read."""

FEWEST_BOLTS = 3


@dataclass(frozen=True)
class FoundRing:
    """A ring read off a photograph; pixels are those of the photograph as given.

    Angles in degrees, counter-clockwise as the viewer sees the face, 0 to the right of the picture; rows of bolts are
    sorted by angle.
    """

    ellipse: Floats
    angles_deg: Floats
    spots: Floats
    sure: Floats
    holes_deg: Floats
    hole_spots: Floats
    windows_deg: tuple[tuple[float, float], ...]
    sigma_deg: float
    kappa: float
    """How near the camera was; see ``forensics.examine.rings.angles``."""
    count_interval: tuple[int, int]
    head_px: float
    casing: EdgeEllipse | None
    confidence: float
    reading: RingReading

    @property
    def circle_to_casing(self) -> float | None:
        """Bolt circle over casing diameter, None when no edge outside the ring is seen."""
        return None if self.casing is None else float(self.ellipse[2] / self.casing.ellipse[2])

    @property
    def arc_deg(self) -> float:
        """Degrees of the circle in which a fastener would have been seen."""
        return float(sum(end - start for start, end in self.windows_deg))


def reduced(rgb: npt.NDArray[np.uint8], side_px: int) -> tuple[npt.NDArray[np.uint8], float]:
    """The picture with its longer side at most ``side_px``, and the factor it was made smaller by."""
    factor = min(1.0, side_px / max(rgb.shape[:2]))
    if factor == 1.0:
        return rgb, 1.0
    size = (max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


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


def proposals_of(rgb: npt.NDArray[np.uint8], edges: Sequence[EdgeEllipse] | None = None) -> list[Proposal]:
    """Ellipses along which fasteners may stand, the likeliest first, unread."""
    if min(rgb.shape[:2]) < 32:
        return []
    edges = edges_of(rgb) if edges is None else edges
    small, factor = reduced(rgb, SEARCH_SIDE_PX)
    some = find_fasteners(small)
    found = Fasteners((some.spots + 0.5) / factor - 0.5, some.radii / factor, some.sure, some.hole)
    return propose_rings(found, edges, (rgb.shape[0], rgb.shape[1]))


def find_rings(
    rgb: npt.NDArray[np.uint8],
    edges: Sequence[EdgeEllipse] | None = None,
    *,
    also: Sequence[tuple[Floats, float]] = (),
) -> list[FoundRing]:
    """Every ring that could be read, the surest first, however unsure; the caller draws the line.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    edges : sequence of EdgeEllipse, optional
        Those of ``edges_of``, when they are there already.
    also : sequence of (ellipse, head half width in pixels)
        Rings that somebody else proposes.
    """
    if min(rgb.shape[:2]) < 32:
        return []
    edges = edges_of(rgb) if edges is None else edges
    proposed = [(one.ellipse, one.head_px) for one in proposals_of(rgb, edges)[:GLANCED]]
    layers = Layers(rgb)
    looks = sorted(
        ((glance(layers, *one), k) for k, one in enumerate([*also, *proposed])), key=lambda look: (-look[0], look[1])
    )
    out: list[FoundRing] = []
    for _, k in looks[:READ]:
        reading = read_ring(layers, *[*also, *proposed][k])
        if len(reading.turns) >= FEWEST_BOLTS:
            out.append(_found(rgb, reading, edges))
    out.sort(key=lambda one: -one.confidence)
    kept: list[FoundRing] = []
    for one in out:
        if not any(_same_bolts(one, other) for other in kept):
            kept.append(one)
    return kept


def _found(rgb: npt.NDArray[np.uint8], reading: RingReading, edges: Sequence[EdgeEllipse]) -> FoundRing:
    ellipse = reading.ellipse
    kappa, unsure = lean(ellipse, reading.turns, reading.radii, max(rgb.shape[:2]))
    angles = turned_deg(ellipse, reading.turns, kappa)
    order = np.argsort(angles, kind="stable")
    holes = turned_deg(ellipse, reading.hole_turns, kappa)
    shown = np.concatenate([reading.turns, reading.hole_turns])
    windows = []
    for start, end in visible_windows(reading.seen, shown, reading.head_share):
        if end - start >= 2 * np.pi - 1e-9:
            windows = [(0.0, 360.0)]
            break
        # The picture's y points down, the trait's angles go the other way round: the end comes first.
        first, last = turned_deg(ellipse, np.array([end, start]), kappa)
        windows.append((float(first), float(first + (last - first) % 360.0)))
    return FoundRing(
        ellipse,
        angles[order],
        reading.spots[order],
        reading.sure[order],
        np.sort(holes),
        reading.hole_spots[np.argsort(holes, kind="stable")] if len(holes) else np.zeros((0, 2)),
        tuple(sorted(windows)),
        _sigma_deg(reading, unsure),
        kappa,
        count_interval(reading.sure, reading.doubtful),
        reading.head_px,
        casing_edge(ellipse, edges),
        is_ring(reading),
        reading,
    )


def _sigma_deg(reading: RingReading, unsure_lean: float) -> float:
    """Standard deviation of an angle: what bolts stray from the circle, an unsure tilt, an unsure lean."""
    stray = float(np.sqrt(np.mean(reading.off**2))) * reading.head_share if len(reading.off) else reading.head_share
    stray = max(0.5 * stray, 0.06 * reading.head_share)
    # An error of the axes' ratio turns angles by up to half of it, relative.
    flat = float(reading.ellipse[3] / reading.ellipse[2])
    tilt = 0.01 * (1 / max(flat, 0.2) - 1) + 0.004
    return float(np.clip(np.degrees(np.sqrt(stray**2 + tilt**2 + 0.5 * unsure_lean**2)), 0.5, 6.0))


def _same_bolts(one: FoundRing, other: FoundRing) -> bool:
    away = np.hypot(one.spots[:, None, 0] - other.spots[None, :, 0], one.spots[:, None, 1] - other.spots[None, :, 1])
    return bool((away.min(axis=1) < other.head_px).mean() > 0.4)
