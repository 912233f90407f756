"""The case folder: what it holds, adding originals, writing what the stages found, verifying all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from forensics.casefile.adding import Wanted, place_all
from forensics.casefile.custody import Act, Clock, append_acts, read_chain, utc_now
from forensics.casefile.describing import entry_line, new_text, with_photographs
from forensics.casefile.editing import CaseFacts, with_facts, with_items, with_photograph
from forensics.casefile.layout import (
    ASSESSMENT,
    CASE,
    CUSTODY,
    OBSERVATIONS,
    ORIGINALS,
    PHOTOGRAPHS,
    READINGS,
    SHEETS,
    SIDECAR_SUFFIX,
    is_document_name,
    originals_in,
    reason_unsafe,
)
from forensics.casefile.reading import parse_case, reason_no_date
from forensics.casefile.records import Records, read_file
from forensics.casefile.verifying import Discrepancy, verify
from forensics.casefile.writing import digest_of, locked, make_folder, write_whole
from forensics.errors import CaseError, Fault
from forensics.model.evidence import (
    Case,
    Item,
    Observation,
    PhotographEntry,
    PhotographReading,
)

__all__ = ["CaseFolder", "new_case", "open_case"]


class CaseFolder(Records):
    """A case on disk. Reading never writes; what the stages write appears whole or not at all.

    Attributes
    ----------
    path
        The folder, as given.
    case
        What ``case.yaml`` says, as read when the folder was opened or last added to.
    """

    def __init__(self, path: Path, case: Case, clock: Clock = utc_now) -> None:
        super().__init__(path, clock)
        self.case = case

    @property
    def managed(self) -> bool:
        """Whether the case keeps a custody record; samples and folders made by hand may not."""
        return (self.path / CUSTODY).exists()

    @property
    def writable(self) -> bool:
        """Whether the system says that this folder may be written to (the disk has the last word)."""
        return os.access(self.path, os.W_OK | os.X_OK)

    @property
    def custody_head(self) -> str:
        """Hash of the last custody record; printed in a report it shows later that none was cut off."""
        return read_chain(self.path).head

    def photograph_entries(self) -> tuple[PhotographEntry, ...]:
        """Photographs in the order of ``case.yaml``, then those that only lie in ``photographs/``, by name."""
        listed = {entry.file for entry in self.case.photographs}
        found = (PhotographEntry(file=file) for file in originals_in(self.path, PHOTOGRAPHS) if file not in listed)
        return (*self.case.photographs, *found)

    def photograph_path(self, entry: PhotographEntry) -> Path:
        """Where a photograph lies; it may be missing.

        Raises
        ------
        CaseError
            When the name leads out of the case folder.
        """
        return self._inside(entry.file)

    def sheet_paths(self) -> tuple[Path, ...]:
        """Trait sheets, by name.

        Raises
        ------
        CaseError
            When one is a link that leads out of the case folder.
        """
        return tuple(self._inside(file) for file in originals_in(self.path, SHEETS))

    def _inside(self, file: str) -> Path:
        reason = reason_unsafe(self.path, file)
        if reason:
            raise CaseError(Fault(str(self.path / file), message=f"{reason}.", advice="Put the file into the case."))
        return self.path / file

    def add(
        self,
        paths: Iterable[Path],
        *,
        item: str = "",
        part: str | None = None,
        person: str = "",
        is_render: bool = False,
        note: str = "",
    ) -> tuple[tuple[str, str], ...]:
        """Copy originals byte for byte into the case and record their digests.

        Photographs go to ``photographs/`` and into the list of ``case.yaml``, sheets to ``sheets/``. A photograph whose
        name is taken by another gets a name with its digest; a sheet whose name is taken is refused, because the two
        would be counted as two examinations. The same bytes added again are not copied again;
        a file that already lies in the case is recorded as it is now. The first addition to a case without a custody
        record begins one with everything that is already there.

        Returns
        -------
        Name inside the case and SHA-256 of each file, in the order given.

        Raises
        ------
        CaseError
            With every fault found before anything is copied; or when the disk fails, with what was copied recorded.
        """
        with locked(self.path):
            self.reload()
            self._known_item(item)
            wanted = Wanted.check(self.path, [Path(path) for path in paths])
            for place in ORIGINALS:
                make_folder(self.path / place)
            placed: list[tuple[str, str]] = []
            acts = [] if self.managed else self._present(person)
            try:
                for file, digest, copied in place_all(self.path, wanted, read_chain(self.path).digests):
                    placed.append((file, digest))
                    if copied and not any(act.file == file and act.sha256 == digest for act in acts):
                        acts.append(Act("add", file, digest, person, note))
            finally:
                listed = {entry.file for entry in self.case.photographs}
                entries = [
                    PhotographEntry(file=file, item=item, part=part, is_render=is_render, note=note)
                    for file, _ in dict.fromkeys(placed)
                    if file.startswith(f"{PHOTOGRAPHS}/") and file not in listed and not file.endswith(SIDECAR_SUFFIX)
                ]
                self._record(acts, begin=True)
                if entries:
                    self._describe(entries, person)
            return tuple(placed)

    def _present(self, person: str) -> list[Act]:
        """What a custody record begins with: the case and the originals as they lie there."""
        files = [CASE, *(file for place in ORIGINALS for file in originals_in(self.path, place))]
        present = [(file, digest_of(self._inside(file))) for file in files]
        return [
            Act("create", file, digest, person)
            if file == CASE
            else Act("add", file, digest, person, "was already in the folder")
            for file, digest in present
        ]

    def begin_record(self, person: str) -> None:
        """Begin the custody record with everything that is already there; one that exists is left alone."""
        if not self.managed:
            self._record(self._present(person), begin=True)

    def _describe(self, entries: Sequence[PhotographEntry], person: str) -> None:
        """Put photographs into ``case.yaml`` and make sure that it still says everything it said."""
        data = with_photographs((self.path / CASE).read_bytes(), self.case.photographs, entries)
        expected = self.case.model_copy(update={"photographs": (*self.case.photographs, *entries)})
        lines = "\n".join(entry_line(entry) for entry in entries)
        self._replace_case(data, expected, f"Write them under 'photographs:' by hand:\n{lines}", person)

    def _replace_case(self, data: bytes, expected: Case, advice: str, person: str) -> None:
        path = self.path / CASE
        try:
            agrees = parse_case(data, self.path, str(path)) == expected
        except CaseError:
            agrees = False
        if not agrees:
            message = "was left alone, because it would not have said the same any more; nothing else was lost."
            raise CaseError(Fault(str(path), message=message, advice=advice))
        write_whole(path, data)
        self.case = expected
        self._record([Act("describe", CASE, digest_of(path), person)])

    def describe_photograph(self, entry: PhotographEntry, *, person: str) -> None:
        """Say which item and part a photograph shows; its line of ``case.yaml`` is written anew.

        Raises
        ------
        CaseError
            When the case has no such photograph or item.
        """
        with locked(self.path):
            self.reload()
            self._known_item(entry.item)
            if entry.file not in originals_in(self.path, PHOTOGRAPHS):
                raise CaseError(Fault(entry.file, message="is no photograph of this case."))
            data, listed = with_photograph((self.path / CASE).read_bytes(), self.case.photographs, entry)
            expected = self.case.model_copy(update={"photographs": listed})
            self._replace_case(data, expected, f"Write this line by hand:\n{entry_line(entry)}", person)

    def add_item(self, item: Item, *, person: str) -> None:
        """Add an exhibit to the list of ``case.yaml``.

        Raises
        ------
        CaseError
            When there is one of that number already.
        """
        with locked(self.path):
            self.reload()
            if item.id in {known.id for known in self.case.items}:
                raise CaseError(Fault(CASE, 0, "item", f"there is an item {item.id!r} already."))
            data = with_items((self.path / CASE).read_bytes(), self.case.items, item)
            expected = self.case.model_copy(update={"items": (*self.case.items, item)})
            self._replace_case(data, expected, "Add it under 'items:' by hand.", person)

    def state_facts(self, facts: CaseFacts, *, person: str) -> None:
        """Set title, date, place and mandate of ``case.yaml``; the rest of its text stays as it is.

        Raises
        ------
        CaseError
            When the date is none.
        """
        if facts.event_date and (wrong := reason_no_date(facts.event_date)):
            raise CaseError(Fault(CASE, 0, "event_date", wrong, "Write 2024-01-02, 2024-01 or 2024."))
        with locked(self.path):
            self.reload()
            data = with_facts((self.path / CASE).read_bytes(), facts)
            changes = {**facts.__dict__, "event_date": facts.event_date or None}
            self._replace_case(data, self.case.model_copy(update=changes), "Write it by hand.", person)

    def _known_item(self, item: str) -> None:
        if item and self.case.items and item not in {known.id for known in self.case.items}:
            advice = f"Items are: {', '.join(known.id for known in self.case.items)}. Add it to {CASE} first."
            raise CaseError(Fault(str(self.path / CASE), 0, "item", f"{item!r} is not an item of this case.", advice))

    def reload(self) -> None:
        """Read ``case.yaml`` again: another program may have written it since."""
        path = self.path / CASE
        self.case = parse_case(read_file(path), self.path, str(path))

    def _record(self, acts: Sequence[Act], *, begin: bool = False) -> None:
        if acts and (begin or self.managed):
            append_acts(self.path, acts, self._clock)

    def record_change(self, file: str, *, person: str, note: str) -> None:
        """Record that a file was replaced on purpose (a corrected sheet), by whom and why.

        Raises
        ------
        CaseError
            When the file is not there, or when nobody or no reason is named.
        """
        path = self._inside(file)
        if not path.is_file():
            raise CaseError(Fault(str(path), message="does not exist.", advice="Name it as it stands in the case."))
        if not person or not note:
            message = "a change is only recorded with the person who made it and the reason."
            raise CaseError(Fault(str(path), message=message, advice="Give both."))
        self._record([Act("replace", file, digest_of(path), person, note)], begin=True)

    def write_document(self, name: str, data: str | bytes, *, person: str = "") -> bool:
        """Write a result (``assessment.json``, ``report.html``, …); False when it already held these bytes.

        Raises
        ------
        CaseError
            When it cannot be written; what stood there before still stands.
        """
        if not is_document_name(name):
            message = "is not a name for a result."
            raise CaseError(Fault(name, message=message, advice=f"Use a name like {ASSESSMENT} or report.html."))
        path = self.path / name
        data = data.encode() if isinstance(data, str) else data
        with locked(self.path):
            if path.is_file() and path.read_bytes() == data:
                # A crash may have come between writing and recording.
                recorded = read_chain(self.path).digests.get(name) if self.managed else None
                if recorded is None or recorded.sha256 == digest_of(path):
                    return False
            else:
                write_whole(path, data)
            self._record([Act("write", name, digest_of(path), person)])
        return True

    def write_observations(self, observations: Iterable[Observation], *, person: str = "") -> bool:
        """Write ``observations.jsonl``, one a line, in the order given; False when it already held them."""
        return self.write_document(
            OBSERVATIONS, "".join(f"{one.model_dump_json()}\n" for one in observations), person=person
        )

    def keep_reading(self, reading: PhotographReading) -> None:
        """Keep what was read from one photograph in place of what was kept of it before."""
        with locked(self.path):
            try:
                kept = {one.photograph: one for one in self.readings()}
            except CaseError:
                kept = {}  # damaged: everything in it can be read again
            kept[reading.photograph] = reading
            lines = (f"{kept[name].model_dump_json()}\n" for name in sorted(kept))
            self.write_document(READINGS, "".join(lines))

    def verify(self) -> tuple[Discrepancy, ...]:
        """Every discrepancy between the folder and its custody record; empty when all is as recorded."""
        return verify(self.path)


def _reason_occupied(folder: Path) -> str | None:
    """Why an existing folder cannot become a case."""
    if not folder.is_dir():
        return "is a file, not a folder."
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in ORIGINALS)
    return f"is not empty (it holds {others[0]})." if others else None


def open_case(folder: Path, *, clock: Clock = utc_now) -> CaseFolder:
    """Open a case folder for reading (and, where it may be written, for adding).

    Raises
    ------
    CaseError
        When there is no ``case.yaml``, or with every fault it has.
    """
    folder = Path(folder)
    path = folder / CASE
    if not path.is_file():
        what = "has no case.yaml, so it is no case folder." if folder.is_dir() else "is not a folder."
        advice = "Make one with 'forensics case new', or give the sheets and photographs themselves."
        raise CaseError(Fault(str(folder), message=what, advice=advice))
    return CaseFolder(folder, parse_case(read_file(path), folder, str(path)), clock)


def new_case(
    folder: Path,
    case_id: str,
    *,
    title: str = "",
    event_date: str | None = None,
    place: str = "",
    mandate: str = "",
    items: Sequence[Item] = (),
    person: str = "",
    clock: Clock = utc_now,
) -> CaseFolder:
    """Make a case folder with its ``case.yaml`` and custody record.

    A folder that already holds ``photographs/`` or ``sheets/`` (and nothing else) becomes the case; what lies there is
    recorded.

    Raises
    ------
    CaseError
        When the folder is already a case, holds other things, cannot be written, or when id or date are not valid.
    """
    folder = Path(folder)
    path = folder / CASE
    case = Case(id=case_id, title=title, event_date=event_date, place=place, mandate=mandate, items=tuple(items))
    if path.exists():
        raise CaseError(Fault(str(folder), message="is already a case.", advice="Add to it with 'forensics case add'."))
    if event_date and (wrong := reason_no_date(event_date)):
        raise CaseError(Fault(str(path), 0, "event_date", wrong, "Write 2024-01-02, 2024-01 or 2024."))
    if folder.exists() and (reason := _reason_occupied(folder)):
        raise CaseError(Fault(str(folder), message=reason, advice="Name a new folder."))
    data = new_text(case).encode()
    case = parse_case(data, folder, str(path))
    for place_name in ORIGINALS:
        make_folder(folder / place_name)
    write_whole(path, data)
    made = CaseFolder(folder, case, clock)
    made.begin_record(person)
    return made
