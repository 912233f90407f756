"""What is wrong with a photograph, said while the item is still in reach: and how to take a better one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.model.evidence import PhotographFault

if TYPE_CHECKING:
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]

__all__ = ["Measures", "faults_in", "faults_of", "measure", "small_writing"]

WORKING_SIDE_PX = 1600
SMALLEST_SIDE_PX = 640
"""A photograph with a shorter long side was scaled down on the way (messengers do) or cut out of another."""

DARK_MEDIAN, DARK_HIGH = 38.0, 105.0
FLAT_RANGE = 40.0
BLURRED = 0.55
"""Crete's measure at 1600 pixels: sharp photographs .2 to .45, a blur of two pixels gives .53."""

GLARE_SHARE = 0.008
GLARE_LEVEL = 250
BLOCKS = 2.0
SMALL_WRITING_PX = 16.0
"""Height of line below which readers lose most characters."""


@dataclass(frozen=True)
class Measures:
    """Of one photograph: grey levels 0 to 255, blur 0 (sharp) to 1, shares 0 to 1, block edges relative to others."""

    long_side_px: int
    median: float
    high: float
    spread: float
    blur: float
    glare: float
    blocks: float


def measure(grey: Grey) -> Measures:
    """Measure a picture, (height, width) uint8, as it came from the camera."""
    scale = min(1.0, WORKING_SIDE_PX / max(grey.shape))
    small = np.asarray(
        cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey, dtype=np.uint8
    )
    low, median, high = (float(value) for value in np.percentile(small, (2, 50, 98)))
    return Measures(max(grey.shape), median, high, high - low, _blur(small), _glare(small), _blocks(grey))


def faults_in(rgb: npt.NDArray[np.uint8], heights_px: Sequence[float] = ()) -> tuple[PhotographFault, ...]:
    """What is wrong with an upright RGB photograph, given the heights of the lines of writing found on it."""
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    small = small_writing(heights_px)
    return faults_of(measure(grey)) + ((small,) if small is not None else ())


def faults_of(measures: Measures) -> tuple[PhotographFault, ...]:
    """What is wrong with the photograph, the worst first; each with what to do about it."""
    found: list[PhotographFault] = []
    if measures.median < DARK_MEDIAN and measures.high < DARK_HIGH:
        found.append(
            PhotographFault(
                fault="dark",
                message="the photograph is too dark",
                advice="Take it again with a lamp held low from the side; light from the side shows stamped marks.",
            )
        )
    elif measures.spread < FLAT_RANGE:
        found.append(
            PhotographFault(
                fault="flat",
                message="the photograph has almost no contrast",
                advice="Wipe the lens, leave the haze or dust, and light the surface from one side.",
            )
        )
    if measures.blur > BLURRED and measures.spread >= FLAT_RANGE:
        found.append(
            PhotographFault(
                fault="blurred",
                message="the photograph is blurred",
                advice="Rest the camera on something, touch the mark on the screen to focus, and take three.",
            )
        )
    if measures.glare > GLARE_SHARE and measures.median < 200:
        found.append(
            PhotographFault(
                fault="glare",
                message="light is reflected into the camera and whitens part of the surface",
                advice="Switch the flash off, shade the surface, or move until the reflection leaves the mark.",
            )
        )
    if measures.long_side_px < SMALLEST_SIDE_PX:
        found.append(
            PhotographFault(
                fault="small",
                message=f"the photograph has only {measures.long_side_px} pixels on its longer side",
                advice="Send the original file, not a preview or a copy out of a messenger.",
            )
        )
    elif measures.blocks > BLOCKS:
        found.append(
            PhotographFault(
                fault="compressed",
                message="the photograph was compressed hard: its blocks show",
                advice="Send the original file, as a document where a messenger is used.",
            )
        )
    return tuple(found)


def small_writing(heights_px: Sequence[float]) -> PhotographFault | None:
    """The fault of writing that is too small to be read, from the heights of the lines found."""
    tiny = [height for height in heights_px if height < SMALL_WRITING_PX]
    if not tiny:
        return None
    where = "the writing" if len(tiny) == len(heights_px) else f"part of the writing ({len(tiny)} places)"
    return PhotographFault(
        fault="small_writing",
        message=f"{where} is only {min(tiny):.0f} pixels high",
        advice="Go closer, until the mark fills at least a quarter of the picture's width.",
    )


def _blur(grey: Grey) -> float:
    """Perceptual blur (Crete and others 2007): how little a picture changes when it is blurred once more.

    Taken over the tenth of the picture with the strongest edges: an even wall is not blurred.
    """
    if min(grey.shape) < 16:
        return 0.0
    picture = grey.astype(np.float32)
    out = []
    for axis, size in ((1, (1, 9)), (0, (9, 1))):
        again = cv2.blur(picture, size[::-1])
        sharp = np.abs(np.diff(picture, axis=axis))
        soft = np.abs(np.diff(again, axis=axis))
        lost = np.maximum(0.0, sharp - soft)
        strong = sharp >= max(6.0, float(np.percentile(sharp, 90)))
        total = float(sharp[strong].sum())
        out.append(1.0 if total <= 0 else 1.0 - float(lost[strong].sum()) / total)
    return max(out)


def _glare(grey: Grey) -> float:
    """Share of the picture in burnt-out spots. A white ground, which reaches the edge of the picture, is none."""
    scale = min(1.0, 480 / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    burnt = np.asarray(np.asarray(small) >= GLARE_LEVEL, dtype=np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(burnt, connectivity=8)
    height, width = burnt.shape
    total = 0
    for x, y, wide, high, area in stats[1:count].tolist():
        inside = x > 0 and y > 0 and x + wide < width and y + high < height
        if inside and area >= 12 and area < 0.25 * burnt.size:
            total += area
    return total / burnt.size


def _blocks(grey: Grey) -> float:
    """How much stronger steps are on the 8 pixel grid of JPEG than beside it."""
    if min(grey.shape) < 64:
        return 1.0
    part = grey[: min(grey.shape[0], 2048), : min(grey.shape[1], 2048)].astype(np.float32)
    steps = np.abs(np.diff(part, axis=1)).mean(axis=0)
    on = float(np.mean(steps[7::8]))
    beside = float(np.mean([np.mean(steps[shift::8]) for shift in (2, 3, 4)]))
    return on / max(beside, 0.3)
