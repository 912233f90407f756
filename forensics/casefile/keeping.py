"""Lines that persons wrote: appended, never changed, each covered by the custody record.

A line counts from the moment it is on the disk. The custody record follows it under the same lock; where a crash came
between the two, ``recover`` records what is there, and says so. A last line that a power cut left without its end was
never acknowledged to anybody and is cut off.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from forensics.casefile.custody import Act, Clock, append_acts, read_chain
from forensics.casefile.layout import APPENDED, CUSTODY
from forensics.casefile.writing import append_lines, digest_of, locked, refuse_writing

__all__ = ["append_record", "lines_beyond", "recover"]


def append_record(folder: Path, name: str, lines: list[str], act: Act, clock: Clock) -> None:
    """Append lines to one of the files of ``APPENDED`` and record the act; ``act.sha256`` is filled in.

    Raises
    ------
    CaseError
        When the disk refuses.
    """
    with locked(folder):
        managed = (folder / CUSTODY).exists()
        if managed:
            _recover_one(folder, name, act.person, clock)
        append_lines(folder / name, lines)
        if managed:
            digest = digest_of(folder / name)
            append_acts(folder, [Act(act.action, name, digest, act.person, act.note)], clock)


def recover(folder: Path, person: str, clock: Clock) -> tuple[str, ...]:
    """Record lines that an interrupted write left without a record; returns the files concerned."""
    if not (folder / CUSTODY).exists():
        return ()
    with locked(folder):
        return tuple(name for name in APPENDED if _recover_one(folder, name, person, clock))


def _recover_one(folder: Path, name: str, person: str, clock: Clock) -> bool:
    path = folder / name
    if not path.is_file():
        return False
    recorded = read_chain(folder).digests.get(name)
    if recorded is not None and digest_of(path) == recorded.sha256:
        return False
    data = path.read_bytes()
    if recorded is not None and not lines_beyond(data, recorded.sha256):
        return False  # not grown but changed: that is for verify to say, not for us to bless
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        _cut(path, len(whole))
    if recorded is not None and hashlib.sha256(whole).hexdigest() == recorded.sha256:
        return False
    if not whole:
        return False
    note = "written before an interruption, recorded now"
    append_acts(folder, [Act("recover", name, digest_of(path), person, note)], clock)
    return True


def _cut(path: Path, length: int) -> None:
    try:
        with path.open("r+b") as stream:
            stream.truncate(length)
    except OSError as error:
        refuse_writing(path, error)


def lines_beyond(data: bytes, recorded: str) -> int:
    """How many lines follow the part of an append-only file that the record covers; 0 when no such part exists."""
    lines = data.splitlines(keepends=True)
    digest = hashlib.sha256()
    for number, line in enumerate(lines, start=1):
        digest.update(line)
        if digest.hexdigest() == recorded:
            return len(lines) - number
    return 0
