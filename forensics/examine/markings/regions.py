"""Stretches of writing in a photograph, and the level picture of one: straight, turned, or unrolled from an arc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["Arc", "TextRegion", "straightened"]

MARGIN = 0.15
CROP_HEIGHT_PX = 48
LONGEST_CROP_PX = 1600


@dataclass(frozen=True)
class Arc:
    """The circle along which a line runs, in pixels of the photograph.

    ``start_deg`` and ``end_deg``: where the line begins and ends, of the point seen from the centre (x right, y down,
    clockwise positive); ``end_deg`` is larger when the tops of the letters point away from the centre.
    """

    centre: tuple[float, float]
    radius: float
    start_deg: float
    end_deg: float

    @property
    def outward(self) -> bool:
        """Whether the tops of the letters point away from the centre."""
        return self.end_deg > self.start_deg


@dataclass(frozen=True)
class TextRegion:
    """One line of writing.

    quad : corners in pixels of the photograph, x right, y down: top left, top right, bottom right, bottom left *as the
        line reads*. Of a line along a circle, the level box around all of it.
    direction_deg : which way the line reads, 0 to the right, 90 down, 180 upside down, -90 up.
    height_px : height of the line across its direction.
    score : 0 to 1, how clearly it is writing; not a probability.
    way_sureness : 0 to 1, how clearly it reads this way and not the other way round; below about 0.7 keep both.
    arc : the circle, of a line along one.
    """

    quad: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
    direction_deg: float
    height_px: float
    score: float
    way_sureness: float = 1.0
    arc: Arc | None = None

    def turned(self) -> TextRegion:
        """The same stretch read the other way."""
        first, second, third, fourth = self.quad
        arc = self.arc and Arc(self.arc.centre, self.arc.radius, self.arc.end_deg, self.arc.start_deg)
        angle = self.direction_deg - 180.0 if self.direction_deg > 0 else self.direction_deg + 180.0
        return TextRegion((third, fourth, first, second), angle, self.height_px, self.score, self.way_sureness, arc)


def straightened(
    picture: npt.NDArray[np.uint8], region: TextRegion, margin: float = MARGIN, height_px: int = CROP_HEIGHT_PX
) -> npt.NDArray[np.uint8]:
    """The line level and upright, with a margin of so many of its heights on every side.

    picture : (height, width) or (height, width, 3) uint8; the crop has as many channels and is ``height_px`` high.
    """
    if region.arc is not None:
        return _unrolled(picture, region, region.arc, margin, height_px)
    corners = np.array(region.quad, dtype=np.float64)
    long, high = _sides(corners)
    right = (corners[1] - corners[0] + corners[2] - corners[3]) / 2
    down = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
    across = right / max(float(np.linalg.norm(right)), 1e-6) * margin * high
    along = down / max(float(np.linalg.norm(down)), 1e-6) * margin * high
    grown = corners + np.array([-across - along, across - along, across + along, -across + along])
    wide = _width((long + 2 * margin * high) / max(high * (1 + 2 * margin), 1e-6) * height_px)
    goal = np.array([[0, 0], [wide, 0], [wide, height_px], [0, height_px]], dtype=np.float32)
    # Reduced by area first: a perspective change alone drops pixels of large letters.
    shrink = min(1.0, 1.5 * height_px / max(high * (1 + 2 * margin), 1e-6))
    low = np.maximum(np.floor(grown.min(axis=0)).astype(int) - 2, 0)
    top = np.minimum(np.ceil(grown.max(axis=0)).astype(int) + 3, (picture.shape[1], picture.shape[0]))
    if (top - low < 2).any():
        return np.zeros((height_px, wide, *picture.shape[2:]), dtype=np.uint8)
    piece = picture[low[1] : top[1], low[0] : top[0]]
    if shrink < 1.0:
        size = (max(1, round(piece.shape[1] * shrink)), max(1, round(piece.shape[0] * shrink)))
        piece = np.asarray(cv2.resize(piece, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    scale = np.array([piece.shape[1] / (top[0] - low[0]), piece.shape[0] / (top[1] - low[1])])
    change = cv2.getPerspectiveTransform(((grown - low) * scale).astype(np.float32), goal)
    made = cv2.warpPerspective(
        piece, change, (wide, height_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(made, dtype=np.uint8)


def _unrolled(
    picture: npt.NDArray[np.uint8], region: TextRegion, arc: Arc, margin: float, height_px: int
) -> npt.NDArray[np.uint8]:
    high = region.height_px
    sweep = np.deg2rad(arc.end_deg - arc.start_deg)
    extra = np.sign(sweep) * margin * high / arc.radius
    wide = _width((abs(sweep) * arc.radius + 2 * margin * high) / (high * (1 + 2 * margin)) * height_px)
    angles = np.linspace(np.deg2rad(arc.start_deg) - extra, np.deg2rad(arc.end_deg) + extra, wide)
    reach = (0.5 + margin) * high * (1.0 if arc.outward else -1.0)
    radii = np.linspace(arc.radius + reach, arc.radius - reach, height_px)
    map_x = (arc.centre[0] + radii[:, None] * np.cos(angles)).astype(np.float32)
    map_y = (arc.centre[1] + radii[:, None] * np.sin(angles)).astype(np.float32)
    # Only what the line covers is softened before it is reduced.
    low = np.maximum(np.floor([map_x.min(), map_y.min()]).astype(int) - 4, 0)
    top = np.minimum(np.ceil([map_x.max(), map_y.max()]).astype(int) + 5, (picture.shape[1], picture.shape[0]))
    if (top - low < 2).any():
        return np.zeros((height_px, wide, *picture.shape[2:]), dtype=np.uint8)
    piece = picture[low[1] : top[1], low[0] : top[0]]
    step = high * (1 + 2 * margin) / height_px
    if step > 1.5:
        piece = np.asarray(cv2.GaussianBlur(piece, (0, 0), 0.4 * step), dtype=np.uint8)
    shift_x, shift_y = map_x - np.float32(low[0]), map_y - np.float32(low[1])
    made = cv2.remap(piece, shift_x, shift_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, dtype=np.uint8)


def _sides(corners: Floats) -> tuple[float, float]:
    long = (np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    high = (np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    return float(long), float(high)


def _width(wanted: float) -> int:
    return int(np.clip(round(wanted), 8, LONGEST_CROP_PX))
