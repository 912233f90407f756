"""Bringing originals into a case: checked first, then copied byte for byte under names that take nothing away."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from forensics.casefile.custody import CustodyRecord
from forensics.casefile.layout import (
    PHOTOGRAPH_SUFFIXES,
    PHOTOGRAPHS,
    SHEET_SUFFIXES,
    SHEETS,
    SIDECAR_SUFFIX,
    safe_name,
)
from forensics.casefile.writing import copy_original, digest_of
from forensics.errors import CaseError, Fault

__all__ = ["Wanted", "place_all"]


@dataclass(frozen=True)
class Wanted:
    """One file to bring in: where it is, its digest, and the folder and name it should have."""

    source: Path
    digest: str
    place: str
    name: str

    @classmethod
    def check(cls, folder: Path, sources: Sequence[Path]) -> tuple[Self, ...]:
        """Look at every file before the first is copied; raises with every fault."""
        faults: list[Fault] = []
        wanted: list[Self] = []
        for source in sources:
            found = cls._look(source)
            if isinstance(found, Fault):
                faults.append(found)
                continue
            taken = _named_alike(folder / found.place, found.name)
            if found.place == SHEETS and taken is not None and digest_of(taken) != found.digest:
                advice = "Rename it if it is another sheet; correct a sheet in its place and add it again."
                faults.append(
                    Fault(str(source), message=f"another sheet in the case is named {taken.name}.", advice=advice)
                )
                continue
            wanted.append(found)
        by_name: dict[str, Self] = {}
        for one in wanted:
            other = by_name.setdefault(f"{one.place}/{one.name}".casefold(), one)
            if one.place == SHEETS and other.digest != one.digest:
                message = f"has the same name as {other.source}."
                faults.append(Fault(str(one.source), message=message, advice="Rename one of the two sheets."))
        if faults:
            raise CaseError(faults)
        return tuple(wanted)

    @classmethod
    def _look(cls, source: Path) -> Self | Fault:
        suffix = source.suffix.lower()
        if suffix not in PHOTOGRAPH_SUFFIXES | SHEET_SUFFIXES:
            advice = "Add photographs (JPEG, PNG, TIFF, WebP, HEIC) and trait sheets (CSV, XLSX, ODS, YAML, JSON)."
            return Fault(str(source), message="is neither a photograph nor a trait sheet.", advice=advice)
        try:
            status = source.stat()
            if not stat.S_ISREG(status.st_mode):
                return Fault(str(source), message="is not a file.", advice="Name the files inside it.")
            digest = digest_of(source)
        except FileNotFoundError:
            return Fault(str(source), message="does not exist.", advice="Check the name.")
        except OSError as error:
            return Fault(str(source), message=f"cannot be read: {error.strerror or error}.")
        beside = source.name.lower().endswith(SIDECAR_SUFFIX)
        place = PHOTOGRAPHS if beside or suffix in PHOTOGRAPH_SUFFIXES else SHEETS
        return cls(source, digest, place, safe_name(source.name))


def place_all(
    folder: Path, wanted: Sequence[Wanted], recorded: Mapping[str, CustodyRecord]
) -> Iterator[tuple[str, str, bool]]:
    """Copy one after the other; yields the name inside the case, the digest, and whether it has to be recorded."""
    known = {record.sha256: file for file, record in recorded.items() if (folder / file).is_file()}
    for one in wanted:
        file = known.get(one.digest, "")
        if file.startswith(f"{one.place}/"):
            yield file, one.digest, False
            continue
        name = one.name
        taken = _named_alike(folder / one.place, name)
        if taken is not None and digest_of(taken) != one.digest:
            stem, dot, suffix = name.rpartition(".")
            name = f"{stem}-{one.digest[:8]}{dot}{suffix}"
            taken = _named_alike(folder / one.place, name)
        if taken is not None:
            name = taken.name
        else:
            copy_original(one.source, folder / one.place / name, one.digest)
        file = f"{one.place}/{name}"
        known[one.digest] = file
        yield file, one.digest, True


def _named_alike(place: Path, name: str) -> Path | None:
    """A file whose name differs at most in case: on some systems it would be the same file."""
    if not place.is_dir():
        return None
    return next((entry for entry in sorted(place.iterdir()) if entry.name.casefold() == name.casefold()), None)
