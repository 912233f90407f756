"""The file beside a photograph in which a person points: ``PHOTO.examiner.yaml``.

::

    part: igniter_plate            # which part of the munition the photograph shows
    frame: stored                  # or upright: pixels counted in the picture as a viewer turns it
    marks:
      - box: 120,80,300,60         # x,y,width,height
        expect: [방-122, 방-107]   # marks to compare with; what only this list produced is flagged
      - quad: [[10,20],[200,25],[198,60],[9,55]]   # clockwise from the top left of the writing
        part: label
    rings:
      - points: [[410,220],[455,250],[480,310]]    # some of its bolts
        centre: [400,330]
      - box: 300,200,400,400
    scale:
      ruler: [[40,900],[860,912]]  # two ends of a known length
      length_mm: 150

Every fault is reported in one run, with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from forensics import yamltext
from forensics.errors import Fault, InputError
from forensics.intake.cells import CellError
from forensics.intake.marks import clean_text
from forensics.model.evidence import Box, Photograph
from forensics.model.pointed import Point, Pointed, PointedMark, PointedRing, PointedScale
from forensics.yamltext import YamlList, YamlMap, YamlNode, YamlText

__all__ = ["SIDECAR_SUFFIX", "find_sidecar", "is_sidecar", "read_sidecar"]

SIDECAR_SUFFIX = ".examiner.yaml"
MOST = 200
LONGEST_MARK = 200
_KEYS = ("part", "frame", "marks", "rings", "scale")


def is_sidecar(path: Path) -> bool:
    """Whether a file's name says that it stands beside a photograph."""
    return path.name.lower().endswith(SIDECAR_SUFFIX)


def find_sidecar(photograph: Path) -> Path | None:
    """The sidecar of a photograph: ``IMG_1.jpg.examiner.yaml``, else ``IMG_1.examiner.yaml``; None without one.

    Raises
    ------
    InputError
        Both exist.
    """
    names = (photograph.name + SIDECAR_SUFFIX, photograph.stem + SIDECAR_SUFFIX)
    there = [path for name in names if (path := photograph.with_name(name)).is_file()]
    if len(there) > 1:
        message = f"there are two files for one photograph, this and {there[1].name}."
        raise InputError(Fault(str(there[0]), message=message, advice="Keep one of them."))
    return there[0] if there else None


