"""Rings from what a person pointed at: an ellipse through their points, with the tilt of edges seen about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse
from forensics.examine.imaging.ellipses import fit_ellipses, scatter

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["circle_through", "from_points"]

HEAD_SHARES = (0.03, 0.06, 0.1)
SHAPES = (1.0, 0.85, 0.7, 0.55)
DIRECTIONS = 4


def circle_through(points: Floats, shape: float, direction: float) -> Floats | None:
    """The ellipse of a given ratio of axes and direction through three or more points, by least squares."""
    c, s = np.cos(direction), np.sin(direction)
    turn = np.array([[c, s], [-s / shape, c / shape]])
    flat = points @ turn.T
    design = np.column_stack([2 * flat, np.ones(len(flat))])
    if np.linalg.matrix_rank(design) < 3:
        return None
    x, y, rest = np.linalg.lstsq(design, (flat**2).sum(axis=1), rcond=None)[0]
    radius = rest + x * x + y * y
    if radius <= 0:
        return None
    centre = np.linalg.solve(turn, [x, y])
    a = float(np.sqrt(radius))
    return np.array([*centre, a, a * shape, direction])


def from_points(rgb: npt.NDArray[np.uint8], points: Floats, edges: Sequence[EdgeEllipse]) -> list[tuple[Floats, float]]:
    """Ellipses through the points, (ellipse, head half width), for the reader to choose among.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    points : (n, 2)
        Bolts of one ring. Fewer than three say nothing of its shape.
    edges : sequence of EdgeEllipse
        Their tilts are tried first.
    """
    if len(points) < 3:
        return []
    shapes = [(float(e.ellipse[3] / e.ellipse[2]), float(e.ellipse[4])) for e in edges[:6]]
    shapes += [(s, k * np.pi / DIRECTIONS) for s in SHAPES for k in range(DIRECTIONS if s < 1 else 1)]
    ellipses = [one for shape in shapes if (one := circle_through(points, *shape)) is not None]
    if len(points) >= 5:
        centre, scale = points.mean(axis=0), float(np.ptp(points, axis=0).max()) / 2 + 1e-6
        fitted = fit_ellipses(scatter(points, centre, scale)[None], centre, scale)[0]
        if np.isfinite(fitted).all() and fitted[3] > 0.2 * fitted[2]:
            ellipses.insert(0, fitted)
    most = 2.0 * max(rgb.shape[:2])
    return [(one, share * float(one[2])) for one in ellipses if one[2] < most for share in HEAD_SHARES]
