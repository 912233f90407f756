"""From edges to ellipses: smooth runs of edge, every pair of which may lie on one circle seen obliquely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.ellipses import fit_ellipses, points_on, scatter, support

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["EdgeEllipse", "Edges", "edge_ellipses", "find_edges"]

SHORTEST_RUN = 16
MOST_RUNS = 90
MOST_ELLIPSES = 24
FLATTEST = 0.28
POINTS_A_RUN = 24


@dataclass(frozen=True)
class Edges:
    """Edge pixels and the direction of the gradient, both (height, width)."""

    thin: npt.NDArray[np.bool_]
    direction: Floats


@dataclass(frozen=True)
class EdgeEllipse:
    """An ellipse that edges support. ``share``: of the part inside the picture that lies on edges."""

    ellipse: Floats
    share: float
    inside: float


def find_edges(grey: npt.NDArray[np.uint8], blur: float = 1.4) -> Edges:
    """Canny edges; thresholds from the picture's own gradients, so that a dark photograph has edges too."""
    smooth = cv2.GaussianBlur(grey, (0, 0), blur)
    dx = cv2.Sobel(smooth, cv2.CV_16S, 1, 0, ksize=3)
    dy = cv2.Sobel(smooth, cv2.CV_16S, 0, 1, ksize=3)
    size = np.abs(dx[::3, ::3].astype(np.float32)) + np.abs(dy[::3, ::3])
    high = float(np.clip(np.percentile(size, 90), 24, 160))
    thin = cv2.Canny(dx, dy, 0.4 * high, high)
    return Edges(thin > 0, np.arctan2(dy.astype(np.float64), dx.astype(np.float64)))


