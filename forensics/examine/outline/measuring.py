"""From a round edge and a scale to a diameter in millimetres, or to the reason in words why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.ellipses import points_on
from forensics.examine.outline.joint import Solved, solve
from forensics.examine.scale.markers import Marker
from forensics.examine.scale.scales import KnownLength, Scales

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["DEFORMATION", "Answer", "chord_and_sagitta", "diameter_mm", "outline_points"]

DEFORMATION = 0.02
"""Relative uncertainty of a diameter of bent metal (K4), unless the examiner says otherwise."""

IN_PLANE_MISFIT = 4.0
IN_PLANE_ANGLE_DEG = 12.0
RESTING_MISFIT = 3.0
LEAST_RESTING_SIGMA = 0.05
UPWARD = 0.2
"""A marker that lies on the ground looks up: the least part of its direction that points to the top of the picture."""

LYING = 0.3
LYING_SIGMA = 0.08
"""A marker that looks up lies on something: how much higher the item's edge stands is not seen in one photograph."""

LENGTH_SIGMA = 0.05
"""Relative uncertainty of a plain length for lying a little before or behind the item, which no picture shows."""

WORST_SIGMA = 0.15
"""A diameter less certain than this says nothing that would tell types apart: it is refused."""


@dataclass(frozen=True)
class Answer:
    """A diameter and its standard uncertainty without deformation, in mm; or ``refused`` says why there is none.

    ``supposed``: in words, what was taken for granted.
    """

    mm: float | None
    sigma_mm: float = 0.0
    supposed: str = ""
    refused: str = ""
    theirs: bool = False


def diameter_mm(ellipse: Floats, sigma_px: float, scales: Scales, shape: tuple[int, int]) -> Answer:
    """The diameter of the circle behind an ellipse.

    Parameters
    ----------
    ellipse : (5,)
        In pixels.
    sigma_px : float
        Standard uncertainty of its outline.
    scales : Scales
        Of the same photograph. A length that a person pointed at goes first: they said that it holds for the item.
    shape : (height, width)
    """
    if scales.length is not None:
        return _by_length(ellipse, sigma_px, scales.length)
    if not scales.markers:
        return Answer(None, refused="there is no scale on the photograph")
    if scales.marker_mm is None:
        return Answer(None, refused=f"there is {scales.words()}")
    answers = [_by_marker(ellipse, sigma_px, marker, scales.marker_mm, shape) for marker in scales.markers[:4]]
    sure = [one for one in answers if one.mm is not None]
    if sure:
        return min(sure, key=lambda one: one.sigma_mm / (one.mm or 1.0))
    return Answer(None, refused="; ".join(one.refused for one in answers))


def _by_marker(ellipse: Floats, sigma_px: float, marker: Marker, side_mm: float, shape: tuple[int, int]) -> Answer:
    flat = solve(ellipse, sigma_px, marker, shape, "in plane")
    if flat is not None and flat.misfit <= IN_PLANE_MISFIT and flat.angle_deg <= IN_PLANE_ANGLE_DEG:
        words = "the marker is taken to lie in the plane of the round edge"
        if -flat.facing[1] < LYING:
            return _told(flat, side_mm, marker, words)
        words += "; it seems to lie on the ground: where the edge stands higher, the diameter is overestimated"
        return _told(flat, side_mm, marker, words, LYING_SIGMA)
    why = "cannot be brought into one plane with the round edge"
    if flat is not None and flat.angle_deg > IN_PLANE_ANGLE_DEG:
        why = f"lies in another plane than the round edge (about {flat.angle_deg:.0f} degrees apart)"
    resting = solve(ellipse, sigma_px, marker, shape, "resting")
    if resting is not None and resting.misfit <= RESTING_MISFIT and -resting.facing[1] >= UPWARD:
        words = f"the marker {why}; the round edge is taken to stand on the surface on which the marker lies"
        return _told(resting, side_mm, marker, words, LEAST_RESTING_SIGMA)
    return Answer(None, refused=f"marker {marker.name} {why}, so its scale does not hold for the item")


def _told(solved: Solved, side_mm: float, marker: Marker, supposed: str, least: float = 0.005) -> Answer:
    relative = max(solved.relative_sigma, least)
    if relative > WORST_SIGMA:
        return Answer(
            None,
            refused=f"marker {marker.name} is too small or too far from the item: the diameter would be uncertain by "
            f"{100 * relative:.0f} %",
        )
    mm = solved.diameter * side_mm
    return Answer(mm, mm * relative, supposed)


def _by_length(ellipse: Floats, sigma_px: float, length: KnownLength) -> Answer:
    """The ellipse itself says how its plane is foreshortened along the length."""
    _, _, a, b, direction = ellipse
    along = length.ends[1] - length.ends[0]
    u = along[0] * np.cos(direction) + along[1] * np.sin(direction)
    v = -along[0] * np.sin(direction) + along[1] * np.cos(direction)
    radii = float(np.hypot(u / a, v / b))
    mm = 2 * length.length_mm / radii
    per_px = length.sigma_px * float(np.sqrt(2)) / length.length_px * a / b
    relative = float(np.sqrt(per_px**2 + (sigma_px / b) ** 2 + LENGTH_SIGMA**2))
    supposed = "the given length is taken to lie in the plane of the round edge"
    if relative > WORST_SIGMA:
        return Answer(None, refused="the given length is too short on the photograph to measure by", theirs=True)
    return Answer(mm, mm * relative, supposed, theirs=True)


def chord_and_sagitta(arc_rad: float) -> tuple[float, float]:
    """Chord and sagitta of a stretch of a circle, in diameters: what a fragment's edge gives."""
    half = min(arc_rad, np.pi) / 2
    return float(np.sin(half)), float(1 - np.cos(half)) / 2


def outline_points(ellipse: Floats, count: int = 96) -> tuple[tuple[float, float], ...]:
    """Points of an ellipse as plain numbers, for a drawing."""
    spots = points_on(ellipse, np.linspace(0, 2 * np.pi, count, endpoint=False))[0]
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in spots)
