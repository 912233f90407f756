"""The fastener finder: a small convolutional network that marks heads and empty holes, wherever they stand.

About 90 thousand weights, one cell of answer for 4 x 4 pixels, trained on generated scenes alone
(``tests/renders/train_fasteners.py``, ``docs/models/fastener-net.md``). It looks for heads of 3 to 14 pixels half
width; larger ones are found in reduced copies of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.rings.network import Network

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Grey = npt.NDArray[np.float32]

__all__ = ["FINDER", "Fasteners", "find_fasteners", "heat"]

FINDER = Network("finder.onnx", "0d5b963d144940d743072e472d5359c73870c43171513877771a9a2ff9cbaf8a")
STRIDE = 4
COARSEST = 8
"""The picture is padded to a multiple of this."""

UNIT_RADIUS_PX = 6.0
WEAKEST = 0.12


@dataclass(frozen=True)
class Fasteners:
    """Places (n, 2), half widths (n,) in pixels, how sure (n,) from 0 to 1, whether each is an empty hole (n,)."""

    spots: Floats
    radii: Floats
    sure: Floats
    hole: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.radii)

    def only(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Fasteners:
        """The chosen rows."""
        return Fasteners(self.spots[rows], self.radii[rows], self.sure[rows], self.hole[rows])


def heat(rgb: npt.NDArray[np.uint8]) -> Grey:
    """The answer (rows, columns, 5): head, hole (0 to 1), log of half width / 6 px, offset x and y in cells."""
    high, wide = rgb.shape[:2]
    padded = np.pad(rgb, ((0, -high % COARSEST), (0, -wide % COARSEST), (0, 0)), mode="edge")
    out = FINDER.answer(picture=evened(padded).transpose(2, 0, 1)[None])[0][0].transpose(1, 2, 0)
    out = out[: -(-high // STRIDE), : -(-wide // STRIDE)].copy()
    out[..., :2] = 1 / (1 + np.exp(-np.clip(out[..., :2], -30, 30)))
    return np.asarray(out, dtype=np.float32)


def evened(rgb: npt.NDArray[np.uint8]) -> Grey:
    """Local mean off, local spread divided out, so that heads in the shade count as in the sun; the grey value kept."""
    picture = rgb.astype(np.float32)
    grey = picture.mean(axis=2)
    middle = cv2.blur(cv2.blur(picture, (33, 33)), (33, 33))
    spread = np.sqrt(np.maximum(cv2.blur(cv2.blur((grey - middle.mean(axis=2)) ** 2, (33, 33)), (33, 33)), 0))
    return np.dstack([(picture - middle) / (spread[..., None] + 6), grey / 64 - 2]).astype(np.float32)


def find_fasteners(
    rgb: npt.NDArray[np.uint8], scales: tuple[float, ...] = (1.0, 0.5, 0.25), most: int = 400
) -> Fasteners:
    """Places that look like heads or holes, in the pixels of ``rgb``, the surest first; each place once."""
    found = []
    for scale in scales:
        small = (
            rgb
            if scale == 1
            else np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        )
        if min(small.shape[:2]) >= 24:
            found.append(_peaks(heat(small), scale))
    if not found:
        return Fasteners(np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool))
    joined = Fasteners(
        np.concatenate([one.spots for one in found]),
        np.concatenate([one.radii for one in found]),
        np.concatenate([one.sure for one in found]),
        np.concatenate([one.hole for one in found]),
    )
    return distinct(joined.only(np.argsort(-joined.sure, kind="stable")[: 2 * most]), most)


def _peaks(answer: Grey, scale: float) -> Fasteners:
    both = answer[..., :2].max(axis=2)
    y, x = np.nonzero((both >= cv2.dilate(both, np.ones((3, 3), np.uint8))) & (both > WEAKEST))
    rows = answer[y, x]
    spots = np.stack([x + np.clip(rows[:, 3], -1.5, 1.5), y + np.clip(rows[:, 4], -1.5, 1.5)], axis=1) * STRIDE + 1.5
    # A pixel of the reduced picture is centred between the pixels it was made of.
    spots = (spots + 0.5) / scale - 0.5
    radii = UNIT_RADIUS_PX * np.exp(np.clip(rows[:, 2], -1.2, 1.4)) / scale
    return Fasteners(
        spots.astype(np.float64),
        radii.astype(np.float64),
        rows[:, :2].max(axis=1).astype(np.float64),
        rows[:, 1] > rows[:, 0],
    )


def distinct(found: Fasteners, most: int) -> Fasteners:
    """Of several at one place the first."""
    kept: list[int] = []
    for index in range(len(found)):
        if kept:
            away = np.hypot(*(found.spots[kept] - found.spots[index]).T)
            if (away < 0.8 * np.maximum(found.radii[kept], found.radii[index])).any():
                continue
        kept.append(index)
        if len(kept) == most:
            break
    return found.only(np.array(kept, dtype=np.intp))
