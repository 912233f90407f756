"""Angles of a ring seen obliquely.

Under weak perspective the parameter angle of the ellipse is the angle on the ring. A near camera bends that: the
homography that carries the circle to the ellipse is, between unit circles, a shift along the short axis (the
translation of Klein's model) by kappa = (R / d) sin(tilt), R the ring's radius, d the camera's distance, positive where
the ring leans away. Two things tell kappa: the sizes of the heads, which fall off as 1 / (1 + kappa y), and the camera:
|kappa| = (a / f) sqrt(1 - (b / a)^2) with focal length f in pixels, of unknown sign. Both solutions for the tilt are
weighed; what stays open goes into the uncertainty of the angles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.ellipses import turn_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["angles_deg", "lean", "straight"]

GRID = np.linspace(-0.4, 0.4, 161)
HEAD_SIZE_NOISE = 0.14
"""Standard deviation of the logarithm of a head's half width as the reader gives it."""

FOCAL_SIDES, FOCAL_SPREAD = 1.25, 0.5
"""Focal length of an unknown camera over the longer side of the picture: median, and deviation of its logarithm."""


def straight(turns: Floats, kappa: float) -> Floats:
    """Angles on the ring of parameter angles on its ellipse, both in radians from the long axis."""
    x, y = np.cos(turns), np.sin(turns)
    return np.asarray(np.arctan2(y - kappa, x * np.sqrt(1 - kappa**2)))


def lean(ellipse: Floats, turns: Floats, radii: Floats, longer_side_px: float) -> tuple[float, float]:
    """Kappa and its standard deviation.

    Parameters
    ----------
    ellipse : (5,)
    turns, radii : (n,)
        Parameter angles in radians and half widths in pixels of the fasteners.
    longer_side_px : float
        Of the photograph.
    """
    flat = float(np.clip(ellipse[3] / ellipse[2], 0.05, 1.0))
    # A ratio near 1 is a tilt anywhere up to what the fit allows.
    sine = float(np.sqrt(max(1 - flat**2, 0.03)))
    typical = float(ellipse[2]) / (FOCAL_SIDES * longer_side_px) * sine
    size = np.maximum(np.abs(GRID), 1e-3)
    prior = -0.5 * ((np.log(size) - np.log(typical)) / FOCAL_SPREAD) ** 2 - np.log(size)
    chance = np.zeros_like(GRID)
    if len(turns) >= 4:
        sizes = np.log(np.maximum(radii, 1e-3))
        for k, kappa in enumerate(GRID):
            rest = sizes + np.log1p(kappa * np.sin(straight(turns, float(kappa))))
            # Half widths have a common unknown scale; heavy tails, because one head in ten is misjudged.
            rest = rest - np.median(rest)
            chance[k] = -2.0 * np.log1p((rest / HEAD_SIZE_NOISE) ** 2 / 3).sum()
    logs = prior + chance
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    mean = float((weight * GRID).sum())
    return mean, float(np.sqrt((weight * (GRID - mean) ** 2).sum()))


def angles_deg(ellipse: Floats, spots: Floats, kappa: float) -> Floats:
    """Angles (n,) in degrees, counter-clockwise as the viewer sees the face, 0 to the right of the picture."""
    if not len(spots):
        return np.zeros(0)
    return turned_deg(ellipse, turn_of(ellipse, spots), kappa)


def turned_deg(ellipse: Floats, turns: Floats, kappa: float) -> Floats:
    """The same of parameter angles in radians."""
    return np.asarray(np.degrees(-(straight(turns, kappa) + float(ellipse[4]))) % 360.0)
