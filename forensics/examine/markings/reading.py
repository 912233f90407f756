"""From stretches to marks: look from every side, settle on the views that read best, read those several ways, fuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.straighten import is_flat
from forensics.examine.imaging.variants import VARIANTS, prepared
from forensics.examine.markings.formats import Formats
from forensics.examine.markings.fusion import Fused, PrintRead, fuse, proposals
from forensics.examine.markings.lines import LineReader, Lines
from forensics.examine.markings.printed import PrintReader
from forensics.examine.markings.stretches import Stretch, View, crop_of, hypotheses, scout_views

if TYPE_CHECKING:
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]

__all__ = ["Mark", "Read", "ReadingRoom", "promise"]

MARGINS = (0.02, 0.12)
CHANCE_PER_CHARACTER = 0.9
"""Log of how much surer than a chance reading each character has to be on average (about .4) to count for a view."""

RIVAL_GAP = 1.5
"""A second direction or shape stays a hypothesis when its promise is within this of the best (natural log)."""

MOST_RIVALS = 2
ASK_PRINT = 0.9
"""Print readers are asked where the network is less sure than this."""

PRINT_MARGIN = 0.12


@dataclass(frozen=True)
class Read:
    """The views of one place that were read in every way, with their log weights, and how well the best one reads.

    ``printed``: what print readers made of it, None where they were not asked.
    """

    views: tuple[tuple[View, float], ...]
    lines: tuple[tuple[Lines, float], ...]
    evidence: float
    proposed: tuple[str, ...] = ()
    printed: tuple[PrintRead, ...] | None = None


@dataclass(frozen=True)
class Mark:
    """One stretch and what it may say. ``view``: the view that read best; ``evidence``: its promise."""

    stretch: Stretch
    view: View
    fused: Fused
    evidence: float
    height_px: float
    read: Read | None = None


def promise(lines: Lines) -> float:
    """How well a view reads: log probability of its best text, each character worth what it is surer than chance."""
    text, score = lines.best()
    if not text:
        return -5.0
    return max(-30.0, score) + CHANCE_PER_CHARACTER * min(len(text), 14)


@dataclass(frozen=True)
class ReadingRoom:
    """The readers there are and what they are told. ``printed``: None where no print reader can be used."""

    lines: LineReader
    printed: PrintReader | None = None
    formats: Formats | None = None
    known_marks: tuple[str, ...] = ()

    def scout(self, grey: Grey, stretches: Sequence[Stretch]) -> tuple[tuple[Stretch, float], ...]:
        """Every stretch with the promise of its best direction, the most promising first."""
        views = [(number, view) for number, one in enumerate(stretches) for view in scout_views(one)]
        read = self.lines.read([prepared(crop_of(grey, view), "grey") for _, view in views])
        best: dict[int, float] = {}
        for (number, _), lines in zip(views, read, strict=True):
            best[number] = max(best.get(number, -1e9), promise(lines))
        order = sorted(best, key=lambda number: (-best[number], number))
        return tuple((stretches[number], best[number]) for number in order)

    def read(self, grey: Grey, places: Sequence[Sequence[Stretch]]) -> list[Mark | None]:
        """One mark from the stretches that stand for each place; None where there is nothing to see.

        Every view is read once; those that read best are read in every preparation and with more and less ground.
        Print readers are asked once for all places that the network is unsure of.
        """
        marks: list[Mark | None] = []
        read: list[Read | None] = []
        for place in places:
            views = self._settle(grey, place)
            one = self._in_every_way(grey, views) if views else None
            read.append(one)
            marks.append(None if one is None else self._mark(place[0], one, None))
        unsure = [number for number, mark in enumerate(marks) if mark is not None and mark.fused.network < ASK_PRINT]
        if self.printed is None or not unsure:
            return marks
        crops = [
            [crop_of(grey, replace(view, margin=PRINT_MARGIN)) for view, _ in one.views[:2]]
            for number in unsure
            if (one := read[number]) is not None
        ]
        for number, printed in zip(unsure, self.printed.read(crops), strict=True):
            again = read[number]
            if again is not None:
                marks[number] = self._mark(places[number][0], again, printed)
        return marks

    def _settle(self, grey: Grey, place: Sequence[Stretch]) -> list[tuple[View, float]]:
        """The views of a place that read best, each with how far behind the best it is."""
        views = [view for one in place for view in hypotheses(one, thorough=one.pointed)]
        crops = [crop_of(grey, view) for view in views]
        if not views or all(is_flat(crop) for crop in crops):
            return []
        lines = self.lines.read([prepared(crop, "grey") for crop in crops])
        scores = [promise(one) + view.prior for view, one in zip(views, lines, strict=True)]
        order = sorted(range(len(views)), key=lambda number: (-scores[number], number))
        best = scores[order[0]]
        kept = [(views[number], best - scores[number]) for number in order if best - scores[number] <= RIVAL_GAP]
        return kept[:MOST_RIVALS]

    def _in_every_way(self, grey: Grey, views: Sequence[tuple[View, float]]) -> Read:
        shown: list[Grey] = []
        gaps: list[float] = []
        for view, gap in views:
            for margin in MARGINS:
                crop = crop_of(grey, replace(view, margin=view.margin + margin))
                shown.extend(prepared(crop, variant) for variant in VARIANTS)
                gaps.extend([gap] * len(VARIANTS))
        lines = self.lines.read(shown)
        own = [promise(one) for one in lines[: len(MARGINS) * len(VARIANTS)]]
        weighted = tuple(zip(lines, (-gap for gap in gaps), strict=True))
        return Read(tuple(views), weighted, float(np.median(own)), proposals(weighted, self.formats))

    def again(self, mark: Mark, *, formats: Formats | None, known_marks: Sequence[str] = ()) -> Fused:
        """The same mark fused with other formats or another list of known marks."""
        if mark.read is None:
            return mark.fused
        return fuse(mark.read.lines, mark.read.printed, formats, known_marks, mark.read.proposed)

    def _mark(self, stretch: Stretch, read: Read, printed: Sequence[PrintRead] | None) -> Mark:
        fused = fuse(read.lines, printed, self.formats, self.known_marks, read.proposed)
        top = read.views[0][0]
        height = top.stretch.height if top.turn % 2 == 0 else top.stretch.length
        kept = replace(read, printed=None if printed is None else tuple(printed))
        return Mark(stretch, top, fused, read.evidence, height, kept)
