"""A circle and a coded marker in one photograph, solved together: how large the circle is, and whether they fit.

Camera (focal length unknown, with a wide prior), the marker's pose, and the circle's plane, place and radius are
fitted at once to the marker's corners and the circle's ellipse. What ties the two together is one of two suppositions,
written as priors: the circle lies *in the plane* of the marker, or it is the rim of something that *rests on the
surface* on which the marker lies. Neither is believed for its own sake: the misfit says how badly the photograph
contradicts it. Uncertainty comes from the curvature at the best fit, so that a small marker far from the item, an
unknown lens and a plane a little off all end in it.

Lengths are in sides of the marker, pixels are measured from the middle of the photograph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np
from scipy.optimize import least_squares

from forensics.examine.imaging.ellipses import points_on
from forensics.examine.scale.markers import Marker

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["Solved", "Supposed", "solve"]

Supposed = Literal["in plane", "resting"]

FOCAL_35MM = 38.0
FOCAL_LN_SD = 0.45
"""Lenses of telephones and cameras as full-frame equivalents: 24 to 60 mm in two cases of three."""

ANGLE_SD_DEG = 4.0
OFFSET_SD = 0.025
"""Supposed in the plane: how far off the marker may lie, as an angle and as a part of the circle's radius."""

REST_SD = 0.03
"""Supposed resting: how deep the rim has sunk in, or how high it stands, as a part of its radius."""

ELLIPSE_POINTS = 16
ROUND = np.linspace(0, 2 * np.pi, 72, endpoint=False)
SQUARE = np.array([[-0.5, -0.5, 0], [0.5, -0.5, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0]])


@dataclass(frozen=True)
class Solved:
    """A diameter in sides of the marker and its relative standard uncertainty.

    ``misfit``: chi square over its degrees of freedom, about 1 when the photograph agrees with what was supposed.
    ``angle_deg``: between the two planes. ``facing``: direction in which the marker's printed side looks, in the
    camera's frame (x right, y down, z away).
    """

    supposed: Supposed
    diameter: float
    relative_sigma: float
    misfit: float
    angle_deg: float
    facing: tuple[float, float, float]


def solve(
    ellipse: Floats, ellipse_sigma_px: float, marker: Marker, shape: tuple[int, int], supposed: Supposed
) -> Solved | None:
    """The best fit under a supposition; None when there is none that makes sense.

    Parameters
    ----------
    ellipse : (5,)
        The circle's, in pixels.
    ellipse_sigma_px : float
        Standard uncertainty of its outline across.
    marker : Marker
    shape : (height, width)
        Of the photograph: its middle is taken for the camera's axis.
    """
    middle = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2])
    corners = marker.corners - middle
    moved = ellipse.copy()
    moved[:2] -= middle
    problem = _Problem(moved, ellipse_sigma_px, corners, marker.corner_sigma_px, max(shape), supposed)
    found: list[tuple[float, Solved]] = []
    for start in problem.starts():
        with np.errstate(all="ignore"):
            fit = least_squares(problem.residuals, start, method="lm", max_nfev=500)
        if np.isfinite(fit.cost) and problem.sensible(fit.x):
            told = problem.told(fit.x, np.asarray(fit.jac), float(fit.cost))
            if told is not None:
                found.append((float(fit.cost), told))
    return _mixed(found)


def _mixed(found: list[tuple[float, Solved]]) -> Solved | None:
    """The best fit; others that fit nearly as well (the mirrored tilt) widen its uncertainty and move it."""
    if not found:
        return None
    least, best = min(found, key=lambda one: one[0])
    different: list[tuple[float, Solved]] = []
    for cost, one in sorted(found, key=lambda pair: pair[0]):
        if cost < least + 4 and all(abs(np.log(one.diameter / other.diameter)) > 0.01 for _, other in different):
            different.append((cost, one))
    weights = np.array([np.exp(least - cost) for cost, _ in different])
    weights /= weights.sum()
    logs = np.log([one.diameter for _, one in different])
    mean = float(weights @ logs)
    spread = float(weights @ ((logs - mean) ** 2 + np.array([one.relative_sigma for _, one in different]) ** 2))
    return Solved(best.supposed, float(np.exp(mean)), float(np.sqrt(spread)), best.misfit, best.angle_deg, best.facing)


