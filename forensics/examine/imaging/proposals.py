"""Where writing may stand: chains of similar dark or light shapes, found by contrast at several sizes.

Classical and modest: on photographs of real markings it finds about four of ten. Shapes of different thresholds
are never pooled before they are chained: one threshold's dirt bridges the lines of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["WORKING_SIDE_PX", "Proposal", "propose"]

WORKING_SIDE_PX = 2000
"""Proposals are searched at this long side at most; crops are cut from the original."""

MOST_PROPOSALS = 48
MOST_SHAPES = 900
SMALLEST_SHAPE_PX = 7
ADAPTIVE_WINDOWS = (25, 61)
HAT_SIDES = (15, 41)


@dataclass(frozen=True)
class Proposal:
    """A stretch that may be one line of writing, in pixels of the picture it was searched in.

    ``angle_deg`` turns the line level when the picture is turned by it (counter-clockwise positive on screen is
    not used here: it is OpenCV's angle, x right, y down, clockwise positive). ``light`` when the writing is
    lighter than its ground. ``score`` orders proposals and means nothing else.
    """

    centre: tuple[float, float]
    length: float
    height: float
    angle_deg: float
    light: bool
    score: float

    def corners(self, margin: float = 0.0) -> npt.NDArray[np.float64]:
        """The four corners, (4, 2), clockwise from the top left of the line, grown by ``margin`` line heights."""
        turn = np.deg2rad(self.angle_deg)
        along = np.array([np.cos(turn), np.sin(turn)]) * (self.length / 2 + margin * self.height)
        across = np.array([-np.sin(turn), np.cos(turn)]) * (self.height / 2 + margin * self.height)
        middle = np.array(self.centre)
        return np.array(
            [middle - along - across, middle + along - across, middle + along + across, middle - along + across]
        )


def propose(grey: npt.NDArray[np.uint8], most: int = MOST_PROPOSALS) -> tuple[Proposal, ...]:
    """Proposals in a grey picture, the best first.

    Parameters
    ----------
    grey : (height, width) uint8
        Any size; it is searched at ``WORKING_SIDE_PX`` at most.
    most : int
        How many are kept.
    """
    height, width = grey.shape
    if min(height, width) < 2 * SMALLEST_SHAPE_PX:
        return ()
    scale = min(1.0, WORKING_SIDE_PX / max(height, width))
    if scale < 1.0:
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    elif max(height, width) < 500:
        scale = 2.0
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    even = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(cv2.GaussianBlur(grey, (3, 3), 0))
    found: list[Proposal] = []
    for light in (False, True):
        for mask in _masks(np.asarray(even, dtype=np.uint8), light):
            stretches = _chains(_shapes(mask, grey, light), light)
            found.extend(stretches)
            found.extend(_joined(stretches))
    kept = _distinct(sorted(found, key=lambda one: (-one.score, one.centre)), most)
    return tuple(
        Proposal(
            (one.centre[0] / scale, one.centre[1] / scale),
            one.length / scale,
            one.height / scale,
            one.angle_deg,
            one.light,
            one.score,
        )
        for one in kept
    )


def _masks(even: npt.NDArray[np.uint8], light: bool) -> list[npt.NDArray[np.uint8]]:
    """Binary pictures (255 = may be ink) of one polarity: local threshold, and what stands out of its surroundings."""
    toward = cv2.bitwise_not(even) if light else even
    masks = []
    for window in ADAPTIVE_WINDOWS:
        masks.append(cv2.adaptiveThreshold(toward, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 14))
    for side in HAT_SIDES:
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
        hat = cv2.morphologyEx(toward, cv2.MORPH_BLACKHAT, kernel)
        cut = max(18.0, float(np.percentile(hat, 92)))
        masks.append(cv2.threshold(hat, cut, 255, cv2.THRESH_BINARY)[1])
    return [np.asarray(mask, dtype=np.uint8) for mask in masks]


def _shapes(mask: npt.NDArray[np.uint8], grey: npt.NDArray[np.uint8], light: bool) -> npt.NDArray[np.float64]:
    """Shapes of the size and fill of characters: rows of x, y (centre), width, height, contrast in grey levels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 3:
        return np.zeros((0, 5))
    side = stats[1:].astype(np.float64)
    wide, high, area = side[:, 2], side[:, 3], side[:, 4]
    larger = np.maximum(wide, high)
    fits = (
        (larger >= SMALLEST_SHAPE_PX)
        & (larger <= 0.35 * max(mask.shape))
        & (np.minimum(wide, high) >= 2)
        & (larger <= 12 * np.minimum(wide, high))
        & (area >= 0.12 * wide * high)
        & (area >= 14)
    )
    keep = np.flatnonzero(fits)
    if not len(keep):
        return np.zeros((0, 5))
    contrast = _contrast(labels, keep + 1, side[keep], grey, light)
    order = np.argsort(-contrast, kind="stable")[:MOST_SHAPES]
    keep, contrast = keep[order], contrast[order]
    strong = contrast >= 12.0
    keep, contrast = keep[strong], contrast[strong]
    middle = side[keep, :2] + side[keep, 2:4] / 2
    return np.column_stack([middle, side[keep, 2:4], contrast])


def _contrast(
    labels: npt.NDArray[Any],
    numbers: npt.NDArray[np.intp],
    boxes: npt.NDArray[np.float64],
    grey: npt.NDArray[np.uint8],
    light: bool,
) -> npt.NDArray[np.float64]:
    """How far each shape's grey lies from the rest of its box (a little grown), in the expected direction."""
    out = np.zeros(len(numbers))
    rows, columns = grey.shape
    for position, (number, box) in enumerate(zip(numbers, boxes, strict=True)):
        x, y, wide, high = (int(value) for value in box[:4])
        window = (slice(max(0, y - 2), min(rows, y + high + 2)), slice(max(0, x - 2), min(columns, x + wide + 2)))
        ink = labels[window] == number
        around = ~ink
        if not around.any():
            continue
        values = grey[window]
        difference = float(values[around].mean()) - float(values[ink].mean())
        out[position] = -difference if light else difference
    return out


def _chains(shapes: npt.NDArray[np.float64], light: bool) -> list[Proposal]:
    """Shapes joined to their neighbours of like size and contrast, as stretches with a direction."""
    if len(shapes) < 2:
        return []
    larger = np.maximum(shapes[:, 2], shapes[:, 3])
    apart = np.hypot(shapes[:, None, 0] - shapes[None, :, 0], shapes[:, None, 1] - shapes[None, :, 1])
    pair_larger = np.maximum(larger[:, None], larger[None, :])
    pair_smaller = np.minimum(larger[:, None], larger[None, :])
    strength = shapes[:, 4]
    near = (
        (apart < 1.5 * pair_larger)
        & (pair_larger < 2.2 * pair_smaller)
        & (np.maximum(strength[:, None], strength[None, :]) < 2.2 * np.minimum(strength[:, None], strength[None, :]))
    )
    across_x = np.abs(shapes[:, None, 0] - shapes[None, :, 0]) < 0.45 * pair_larger
    across_y = np.abs(shapes[:, None, 1] - shapes[None, :, 1]) < 0.45 * pair_larger
    out: list[Proposal] = []
    # Links in every direction first; then along rows and along columns alone, where two lines stand close together.
    for links in (near, near & across_y, near & across_x):
        for members in _connected(links):
            if 2 <= len(members) <= 40:
                proposal = _stretch(shapes[members], light)
                if proposal is not None:
                    out.append(proposal)
    return out


def _joined(stretches: list[Proposal]) -> list[Proposal]:
    """Neighbouring stretches of one line made one: a syllable of broken strokes splits the line it stands in."""
    strong = sorted(stretches, key=lambda one: (-one.score, one.centre))[:120]
    out = []
    for number, one in enumerate(strong):
        for other in strong[number + 1 :]:
            if not 0.6 < one.height / other.height < 1.67 or not _in_line(one, other):
                continue
            corners = np.concatenate([one.corners(), other.corners()]).astype(np.float32)
            (x, y), (long, short), angle = cv2.minAreaRect(corners)
            if long < short:
                long, short, angle = short, long, angle - 90.0
            if short > 1.5 * max(one.height, other.height):
                continue
            angle = (angle + 90.0) % 180.0 - 90.0
            score = 1.1 * max(one.score, other.score)
            out.append(Proposal((float(x), float(y)), float(long), float(short), float(angle), one.light, score))
    return out


def _in_line(one: Proposal, other: Proposal) -> bool:
    """Whether two stretches lie on one line with a gap of at most about two characters."""
    longer = one if one.length >= other.length else other
    between = np.array(other.centre) - np.array(one.centre)
    turn = np.deg2rad(longer.angle_deg)
    along = abs(float(between @ (np.cos(turn), np.sin(turn))))
    across = abs(float(between @ (-np.sin(turn), np.cos(turn))))
    height = max(one.height, other.height)
    gap = along - (one.length + other.length) / 2
    return across < 0.35 * height and -0.6 * height < gap < 1.6 * height


def _connected(near: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.intp]]:
    labels = np.full(len(near), -1)
    groups: list[npt.NDArray[np.intp]] = []
    for seed in range(len(near)):
        if labels[seed] >= 0:
            continue
        frontier, members = [seed], [seed]
        labels[seed] = len(groups)
        while frontier:
            reached = np.flatnonzero(near[frontier.pop()] & (labels < 0))
            labels[reached] = len(groups)
            frontier.extend(int(one) for one in reached)
            members.extend(int(one) for one in reached)
        groups.append(np.array(sorted(members)))
    return groups


