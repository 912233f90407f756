"""A ring from bolts that a person clicked: what they saw, put into the ring's own plane.

A circle through three or four points is taken as seen face on; from five points on an ellipse is fitted, so that a
ring seen obliquely is turned face on (weak perspective). Nothing about the spacing is assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from forensics.errors import Fault, InputError
from forensics.examine.imaging.ellipses import fit_ellipses, scatter, turn_of
from forensics.model.values import Ring

__all__ = ["ring_of_clicks"]

LEAST = 3
MOST = 400
_FLATTEST = 0.25
"""Least ratio of the half axes: flatter than this the angles say nothing."""
_CLICK = 0.012
"""Standard uncertainty of a click as a fraction of the radius, when the residual says nothing (three points)."""
_FACE_ON_DEG = 3.0
_LEAST_SIGMA_DEG = 1.0
_WIDE_GAP = 1.8


def ring_of_clicks(points_px: Sequence[tuple[float, float]], *, whole_ring_seen: bool | None = None) -> Ring:
    """The ring that clicked bolts give.

    Parameters
    ----------
    points_px : sequence of (x, y)
        In the upright picture, y down; three or more.
    whole_ring_seen : bool, optional
        Whether every bolt of the ring was in view and clicked. Left out, a gap much wider than the others is taken
        for an arc nobody saw.

    Returns
    -------
    Ring
        Angles counter-clockwise as the viewer sees them, the arc seen, the standard uncertainty of an angle.

    Raises
    ------
    InputError
        Fewer than three points, points on one line, or two clicks on one bolt.
    """
    points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
    if not LEAST <= len(points) <= MOST:
        message = f"{len(points)} bolts were clicked; a ring needs {LEAST} to {MOST}."
        raise InputError(Fault("ring", message=message, advice="Click every bolt that can be seen."))
    angles, residual, face_on = _angles(points)
    order = np.sort(np.round(angles % 360.0, 2) % 360.0)
    if len(order) > 1 and min(second - first for first, second in pairwise([*order, order[0] + 360.0])) < 0.3:
        raise InputError(Fault("ring", message="two clicks lie on one bolt.", advice="Remove one of them."))
    sigma = float(np.degrees(max(residual, _CLICK)))
    sigma = max(sigma, _FACE_ON_DEG) if face_on else sigma
    windows = _windows(order, whole_ring_seen)
    return Ring(
        angles_deg=tuple(float(angle) for angle in order),
        windows_deg=windows,
        sigma_deg=round(max(sigma, _LEAST_SIGMA_DEG), 2),
        counted=len(order) if windows == ((0.0, 360.0),) else None,
    )


def _angles(points: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """Angles in degrees, root mean square distance from the curve as a fraction of the radius, whether face on."""
    centre, radius = _circle(points)
    away = np.hypot(*(points - centre).T) / radius - 1.0
    angles = np.degrees(np.arctan2(centre[1] - points[:, 1], points[:, 0] - centre[0]))
    rms = float(np.sqrt(np.mean(away**2)))
    if len(points) < 5:
        return angles, rms, True
    middle, scale = points.mean(axis=0), float(np.ptp(points, axis=0).max())
    ellipse = fit_ellipses(scatter(points, middle, scale)[None], middle, scale)[0]
    if not np.isfinite(ellipse).all() or ellipse[3] < _FLATTEST * ellipse[2]:
        return angles, rms, True
    turns = turn_of(ellipse, points)
    mean = float(np.sqrt(ellipse[2] * ellipse[3]))
    on = np.stack([ellipse[2] * np.cos(turns), ellipse[3] * np.sin(turns)], axis=1)
    turn = np.array([[np.cos(ellipse[4]), -np.sin(ellipse[4])], [np.sin(ellipse[4]), np.cos(ellipse[4])]])
    off = points - (on @ turn.T + ellipse[:2])
    # The parameter runs from x towards y, which is down; a viewer counts the other way round.
    seen = np.degrees(-(turns + ellipse[4]))
    return seen, float(np.sqrt(np.mean((off**2).sum(axis=1)))) / mean, False


def _circle(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Least-squares circle (Kasa)."""
    middle = points.mean(axis=0)
    scale = max(1.0, float(np.ptp(points, axis=0).max()))
    x, y = ((points - middle) / scale).T
    design = np.stack([2 * x, 2 * y, np.ones_like(x)], axis=1)
    solution, _, rank, _ = np.linalg.lstsq(design, x * x + y * y, rcond=1e-9)
    radius = float(np.sqrt(max(0.0, solution[2] + solution[0] ** 2 + solution[1] ** 2)))
    if rank < 3 or not 0 < radius < 50:
        raise InputError(Fault("ring", message="the bolts clicked lie on one line, not on a ring."))
    return middle + scale * solution[:2], radius * scale


def _windows(angles: np.ndarray, whole_ring_seen: bool | None) -> tuple[tuple[float, float], ...]:
    """The arcs in which a bolt would have been seen."""
    if whole_ring_seen:
        return ((0.0, 360.0),)
    gaps = np.diff([*angles, angles[0] + 360.0])
    widest = int(np.argmax(gaps))
    others = np.sort(np.delete(gaps, widest))
    if whole_ring_seen is None and gaps[widest] <= _WIDE_GAP * others[-1]:
        return ((0.0, 360.0),)
    # The arc clicked, and half a usual gap to either side.
    margin = float(min(np.median(others) / 2, gaps[widest] / 2))
    start = float(angles[(widest + 1) % len(angles)]) - margin
    end = start + 360.0 - float(gaps[widest]) + 2 * margin
    start, end = (start + 360.0, end + 360.0) if start < 0 else (start, end)
    return ((round(start, 1), round(end, 1)),)
