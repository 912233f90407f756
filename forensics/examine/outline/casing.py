"""The casing's edge round a ring, and its diameter in millimetres when a marker lies in its plane.

A circle that lies in the marker's plane, or in one parallel to it, becomes a circle again under the marker's own
homography. That is the test for "in the plane of the item"; what fails it is refused, not corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse
from forensics.examine.imaging.ellipses import fit_ellipses, points_on, scatter
from forensics.examine.scale.markers import Marker

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["DEFORMATION", "Diameter", "casing_edge", "diameter_mm"]

ROUND_ENOUGH = 0.94
"""Least ratio of the axes in the marker's plane; 0.94 is a plane about 20 degrees from the marker's."""

DEFORMATION = 0.02
"""Relative uncertainty of a diameter of bent metal (K4), unless the examiner says otherwise."""

OFFSET = 0.04
"""Relative uncertainty for a plane parallel to the marker's but before or behind it, which no picture shows."""

FARTHEST = 8.0
"""How far the item may lie from the marker, in sides of the marker, before the homography is extrapolated too far."""


@dataclass(frozen=True)
class Diameter:
    """A diameter, or the reason why there is none: exactly one of ``mm`` and ``refused`` says something."""

    mm: float | None
    sigma_mm: float
    refused: str = ""


def casing_edge(ring: Floats, edges: Sequence[EdgeEllipse], *, most: float = 3.2) -> EdgeEllipse | None:
    """The outermost edge concentric with a ring: the casing's, or the plate's when the casing is not in view.

    Parameters
    ----------
    ring : (5,)
        Ellipse of the ring.
    edges : sequence of EdgeEllipse
        In the same pixels.
    most : float
        Largest casing, as a multiple of the ring.
    """
    best, chosen = 0.0, None
    for one in edges:
        grown = one.ellipse[2] / ring[2]
        apart = float(np.hypot(one.ellipse[0] - ring[0], one.ellipse[1] - ring[1])) / ring[2]
        shape = abs(one.ellipse[3] / one.ellipse[2] - ring[3] / ring[2])
        # A casing behind the plate, as on a dome, is shifted along the tilt.
        slack = (0.12 + 0.35 * float(np.sqrt(max(0.0, 1 - (ring[3] / ring[2]) ** 2)))) * grown
        if not (1.08 < grown < most and apart < slack and shape < 0.16 and one.share * one.inside > 0.3):
            continue
        # Well seen and well centred first, then the outer one.
        worth = (one.share * one.inside) ** 2 * (1 - apart / slack) * (1 - shape / 0.16) * float(np.sqrt(grown))
        if worth > best:
            best, chosen = worth, one
    return chosen


def diameter_mm(
    ellipse: Floats, ellipse_sigma_px: float, markers: Sequence[tuple[Marker, float]], *, deformed: bool = True
) -> Diameter:
    """Diameter of the circle behind ``ellipse`` from the first marker in whose plane it is round.

    Parameters
    ----------
    ellipse : (5,)
        In pixels.
    ellipse_sigma_px : float
        Standard uncertainty of its half axes.
    markers : sequence of (Marker, side in mm)
    deformed : bool
        Whether the uncertainty for bent metal is added.
    """
    if not markers:
        return Diameter(None, 0.0, "no marker of stated size was found")
    reasons = []
    for marker, side_mm in markers:
        points = marker.in_sides(points_on(ellipse, np.linspace(0, 2 * np.pi, 72, endpoint=False))[0])
        if not np.isfinite(points).all() or np.abs(points).max() > 4 * FARTHEST:
            reasons.append(f"marker {marker.number}: the item lies beyond the horizon of the marker's plane")
            continue
        centre = points.mean(axis=0)
        size = float(np.ptp(points, axis=0).max()) / 2
        flat = fit_ellipses(scatter(points, centre, size)[None], centre, size)[0]
        roundness = float(flat[3] / flat[2]) if np.isfinite(flat).all() else 0.0
        if roundness < ROUND_ENOUGH:
            reasons.append(
                f"marker {marker.number}: the item's circle has axes as 1 to {roundness:.2f} in the marker's plane, so "
                "it does not lie in that plane"
            )
            continue
        if float(np.hypot(*centre)) > FARTHEST + flat[2]:
            reasons.append(f"marker {marker.number}: the item lies too far from it")
            continue
        mm = 2 * float(np.sqrt(flat[2] * flat[3])) * side_mm
        extrapolation = marker.relative_sigma() * (1 + float(np.hypot(*centre)))
        parts = (
            extrapolation,
            ellipse_sigma_px / ellipse[2],
            OFFSET,
            (1 - roundness) / 2,
            DEFORMATION if deformed else 0.0,
        )
        return Diameter(mm, mm * float(np.sqrt(sum(part * part for part in parts))))
    return Diameter(None, 0.0, "; ".join(reasons))
