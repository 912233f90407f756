"""The records of a case: what persons decided, pointed at and filled in, and what the stages read.

What persons write is only ever appended; what the stages write is replaced whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import ValidationError

from forensics.casefile.custody import Act, Clock, stamp, utc_now
from forensics.casefile.keeping import append_record, recover
from forensics.casefile.layout import (
    DECISIONS,
    OBSERVATIONS,
    PHOTOGRAPHS,
    POINTED,
    READINGS,
    SHEETS,
    WORKBENCH_SHEET,
    originals_in,
)
from forensics.casefile.writing import locked, make_folder
from forensics.errors import CaseError, Fault
from forensics.model.base import Frozen
from forensics.model.evidence import Box, Decision, Observation, PhotographReading, Pointing
from forensics.model.values import TraitValue

__all__ = ["Records", "read_file"]

Line = TypeVar("Line", bound=Frozen)


class Records:
    """What lies in the record files of one case folder."""

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        self.path = path
        self._clock = clock

    def observations(self) -> tuple[Observation, ...]:
        """What ``observations.jsonl`` holds; empty when no stage has written it."""
        return self._lines(OBSERVATIONS, Observation)

    def decisions(self) -> tuple[Decision, ...]:
        """What ``decisions.jsonl`` holds, oldest first."""
        return self._lines(DECISIONS, Decision)

    def decide(
        self,
        observation: str,
        action: Literal["accept", "amend", "reject", "comment"],
        *,
        person: str,
        value: TraitValue | None = None,
        comment: str = "",
        settles: bool = False,
    ) -> Decision:
        """Append a decision about one observation; nothing that was recorded before is changed.

        ``settles``: it ends a disagreement between persons, whose earlier decisions stay on record but hold no more.

        Raises
        ------
        CaseError
            When nobody is named, when an amendment has no value, or when it cannot be written.
        """
        path = self.path / DECISIONS
        if not person.strip():
            raise CaseError(Fault(str(path), message="a decision needs the name of a person."))
        if (value is None) == (action == "amend"):
            message = "an amendment needs the new value." if value is None else f"'{action}' takes no value."
            raise CaseError(Fault(str(path), message=message))
        decision = Decision(
            observation=observation,
            action=action,
            person=person.strip(),
            at=stamp(self._clock),
            value=value,
            comment=comment,
            settles=settles,
        )
        self._append(DECISIONS, decision.model_dump_json(), Act("decide", DECISIONS, "", person))
        return decision

    def pointings(self) -> tuple[Pointing, ...]:
        """What persons pointed at, oldest first, withdrawn ones left out."""
        everything = self._lines(POINTED, Pointing)
        gone = {one.withdraws for one in everything if one.kind == "withdrawn"}
        return tuple(one for number, one in enumerate(everything, 1) if one.kind != "withdrawn" and number not in gone)

    def point(
        self,
        photograph: str,
        *,
        person: str,
        box: Box | None = None,
        points_px: Sequence[tuple[float, float]] = (),
    ) -> Pointing:
        """Append what a person pointed at: a region, or the fasteners of one ring. Read there in every later run.

        Raises
        ------
        CaseError
            When nobody is named, nothing is pointed at, or the case has no such photograph.
        """
        if not person.strip():
            raise CaseError(Fault(POINTED, message="pointing needs the name of a person."))
        if photograph not in originals_in(self.path, PHOTOGRAPHS):
            raise CaseError(Fault(photograph, message="is no photograph of this case."))
        if (box is None) == (not points_px):
            raise CaseError(Fault(POINTED, message="point at either a region or fasteners."))
        pointing = Pointing(
            photograph=photograph,
            kind="region" if box is not None else "bolts",
            person=person.strip(),
            at=stamp(self._clock),
            box=box,
            points_px=tuple(points_px),
        )
        self._append(POINTED, pointing.model_dump_json(), Act("point", POINTED, "", person))
        return pointing

    def readings(self) -> tuple[PhotographReading, ...]:
        """What the examiners read, by photograph; empty when no stage has kept it."""
        return self._lines(READINGS, PhotographReading)

    def append_rows(self, rows: Sequence[str], *, header: str, person: str) -> int:
        """Append rows to the sheet filled in through a form; returns the number of the last row as a person counts.

        Raises
        ------
        CaseError
            When it cannot be written.
        """
        make_folder(self.path / SHEETS)
        path = self.path / WORKBENCH_SHEET
        with locked(self.path):
            lines = list(rows) if path.is_file() and path.stat().st_size else [header, *rows]
            self._append(WORKBENCH_SHEET, lines, Act("record", WORKBENCH_SHEET, "", person))
            return len(path.read_bytes().splitlines())

    def recover(self, person: str) -> tuple[str, ...]:
        """Record lines that an interrupted write left without a record; returns the files concerned."""
        return recover(self.path, person, self._clock)

    def _append(self, name: str, lines: str | list[str], act: Act) -> None:
        append_record(self.path, name, [lines] if isinstance(lines, str) else lines, act, self._clock)

    def _lines(self, name: str, kind: type[Line]) -> tuple[Line, ...]:
        path = self.path / name
        if not path.exists():
            return ()
        found: list[Line] = []
        faults: list[Fault] = []
        lines = read_file(path).split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                found.append(kind.model_validate_json(line))
            except ValidationError as error:
                if number == len(lines):
                    continue  # without its end: a write that was cut short, and acknowledged to nobody
                problem = error.errors()[0]["msg"]
                advice = "Restore it from a copy; 'forensics case verify' says since when it differs."
                faults.append(
                    Fault(str(path), number, message=f"is not a {kind.__name__.lower()}: {problem}.", advice=advice)
                )
        if faults:
            raise CaseError(faults)
        return tuple(found)


def read_file(path: Path) -> bytes:
    """The bytes of a file of the case; a failure of the disk becomes a fault."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError(Fault(str(path), message=f"cannot be read: {error.strerror or error}.")) from error
