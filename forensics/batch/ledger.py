"""The ledger of a batch: JSON lines, appended and settled on disk one by one; the only state a resumed run needs.

The first line says under what the batch runs (catalogue, version, options); a run under anything else is refused, so
that one ledger never mixes two sets of results. Every further line is one finished unit. A unit whose line is there is
never begun again; one whose line is not there is begun again, and writes the same bytes over what it may have written.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Self

from forensics.batch.units import Outcome
from forensics.errors import Fault, InputError

try:
    import fcntl
except ImportError:  # not on Windows: there two runs on one ledger are the user's to avoid
    fcntl = None  # type: ignore[assignment]

__all__ = ["LEDGER", "Ledger", "read_ledger"]

LEDGER = "ledger.jsonl"
SCHEMA = "forensics.batch/1"


def read_ledger(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The heading and the last line of every unit by key. Torn lines at the end are passed over, others refused.

    Raises
    ------
    InputError
        When the file is no ledger, or a line before the last is damaged.
    """
    heading, lines, _ = _read(path)
    return heading, lines


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]], int]:
    """Heading, lines by key, and how many bytes of the file are whole lines."""
    heading: dict[str, Any] = {}
    found: dict[str, dict[str, Any]] = {}
    whole = 0
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if not line.endswith(b"\n"):
                    break
                entry = _parse(line)
                if entry is None or (number == 1) != (entry.get("ledger") == SCHEMA):
                    message = "is not a ledger of a batch." if number == 1 else "this line is damaged."
                    advice = "Name another output with -o, or restore the file from a copy."
                    raise InputError(Fault(str(path), number, message=message, advice=advice))
                if number == 1:
                    heading = entry
                else:
                    found[str(entry["key"])] = entry
                whole += len(line)
    except OSError as error:
        raise InputError(Fault(str(path), message=f"cannot be read: {error.strerror or error}.")) from None
    return heading, found, whole


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not ("ledger" in entry or ("key" in entry and "state" in entry)):
        return None
    return entry


class Ledger:
    """An open ledger: what is finished, and appending to it. One process at a time."""

    def __init__(self, path: Path, stream: IO[bytes], finished: dict[str, dict[str, Any]]) -> None:
        self.path = path
        self._stream = stream
        self.finished = finished

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path, heading: Mapping[str, object]) -> Iterator[Self]:
        """Begin a ledger, or go on with one that was begun under the same heading.

        Raises
        ------
        InputError
            When another process holds it, when it was begun under something else, or when the disk refuses.
        """
        heading = {"ledger": SCHEMA, **heading}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab+") as stream:
                _lock(stream, path)
                if os.fstat(stream.fileno()).st_size == 0:
                    stream.write(_line(heading))
                    _settle(stream)
                    finished: dict[str, dict[str, Any]] = {}
                else:
                    begun, finished, whole = _read(path)
                    stream.truncate(whole)  # a line that a crash cut short: its unit is begun again
                    if whole == 0:
                        stream.write(_line(heading))
                    else:
                        _check_same(begun, heading, path)
                    _settle(stream)
                yield cls(path, stream, finished)
        except OSError as error:
            advice = "Nothing that was finished is lost. Make room, or name another place, and run this again."
            raise InputError(
                Fault(str(path), message=f"cannot be written: {error.strerror or error}.", advice=advice)
            ) from None

    def append(self, outcome: Outcome) -> None:
        """Record one finished unit; on return the line is on the disk."""
        entry = {name: value for name, value in asdict(outcome).items() if value not in ("", {}, False)}
        entry.pop("refused", None)
        self._stream.write(_line(entry))
        _settle(self._stream)
        self.finished[outcome.key] = entry


def _line(entry: Mapping[str, object]) -> bytes:
    return (json.dumps(entry, ensure_ascii=True, separators=(",", ":"), allow_nan=False) + "\n").encode()


def _settle(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _lock(stream: IO[bytes], path: Path) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        advice = "Wait for it, stop it, or name another output with -o."
        raise InputError(Fault(str(path), message="another batch is writing to it.", advice=advice)) from None


def _check_same(begun: Mapping[str, object], heading: Mapping[str, object], path: Path) -> None:
    faults = [
        Fault(
            str(path),
            1,
            name,
            f"the batch was begun with {begun.get(name)!r}, now it is {heading.get(name)!r}.",
            "Name another output with -o, and compare the two with --compare.",
        )
        for name in sorted({*begun, *heading})
        if begun.get(name) != heading.get(name)
    ]
    if faults:
        raise InputError(faults)
