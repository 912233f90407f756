"""The elliptical edges of a photograph, found once for all examiners that look at it."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse, Edges, edge_ellipses, find_edges

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["EDGE_SIDE_PX", "Rounds", "rounds_of"]

EDGE_SIDE_PX = 900
SMALLEST_PX = 32


@dataclass(frozen=True)
class Rounds:
    """A reduced grey copy, its edges, and the ellipses they support (in pixels of the copy).

    ``factor``: by how much the copy is smaller than the photograph.
    """

    grey: npt.NDArray[np.uint8]
    factor: float
    edges: Edges
    ellipses: tuple[EdgeEllipse, ...]

    def in_photograph(self, ellipse: Floats) -> Floats:
        """An ellipse (5,) of the copy in pixels of the photograph."""
        place = (ellipse[:2] + 0.5) / self.factor - 0.5
        return np.array([*place, *(ellipse[2:4] / self.factor), ellipse[4]])

    def in_copy(self, ellipse: Floats) -> Floats:
        """An ellipse (5,) of the photograph in pixels of the copy."""
        place = (ellipse[:2] + 0.5) * self.factor - 0.5
        return np.array([*place, *(ellipse[2:4] * self.factor), ellipse[4]])


_held: dict[int, tuple[weakref.ref[npt.NDArray[np.uint8]], Rounds]] = {}


def rounds_of(rgb: npt.NDArray[np.uint8]) -> Rounds | None:
    """The elliptical edges of a photograph; None when it is smaller than ``SMALLEST_PX``.

    Several examiners ask for them: the answer is kept as long as the pixels are, for the last photograph asked about.
    Pixels that can be written to are not trusted to stay the same.
    """
    if min(rgb.shape[:2]) < SMALLEST_PX:
        return None
    kept = _held.get(id(rgb))
    if kept is not None and kept[0]() is rgb and not rgb.flags.writeable:
        return kept[1]
    factor = min(1.0, EDGE_SIDE_PX / max(rgb.shape[:2]))
    small = rgb if factor == 1.0 else cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if min(grey.shape) < SMALLEST_PX // 2:
        return None
    edges = find_edges(grey)
    found = Rounds(grey, factor, edges, tuple(edge_ellipses(edges)))
    _held.clear()
    _held[id(rgb)] = (weakref.ref(rgb), found)
    return found