class _Problem:
    """Thirteen numbers: ln f, marker's turn (3) and place (3), the circle's two tilts against the marker, its place in
    the marker's frame (3), ln of its radius."""

    def __init__(
        self,
        ellipse: Floats,
        sigma_px: float,
        corners: Floats,
        corner_sigma_px: float,
        long_side_px: int,
        supposed: Supposed,
    ) -> None:
        self.ellipse, self.corners, self.supposed = ellipse, corners, supposed
        self.sigma_px, self.corner_sigma_px = sigma_px, corner_sigma_px
        self.ln_focal = float(np.log(FOCAL_35MM / 36 * long_side_px))
        self.spots = points_on(ellipse, np.linspace(0, 2 * np.pi, ELLIPSE_POINTS, endpoint=False))[0]

    def residuals(self, x: Floats) -> Floats:
        focal = np.exp(x[0])
        turn, _ = cv2.Rodrigues(x[1:4])
        seen = _projected(SQUARE @ turn.T + x[4:7], focal)
        circle = self._circle(x) @ turn.T + x[4:7]
        # 16 points stand for the five numbers of an ellipse.
        off = _off_outline(_projected(circle, focal), self.ellipse, self.spots) * np.sqrt(5 / ELLIPSE_POINTS)
        parts = [
            (seen - self.corners).ravel() / self.corner_sigma_px,
            off / self.sigma_px,
            np.array([(x[0] - self.ln_focal) / FOCAL_LN_SD]),
            self._supposition(x),
        ]
        out = np.concatenate(parts)
        return np.asarray(np.where(np.isfinite(out), np.clip(out, -1e6, 1e6), 1e6))

    def _circle(self, x: Floats) -> Floats:
        """Points (n, 3) of the circle in the marker's frame: x right, y down as printed, z away from the reader."""
        radius = np.exp(x[12])
        one, other = _axes(x[7], x[8])
        return np.asarray(x[9:12] + radius * (np.cos(ROUND)[:, None] * one + np.sin(ROUND)[:, None] * other))

    def _supposition(self, x: Floats) -> Floats:
        radius = np.exp(x[12])
        if self.supposed == "in plane":
            tilts = np.degrees(x[7:9]) / ANGLE_SD_DEG
            return np.array([*tilts, x[11] / (OFFSET_SD * radius)])
        lowest = float(self._circle(x)[:, 2].max())
        return np.array([lowest / (REST_SD * radius)])

    def starts(self) -> list[Floats]:
        out = []
        focals = (self.ln_focal,) if self.supposed == "in plane" else (self.ln_focal - 0.3, self.ln_focal + 0.3)
        for ln_focal in focals:
            camera = np.array([[np.exp(ln_focal), 0, 0], [0, np.exp(ln_focal), 0], [0, 0, 1.0]])
            quad = np.array([[-0.5, 0.5, 0], [0.5, 0.5, 0], [0.5, -0.5, 0], [-0.5, -0.5, 0]])
            _, turns, places, _ = cv2.solvePnPGeneric(quad, self.corners, camera, None, flags=cv2.SOLVEPNP_IPPE_SQUARE)
            # OpenCV's square has y up; ours has y down and z away, a half turn about x.
            flip = np.diag([1.0, -1.0, -1.0])
            for turn, place in zip(turns, places, strict=True):
                matrix: Floats = np.asarray(cv2.Rodrigues(turn)[0] @ flip, dtype=np.float64)
                vector: Floats = np.asarray(cv2.Rodrigues(matrix)[0], dtype=np.float64).ravel()
                out += self._with_circle(ln_focal, vector, matrix, np.asarray(place, dtype=np.float64).ravel())
        return out

    def _with_circle(self, ln_focal: float, vector: Floats, matrix: Floats, place: Floats) -> list[Floats]:
        focal = float(np.exp(ln_focal))
        out = []
        for normal, centre in _circles(self.ellipse, focal):
            away = matrix.T @ normal  # towards the camera: negative z in the marker's frame when the planes agree
            sight = matrix.T @ centre
            eye = -matrix.T @ place
            tilts = _tilts(away) if self.supposed == "resting" else np.zeros(2)
            # Along the line of sight until the circle lies in, or touches, the marker's plane.
            lean = float(np.sqrt(max(0.0, 1 - away[2] ** 2))) if self.supposed == "resting" else 0.0
            reach = sight[2] + lean
            if reach * eye[2] >= 0:
                continue
            radius = -eye[2] / reach
            where = eye + sight * radius
            out.append(np.array([ln_focal, *vector, *place, *tilts, *where, np.log(radius)]))
        return out

    def sensible(self, x: Floats) -> bool:
        turn, _ = cv2.Rodrigues(x[1:4])
        circle = self._circle(x) @ turn.T + x[4:7]
        # In front of the camera; the printed side of the marker seen.
        return bool(x[6] > 0 and circle[:, 2].min() > 0 and turn[:, 2] @ x[4:7] > 0 and abs(x[12]) < 6)

    def told(self, x: Floats, jacobian: Floats, cost: float) -> Solved | None:
        normal = jacobian.T @ jacobian
        try:
            spread = np.linalg.inv(normal + 1e-9 * np.diag(np.diag(normal) + 1e-12))
        except np.linalg.LinAlgError:
            return None
        one, other = _axes(x[7], x[8])
        cosine = abs(float(np.cross(one, other)[2]))
        facing = -cv2.Rodrigues(x[1:4])[0][:, 2]
        free = 13 + 1 + (3 if self.supposed == "in plane" else 1) - 13
        return Solved(
            self.supposed,
            2 * float(np.exp(x[12])),
            float(np.sqrt(max(spread[12, 12], 1e-10))),
            2 * cost / free,
            float(np.degrees(np.arccos(min(1.0, cosine)))),
            (float(facing[0]), float(facing[1]), float(facing[2])),
        )


