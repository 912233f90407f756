"""The reading network: crops of one line to log-probabilities per column. Weights packaged, run by onnxruntime.

What it was trained on, its figures and its limits: ``docs/models/marking-reader.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forensics.examine.markings.alphabet import FINALS, HANGUL, INITIALS, MEDIALS, SYMBOLS
from forensics.examine.markings.weights import Network, WeightsError, packaged

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

__all__ = ["HEIGHT_PX", "Frames", "Reader"]

HEIGHT_PX = 32
COLUMN_PX = 4
"""One column of scores stands for so many pixels of the crop at ``HEIGHT_PX``."""

WIDEST_PX = 960
NARROWEST_PX = 16
WIDTH_STEP_PX = 32
MOST_AT_ONCE = 16
FLAT = 2.0
"""Grey levels added to a crop's spread, so that the noise of an empty crop is not blown up to full contrast."""

_PARTS = (HANGUL + 1, INITIALS, MEDIALS, FINALS)


@dataclass(frozen=True, eq=False)
class Frames:
    """Log-probabilities per column of one crop.

    symbols : (columns, 89) of ``alphabet.SYMBOLS`` (0 is CTC's blank) and, last, of any Hangul syllable.
    initials, medials, finals : (columns, 19), (columns, 21), (columns, 28), given that the column is a syllable.
    """

    symbols: Floats
    initials: Floats
    medials: Floats
    finals: Floats

    def __len__(self) -> int:
        return len(self.symbols)


class Reader:
    """The network with its weights. ``Reader.load()`` gives the one instance of this process."""

    def __init__(self, network: Network) -> None:
        if network.told.get("symbols") != SYMBOLS[1:]:
            raise WeightsError(
                "loading the marking reader: its weights were trained for another alphabet; "
                "reinstall the package, or export the weights again (docs/models/marking-reader.md)"
            )
        self._network = network

    @classmethod
    def load(cls) -> Reader:
        """The reader with the packaged weights; loaded once in a process."""
        return _loaded()

    @property
    def version(self) -> str:
        """Version of the weights, as the data sheet names it."""
        return self._network.version

    @property
    def digest(self) -> str:
        """SHA-256 of the weights."""
        return self._network.digest

    def frames(self, crops: Sequence[npt.NDArray[np.uint8]]) -> tuple[Frames, ...]:
        """Log-probabilities for each crop.

        Parameters
        ----------
        crops : grey uint8 (height, width), any size
            One line each, upright, with a margin of 0 to 40 % of the height of the line around it. Dark on light or
            light on dark. What a crop gives does not depend on the others.
        """
        ready = [_prepared(crop) for crop in crops]
        widths = [-(-one.shape[1] // WIDTH_STEP_PX) * WIDTH_STEP_PX for one in ready]
        order = sorted(range(len(ready)), key=lambda number: widths[number])
        out: dict[int, Frames] = {}
        while order:
            width = widths[order[0]]
            group = [number for number in order[:MOST_AT_ONCE] if widths[number] == width]
            order = order[len(group) :]
            batch = np.zeros((len(group), 1, HEIGHT_PX, width), np.float32)
            for row, number in enumerate(group):
                batch[row, 0, :, : ready[number].shape[1]] = ready[number]
            scores = self._network.run(batch)
            for row, number in enumerate(group):
                columns = -(-ready[number].shape[1] // COLUMN_PX)
                out[number] = _split(scores[row, :columns])
        return tuple(out[number] for number in range(len(ready)))


@cache
def _loaded() -> Reader:
    return Reader(packaged("reader"))


def _prepared(crop: npt.NDArray[np.uint8]) -> Floats:
    """The crop at the network's height, mean 0 and spread 1, (32, width)."""
    if crop.ndim != 2 or crop.dtype != np.uint8 or not crop.size:
        raise ValueError(f"a crop must be grey, (height, width) uint8 and not empty; got {crop.shape} {crop.dtype}")
    height, width = crop.shape
    wide = int(np.clip(round(width * HEIGHT_PX / height), NARROWEST_PX, WIDEST_PX))
    way = cv2.INTER_AREA if height > HEIGHT_PX else cv2.INTER_CUBIC
    grey = cv2.resize(crop, (wide, HEIGHT_PX), interpolation=way).astype(np.float32)
    return np.asarray((grey - grey.mean()) / (grey.std() + FLAT), dtype=np.float32)


def _split(scores: Floats) -> Frames:
    parts, at = [], 0
    for size in _PARTS:
        part = scores[:, at : at + size]
        at += size
        highest = part.max(axis=1, keepdims=True)
        parts.append(part - highest - np.log(np.exp(part - highest).sum(axis=1, keepdims=True)))
    return Frames(*parts)
