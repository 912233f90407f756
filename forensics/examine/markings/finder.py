"""Where writing stands in a photograph, which way it reads, how high it is: a network over tiles at several sizes.

What it was trained on, its figures and its limits: ``docs/models/text-finder.md``.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.markings.grouping import Cells, distinct, regions_of
from forensics.examine.markings.regions import Arc, TextRegion
from forensics.examine.markings.weights import packaged

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

__all__ = ["MOST_REGIONS", "find_in_box", "find_text", "finder_version", "trained"]

STEP_PX = 4
"""One cell of the network's answer stands for so many pixels of what it sees."""

CHANNELS = 6
TILE_PX = 512
OVERLAP_PX = 64
MULTIPLE_PX = 32
MOST_PIXELS = 16_000_000
"""Larger photographs are reduced to this before the finest look: smaller writing would not be legible anyway."""

SMALL_SIDE_PX = 700
"""A photograph smaller than this is looked at in double size too."""

LEAST_SIDE_PX = 96
LEAST_HEIGHT_PX = 7.5
MOST_HEIGHT_PX = 150.0
FLAT_SPREAD = 1.5
"""Tiles whose grey levels spread less than this hold nothing."""

BOX_HEIGHTS_PX = (64, 128)
BOX_MARGIN = 0.5
MOST_BOX_WIDTH_PX = 900
LEAST_SHARE = 0.2
"""Lines lower than this share of a given box are dirt or the print of a neighbour."""

SPREAD_FLOOR = 2.0
MOST_REGIONS = 60


def finder_version() -> tuple[str, str]:
    """Version and SHA-256 of the finder's weights."""
    network = packaged("finder")
    return network.version, network.digest


def find_text(pixels: npt.NDArray[np.uint8], most: int = MOST_REGIONS) -> tuple[TextRegion, ...]:
    """Lines of writing in a photograph, the clearest first.

    Parameters
    ----------
    pixels : (height, width, 3) RGB or (height, width) grey, uint8
        Upright as taken. Looked at in tiles, at sizes a factor of two apart: memory stays bounded.
    most : int
        How many are kept.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or not pixels.size:
        raise ValueError(
            f"a picture must be uint8 (height, width[, 3]) and not empty; got {pixels.shape} {pixels.dtype}"
        )
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    found: list[TextRegion] = []
    for level, scale in _levels(grey):
        for region in regions_of(_seen(level), STEP_PX):
            if LEAST_HEIGHT_PX <= region.height_px <= MOST_HEIGHT_PX:
                found.append(_mapped(region, np.array([[1.0 / scale, 0.0, 0.0], [0.0, 1.0 / scale, 0.0]])))
    return tuple(distinct(found, most=most))


def trained() -> bool:
    """Whether the finder's weights are packaged."""
    return files("forensics.examine.markings").joinpath("finder.onnx").is_file()


