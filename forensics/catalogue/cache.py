"""The loaded catalogue kept as JSON in the user's cache directory, checked by digest. A convenience, never a need.

An entry is used only when the digest over all catalogue files, the program's version and the code that reads them are
the same. Any trouble, from a read-only disk to a damaged entry, means reading the catalogue again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from forensics import __version__
from forensics.model import catalogue as catalogue_model
from forensics.model.base import Frozen
from forensics.model.catalogue import Catalogue

__all__ = ["cache_folder", "fetch", "store"]

_KEPT = 6


class _Entry(Frozen):
    """What a cache file holds."""

    tool: str
    code: str
    digest: str
    catalogue: Catalogue


def cache_folder() -> Path | None:
    """``$XDG_CACHE_HOME/missile-forensics`` or ``~/.cache/missile-forensics``; None when there is no home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    # A relative path is to be ignored by the XDG Base Directory Specification.
    if given and Path(given).is_absolute():
        return Path(given) / "missile-forensics"
    try:
        return Path.home() / ".cache" / "missile-forensics"
    except RuntimeError:
        return None


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """Digest of the model and the readers: a changed reader must not be answered by what the old one read."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    try:
        for path in [Path(catalogue_model.__file__), here / "loading.py", *sorted((here / "readers").glob("*.py"))]:
            digest.update(path.read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()


def _entry_path(digest: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"catalogue-{digest[:32]}.json"


def fetch(digest: str) -> Catalogue | None:
    """The cached catalogue of this digest, or None."""
    path = _entry_path(digest)
    if path is None:
        return None
    try:
        entry = _Entry.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    if (entry.tool, entry.code, entry.digest, entry.catalogue.digest) != (__version__, _code_digest(), digest, digest):
        return None
    return entry.catalogue


def store(catalogue: Catalogue) -> None:
    """Keep a catalogue, atomically; silently do nothing where that is not possible."""
    path = _entry_path(catalogue.digest)
    if path is None:
        return
    entry = _Entry(tool=__version__, code=_code_digest(), digest=catalogue.digest, catalogue=catalogue)
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".catalogue-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(entry.model_dump_json())
        Path(temporary).replace(path)
        temporary = None
        _prune(path.parent)
    except OSError:
        pass
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _prune(folder: Path) -> None:
    """Keep the newest few entries: every edit of the catalogue makes a new one."""
    entries = sorted(folder.glob("catalogue-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in entries[_KEPT:]:
        path.unlink(missing_ok=True)
