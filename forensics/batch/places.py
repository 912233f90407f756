"""Places on this machine and anywhere fsspec reaches. Nothing is contacted that the user did not name.

A text with a scheme (``s3://``, ``memory://``, ``http://``, ...) is a place elsewhere and is opened through
``universal-pathlib``; everything else is a path of this machine and needs nothing but the standard library.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from forensics.errors import Fault, InputError, MissingProgramError

__all__ = [
    "check_writable",
    "exists",
    "fetched",
    "is_folder",
    "is_remote",
    "join",
    "matching",
    "name_of",
    "open_binary",
    "put",
    "read_bytes",
    "walk",
    "working_folder",
    "write_whole",
]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+(?:::[^:]+)?://")
_READ_ONLY = ("http://", "https://")


def is_remote(place: str) -> bool:
    """Whether a place has a scheme. ``file://`` counts too: it is opened the same way."""
    return _SCHEME.match(place) is not None


def _elsewhere(place: str) -> Any:
    try:
        from upath import UPath  # noqa: PLC0415
    except ImportError:
        raise MissingProgramError(
            f"{place}: reading from or writing to other places than this machine needs the package universal-pathlib "
            "(pip install 'missile-forensics[cloud]'); everything on this machine works without it."
        ) from None
    try:
        found = UPath(place)
        _ = found.fs  # the file system itself is made when first asked for, and may be what is missing
        return found
    except ImportError as error:
        scheme = place.split("://", 1)[0]
        raise MissingProgramError(
            f"{place}: {error}. Install what fsspec needs for {scheme}:// (s3fs for s3, aiohttp for http)."
        ) from None
    except ValueError as error:
        raise InputError(Fault(place, message=f"is no place that can be opened: {error}.")) from None


def join(place: str, *parts: str) -> str:
    """A name below a place; parts are relative and use forward slashes."""
    if is_remote(place):
        return "/".join([place.rstrip("/"), *(part.strip("/") for part in parts)])
    return str(Path(place, *parts))


def open_binary(place: str) -> IO[bytes]:
    """Open for reading; the caller closes it.

    Raises
    ------
    InputError
        When it is missing or cannot be read.
    """
    try:
        stream: IO[bytes] = _elsewhere(place).open("rb") if is_remote(place) else Path(place).open("rb")  # noqa: SIM115
    except OSError as error:
        raise InputError(Fault(place, message=f"cannot be read: {error.strerror or error}.")) from None
    return stream


def read_bytes(place: str) -> bytes:
    """The whole of a file."""
    with open_binary(place) as stream:
        return stream.read()


def exists(place: str) -> bool:
    """Whether a file or folder is there."""
    return bool(_elsewhere(place).exists()) if is_remote(place) else Path(place).exists()


def is_folder(place: str) -> bool:
    """Whether it is a folder."""
    return bool(_elsewhere(place).is_dir()) if is_remote(place) else Path(place).is_dir()


def name_of(place: str) -> str:
    """The last part of a place's name; that of the folder itself for ``.``."""
    if is_remote(place):
        return place.rstrip("/").rsplit("/", 1)[-1]
    return Path(place).resolve().name


def matching(pattern: str) -> list[str]:
    """Places elsewhere that fit a pattern, sorted."""
    scheme, _, _ = pattern.partition("://")
    root = _elsewhere(pattern)
    try:
        found = sorted(str(entry) for entry in root.fs.glob(root.path))
    except (OSError, ValueError) as error:
        raise InputError(Fault(pattern, message=f"cannot be listed: {error}.")) from None
    return [entry if is_remote(entry) else f"{scheme}://{entry}" for entry in found]


def check_writable(place: str) -> None:
    """Refuse what can never be written to, before any work is done."""
    if place.startswith(_READ_ONLY):
        raise InputError(Fault(place, message="cannot be written: HTTP is only read.", advice="Name a folder."))


def write_whole(place: str, data: bytes) -> None:
    """Put a file in place at once, with the folders above it; on this machine it survives a power cut.

    Object stores show an object only when it is complete, so there a plain write is already whole.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    try:
        if is_remote(place):
            check_writable(place)
            target = _elsewhere(place)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            return
        path = Path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            Fault(place, message=f"cannot be written: {error.strerror or error}.", advice="Name another place with -o.")
        ) from None


def walk(place: str) -> Iterator[str]:
    """Every file below a folder, as paths relative to it with forward slashes, sorted. Links are not followed.

    Raises
    ------
    InputError
        When a folder cannot be listed.
    """
    if is_remote(place):
        yield from _walk_elsewhere(place)
        return

    def refuse(error: OSError) -> None:
        raise InputError(Fault(str(error.filename), message=f"cannot be listed: {error.strerror}.")) from None

    root = Path(place)
    for folder, folders, files in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        base = Path(folder).relative_to(root)
        for name in sorted(files):
            if not name.startswith("."):
                yield (PurePosixPath(*base.parts) / name).as_posix()


def _walk_elsewhere(place: str) -> Iterator[str]:
    root = _elsewhere(place)
    try:
        found = root.fs.find(root.path)
    except (OSError, ValueError) as error:
        raise InputError(Fault(place, message=f"cannot be listed: {error}.")) from None
    start = str(root.path).rstrip("/")
    for path in sorted(str(entry) for entry in found):
        # Servers list links to anywhere; only what lies below the folder named is part of it.
        if not path.startswith(f"{start}/"):
            continue
        relative = path[len(start) + 1 :]
        parts = PurePosixPath(relative).parts
        if relative and ".." not in parts and "?" not in relative and not any(part.startswith(".") for part in parts):
            yield relative


def put(path: Path, place: str) -> None:
    """Bring a finished file of this machine to its place, whole or not at all, in pieces."""
    try:
        if is_remote(place):
            target = _elsewhere(place)
            target.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            return
        target = Path(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".writing-{target.name}")
        shutil.copyfile(path, beside)
        beside.replace(target)
    except OSError as error:
        raise InputError(Fault(place, message=f"cannot be written: {error.strerror or error}.")) from None


def working_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder of this machine for what is being made, gone afterwards."""
    return tempfile.TemporaryDirectory(prefix="forensics-batch-")


@contextmanager
def fetched(place: str) -> Iterator[Path]:
    """A file or a folder on this machine: itself when it is local, else a copy that is gone afterwards."""
    if not is_remote(place):
        yield Path(place)
        return
    with tempfile.TemporaryDirectory(prefix="forensics-fetched-") as folder:
        target = Path(folder) / (PurePosixPath(place.split("://", 1)[1]).name or "input")
        try:
            if is_folder(place):
                for relative in walk(place):
                    copy = target.joinpath(*PurePosixPath(relative).parts)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    _copy(join(place, relative), copy)
            else:
                _copy(place, target)
        except OSError as error:
            raise InputError(Fault(place, message=f"cannot be fetched: {error.strerror or error}.")) from None
        yield target


def _copy(place: str, target: Path) -> None:
    with open_binary(place) as source, target.open("wb") as copy:
        while chunk := source.read(1 << 20):
            copy.write(chunk)