def find_in_box(pixels: npt.NDArray[np.uint8], box: TextRegion) -> tuple[TextRegion, ...]:
    """Lines of writing inside a box that is known to hold some, in reading order.

    Splits marks of two lines, and finds the circle of a legend that bends through the box. The box is looked at level,
    at two sizes, with its surroundings.

    Parameters
    ----------
    pixels : (height, width, 3) RGB or (height, width) grey, uint8.
    box : of which the corners count; which way it reads is taken as given.
    """
    grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    corners = np.array(box.quad, dtype=np.float64)
    high = float(np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    long = float(np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    right = corners[1] - corners[0] + corners[2] - corners[3]
    turn = float(np.arctan2(right[1], right[0]))
    found: list[TextRegion] = []
    for goal in BOX_HEIGHTS_PX:
        scale = min(goal / max(high, 1.0), MOST_BOX_WIDTH_PX / max(long, 1.0))
        size = (round(scale * (long + 2 * BOX_MARGIN * high)), round(scale * (high + 2 * BOX_MARGIN * high)))
        cos, sin = scale * np.cos(turn), scale * np.sin(turn)
        change = np.array([[cos, sin, 0.0], [-sin, cos, 0.0]])
        change[:, 2] = np.array(size) / 2 - change[:, :2] @ corners.mean(axis=0)
        softened = grey if scale > 0.7 else cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)
        level = cv2.warpAffine(softened, change, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for region in regions_of(_seen(np.asarray(level, dtype=np.uint8)), STEP_PX):
            middle = np.mean(region.quad, axis=0) - np.array(size) / 2
            inside = abs(middle[0]) < scale * long / 2 and abs(middle[1]) < scale * high / 2
            if inside and region.height_px > LEAST_SHARE * scale * high:
                found.append(_mapped(region, np.asarray(cv2.invertAffineTransform(change), dtype=np.float64)))
    kept = distinct(found, nested=True)
    down = np.array([-np.sin(turn), np.cos(turn)])
    return tuple(sorted(kept, key=lambda one: float(np.mean(one.quad, axis=0) @ down)))


def _levels(grey: npt.NDArray[np.uint8]) -> list[tuple[npt.NDArray[np.uint8], float]]:
    """The photograph at sizes a factor of two apart, the largest first, with the scale of each."""
    height, width = grey.shape
    scale = min(1.0, (MOST_PIXELS / (height * width)) ** 0.5)
    if max(height, width) < SMALL_SIDE_PX:
        scale = 2.0
    out: list[tuple[npt.NDArray[np.uint8], float]] = []
    while True:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        if out and max(size) < LEAST_SIDE_PX:
            return out
        way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        level = (
            grey if size == (width, height) else np.asarray(cv2.resize(grey, size, interpolation=way), dtype=np.uint8)
        )
        out.append((level, size[0] / width))
        scale /= 2


def _seen(level: npt.NDArray[np.uint8]) -> Cells:
    """The network's answer over the whole of one size, tile by tile."""
    height, width = level.shape
    rows, columns = -(-height // STEP_PX), -(-width // STEP_PX)
    cells = np.zeros((CHANNELS, rows, columns), np.float32)
    cells[0] = -20.0
    network = packaged("finder")
    for y in _starts(height):
        for x in _starts(width):
            tile = level[y : y + TILE_PX, x : x + TILE_PX]
            spread = float(tile.std())
            if spread < FLAT_SPREAD:
                continue
            high, wide = (-(-side // MULTIPLE_PX) * MULTIPLE_PX for side in tile.shape)
            ready = np.zeros((1, 1, high, wide), np.float32)
            ready[0, 0, : tile.shape[0], : tile.shape[1]] = (tile - float(tile.mean())) / (spread + SPREAD_FLOOR)
            answer = network.run(ready)[0]
            # Each tile answers for its own middle; only at the border of the photograph for its rim too.
            top, left = (0 if at == 0 else OVERLAP_PX // 2 // STEP_PX for at in (y, x))
            own = answer[:, top : -(-tile.shape[0] // STEP_PX), left : -(-tile.shape[1] // STEP_PX)]
            row, column = y // STEP_PX + top, x // STEP_PX + left
            spot = cells[:, row : row + own.shape[1], column : column + own.shape[2]]
            spot[:] = own[:, : spot.shape[1], : spot.shape[2]]
    chance = 1.0 / (1.0 + np.exp(-np.clip(cells[0], -30, 30)))
    return Cells(chance, cells[1], cells[2], 16.0 * np.exp2(np.clip(cells[3], -3, 5)), cells[4], cells[5])


def _starts(side: int) -> list[int]:
    if side <= TILE_PX:
        return [0]
    step = TILE_PX - OVERLAP_PX
    starts = list(range(0, side - TILE_PX, step))
    return [*starts, (side - TILE_PX) // STEP_PX * STEP_PX]


def _mapped(region: TextRegion, change: npt.NDArray[np.float64]) -> TextRegion:
    """The region in another picture; ``change`` turns, scales and shifts, (2, 3)."""

    def moved(point: tuple[float, float]) -> tuple[float, float]:
        x, y = change[:, :2] @ np.array(point) + change[:, 2]
        return float(x), float(y)

    first, second, third, fourth = (moved(corner) for corner in region.quad)
    factor = float(np.hypot(change[0, 0], change[1, 0]))
    turn = float(np.rad2deg(np.arctan2(change[1, 0], change[0, 0])))
    arc = region.arc
    if arc is not None:
        arc = Arc(moved(arc.centre), arc.radius * factor, arc.start_deg + turn, arc.end_deg + turn)
    direction = (region.direction_deg + turn + 180.0) % 360.0 - 180.0
    height = region.height_px * factor
    return replace(region, quad=(first, second, third, fourth), direction_deg=direction, height_px=height, arc=arc)
