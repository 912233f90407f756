"""The custody record: one line per act, each bound to the one before it by its hash.

A record's hash is SHA-256 over its own canonical JSON (keys sorted, no spaces, UTF-8) without the hash itself, and
it holds the hash of the record before it; the first holds 64 zeros. Changing, removing or inserting a record breaks
the chain at that place. Removing records at the end leaves a whole chain: the head printed in a report shows it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from forensics.casefile.layout import CUSTODY
from forensics.casefile.writing import append_lines, locked

__all__ = ["FIRST", "Act", "Break", "Chain", "Clock", "CustodyRecord", "append_acts", "read_chain", "stamp", "utc_now"]

FIRST = "0" * 64
"""What the first record holds as the hash of the one before it."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of custody records and decisions, and of nothing else."""
    return datetime.now(UTC)


def stamp(clock: Clock) -> str:
    """ISO 8601 in UTC, to the second."""
    return clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Act:
    """Something done to one file: ``create``, ``add``, ``describe``, ``write``, ``decide`` or ``replace``."""

    action: str
    file: str
    sha256: str
    person: str = ""
    note: str = ""


@dataclass(frozen=True)
class CustodyRecord:
    """One line of ``custody.jsonl``."""

    sequence: int
    at: str
    person: str
    action: str
    file: str
    sha256: str
    note: str
    previous: str
    hash: str

    def own_hash(self) -> str:
        """What ``hash`` must be."""
        content = asdict(self)
        del content["hash"]
        return hashlib.sha256(_canonical(content).encode()).hexdigest()

    def line(self) -> str:
        """The record as it stands in the file."""
        return _canonical(asdict(self))


@dataclass(frozen=True)
class Break:
    """Where and why the chain does not hold. ``line`` counts from 1."""

    line: int
    message: str
    truncated: bool = False


@dataclass(frozen=True)
class Chain:
    """The records that can be read, and every place where the chain does not hold."""

    records: tuple[CustodyRecord, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def head(self) -> str:
        """Hash of the last record: whoever knows it can tell that nothing was cut off at the end."""
        return self.records[-1].hash if self.records else FIRST

    @property
    def digests(self) -> dict[str, CustodyRecord]:
        """The last record of every file."""
        return {record.file: record for record in self.records}


def _canonical(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def append_acts(folder: Path, acts: Iterable[Act], clock: Clock) -> None:
    """Append one record per act."""
    with locked(folder):
        chain = read_chain(folder)
        sequence = chain.records[-1].sequence if chain.records else 0
        previous, at = chain.head, stamp(clock)
        lines: list[str] = []
        for act in acts:
            sequence += 1
            draft = CustodyRecord(sequence, at, act.person, act.action, act.file, act.sha256, act.note, previous, "")
            record = CustodyRecord(**{**asdict(draft), "hash": draft.own_hash()})
            previous = record.hash
            lines.append(record.line())
        append_lines(folder / CUSTODY, lines)


def read_chain(folder: Path) -> Chain:
    """Read and check ``custody.jsonl``; an absent file is an empty chain. Raises OSError when it cannot be read."""
    path = folder / CUSTODY
    if not path.exists():
        return Chain()
    lines = path.read_bytes().split(b"\n")
    whole = lines.pop() if lines[-1] == b"" else None
    records: list[CustodyRecord] = []
    breaks: list[Break] = []
    expected_previous, expected_sequence = FIRST, 1
    for number, line in enumerate(lines, start=1):
        record = _parse(line)
        if record is None:
            cut = whole is None and number == len(lines)
            what = "is cut off in the middle" if cut else "cannot be read"
            breaks.append(Break(number, f"record {expected_sequence} {what}.", truncated=cut))
            continue
        breaks += _faults(record, number, expected_previous, expected_sequence)
        records.append(record)
        expected_previous, expected_sequence = record.hash, record.sequence + 1
    return Chain(tuple(records), tuple(breaks))


def _faults(record: CustodyRecord, number: int, previous: str, sequence: int) -> list[Break]:
    found: list[Break] = []
    if record.own_hash() != record.hash:
        found.append(Break(number, f"record {record.sequence} was altered: it does not fit its own hash."))
    if record.previous != previous or record.sequence != sequence:
        before = f"record {sequence - 1}" if sequence > 1 else "the beginning"
        message = f"record {record.sequence} does not follow {before}: a record was altered, removed or put in."
        found.append(Break(number, message))
    return found


def _parse(line: bytes) -> CustodyRecord | None:
    try:
        content = json.loads(line)
        record = CustodyRecord(**content)
    except (ValueError, TypeError, RecursionError):
        return None
    sequence = content.pop("sequence")
    whole = isinstance(sequence, int) and all(isinstance(text, str) for text in content.values())
    return record if whole else None
