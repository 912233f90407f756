"""The examiner of markings: from pixels to ``marking_text``, ``year_mark`` and ``marking_script``."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.errors import MissingProgramError
from forensics.examine.examiner import Brief, gave_up, observed
from forensics.examine.imaging.proposals import Proposal, propose
from forensics.examine.imaging.straighten import dark_on_light, is_flat, level_crop, turned
from forensics.examine.markings import calibration
from forensics.examine.markings.characters import (
    SURE_CHARACTERS,
    bare_number,
    folded,
    letters,
    scripts_shown,
    spellings,
    strokes_only,
)
from forensics.examine.markings.fusion import MOST_READINGS, Weighed, is_writing, weigh
from forensics.examine.markings.readers import RawReading, Reader, readers
from forensics.examine.tesseract import TesseractFailureError
from forensics.model.evidence import Box, Observation, Photograph
from forensics.model.values import Category, Reading, Text, YearMark

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Mark", "MarkingsExaminer", "find_marks", "part_of_longer", "read_boxes"]

log = logging.getLogger(__name__)

MARGINS = (0.10, 0.22)
"""Readers are sensitive to how much ground surrounds the line: two margins, in line heights."""

BOX_MARGINS = (-0.05, 0.0, 0.1)
GLANCE_MARGIN = 0.22
MOST_READ_IN_BOX = 3
MOST_READ = 10
GLANCE_SURENESS = 0.55
ELONGATED = 1.7
"""Longer than this many times its height, a stretch has two reading directions, else four."""


@dataclass(frozen=True)
class Mark:
    """One stretch of writing and what it may say. ``box`` in the frame of the pixels; ``pointed`` by a person."""

    box: Box
    weighed: tuple[Weighed, ...]
    pointed: bool


class MarkingsExaminer:
    """Finds and reads writing. What it reports without being pointed at is little, so that it is seldom invented."""

    name = "markings"
    version = "1"

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    def examine(self, photograph: Photograph, pixels: npt.NDArray[np.uint8]) -> Iterator[Observation]:
        """See ``forensics.examine.examiner.Examiner``."""
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        try:
            available = readers(self._brief.tesseract)
            pointed = read_boxes(grey, self._brief.boxes, available)
            found = find_marks(grey, available)
        except (MissingProgramError, TesseractFailureError) as error:
            log.warning("%s: markings not read: %s", photograph.path, error)
            yield gave_up(self, photograph, "marking_text", f"Markings could not be read by machine: {error}")
            return
        marks = [*pointed, *(mark for mark in found if not any(_overlap(mark.box, one.box) for one in pointed))]
        yield from self._worded(photograph, marks)

    def _worded(self, photograph: Photograph, marks: Sequence[Mark]) -> Iterator[Observation]:
        numbers = {mark.weighed[0].text for mark in marks if mark.weighed and bare_number(mark.weighed[0].text)}
        for mark in marks:
            if not mark.weighed:
                reason = "A person pointed at this region; no reader could read anything in it."
                yield gave_up(self, photograph, "marking_text", reason, box=mark.box)
                continue
            value = _value(mark, examined_marks=len(numbers))
            yield observed(
                self,
                photograph,
                value.kind if isinstance(value, YearMark) else "marking_text",
                value,
                box=mark.box,
                confidence=1.0 if mark.pointed else calibration.WRITING_WHEN_FOUND,
                note="region given by a person" if mark.pointed else "",
            )
        script = _script(marks)
        if script is not None:
            yield observed(self, photograph, "marking_script", script[0], box=script[1], confidence=script[2])


def find_marks(grey: npt.NDArray[np.uint8], available: Sequence[Reader]) -> tuple[Mark, ...]:
    """Writing that the machine finds alone: propose, glance at every stretch, read the promising ones, reject."""
    stretches = propose(grey)
    views = [(number, turn) for number, one in enumerate(stretches) for turn in _turns(one.length, one.height)]
    crops = [_crop(grey, stretches[number], turn, GLANCE_MARGIN) for number, turn in views]
    promise = np.zeros(len(views))
    for reader in available:
        for position, reading in enumerate(reader.glance(crops)):
            promise[position] = max(promise[position], _promise(reading))
    chosen: list[int] = []
    for position in np.argsort(-promise, kind="stable"):
        if promise[position] < GLANCE_SURENESS or len(chosen) == MOST_READ:
            break
        chosen.append(int(position))
    marks = []
    for position, weighed in zip(
        chosen, _read(grey, [views[one] for one in chosen], stretches, available), strict=True
    ):
        stretch = stretches[views[position][0]]
        if is_writing(weighed) and not (bare_number(weighed[0].text) and part_of_longer(stretch, stretches)):
            box = _around(stretch.corners(MARGINS[0]), grey.shape)
            if box is not None:
                marks.append(Mark(box, weighed, pointed=False))
    return _distinct(marks)


def read_boxes(grey: npt.NDArray[np.uint8], boxes: Sequence[Box], available: Sequence[Reader]) -> tuple[Mark, ...]:
    """What is in the boxes that a person drew: every turn and both polarities, nothing rejected but silence."""
    marks = []
    for box in boxes:
        inside = _clipped(box, grey.shape)
        if inside is not None:
            marks.append(Mark(inside, _read_box(grey, inside, available), pointed=True))
    return tuple(marks)


def _read_box(grey: npt.NDArray[np.uint8], box: Box, available: Sequence[Reader]) -> tuple[Weighed, ...]:
    stretches = _stretches_in(grey, box)
    views = [(number, turn) for number, one in enumerate(stretches) for turn in _turns(one.length, one.height)]
    crops = [_crop(grey, stretches[number], turn, 0.0) for number, turn in views]
    if is_flat(crops[0]):
        return ()
    promise = np.zeros(len(views))
    for reader in available:
        for position, reading in enumerate(reader.glance(crops)):
            promise[position] = max(promise[position], reading.sureness * min(letters(reading.text), 4))
    chosen = [views[position] for position in np.argsort(-promise, kind="stable")[:MOST_READ_IN_BOX]]
    readings = [one for one in _read(grey, chosen, stretches, available, BOX_MARGINS) if one]
    if not readings:
        return ()
    return max(readings, key=lambda one: one[0].support * min(letters(one[0].text), 4))


def _stretches_in(grey: npt.NDArray[np.uint8], box: Box) -> list[Proposal]:
    """The box itself in both polarities, and what in it looks like a line: a box is upright, writing often is not."""
    middle = (box.x + box.width / 2, box.y + box.height / 2)
    stretches = [Proposal(middle, float(box.width), float(box.height), 0.0, light, 0.0) for light in (False, True)]
    for one in propose(grey[box.y : box.y + box.height, box.x : box.x + box.width], 12):
        if one.length > 0.5 * max(box.width, box.height):
            stretches.append(replace(one, centre=(one.centre[0] + box.x, one.centre[1] + box.y)))
    return stretches


def part_of_longer(stretch: Proposal, stretches: Sequence[Proposal]) -> bool:
    """Whether a longer line of the same height runs through it: three digits of a serial number are no year."""
    turn = np.deg2rad(stretch.angle_deg)
    for other in stretches:
        if other.length < 1.25 * stretch.length or not 0.75 < other.height / stretch.height < 1.35:
            continue
        between = np.array(other.centre) - np.array(stretch.centre)
        along = abs(float(between @ (np.cos(turn), np.sin(turn))))
        across = abs(float(between @ (-np.sin(turn), np.cos(turn))))
        if across < 0.35 * stretch.height and along + stretch.length / 2 < other.length / 2 + 0.3 * stretch.height:
            return True
    return False


def _read(
    grey: npt.NDArray[np.uint8],
    views: Sequence[tuple[int, int]],
    stretches: Sequence[Proposal],
    available: Sequence[Reader],
    margins: Sequence[float] = MARGINS,
) -> list[tuple[Weighed, ...]]:
    crops = [_crop(grey, stretches[number], turn, margin) for number, turn in views for margin in margins]
    raw: list[list[RawReading]] = [[] for _ in views]
    for reader in available:
        for position, readings in enumerate(reader.read(crops)):
            raw[position // len(margins)].extend(readings)
    return [weigh(readings) for readings in raw]


def _crop(grey: npt.NDArray[np.uint8], stretch: Proposal, turn: int, margin: float) -> npt.NDArray[np.uint8]:
    return dark_on_light(level_crop(grey, turned(stretch.corners(margin), turn)), stretch.light)


def _turns(length: float, height: float) -> tuple[int, ...]:
    if height > ELONGATED * length:
        return (1, 3)
    return (0, 2) if length > ELONGATED * height else (0, 1, 2, 3)


def _promise(reading: RawReading) -> float:
    count = letters(reading.text)
    if count < 2 or strokes_only(reading.text):
        return 0.0
    return reading.sureness + 0.02 * min(count, 8)


def _value(mark: Mark, *, examined_marks: int) -> Text | YearMark:
    """The mark as a value: a bare number may be a year and is nothing else, anything else is text."""
    table = calibration.POINTED if mark.pointed else calibration.FOUND
    best = mark.weighed[0]
    sure = calibration.probability(best.support, table)
    total = sum(one.support for one in mark.weighed)
    number = bare_number(best.text)
    readings: list[Reading] = []
    for rank, one in enumerate(mark.weighed):
        if number and not bare_number(one.text):
            continue
        # What the best leaves over is shared by support: a rival is never surer than the best.
        share = sure if rank == 0 else min(sure, (1.0 - sure) * 0.5 * one.support / total)
        ways = spellings(one.text)
        readings.extend(Reading(text=text, confidence=round(share / len(ways), 4)) for text in ways)
    if number:
        return YearMark(readings=tuple(readings), examined_marks=max(1, examined_marks))
    return Text(readings=tuple(readings))


def _script(marks: Sequence[Mark]) -> tuple[Category, Box, float] | None:
    """The script of the writing, when several characters of one script alone are sure; else None."""
    sure = [
        mark for mark in marks if mark.weighed and mark.weighed[0].support >= 0.6 and mark.weighed[0].sureness >= 0.8
    ]
    counts = {name: count for name, count in scripts_shown(mark.weighed[0].text for mark in sure).items() if count}
    if not counts:
        return None
    name, count = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    needed = 2 if name == "hangul" else SURE_CHARACTERS
    if count < needed:
        return None
    shows = next(mark for mark in sure if scripts_shown([mark.weighed[0].text])[name])
    weights = {key: round(value / count, 4) for key, value in sorted(counts.items())}
    return Category(weights=weights), shows.box, calibration.SCRIPT_WHEN_SURE


def _distinct(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """One mark for each place: of several that overlap, the best supported, or the longer one that holds the others.

    What the same place gives when read from another side stays as a competing reading (6 and 9, upside down).
    """
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (-one.weighed[0].support * letters(one.weighed[0].text), one.box.x)):
        rivals = [other for other in kept if _overlap(mark.box, other.box)]
        text = folded(mark.weighed[0].text)
        if all(folded(other.weighed[0].text) in text for other in rivals):
            kept = [other for other in kept if other not in rivals] + [mark]
        elif len(rivals) == 1 and _same_place(mark.box, rivals[0].box):
            kept[kept.index(rivals[0])] = _with_rival(rivals[0], mark.weighed[0])
    return tuple(sorted(kept, key=lambda one: (one.box.y, one.box.x, folded(one.weighed[0].text))))


def _with_rival(mark: Mark, other: Weighed) -> Mark:
    known = {folded(one.text) for one in mark.weighed}
    if folded(other.text) in known or other.support < 0.6 * mark.weighed[0].support:
        return mark
    return replace(mark, weighed=(mark.weighed[0], other, *mark.weighed[1:])[:MOST_READINGS])


def _same_place(one: Box, other: Box) -> bool:
    areas = sorted((one.width * one.height, other.width * other.height))
    return areas[0] > 0.6 * areas[1]


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return wide > 0 and high > 0 and wide * high > 0.3 * min(one.width * one.height, other.width * other.height)


def _around(corners: npt.NDArray[np.float64], shape: tuple[int, ...]) -> Box | None:
    low = np.floor(corners.min(axis=0)).astype(int).clip(min=0)
    high = np.ceil(corners.max(axis=0)).astype(int)
    right, bottom = min(int(high[0]), shape[1]), min(int(high[1]), shape[0])
    if right <= low[0] or bottom <= low[1]:
        return None
    return Box(x=int(low[0]), y=int(low[1]), width=right - int(low[0]), height=bottom - int(low[1]))


def _clipped(box: Box, shape: tuple[int, ...]) -> Box | None:
    return _around(np.array([[box.x, box.y], [box.x + box.width, box.y + box.height]], dtype=np.float64), shape)
