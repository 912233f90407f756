"""Names inside a case folder: which files mean what, which names are safe, and that nothing leads out of it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

__all__ = [
    "APPENDED",
    "ASSESSMENT",
    "CASE",
    "CUSTODY",
    "DECISIONS",
    "HIDDEN",
    "OBSERVATIONS",
    "ORIGINALS",
    "PHOTOGRAPHS",
    "PHOTOGRAPH_SUFFIXES",
    "POINTED",
    "READINGS",
    "SHEETS",
    "SHEET_SUFFIXES",
    "SIDECAR_SUFFIX",
    "WORKBENCH_SHEET",
    "is_document_name",
    "originals_in",
    "reason_unsafe",
    "safe_name",
]

CASE = "case.yaml"
PHOTOGRAPHS = "photographs"
SHEETS = "sheets"
OBSERVATIONS = "observations.jsonl"
DECISIONS = "decisions.jsonl"
POINTED = "pointed.jsonl"
READINGS = "readings.jsonl"
ASSESSMENT = "assessment.json"
CUSTODY = "custody.jsonl"
ORIGINALS = (PHOTOGRAPHS, SHEETS)
HIDDEN = ".workbench"
"""Reduced copies and a log of the local page: made again when they are gone, handed over to nobody."""
WORKBENCH_SHEET = f"{SHEETS}/workbench.csv"
"""The sheet that persons fill in through a form: rows are only ever appended."""
APPENDED = (DECISIONS, POINTED, WORKBENCH_SHEET)
"""What persons wrote, line by line, through this program; nothing in it is ever changed."""

PHOTOGRAPH_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif"})
SHEET_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".ods", ".yaml", ".yml", ".json"})

SIDECAR_SUFFIX = ".examiner.yaml"
"""Ends the name of the file beside a photograph in which a person points."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST = 120


def safe_name(name: str) -> str:
    """A file name that every system takes, as close to the given one as possible.

    Folders are cut off, separators and control characters become ``_``, letters of every script stay.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(
        "_" if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else letter for letter in name
    )
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > 10:
        stem, dot, suffix = name, "", ""
    while len(f"{stem}{dot}{suffix}".encode()) > _LONGEST:
        stem = stem[:-1]
    name = f"{stem.rstrip(' .') or 'file'}{dot}{suffix}"
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def reason_unsafe(folder: Path, name: str) -> str | None:
    """Why a file name written in a case may not be followed; None when it stays inside the case folder."""
    posix = PurePosixPath(name)
    if not name.strip() or "\x00" in name:
        return "is no file name"
    if posix.is_absolute() or "\\" in name or re.match(r"[A-Za-z]:", name) or ".." in posix.parts:
        return "does not stay inside the case folder"
    try:
        inside = (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return "cannot be followed"
    return None if inside else "is a link that leads out of the case folder"


def originals_in(folder: Path, place: str) -> tuple[str, ...]:
    """Files of ``photographs/`` or ``sheets/`` by name, as paths inside the case, sorted; hidden files left out."""
    suffixes = PHOTOGRAPH_SUFFIXES if place == PHOTOGRAPHS else SHEET_SUFFIXES
    try:
        names = sorted(entry.name for entry in (folder / place).iterdir())
    except OSError:
        return ()
    return tuple(
        f"{place}/{name}"
        for name in names
        if not name.startswith((".", "~$")) and Path(name).suffix.lower() in suffixes
    )


def is_document_name(name: str) -> bool:
    """Whether a stage may write this file: results only, never an original, a record or ``case.yaml``."""
    return bool(re.fullmatch(r"[a-z0-9][a-z0-9_-]*\.[a-z0-9]{2,5}", name)) and name not in (
        CASE,
        DECISIONS,
        POINTED,
        CUSTODY,
    )
