"""The examiner of markings: from pixels to marks read, their script, years and date codes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.examiner import Brief, gave_up, observed
from forensics.examine.markings.calibration import load as load_calibration
from forensics.examine.markings.characters import bare_number
from forensics.examine.markings.finding import TextFinder, box_of, overlap, packaged_finder
from forensics.examine.markings.formats import Formats
from forensics.examine.markings.lines import LineReader, load_reader
from forensics.examine.markings.marks import ReadMark, find_marks, read_pointed
from forensics.examine.markings.printed import Printed, print_readers
from forensics.examine.markings.reading import ReadingRoom
from forensics.examine.markings.spelling import unknown_script
from forensics.examine.markings.values import READ_FROM_LIST, mark_value, script_of_marks, scripts_in_words
from forensics.model.evidence import Box, Observation, Photograph, Stroke
from forensics.model.pointed import PointedMark
from forensics.model.values import DateValue, Text, YearMark

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["MarkingsExaminer"]

log = logging.getLogger(__name__)

WITHOUT_SECOND_READER = "Markings were read by the network alone, without a second reader."

COMPONENTS = frozenset({"component", "electronics"})
"""Parts on which four digits are a date code (year and week) before they are anything else."""


_TRAITS: dict[type, str] = {Text: "marking_text", YearMark: "year_mark", DateValue: "date_code_newest"}


class MarkingsExaminer:
    """Finds and reads writing. What it reports without being pointed at is little, so that it is seldom invented.

    ``reader``, ``finder``, ``printed``: doubles for tests; the packaged networks and the installed programs otherwise.
    """

    name = "markings"
    version = "2"

    def __init__(
        self,
        brief: Brief,
        *,
        reader: LineReader | None = None,
        finder: TextFinder | None = None,
        printed: Printed | None = None,
    ) -> None:
        self._brief = brief
        self._reader = reader
        self._finder = finder
        self._printed = printed

    def examine(self, photograph: Photograph, pixels: npt.NDArray[np.uint8]) -> Iterator[Observation]:
        """See ``forensics.examine.examiner.Examiner``."""
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        brief = self._brief
        try:
            reader = self._reader or load_reader()
            finder = self._finder or packaged_finder()
        except (ImportError, OSError, RuntimeError) as error:
            log.warning("%s: markings not read: %s", photograph.path, error)
            reason = f"Markings could not be read: the reading network cannot be used ({error})."
            yield gave_up(self, photograph, "marking_text", reason)
            return
        printed = self._printed or print_readers(brief.tesseract)
        formats = Formats(brief.grammars)
        room = ReadingRoom(reader, printed if printed.readers else None, formats, brief.known_marks)
        wanted = (*(_as_mark(box) for box in brief.boxes), *brief.pointed.marks)
        pointed = read_pointed(pixels, grey, wanted, room, finder)
        found = [
            one
            for one in find_marks(pixels, grey, room, finder)
            if not any(_over(one, other) for other in pointed if other is not None)
        ]
        if printed.trouble:
            yield gave_up(self, photograph, "marking_text", f"{WITHOUT_SECOND_READER} {printed.trouble}")
        for mark, asked in zip(pointed, wanted, strict=True):
            if mark is None:
                reason = "A person pointed at this region; there is nothing in it that could be writing."
                yield gave_up(self, photograph, "marking_text", reason, box=_box_of_mark(asked, grey.shape))
        marks = [*(one for one in pointed if one is not None), *found]
        yield from self._worded(photograph, marks, formats)

    def _worded(self, photograph: Photograph, marks: Sequence[ReadMark], formats: Formats) -> Iterator[Observation]:
        tables = load_calibration()
        seen = [mark.text for mark in marks if mark.text and mark.right > 0.5]
        numbers = {mark.text for mark in marks if bare_number(mark.text)}
        for mark in marks:
            part = (mark.pointed.part if mark.pointed is not None else None) or photograph.part
            readable = bool(mark.text) and not unknown_script(mark.text)
            readable = readable and (mark.pointed is not None or mark.right >= tables.readable)
            own = "region given by a person" if mark.pointed is not None else ""
            value = None
            if readable:
                on_component = part in COMPONENTS
                value = mark_value(mark, formats, seen, examined_marks=len(numbers), on_component=on_component)
            if value is not None:
                note = "; ".join(filter(None, (own, _said(mark, value))))
                sure = 1.0 if mark.pointed is not None else mark.writing
                trait = _TRAITS[type(value)]
                sure = round(sure, 3)
                lines = (_outline(mark),)
                yield observed(self, photograph, trait, value, box=mark.box, confidence=sure, note=note, drawing=lines)
            else:
                where = (
                    "A person pointed at this region; it" if mark.pointed is not None else "There is writing here; it"
                )
                words = scripts_in_words(mark, formats, seen)
                reason = f"{where} could not be read{f', script {words}' if words else ''}."
                yield gave_up(self, photograph, "marking_text", reason, box=mark.box)
            if mark.listed:
                yield from self._from_list(photograph, mark)
        script = script_of_marks(marks, formats, seen)
        if script is not None:
            yield observed(self, photograph, "marking_script", script[0], box=script[1], confidence=script[2])

    def _from_list(self, photograph: Photograph, mark: ReadMark) -> Iterator[Observation]:
        """What only the list of expected marks brought up: shown, and never evidence."""
        value = mark_value(mark, None, (), examined_marks=1, listed=True)
        if value is not None:
            yield observed(
                self,
                photograph,
                "marking_text",
                value,
                box=mark.box,
                confidence=round(mark.right, 3),
                note=READ_FROM_LIST,
            )


def _said(mark: ReadMark, value: Text | YearMark | DateValue | None) -> str:
    """What a person checking the reading should know besides the readings themselves."""
    parts = []
    if isinstance(value, DateValue):
        parts.append(f"read as {mark.text}, a date code of year and week")
    direction = round(float(np.rad2deg(np.arctan2(*(mark.corners[1] - mark.corners[0])[::-1])))) % 360
    turned = (direction + 90 * mark.mark.view.turn) % 360
    if 30 < turned < 330:
        parts.append(f"read turned by {turned} degrees")
    if mark.mark.view.split > 0:
        parts.append("two lines read as one")
    return "; ".join(parts)


def _outline(mark: ReadMark) -> Stroke:
    """The quadrilateral that was read, for the annotated picture."""
    return Stroke(points=tuple((float(x), float(y)) for x, y in mark.corners.tolist()), role="edge", closed=True)


def _as_mark(box: Box) -> PointedMark:
    right, bottom = float(box.x + box.width), float(box.y + box.height)
    left, top = float(box.x), float(box.y)
    return PointedMark(corners=((left, top), (right, top), (right, bottom), (left, bottom)), drawn_as_box=True)


def _box_of_mark(mark: PointedMark, shape: tuple[int, ...]) -> Box | None:
    return box_of(np.array(mark.corners, dtype=np.float64), shape)


def _over(one: ReadMark, other: ReadMark) -> bool:
    return overlap(one.box, other.box) > 0.3
