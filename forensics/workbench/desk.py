"""The one case that is open: what of it is known, kept as long as its files do not change.

Everything here is asked of ``workflow``; nothing is computed. Another program (the command line, a second browser) may
write to the case at any time, so that every answer is kept under the sizes and times of the files it came from.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from forensics.casefile import CaseFolder, open_case
from forensics.casefile.layout import CASE, HIDDEN
from forensics.errors import CaseError, ForensicsError, InputError
from forensics.model.catalogue import Catalogue
from forensics.model.evidence import Case, Photograph, PhotographEntry, UnreadInput
from forensics.model.result import Assessment
from forensics.workbench.jobs import ReadingJob
from forensics.workbench.workshop import Workshop
from forensics.workflow.assessing import AssessOptions, assess_inputs, save_results
from forensics.workflow.inputs import gather
from forensics.workflow.reviewing import Docket, docket

__all__ = ["Desk", "Shown", "Standing"]

log = logging.getLogger("forensics.workbench")

Answer = TypeVar("Answer")
Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Shown:
    """A photograph as the pages name it. ``key`` changes with the file, so that its copies may be kept for ever."""

    id: str
    entry: PhotographEntry
    path: Path
    key: str

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.entry.file.rpartition("/")[2]


@dataclass(frozen=True)
class Standing:
    """An assessment and what it lacks: ``complete`` when the command line would print the same."""

    assessment: Assessment | None
    complete: bool
    fault: str = ""


class Desk:
    """One open case. Thread-safe."""

    def __init__(self, folder: Path, catalogue_path: Path | None, *, person: str = "") -> None:
        self.path = folder.resolve()
        self.catalogue_path = catalogue_path
        self._open(person)
        self.front = Workshop(limit_s=60)
        self.back = Workshop(limit_s=60)
        self.job = ReadingJob(self.path, catalogue_path)
        self._lock = threading.RLock()
        self._kept: dict[str, tuple[Signature, Any]] = {}
        self._registered: dict[str, tuple[str, Photograph | UnreadInput]] = {}
        self._catalogue: Catalogue | None = None
        self._case: tuple[tuple[int, int, int], Case] | None = None
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self.hidden = self._hidden_folder()
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    def _open(self, person: str) -> None:
        folder = open_case(self.path)
        if folder.writable and folder.managed:
            with suppress(CaseError):
                folder.recover(person)

    def _hidden_folder(self) -> Path:
        """Where reduced copies lie: inside the case, so that they go where the case goes; else a temporary folder."""
        place = self.path / HIDDEN
        try:
            place.mkdir(mode=0o700, exist_ok=True)
            probe = place / ".probe"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError:
            self._temporary = tempfile.TemporaryDirectory(prefix="forensics-")
            return Path(self._temporary.name)
        return place

    @property
    def folder(self) -> CaseFolder:
        """The case as it stands on the disk now; ``case.yaml`` is parsed again only when it changed."""
        status = (self.path / CASE).stat()
        stamp = (status.st_size, status.st_mtime_ns, status.st_ino)
        known = self._case
        if known is None or known[0] != stamp:
            known = self._case = (stamp, open_case(self.path).case)
        return CaseFolder(self.path, known[1])

    def verified(self, *, wait: bool) -> tuple[str, ...] | None:
        """What does not verify, as of the files' sizes and times; None while nobody has looked.

        Every digest is computed once for a state of the files. 'forensics case verify' and the export compute them
        anew each time.
        """
        signature = self._signature(everything=True)
        with self._lock:
            known = self._kept.get("verified")
        if known is not None and known[0] == signature:
            found: tuple[str, ...] = known[1]
            return found
        if not wait:
            return None
        folder = self.folder
        found = tuple(str(one) for one in folder.verify()) if folder.managed else ()
        with self._lock:
            self._kept["verified"] = (signature, found)
        return found

    @property
    def catalogue(self) -> Catalogue:
        """Loaded once."""
        with self._lock:
            if self._catalogue is None:
                from forensics.catalogue import load  # noqa: PLC0415

                self._catalogue = load(self.catalogue_path)
            return self._catalogue

    def photographs(self) -> tuple[Shown, ...]:
        """In the order of the case."""
        folder = self.folder
        found: list[Shown] = []
        for entry in folder.photograph_entries():
            with suppress(CaseError, OSError):
                path = folder.photograph_path(entry)
                status = path.stat()
                stamp = f"{entry.file}|{status.st_size}|{status.st_mtime_ns}"
                key = hashlib.sha256(stamp.encode()).hexdigest()[:24]
                found.append(Shown(photograph_id(entry.file), entry, path, key))
        return tuple(found)

    def photograph(self, name: str) -> Shown | None:
        """The photograph of an id."""
        return next((one for one in self.photographs() if one.id == name), None)

    def picture(self, shown: Shown, name: str, make: Callable[[Path], object]) -> Path:
        """A reduced copy, made when it is not there. ``name`` is ours, never a stranger's."""
        target = self.hidden / "pictures" / shown.key / name
        if not target.is_file():
            make(target)
        return target

    def thumbnail(self, shown: Shown, workshop: Workshop) -> Path:
        """A small copy of a photograph."""
        return self.picture(
            shown,
            "thumbnail.jpg",
            lambda target: workshop.ask("thumbnail", path=str(shown.path), target=str(target)),
        )

    def register(self, shown: Shown, workshop: Workshop) -> Photograph | UnreadInput:
        """Registered in the process that may be harmed, kept as long as file and description stay."""
        entry = shown.entry
        stamp = f"{shown.key}|{entry.model_dump_json()}"
        with self._lock:
            known = self._registered.get(entry.file)
        if known is not None and known[0] == stamp:
            return known[1]
        found: Photograph | UnreadInput
        try:
            answer = workshop.ask(
                "register",
                path=str(shown.path),
                item=entry.item,
                part=entry.part,
                shown_as=str(shown.path.relative_to(self.path)),
                is_render=entry.is_render,
                note=entry.note,
            )
            found = Photograph.model_validate(answer["photograph"])
        except InputError as error:
            found = UnreadInput(path=entry.file, reason=" ".join(fault.message for fault in error.faults))
        with self._lock:
            self._registered[entry.file] = (stamp, found)
        return found

    def registered(self, *, wait: bool) -> tuple[tuple[Photograph, ...], tuple[UnreadInput, ...], int]:
        """Photographs, those that cannot be read, and how many have not been looked at yet."""
        photographs: list[Photograph] = []
        unread: list[UnreadInput] = []
        missing = 0
        for shown in self.photographs():
            stamp = f"{shown.key}|{shown.entry.model_dump_json()}"
            known = self._registered.get(shown.entry.file)
            if not wait and (known is None or known[0] != stamp):
                missing += 1
                continue
            found = self.register(shown, self.back)
            if isinstance(found, Photograph):
                photographs.append(found)
            else:
                unread.append(found)
        return tuple(photographs), tuple(unread), missing

    def docket(self) -> tuple[Docket | None, str]:
        """Observations and where they stand; or None and why a sheet or the case cannot be read."""
        photographs, unread, _ = self.registered(wait=len(self.photographs()) <= 12)

        def make() -> tuple[Docket | None, str]:
            try:
                return docket(self.path, self.catalogue, kept_only=True, registered=(photographs, unread)), ""
            except ForensicsError as error:
                return None, str(error)

        return self._remember(f"docket {len(photographs)} {len(unread)}", make)

    def standing(self, *, reviewed_only: bool = False, language: str = "en") -> Standing:
        """The assessment as the case stands; saved into the case when it is what the command line would print."""
        photographs, unread, missing = self.registered(wait=len(self.photographs()) <= 12)

        def make() -> Standing:
            return self._assess(photographs, unread, missing, reviewed_only, language)

        return self._remember(f"standing {reviewed_only} {language} {len(photographs)} {len(unread)}", make)

    def _assess(
        self,
        photographs: tuple[Photograph, ...],
        unread: tuple[UnreadInput, ...],
        missing: int,
        reviewed_only: bool,
        language: str,
    ) -> Standing:
        try:
            found = docket(self.path, self.catalogue, kept_only=True, registered=(photographs, unread))
            complete = not missing and not found.not_read
            gathered = gather([str(self.path)])
            options = AssessOptions(
                catalogue_path=self.catalogue_path,
                reviewed_only=reviewed_only,
                kept_readings_only=True,
                language=language,
            )
            assessment = assess_inputs(gathered, options, registered=(photographs, unread))
        except ForensicsError as error:
            return Standing(None, complete=False, fault=str(error))
        if complete and not reviewed_only and language == "en":
            for fault in save_results(gathered, assessment):
                log.warning("the result could not be saved: %s", fault)
        return Standing(assessment, complete)

    def _remember(self, name: str, make: Callable[[], Answer]) -> Answer:
        """What ``make`` gives, until a file of the case changes."""
        signature = self._signature()
        with self._lock:
            known = self._kept.get(name)
            if known is not None and known[0] == signature:
                answer: Answer = known[1]
                return answer
            answer = make()
            self._kept[name] = (signature, answer)
            while len(self._kept) > 8:
                self._kept.pop(next(iter(self._kept)))
            return answer

    def _signature(self, *, everything: bool = False) -> Signature:
        """Sizes and times of every file an answer may come from."""
        names = ["case.yaml", "decisions.jsonl", "pointed.jsonl", "readings.jsonl"]
        paths = sorted(self.path.iterdir()) if everything else [self.path / name for name in names]
        paths = [path for path in paths if path.name != HIDDEN]
        for place in ("sheets", "photographs"):
            with suppress(OSError):
                paths += sorted((self.path / place).iterdir())
        found: list[tuple[str, int, int]] = []
        for path in paths:
            with suppress(OSError):
                status = path.stat()
                found.append((str(path), status.st_size, status.st_mtime_ns))
        return tuple(found)

    def stir(self) -> None:
        """Something was added: make small copies, look at it, read it."""
        self._wake.set()

    def _work(self) -> None:
        """In the background: registration and small copies, one photograph after the other."""
        with suppress(InputError):
            self.front.ask("ready")  # started before the first photograph is opened
        while not self._closing.is_set():
            with suppress(ForensicsError, OSError):
                for shown in self.photographs():
                    if self._closing.is_set():
                        return
                    self.register(shown, self.back)
                    with suppress(InputError):
                        self.thumbnail(shown, self.back)
                self.verified(wait=True)
            self._wake.wait(timeout=30)
            self._wake.clear()

    def unread_count(self) -> int:
        """How many photographs no machine has read."""
        found, _ = self.docket()
        _, _, missing = self.registered(wait=False)
        return missing + (len(found.not_read) if found is not None else 0)

    def close(self) -> None:
        """End the processes."""
        self._closing.set()
        self._wake.set()
        self.job.close()
        self.front.close()
        self.back.close()
        self._worker.join(timeout=5)
        if self._temporary is not None:
            with suppress(OSError):
                shutil.rmtree(self._temporary.name, ignore_errors=True)


def photograph_id(file: str) -> str:
    """The short name of a photograph in addresses: never the file's own name."""
    return hashlib.sha256(file.encode()).hexdigest()[:12]