def read_sidecar(
    path: Path, photograph: Photograph, *, parts: Iterable[str] | None = None, shown_as: str | None = None
) -> Pointed:
    """What a person pointed at, in the stored frame of the photograph.

    Parameters
    ----------
    path : Path
        The sidecar.
    photograph : Photograph
        As registered: what is pointed at has to lie on it.
    parts : iterable of str, optional
        Known parts of munitions; another one is a fault.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    reading = _Reading(shown_as or path.name, photograph, None if parts is None else frozenset(parts))
    root, faults = yamltext.read(path, reading.file)
    reading.faults.extend(faults)
    pointed = Pointed() if root is None else reading.pointed(root)
    if reading.faults:
        raise InputError(reading.faults)
    return pointed


class _Reading:
    """One pass over one file, keeping every fault."""

    def __init__(self, file: str, photograph: Photograph, parts: frozenset[str] | None) -> None:
        self.file = file
        self.photograph = photograph
        self.parts = parts
        self.faults: list[Fault] = []
        self.upright = False

    def fault(self, line: int, message: str, advice: str = "") -> None:
        self.faults.append(Fault(self.file, line, message=message, advice=advice))

    def pointed(self, root: YamlNode) -> Pointed:
        entries = self._mapping(root, _KEYS, "the file")
        if entries is None:
            return Pointed()
        frame = entries.get("frame")
        if frame is not None:
            if isinstance(frame, YamlText) and frame.text in ("stored", "upright"):
                self.upright = frame.text == "upright"
            else:
                self.fault(frame.line, "frame is neither stored nor upright.", "Leave it out for stored.")
        marks = [self._mark(entry) for entry in self._list(entries.get("marks"), "marks")]
        rings = [self._ring(entry) for entry in self._list(entries.get("rings"), "rings")]
        return Pointed(
            part=self._part(entries.get("part")),
            marks=tuple(mark for mark in marks if mark is not None),
            rings=tuple(ring for ring in rings if ring is not None),
            scale=self._scale(entries.get("scale")),
        )

    def _mark(self, node: YamlNode) -> PointedMark | None:
        entries = self._mapping(node, ("box", "quad", "part", "expect"), "a mark")
        if entries is None:
            return None
        expect, part = self._expect(entries.get("expect")), self._part(entries.get("part"))
        box, quad = entries.get("box"), entries.get("quad")
        if (box is None) == (quad is None):
            self.fault(node.line, "a mark needs a box or a quad, one of the two.", "box: x,y,width,height")
            return None
        if box is not None:
            region = self._box(box)
            if region is None:
                return None
            right, bottom = region.x + region.width, region.y + region.height
            corners: list[Point] = [(region.x, region.y), (right, region.y), (right, bottom), (region.x, bottom)]
        else:
            points = self._points(quad, "quad", exactly=4)
            if points is None:
                return None
            if not _convex_clockwise(points):
                advice = "Give the top left corner of the writing first, then go round clockwise."
                self.fault(node.line, "the corners of the quad do not go round clockwise.", advice)
                return None
            corners = [self._stored(point) for point in points]
        one, two, three, four = ((float(x), float(y)) for x, y in corners)
        return PointedMark(corners=(one, two, three, four), drawn_as_box=box is not None, expect=expect, part=part)

    def _ring(self, node: YamlNode) -> PointedRing | None:
        entries = self._mapping(node, ("points", "box", "centre", "part"), "a ring")
        if entries is None:
            return None
        known = len(self.faults)
        part = self._part(entries.get("part"))
        points = self._points(entries["points"], "points") if "points" in entries else []
        box = self._box(entries["box"]) if "box" in entries else None
        centre = self._point(entries["centre"]) if "centre" in entries else None
        if len(self.faults) > known:
            return None
        if not points and box is None and centre is None:
            self.fault(node.line, "a ring needs points, a box or a centre.", "points: [[x, y], [x, y], [x, y]]")
            return None
        stored = tuple(self._stored(point) for point in points or ())
        return PointedRing(points=stored, box=box, centre=None if centre is None else self._stored(centre), part=part)

    def _scale(self, node: YamlNode | None) -> PointedScale | None:
        if node is None:
            return None
        entries = self._mapping(node, ("ruler", "length_mm", "marker_mm"), "the scale")
        if entries is None:
            return None
        known = len(self.faults)
        ends = self._points(entries["ruler"], "ruler", exactly=2) if "ruler" in entries else None
        length = self._length(entries.get("length_mm"), "length_mm")
        marker = self._length(entries.get("marker_mm"), "marker_mm")
        if len(self.faults) == known:
            if (ends is None) != (length is None):
                self.fault(node.line, "a ruler needs its two ends and the length between them.", "ruler and length_mm")
            elif ends is None and marker is None:
                self.fault(node.line, "a scale needs a ruler with length_mm, or marker_mm.")
            elif ends is not None and ends[0] == ends[1]:
                self.fault(node.line, "the two ends of the ruler are one point.")
        if len(self.faults) > known:
            return None
        ruler = None if ends is None else (self._stored(ends[0]), self._stored(ends[1]))
        return PointedScale(ruler=ruler, length_mm=length, marker_mm=marker)

    def _mapping(self, node: YamlNode, keys: tuple[str, ...], what: str) -> dict[str, YamlNode] | None:
        if not isinstance(node, YamlMap):
            self.fault(node.line, f"{what} is no mapping of keys.", f"Keys: {', '.join(keys)}.")
            return None
        for key in node.entries:
            if key not in keys:
                self.fault(node.key_lines[key], f"{what} has an unknown key {key!r}.", f"Keys: {', '.join(keys)}.")
        return {
            key: value
            for key, value in node.entries.items()
            if key in keys and not (isinstance(value, YamlText) and value.is_null)
        }

    def _list(self, node: YamlNode | None, what: str) -> Iterable[YamlNode]:
        if node is None:
            return ()
        if not isinstance(node, YamlList):
            self.fault(node.line, f"{what} is no list.", f"Put a dash before each of the {what}.")
            return ()
        if len(node.items) > MOST:
            self.fault(node.line, f"{what} has {len(node.items)} entries; at most {MOST} are taken.")
            return ()
        return node.items

    def _part(self, node: YamlNode | None) -> str | None:
        if node is None:
            return None
        if not isinstance(node, YamlText):
            self.fault(node.line, "part is no single word.")
            return None
        if self.parts is not None and node.text not in self.parts:
            self.fault(node.line, f"there is no part {node.text!r}.", f"Parts: {', '.join(sorted(self.parts))}.")
            return None
        return node.text

    def _expect(self, node: YamlNode | None) -> tuple[str, ...]:
        if node is None:
            return ()
        items = node.items if isinstance(node, YamlList) else (node,)
        marks: list[str] = []
        for item in items:
            if not isinstance(item, YamlText) or not item.text.strip():
                self.fault(item.line, "expect holds something that is no mark.", "expect: [방-122, 9М723]")
                continue
            try:
                text = clean_text(item.text, "expect")
            except CellError as error:
                self.fault(item.line, error.message, error.advice)
                continue
            if len(text) > LONGEST_MARK:
                self.fault(item.line, f"a mark has {len(text)} characters; at most {LONGEST_MARK}.")
            elif text not in marks:
                marks.append(text)
        return tuple(marks)

    def _numbers(self, node: YamlNode, count: int, what: str) -> list[float] | None:
        """Numbers written ``[1, 2]`` or ``1, 2``."""
        if isinstance(node, YamlText):
            parts = node.text.split(",")
        elif isinstance(node, YamlList) and all(isinstance(item, YamlText) for item in node.items):
            parts = [item.text for item in node.items if isinstance(item, YamlText)]
        else:
            parts = []
        try:
            numbers = [float(part) for part in parts]
        except ValueError:
            numbers = []
        if len(numbers) != count or not all(abs(number) < 1e7 for number in numbers):
            self.fault(node.line, f"{what} is not {count} numbers.")
            return None
        return numbers

    def _point(self, node: YamlNode) -> Point | None:
        numbers = self._numbers(node, 2, "a point")
        if numbers is None:
            return None
        point = (numbers[0], numbers[1])
        return point if self._on_it(point, node.line) else None

    def _points(self, node: YamlNode | None, what: str, *, exactly: int = 0) -> list[Point] | None:
        if not isinstance(node, YamlList):
            self.fault(node.line if node else 0, f"{what} is no list of points.", f"{what}: [[x, y], [x, y]]")
            return None
        points = [point for item in node.items if (point := self._point(item)) is not None]
        if len(points) < len(node.items):
            return None
        if exactly and len(points) != exactly:
            self.fault(node.line, f"{what} has {len(points)} points, not {exactly}.")
            return None
        return points

    def _box(self, node: YamlNode) -> Box | None:
        numbers = self._numbers(node, 4, "box")
        if numbers is None:
            return None
        x, y, width, height = numbers
        if width < 1 or height < 1:
            self.fault(node.line, "a box has no width or no height.", "box: x,y,width,height")
            return None
        inside = [self._on_it(point, node.line) for point in ((x, y), (x + width, y + height))]
        if not all(inside):
            return None
        corners = [self._stored(point) for point in ((x, y), (x + width, y + height))]
        left, top = (int(min(corner[axis] for corner in corners)) for axis in (0, 1))
        right, bottom = (int(max(corner[axis] for corner in corners)) for axis in (0, 1))
        return Box(x=left, y=top, width=max(1, right - left), height=max(1, bottom - top))

    def _length(self, node: YamlNode | None, what: str) -> float | None:
        if node is None:
            return None
        numbers = self._numbers(node, 1, what)
        if numbers is None:
            return None
        if numbers[0] <= 0:
            self.fault(node.line, f"{what} is not above zero.")
            return None
        return numbers[0]

    def _on_it(self, point: Point, line: int) -> bool:
        width, height = self.photograph.width_px, self.photograph.height_px
        if self.upright and self.photograph.orientation >= 5:
            width, height = height, width
        if 0 <= point[0] <= width and 0 <= point[1] <= height:
            return True
        self.fault(
            line,
            f"{point[0]:g},{point[1]:g} lies outside the photograph, which has {width} x {height} pixels.",
            "Count pixels in the original; frame: upright when a viewer has turned it.",
        )
        return False

    def _stored(self, point: Point) -> Point:
        if not self.upright:
            return point
        return _TO_STORED[self.photograph.orientation](point, self.photograph.width_px, self.photograph.height_px)


_TO_STORED: dict[int, Callable[[Point, int, int], Point]] = {
    1: lambda p, w, h: p,
    2: lambda p, w, h: (w - p[0], p[1]),
    3: lambda p, w, h: (w - p[0], h - p[1]),
    4: lambda p, w, h: (p[0], h - p[1]),
    5: lambda p, w, h: (p[1], p[0]),
    6: lambda p, w, h: (p[1], h - p[0]),
    7: lambda p, w, h: (w - p[1], h - p[0]),
    8: lambda p, w, h: (w - p[1], p[0]),
}
"""EXIF orientation to the way from the upright picture to the stored pixels (``w``, ``h``: stored size)."""


def _convex_clockwise(points: list[Point]) -> bool:
    turns = []
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:] + points[:1], points[2:] + points[:2], strict=True):
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    return all(turn > 0 for turn in turns)
