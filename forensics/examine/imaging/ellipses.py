"""Ellipses: what a circle seen obliquely becomes. Many are fitted and judged at once, so all is in arrays.

An ellipse is five numbers: centre x and y in pixels, half axes a >= b in pixels, and the direction of a in radians
(from x towards y, picture frame with y down). Arrays of ellipses have shape (n, 5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["fit_ellipses", "points_on", "radius_of", "scatter", "support", "turn_of"]

SAMPLES = 96


def scatter(points: Floats, centre: Floats, scale: float) -> Floats:
    """The (6, 6) scatter matrix of the conic through ``points`` (n, 2), after (p - centre) / scale.

    Scatter matrices of several arcs add up, so that every pair of arcs is fitted without touching points again.
    """
    x, y = ((points - centre) / scale).T
    design = np.stack([x * x, x * y, y * y, x, y, np.ones_like(x)], axis=1)
    return np.asarray(design.T @ design)


def fit_ellipses(scatters: Floats, centre: Floats, scale: float) -> Floats:
    """Least-squares ellipses (Fitzgibbon, in the stable form of Halir and Flusser) of (n, 6, 6) scatter matrices.

    Returns
    -------
    (n, 5) float
        Rows that are no ellipse are NaN.
    """
    s1, s2, s3 = scatters[:, :3, :3], scatters[:, :3, 3:], scatters[:, 3:, 3:]
    ridge = 1e-9 * np.trace(s3, axis1=1, axis2=2)[:, None, None] * np.eye(3)
    t = -np.linalg.solve(s3 + ridge, np.swapaxes(s2, 1, 2))
    m = s1 + s2 @ t
    m = np.stack([m[:, 2] / 2, -m[:, 1], m[:, 0] / 2], axis=1)
    values, vectors = np.linalg.eig(m)
    vectors = np.real(vectors)
    condition = 4 * vectors[:, 0] * vectors[:, 2] - vectors[:, 1] ** 2
    condition[np.abs(np.imag(values)) > 1e-9] = -1
    best = np.argmax(condition, axis=1)
    rows = np.arange(len(m))
    first = vectors[rows, :, best]
    conic = np.concatenate([first, np.einsum("nij,nj->ni", t, first)], axis=1)
    conic[condition[rows, best] <= 0] = np.nan
    return _geometry(conic, centre, scale)


def _geometry(conic: Floats, centre: Floats, scale: float) -> Floats:
    a, b, c, d, e, f = conic.T
    with np.errstate(invalid="ignore", divide="ignore"):
        det = 4 * a * c - b * b
        x, y = (b * e - 2 * c * d) / det, (b * d - 2 * a * e) / det
        level = -(f + (d * x + e * y) / 2)
        mean, half = (a + c) / 2, np.hypot((a - c) / 2, b / 2)
        # Sign of the conic is arbitrary.
        sign = np.sign(mean)
        level, mean = level * sign, mean * sign
        major, minor = np.sqrt(level / (mean - half)), np.sqrt(level / (mean + half))
        # The direction of the largest quadratic form is the minor axis.
        turn = 0.5 * np.arctan2(b * sign, (a - c) * sign) + np.pi / 2
        out = np.stack([x * scale + centre[0], y * scale + centre[1], major * scale, minor * scale, turn], axis=1)
    return np.where(np.isfinite(out).all(axis=1, keepdims=True), out, np.nan)


def points_on(ellipses: Floats, turns: Floats) -> Floats:
    """Points (n, m, 2) at the parameter angles ``turns`` (m,), in radians from the long axis."""
    x, y, a, b, direction = (column[:, None] for column in np.atleast_2d(ellipses).T)
    u, v = a * np.cos(turns), b * np.sin(turns)
    return np.stack(
        [x + u * np.cos(direction) - v * np.sin(direction), y + u * np.sin(direction) + v * np.cos(direction)], 2
    )


def _unit(ellipse: Floats, points: Floats) -> Floats:
    x, y, a, b, direction = ellipse
    shifted = points - np.array([x, y])
    u = shifted[..., 0] * np.cos(direction) + shifted[..., 1] * np.sin(direction)
    v = -shifted[..., 0] * np.sin(direction) + shifted[..., 1] * np.cos(direction)
    return np.stack([u / a, v / b], axis=-1)


def radius_of(ellipse: Floats, points: Floats) -> Floats:
    """How far out points lie as a multiple of the ellipse: 1 on it, 0.5 half way to the centre."""
    return np.asarray(np.linalg.norm(_unit(ellipse, points), axis=-1))


def turn_of(ellipse: Floats, points: Floats) -> Floats:
    """Parameter angle of points in radians: the angle in the circle's own plane under weak perspective."""
    unit = _unit(ellipse, points)
    return np.asarray(np.arctan2(unit[..., 1], unit[..., 0]))


def support(
    ellipses: Floats, edges: npt.NDArray[np.bool_], direction: Floats, reach: float = 2.0
) -> tuple[Floats, Floats]:
    """Share of each ellipse that lies on edges of the right direction, and the share of it inside the picture.

    Parameters
    ----------
    ellipses : (n, 5)
    edges : (height, width) bool
        Edge pixels, thin.
    direction : (height, width)
        Direction of the grey-value gradient in radians.
    reach : float
        How far an edge may lie from the ellipse, in pixels.
    """
    turns = np.linspace(0, 2 * np.pi, SAMPLES, endpoint=False)
    spots = points_on(ellipses, turns)
    ahead = points_on(ellipses, turns + 0.01) - spots
    normal = np.arctan2(ahead[..., 0], -ahead[..., 1])
    height, width = edges.shape
    found = np.zeros(spots.shape[:2], dtype=bool)
    inside = (spots[..., 0] >= 2) & (spots[..., 0] < width - 3) & (spots[..., 1] >= 2) & (spots[..., 1] < height - 3)
    for step in np.arange(-np.floor(reach), np.floor(reach) + 1):
        x = np.clip(np.round(spots[..., 0] + step * np.cos(normal)), 0, width - 1).astype(np.int64)
        y = np.clip(np.round(spots[..., 1] + step * np.sin(normal)), 0, height - 1).astype(np.int64)
        agree = np.abs(np.cos(direction[y, x] - normal)) > 0.9
        found |= edges[y, x] & agree & inside
    # Weighted by length: equal steps of the parameter are not equal lengths.
    weight = np.linalg.norm(ahead, axis=2)
    total = weight.sum(axis=1)
    return (found * weight).sum(axis=1) / np.maximum((inside * weight).sum(axis=1), 1e-9), (inside * weight).sum(
        axis=1
    ) / total
