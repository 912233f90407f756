"""Coded markers (ArUco and AprilTag): where they lie, and the map from the picture to their plane.

Square outlines are found once; the bits of every outline are sampled and looked up in all common dictionaries, the
smallest first. A marker needs its dark border, its pale margin and cells of two clearly separate
greys: what photographs of textures, windows and print offer seldom has all three. The size in millimetres is never
assumed: it is stated by whoever printed the marker.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.scale.bleeding import unbled

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["DICTIONARIES", "Marker", "find_markers", "marker_of"]

DICTIONARIES: dict[int, tuple[str, ...]] = {
    4: ("DICT_4X4_50", "DICT_4X4_100", "DICT_4X4_250", "DICT_APRILTAG_16h5"),
    5: ("DICT_5X5_50", "DICT_5X5_250", "DICT_APRILTAG_25h9"),
    6: ("DICT_6X6_50", "DICT_6X6_250", "DICT_APRILTAG_36h11", "DICT_APRILTAG_36h10", "DICT_ARUCO_MIP_36h12"),
    7: ("DICT_7X7_50", "DICT_7X7_250"),
}
"""By the number of cells on a side. The larger ones of a kind begin with the codes of the smaller."""

CORNER_SIGMA_PX = 0.35
CORNER_SIGMA_SHARE = 0.003
"""Standard deviation of one corner, per axis: a part in pixels, and one of the side (bent cards, bleeding white)."""

SMALLEST_SIDE_PX = 11.0
FEW_CODES = frozenset({"DICT_4X4_50", "DICT_5X5_50", "DICT_6X6_50", "DICT_7X7_50", "DICT_APRILTAG_36h11"})
SMALLEST_OF_MANY_PX = 32.0
"""In dictionaries that hold much of all possible codes a small blot is soon one of them."""

SEARCH_SIDE_PX = 1600
LARGER_SEARCH_SIDE_PX = 2400
WINDOWS_PX = (11, 31, 71)
"""Neighbourhoods against which dark is told from pale: for small, middling and large markers."""

CELL_PX = 6
LEAST_CONTRAST = 28.0
LEAST_GAP = 0.22
"""Least distance between the darkest light cell and the lightest dark one, as a share of the whole spread."""


@dataclass(frozen=True)
class Marker:
    """A marker found: its name, its corners (4, 2) in pixels, and the map from the picture to its plane.

    ``to_plane`` (3, 3): homography from pixels to sides of the marker, the origin in its middle, y down as printed.
    """

    dictionary: str
    number: int
    corners: Floats
    to_plane: Floats

    @property
    def side_px(self) -> float:
        """Mean length of a side in pixels."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).mean())

    @property
    def corner_sigma_px(self) -> float:
        """Standard uncertainty of a corner, per axis, in pixels."""
        return float(np.hypot(CORNER_SIGMA_PX, CORNER_SIGMA_SHARE * self.side_px))

    def mm_per_px(self, side_mm: float) -> tuple[float, float]:
        """Millimetres per pixel at the marker and its relative standard uncertainty; the mean over directions."""
        a, b = self.corners, np.roll(self.corners, -1, axis=0)
        area_px = abs(float((a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]).sum())) / 2
        return side_mm / float(np.sqrt(area_px)), self.corner_sigma_px / self.side_px

    @property
    def name(self) -> str:
        """Dictionary and number in words: ``4X4_50 number 9``."""
        return f"{self.dictionary.removeprefix('DICT_')} number {self.number}"


def find_markers(grey: npt.NDArray[np.uint8]) -> list[Marker]:
    """Markers of the common dictionaries, the largest first.

    Parameters
    ----------
    grey : (height, width) uint8
        Searched at ``SEARCH_SIDE_PX``, then larger and with thin things in front of it (grass, wire) smoothed away
        when nothing was found.
    """
    if min(grey.shape) < 3 * SMALLEST_SIDE_PX:
        return []
    for side_px, smoothed in ((SEARCH_SIDE_PX, False), (SEARCH_SIDE_PX, True), (LARGER_SEARCH_SIDE_PX, False)):
        if side_px > SEARCH_SIDE_PX and max(grey.shape) <= 1.1 * SEARCH_SIDE_PX:
            continue
        found = _found(grey, side_px, smoothed)
        if found:
            return sorted(found, key=lambda one: (-one.side_px, one.number))
    return []


