"""What a person pointed at on one photograph: marks, bolts, a ruler. It narrows a search and is recorded as theirs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from forensics.model.base import Frozen
from forensics.model.evidence import Box

__all__ = ["Point", "Pointed", "PointedMark", "PointedRing", "PointedScale"]

Point = tuple[float, float]
"""x right, y down, in pixels of the original (the stored frame, as every ``Box``)."""


class PointedMark(Frozen):
    """A stretch of writing. ``corners``: four, clockwise from the one that is the top left of the writing."""

    corners: tuple[Point, Point, Point, Point]
    drawn_as_box: bool = False
    """The corners are those of an upright box, which says nothing of the direction in which the mark is read."""
    expect: tuple[str, ...] = ()
    """Marks to compare with. What only such a list produced is flagged and is never independent evidence."""
    part: str | None = None


class PointedRing(Frozen):
    """A ring of fasteners: some of its bolts, the region that holds it, its centre; at least one of them."""

    points: tuple[Point, ...] = ()
    box: Box | None = None
    centre: Point | None = None
    part: str | None = None

    @model_validator(mode="after")
    def _something_is_pointed_at(self) -> PointedRing:
        if not self.points and self.box is None and self.centre is None:
            raise ValueError("a ring needs points, a box or a centre")
        return self


class PointedScale(Frozen):
    """A known length: the two ends of a ruler and the millimetres between them, or the side of a printed marker."""

    ruler: tuple[Point, Point] | None = None
    length_mm: Annotated[float, Field(gt=0)] | None = None
    marker_mm: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _a_length_is_known(self) -> PointedScale:
        if (self.ruler is None) != (self.length_mm is None):
            raise ValueError("a ruler needs its two ends and the length between them")
        if self.ruler is None and self.marker_mm is None:
            raise ValueError("a scale needs a ruler or the side of a marker")
        return self


class Pointed(Frozen):
    """All that a person pointed at on one photograph; ``part``: which part of the munition it shows."""

    part: str | None = None
    marks: tuple[PointedMark, ...] = ()
    rings: tuple[PointedRing, ...] = ()
    scale: PointedScale | None = None
