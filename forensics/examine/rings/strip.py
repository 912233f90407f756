"""The ring unrolled: a strip in which the circle is a straight line, and a thumbnail of what it lies on.

The strip is log-polar in the plane of the ring (radius exp(row / r), so heads keep their shape) and scaled so that
heads have one size whatever the ring's. Round it goes on where it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.ellipses import points_on

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Grey = npt.NDArray[np.float32]

__all__ = ["CELL", "HEAD_PX", "ROWS", "WRAP", "Layers", "Strip", "network_input", "unrolled"]

ROWS = 40
HEAD_PX = 5.5
"""Half width of a head in the strip."""

CELL = 4
STEP = 64
SHORTEST, LONGEST = 192, 1280
WRAP = 96
THUMB = 96
THUMB_REACH = 2.3
COARSEST_PX = 1.6
"""Pixels of the photograph per pixel of the strip above which a reduced copy is taken."""


class Layers:
    """A picture and its halves, each made when first asked for: many rings are looked at on one photograph."""

    def __init__(self, rgb: npt.NDArray[np.uint8]) -> None:
        self._levels = [rgb]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the picture itself."""
        return self._levels[0].shape[0], self._levels[0].shape[1]

    def at(self, coarse: float) -> tuple[npt.NDArray[np.uint8], Floats]:
        """The picture in which ``coarse`` pixels are at most ``COARSEST_PX``, and its size over the first (x, y)."""
        wanted = max(0, int(np.ceil(np.log2(max(coarse, 1e-6) / COARSEST_PX))))
        while len(self._levels) <= wanted and min(self._levels[-1].shape[:2]) >= 32:
            last = self._levels[-1]
            size = (last.shape[1] // 2, last.shape[0] // 2)
            self._levels.append(np.asarray(cv2.resize(last, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
        level = self._levels[min(wanted, len(self._levels) - 1)]
        return level, np.array([level.shape[1] / self.shape[1], level.shape[0] / self.shape[0]])


@dataclass(frozen=True)
class Strip:
    """``pixels`` (ROWS, length, 4): red, green, blue, and 255 where there is a picture. ``thumb`` (THUMB, THUMB, 4)."""

    pixels: npt.NDArray[np.uint8]
    thumb: npt.NDArray[np.uint8]
    ellipse: Floats

    @property
    def length(self) -> int:
        """Columns of a full turn."""
        return int(self.pixels.shape[1])

    @property
    def radius(self) -> float:
        """Columns of one radian."""
        return self.length / (2 * np.pi)

    def turns(self, columns: Floats) -> Floats:
        """Parameter angles in radians of columns."""
        return np.asarray((columns + 0.5) / self.radius)

    def spots(self, columns: Floats, rows: Floats) -> Floats:
        """Places (n, 2) in the photograph."""
        return placed(self.ellipse, self.turns(columns), np.exp((rows - (ROWS - 1) / 2) / self.radius))


def placed(ellipse: Floats, turns: Floats, factors: Floats) -> Floats:
    """Points (n, 2) at parameter angles, so many times as far from the centre as the ellipse is."""
    middle = ellipse[:2]
    return np.asarray(middle + (points_on(ellipse, turns)[0] - middle) * np.asarray(factors)[:, None])


def length_of(ellipse: Floats, head_px: float) -> int:
    """Columns such that heads come out ``HEAD_PX`` wide, or as near as the limits let them."""
    wanted = 2 * np.pi * HEAD_PX * float(ellipse[2]) / max(head_px, 1e-6)
    return int(np.clip(STEP * round(wanted / STEP), SHORTEST, LONGEST))


def unrolled(picture: npt.NDArray[np.uint8] | Layers, ellipse: Floats, head_px: float) -> Strip:
    """Unroll the picture along the ellipse.

    Parameters
    ----------
    picture : (height, width, 3) uint8, or its layers when several rings are looked at
    ellipse : (5,)
        The ring in pixels of the picture.
    head_px : float
        Half width of a head along the long axis.
    """
    layers = picture if isinstance(picture, Layers) else Layers(picture)
    length = length_of(ellipse, head_px)
    radius = length / (2 * np.pi)
    turns: Floats = np.asarray((np.arange(length) + 0.5) / radius, dtype=np.float64)
    factors = np.exp((np.arange(ROWS) - (ROWS - 1) / 2) / radius)
    edge = points_on(ellipse, turns)[0] - ellipse[:2]
    grid = ellipse[:2] + factors[:, None, None] * edge[None]
    coarse = float(np.sqrt(ellipse[2] * ellipse[3])) / radius
    strip = _sampled(layers, grid, coarse)
    line = ((np.arange(THUMB) + 0.5) / THUMB * 2 - 1) * THUMB_REACH
    u, v = np.meshgrid(line, line)
    direction = float(ellipse[4])
    c, s = np.cos(direction), np.sin(direction)
    # Turned back afterwards, so that up in the thumbnail is up in the photograph.
    along, across = u * c + v * s, -u * s + v * c
    x = ellipse[0] + ellipse[2] * along * c - ellipse[3] * across * s
    y = ellipse[1] + ellipse[2] * along * s + ellipse[3] * across * c
    thumb = _sampled(layers, np.stack([x, y], axis=2), float(ellipse[2]) * 2 * THUMB_REACH / THUMB)
    return Strip(strip, thumb, np.asarray(ellipse, dtype=np.float64))


def _sampled(layers: Layers, grid: Floats, coarse: float) -> npt.NDArray[np.uint8]:
    """The picture at the points of ``grid`` (rows, columns, 2) with a layer that says where there is a picture."""
    height, width = layers.shape
    inside = (
        (grid[..., 0] > -0.5) & (grid[..., 0] < width - 0.5) & (grid[..., 1] > -0.5) & (grid[..., 1] < height - 0.5)
    )
    picture, factor = layers.at(coarse)
    points = (grid + 0.5) * factor - 0.5
    x, y = (np.ascontiguousarray(np.clip(points[..., k], -1e4, 3e4), dtype=np.float32) for k in (0, 1))
    out = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    out[~inside] = 0
    return np.dstack([out, np.where(inside, 255, 0)]).astype(np.uint8)


def network_input(strip: Strip) -> tuple[Grey, Grey]:
    """What the reader is given: the strip (4, ROWS, length + 2 WRAP), going on round both ends, and the thumbnail."""
    inside = strip.pixels[..., 3] > 0
    held = strip.pixels[..., :3][inside].astype(np.float32)
    mean, spread = (held.mean(axis=0), float(held.std())) if len(held) else (np.zeros(3, np.float32), 1.0)

    def level(part: npt.NDArray[np.uint8]) -> Grey:
        there = part[..., 3:] > 0
        return np.dstack([(part[..., :3] - mean) / (spread + 8) * there, there]).astype(np.float32)

    flat = level(strip.pixels)
    around = np.concatenate([flat[:, -WRAP:], flat, flat[:, :WRAP]], axis=1)
    return around.transpose(2, 0, 1), level(strip.thumb).transpose(2, 0, 1)