def _found(grey: npt.NDArray[np.uint8], side_px: int, smoothed: bool) -> list[Marker]:
    factor = min(1.0, side_px / max(grey.shape))
    small = grey if factor == 1.0 else cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    searched = cv2.medianBlur(small, 7) if smoothed else small
    found: list[Marker] = []
    for quad in _outlines(np.asarray(searched, dtype=np.uint8)):
        read = _read(np.asarray(searched, dtype=np.uint8), quad)
        if read is None:
            continue
        dictionary, number, turn, bits = read
        corners = _sharpened(grey, np.roll((quad + 0.5) / factor - 0.5, turn, axis=0))
        marker = marker_of(dictionary, number, unbled(grey, corners, bits))
        smallest_px = SMALLEST_SIDE_PX if dictionary in FEW_CODES else SMALLEST_OF_MANY_PX
        if marker.side_px >= smallest_px and not any(_same(marker, other) for other in found):
            found.append(marker)
    return found


def marker_of(dictionary: str, number: int, corners: Floats) -> Marker:
    """A marker from its four corners, clockwise from the top left one of the printed code."""
    square = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    to_plane = cv2.getPerspectiveTransform(corners.astype(np.float32), square.astype(np.float32))
    return Marker(dictionary, number, corners, np.asarray(to_plane, dtype=np.float64))


def _outlines(grey: npt.NDArray[np.uint8]) -> list[Floats]:
    """Corners (4, 2), clockwise, of everything dark with four straight sides; nearly the same ones once."""
    found: list[Floats] = []
    for window in WINDOWS_PX:
        dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 7)
        contours, _ = cv2.findContours(dark, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        for contour in contours:
            # As long as four of the shortest sides at least; and no longer than the picture's border.
            if not 3.4 * SMALLEST_SIDE_PX < len(contour) < 1.6 * sum(grey.shape):
                continue
            corners = cv2.approxPolyDP(contour, 0.045 * len(contour), True)
            if len(corners) != 4 or not cv2.isContourConvex(corners):
                continue
            quad = np.asarray(corners, dtype=np.float64).reshape(4, 2)
            sides = np.linalg.norm(quad - np.roll(quad, 1, axis=0), axis=1)
            if sides.min() < 0.6 * SMALLEST_SIDE_PX or sides.min() < 0.2 * sides.max():
                continue
            after = np.roll(quad, -1, axis=0)
            if (quad[:, 0] * after[:, 1] - after[:, 0] * quad[:, 1]).sum() < 0:
                quad = quad[::-1]
            if not any(_alike(quad, other) for other in found):
                found.append(quad)
    return found


def _alike(one: Floats, other: Floats) -> bool:
    """The same outline found with another threshold, whichever corner comes first."""
    if abs(one[0, 0] - other[:, 0]).min() > 3:
        return False
    return any(np.abs(np.roll(one, turn, axis=0) - other).max() < 3 for turn in range(4))


@functools.cache
def _dictionaries(cells: int) -> tuple[tuple[str, cv2.aruco.Dictionary], ...]:
    names = [name for name in DICTIONARIES[cells] if hasattr(cv2.aruco, name)]
    return tuple((name, cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, name))) for name in names)


def _read(grey: npt.NDArray[np.uint8], quad: Floats) -> tuple[str, int, int, npt.NDArray[np.uint8]] | None:
    """Dictionary, number, turn and upright bits of a square outline; None when it is no marker."""
    for cells in DICTIONARIES:
        bits = _bits(grey, quad, cells)
        if bits is None:
            continue
        for name, dictionary in _dictionaries(cells):
            # In small codes a bit turned over makes another code: only the large ones may be mended.
            known, number, turn = dictionary.identify(bits, 0.3 if cells >= 6 else 0.0)
            if known:
                return name, int(number), int(turn), np.ascontiguousarray(np.rot90(bits, -int(turn)))
    return None


