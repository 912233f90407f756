"""Photographs to machine-read observations.

``examine`` runs the closed table of examiners over one photograph; ``annotate`` draws what they saw; ``doctor`` and
``tesseract_status`` say what is installed. Heavy packages are imported when a photograph is read, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.examine.cache import Seen
from forensics.examine.examination import examine, look
from forensics.examine.examiner import Brief, Examiner, ExaminerEntry, gave_up, observed
from forensics.examine.stamp import is_lasting, reader_stamp
from forensics.examine.table import EXAMINERS
from forensics.examine.tesseract import Tesseract, TesseractFailureError, TesseractStatus, tesseract_status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from forensics.model.evidence import Box, Observation

__all__ = [
    "EXAMINERS",
    "Brief",
    "Examiner",
    "ExaminerEntry",
    "Seen",
    "Tesseract",
    "TesseractFailureError",
    "TesseractStatus",
    "annotate",
    "doctor",
    "examine",
    "gave_up",
    "is_lasting",
    "look",
    "observed",
    "picture_for_report",
    "reader_stamp",
    "report_copies",
    "tesseract_status",
]


def annotate(
    pixels: npt.NDArray[np.uint8], observations: Iterable[Observation], orientation: int = 1
) -> npt.NDArray[np.uint8]:
    """See ``forensics.examine.annotation.annotate``; imported when called, because it brings OpenCV with it."""
    from forensics.examine.annotation import annotate as drawn  # noqa: PLC0415

    return drawn(pixels, observations, orientation)


def picture_for_report(path: Path, observations: Iterable[Observation], *, long_side_px: int = 1600) -> bytes:
    """See ``forensics.examine.annotation.picture_for_report``."""
    from forensics.examine.annotation import picture_for_report as drawn  # noqa: PLC0415

    return drawn(path, observations, long_side_px=long_side_px)


def report_copies(path: Path, boxes: Iterable[Box]) -> tuple[bytes, dict[Box, bytes]]:
    """See ``forensics.examine.copies.report_copies``."""
    from forensics.examine.copies import report_copies as copied  # noqa: PLC0415

    return copied(path, boxes)


def doctor(tesseract: Tesseract | None = None) -> tuple[bool, tuple[str, ...]]:
    """See ``forensics.examine.installation.doctor``."""
    from forensics.examine.installation import doctor as asked  # noqa: PLC0415

    return asked(tesseract)
