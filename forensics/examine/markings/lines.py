"""What a reader makes of level pictures of one line: the seam between the reading network and the weighing.

The network gives a distribution over all strings for each view; a text has the probability of the whole view under it.
Tests use doubles of ``Lines`` and ``LineReader``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from forensics.examine.markings import decoding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from forensics.examine.markings.automaton import Automaton
    from forensics.examine.markings.network import Frames, Reader

    Grey = npt.NDArray[np.uint8]

__all__ = ["LineReader", "Lines", "NetworkReader", "Scored", "load_reader"]

Scored = tuple[str, float]
"""A text, twins in Latin and without spaces, and the natural log of its probability."""


class Lines(Protocol):
    """What one view was read as."""

    def best(self) -> Scored:
        """The most probable text; empty where nothing was read."""
        ...

    def several(self, width: int, within: Automaton | None = None) -> tuple[Scored, ...]:
        """The most probable texts, best first; only those of an automaton's language where one is given."""
        ...

    def scores(self, texts: Sequence[str]) -> tuple[float, ...]:
        """Log probability of the view under each text (CTC forward); the empty text is silence."""
        ...


class LineReader(Protocol):
    """Reads many views at once. ``digest`` names the weights: what was read with others is not reused."""

    digest: str

    def read(self, crops: Sequence[Grey]) -> tuple[Lines, ...]:
        """One result for each crop, (height, width) uint8, any size and polarity."""
        ...


@dataclass(frozen=True, eq=False)
class _Framed:
    frames: Frames

    def best(self) -> Scored:
        found = decoding.best(self.frames)
        return found.text, found.log_probability

    def several(self, width: int, within: Automaton | None = None) -> tuple[Scored, ...]:
        return tuple((one.text, one.log_probability) for one in decoding.beam(self.frames, width, within))

    def scores(self, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(float(value) for value in decoding.score(self.frames, texts))


class NetworkReader:
    """The reading network behind ``LineReader``."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.digest = reader.digest

    def read(self, crops: Sequence[Grey]) -> tuple[Lines, ...]:
        """See ``LineReader``."""
        return tuple(_Framed(frames) for frames in self._reader.frames(crops)) if crops else ()


def load_reader() -> NetworkReader:
    """The packaged network. Raises ``ImportError`` or ``OSError`` where onnxruntime or the weights are missing."""
    from forensics.examine.markings.network import Reader  # noqa: PLC0415

    return NetworkReader(Reader.load())
