"""Comparing a case folder with its custody record: what exactly is not as it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from forensics.casefile.custody import Chain, CustodyRecord, read_chain
from forensics.casefile.keeping import lines_beyond
from forensics.casefile.layout import APPENDED, CASE, CUSTODY, ORIGINALS, originals_in, reason_unsafe
from forensics.casefile.writing import digest_of

__all__ = ["Discrepancy", "verify"]

Kind = Literal[
    "altered", "missing", "unrecorded", "unreadable", "outside", "broken_chain", "truncated", "edited", "no_record"
]


@dataclass(frozen=True)
class Discrepancy:
    """One thing that is not as recorded. A ``notice`` is worth knowing and no reason to distrust the case."""

    kind: Kind
    file: str
    message: str
    severity: Literal["error", "notice"] = "error"
    record: int = 0
    advice: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the case does not verify because of it."""
        return self.severity == "error"

    def __str__(self) -> str:
        text = f"{self.severity}: {self.file}: {self.message}"
        return f"{text} {self.advice}" if self.advice else text


def verify(folder: Path) -> tuple[Discrepancy, ...]:
    """Every discrepancy between the folder and its custody record; empty when all is as recorded."""
    try:
        chain = read_chain(folder)
    except OSError as error:
        return (Discrepancy("unreadable", CUSTODY, f"cannot be read: {error.strerror or error}."),)
    if not (folder / CUSTODY).exists():
        message = "there is no custody record, so nothing can be compared."
        advice = "'forensics case add' begins one."
        return (Discrepancy("no_record", CUSTODY, message, "notice", advice=advice), *_outside(folder))
    found = [_of_chain(chain, number) for number in range(len(chain.breaks))]
    recorded = chain.digests
    for file in sorted(recorded):
        found += _of_file(folder, file, recorded[file], chain)
    found += [
        Discrepancy(
            "unrecorded",
            file,
            "is in the case but not in the custody record.",
            advice="Add it with 'forensics case add', so that its digest is kept.",
        )
        for place in ORIGINALS
        for file in originals_in(folder, place)
        if file not in recorded
    ]
    return (*found, *_outside(folder))


def _of_chain(chain: Chain, number: int) -> Discrepancy:
    broken = chain.breaks[number]
    kind: Kind = "truncated" if broken.truncated else "broken_chain"
    advice = (
        "A crash while writing looks like this; the records before it hold."
        if broken.truncated
        else "Compare with an older copy of the case; do not rely on the records from here on."
    )
    return Discrepancy(kind, CUSTODY, f"line {broken.line}: {broken.message}", record=broken.line, advice=advice)


def _of_file(folder: Path, file: str, record: CustodyRecord, chain: Chain) -> list[Discrepancy]:
    """What is wrong with one recorded file; names that lead out of the case are left to ``_outside``."""
    if reason_unsafe(folder, file):
        return []
    path, since = folder / file, _since(record)
    if not path.exists():
        return [Discrepancy("missing", file, f"is gone; it was there at {since}.", record=record.sequence)]
    try:
        digest = digest_of(path)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}."
        return [Discrepancy("unreadable", file, message, record=record.sequence)]
    return [] if digest == record.sha256 else [_changed(path, file, digest, record, chain)]


def _changed(path: Path, file: str, digest: str, record: CustodyRecord, chain: Chain) -> Discrepancy:
    since = _since(record)
    if file == CASE:
        advice = "Fine if you edited it; the next 'forensics case add' of a photograph records it."
        return Discrepancy("edited", file, f"was edited since {since}.", "notice", record.sequence, advice)
    grown = lines_beyond(path.read_bytes(), record.sha256) if file in APPENDED else 0
    if grown:
        message = f"has {grown} line(s) more than at {since}, and no record of them."
        return Discrepancy("unrecorded", file, message, record=record.sequence)
    message = f"was altered since {since}: its digest was {record.sha256[:16]}… and is {digest[:16]}…."
    earlier = [one.sequence for one in chain.records if one.file == file and one.sha256 == digest]
    if earlier:
        message = f"is not what was recorded last, at {since}, but what record {earlier[-1]} says."
    advice = "Run the stage that wrote it again."
    if file.startswith(ORIGINALS):
        advice = "Restore it from the original, or add it again if the change was meant."
    return Discrepancy("altered", file, message, record=record.sequence, advice=advice)


def _since(record: CustodyRecord) -> str:
    who = f", {record.person}" if record.person else ""
    return f"record {record.sequence} ({record.action}, {record.at}{who})"


def _outside(folder: Path) -> tuple[Discrepancy, ...]:
    return tuple(
        Discrepancy("outside", file, f"{reason}.", advice="Put the file itself into the case.")
        for place in ORIGINALS
        for file in originals_in(folder, place)
        if (reason := reason_unsafe(folder, file))
    )
