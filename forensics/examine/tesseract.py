"""Tesseract, the external program: every argument, every version check and every way it fails is here.

Crops go in as one list file a call, so that the language data is loaded once for all of them (9 to 22 ms a crop
instead of 53 to 180). ``OMP_THREAD_LIMIT=1`` is set before the process starts: with two threads on a busy core one
call takes seconds.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.errors import ForensicsError, MissingProgramError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "GLYPH",
    "LANGUAGES",
    "LINE",
    "OLDEST_VERSION",
    "Line",
    "Tesseract",
    "TesseractFailureError",
    "TesseractStatus",
    "install_advice",
    "tesseract_status",
]

log = logging.getLogger(__name__)

LANGUAGES = ("eng", "kor", "rus", "ukr")
"""The language data this package asks for."""

OLDEST_VERSION = (4, 1)
"""Older ones have no LSTM reader; their confidences mean something else."""

LINE = 7
"""Page mode: the crop is one line. Modes that look for lines themselves invent text on most textures."""

GLYPH = 8
"""Page mode: the crop is one word, or a single character of which mode 10 makes too much."""

WORD_ROW = 5
TSV_COLUMNS = 12
PROBE_TIMEOUT_S = 20.0
CALL_TIMEOUT_S = 120.0
CROP_TIMEOUT_S = 2.0
"""Generous on purpose: a busy machine must not change what is read. A crop takes 0.02 s on an idle one."""

# pytesseract keeps the program's name in a module variable.
_one_at_a_time = threading.Lock()


class TesseractFailureError(ForensicsError):
    """The program is installed and did not do its work: it crashed, hung, or lacks the language data."""


@dataclass(frozen=True)
class Line:
    """What one crop was read as. ``confidence``: the engine's own, 0 to 100, weighted by the length of the words."""

    text: str
    confidence: float


@dataclass(frozen=True)
class TesseractStatus:
    """What is installed. ``reason`` says why the program cannot be used, ``advice`` what to install how."""

    found: bool
    version: str = ""
    languages: tuple[str, ...] = ()
    missing_languages: tuple[str, ...] = ()
    reason: str = ""
    advice: str = ""

    @property
    def usable(self) -> bool:
        """Whether anything can be read with it."""
        return self.found and not self.reason


