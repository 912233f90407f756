"""Cells of the finder's answer joined into lines: where each begins and ends, and the circle along which it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.markings.regions import Arc, TextRegion

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Maps = npt.NDArray[np.float32]

__all__ = ["Cells", "distinct", "regions_of"]

THRESHOLDS = (0.7, 0.5, 0.3)
LEAST_SCORE = 0.5
SAME = 0.5
"""Two finds that share so much of what both cover are one."""

NESTED = 0.4
"""... and, where only one can stand, those of which the smaller lies so far in the larger."""

LEAST_CELLS = 3
INSET = 0.3
"""The network marks the middle of a line from so many heights after its beginning to as many before its end."""

NARROW_INSET = 0.28
"""... or so many widths, of what is narrower than high."""

BAND = 0.54
"""Height of the marked middle, of the line's."""

BRIDGES = (0.5, 0.2)
"""Gaps of up to twice so many heights between two characters are closed."""

LEAST_AGREEMENT = 0.75
"""Cells of one line agree on its axis this far (cosine), else they are no line."""

LEAST_ARC = 1.0
"""The marked middle of a line along a circle is at least so many heights long, else its circle is a guess."""

BENT_DEG = 18.0
"""A line whose direction turns less than this from end to end is straight enough."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The finder's answer: (rows, columns) each.

    chance : that the middle of a line runs here; cos, sin : which way it reads; height_px : how high it is;
    double_cos, double_sin : of twice the direction, which is the axis of the line without which way along it.
    """

    chance: Maps
    cos: Maps
    sin: Maps
    height_px: Maps
    double_cos: Maps
    double_sin: Maps


def regions_of(cells: Cells, step_px: int) -> list[TextRegion]:
    """Lines in pixels of the picture that the network saw, the clearest first; ``step_px`` pixels are one cell.

    Where one threshold breaks a line into characters or joins it to its neighbour another does not: lines are formed
    at several thresholds, and with gaps closed and nearly open, and what overlaps largely is one.
    """
    found: list[TextRegion] = []
    for threshold in THRESHOLDS:
        marked = cells.chance > threshold
        if not marked.any():
            continue
        for bridge in BRIDGES:
            found.extend(one for one in _formed(cells, marked, bridge, step_px) if one.score >= LEAST_SCORE)
    return distinct(found)


def distinct(found: list[TextRegion], nested: bool = False, most: int = 10**6) -> list[TextRegion]:
    """The clearest, without those that overlap a clearer one largely; ``nested`` also without what lies in one."""
    kept: list[TextRegion] = []
    for one in sorted(found, key=lambda one: (-one.score, one.quad)):
        if all(not _same(one, other, nested) for other in kept):
            kept.append(one)
            if len(kept) == most:
                break
    return kept


def _same(one: TextRegion, other: TextRegion, nested: bool) -> bool:
    first, second = np.array(one.quad, np.float32), np.array(other.quad, np.float32)
    if (first.min(0) > second.max(0)).any() or (second.min(0) > first.max(0)).any():
        return False
    shared, _ = cv2.intersectConvexConvex(first, second)
    areas = abs(cv2.contourArea(first)), abs(cv2.contourArea(second))
    whole = min(areas) if nested else sum(areas) - shared
    return bool(shared > (NESTED if nested else SAME) * max(whole, 1e-6))


