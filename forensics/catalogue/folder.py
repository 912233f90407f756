"""The files of a catalogue folder: which are read, which are refused, and the digest over all of them.

The folder may come from a stranger. A link that leaves it, a device or pipe with a YAML name, and a file too large to
have been written by a person are refused before a byte of them is read.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forensics.errors import Fault
from forensics.yamltext import MAX_BYTES

__all__ = ["PICTURES", "CatalogueFiles", "read_files"]

PICTURES = "vocabulary/pictures"
"""Where drawings of values lie, as ``<trait>.<value>.svg`` or ``<trait>.svg``."""

_SUFFIX = ".yaml"


@dataclass(frozen=True)
class CatalogueFiles:
    """Bytes of every YAML file by relative path (``/`` separated, sorted), their digest, and what was refused.

    ``digest``: SHA-256 over the sorted relative paths and bytes, each with its length, and over the names of the
    pictures, lower-case hexadecimal. ``pictures``: relative paths below ``vocabulary/pictures``; they are never opened.
    """

    contents: dict[str, bytes]
    digest: str
    faults: tuple[Fault, ...]
    pictures: frozenset[str] = frozenset()


def read_files(folder: Path) -> CatalogueFiles:
    """Read every YAML file below a folder once, so that what is parsed is what was digested."""
    faults: list[Fault] = []
    contents: dict[str, bytes] = {}
    for name, path in sorted(_walk(folder, folder.resolve(), "", faults)):
        data = _read_regular(path, name, faults)
        if data is not None:
            contents[name] = data
    digest = hashlib.sha256()
    for name, data in contents.items():
        encoded = name.encode("utf-8", "surrogateescape")
        digest.update(b"%d:%s%d:" % (len(encoded), encoded, len(data)))
        digest.update(data)
    pictures = _pictures(folder)
    digest.update("\n".join(pictures).encode("utf-8", "surrogateescape"))
    return CatalogueFiles(contents, digest.hexdigest(), tuple(faults), frozenset(pictures))


def _pictures(folder: Path) -> list[str]:
    """Drawings of values, by name only."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder / PICTURES) if not entry.is_symlink())
    except OSError:
        return []
    return [f"{PICTURES}/{name}" for name in names if name.endswith(".svg")]


def _walk(folder: Path, root: Path, prefix: str, faults: list[Fault]) -> Iterator[tuple[str, Path]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        faults.append(Fault(prefix.rstrip("/") or ".", message=f"cannot be listed: {error.strerror or error}."))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        name = prefix + entry.name
        if entry.is_symlink():
            if _link_is_fine(Path(entry.path), root, name, faults):
                yield name, Path(entry.path)
        elif entry.is_dir():
            yield from _walk(Path(entry.path), root, name + "/", faults)
        elif entry.name.endswith(_SUFFIX):
            yield name, Path(entry.path)
        elif entry.name.lower().endswith((".yml", _SUFFIX)):
            faults.append(Fault(name, message="would not be read.", advice="Let its name end in .yaml."))


def _link_is_fine(path: Path, root: Path, name: str, faults: list[Fault]) -> bool:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        faults.append(Fault(name, message="is a link that leads nowhere.", advice="Remove it."))
        return False
    if not target.is_relative_to(root):
        advice = "Copy the file into the catalogue."
        faults.append(
            Fault(name, message="is a link that leaves the catalogue folder; it is not followed.", advice=advice)
        )
        return False
    if target.is_dir():
        advice = "Copy the folder instead."
        faults.append(Fault(name, message="is a link to a folder; it is not followed.", advice=advice))
        return False
    return name.endswith(_SUFFIX)


def _read_regular(path: Path, name: str, faults: list[Fault]) -> bytes | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.append(Fault(name, message="is not an ordinary file.", advice="Remove it."))
            return None
        if status.st_size > MAX_BYTES:
            message = f"is {status.st_size / 1e6:.1f} MB; a catalogue file is at most {MAX_BYTES / 1e6:.0f} MB."
            faults.append(Fault(name, message=message, advice="Split it, or check that it is the right file."))
            return None
        return path.read_bytes()
    except OSError as error:
        faults.append(Fault(name, message=f"cannot be read: {error.strerror or error}."))
        return None
