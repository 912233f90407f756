"""The same crop prepared in several ways: readers fail on different ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]

__all__ = ["VARIANTS", "evened", "inverted", "local_contrast", "prepared"]

VARIANTS = ("grey", "inverted", "contrast", "evened")


def prepared(crop: Grey, variant: str) -> Grey:
    """One of ``VARIANTS`` of a crop, (height, width) uint8."""
    return {"grey": stretched, "inverted": inverted, "contrast": local_contrast, "evened": evened}[variant](crop)


def stretched(crop: Grey) -> Grey:
    """Grey levels spread from the first to the last percentile: a dark photograph reads like a bright one."""
    low, high = (float(value) for value in np.percentile(crop, (1, 99)))
    if high - low < 4:
        return crop
    scale = 255.0 / (high - low)
    return np.asarray(np.clip((crop.astype(np.float32) - low) * scale, 0, 255), dtype=np.uint8)


def inverted(crop: Grey) -> Grey:
    """Light for dark."""
    return np.asarray(255 - stretched(crop), dtype=np.uint8)


def local_contrast(crop: Grey) -> Grey:
    """Contrast evened in small fields (CLAHE)."""
    return np.asarray(cv2.createCLAHE(clipLimit=3.0, tileGridSize=(2, 6)).apply(crop), dtype=np.uint8)


def evened(crop: Grey) -> Grey:
    """The slow course of the ground taken out: shading, rust, a shadow across the line."""
    wide = cv2.GaussianBlur(crop, (0, 0), max(2.0, 0.6 * crop.shape[0]), borderType=cv2.BORDER_REPLICATE)
    flat = crop.astype(np.float32) - wide.astype(np.float32)
    spread = max(6.0, float(np.percentile(np.abs(flat), 98)))
    return np.asarray(np.clip(128.0 + flat * (120.0 / spread), 0, 255), dtype=np.uint8)
