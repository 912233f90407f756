"""How far the white of a printed marker has spread over its black, and the corners corrected for it.

An overexposed or blurred photograph shows white areas larger than they are: the marker's black square shrinks by 2 to
5 % and with it every length that is measured by it. The code inside tells by how much, because its white cells have
grown by as much as the border has shrunk, and where its cells lie is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["spread_cells", "unbled"]

CELL_PX = 16
MOST_CELLS = 0.3
LEAST_EDGES = 4


def unbled(grey: npt.NDArray[np.uint8], corners: Floats, bits: npt.NDArray[np.uint8]) -> Floats:
    """The corners (4, 2), clockwise from the top left of the code, moved out by the spread of the white.

    ``bits`` (cells, cells): the code as printed, 1 for white.
    """
    cells = bits.shape[0] + 2
    across, down = spread_cells(_flat(grey, corners, cells), bits)
    out = np.array([across / (cells - 2 * across), down / (cells - 2 * down)])
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
    back = cv2.getPerspectiveTransform(square.astype(np.float32), corners.astype(np.float32)).astype(np.float64)
    grown = square + out * (2 * square - 1)
    lifted = np.column_stack([grown, np.ones(4)]) @ back.T
    return np.asarray(lifted[:, :2] / lifted[:, 2:])


def _flat(grey: npt.NDArray[np.uint8], corners: Floats, cells: int) -> Floats:
    side = cells * CELL_PX
    square = np.array([[0, 0], [side, 0], [side, side], [0, side]], dtype=np.float32) - 0.5
    warp = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    return np.asarray(
        cv2.warpPerspective(grey, warp, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.float64,
    )


def spread_cells(flat: Floats, bits: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """How far white reaches over black across and down the code, in cells; 0 when too few edges are seen to say.

    ``flat`` (cells * 16, cells * 16): the code warped so that the edges of the black square are those of the picture.
    Both directions apart, because a hand that moved blurs one of them more.
    """
    padded = np.pad(bits, 1)
    mask = np.kron(padded, np.ones((CELL_PX, CELL_PX))) > 0
    if not mask.any():
        return 0.0, 0.0
    level = (float(np.median(flat[mask])) + float(np.median(flat[~mask]))) / 2
    return _spread(flat - level, padded), _spread((flat - level).T, padded.T)


def _spread(flat: Floats, code: npt.NDArray[np.uint8]) -> float:
    cells = len(code)
    seen: list[tuple[float, int, int]] = []
    for row in range(cells):
        band = flat[row * CELL_PX + 5 : (row + 1) * CELL_PX - 5].mean(axis=0)
        for edge in np.flatnonzero(np.diff(code[row].astype(int))) + 1:
            rising = 1 if code[row][edge] else -1
            place = _crossing(band * rising, int(edge) * CELL_PX)
            if place is not None:
                seen.append((place / CELL_PX, int(edge), rising))
    if len(seen) < LEAST_EDGES:
        return 0.0
    places, edges, rising_ = np.array(seen).T
    # The square's own edges lie ``spread`` inside; white begins ``spread`` before its cell and ends as much after it.
    tried = np.arange(-0.05, MOST_CELLS, 0.005)
    expected = (edges - rising_ * tried[:, None] - tried[:, None]) * cells / (cells - 2 * tried[:, None])
    off = np.abs(expected - places).mean(axis=1)
    return float(tried[int(np.argmin(off))])


def _crossing(band: Floats, near: int) -> float | None:
    """Where a profile goes from below to above zero, within 0.6 of a cell of ``near``, in pixels."""
    reach = round(0.6 * CELL_PX)
    low, high = max(0, near - reach), min(len(band) - 1, near + reach)
    steps = [k for k in range(low, high) if band[k] < 0 <= band[k + 1]]
    if not steps:
        return None
    k = min(steps, key=lambda one: abs(one - near))
    # Pixel k has its middle at k + 0.5.
    return k + 0.5 + float(-band[k] / (band[k + 1] - band[k]))
