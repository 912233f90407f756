"""The examiner of outlines: from a round edge and a scale to ``body_diameter_mm``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.examiner import Brief, gave_up, observed
from forensics.examine.imaging.ellipses import points_on, radius_of
from forensics.examine.imaging.rounds import rounds_of
from forensics.examine.outline.measuring import Answer, chord_and_sagitta, diameter_mm, outline_points
from forensics.examine.outline.rims import Rim, outermost, rims, sharpened
from forensics.examine.scale.scales import Scales, scales_of
from forensics.model.evidence import Box, Observation, Photograph, Stroke
from forensics.model.pointed import PointedScale
from forensics.model.values import Chord, Measured

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["OutlineExaminer"]

TRAIT = "body_diameter_mm"
BODY_PARTS = frozenset({"aft_section", "motor_case", "mid_body", "skin_panel", "whole_item"})
"""Parts whose round edge is the body's. An edge of another named part (a flange, a nozzle) is not its diameter."""

REPORTED_FROM = 0.4
UNKNOWN_PART = 0.6
"""How much of the confidence is left when nobody says which part the photograph shows."""

LARGEST_SIDE_PX = 4096
"""Larger photographs are measured on a smaller copy: what is measured spans hundreds of pixels there too."""

WHOLE_FROM_DEG = 150.0
"""An edge seen over a shorter arc is recorded as chord and sagitta."""


class OutlineExaminer:
    """Measures the round outer edge of a body where a scale allows it, and says why where it does not."""

    name = "outline"
    version = "1"

    def __init__(self, brief: Brief) -> None:
        self._brief = brief

    def examine(self, photograph: Photograph, pixels: npt.NDArray[np.uint8]) -> Iterator[Observation]:
        """See ``forensics.examine.examiner.Examiner``."""
        if photograph.part is not None and photograph.part not in BODY_PARTS and self._brief.pointed.scale is None:
            return
        if min(pixels.shape[:2]) < 32:
            return
        grey, factor = _grey(pixels)
        scales = scales_of(grey, _scaled(self._brief.pointed.scale, factor), factor)
        if not scales.usable and not scales.markers:
            if photograph.part in BODY_PARTS:
                yield gave_up(self, photograph, TRAIT, "There is no scale on the photograph that could be read.")
            return
        rim = self._rim(pixels)
        drawing = [_in_photograph(stroke, factor) for stroke in scales.strokes()]
        if rim is None:
            reason = "No round edge could be made out whose diameter could be measured."
            yield self._refused(photograph, scales, reason, drawing)
            return
        ellipse, sigma_px = sharpened(grey, outermost(grey, _ellipse_scaled(rim.ellipse, factor)))
        whole = _ellipse_scaled(ellipse, 1 / factor)
        if photograph.part is not None and photograph.part not in BODY_PARTS:
            reason = f"The round edge on a photograph of the part {photograph.part} is not that of the body."
            yield self._refused(photograph, scales, reason, [*drawing, _edge(whole, "", "refused")])
            return
        answer = diameter_mm(ellipse, sigma_px, scales, grey.shape)
        if answer.mm is None:
            drawing.append(_edge(whole, f"not measured: {answer.refused}"[:90], "refused"))
            yield self._refused(photograph, scales, f"Not measured: {answer.refused}.", drawing)
            return
        yield self._measured(photograph, pixels.shape, rim, whole, sigma_px / factor, answer, drawing)

    def _rim(self, pixels: npt.NDArray[np.uint8]) -> Rim | None:
        rounds = rounds_of(pixels)
        found = [] if rounds is None else rims(rounds)
        centres = [np.array(ring.centre) for ring in self._brief.pointed.rings if ring.centre is not None]
        if centres:
            round_it = [one for one in found if radius_of(one.ellipse, centres[0]) < 0.4]
            return max(round_it, key=lambda one: one.confidence, default=None)
        return found[0] if found and found[0].confidence >= REPORTED_FROM else None

    def _refused(self, photograph: Photograph, scales: Scales, reason: str, drawing: list[Stroke]) -> Observation:
        said = scales.words()
        words = f"{reason} Scale: {said}." if said else reason
        return gave_up(self, photograph, TRAIT, words, drawing=drawing)

    def _measured(
        self,
        photograph: Photograph,
        shape: tuple[int, ...],
        rim: Rim,
        ellipse: Floats,
        sigma_px: float,
        answer: Answer,
        drawing: list[Stroke],
    ) -> Observation:
        mm = answer.mm or 0.0
        confidence = rim.confidence * (1.0 if photograph.part in BODY_PARTS else UNKNOWN_PART)
        value: Measured | Chord = Measured(
            value=_rounded(mm), uncertainty=_rounded(answer.sigma_mm), unit="mm", deformed=True
        )
        label = f"{mm:.0f} ± {answer.sigma_mm:.0f} mm"
        if np.degrees(rim.arc[1]) < WHOLE_FROM_DEG and rim.share * 360 < 1.4 * WHOLE_FROM_DEG:
            chord, sagitta = (mm * part for part in chord_and_sagitta(rim.arc[1]))
            relative = answer.sigma_mm / mm
            # The scale's uncertainty moves both together and so the diameter; the edge's own adds to the sagitta.
            edge_mm = sigma_px * mm / (2 * float(np.sqrt(ellipse[2] * ellipse[3])))
            value = Chord(
                chord_mm=_rounded(chord),
                chord_uncertainty_mm=_rounded(chord * relative),
                sagitta_mm=_rounded(sagitta),
                sagitta_uncertainty_mm=_rounded(float(np.hypot(sagitta * relative, 1.5 * edge_mm))),
                deformed=True,
            )
            label = f"chord {chord:.0f} mm, sagitta {sagitta:.0f} mm"
        note = answer.supposed + ("" if photograph.part else "; that this edge is the body's is not known")
        return observed(
            self,
            photograph,
            TRAIT,
            value,
            box=_box(ellipse, shape),
            confidence=round(confidence, 3),
            note=note,
            drawing=[_edge(ellipse, label, "edge"), *drawing],
            by_person=answer.theirs,
        )