def _runs(edges: Edges) -> list[Floats]:
    """Chains of edge pixels without corners, each traversed with the brighter side on the same hand."""
    contours, _ = cv2.findContours(edges.thin.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    runs: list[Floats] = []
    for contour in contours:
        points = contour[:, 0, :]
        if len(points) < SHORTEST_RUN:
            continue
        angle = edges.direction[points[:, 1], points[:, 0]]
        # OpenCV walks round both sides of a thin edge: keep the one on which the gradient points to the left.
        step = np.roll(points, -2, axis=0) - np.roll(points, 2, axis=0)
        left = step[:, 0] * np.sin(angle) - step[:, 1] * np.cos(angle) > 0
        bend = np.abs(np.angle(np.exp(1j * (np.roll(angle, -4) - np.roll(angle, 4)))))
        good = left & (bend < 0.7)
        cuts = np.flatnonzero(np.diff(good.astype(np.int8)))
        for piece in np.split(np.arange(len(points)), cuts + 1):
            if len(piece) >= SHORTEST_RUN and good[piece[len(piece) // 2]]:
                runs.append(points[piece].astype(np.float64))
    return runs


def edge_ellipses(edges: Edges, smallest_px: float = 14.0) -> list[EdgeEllipse]:
    """The ellipses that edges support best, the best first; no two nearly the same.

    ``smallest_px``: the shortest half axis looked for.
    """
    height, width = edges.thin.shape
    centre, scale = np.array([width / 2, height / 2]), max(width, height) / 2
    runs = sorted(_runs(edges), key=lambda run: -_promise(run))[:MOST_RUNS]
    if not runs:
        return []
    mats, ends = [], []
    for run in runs:
        chosen = run[np.linspace(0, len(run) - 1, min(POINTS_A_RUN, len(run))).astype(int)]
        mats.append(scatter(chosen, centre, scale) * (len(run) / len(chosen)))
        ends.append(chosen)
    matrices = np.array(mats)
    one, other = np.triu_indices(len(runs))
    sums = matrices[one] + np.where((one == other)[:, None, None], 0, matrices[other])
    found = fit_ellipses(sums, centre, scale)
    found = _plausible(found, width, height, smallest_px)
    if not len(found):
        return []
    found = _best(found, edges, 160)
    return _refined(found, edges, centre, scale, smallest_px)


def _promise(run: Floats) -> float:
    """Length times how much it bends: a straight run fixes no ellipse."""
    chord = run[-1] - run[0]
    length = float(np.hypot(*chord)) + 1e-6
    off = np.abs((run[:, 0] - run[0, 0]) * chord[1] - (run[:, 1] - run[0, 1]) * chord[0]) / length
    return len(run) * min(1.0, 0.1 + float(off.max()) / 6)


def _plausible(found: Floats, width: int, height: int, smallest_px: float) -> Floats:
    with np.errstate(invalid="ignore"):
        good = (
            (found[:, 3] >= smallest_px)
            & (found[:, 2] <= 1.2 * max(width, height))
            & (found[:, 3] >= FLATTEST * found[:, 2])
            & (found[:, 0] > -0.3 * width)
            & (found[:, 0] < 1.3 * width)
            & (found[:, 1] > -0.3 * height)
            & (found[:, 1] < 1.3 * height)
        )
    return found[good]


def _worth(found: Floats, share: Floats, inside: Floats) -> Floats:
    # A long ellipse on few edges and a short one on many are both weak; chance support grows with clutter.
    return np.asarray((share - 0.15) * inside * np.sqrt(found[:, 2] + found[:, 3]))


def _best(found: Floats, edges: Edges, most: int) -> Floats:
    share, inside = support(found, edges.thin, edges.direction)
    worth = _worth(found, share, inside)
    order = np.argsort(-worth, kind="stable")[: 4 * most]
    kept: list[int] = []
    for index in order:
        if worth[index] <= 0 or len(kept) == most:
            break
        if not any(_same(found[index], found[other]) for other in kept):
            kept.append(int(index))
    return found[kept]


def _same(one: Floats, other: Floats) -> bool:
    size = one[3]
    apart = float(np.hypot(one[0] - other[0], one[1] - other[1]))
    return bool(
        apart < 0.06 * size
        and abs(one[2] - other[2]) < 0.06 * size + 1.5
        and abs(one[3] - other[3]) < 0.06 * size + 1.5
    )


def _refined(found: Floats, edges: Edges, centre: Floats, scale: float, smallest_px: float) -> list[EdgeEllipse]:
    """Fitted again to all edge pixels near and along each ellipse."""
    height, width = edges.thin.shape
    turns = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    for reach in (4.0, 2.0):
        matrices = []
        spots = points_on(found, turns)
        ahead = points_on(found, turns + 0.01) - spots
        normals = np.arctan2(ahead[..., 0], -ahead[..., 1])
        for spot, normal, before in zip(spots, normals, found, strict=True):
            hits = []
            for step in np.arange(-reach, reach + 1):
                x = np.round(spot[:, 0] + step * np.cos(normal)).astype(int)
                y = np.round(spot[:, 1] + step * np.sin(normal)).astype(int)
                ok = (x >= 0) & (x < width) & (y >= 0) & (y < height)
                x, y, way = x[ok], y[ok], normal[ok]
                on = np.asarray(edges.thin[y, x] & (np.abs(np.cos(edges.direction[y, x] - way)) > 0.9))
                hits.append(np.stack([x[on], y[on]], axis=1))
            points = np.concatenate(hits).astype(np.float64)
            if len(points) < 12:
                points = points_on(before, turns)[0]
            matrices.append(scatter(points, centre, scale))
        fitted = fit_ellipses(np.array(matrices), centre, scale)
        bad = np.asarray(~np.isfinite(fitted).all(axis=1))
        found = np.where(bad[:, None], found, fitted)
    found = _plausible(found, width, height, smallest_px)
    if not len(found):
        return []
    found = _best(found, edges, MOST_ELLIPSES)
    if not len(found):
        return []
    share, inside = support(found, edges.thin, edges.direction)
    return [EdgeEllipse(*row) for row in zip(found, share.tolist(), inside.tolist(), strict=True)]
