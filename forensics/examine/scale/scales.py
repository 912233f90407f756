"""What gives a length on a photograph: coded markers of stated size, or two points with the length between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.scale.markers import Marker, find_markers
from forensics.model.evidence import Stroke
from forensics.model.pointed import PointedScale

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["KnownLength", "Scales", "scales_of"]

POINTED_SIGMA_PX = 1.5
"""Standard deviation of a point that a person clicked, per axis."""


@dataclass(frozen=True)
class KnownLength:
    """Two points (2, 2) in pixels and the millimetres between them. ``theirs``: a person pointed at them."""

    ends: Floats
    length_mm: float
    sigma_px: float = POINTED_SIGMA_PX
    theirs: bool = True

    @property
    def length_px(self) -> float:
        """Pixels between the ends."""
        return float(np.linalg.norm(self.ends[1] - self.ends[0]))

    def mm_per_px(self) -> tuple[float, float]:
        """Millimetres per pixel along the line, and its relative standard uncertainty."""
        return self.length_mm / self.length_px, self.sigma_px * float(np.sqrt(2)) / self.length_px

    def stroke(self, factor: float = 1.0) -> Stroke:
        """The line with its length and scale; ``factor``: see ``Scales``."""
        per_px, relative = self.mm_per_px()
        per_px *= factor
        words = f"{self.length_mm:g} mm: {per_px:.3g} mm per px ± {100 * relative:.1f} %"
        return Stroke(points=tuple((float(x), float(y)) for x, y in self.ends), role="scale", label=words)


@dataclass(frozen=True)
class Scales:
    """All scales on a photograph. ``marker_mm``: the stated side of its markers, None when nobody stated it.

    ``factor``: by how much the copy that they were found on is smaller than the photograph. Words and labels give
    millimetres per pixel of the photograph.
    """

    markers: tuple[Marker, ...]
    marker_mm: float | None
    length: KnownLength | None
    factor: float = 1.0

    @property
    def usable(self) -> bool:
        """Whether there is one whose size is known."""
        return self.length is not None or (bool(self.markers) and self.marker_mm is not None)

    def words(self) -> str:
        """The scales in words, for a reader; empty when there is none."""
        parts = []
        for marker in self.markers:
            if self.marker_mm is None:
                parts.append(f"a coded marker {marker.name} whose size is not stated (--marker-mm, or the sidecar)")
            else:
                per_px, relative = marker.mm_per_px(self.marker_mm)
                parts.append(
                    f"marker {marker.name}: {per_px * self.factor:.3g} mm per px ± {100 * relative:.1f} % in its plane"
                )
        if self.length is not None:
            per_px, relative = self.length.mm_per_px()
            per_px *= self.factor
            parts.append(f"a length of {self.length.length_mm:g} mm: {per_px:.3g} mm per px ± {100 * relative:.1f} %")
        return "; ".join(parts)

    def strokes(self) -> list[Stroke]:
        """Outlines of the markers and the known length, with millimetres per pixel."""
        out = []
        for marker in self.markers:
            label = marker.name
            if self.marker_mm is not None:
                per_px, relative = marker.mm_per_px(self.marker_mm)
                label += f", {self.marker_mm:g} mm: {per_px * self.factor:.3g} mm per px ± {100 * relative:.1f} %"
            corners = tuple((float(x), float(y)) for x, y in marker.corners)
            out.append(Stroke(points=corners, role="scale", closed=True, label=label))
        if self.length is not None:
            out.append(self.length.stroke(self.factor))
        return out


def scales_of(grey: npt.NDArray[np.uint8], pointed: PointedScale | None, factor: float = 1.0) -> Scales:
    """The scales on a photograph; ``pointed``: what a person stated, in the frame of ``grey``."""
    length = None
    if pointed is not None and pointed.ruler is not None and pointed.length_mm is not None:
        ends = np.array(pointed.ruler, dtype=np.float64) - 0.5
        if np.linalg.norm(ends[1] - ends[0]) >= 8:
            length = KnownLength(ends, pointed.length_mm)
    return Scales(tuple(find_markers(grey)), None if pointed is None else pointed.marker_mm, length, factor)