def _bits(grey: npt.NDArray[np.uint8], quad: Floats, cells: int) -> npt.NDArray[np.uint8] | None:
    """The code's cells (cells, cells) as 0 and 1; None without dark border, pale margin and two clear greys."""
    # One cell of margin outside the border is warped too.
    across = cells + 4
    inner = np.array([[1, 1], [across - 1, 1], [across - 1, across - 1], [1, across - 1]], dtype=np.float32) * CELL_PX
    warp = cv2.getPerspectiveTransform(quad.astype(np.float32), inner - 0.5)
    side = across * CELL_PX
    flat = cv2.warpPerspective(grey, warp, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    middle = flat.reshape(across, CELL_PX, across, CELL_PX)[:, 2:-2, :, 2:-2].mean(axis=(1, 3))
    code = middle[1:-1, 1:-1]
    level, _ = cv2.threshold(np.round(code).astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if not (code > level).any() or (code > level).all():
        return None
    light = code > (code[code > level].mean() + code[code <= level].mean()) / 2
    if not light.any() or light.all():
        return None
    dark_most, light_least = float(code[~light].max()), float(code[light].min())
    spread = float(code[light].mean() - code[~light].mean())
    if spread < LEAST_CONTRAST or light_least - dark_most < LEAST_GAP * spread:
        return None
    border = np.ones_like(light)
    border[1:-1, 1:-1] = False
    inside = int(light[1:-1, 1:-1].sum())
    if light[border].any() or not 3 <= inside <= cells * cells - 3:
        return None
    margin = np.concatenate([middle[0], middle[-1], middle[:, 0], middle[:, -1]])
    if (margin > code[~light].mean() + 0.45 * spread).mean() < 0.75:
        return None
    return np.asarray(light[1:-1, 1:-1], dtype=np.uint8)


def _sharpened(grey: npt.NDArray[np.uint8], corners: Floats) -> Floats:
    """The corners to a fraction of a pixel on the photograph in full size: where lines through the four sides meet."""
    lines = []
    for k in range(4):
        line = _side(grey, corners[k], corners[(k + 1) % 4])
        if line is None:
            return corners
        lines.append(line)
    moved = np.array([_meeting(lines[k - 1], lines[k]) for k in range(4)])
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    away = np.linalg.norm(moved - corners, axis=1)
    return moved if np.isfinite(moved).all() and (away < 0.15 * sides.min() + 3).all() else corners


def _side(grey: npt.NDArray[np.uint8], start: Floats, end: Floats) -> tuple[Floats, Floats] | None:
    """A point and a direction of the step from dark to pale along one side; None when too little of it is seen."""
    along = end - start
    length = float(np.linalg.norm(along))
    along /= length
    # Clockwise on screen (y down): the outside lies to the left of the way.
    outward = np.array([along[1], -along[0]])
    reach = max(3.0, 0.09 * length)
    count = int(np.clip(length / 2, 12, 60))
    spots = start + along * (np.linspace(0.12, 0.88, count) * length)[:, None]
    steps = np.linspace(-reach, reach, int(8 * reach) + 1)
    where = (spots[:, None] + steps[None, :, None] * outward).astype(np.float32)
    profile = cv2.remap(grey, where[..., 0], where[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    profile = cv2.GaussianBlur(profile.astype(np.float32), (0, 0), sigmaX=1.5, sigmaY=0.01)
    low, high = profile[:, : len(steps) // 4].min(axis=1), profile[:, -(len(steps) // 4) :].max(axis=1)
    level = (float(np.median(low)) + float(np.median(high))) / 2
    below = profile < level
    crossing = below[:, :-1] & ~below[:, 1:]
    rows = np.flatnonzero(crossing.any(axis=1) & (high - low > 0.5 * float(np.median(high - low))))
    if len(rows) < max(6, count // 3):
        return None
    nearest = np.where(crossing[rows], np.abs(steps[:-1]), np.inf).argmin(axis=1)
    before, after = profile[rows, nearest], profile[rows, nearest + 1]
    off = steps[nearest] + (level - before) / np.maximum(after - before, 1e-6) * (steps[1] - steps[0])
    at = np.linspace(0.12, 0.88, count)[rows] * length
    keep = np.ones(len(rows), dtype=bool)
    slope = middle = 0.0
    for _ in range(4):
        slope, middle = np.polyfit(at[keep], off[keep], 1)
        apart = np.abs(off - slope * at - middle)
        keep = apart <= max(0.3, 2.5 * float(np.median(apart)))
        if keep.sum() < 5:
            return None
    return start + outward * middle, along + outward * slope


def _meeting(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
    matrix = np.stack([one[1], -other[1]], axis=1)
    if abs(float(np.linalg.det(matrix))) < 1e-6:
        return np.full(2, np.nan)
    return np.asarray(one[0] + np.linalg.solve(matrix, other[0] - one[0])[0] * one[1], dtype=np.float64)


def _same(one: Marker, other: Marker) -> bool:
    return bool(np.hypot(*(one.corners.mean(0) - other.corners.mean(0))) < max(one.side_px, other.side_px) / 2)
