"""Taking a stranger's ZIP file apart: nothing outside the folder, nothing larger than it says, no links."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

from forensics.errors import CaseError, Fault

__all__ = ["MOST_BYTES", "MOST_FILES", "unpack"]

MOST_FILES = 100_000
MOST_BYTES = 64 << 30
"""What an archive may unpack to. A case with 2,000 photographs of 20 MB is 40 GB."""
_MOST_RATIO = 200
"""Text packs 10 to 30 times smaller, photographs hardly at all; a bomb is packed a thousand times and more."""
_RATIO_FROM_BYTES = 64 << 20


def unpack(archive: Path, folder: Path) -> None:
    """Unpack into ``folder``, which exists and is empty.

    Raises
    ------
    CaseError
        With everything that is wrong with the archive, before anything is written; or when an entry turns out to be
        other than the archive's list says.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            faults = _faults(archive, entries)
            if faults:
                raise CaseError(faults)
            for entry in entries:
                _extract(opened, entry, folder)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        advice = "Ask for it to be sent again."
        raise CaseError(Fault(str(archive), message=f"is not a whole ZIP file: {error}.", advice=advice)) from error


def _faults(archive: Path, entries: list[zipfile.ZipInfo]) -> list[Fault]:
    faults: list[Fault] = []

    def refuse(name: str, message: str) -> None:
        faults.append(Fault(str(archive), column=_shown(name), message=message))

    if len(entries) > MOST_FILES:
        return [Fault(str(archive), message=f"holds {len(entries)} files; no case has more than {MOST_FILES}.")]
    declared = sum(entry.file_size for entry in entries)
    packed = max(1, archive.stat().st_size)
    if declared > MOST_BYTES or (declared > _RATIO_FROM_BYTES and declared / packed > _MOST_RATIO):
        message = f"would unpack to {declared:,} bytes from {packed:,}: refused as a bomb."
        return [
            Fault(str(archive), message=message, advice="Unpack it yourself if you trust it, and import the folder.")
        ]
    seen: dict[str, str] = {}
    for entry in entries:
        reason = _reason(entry)
        if reason:
            refuse(entry.filename, reason)
        # Systems that fold case or compose letters would let the second overwrite the first.
        folded = unicodedata.normalize("NFC", entry.filename).casefold()
        if folded in seen:
            refuse(entry.filename, "stands in the archive twice.")
        seen[folded] = entry.filename
    return faults


def _reason(entry: zipfile.ZipInfo) -> str | None:
    # ``filename`` ends at a NUL and has separators turned; what the archive says is in ``orig_filename``.
    name = entry.orig_filename
    parts = PurePosixPath(name).parts
    if (
        not name
        or "\x00" in name
        or "\\" in name
        or name.startswith("/")
        or ".." in parts
        or re.match("[A-Za-z]:", name)
    ):
        return "leads out of the folder."
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        return "has control characters in its name."
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device, not a file."
    if entry.flag_bits & 0x1:
        return "is encrypted."
    return None


def _extract(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    place = folder.joinpath(*PurePosixPath(entry.filename).parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with opened.open(entry) as source, place.open("xb") as target:
        while piece := source.read(1 << 20):
            left -= len(piece)
            if left < 0:
                raise CaseError(Fault(_shown(entry.filename), message="is larger than the archive says: refused."))
            target.write(piece)


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:120]
