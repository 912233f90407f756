"""A proposed ring, straightened and read bolt by bolt.

The ellipse is made a circle, scaled so that heads have the size the finder is best at, and the finder looks again:
what it sees along the circle are the bolts. Nothing here knows of even spacing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.rings.finder import STRIDE, UNIT_RADIUS_PX, Fasteners, heat
from forensics.examine.rings.search import drawn_to

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["RingReading", "Straightened", "read_ring", "straighten"]

HEAD_PX = 7.0
SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX = 44.0, 230.0
MARGIN = 1.3
SURE_BOLT = 0.4
WEAKEST = 0.1
PATCH = 13
PATCH_REACH = 1.7
LIKENESS_GAIN = 5.0
LIKENESS_EVEN = 0.2
"""Likeness to the other heads at which nothing changes; above it a head is surer, below less sure."""
SURE_HOLE = 0.45


@dataclass(frozen=True)
class Straightened:
    """The plane of the ring seen face on: ``rgb`` with the circle of ``radius_px`` in its middle."""

    rgb: npt.NDArray[np.uint8]
    radius_px: float
    to_picture: Floats
    """(2, 3): from pixels of ``rgb`` to pixels of the photograph."""

    def back(self, points: Floats) -> Floats:
        """Points (n, 2) of the straightened picture in the photograph."""
        return np.asarray(points @ self.to_picture[:, :2].T + self.to_picture[:, 2])


@dataclass(frozen=True)
class RingReading:
    """What is on one ring. Angles in radians of the straightened picture (x to y, y down), sorted with all else."""

    ellipse: Floats
    turns: Floats
    spots: Floats
    sure: Floats
    alone: Floats
    """How sure the finder was of each bolt before it was compared with the others."""
    off: Floats
    """Distance of each bolt from the circle as a share of the head's half width, signed."""
    head_px: float
    hole_turns: Floats
    hole_spots: Floats
    profile: Floats
    """The finder's answer for heads at 720 angles."""
    head_share: float


def straighten(rgb: npt.NDArray[np.uint8], ellipse: Floats, head_px: float) -> Straightened:
    """The disc out to ``MARGIN`` times the ring."""
    x, y, a, b, direction = ellipse
    share = head_px / a
    radius = float(np.clip(HEAD_PX / share, SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX))
    side = int(np.ceil(2 * MARGIN * radius / STRIDE)) * STRIDE
    turn = np.array([[np.cos(direction), -np.sin(direction)], [np.sin(direction), np.cos(direction)]])
    # Turned back afterwards, so that up in the straightened picture is up in the photograph.
    shape = turn @ np.diag([a, b]) @ turn.T / radius
    middle = (side - 1) / 2
    matrix = np.column_stack([shape, np.array([x, y]) - shape @ np.array([middle, middle])])
    reduce = float(np.sqrt(a * b)) / radius
    source, level = rgb, matrix.copy()
    if reduce > 1.6:
        low = np.maximum(np.floor(np.array([x, y]) - 1.45 * a), 0).astype(int)
        high = np.minimum(np.ceil(np.array([x, y]) + 1.45 * a), [rgb.shape[1], rgb.shape[0]]).astype(int)
        if (high - low > 8).all():
            scale = 1 / reduce
            source = np.asarray(
                cv2.resize(
                    rgb[low[1] : high[1], low[0] : high[0]], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
                ),
                dtype=np.uint8,
            )
            level[:, 2] = (level[:, 2] - low + 0.5) * scale - 0.5
            level[:, :2] *= scale
    out = cv2.warpAffine(
        source,
        level,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(128, 128, 128),
    )
    return Straightened(np.asarray(out, dtype=np.uint8), radius, matrix)


def read_ring(rgb: npt.NDArray[np.uint8], ellipse: Floats, head_px: float, rounds: int = 2) -> RingReading:
    """Read the bolts on a ring; the circle follows what is found.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    ellipse : (5,)
        The ring in pixels of ``rgb``.
    head_px : float
        Half width of a head.
    """
    reading = None
    for _ in range(rounds):
        flat = straighten(rgb, ellipse, head_px)
        reading = _read(flat, ellipse, head_px)
        if len(reading.turns) < 3:
            break
        ellipse = drawn_to(reading.ellipse, reading.spots, reading.sure)
        head_px = float(np.clip(reading.head_px, 0.7 * head_px, 1.4 * head_px))
    assert reading is not None
    return reading


def _read(flat: Straightened, ellipse: Floats, head_px: float) -> RingReading:
    answer = heat(flat.rgb)
    middle, radius = (flat.rgb.shape[0] - 1) / 2, flat.radius_px
    head = head_px / ellipse[2] * radius
    found = _band(answer, middle, radius, head)
    alone = found.sure
    found = _alike(flat.rgb, found, head)
    rows = _distinct(found, np.flatnonzero(~found.hole & (found.sure > SURE_BOLT)), head)
    holes = found.only(_distinct(found, np.flatnonzero(found.hole & (found.sure > SURE_HOLE)), head))
    turns = np.arctan2(*(found.spots[rows] - middle).T[::-1])
    rows, turns = rows[np.argsort(turns, kind="stable")], np.sort(turns)
    bolts = found.only(rows)
    if len(bolts) and len(holes):
        clear = np.hypot(*np.moveaxis(holes.spots[:, None] - bolts.spots[None], 2, 0)).min(axis=1) > 1.5 * head
        holes = holes.only(clear)
    far = np.hypot(*(bolts.spots - middle).T)
    scale = float(ellipse[2]) / radius
    return RingReading(
        ellipse,
        turns,
        flat.back(bolts.spots) if len(bolts) else np.zeros((0, 2)),
        bolts.sure,
        alone[rows],
        (far - radius) / head,
        float(np.median(bolts.radii)) * scale if len(bolts) else head_px,
        np.arctan2(*(holes.spots - middle).T[::-1]) if len(holes) else np.zeros(0),
        flat.back(holes.spots) if len(holes) else np.zeros((0, 2)),
        _profile(answer, middle, radius, head),
        head / radius,
    )


