"""Crops turned level: from a stretch or a box of the picture to one line of a fixed height."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["LINE_HEIGHT_PX", "bridged", "dark_on_light", "is_flat", "level_crop", "turned"]

LINE_HEIGHT_PX = 64
LONGEST_LINE_PX = 1400
BRIDGE_SHARE = 0.08
SOFTEN_SHARE = 0.025
"""Gap closed and blur, as shares of the line's height."""


def level_crop(
    grey: npt.NDArray[np.uint8], corners: npt.NDArray[np.float64], height_px: int = LINE_HEIGHT_PX
) -> npt.NDArray[np.uint8]:
    """The quadrilateral as a level picture of the given height, in proportion.

    Parameters
    ----------
    grey : (height, width) uint8
    corners : (4, 2) float
        x and y, clockwise from the corner that becomes the top left. What lies outside the picture repeats its edge.
    height_px : int
        Height of the result.
    """
    quad = np.asarray(corners, dtype=np.float32)
    along = float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    across = max(float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2, 1e-6)
    width_px = min(max(round(along / across * height_px), 8), LONGEST_LINE_PX)
    # Much larger writing is first brought near the target size, or the turn would skip pixels and leave jagged edges.
    shrink = height_px / across
    if shrink < 0.6:
        low = np.floor(quad.min(axis=0)).astype(int) - 4
        high = np.ceil(quad.max(axis=0)).astype(int) + 4
        low = np.clip(low, 0, [grey.shape[1] - 1, grey.shape[0] - 1])
        high = np.clip(high, low + 1, [grey.shape[1], grey.shape[0]])
        window = grey[low[1] : high[1], low[0] : high[0]]
        size = (max(1, round(window.shape[1] * shrink)), max(1, round(window.shape[0] * shrink)))
        factor = np.array([size[0] / window.shape[1], size[1] / window.shape[0]])
        grey = np.asarray(cv2.resize(window, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        quad = ((quad - low) * factor).astype(np.float32)
    target = np.array([[0, 0], [width_px, 0], [width_px, height_px], [0, height_px]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    crop = cv2.warpPerspective(
        grey, matrix, (width_px, height_px), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(crop, dtype=np.uint8)


def turned(corners: npt.NDArray[np.float64], quarters: int) -> npt.NDArray[np.float64]:
    """The same quadrilateral read from another side: its corners moved on by so many quarter turns."""
    return np.roll(corners, -(quarters % 4), axis=0)


def dark_on_light(crop: npt.NDArray[np.uint8], light: bool) -> npt.NDArray[np.uint8]:
    """The crop with dark writing: light writing is inverted."""
    return np.asarray(255 - crop if light else crop, dtype=np.uint8)


def bridged(crop: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The crop with thin light gaps in dark strokes closed and softened: the bridges of a stencil, worn paint.

    Readers trained on print take the gaps for ends of strokes; closed, a stencilled 112 is read at once.
    """
    side = max(2, round(crop.shape[0] * BRIDGE_SHARE))
    closed = cv2.morphologyEx(crop, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (side, side)))
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), crop.shape[0] * SOFTEN_SHARE), dtype=np.uint8)


def is_flat(crop: npt.NDArray[np.uint8]) -> bool:
    """Whether there is nothing in the crop that could be writing."""
    low, high = np.percentile(crop, (2, 98))
    return bool(high - low < 10)
