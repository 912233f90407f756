"""Coded markers of stated size (ArUco 4 x 4, AprilTag): where they lie, how they lie, and the scale in their plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["DICTIONARIES", "Marker", "find_markers"]

DICTIONARIES = ("DICT_4X4_50", "DICT_APRILTAG_36h11", "DICT_APRILTAG_16h5", "DICT_APRILTAG_25h9")
CORNER_SIGMA_PX = 0.4
"""Standard deviation of one corner of a marker, as found with subpixel refinement on a blurred photograph."""

SMALLEST_SIDE_PX = 14.0
SEARCH_SIDE_PX = 2400


@dataclass(frozen=True)
class Marker:
    """A marker found: its name, its corners (4, 2) in pixels, and the map from the picture to its plane.

    ``to_plane`` (3, 3): homography from pixels to sides of the marker, the origin in its middle.
    """

    dictionary: str
    number: int
    corners: Floats
    to_plane: Floats

    @property
    def side_px(self) -> float:
        """Mean length of a side in pixels."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).mean())

    def in_sides(self, points: Floats) -> Floats:
        """Points (n, 2) of the picture in the marker's plane, in sides of the marker."""
        lifted = np.column_stack([points, np.ones(len(points))]) @ self.to_plane.T
        return np.asarray(lifted[:, :2] / lifted[:, 2:])

    def relative_sigma(self) -> float:
        """Relative standard uncertainty of a length in the plane near the marker."""
        return CORNER_SIGMA_PX * float(np.sqrt(2)) / self.side_px


def find_markers(grey: npt.NDArray[np.uint8], dictionaries: tuple[str, ...] = DICTIONARIES) -> list[Marker]:
    """Markers of the listed dictionaries, the largest first. Their size in millimetres is not in the code."""
    # Markers small in a large photograph are not worth its whole size: 14 pixels of the reduced one are needed anyway.
    factor = min(1.0, SEARCH_SIDE_PX / max(grey.shape))
    small = grey if factor == 1.0 else cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found: list[Marker] = []
    for name in dictionaries:
        settings = cv2.aruco.DetectorParameters()
        settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
        # A bit turned over by dirt is mended in the large codes only: in 4 x 4 it would make markers of windows.
        settings.errorCorrectionRate = 0.3 if name == "DICT_4X4_50" else 0.5
        dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, name))
        corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, settings).detectMarkers(small)
        if numbers is None:
            continue
        for quad, number in zip(corners, np.ravel(numbers), strict=True):
            marker = _marker(name, int(number), (quad.reshape(4, 2).astype(np.float64) + 0.5) / factor - 0.5)
            taken = any(
                np.hypot(*(marker.corners.mean(0) - other.corners.mean(0))) < marker.side_px / 2 for other in found
            )
            if marker.side_px >= SMALLEST_SIDE_PX and not taken:
                found.append(marker)
    return sorted(found, key=lambda one: (-one.side_px, one.number))


def _marker(name: str, number: int, corners: Floats) -> Marker:
    square = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    to_plane = cv2.getPerspectiveTransform(corners.astype(np.float32), square.astype(np.float32))
    return Marker(name, number, corners, np.asarray(to_plane, dtype=np.float64))