def _grey(pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], float]:
    """A grey copy of bounded size, and by how much it is smaller."""
    factor = min(1.0, LARGEST_SIDE_PX / max(pixels.shape[:2]))
    small = pixels if factor == 1.0 else cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8), factor


def _scaled(scale: PointedScale | None, factor: float) -> PointedScale | None:
    if scale is None or scale.ruler is None:
        return scale
    (x1, y1), (x2, y2) = scale.ruler
    ends = ((x1 * factor, y1 * factor), (x2 * factor, y2 * factor))
    return PointedScale(ruler=ends, length_mm=scale.length_mm, marker_mm=scale.marker_mm)


def _ellipse_scaled(ellipse: Floats, factor: float) -> Floats:
    return np.array([*((ellipse[:2] + 0.5) * factor - 0.5), *(ellipse[2:4] * factor), ellipse[4]])


def _in_photograph(stroke: Stroke, factor: float) -> Stroke:
    points = tuple(((x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5) for x, y in stroke.points)
    return stroke.model_copy(update={"points": points})


def _edge(ellipse: Floats, label: str, role: str) -> Stroke:
    return Stroke.model_validate({"points": outline_points(ellipse), "closed": True, "label": label, "role": role})


def _rounded(value: float) -> float:
    return max(round(value, 1), 0.1)


def _box(ellipse: Floats, shape: tuple[int, ...]) -> Box | None:
    spots = points_on(ellipse, np.linspace(0, 2 * np.pi, 64))[0]
    low = np.maximum(np.floor(spots.min(axis=0)), 0).astype(int)
    high = np.minimum(np.ceil(spots.max(axis=0)), [shape[1], shape[0]]).astype(int)
    if (high <= low).any():
        return None
    return Box(x=int(low[0]), y=int(low[1]), width=int(high[0] - low[0]), height=int(high[1] - low[1]))
