"""The fastener finder: a small convolutional network, applied with numpy, that marks heads and empty holes.

Seven layers of 3 x 3 (about 52 thousand weights, one cell of output for 4 x 4 pixels) trained on drawn surfaces and
rendered scenes only (``tests/renders/train_fasteners.py``). It sees about 90 pixels round a place, so it looks for
heads of 3 to 13 pixels half width; larger ones are found in reduced copies of the picture.
"""

from __future__ import annotations

import functools
import hashlib
import io
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Grey = npt.NDArray[np.float32]
    Weights = tuple[tuple[Grey, Grey], ...]

__all__ = ["Fasteners", "find_fasteners", "heat", "weights"]

WEIGHTS_FILE = "fasteners.npz"
WEIGHTS_SHA256 = "7c012c588edbb4abaec10de07af78a41d9e0c89f63f2d4eef42430ae31ff172c"
STRIDE = 4
STRIDES_DILATIONS = ((2, 1), (2, 1), (1, 1), (1, 2), (1, 4), (1, 2), (1, 1))
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


@functools.cache
def weights() -> Weights:
    """The trained weights; a file that is not the one this code was released with is refused."""
    content = files("forensics.examine.rings").joinpath(WEIGHTS_FILE).read_bytes()
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise ValueError(f"{WEIGHTS_FILE} is not the file that this version was released with")
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        return tuple((held[f"w{k}"], held[f"b{k}"]) for k in range(len(STRIDES_DILATIONS) + 1))


def heat(rgb: npt.NDArray[np.uint8], trained: Weights | None = None) -> Grey:
    """The answer (rows, columns, 5): head, hole (0 to 1), log of half width / 6 px, offset x and y in cells."""
    trained = weights() if trained is None else trained
    high, wide = rgb.shape[:2]
    x = evened(np.pad(rgb, ((0, -high % STRIDE), (0, -wide % STRIDE), (0, 0)), mode="edge"))
    for (kernel, bias), (stride, dilation) in zip(trained[:-1], STRIDES_DILATIONS, strict=True):
        y = np.maximum(_convolved(x, kernel, stride, dilation) + bias, 0)
        x = x + y if x.shape == y.shape else y
    out = x @ trained[-1][0][0, 0] + trained[-1][1]
    out[..., :2] = 1 / (1 + np.exp(-np.clip(out[..., :2], -30, 30)))
    return np.asarray(out, dtype=np.float32)


def evened(rgb: npt.NDArray[np.uint8]) -> Grey:
    """The local mean taken off and the local spread divided out: heads in the shade count as in the sun."""
    picture = rgb.astype(np.float32)
    grey = picture.mean(axis=2)
    middle = cv2.blur(cv2.blur(picture, (33, 33)), (33, 33))
    spread = np.sqrt(np.maximum(cv2.blur(cv2.blur((grey - middle.mean(axis=2)) ** 2, (33, 33)), (33, 33)), 0))
    return np.asarray((picture - middle) / (spread[..., None] + 6), dtype=np.float32)


def _convolved(x: Grey, kernel: Grey, stride: int, dilation: int) -> Grey:
    """3 x 3 convolution of (rows, columns, before) by (3, 3, before, after), borders padded with zero."""
    rows, columns = x.shape[0] // stride, x.shape[1] // stride
    padded = np.pad(x, ((dilation, dilation), (dilation, dilation), (0, 0)))
    pieces = [
        padded[
            i * dilation : i * dilation + rows * stride : stride,
            j * dilation : j * dilation + columns * stride : stride,
        ]
        for i in range(3)
        for j in range(3)
    ]
    return np.asarray(np.concatenate(pieces, axis=2) @ kernel.reshape(-1, kernel.shape[3]), dtype=np.float32)


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
    spots = np.stack([x + np.clip(rows[:, 3], -1, 1), y + np.clip(rows[:, 4], -1, 1)], axis=1) * STRIDE + 1.5
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
