"""The marks of one photograph: found alone or pointed at, read, calibrated, one for each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.markings import calibration
from forensics.examine.markings.calibration import Calibration, features
from forensics.examine.markings.characters import bare_number, graduation, short_lower_case, strokes_only
from forensics.examine.markings.finding import Place, TextFinder, box_of, overlap, places_found, pointed_place
from forensics.examine.markings.formats import key_of
from forensics.examine.markings.fusion import Weighed
from forensics.examine.markings.reading import Mark, ReadingRoom
from forensics.examine.markings.stretches import Stretch
from forensics.model.evidence import Box
from forensics.model.pointed import PointedMark

if TYPE_CHECKING:
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]

__all__ = ["ReadMark", "find_marks", "part_of_longer", "read_pointed"]

MOST_READ = 14
"""Stretches of one photograph that are read in every way; the others had less promise at the first look."""

SAME_PLACE = 0.5
CLASSICAL_PROMISE = 1.5
"""A classical proposal that the network did not find has to read so much better than chance at the first look."""


@dataclass(frozen=True)
class ReadMark:
    """One mark.

    ``box`` in the frame of the pixels; ``corners`` from the top left of the writing as it was read. ``right``: the
    probability that the best reading is exactly right; ``writing``: that there is writing. ``pointed``: by a person.
    """

    box: Box
    corners: npt.NDArray[np.float64]
    mark: Mark
    right: float
    writing: float
    pointed: PointedMark | None = None

    @property
    def readings(self) -> tuple[Weighed, ...]:
        """Readings that some reader proposed by itself, best first; twins in Latin."""
        return tuple(one for one in self.mark.fused.readings if not one.listed)

    @property
    def listed(self) -> tuple[Weighed, ...]:
        """Readings that only a list of known marks brought up, best first."""
        found = (one for one in self.mark.fused.readings if one.listed)
        return tuple(sorted(found, key=lambda one: (-one.share, one.text)))

    @property
    def text(self) -> str:
        """The best reading, empty where nothing was read."""
        best = self.mark.fused.best
        return best.text if best is not None else ""


def find_marks(
    pixels: npt.NDArray[np.uint8], grey: Grey, room: ReadingRoom, finder: TextFinder | None
) -> tuple[ReadMark, ...]:
    """Writing that the machine finds alone, with what it cannot read; texture is rejected.

    Parameters
    ----------
    pixels : (height, width, 3) uint8 RGB, upright
    grey : the same in grey, (height, width)
    """
    tables = calibration.load()
    places = places_found(pixels, grey, finder)
    scouted = room.scout(grey, [place[0] for place in places])
    chosen: Sequence[Place] = [
        (stretch,) for stretch, promise in scouted if stretch.source == "network" or promise > CLASSICAL_PROMISE
    ][:MOST_READ]
    marks = []
    for mark in room.read(grey, chosen):
        if mark is not None and (read := _calibrated(mark, tables, grey.shape, None)) is not None:
            marks.append(read)
    kept = [one for one in marks if _reported(one, tables, [place[0] for place in places])]
    return _distinct(kept)


def read_pointed(
    pixels: npt.NDArray[np.uint8],
    grey: Grey,
    pointed: Sequence[PointedMark],
    room: ReadingRoom,
    finder: TextFinder | None,
) -> tuple[ReadMark | None, ...]:
    """What is where a person pointed: every direction and shape, nothing rejected but silence. None: nothing there."""
    tables = calibration.load()
    out: list[ReadMark | None] = []
    for one in pointed:
        place = pointed_place(pixels, grey, one, finder)
        own = replace(room, known_marks=tuple(dict.fromkeys((*room.known_marks, *one.expect))))
        mark = own.read(grey, [place])[0] if place is not None else None
        out.append(None if mark is None else _calibrated(mark, tables, grey.shape, one))
    return tuple(out)


def _calibrated(
    mark: Mark, tables: Calibration, shape: tuple[int, ...], pointed: PointedMark | None
) -> ReadMark | None:
    corners = mark.stretch.corners if pointed is not None else mark.view.stretch.corners
    box = box_of(corners, shape)
    if box is None:
        return None
    row = features(mark.fused, mark.evidence, mark.stretch.score if mark.stretch.source == "network" else 0.0)
    model = tables.right_pointed if pointed is not None else tables.right_found
    right = model.probability(row) if mark.fused.best is not None else 0.0
    writing = 1.0 if pointed is not None else tables.writing.probability(row)
    return ReadMark(box, corners, mark, right, writing, pointed)


def _reported(one: ReadMark, tables: Calibration, stretches: Sequence[Stretch]) -> bool:
    text = one.text
    if not text:
        return one.mark.stretch.source == "network" and one.writing >= tables.unreadable
    if one.writing < tables.report:
        return False
    if strokes_only(text) or short_lower_case(text) or graduation(text):
        return False
    return not (bare_number(text) and part_of_longer(one.mark.stretch, stretches))


def part_of_longer(stretch: Stretch, stretches: Sequence[Stretch]) -> bool:
    """Whether a longer line of the same height runs through it: three digits of a serial number are no year."""
    along = stretch.corners[1] - stretch.corners[0]
    along = along / max(float(np.linalg.norm(along)), 1e-9)
    across = np.array([-along[1], along[0]])
    middle = stretch.corners.mean(axis=0)
    for other in stretches:
        if other.length < 1.25 * stretch.length or not 0.75 < other.height / max(stretch.height, 1e-9) < 1.35:
            continue
        between = other.corners.mean(axis=0) - middle
        beside = abs(float(between @ along)) + stretch.length / 2 < other.length / 2 + 0.3 * stretch.height
        if abs(float(between @ across)) < 0.35 * stretch.height and beside:
            return True
    return False


def _distinct(marks: Sequence[ReadMark]) -> tuple[ReadMark, ...]:
    """One mark for each place: of several that overlap the surest, or the longer one that holds the others."""
    kept: list[ReadMark] = []
    for mark in sorted(marks, key=lambda one: (-_strength(one), one.box.y, one.box.x)):
        rivals = [other for other in kept if overlap(mark.box, other.box) > SAME_PLACE]
        text = key_of(mark.text)
        inside = rivals and all(other.text and key_of(other.text) in text for other in rivals)
        if inside and mark.right > 0.5 * max(other.right for other in rivals):
            kept = [other for other in kept if other not in rivals] + [mark]
        elif not rivals:
            kept.append(mark)
    return tuple(sorted(kept, key=lambda one: (one.box.y, one.box.x, one.text)))


def _strength(mark: ReadMark) -> float:
    return mark.writing * (0.2 + mark.right) * min(max(len(mark.text), 1), 8)
