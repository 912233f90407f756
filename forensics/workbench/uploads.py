"""Files that come through a browser: named by us, checked by the process that may be harmed, then added to the case."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO, Protocol

from forensics.casefile.layout import PHOTOGRAPH_SUFFIXES, SHEET_SUFFIXES, safe_name
from forensics.errors import Fault, InputError
from forensics.workbench.desk import Desk
from forensics.workbench.guard import Limits

__all__ = ["take_in"]

_SHEETS = SHEET_SUFFIXES - {".xlsm"}


class Upload(Protocol):
    """What the web framework hands over."""

    filename: str | None
    size: int | None

    @property
    def file(self) -> IO[bytes]:
        """The bytes, spooled to disk when they are many."""
        ...


def take_in(desk: Desk, upload: Upload, limits: Limits, *, item: str, part: str | None, person: str) -> str:
    """Add one file to the case; returns what it is.

    Raises
    ------
    InputError
        When it is too large, of a kind that is not read, not what its name says, more than one thing at once, or when
        it cannot be decoded within the limits; nothing was added then.
    """
    name = safe_name(upload.filename or "")
    suffix = Path(name).suffix.lower()
    kind = "photograph" if suffix in PHOTOGRAPH_SUFFIXES else "sheet" if suffix in _SHEETS else ""
    if not kind or name.startswith("."):
        advice = "Photographs are JPEG, PNG, TIFF, WebP or HEIC; trait sheets CSV, XLSX, ODS, YAML or JSON."
        raise InputError(Fault("", message="is neither a photograph nor a trait sheet.", advice=advice))
    if upload.size is not None and upload.size > limits.file_bytes:
        raise InputError(Fault("", message=f"is larger than {limits.file_bytes // 1_000_000} MB."))
    if kind == "photograph" and len(desk.photographs()) >= limits.photographs:
        raise InputError(Fault("", message=f"a case holds at most {limits.photographs} photographs."))
    if part is not None and part not in desk.catalogue.vocabulary.parts:
        raise InputError(Fault("", 0, "part", f"there is no part {part!r}."))
    with tempfile.TemporaryDirectory(prefix="upload-", dir=desk.hidden) as folder:
        place = Path(folder) / name
        with place.open("xb") as target:
            upload.file.seek(0)
            shutil.copyfileobj(upload.file, target, 1 << 20)
        catalogue = str(desk.catalogue_path) if desk.catalogue_path else None
        answer = desk.back.ask("upload", path=str(place), kind=kind, catalogue=catalogue, shown_as=name)
        desk.folder.begin_record(person)
        added = desk.folder.add([place], item=item if kind == "photograph" else "", part=part, person=person)
    return f"{answer.get('what', '')} → {added[0][0]}"
