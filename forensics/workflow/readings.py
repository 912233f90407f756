"""Photographs to machine readings, kept in the case and read again only when something they depend on changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from forensics.errors import CaseError, Fault, InputError
from forensics.model.catalogue import Catalogue
from forensics.model.evidence import Observation, Photograph, PhotographReading, Pointing
from forensics.model.pointed import Pointed, PointedMark, PointedRing
from forensics.workflow.inputs import Gathered, gather, register
from forensics.workflow.meanings import with_meanings
from forensics.workflow.pointing import pointed_at, with_part

__all__ = ["Readings", "read_case", "read_photographs"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Readings:
    """What was read. ``not_read``: photographs that were not read, because only kept readings were wanted."""

    photographs: tuple[Photograph, ...]
    observations: tuple[Observation, ...]
    not_read: tuple[str, ...] = ()


def read_photographs(
    gathered: Gathered,
    photographs: Sequence[Photograph],
    catalogue: Catalogue,
    progress: Progress | None = None,
    *,
    kept_only: bool = False,
    keep: bool = True,
) -> Readings:
    """Every photograph examined, with what persons pointed at on it.

    A case with a custody record keeps each reading (``readings.jsonl``) as soon as it is there (``keep``), so that a
    run that is stopped loses one photograph at most, and the next one goes on.

    Raises
    ------
    InputError
        With every fault of every sidecar.
    """
    from forensics.examine import is_lasting, look  # noqa: PLC0415

    files = {gathered.shown_as.get(path, str(path)): path for path, _ in gathered.photographs}
    asked = _pointed(gathered, photographs, catalogue, files)
    photographs = tuple(with_part(one, at) for one, at in zip(photographs, asked, strict=True))
    kept = _kept(gathered)
    keeps = gathered.folder is not None and gathered.folder.managed
    grammars = catalogue.vocabulary.grammars
    read: list[Observation] = []
    looked: list[Photograph] = []
    not_read: list[str] = []
    for number, (photograph, at) in enumerate(zip(photographs, asked, strict=True)):
        key = _key(photograph, at, catalogue) if keeps else ""
        known = kept.get(photograph.path)
        if known is not None and known.key == key:
            read.extend(with_meanings(known.observations, grammars))
            looked.append(photograph.model_copy(update={"faults": known.faults}))
            continue
        if kept_only:
            looked.append(photograph)
            not_read.append(photograph.path)
            continue
        if progress is not None:
            progress("reading photographs", number, len(photographs))
        seen = look(photograph, files[photograph.path], vocabulary=catalogue.vocabulary, pointed=at)
        found = seen.observations
        read.extend(with_meanings(found, grammars))
        looked.append(photograph.model_copy(update={"faults": seen.faults}))
        if keep and keeps and gathered.folder is not None and is_lasting(found):
            reading = PhotographReading(
                photograph=photograph.path,
                sha256=photograph.sha256,
                key=key,
                observations=found,
                faults=seen.faults,
            )
            with suppress(CaseError):  # a medium that cannot be written to: it is read again the next time
                gathered.folder.keep_reading(reading)
    return Readings(tuple(looked), tuple(read), tuple(not_read))


def read_case(
    folder: Path, catalogue_path: Path | None, progress: Progress, *, only: str | None = None
) -> tuple[str, ...]:
    """Examine what has not been read of a case (or one photograph of it); returns why some could not be read."""
    from forensics.catalogue import load  # noqa: PLC0415

    gathered = gather([str(folder)])
    if only is not None:
        gathered = replace(gathered, photographs=tuple(one for one in gathered.photographs if one[1].file == only))
    photographs, unread = register(gathered)
    read_photographs(gathered, photographs, load(catalogue_path), progress)
    progress("reading photographs", len(photographs), len(photographs))
    return tuple(f"{one.path}: {one.reason}" for one in unread)


def _pointed(
    gathered: Gathered, photographs: Sequence[Photograph], catalogue: Catalogue, files: dict[str, Path]
) -> list[Pointed | None]:
    pointings = gathered.folder.pointings() if gathered.folder is not None else ()
    pointed: list[Pointed | None] = []
    faults: list[Fault] = []
    for photograph in photographs:
        try:
            beside = pointed_at(files[photograph.path], photograph, catalogue.vocabulary)
        except InputError as error:
            faults.extend(error.faults)
            continue
        own = [one for one in pointings if one.photograph == photograph.path]
        pointed.append(_together(beside, own))
    if faults:
        raise InputError(faults)
    return pointed


def _together(beside: Pointed | None, pointings: Sequence[Pointing]) -> Pointed | None:
    """The sidecar and what was pointed at in the case, as one."""
    if not pointings:
        return beside
    beside = beside or Pointed()
    marks, rings = list(beside.marks), list(beside.rings)
    for one in pointings:
        if one.box is not None:
            left, top = float(one.box.x), float(one.box.y)
            right, bottom = left + one.box.width, top + one.box.height
            corners = ((left, top), (right, top), (right, bottom), (left, bottom))
            marks.append(PointedMark(corners=corners, drawn_as_box=True))
        elif one.points_px:
            rings.append(PointedRing(points=one.points_px))
    return beside.model_copy(update={"marks": tuple(marks), "rings": tuple(rings)})


def _kept(gathered: Gathered) -> dict[str, PhotographReading]:
    if gathered.folder is None:
        return {}
    try:
        return {one.photograph: one for one in gathered.folder.readings()}
    except CaseError:
        return {}  # damaged: 'forensics case verify' names it, and everything in it can be read again


def _key(photograph: Photograph, at: Pointed | None, catalogue: Catalogue) -> str:
    from forensics.examine import reader_stamp  # noqa: PLC0415

    parts = (
        photograph.model_dump_json(),
        at.model_dump_json() if at is not None else "",
        ",".join(sorted(catalogue.vocabulary.traits)),
        ",".join(f"{name}={one.pattern}" for name, one in sorted(catalogue.vocabulary.grammars.items())),
        reader_stamp(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
