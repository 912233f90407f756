"""Readers trained on print, asked about crops that the network is unsure of: Tesseract, and RapidOCR if installed.

They are right on flat print and invent on texture, so they never decide alone: ``fusion`` mixes them in where their
ways agree.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from forensics.errors import MissingProgramError
from forensics.examine.imaging.variants import prepared
from forensics.examine.markings.characters import letters, tidied
from forensics.examine.markings.fusion import PrintRead
from forensics.examine.tesseract import GLYPH, LINE, Tesseract, TesseractFailureError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]

__all__ = ["PrintReader", "Printed", "RapidReader", "TesseractReader", "print_readers"]

log = logging.getLogger(__name__)

NEAR_SQUARE = 1.35
"""A crop no longer than this many times its height may hold a single character."""


class PrintReader(Protocol):
    """Reads crops of one line. Every way of reading is one ``PrintRead``, silent ones with an empty text."""

    def read(self, marks: Sequence[Sequence[Grey]]) -> list[list[PrintRead]]:
        """For each mark, which several crops show, all readings of all its crops; one call for all marks."""
        ...


class TesseractReader:
    """Raw grey and the ground evened, with Korean and with Cyrillic language data; both read worse thresholded."""

    LANGUAGE_SETS = (("kor", "eng"), ("rus", "ukr", "eng"))
    SCRIPTS = {"kor": "hangul", "eng": "latin", "rus": "cyrillic", "ukr": "cyrillic"}  # noqa: RUF012 - constant

    def __init__(self, tesseract: Tesseract) -> None:
        self._tesseract = tesseract

    def read(self, marks: Sequence[Sequence[Grey]]) -> list[list[PrintRead]]:
        """See ``PrintReader``.

        Raises
        ------
        TesseractFailureError
            It crashed or did not answer.
        """
        out: list[list[PrintRead]] = [[] for _ in marks]
        for mode in (LINE, GLYPH):
            members = [number for number, crops in enumerate(marks) if crops and _page_mode(crops) == mode]
            shown = [
                (number, prepared(crop, variant))
                for number in members
                for crop in marks[number]
                for variant in ("grey", "evened")
            ]
            for languages in self.LANGUAGE_SETS if shown else ():
                usable = self._tesseract.languages(languages)
                if not usable:
                    continue
                known = frozenset(self.SCRIPTS[language] for language in usable)
                lines = self._tesseract.read_lines([crop for _, crop in shown], usable, page_mode=mode)
                for (number, _), line in zip(shown, lines, strict=True):
                    way = f"tesseract {'+'.join(usable)} {len(out[number])}"
                    out[number].append(PrintRead(tidied(line.text), line.confidence / 100.0, way, known))
        return out


def _page_mode(crops: Sequence[Grey]) -> int:
    return GLYPH if all(crop.shape[1] <= NEAR_SQUARE * crop.shape[0] for crop in crops) else LINE


class RapidReader:
    """RapidOCR's Chinese and English reader, when the package is there: good on digits and Latin, no Hangul."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def read(self, marks: Sequence[Sequence[Grey]]) -> list[list[PrintRead]]:
        """See ``PrintReader``. Whatever goes wrong inside the package means that it read nothing."""
        return [[self._read_one(crop, number) for number, crop in enumerate(crops)] for crops in marks]

    def _read_one(self, crop: Grey, number: int) -> PrintRead:
        text, sureness = "", 0.0
        try:
            answer = self._engine(_as_colour(crop), use_det=False, use_cls=False, use_rec=True)
            texts: Any = getattr(answer, "txts", None)
            scores: Any = getattr(answer, "scores", None)
            if texts and scores:
                text, sureness = tidied(str(texts[0])), float(scores[0])
        except Exception as error:
            log.debug("RapidOCR could not read a crop: %s", error)
        if not text.isascii():
            text, sureness = "", 0.0  # a Han character is its way of failing on Hangul and Cyrillic
        return PrintRead(text, min(max(sureness, 0.0), 1.0), f"rapidocr {number}", frozenset({"latin"}))


@dataclass
class Printed:
    """Several print readers as one. A reader that fails is left out from then on, and ``trouble`` says why."""

    readers: list[PrintReader]
    trouble: str = ""

    def read(self, marks: Sequence[Sequence[Grey]]) -> list[list[PrintRead]]:
        """See ``PrintReader``."""
        out: list[list[PrintRead]] = [[] for _ in marks]
        for reader in tuple(self.readers):
            try:
                read = reader.read(marks)
            except (MissingProgramError, TesseractFailureError) as error:
                self.readers.remove(reader)
                self.trouble = str(error)
                log.warning("a second reader of markings is left out: %s", error)
                continue
            for kept, more in zip(out, read, strict=True):
                kept.extend(one for one in more if letters(one.text) or not one.text)
        return out


def print_readers(tesseract: Tesseract) -> Printed:
    """Every print reader that can be used; ``trouble`` says why Tesseract is not among them."""
    found: list[PrintReader] = []
    trouble = ""
    try:
        tesseract.require()
        found.append(TesseractReader(tesseract))
    except MissingProgramError as error:
        trouble = str(error)
    rapid = _rapid_engine()
    if rapid is not None:
        found.append(RapidReader(rapid))
    return Printed(found, trouble)


def _rapid_engine() -> Any | None:
    try:
        from rapidocr import RapidOCR  # noqa: PLC0415
    except ImportError:
        return None
    try:
        return RapidOCR()
    except Exception as error:  # its models may be missing; it is optional
        log.debug("RapidOCR is installed but cannot be used: %s", error)
        return None


def _as_colour(crop: Grey) -> Grey:
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    return np.asarray(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
