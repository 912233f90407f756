"""What kind of file a trait sheet is, from its name and from its first bytes."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Literal

from forensics.errors import Fault

__all__ = ["FORMATS", "SheetFormat", "identify"]

SheetFormat = Literal["csv", "xlsx", "ods", "yaml", "json"]
FORMATS: dict[str, SheetFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ods": "ods",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
}
MAX_TEXT_BYTES = 20_000_000
MAX_ARCHIVE_BYTES = 50_000_000

_SAVE_AS = "Open it in a spreadsheet and save it as XLSX or as CSV (UTF-8)."
_OTHER_CONTENT: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook (.xls) or one protected by a password.", _SAVE_AS),
    (b"%PDF", "is a PDF document, not a trait sheet.", _SAVE_AS),
    (b"\xff\xd8\xff", "is a JPEG photograph, not a trait sheet.", "Give it as a photograph, with its own ending."),
    (b"\x89PNG", "is a PNG picture, not a trait sheet.", "Give it as a photograph, with its own ending."),
    (b"{\\rtf", "is an RTF document, not a trait sheet.", _SAVE_AS),
    (b"\x1f\x8b", "is a compressed file.", "Unpack it first."),
    (b"7z\xbc\xaf", "is a compressed file.", "Unpack it first."),
    (b"Rar!", "is a compressed file.", "Unpack it first."),
)


def identify(path: Path, shown_as: str) -> SheetFormat | Fault:
    """The format of a sheet, or the one fault that makes it unreadable. Reads at most 4 KiB."""
    opened = _head(path, shown_as)
    if isinstance(opened, Fault):
        return opened
    head, size = opened
    suffix = path.suffix.lower()
    declared = FORMATS.get(suffix)
    archive = head.startswith(b"PK\x03\x04")
    limit = MAX_ARCHIVE_BYTES if archive else MAX_TEXT_BYTES
    if size > limit:
        message = f"is {size / 1e6:.0f} MB; a trait sheet is at most {limit / 1e6:.0f} MB."
        return Fault(shown_as, message=message, advice="Check that it is the right file.")
    foreign = None if archive else _foreign(head, shown_as)
    if foreign is not None:
        return foreign
    if declared is not None and archive == (declared in ("xlsx", "ods")):
        return declared
    advice = _SAVE_AS
    if archive:
        message = f"is a workbook or an archive, although its name ends in {suffix or 'nothing'}."
        advice = "Give it the ending .xlsx or .ods if it is a workbook."
    elif declared is None:
        message = f"has the ending {suffix!r}, which is no kind of trait sheet." if suffix else "has no ending."
        advice = "Use CSV, XLSX, ODS, YAML or JSON."
    else:
        message = f"is not the workbook its ending {suffix} promises."
    return Fault(shown_as, message=message, advice=advice)


def _head(path: Path, shown_as: str) -> tuple[bytes, int] | Fault:
    """The first bytes and the size of a regular file."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return Fault(shown_as, message="is a folder, not a trait sheet.", advice="Name the file inside it.")
        if not stat.S_ISREG(status.st_mode):
            return Fault(shown_as, message="is not a regular file.")
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        return Fault(shown_as, message="does not exist.", advice="Check the name.")
    except (OSError, ValueError) as error:
        return Fault(shown_as, message=f"cannot be read: {getattr(error, 'strerror', None) or error}.")
    if not head.strip():
        return Fault(shown_as, message="is empty.", advice="Write one with 'forensics sheet new'.")
    return head, status.st_size


def _foreign(head: bytes, shown_as: str) -> Fault | None:
    """Content that is certainly no text sheet, whatever the name says."""
    for start, message, advice in _OTHER_CONTENT:
        if head.startswith(start):
            return Fault(shown_as, message=message, advice=advice)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return Fault(shown_as, message="is a web page (HTML) saved under another ending.", advice=_SAVE_AS)
    if text.startswith(b"<?xml"):
        return Fault(shown_as, message="is an XML document, not a trait sheet.", advice=_SAVE_AS)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and b"\x00" in head:
        return Fault(shown_as, message="is a binary file, not text.", advice=_SAVE_AS)
    return None
