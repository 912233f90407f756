"""Where a line of writing may stand, and every way to lay it flat before it is read.

A *stretch* is a region with the direction it would be read in. A *view* is one way to make a level one-line picture
of it: a turn, a slant, a bend, an arc unrolled, two lines set one behind the other, with more or less ground around.
Readers see views only; which of them was right is decided by how well it reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.straighten import LINE_HEIGHT_PX, level_crop, turned

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Grey = npt.NDArray[np.uint8]

__all__ = ["Arc", "Stretch", "View", "crop_of", "hypotheses", "in_directions", "rotated_within", "scout_views"]

ELONGATED = 1.7
"""Longer than this many times its height, a stretch has two reading directions, else four."""

TRIMMED_FROM = 3.0
"""Aspect from which a region of the network is read with its ends cut off too: bolts and edges there read as digits."""

UPSIDE_DOWN, DIRECTION_GIVEN = -1.5, -3.0
"""Log weight of reading from another side than the first: writing mostly stands upright, and a quadrilateral that a
person drew says where its top is."""

SLANTS_DEG = (-8.0, -4.0, 4.0, 8.0)
BENDS = (-0.4, 0.4)
TURNS_DEG = tuple(float(turn) for turn in range(10, 90, 10))
TWO_LINES_ABOVE = 1.05
TWO_LINES_BELOW = 4.2
"""Aspect between which a stretch may hold two lines."""

LONGEST_LINE_PX = 1400


@dataclass(frozen=True)
class Arc:
    """A line along a circle. ``inside``: the feet of the characters point to the centre (read clockwise).

    Angles in degrees, x right, y down, clockwise positive; from ``start_deg`` over ``span_deg`` (positive).
    """

    centre: tuple[float, float]
    inner: float
    outer: float
    start_deg: float
    span_deg: float
    inside: bool = True


@dataclass(frozen=True)
class Stretch:
    """A place that may hold one mark, in pixels of the picture.

    ``corners``: (4, 2), clockwise from the top left of the writing. ``source``: network, classical, box or quad.
    ``score``: the finder's own, 0 to 1. ``arc``: set when the line runs along a circle. ``pointed``: by a person.
    """

    corners: Floats
    source: str
    score: float = 0.0
    arc: Arc | None = None
    pointed: bool = False
    sure_of_direction: bool = False

    @property
    def length(self) -> float:
        """Along the writing, in pixels."""
        quad = self.corners
        return float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2

    @property
    def height(self) -> float:
        """Across the writing, in pixels."""
        quad = self.corners
        return float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2


@dataclass(frozen=True)
class View:
    """One way to lay a stretch flat.

    ``turn``: quarters. ``slant_deg``: its ends moved up and down. ``bend``: sagitta in line heights, positive when the
    middle stands higher. ``split``: part of the height at which a second line begins, 0 for one line. ``margin``:
    ground around the line, in line heights. ``trim``: cut off both ends, in line heights.
    ``prior``: log weight of so unusual a view.
    """

    stretch: Stretch
    turn: int = 0
    slant_deg: float = 0.0
    bend: float = 0.0
    split: float = 0.0
    margin: float = 0.0
    trim: float = 0.0
    prior: float = 0.0


def in_directions(stretch: Stretch) -> tuple[View, ...]:
    """The stretch from each side it could be read from: two when it is long, else four."""
    if stretch.arc is not None:
        return (View(stretch),)
    if stretch.length > ELONGATED * stretch.height:
        turns: tuple[int, ...] = (0, 2)
    elif stretch.height > ELONGATED * stretch.length:
        turns = (1, 3)
    else:
        turns = (0, 1, 2, 3)
    against = DIRECTION_GIVEN if stretch.source == "quad" else UPSIDE_DOWN
    first = turns[0]
    return tuple(View(stretch, turn, prior=0.0 if turn == first else against) for turn in turns)


def scout_views(stretch: Stretch) -> tuple[View, ...]:
    """Views for a first look at a stretch that the machine found."""
    return tuple(replace(view, margin=0.08) for view in in_directions(stretch))


def hypotheses(stretch: Stretch, *, thorough: bool) -> tuple[View, ...]:
    """Views around the best direction of a stretch: straight, slanted, bent, and split into two lines.

    ``thorough`` for what a person pointed at: there is writing, and it is worth looking from every side.
    """
    found: list[View] = []
    for view in in_directions(stretch):
        found.append(view)
        if stretch.arc is not None:
            continue
        long, high = (stretch.length, stretch.height) if view.turn % 2 == 0 else (stretch.height, stretch.length)
        aspect = long / max(high, 1e-6)
        if TWO_LINES_ABOVE <= aspect <= TWO_LINES_BELOW and stretch.source not in ("box, turned", "classical"):
            found.extend(replace(view, split=share, prior=view.prior - 1.0) for share in (0.36, 0.44, 0.52))
        if aspect > TRIMMED_FROM and stretch.source == "network":
            found.append(replace(view, trim=0.45, prior=view.prior - 0.3))
        if thorough and aspect > 1.5 and stretch.source in ("box", "quad"):
            found.extend(replace(view, slant_deg=slant, prior=view.prior - 0.5) for slant in SLANTS_DEG)
            found.extend(replace(view, bend=bend, prior=view.prior - 1.0) for bend in BENDS)
    return tuple(found)


def rotated_within(stretch: Stretch) -> tuple[Stretch, ...]:
    """Turned rectangles of which an upright box is the bounding box: a person draws upright, writing often is not.

    For a turn t, W = w |cos t| + h |sin t| and H = w |sin t| + h |cos t| have one solution; near 45 degrees, where
    they have none or many, several proportions are tried.
    """
    wide = float(np.ptp(stretch.corners[:, 0]))
    high = float(np.ptp(stretch.corners[:, 1]))
    middle = stretch.corners.mean(axis=0)
    out: list[Stretch] = []
    for turn_deg in TURNS_DEG:
        turn = np.deg2rad(turn_deg)
        cos, sin = abs(float(np.cos(turn))), abs(float(np.sin(turn)))
        difference = cos * cos - sin * sin
        sides = []
        if abs(difference) > 0.15:
            sides.append(((wide * cos - high * sin) / difference, (high * cos - wide * sin) / difference))
        elif 0.6 < wide / high < 1.67:
            both = (wide + high) / (cos + sin)
            sides.extend((both * part / (1 + part), both / (1 + part)) for part in (1.6, 2.8, 4.5))
        for long, across in sides:
            if across > 6 and long > 0.6 * across:
                out.append(replace(stretch, corners=_rectangle(middle, long, across, turn), source="box, turned"))
    return tuple(out)


def crop_of(grey: Grey, view: View, height_px: int = LINE_HEIGHT_PX) -> Grey:
    """The view as a level picture of one line, ``height_px`` high, in proportion."""
    stretch = view.stretch
    if stretch.arc is not None:
        return _unrolled(grey, stretch.arc, view.margin, height_px)
    corners = turned(stretch.corners, view.turn)
    if view.split > 0:
        return _two_lines(grey, corners, view, height_px)
    if view.slant_deg:
        corners = _slanted(corners, view.slant_deg)
    if view.trim:
        along, _, _, high = _axes(corners)
        cut = along * view.trim * high
        corners = corners + np.array([cut, -cut, -cut, cut])
    corners = _grown(corners, view.margin)
    if view.bend:
        return _unbent(grey, corners, view.bend, height_px)
    return level_crop(grey, corners, height_px)


def _rectangle(middle: Floats, long: float, across: float, turn: float) -> Floats:
    along = np.array([np.cos(turn), np.sin(turn)]) * long / 2
    down = np.array([-np.sin(turn), np.cos(turn)]) * across / 2
    return np.array([middle - along - down, middle + along - down, middle + along + down, middle - along + down])


def _axes(corners: Floats) -> tuple[Floats, Floats, float, float]:
    """Unit vectors along and down the writing, its length and its height."""
    along = (corners[1] - corners[0] + corners[2] - corners[3]) / 2
    down = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
    long, high = max(float(np.linalg.norm(along)), 1e-6), max(float(np.linalg.norm(down)), 1e-6)
    return along / long, down / high, long, high


def _grown(corners: Floats, margin: float) -> Floats:
    if not margin:
        return corners
    along, down, _, high = _axes(corners)
    grow = margin * high
    return corners + grow * np.array([-along - down, along - down, along + down, -along + down])


def _slanted(corners: Floats, slant_deg: float) -> Floats:
    """The line inside an upright box rises or falls: its ends move, and it is no higher than the slope leaves it."""
    _, down, long, high = _axes(corners)
    rise = np.tan(np.deg2rad(slant_deg)) * long
    left = min(abs(rise), 0.55 * high)
    middle = (high - left) / 2
    shift = np.sign(rise) * left / 2
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    return np.array(
        [
            start + down * (-shift - middle),
            end + down * (shift - middle),
            end + down * (shift + middle),
            start + down * (-shift + middle),
        ]
    )


def _two_lines(grey: Grey, corners: Floats, view: View, height_px: int) -> Grey:
    """The upper and the lower line, each brought to the full height, one behind the other."""
    left = corners[0] + (corners[3] - corners[0]) * view.split
    right = corners[1] + (corners[2] - corners[1]) * view.split
    upper = level_crop(grey, _grown(np.array([corners[0], corners[1], right, left]), view.margin), height_px)
    lower = level_crop(grey, _grown(np.array([left, right, corners[2], corners[3]]), view.margin), height_px)
    return np.asarray(np.hstack([upper, lower])[:, : 2 * LONGEST_LINE_PX], dtype=np.uint8)


def _unbent(grey: Grey, corners: Floats, bend: float, height_px: int) -> Grey:
    """A line bent upwards or downwards inside its box, made straight: the box holds the line and its sagitta."""
    along, down, long, high = _axes(corners)
    line = high / (1 + abs(bend))
    sagitta = high - line
    width_px = int(min(max(round(long / line * height_px), 8), LONGEST_LINE_PX))
    across = (np.arange(width_px) + 0.5) / width_px
    arch = sagitta * (2 * across - 1) ** 2
    top = arch if bend > 0 else sagitta - arch
    lower = (np.arange(height_px) + 0.5) / height_px * line
    x = corners[0][0] + along[0] * long * across[None, :] + down[0] * (top[None, :] + lower[:, None])
    y = corners[0][1] + along[1] * long * across[None, :] + down[1] * (top[None, :] + lower[:, None])
    return _sampled(grey, x, y, line / height_px)


def _unrolled(grey: Grey, arc: Arc, margin: float, height_px: int) -> Grey:
    """A line along a circle made straight (polar unrolling)."""
    band = (arc.outer - arc.inner) * (1 + 2 * margin)
    middle = (arc.outer + arc.inner) / 2
    span = np.deg2rad(arc.span_deg) + 2 * margin * band / middle
    width_px = int(min(max(round(span * middle / band * height_px), 8), LONGEST_LINE_PX))
    share = (np.arange(width_px) + 0.5) / width_px - 0.5
    angle = np.deg2rad(arc.start_deg + arc.span_deg / 2) + share * span * (1 if arc.inside else -1)
    lower = (np.arange(height_px) + 0.5) / height_px - 0.5
    radius = middle + band * (-lower if arc.inside else lower)
    x = arc.centre[0] + radius[:, None] * np.cos(angle)[None, :]
    y = arc.centre[1] + radius[:, None] * np.sin(angle)[None, :]
    return _sampled(grey, x, y, band / height_px)


def _sampled(grey: Grey, x: Floats, y: Floats, step: float) -> Grey:
    """The picture at the given places; brought near the target size first, or the sampling would skip pixels."""
    low = np.floor([x.min(), y.min()]).astype(int) - 4
    high = np.ceil([x.max(), y.max()]).astype(int) + 4
    low = np.clip(low, 0, [grey.shape[1] - 1, grey.shape[0] - 1])
    high = np.clip(high, low + 1, [grey.shape[1], grey.shape[0]])
    window = grey[low[1] : high[1], low[0] : high[0]]
    factor = 1.0
    if step > 1.5:
        size = (max(1, round(window.shape[1] / step)), max(1, round(window.shape[0] / step)))
        window = np.asarray(cv2.resize(window, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        factor = 1.0 / step
    crop = cv2.remap(
        window,
        ((x - low[0]) * factor).astype(np.float32),
        ((y - low[1]) * factor).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(crop, dtype=np.uint8)
