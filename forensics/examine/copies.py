"""Reduced copies of a photograph for a report: the whole, and each region that something was read from.

The originals stay where they are; a page that is sent around must stay small (under 10 MB for twenty photographs) and
still let a reader check a reading against the pixels it was made from.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from forensics.examine.imaging.frame import clip, to_upright
from forensics.examine.imaging.pixels import load
from forensics.model.evidence import Box

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["report_copies"]

WHOLE_PX = 1280
"""Longest side of the whole photograph: sharp over the width of an A4 page (about 180 dots per inch)."""
REGION_PX = 640
MARGIN = 0.15
"""Of the region's longer side, on every side: a reader sees what the mark stands on."""
QUALITY = 76


def report_copies(path: Path, boxes: Iterable[Box]) -> tuple[bytes, dict[Box, bytes]]:
    """The upright photograph as a JPEG of ``WHOLE_PX`` at most, and each region as one of ``REGION_PX`` at most.

    ``boxes`` are in pixels of the stored original; one that lies outside it gets no copy. The same input gives the same
    bytes.

    Raises
    ------
    PhotographError
        The photograph cannot be read.
    """
    pixels = load(path)
    stored = (pixels.stored_width_px, pixels.stored_height_px)
    regions: dict[Box, bytes] = {}
    for box in boxes:
        inside = clip(box, *stored)
        if inside is None:
            continue
        part = to_upright(inside, pixels.orientation, *stored)
        margin = round(MARGIN * max(part.width, part.height))
        top, left = max(0, part.y - margin), max(0, part.x - margin)
        bottom, right = part.y + part.height + margin, part.x + part.width + margin
        regions[box] = _jpeg(pixels.rgb[top:bottom, left:right], REGION_PX)
    return _jpeg(pixels.rgb, WHOLE_PX), regions


def _jpeg(rgb: npt.NDArray[np.uint8], longest_px: int) -> bytes:
    picture = Image.fromarray(rgb)
    picture.thumbnail((longest_px, longest_px))
    written = io.BytesIO()
    picture.save(written, format="JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
