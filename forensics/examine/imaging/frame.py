"""The two frames of a photograph, and the way between them.

*Stored*: the pixels as the decoder hands them over, before the EXIF orientation is applied. Every
``forensics.model.evidence.Box`` outside this room is in this frame.
*Upright*: after the EXIF orientation, as a person sees the photograph. Examiners see this one only.

Edges are continuous coordinates: a box covers ``x`` to ``x + width``, so that a turn by a quarter maps the
edges and needs no correction by one pixel.
"""

from __future__ import annotations

from forensics.model.evidence import Box
from forensics.model.pointed import Point, Pointed, PointedMark, PointedRing, PointedScale

__all__ = ["clip", "point_to_stored", "point_to_upright", "pointed_upright", "to_stored", "to_upright", "upright_size"]


def upright_size(orientation: int, width_px: int, height_px: int) -> tuple[int, int]:
    """Width and height after the EXIF orientation (1 to 8) is applied to stored pixels of the given size."""
    return (height_px, width_px) if orientation >= 5 else (width_px, height_px)


def point_to_upright(point: Point, orientation: int, width_px: int, height_px: int) -> Point:
    """The stored point as it lies in the upright picture; the sizes are those of the stored pixels."""
    x, y = point
    across, down = width_px - x, height_px - y
    return {
        1: (x, y),
        2: (across, y),
        3: (across, down),
        4: (x, down),
        5: (y, x),
        6: (down, x),
        7: (down, across),
        8: (y, across),
    }[orientation]


def point_to_stored(point: Point, orientation: int, width_px: int, height_px: int) -> Point:
    """The upright point as it lies in the stored pixels; the sizes are those of the stored pixels."""
    u, v = point
    return {
        1: (u, v),
        2: (width_px - u, v),
        3: (width_px - u, height_px - v),
        4: (u, height_px - v),
        5: (v, u),
        6: (v, height_px - u),
        7: (width_px - v, height_px - u),
        8: (width_px - v, u),
    }[orientation]


def pointed_upright(pointed: Pointed, orientation: int, width_px: int, height_px: int) -> Pointed:
    """What a person pointed at in the stored frame, as it lies in the upright picture."""
    if orientation == 1:
        return pointed

    def turned(point: Point) -> Point:
        return point_to_upright(point, orientation, width_px, height_px)

    def box(one: Box | None) -> Box | None:
        return None if one is None else to_upright(one, orientation, width_px, height_px)

    def corners(mark: PointedMark) -> tuple[Point, Point, Point, Point]:
        one, two, three, four = (turned(corner) for corner in mark.corners)
        if not mark.drawn_as_box:
            return one, two, three, four
        # An upright box stays one: its corners start at the top left again.
        xs, ys = zip(one, three, strict=True)
        left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
        return (left, top), (right, top), (right, bottom), (left, bottom)

    scale = pointed.scale
    if scale is not None and scale.ruler is not None:
        ends = scale.ruler
        scale = PointedScale(
            ruler=(turned(ends[0]), turned(ends[1])), length_mm=scale.length_mm, marker_mm=scale.marker_mm
        )
    return Pointed(
        part=pointed.part,
        marks=tuple(mark.model_copy(update={"corners": corners(mark)}) for mark in pointed.marks),
        rings=tuple(
            PointedRing(
                points=tuple(turned(point) for point in ring.points),
                box=box(ring.box),
                centre=None if ring.centre is None else turned(ring.centre),
                part=ring.part,
            )
            for ring in pointed.rings
        ),
        scale=scale,
    )


def to_upright(box: Box, orientation: int, width_px: int, height_px: int) -> Box:
    """The stored box as it lies in the upright picture; the sizes are those of the stored pixels."""
    near, far = _corners(box)
    return _spanned(
        point_to_upright(near, orientation, width_px, height_px),
        point_to_upright(far, orientation, width_px, height_px),
    )


def to_stored(box: Box, orientation: int, width_px: int, height_px: int) -> Box:
    """The upright box as it lies in the stored pixels; the sizes are those of the stored pixels."""
    near, far = _corners(box)
    return _spanned(
        point_to_stored(near, orientation, width_px, height_px),
        point_to_stored(far, orientation, width_px, height_px),
    )


def _corners(box: Box) -> tuple[Point, Point]:
    return (box.x, box.y), (box.x + box.width, box.y + box.height)


def clip(box: Box, width_px: int, height_px: int) -> Box | None:
    """The part of the box that lies in a picture of the given size, or None when nothing of it does."""
    right, bottom = min(box.x + box.width, width_px), min(box.y + box.height, height_px)
    if box.x >= right or box.y >= bottom:
        return None
    return Box(x=box.x, y=box.y, width=right - box.x, height=bottom - box.y)


def _spanned(one: Point, other: Point) -> Box:
    left, right = sorted((round(one[0]), round(other[0])))
    top, bottom = sorted((round(one[1]), round(other[1])))
    return Box(x=left, y=top, width=right - left, height=bottom - top)
