"""Readers of straightened crops. To add one (a network of our own): one class here or beside, one line in ``readers``.

A reader never decides: it hands over what it read, how sure it says it is, and leaves the weighing to ``fusion``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from forensics.examine.imaging.straighten import bridged
from forensics.examine.markings.characters import letters, tidied
from forensics.examine.tesseract import Tesseract

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["RawReading", "Reader", "TesseractReader", "readers"]


@dataclass(frozen=True)
class RawReading:
    """One reading of one crop by one way of reading.

    ``preparation``: what was done to the crop before. ``sureness``: the reader's own, 0 to 1, not calibrated.
    ``scripts``: those that this way can print at all, so that a way without Korean does not speak against a Korean
    reading.
    """

    text: str
    sureness: float
    way: str
    preparation: str = ""
    scripts: frozenset[str] = frozenset({"hangul", "cyrillic", "latin"})


class Reader(Protocol):
    """Reads crops of one line, (height, width) uint8, dark on light."""

    name: str

    def glance(self, crops: Sequence[npt.NDArray[np.uint8]]) -> tuple[RawReading, ...]:
        """One quick reading of each crop, to choose which are worth more; an empty text where nothing was read."""
        ...

    def read(self, crops: Sequence[npt.NDArray[np.uint8]]) -> tuple[tuple[RawReading, ...], ...]:
        """All the ways this reader has, for each crop."""
        ...


class TesseractReader:
    """Tesseract on raw grey and with strokes bridged, with Korean and with Cyrillic language data.

    Thresholded and evened variants read worse than raw grey and are left out.
    """

    name = "tesseract"

    LANGUAGE_SETS = (("kor", "eng"), ("rus", "ukr", "eng"), ("eng",))
    SCRIPTS = {"kor": "hangul", "eng": "latin", "rus": "cyrillic", "ukr": "cyrillic"}  # noqa: RUF012 - constant

    def __init__(self, tesseract: Tesseract) -> None:
        self._tesseract = tesseract

    def glance(self, crops: Sequence[npt.NDArray[np.uint8]]) -> tuple[RawReading, ...]:
        """Raw grey and bridged with Korean, English and Russian together; the surer of both."""
        raw = self._way(crops, ("kor", "eng", "rus"), "raw")
        closed = self._way([bridged(crop) for crop in crops], ("kor", "eng", "rus"), "bridged")
        return tuple(
            max(pair, key=lambda one: one.sureness * min(letters(one.text), 4))
            for pair in zip(raw, closed, strict=True)
        )

    def read(self, crops: Sequence[npt.NDArray[np.uint8]]) -> tuple[tuple[RawReading, ...], ...]:
        """Each language set on raw grey and bridged."""
        closed = [bridged(crop) for crop in crops]
        columns = []
        for languages in self.LANGUAGE_SETS:
            if self._tesseract.languages(languages):
                columns.append(self._way(crops, languages, "raw"))
                columns.append(self._way(closed, languages, "bridged"))
        return tuple(zip(*columns, strict=True)) if columns else tuple(() for _ in crops)

    def _way(
        self, crops: Sequence[npt.NDArray[np.uint8]], languages: Sequence[str], preparation: str
    ) -> tuple[RawReading, ...]:
        lines = self._tesseract.read_lines(crops, languages)
        way = f"{self.name} {'+'.join(languages)} {preparation}"
        known = frozenset(self.SCRIPTS[language] for language in self._tesseract.languages(languages))
        return tuple(RawReading(tidied(line.text), line.confidence / 100.0, way, preparation, known) for line in lines)


def readers(tesseract: Tesseract) -> tuple[Reader, ...]:
    """Every reader there is, the same order always.

    Raises
    ------
    MissingProgramError
        No reader can be used.
    """
    tesseract.require()
    return (TesseractReader(tesseract),)