def _stretch(shapes: npt.NDArray[np.float64], light: bool) -> Proposal | None:
    """The smallest turned rectangle around the shapes, when it is long and thin enough to be one line."""
    half = shapes[:, 2:4] / 2
    corners = np.concatenate(
        [shapes[:, :2] + half * np.array(sign) for sign in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    ).astype(np.float32)
    (x, y), (one, other), angle = cv2.minAreaRect(corners)
    if one < other:
        one, other, angle = other, one, angle - 90.0
    angle = (angle + 90.0) % 180.0 - 90.0
    if other < SMALLEST_SHAPE_PX or one < 1.05 * other:
        return None
    typical = float(np.median(np.maximum(shapes[:, 2], shapes[:, 3])))
    if other > 2.6 * typical:
        return None
    spread = float(np.std(shapes[:, 3]) / max(1.0, float(np.mean(shapes[:, 3]))))
    strength = float(np.median(shapes[:, 4]))
    evenness = 1.0 / (1.0 + 2.0 * spread)
    fit = 1.0 / (1.0 + max(0.0, other / typical - 1.2))
    score = strength * evenness * fit * min(len(shapes), 8) ** 0.5 * min(other, 40.0) ** 0.5
    return Proposal((float(x), float(y)), float(one), float(other), float(angle), light, score)


def _distinct(ordered: list[Proposal], most: int) -> list[Proposal]:
    """The best proposals, without those that cover the same stretch as a better one."""
    kept: list[Proposal] = []
    for one in ordered:
        if not any(_same(one, other) for other in kept):
            kept.append(one)
            if len(kept) == most:
                break
    return kept


def _same(one: Proposal, other: Proposal) -> bool:
    apart = float(np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]))
    return (
        apart < 0.3 * max(one.height, other.height) + 0.1 * min(one.length, other.length)
        and 0.7 < one.length / other.length < 1.43
        and 0.7 < one.height / other.height < 1.43
    )
