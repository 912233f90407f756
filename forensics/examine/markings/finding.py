"""Where to read: regions of the finding network, classical proposals beside them, and what a person pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from forensics.examine.imaging.proposals import propose
from forensics.examine.markings.regions import TextRegion
from forensics.examine.markings.stretches import Arc, Stretch, rotated_within
from forensics.model.evidence import Box
from forensics.model.pointed import PointedMark

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Grey = npt.NDArray[np.uint8]

__all__ = ["Place", "TextFinder", "box_of", "overlap", "packaged_finder", "places_found", "pointed_place", "stretch_of"]

Place = tuple[Stretch, ...]
"""Stretches that stand for one place; only one of them can be right. The first is the place itself."""

MOST_CLASSICAL = 16
ENOUGH_FOUND = 2
"""Regions of the network from which the classical search, which mostly adds texture, is left out."""

WINDOW_MARGIN = 0.35
WINDOW_PX = 480
"""A box is searched by the network enlarged to this, with some ground around: small writing is found so."""

SURE_FIND = 0.6

CIRCLES_SIDE_PX = 360
MOST_CIRCLES = 2
RIM = 0.97


class TextFinder(Protocol):
    """The finding network: where there is writing, and which way it runs."""

    def __call__(self, pixels: npt.NDArray[np.uint8]) -> Sequence[TextRegion]:
        """Regions of an upright picture, (height, width) or (height, width, 3) uint8, the surest first."""
        ...


def packaged_finder() -> TextFinder | None:
    """The packaged finding network; None where it is not trained, and the classical search is used alone."""
    from forensics.examine.markings.finder import find_text  # noqa: PLC0415

    there = files("forensics.examine.markings").joinpath("finder.onnx").is_file()
    return find_text if there else None


def places_found(pixels: npt.NDArray[np.uint8], grey: Grey, finder: TextFinder | None) -> list[Place]:
    """Places that the machine finds alone: those of the network, then classical ones that it has not."""
    places: list[Place] = [(stretch_of(one),) for one in finder(pixels)] if finder is not None else []
    if len(places) >= ENOUGH_FOUND:
        return places
    taken = [box for (one, *_) in places if (box := box_of(one.corners, grey.shape)) is not None]
    for proposal in propose(grey, MOST_CLASSICAL if finder is not None else 2 * MOST_CLASSICAL):
        stretch = Stretch(proposal.corners(), "classical")
        box = box_of(stretch.corners, grey.shape)
        if box is not None and not any(overlap(box, other) > 0.5 for other in taken):
            places.append((stretch,))
    return places


def pointed_place(
    pixels: npt.NDArray[np.uint8], grey: Grey, mark: PointedMark, finder: TextFinder | None
) -> Place | None:
    """Everything that a pointed region may mean: itself, what lies turned or along a circle in it, what is found in it.

    None where nothing of it lies on the picture.
    """
    corners = np.array(mark.corners, dtype=np.float64)
    box = box_of(corners, grey.shape)
    if box is None:
        return None
    own = Stretch(corners, "box" if mark.drawn_as_box else "quad", 1.0, pointed=True)
    inside = [*_lines_in(pixels, own, finder), *_searched(pixels, grey, box, finder)]
    others: list[Stretch] = [*inside, *_along_circles(grey, own)]
    # Where the network sees a line in the box, the turns of the box need not be tried.
    if mark.drawn_as_box and not any(one.source == "network" and one.score > SURE_FIND for one in inside):
        others.extend(rotated_within(own))
    return (own, *(replace(one, pointed=True) for one in others))


def stretch_of(region: TextRegion) -> Stretch:
    """A region of the network; its corners start at the top left of the writing."""
    corners = np.asarray(region.quad, dtype=np.float64)
    along = region.arc
    if along is None:
        return Stretch(corners, "network", float(region.score))
    arc = Arc(
        along.centre,
        max(2.0, along.radius - region.height_px / 2),
        along.radius + region.height_px / 2,
        min(along.start_deg, along.end_deg),
        abs(along.end_deg - along.start_deg),
        along.outward,
    )
    return Stretch(corners, "network", float(region.score), arc=arc)


def arc_through(corners: Floats, centre: Floats, height_px: float) -> Arc:
    """The part of a ring around ``centre`` that a quadrilateral covers; its direction is that of the quadrilateral."""
    middle = corners.mean(axis=0)
    down = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
    inside = float(down @ (centre - middle)) > 0
    across = float(np.linalg.norm(middle - centre))
    spokes = corners - centre
    turn = np.arctan2(spokes[:, 1], spokes[:, 0])
    base = float(np.arctan2(*(middle - centre)[::-1]))
    away = (turn - base + np.pi) % (2 * np.pi) - np.pi
    half = float(np.clip(np.abs(away).max(), 0.05, np.pi))
    return Arc(
        (float(centre[0]), float(centre[1])),
        max(2.0, across - height_px / 2),
        across + height_px / 2,
        float(np.rad2deg(base - half)),
        float(np.rad2deg(2 * half)),
        inside,
    )


def _lines_in(pixels: npt.NDArray[np.uint8], own: Stretch, finder: TextFinder | None) -> list[Stretch]:
    """What the network sees in the region level and enlarged: its one line, or the circle that a legend follows."""
    from forensics.examine.markings.finder import find_in_box, find_text  # noqa: PLC0415

    if finder is not find_text:
        return []
    one, two, three, four = ((float(x), float(y)) for x, y in own.corners.tolist())
    turn = float(np.rad2deg(np.arctan2(two[1] - one[1], two[0] - one[0])))
    regions = find_in_box(pixels, TextRegion((one, two, three, four), turn, own.height, 1.0))
    return [stretch_of(region) for region in regions if len(regions) == 1 or region.arc is not None]


def _searched(pixels: npt.NDArray[np.uint8], grey: Grey, box: Box, finder: TextFinder | None) -> list[Stretch]:
    """What the finder and the classical search see in a box: a box is drawn by hand, the line in it is elsewhere."""
    grow = round(WINDOW_MARGIN * max(min(box.width, box.height), 8))
    left, top = max(0, box.x - grow), max(0, box.y - grow)
    right, bottom = min(grey.shape[1], box.x + box.width + grow), min(grey.shape[0], box.y + box.height + grow)
    window = pixels[top:bottom, left:right]
    scale = min(4.0, max(1.0, WINDOW_PX / max(window.shape[:2])))
    if scale > 1.05:
        window = np.asarray(cv2.resize(window, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    found: list[Stretch] = []
    if finder is not None:
        found.extend(stretch_of(one) for one in finder(window))
    shown = window if window.ndim == 2 else np.asarray(cv2.cvtColor(window, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    found.extend(Stretch(one.corners(), "classical") for one in propose(shown, 8))
    out = []
    for one in found:
        moved = replace(one, corners=one.corners / scale + np.array([left, top]), arc=_moved(one.arc, scale, left, top))
        place = box_of(moved.corners, grey.shape)
        # What is in the box has to be most of the box along its longer side, and lie in it.
        if place is not None and overlap(place, box) > 0.5 and moved.length > 0.45 * max(box.width, box.height):
            out.append(moved)
    return out


def _moved(arc: Arc | None, scale: float, left: int, top: int) -> Arc | None:
    if arc is None:
        return None
    centre = (arc.centre[0] / scale + left, arc.centre[1] / scale + top)
    return replace(arc, centre=centre, inner=arc.inner / scale, outer=arc.outer / scale)


def _along_circles(grey: Grey, stretch: Stretch) -> list[Stretch]:
    """The stretch unrolled along circles that the picture shows around it, at a few heights of line."""
    out: list[Stretch] = []
    middle = stretch.corners.mean(axis=0)
    for x, y, radius in _circles(grey):
        centre = np.array([x, y])
        away = float(np.linalg.norm(middle - centre)) / radius
        if not 0.4 < away < 1.02:
            continue
        base = arc_through(stretch.corners, centre, stretch.height)
        if base.span_deg > 250:
            continue
        directions = (base.inside,) if stretch.source == "quad" else (True, False)
        for inner, outer in ((0.62, 0.86), (0.66, 0.92), (0.74, RIM)):
            for inside in directions:
                arc = replace(base, inner=inner * radius, outer=outer * radius, inside=inside)
                out.append(replace(stretch, arc=arc, source="circle"))
    return out


def _circles(grey: Grey) -> list[tuple[float, float, float]]:
    """The clearest circles of a picture: x, y, radius."""
    side = max(grey.shape)
    scale = min(1.0, CIRCLES_SIDE_PX / side)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    if min(small.shape) < 40:
        return []
    soft = cv2.medianBlur(np.asarray(small, dtype=np.uint8), 5)
    found = cv2.HoughCircles(
        soft,
        cv2.HOUGH_GRADIENT,
        dp=1.5,
        minDist=max(small.shape) / 6,
        param1=120,
        param2=60,
        minRadius=min(small.shape) // 6,
        maxRadius=max(small.shape) * 2 // 3,
    )
    if found is None:
        return []
    rows = np.asarray(found, dtype=np.float64).reshape(-1, 3)[:MOST_CIRCLES]
    return [(float(x) / scale, float(y) / scale, float(radius) / scale) for x, y, radius in rows]


def box_of(corners: Floats, shape: tuple[int, ...]) -> Box | None:
    """The upright box around corners, cut to the picture; None where nothing of it lies there."""
    low = np.floor(corners.min(axis=0)).astype(int).clip(min=0)
    high = np.ceil(corners.max(axis=0)).astype(int)
    right, bottom = min(int(high[0]), shape[1]), min(int(high[1]), shape[0])
    if right <= low[0] or bottom <= low[1]:
        return None
    return Box(x=int(low[0]), y=int(low[1]), width=right - int(low[0]), height=bottom - int(low[1]))


def overlap(one: Box, other: Box) -> float:
    """The common part as a share of the smaller box."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / min(one.width * one.height, other.width * other.height)