def _formed(cells: Cells, marked: npt.NDArray[np.bool_], bridge: float, step_px: int) -> list[TextRegion]:
    """Lines out of the marked cells."""
    bridged = _bridged(cells, marked, bridge, step_px)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=8)
    labels[~marked] = 0
    out: list[TextRegion] = []
    for number in range(1, count):
        x, y, wide, high, area = (int(value) for value in stats[number])
        if area < LEAST_CELLS:
            continue
        window = (slice(y, y + high), slice(x, x + wide))
        rows, columns = np.nonzero(labels[window] == number)
        if len(rows) < LEAST_CELLS:
            continue
        own = (rows + y, columns + x)
        points = np.column_stack([own[1], own[0]]).astype(np.float64) * step_px + step_px / 2
        ways = _units(np.column_stack([cells.cos[own], cells.sin[own]]).astype(np.float64))
        half = np.arctan2(cells.double_sin[own], cells.double_cos[own]).astype(np.float64) / 2
        axes = np.column_stack([np.cos(half), np.sin(half)])
        region = _line(points, axes, ways, float(np.median(cells.height_px[own])), cells.chance[own], step_px)
        if region is not None:
            out.append(region)
    return out


def _bridged(cells: Cells, marked: npt.NDArray[np.bool_], bridge: float, step_px: int) -> npt.NDArray[np.uint8]:
    """The marked cells, and gaps between the characters of a widely spaced line closed along its axis."""
    out = marked.astype(np.uint8)
    rows, columns = np.nonzero(marked)
    half = np.arctan2(cells.double_sin[rows, columns], cells.double_cos[rows, columns]) / 2
    reach = bridge * cells.height_px[rows, columns] / step_px
    across, down = reach * np.cos(half), reach * np.sin(half)
    ends = np.round(np.stack([columns - across, rows - down, columns + across, rows + down], axis=1)).astype(int)
    for x0, y0, x1, y1 in ends.tolist():
        cv2.line(out, (x0, y0), (x1, y1), 1, 1)
    return out


def _units(vectors: Floats) -> Floats:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), dtype=np.float64)


def _line(points: Floats, axes: Floats, ways: Floats, height: float, chance: Maps, step_px: int) -> TextRegion | None:
    arc = _arc(points, axes, ways, height, step_px)
    if arc is None:
        along, agreement = _axis(points, axes, height)
        sure = float((ways @ along).mean())
        if sure < 0:
            along = -along
        quad, height = _box(points, along, height, step_px)
    else:
        tangents = _tangents(points, np.array(arc.centre))
        agreement = float(np.abs((tangents * axes).sum(axis=1)).mean())
        sure = float((tangents * ways).sum(axis=1).mean())
        along = _middle_of(arc)
        quad = _box_of_arc(arc, along, height)
    if agreement < LEAST_AGREEMENT:
        return None
    corners = tuple((float(x), float(y)) for x, y in quad)
    direction = float(np.rad2deg(np.arctan2(along[1], along[0])))
    score = float(chance.mean()) * agreement
    return TextRegion((corners[0], corners[1], corners[2], corners[3]), direction, height, score, abs(sure), arc)


def _axis(points: Floats, axes: Floats, height: float) -> tuple[Floats, float]:
    """The axis of a straight line, and how far its cells agree on it: along a long row of cells, else as told."""
    values, vectors = np.linalg.eigh(axes.T @ axes / len(axes))
    told, agreement = np.asarray(vectors[:, 1], dtype=np.float64), float(np.sqrt(values[1]))
    spread = points - points.mean(axis=0)
    values, vectors = np.linalg.eigh(spread.T @ spread / len(points))
    own = np.asarray(vectors[:, 1], dtype=np.float64)
    # The longer the row against its thickness, the better its own axis.
    if np.sqrt(values[1]) > 0.9 * height and values[1] > 6 * values[0] and abs(float(own @ told)) > 0.8:
        return own, agreement
    return told, agreement


def _length(seen: float, height: float) -> float:
    """Length of a line whose marked middle is so long."""
    long = seen + 2 * INSET * height
    return long if long * NARROW_INSET >= INSET * height else seen / (1 - 2 * NARROW_INSET)


