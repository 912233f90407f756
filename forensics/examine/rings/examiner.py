"""The examiner of rings of fasteners: from pixels to ``igniter_bolt_ring`` or ``flange_bolt_ring``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.examiner import Brief, gave_up, observed
from forensics.examine.imaging.ellipses import points_on
from forensics.examine.rings.angles import turned_deg
from forensics.examine.rings.finding import FoundRing, edges_of, find_rings
from forensics.examine.rings.pointing import from_points
from forensics.model.evidence import Box, Observation, Photograph, Stroke
from forensics.model.pointed import PointedRing
from forensics.model.values import Ring

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["REPORTED_FROM", "RingsExaminer"]

REPORTED_FROM = 0.6
"""Least confidence at which a ring is reported. On scenes without one it still reports 3 of 42, wheels and gears."""

REPORTED_WHEN_POINTED = 0.2
MENTIONED_FROM = 0.2
"""Least confidence at which a place that may be a ring is named, as not examinable."""

FLANGE_PARTS = frozenset({"flange", "nozzle", "aft_section", "mid_body"})
RING_PARTS = frozenset({"igniter_plate", "flange"})
MOST = 3
"""Rings reported of one photograph."""


class RingsExaminer:
    """Reports rings of fasteners with angles, windows and the ratio to the casing. Never assumes even spacing."""

    name = "rings"
    version = "2"

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    def examine(self, photograph: Photograph, pixels: npt.NDArray[np.uint8]) -> Iterator[Observation]:
        """See ``forensics.examine.examiner.Examiner``."""
        answered = False
        for asked in (*self._brief.pointed.rings, *(PointedRing(box=box) for box in self._brief.boxes)):
            trait = _trait(asked.part or photograph.part)
            found = self._pointed(photograph, trait, pixels, asked)
            # A box may have been drawn for a mark; a ring that somebody names as one is answered in any case.
            if found is None and (asked.points or asked.centre is not None or asked in self._brief.pointed.rings):
                reason = "No ring of fasteners could be made out by machine where a person pointed at one."
                found = gave_up(self, photograph, trait, reason, box=asked.box)
            if found is not None:
                answered = True
                yield found
        if answered:
            return
        every = find_rings(pixels)
        sure = [one for one in every if one.confidence >= REPORTED_FROM][:MOST]
        trait = _trait(photograph.part)
        for one in sure:
            yield self._seen(photograph, trait, one, pixels.shape, (0, 0), "")
        if sure:
            return
        if every and every[0].confidence >= MENTIONED_FROM:
            best = every[0]
            reason = (
                f"Something like a ring of {len(best.spots)} fasteners was seen, too unsurely to be counted as one "
                f"(confidence {best.confidence:.2f}). Point at it with --ring, or at its bolts, to have it read."
            )
            box = _box(best, pixels.shape, (0, 0))
            yield gave_up(self, photograph, trait, reason, box=box, drawing=drawing_of(best, (0, 0), "refused"))
        elif photograph.part in RING_PARTS:
            reason = "No ring of fasteners could be made out by machine on this photograph of the part."
            yield gave_up(self, photograph, trait, reason)

    def _pointed(
        self, photograph: Photograph, trait: str, pixels: npt.NDArray[np.uint8], asked: PointedRing
    ) -> Observation | None:
        """What is read where a person pointed: of several rings the one that fits what they said best."""
        low, part = (0, 0), pixels
        if asked.box is not None:
            box = asked.box
            low = (box.x, box.y)
            part = pixels[box.y : box.y + box.height, box.x : box.x + box.width]
        corner = np.array(low, dtype=np.float64)
        points = np.array(asked.points, dtype=np.float64).reshape(-1, 2) - corner
        edges = edges_of(part)
        found = find_rings(part, edges, also=from_points(part, points, edges))
        if len(points):
            found = [one for one in found if _passes(one, points)]
        elif asked.centre is not None:
            centre = np.array(asked.centre) - corner
            found = [one for one in found if np.hypot(*(one.ellipse[:2] - centre)) < 0.35 * one.ellipse[2]]
        best = max(found, key=lambda one: one.confidence, default=None)
        if best is None or best.confidence < (0.02 if len(points) >= 3 else REPORTED_WHEN_POINTED):
            return None
        note = "bolts pointed at by a person" if len(points) else "region given by a person"
        return self._seen(photograph, trait, best, pixels.shape, low, note, by_person=len(points) >= 3)

    def _seen(
        self,
        photograph: Photograph,
        trait: str,
        one: FoundRing,
        shape: tuple[int, ...],
        corner: tuple[int, int],
        note: str,
        *,
        by_person: bool = False,
    ) -> Observation:
        ratio = one.circle_to_casing
        value = Ring(
            angles_deg=tuple(round(float(angle), 2) for angle in one.angles_deg),
            missing_deg=tuple(round(float(angle), 2) for angle in one.holes_deg),
            between=one.count_interval,
            windows_deg=tuple((round(start, 1), round(end, 1)) for start, end in one.windows_deg),
            sigma_deg=round(one.sigma_deg, 2),
            face="unknown",
            circle_to_casing=None if ratio is None else round(ratio, 3),
        )
        return observed(
            self,
            photograph,
            trait,
            value,
            box=_box(one, shape, corner),
            confidence=round(one.confidence, 3),
            note="; ".join(part for part in (note, in_words(one), _part_unsaid(photograph)) if part),
            drawing=drawing_of(one, corner, "seen"),
            by_person=by_person,
        )


def in_words(one: FoundRing) -> str:
    """Count with its interval, empty places, the arc seen."""
    low, high = one.count_interval
    between = f" ({low} to {high})" if low < high else ""
    over = "the whole circle" if one.arc_deg > 355 else f"{one.arc_deg:.0f} degrees"
    parts = [f"{len(one.spots)} fasteners{between} seen over {over}"]
    if len(one.holes_deg):
        parts.append(f"{len(one.holes_deg)} places that look empty")
    return ", ".join(parts)


def _part_unsaid(photograph: Photograph) -> str:
    return "" if photograph.part else "the photograph does not say which part it shows; taken as the igniter plate"


def _trait(part: str | None) -> str:
    return "flange_bolt_ring" if part in FLANGE_PARTS else "igniter_bolt_ring"


def _passes(one: FoundRing, points: Floats) -> bool:
    """Whether the ring goes through what a person pointed at, most of it at fasteners or empty places."""
    places = np.concatenate([one.spots, one.hole_spots])
    away = np.hypot(*np.moveaxis(points[:, None] - places[None], 2, 0)).min(axis=1)
    return bool((away < 2.0 * one.head_px).mean() > 0.5)


def drawing_of(one: FoundRing, corner: tuple[int, int], role: str) -> tuple[Stroke, ...]:
    """The ellipse where it is seen and where it is hidden, each bolt, each empty place; for the annotated picture."""
    shift = np.array(corner, dtype=np.float64)

    def moved(points: Floats) -> tuple[tuple[float, float], ...]:
        return tuple((round(float(x), 1), round(float(y), 1)) for x, y in points + shift)

    low, high = one.count_interval
    words = f"{len(one.spots)} bolts" + (f" ({low} to {high})" if low < high else "") + f", {one.confidence:.2f}"
    if role == "refused":
        circle = points_on(one.ellipse, np.linspace(0, 2 * np.pi, 72, endpoint=False))[0]
        return (Stroke(points=moved(circle), role="refused", closed=True, label=words + " - not counted"),)
    strokes = []
    for name, turns in arcs_of(one):
        line = moved(points_on(one.ellipse, turns)[0])
        strokes.append(Stroke(points=line, role="edge" if name == "seen" else "refused"))
    strokes += [Stroke(points=moved(spot[None]), role="seen") for spot in one.spots]
    strokes += [Stroke(points=moved(spot[None]), role="missing", label="empty") for spot in one.hole_spots]
    strokes[0] = strokes[0].model_copy(update={"label": words})
    return tuple(strokes)


def arcs_of(one: FoundRing) -> list[tuple[str, Floats]]:
    """Parameter angles of stretches of the ellipse that are seen and of those that are hidden."""
    turns = np.linspace(0, 2 * np.pi, 145)
    degrees = turned_deg(one.ellipse, turns, one.kappa)
    inside = np.zeros(len(turns), dtype=bool)
    for start, end in one.windows_deg:
        inside |= (degrees - start) % 360 <= end - start + 1e-6
    breaks = [0, *(np.flatnonzero(np.diff(inside.astype(int))) + 1).tolist(), len(turns)]
    out: list[tuple[str, Floats]] = []
    for a, b in pairwise(breaks):
        if b - a >= 2:
            out.append(("seen" if inside[a] else "hidden", turns[a:b]))
    return out or [("hidden", turns)]


def _box(one: FoundRing, shape: tuple[int, ...], corner: tuple[int, int]) -> Box | None:
    wide = one.ellipse.copy()
    wide[2:4] += 1.5 * one.head_px
    spots = points_on(wide, np.linspace(0, 2 * np.pi, 64))[0] + np.array(corner)
    low = np.maximum(np.floor(spots.min(axis=0)), 0).astype(int)
    high = np.minimum(np.ceil(spots.max(axis=0)), [shape[1], shape[0]]).astype(int)
    if (high <= low).any():
        return None
    return Box(x=int(low[0]), y=int(low[1]), width=int(high[0] - low[0]), height=int(high[1] - low[1]))
