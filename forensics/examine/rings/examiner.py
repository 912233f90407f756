"""The examiner of rings of fasteners: from pixels to ``igniter_bolt_ring`` or ``flange_bolt_ring``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.examiner import Brief, gave_up, observed
from forensics.examine.imaging.ellipses import points_on
from forensics.examine.rings.finding import FoundRing, find_rings
from forensics.model.evidence import Box, Observation, Photograph
from forensics.model.values import Ring

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["REPORTED_FROM", "RingsExaminer"]

REPORTED_FROM = 0.8
"""Least confidence at which a ring is reported; set so that at most one photograph in twenty without a ring has one."""

REPORTED_WHEN_POINTED = 0.2
FLANGE_PARTS = frozenset({"flange", "nozzle", "aft_section", "mid_body"})
RING_PARTS = frozenset({"igniter_plate", "flange"})


class RingsExaminer:
    """Reports rings of fasteners with angles, windows and the ratio to the casing. Never assumes even spacing."""

    name = "rings"
    version = "1"

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    def examine(self, photograph: Photograph, pixels: npt.NDArray[np.uint8]) -> Iterator[Observation]:
        """See ``forensics.examine.examiner.Examiner``."""
        trait = "flange_bolt_ring" if photograph.part in FLANGE_PARTS else "igniter_bolt_ring"
        pointed = False
        for box in self._brief.boxes:
            inside = pixels[box.y : box.y + box.height, box.x : box.x + box.width]
            best = max(find_rings(inside), key=lambda one: one.confidence, default=None)
            if best is not None and best.confidence >= REPORTED_WHEN_POINTED:
                pointed = True
                yield self._seen(photograph, trait, best, pixels.shape, (box.x, box.y), "region given by a person")
        if pointed:
            return
        sure = [one for one in find_rings(pixels) if one.confidence >= REPORTED_FROM]
        for one in sure:
            yield self._seen(photograph, trait, one, pixels.shape, (0, 0), "")
        if not sure and photograph.part in RING_PARTS:
            reason = "No ring of fasteners could be made out by machine on this photograph of the part."
            yield gave_up(self, photograph, trait, reason)

    def _seen(
        self,
        photograph: Photograph,
        trait: str,
        one: FoundRing,
        shape: tuple[int, ...],
        corner: tuple[int, int],
        note: str,
    ) -> Observation:
        ratio = one.circle_to_casing
        value = Ring(
            angles_deg=tuple(round(float(angle), 2) for angle in one.angles_deg),
            windows_deg=tuple((round(start, 1), round(end, 1)) for start, end in one.windows_deg),
            sigma_deg=round(one.sigma_deg, 2),
            face="unknown",
            circle_to_casing=None if ratio is None else round(ratio, 3),
        )
        empty = f"{len(one.holes_deg)} places that look like empty holes" if len(one.holes_deg) else ""
        words = "; ".join(part for part in (note, empty) if part)
        return observed(
            self,
            photograph,
            trait,
            value,
            box=_box(one, shape, corner),
            confidence=round(one.confidence, 3),
            note=words,
        )


def _box(one: FoundRing, shape: tuple[int, ...], corner: tuple[int, int]) -> Box | None:
    wide = one.ellipse.copy()
    wide[2:4] += 1.5 * one.head_px
    spots = points_on(wide, np.linspace(0, 2 * np.pi, 64))[0] + np.array(corner)
    low = np.maximum(np.floor(spots.min(axis=0)), 0).astype(int)
    high = np.minimum(np.ceil(spots.max(axis=0)), [shape[1], shape[0]]).astype(int)
    if (high <= low).any():
        return None
    return Box(x=int(low[0]), y=int(low[1]), width=int(high[0] - low[0]), height=int(high[1] - low[1]))
