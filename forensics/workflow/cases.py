"""Case folders: adding, verifying, exporting."""

from __future__ import annotations

import zipfile
from pathlib import Path

from forensics.casefile import open_case
from forensics.errors import CaseError, Fault
from forensics.workflow.inputs import PHOTOGRAPH_SUFFIXES, SHEET_SUFFIXES

__all__ = ["add_files", "export_case", "verify_case"]


def add_files(folder: Path, files: tuple[Path, ...], *, item: str, part: str | None, person: str) -> tuple[str, ...]:
    """Copy files into the case; every fault is found before anything is copied."""
    known = PHOTOGRAPH_SUFFIXES | SHEET_SUFFIXES
    faults = [Fault(str(file), message="does not exist.") for file in files if not file.is_file()]
    faults += [
        Fault(str(file), message="is neither a sheet nor a photograph.", advice="Only those belong in a case.")
        for file in files
        if file.is_file() and file.suffix.lower() not in known
    ]
    if faults:
        raise CaseError(faults)
    case = open_case(folder)
    added = case.add(files, item=item, part=part, person=person)
    return tuple(f"{path}  {digest}" for path, digest in added)


def verify_case(folder: Path) -> tuple[bool, tuple[str, ...]]:
    """Whether the case is sound, and a line for each thing found."""
    case = open_case(folder)
    found = case.verify()
    lines = tuple(str(entry) for entry in found)
    sound = not any(entry.is_error for entry in found)
    summary = "The custody chain and every digest hold." if sound else "The case does not verify."
    return sound, (*lines, summary)


def export_case(folder: Path, archive: Path) -> Path:
    """Write every file of the case into one ZIP, names sorted, times fixed, so that equal cases give equal bytes."""
    sound, lines = verify_case(folder)
    if not sound:
        raise CaseError([Fault(str(folder), message=line) for line in lines])
    if archive.exists():
        raise CaseError(Fault(str(archive), message="exists already.", advice="Name another file."))
    root = folder.resolve()
    temporary = archive.with_name(f".{archive.name}.part")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as target:
            for path in sorted(root.rglob("*")):
                if path.is_file() and not path.is_symlink() and path != temporary.resolve():
                    entry = zipfile.ZipInfo(f"{root.name}/{path.relative_to(root)}", date_time=(1980, 1, 1, 0, 0, 0))
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    target.writestr(entry, path.read_bytes())
        temporary.replace(archive)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CaseError(Fault(str(archive), message=f"cannot be written: {error.strerror}.")) from None
    return archive
