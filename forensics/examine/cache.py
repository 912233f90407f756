"""What was seen on a photograph, kept in the user's cache folder. A convenience, never a need, and never stale.

An entry is used only when everything that can change the result is the same: the photograph's bytes and registration,
what was asked and pointed at, the formats and traits of the catalogue, the code and weights of this room, the versions
of the program and packages it uses. Any trouble means examining again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import ValidationError

from forensics import __version__
from forensics.examine.tesseract import Tesseract
from forensics.model.base import Frozen
from forensics.model.evidence import Observation, PhotographFault

__all__ = ["Seen", "cache_folder", "fetch", "key_of", "store"]

MOST_KEPT = 400
PACKAGES = ("opencv-python-headless", "numpy", "pillow", "onnxruntime", "pytesseract", "rapidocr", "pillow-heif")
CODE = (".py", ".onnx", ".json", ".npz")


class Seen(Frozen):
    """What the examiners gave for one photograph."""

    observations: tuple[Observation, ...] = ()
    faults: tuple[PhotographFault, ...] = ()


class _Entry(Frozen):
    key: str
    seen: Seen


def cache_folder() -> Path | None:
    """``$XDG_CACHE_HOME/missile-forensics/examined`` or below ``~/.cache``; None when there is no home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path is to be ignored by the XDG Base Directory Specification.
    if given and Path(given).is_absolute():
        return Path(given) / "missile-forensics" / "examined"
    try:
        return Path.home() / ".cache" / "missile-forensics" / "examined"
    except RuntimeError:
        return None


def key_of(parts: dict[str, object], tesseract: Tesseract) -> str:
    """Digest of everything that a result depends on; ``parts`` is what the caller knows, as plain JSON."""
    status = tesseract.status()
    told = json.dumps(
        {
            "asked": parts,
            "tool": __version__,
            "code": _code_digest(),
            "packages": _versions(),
            "tesseract": [tesseract.program, status.usable, status.version, status.languages],
        },
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(told.encode()).hexdigest()


def fetch(key: str) -> Seen | None:
    """What was seen under this key, or None."""
    path = _path(key)
    if path is None:
        return None
    try:
        entry = _Entry.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    return entry.seen if entry.key == key else None


def store(key: str, seen: Seen) -> None:
    """Keep a result, atomically; silently do nothing where that is not possible."""
    path = _path(key)
    if path is None or not _code_digest():
        return
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".seen-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_Entry(key=key, seen=seen).model_dump_json())
        Path(temporary).replace(path)
        temporary = None
        _prune(path.parent)
    except OSError:
        pass
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _path(key: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"{key[:40]}.json"


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """Digest of the code, weights and tables of this room and of the model; empty where they cannot be read."""
    digest = hashlib.sha256()
    room = Path(__file__).parent
    try:
        for folder in (room, room.parent / "model"):
            for path in sorted(folder.rglob("*")):
                if path.suffix in CODE and path.is_file():
                    digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                    digest.update(path.read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def _prune(folder: Path) -> None:
    entries = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in entries[MOST_KEPT:]:
        path.unlink(missing_ok=True)