def _box(points: Floats, along: Floats, height: float, step_px: int) -> tuple[Floats, float]:
    across = np.array([-along[1], along[0]])
    u, v = points @ along, points @ across
    seen_long, seen_high = float(np.ptp(u)) + step_px, float(np.ptp(v)) + step_px
    # The height that the network states, held to what the thickness of the band allows.
    height = float(np.clip(height, 0.6 * seen_high / BAND - step_px, 1.6 * seen_high / BAND))
    long = _length(seen_long, height)
    middle = along * (u.min() + u.max()) / 2 + across * (np.quantile(v, 0.1) + np.quantile(v, 0.9)) / 2
    return _corners(middle, along, across, long, height), height


def _corners(middle: Floats, along: Floats, across: Floats, long: float, high: float) -> Floats:
    x, y = along * long / 2, across * high / 2
    return np.array([middle - x - y, middle + x - y, middle + x + y, middle - x + y])


def _arc(points: Floats, axes: Floats, ways: Floats, height: float, step_px: int) -> Arc | None:
    """The circle on which the cells lie and to which their axes are tangent, if the line bends enough."""
    if len(points) < 8:
        return None
    # Every radius is square to its axis: (point - centre) . axis = 0, linear in the centre.
    centre, _, rank, _ = np.linalg.lstsq(axes, (points * axes).sum(axis=1), rcond=None)
    apart = points - centre
    radii = np.hypot(apart[:, 0], apart[:, 1])
    radius = float(np.median(radii))
    if rank < 2 or radius < 0.6 * height or float(np.std(radii)) > 0.4 * height:
        return None
    angles = np.arctan2(apart[:, 1], apart[:, 0])
    first = float(np.angle(np.exp(1j * angles).mean()))
    offsets = np.angle(np.exp(1j * (angles - first)))
    sweep = float(np.ptp(offsets))
    tangents = _tangents(points, centre)
    turn = float((tangents * ways).sum(axis=1).mean())
    # Circles fitted to straight rows with wavering directions do not follow the row: the row bends less than they say.
    straight = float(np.sqrt(np.linalg.eigvalsh(np.cov(points.T))[0]))
    long_enough = sweep * radius > LEAST_ARC * height and float(np.std(radii)) < 0.8 * straight
    bends = long_enough and np.rad2deg(sweep) >= BENT_DEG and radius * (1 - np.cos(sweep / 2)) >= 0.12 * height
    if not bends or float(np.abs((tangents * axes).sum(axis=1)).mean()) < 0.8:
        return None
    middle = radius + float(np.median(radii - radius))
    seen = sweep * radius + step_px
    extra = (_length(seen, height) - sweep * radius) / 2 / radius
    low, high = first + offsets.min() - extra, first + offsets.max() + extra
    if high - low > 2 * np.pi:
        low, high = first - np.pi, first + np.pi
    start, end = (low, high) if turn > 0 else (high, low)
    return Arc((float(centre[0]), float(centre[1])), middle, float(np.rad2deg(start)), float(np.rad2deg(end)))


def _tangents(points: Floats, centre: Floats) -> Floats:
    """Clockwise (x right, y down) around the centre, (points, 2)."""
    apart = points - centre
    return _units(np.column_stack([-apart[:, 1], apart[:, 0]]))


def _middle_of(arc: Arc) -> Floats:
    """Which way the line reads where it is halfway."""
    middle = np.deg2rad((arc.start_deg + arc.end_deg) / 2)
    return np.array([-np.sin(middle), np.cos(middle)]) * (1.0 if arc.outward else -1.0)


def _box_of_arc(arc: Arc, along: Floats, height: float) -> Floats:
    angles = np.deg2rad(np.linspace(arc.start_deg, arc.end_deg, 24))
    rim = np.concatenate(
        [
            np.array(arc.centre) + radius * np.column_stack([np.cos(angles), np.sin(angles)])
            for radius in (arc.radius - height / 2, arc.radius + height / 2)
        ]
    )
    across = np.array([-along[1], along[0]])
    u, v = rim @ along, rim @ across
    centre = along * (u.min() + u.max()) / 2 + across * (v.min() + v.max()) / 2
    return _corners(centre, along, across, float(np.ptp(u)), float(np.ptp(v)))
