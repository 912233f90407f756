"""Files that are a picture and something else as well: a web page, an archive, a document, a script."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

__all__ = ["reason_polyglot"]

_HEAD = 1 << 16
_TAIL = 1 << 20
_MARKUP = re.compile(rb"<(?:script|html|svg|iframe|object|embed|!doctype html)[\s>/]|<\?php", re.IGNORECASE)
_RAW = {
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".tif": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    ".tiff": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    ".webp": (b"RIFF",),
}


def reason_polyglot(path: Path) -> str | None:
    """Why an uploaded photograph is not taken although it may decode; None when nothing is amiss.

    Asked of what comes through a browser. Cameras write pictures that hold further pictures, sounds and notes of
    their own; none of them writes web pages, programs, documents or archives into one.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read(_TAIL)
    starts = _RAW.get(path.suffix.lower())
    if starts is not None and not head.startswith(starts):
        return f"is no {path.suffix.lower().lstrip('.')} picture, although its name says so."
    if _MARKUP.search(head) or _MARKUP.search(tail):
        return "holds a web page or a script besides the picture."
    if b"%PDF-" in head[:1024] or b"%PDF-" in tail:
        return "holds a PDF document besides the picture."
    if zipfile.is_zipfile(path):
        return "holds an archive besides the picture."
    return None