class Tesseract:
    """One installed Tesseract. ``program``: its name or path; tests pass programs that misbehave."""

    def __init__(
        self, program: str = "tesseract", *, timeout_s: float = CALL_TIMEOUT_S, crop_timeout_s: float = CROP_TIMEOUT_S
    ) -> None:
        self.program = program
        self.timeout_s = timeout_s
        self.crop_timeout_s = crop_timeout_s
        self._status: TesseractStatus | None = None

    def status(self) -> TesseractStatus:
        """Ask the program for its version and languages; the answer is kept. Never raises."""
        if self._status is None:
            self._status = self._ask()
        return self._status

    def require(self) -> TesseractStatus:
        """The status of a program that can be used.

        Raises
        ------
        MissingProgramError
            It is not installed, or too old, or has none of the languages.
        """
        status = self.status()
        if not status.usable:
            raise MissingProgramError(
                f"{status.reason} Reading of markings needs it. {status.advice} "
                "Without it trait sheets are assessed as before; only photographs are not read for text."
            )
        return status

    def languages(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Those of the wanted languages that are installed, in the order given."""
        installed = set(self.require().languages)
        return tuple(language for language in wanted if language in installed)

    def read_lines(
        self, crops: Sequence[npt.NDArray[np.uint8]], languages: Iterable[str], *, page_mode: int = LINE
    ) -> tuple[Line, ...]:
        """Read every crop as one line of text.

        Parameters
        ----------
        crops : sequence of (height, width) uint8
            Grey, dark writing on a light ground reads best.
        languages : iterable of str
            Language data to use together; those not installed are left out.
        page_mode : int
            Tesseract's page segmentation mode.

        Returns
        -------
        tuple of Line
            One for each crop, in order; an empty text where nothing was read.

        Raises
        ------
        MissingProgramError
            See ``require``.
        TesseractFailureError
            It crashed, did not answer in time, or none of the languages is installed.
        """
        usable = self.languages(languages)
        if not usable:
            raise TesseractFailureError(
                f"none of the language data {', '.join(languages)} is installed. {install_advice()}"
            )
        if not crops:
            return ()
        with tempfile.TemporaryDirectory(prefix="forensics-crops-") as folder:
            listing = _write_crops(crops, Path(folder))
            table = self._run(listing, "+".join(usable), page_mode, len(crops))
        return _lines(table, len(crops))

    def _run(self, listing: Path, languages: str, page_mode: int, crops: int) -> str:
        import pytesseract  # noqa: PLC0415

        limit_s = self.timeout_s + self.crop_timeout_s * crops
        with _one_at_a_time:
            os.environ.setdefault("OMP_THREAD_LIMIT", "1")
            pytesseract.pytesseract.tesseract_cmd = self.program
            try:
                content = pytesseract.image_to_data(
                    str(listing),
                    lang=languages,
                    config=f"--psm {page_mode} --oem 1",
                    output_type=pytesseract.Output.BYTES,
                    timeout=limit_s,
                )
            except pytesseract.TesseractNotFoundError as error:
                raise MissingProgramError(f"Tesseract is not installed. {install_advice()}") from error
            except pytesseract.TesseractError as error:
                message = " ".join(str(error.message).split())[:200]
                raise TesseractFailureError(f"Tesseract stopped with status {error.status}: {message}") from error
            except UnicodeDecodeError as error:  # its own error text, not the result, was no UTF-8
                raise TesseractFailureError("Tesseract failed with a message that cannot be read") from error
            except RuntimeError as error:
                raise TesseractFailureError(f"Tesseract did not answer within {limit_s:.0f} s") from error
            # SystemExit: pytesseract leaves the whole process when it cannot parse a version.
            except (OSError, SystemExit) as error:
                raise TesseractFailureError(f"Tesseract could not be run: {error}") from error
        # A byte that is no UTF-8 costs its character (see _lines), not the reading of all crops.
        return bytes(content).decode("utf-8", errors="replace")

    def _ask(self) -> TesseractStatus:
        try:
            banner = self._probe("--version")
            listed = self._probe("--list-langs")
        except FileNotFoundError:
            return TesseractStatus(False, reason="Tesseract is not installed.", advice=install_advice())
        except (OSError, subprocess.SubprocessError) as error:
            return TesseractStatus(False, reason=f"Tesseract cannot be run ({error}).", advice=install_advice())
        found = re.search(r"tesseract\s+v?(\d+)\.(\d+)([\w.\-]*)", banner)
        if found is None:
            return TesseractStatus(
                True, reason="The program named tesseract does not say its version.", advice=install_advice()
            )
        version = f"{found[1]}.{found[2]}{found[3]}"
        languages = tuple(sorted(line for line in map(str.strip, listed.splitlines()) if re.fullmatch(r"\w+", line)))
        missing = tuple(language for language in LANGUAGES if language not in languages)
        reason = ""
        if (int(found[1]), int(found[2])) < OLDEST_VERSION:
            reason = f"Tesseract {version} is too old; {OLDEST_VERSION[0]}.{OLDEST_VERSION[1]} or newer is needed."
        elif len(missing) == len(LANGUAGES):
            reason = f"Tesseract {version} has none of the language data {', '.join(LANGUAGES)}."
        advice = install_advice() if reason or missing else ""
        return TesseractStatus(True, version, languages, missing, reason, advice)

    def _probe(self, argument: str) -> str:
        answer = subprocess.run(  # noqa: S603 - the program's name comes from our caller, never from a case or a sheet
            [self.program, argument],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PROBE_TIMEOUT_S,
            check=False,
        )
        return answer.stdout.decode("utf-8", errors="replace")


def tesseract_status(program: str = "tesseract") -> TesseractStatus:
    """What is installed of Tesseract: version, languages, what is missing, how to install it. Never raises."""
    return Tesseract(program).status()


def install_advice() -> str:
    """How to install Tesseract and the languages on this system."""
    if sys.platform == "darwin":
        return "Install it with: brew install tesseract tesseract-lang"
    if sys.platform == "win32":
        return "Install it with: winget install UB-Mannheim.TesseractOCR (choose Korean, Russian and Ukrainian)"
    for manager, command in (
        ("apt-get", "sudo apt-get install tesseract-ocr tesseract-ocr-kor tesseract-ocr-rus tesseract-ocr-ukr"),
        ("dnf", "sudo dnf install tesseract tesseract-langpack-{kor,rus,ukr}"),
        ("pacman", "sudo pacman -S tesseract tesseract-data-{eng,kor,rus,ukr}"),
        ("zypper", "sudo zypper install tesseract-ocr tesseract-ocr-traineddata-{korean,russian,ukrainian}"),
        ("apk", "sudo apk add tesseract-ocr tesseract-ocr-data-{eng,kor,rus,ukr}"),
    ):
        if shutil.which(manager):
            return f"Install it with: {command}"
    return "Install Tesseract 4.1 or newer with the language data eng, kor, rus and ukr."


def _write_crops(crops: Sequence[npt.NDArray[np.uint8]], folder: Path) -> Path:
    import cv2  # noqa: PLC0415

    names = []
    for number, crop in enumerate(crops):
        name = folder / f"{number:05d}.pgm"
        if not cv2.imwrite(str(name), crop):
            raise TesseractFailureError("a crop could not be written to the temporary folder")
        names.append(str(name))
    listing = folder / "crops.txt"
    listing.write_text("\n".join(names) + "\n", encoding="utf-8")
    return listing


def _lines(table: str, crops: int) -> tuple[Line, ...]:
    """Words of Tesseract's TSV gathered by page: page k is the k-th crop of the list. Damaged rows are skipped.

    Confidences come as integers from some versions and as fractions from others.
    """
    words: list[list[tuple[str, float]]] = [[] for _ in range(crops)]
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) < TSV_COLUMNS or cells[0] != str(WORD_ROW):
            continue
        try:
            page, confidence = int(cells[1]), float(cells[10])
        except ValueError:
            continue
        text = cells[11].replace("\N{REPLACEMENT CHARACTER}", "").strip()
        if text and confidence >= 0 and 1 <= page <= crops:
            words[page - 1].append((text, min(confidence, 100.0)))
    return tuple(_joined(found) for found in words)


def _joined(words: list[tuple[str, float]]) -> Line:
    length = sum(len(text) for text, _ in words)
    if not length:
        return Line("", 0.0)
    confidence = sum(len(text) * value for text, value in words) / length
    return Line(" ".join(text for text, _ in words), confidence)