def _profile(answer: npt.NDArray[np.float32], middle: float, radius: float, head: float) -> Floats:
    """The finder's answer for heads along the circle, the best over the width of a head."""
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    layer, profile = np.ascontiguousarray(answer[..., 0]), np.zeros(720)
    for shift in (-0.5, 0, 0.5):
        x = (middle + (radius + shift * head) * np.cos(angles) - 1.5) / STRIDE
        y = (middle + (radius + shift * head) * np.sin(angles) - 1.5) / STRIDE
        one = cv2.remap(layer, x.astype(np.float32)[None], y.astype(np.float32)[None], cv2.INTER_LINEAR)
        profile = np.maximum(profile, one[0])
    return profile


def _alike(rgb: npt.NDArray[np.uint8], found: Fasteners, head: float) -> Fasteners:
    """How sure, given what the others on the circle look like: heads of one ring look alike under one light."""
    heads = np.flatnonzero(~found.hole)
    if len(heads) < 4:
        return found
    grid = np.linspace(-PATCH_REACH, PATCH_REACH, PATCH) * head
    x = found.spots[heads, 0, None, None] + grid[None, None, :]
    y = found.spots[heads, 1, None, None] + grid[None, :, None]
    x, y = np.broadcast_arrays(x, y)
    flat = cv2.remap(
        rgb,
        x.reshape(len(heads), -1).astype(np.float32),
        y.reshape(len(heads), -1).astype(np.float32),
        cv2.INTER_LINEAR,
    )
    patches = flat.reshape(len(heads), PATCH * PATCH, 3).astype(np.float64)
    bell = np.exp(-0.5 * (grid[:, None] ** 2 + grid[None] ** 2) / (0.95 * head) ** 2).reshape(1, -1, 1)
    patches = (patches - (patches * bell).sum(axis=1, keepdims=True) / bell.sum()) * np.sqrt(bell)
    patches = patches.reshape(len(heads), -1)
    patches /= np.maximum(np.linalg.norm(patches, axis=1, keepdims=True), 40.0)
    sure = found.sure[heads]
    out = found.sure.copy()
    table = patches @ patches.T
    np.fill_diagonal(table, 0)
    # How like the others that are sure themselves: the mean over the surest half.
    weight = sure * (sure >= np.sort(sure)[-max(4, len(sure) // 2)])
    others = weight[None] * (1 - np.eye(len(heads)))
    like = (table * others).sum(axis=1) / np.maximum(others.sum(axis=1), 1e-6)
    odds = np.log(np.clip(sure, 1e-3, 0.999) / (1 - np.clip(sure, 1e-3, 0.999))) + LIKENESS_GAIN * (
        like - LIKENESS_EVEN
    )
    out[heads] = 1 / (1 + np.exp(-odds))
    return Fasteners(found.spots, found.radii, out, found.hole)


def _band(answer: npt.NDArray[np.float32], middle: float, radius: float, head: float) -> Fasteners:
    """Peaks of either kind near the circle, heads and holes apart."""
    parts = []
    for kind in (0, 1):
        layer = np.ascontiguousarray(answer[..., kind])
        y, x = np.nonzero((layer >= cv2.dilate(layer, np.ones((3, 3), np.uint8))) & (layer > WEAKEST))
        rows = answer[y, x]
        spots = np.stack([x + np.clip(rows[:, 3], -1, 1), y + np.clip(rows[:, 4], -1, 1)], axis=1) * STRIDE + 1.5
        near = np.abs(np.hypot(*(spots - middle).T) - radius) < 0.85 * head
        radii = UNIT_RADIUS_PX * np.exp(np.clip(rows[:, 2], -1.2, 1.4))
        near &= np.abs(np.log(radii / head)) < 0.8
        parts.append((spots[near], radii[near], rows[near, kind], np.full(int(near.sum()), kind == 1)))
    return Fasteners(
        *(
            np.concatenate(column).astype(bool if k == 3 else np.float64)
            for k, column in enumerate(zip(*parts, strict=True))
        )
    )


def _distinct(found: Fasteners, rows: npt.NDArray[np.intp], head: float) -> npt.NDArray[np.intp]:
    """Of several of the rows that would overlap the surest."""
    kept: list[int] = []
    for index in rows[np.argsort(-found.sure[rows], kind="stable")]:
        if kept and (np.hypot(*(found.spots[kept] - found.spots[index]).T) < 1.5 * head).any():
            continue
        kept.append(int(index))
    return np.array(kept, dtype=np.intp)
