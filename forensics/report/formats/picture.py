"""Photographs inside a page: what kind of file the bytes are, and where the boxes lie once it is upright.

Only the headers are read; no pixel is decoded or changed.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass

from forensics.model.evidence import Box, Photograph, Stroke

__all__ = ["Figure", "Header", "Line", "Region", "figure", "read_header"]

_FRAMES = frozenset((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
_SAME_SHAPE = 0.02


@dataclass(frozen=True)
class Header:
    """Media type of an image that browsers show, and its size as they show it."""

    media_type: str
    width_px: int
    height_px: int


def read_header(data: bytes) -> Header | None:
    """Type and size from the first bytes; ``None`` for anything that is not JPEG, PNG, GIF or WebP."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return _sized("image/png", *struct.unpack(">II", data[16:24]))
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return _sized("image/gif", *struct.unpack("<HH", data[6:10]))
    if data[:2] == b"\xff\xd8":
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return _webp(data)
    return None


def _sized(media_type: str, width: int, height: int) -> Header | None:
    return Header(media_type, width, height) if width > 0 and height > 0 else None


def _jpeg(data: bytes) -> Header | None:
    at, turned = 2, False
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return _sized("image/jpeg", *((height, width) if turned else (width, height)))
        if marker == 0xE1:
            turned = _quarter_turn(data[at + 4 : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _quarter_turn(segment: bytes) -> bool:
    """The EXIF orientation in an APP1 segment is one of the four that swap width and height."""
    if segment[:6] != b"Exif\0\0" or segment[6:8] not in (b"II", b"MM"):
        return False
    order = "<" if segment[6:8] == b"II" else ">"
    tiff = segment[6:]
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(min(count, 200)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * entry)
            if tag == 0x0112 and kind == 3:
                return bool(5 <= value <= 8)
    except struct.error:
        return False
    return False


def _webp(data: bytes) -> Header | None:
    kind = data[12:16]
    if kind == b"VP8X":
        size = int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        size = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    elif kind == b"VP8 ":
        size = (
            int.from_bytes(data[26:28], "little") & 0x3FFF,
            int.from_bytes(data[28:30], "little") & 0x3FFF,
        )
    else:
        return None
    return _sized("image/webp", *size)


@dataclass(frozen=True)
class Region:
    """A box on the upright photograph: pixels of the original, and what it belongs to."""

    label: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Line:
    """A stroke of an observation on the upright photograph, in pixels of the original."""

    role: str
    points: tuple[tuple[float, float], ...]
    closed: bool


@dataclass(frozen=True)
class Figure:
    """What a page needs to show one photograph with its boxes, in units of the original's pixels.

    ``stored``: the picture is the original, drawn through ``transform``; otherwise a copy, shown as it comes.
    ``annotated``: a copy of another shape, such as one with a legend below; no boxes are drawn over it.
    """

    uri: str
    width: int
    height: int
    image_width: int
    image_height: int
    transform: str = ""
    regions: tuple[Region, ...] = ()
    lines: tuple[Line, ...] = ()
    stored: bool = False
    annotated: bool = False


def figure(
    photograph: Photograph,
    data: bytes,
    boxes: tuple[tuple[str, Box], ...] = (),
    strokes: tuple[Stroke, ...] = (),
) -> Figure | None:
    """The photograph upright, boxes drawn where they belong.

    Parameters
    ----------
    photograph : Photograph
        Sizes and boxes are those of the stored pixels, before EXIF rotation.
    data : bytes
        The original (told by its digest), or a copy that a browser shows upright. A copy of the same shape gets the
        boxes; one of another shape is shown as it comes: a box in the wrong place would be worse than none.
    boxes : tuple
        (label, region in stored pixels).
    strokes : tuple
        What an examiner drew to show what it read, in stored pixels.

    Returns
    -------
    Figure or None
        ``None`` when the bytes are no image that browsers show.
    """
    header = read_header(data)
    if header is None:
        return None
    uri = f"data:{header.media_type};base64,{base64.b64encode(data).decode('ascii')}"
    width, height, turn = photograph.width_px, photograph.height_px, photograph.orientation
    upright = (height, width) if turn >= 5 else (width, height)
    regions = tuple(_turned(label, box, turn, width, height) for label, box in boxes)
    lines = tuple(_line(stroke, turn, width, height) for stroke in strokes)
    if hashlib.sha256(data).hexdigest() == photograph.sha256:
        return Figure(uri, *upright, width, height, _transform(turn, width, height), regions, lines, stored=True)
    if _shape_is(header, *upright):
        return Figure(uri, *upright, *upright, regions=regions, lines=lines)
    size = (header.width_px, header.height_px)
    return Figure(uri, *size, *size, annotated=True)


def _shape_is(header: Header, width: int, height: int) -> bool:
    # Reducing a picture rounds its sides to whole pixels: allow for one pixel as well as for the ratio.
    wanted, found = width / height, header.width_px / header.height_px
    slack = max(_SAME_SHAPE, 1.5 / min(header.width_px, header.height_px))
    return abs(found / wanted - 1.0) <= slack


def _matrix(turn: int, width: int, height: int) -> tuple[int, int, int, int, int, int]:
    """EXIF orientation as (a, b, c, d, e, f): x' = a x + c y + e, y' = b x + d y + f."""
    return {
        2: (-1, 0, 0, 1, width, 0),
        3: (-1, 0, 0, -1, width, height),
        4: (1, 0, 0, -1, 0, height),
        5: (0, 1, 1, 0, 0, 0),
        6: (0, 1, -1, 0, height, 0),
        7: (0, -1, -1, 0, height, width),
        8: (0, -1, 1, 0, 0, width),
    }.get(turn, (1, 0, 0, 1, 0, 0))


def _transform(turn: int, width: int, height: int) -> str:
    if turn == 1:
        return ""
    return f"matrix({' '.join(str(entry) for entry in _matrix(turn, width, height))})"


def _line(stroke: Stroke, turn: int, width: int, height: int) -> Line:
    a, b, c, d, e, f = _matrix(turn, width, height)
    points = tuple((round(a * x + c * y + e, 1), round(b * x + d * y + f, 1)) for x, y in stroke.points)
    return Line(stroke.role, points, stroke.closed)


def _turned(label: str, box: Box, turn: int, width: int, height: int) -> Region:
    a, b, c, d, e, f = _matrix(turn, width, height)
    corners = [
        (a * x + c * y + e, b * x + d * y + f) for x, y in ((box.x, box.y), (box.x + box.width, box.y + box.height))
    ]
    (x0, y0), (x1, y1) = corners
    return Region(label, min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
