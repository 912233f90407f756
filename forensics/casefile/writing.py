"""Writing into a case folder: whole files appear at once or not at all, records are only ever appended.

Every failure of the disk becomes a ``CaseError`` that says what was not written and that what stood there still
stands.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NoReturn

from forensics.errors import CaseError, Fault

try:
    import fcntl
except ImportError:  # Windows: one writer at a time is then up to the people
    fcntl = None  # type: ignore[assignment]

__all__ = ["append_lines", "copy_original", "digest_of", "locked", "make_folder", "refuse_writing", "write_whole"]

_CHUNK = 1 << 20
_ADVICE = "Nothing was lost. Copy the case to a place where you may write and that has room, then run this again."


def refuse_writing(path: Path, error: OSError) -> NoReturn:
    """Turn a failure of the disk into a fault of the case."""
    raise CaseError(
        Fault(str(path), message=f"cannot be written: {error.strerror or error}.", advice=_ADVICE)
    ) from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def make_folder(path: Path) -> None:
    """Make a folder and those above it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse_writing(path, error)


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place at once: a reader sees the old bytes or the new, also after a power cut."""
    try:
        with _beside(path) as (stream, temporary):
            stream.write(data)
            _settle(stream)
            temporary.replace(path)
        _settle_folder(path.parent)
    except OSError as error:
        refuse_writing(path, error)


def append_lines(path: Path, lines: list[str]) -> None:
    """Append whole lines. A last line that a crash cut short is closed first and stays as it is."""
    try:
        with path.open("ab+") as stream:
            data = "".join(f"{line}\n" for line in lines).encode()
            if stream.tell() > 0:
                stream.seek(-1, os.SEEK_END)
                data = data if stream.read(1) == b"\n" else b"\n" + data
            stream.write(data)
            _settle(stream)
    except OSError as error:
        refuse_writing(path, error)


def copy_original(source: Path, target: Path, expected: str) -> None:
    """Copy byte for byte to a name that must not exist yet; the copy is made read-only.

    ``expected`` is the digest the source had a moment ago: a source that changes while it is copied is refused.
    """
    try:
        times = source.stat()
        with source.open("rb") as original, _beside(target) as (stream, temporary):
            digest = hashlib.sha256()
            while chunk := original.read(_CHUNK):
                digest.update(chunk)
                stream.write(chunk)
            _settle(stream)
            if digest.hexdigest() != expected:
                raise CaseError(Fault(str(source), message="changed while it was copied.", advice="Add it again."))
            os.utime(temporary, ns=(times.st_atime_ns, times.st_mtime_ns))
            temporary.chmod(0o444)
            _place(temporary, target)
        _settle_folder(target.parent)
    except OSError as error:
        refuse_writing(target, error)


def _place(temporary: Path, target: Path) -> None:
    """Give a finished file its name without ever replacing another."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if target.exists():
            raise FileExistsError(17, "another file took the name", str(target)) from None
        temporary.rename(target)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A temporary file in the folder of ``path``, gone afterwards whatever happens."""
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream, temporary
    finally:
        temporary.unlink(missing_ok=True)


def _settle(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _settle_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


_held = threading.local()


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time in this folder, among programs on this machine and threads of this program.

    A thread that holds the lock may take it again.
    """
    if fcntl is None:
        yield
        return
    place = str(folder.resolve())
    mine: set[str] = _held.__dict__.setdefault("folders", set())
    if place in mine:
        yield
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        refuse_writing(folder, error)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        mine.add(place)
        yield
    finally:
        mine.discard(place)
        os.close(handle)