def _axes(a: float, b: float) -> tuple[Floats, Floats]:
    """Two directions that span the circle's plane, tilted by a about x, then by b about y."""
    sa, ca, sb, cb = np.sin(a), np.cos(a), np.sin(b), np.cos(b)
    return np.array([cb, 0.0, -sb]), np.array([sb * sa, ca, cb * sa])


def _tilts(normal: Floats) -> Floats:
    """The two tilts whose plane has this normal (its sign does not matter)."""
    n = normal / np.linalg.norm(normal) * (-1 if normal[2] < 0 else 1)
    # The cross product of the two axes is (sb ca, -sa, cb ca).
    a = -np.arcsin(np.clip(n[1], -1, 1))
    return np.array([a, np.arctan2(n[0], n[2])])


def _projected(points: Floats, focal: float) -> Floats:
    return np.asarray(points[:, :2] / points[:, 2:] * focal)


def _off_outline(circle: Floats, ellipse: Floats, spots: Floats) -> Floats:
    """How far each spot of the ellipse lies outside the projected circle, in pixels, along the ellipse's normal."""
    x, y, a, b, direction = ellipse
    turn = np.array([[np.cos(direction), np.sin(direction)], [-np.sin(direction), np.cos(direction)]])
    scaled = ((circle - np.array([x, y])) @ turn.T) / np.array([a, b])
    angle, out = np.arctan2(scaled[:, 1], scaled[:, 0]), np.hypot(scaled[:, 0], scaled[:, 1])
    order = np.argsort(angle)
    at = np.linspace(0, 2 * np.pi, len(spots), endpoint=False)
    at = np.where(at > np.pi, at - 2 * np.pi, at)
    radius = np.interp(at, angle[order], out[order], period=2 * np.pi)
    # From a ratio of radii to pixels across the outline.
    across = a * b / np.sqrt((b * np.cos(at)) ** 2 + (a * np.sin(at)) ** 2)
    return np.asarray((1 - radius) * across)


def _circles(ellipse: Floats, focal: float) -> list[tuple[Floats, Floats]]:
    """The two circles of radius 1 that look like the ellipse: normals towards the camera, and centres."""
    x, y, a, b, direction = ellipse
    turn = np.array([[np.cos(direction), -np.sin(direction)], [np.sin(direction), np.cos(direction)]])
    form = turn @ np.diag([1 / a**2, 1 / b**2]) @ turn.T
    at = np.array([x, y])
    conic = np.zeros((3, 3))
    conic[:2, :2], conic[:2, 2], conic[2, :2] = form, -form @ at, -form @ at
    conic[2, 2] = at @ form @ at - 1
    scaling = np.diag([focal, focal, 1.0])
    values, vectors = np.linalg.eigh(scaling @ conic @ scaling)
    if (values > 0).sum() == 1:
        values = -values
    order = np.argsort(-values)
    (l1, l2, l3), axes = values[order], vectors[:, order]
    if l3 >= 0 or l2 <= 0:
        return []
    g, h = np.sqrt((l2 - l3) / (l1 - l3)), np.sqrt(max((l1 - l2) / (l1 - l3), 0.0))
    far = l2 / np.sqrt(-l1 * l3)
    out: list[tuple[Floats, Floats]] = []
    for side in (1, -1):
        centre = far * axes @ np.array([side * l3 / l2 * h, 0, -l1 / l2 * g])
        normal = axes @ np.array([side * h, 0, -g])
        sign = 1.0 if centre[2] > 0 else -1.0
        centre, normal = centre * sign, normal * sign
        out.append((normal * (-1 if normal @ centre > 0 else 1), centre))
    return out
