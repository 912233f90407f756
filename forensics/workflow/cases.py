"""Case folders: adding, verifying, exporting."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from forensics.casefile import open_case
from forensics.casefile.layout import ASSESSMENT
from forensics.errors import CaseError, Fault
from forensics.model.result import Assessment
from forensics.workflow.inputs import PHOTOGRAPH_SUFFIXES, SHEET_SUFFIXES

__all__ = ["Form", "add_files", "export_case", "import_case", "verify_case"]

Form = Literal["zip", "bag", "case-uco"]


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


def export_case(folder: Path, target: Path, form: Form = "zip") -> Path:
    """Hand a case over: as one ZIP, as a BagIt bag (a folder, or a ZIP by its name), or described in CASE/UCO.

    Raises
    ------
    CaseError
        When the case does not verify, or ``target`` cannot be written.
    """
    from forensics import __version__  # noqa: PLC0415
    from forensics.casefile.exchange import case_uco, write_archive, write_bag  # noqa: PLC0415

    case = open_case(folder)
    found = [entry for entry in case.verify() if entry.is_error]
    if found:
        raise CaseError([Fault(str(folder), column=one.file, message=one.message, advice=one.advice) for one in found])
    if form == "bag":
        return write_bag(folder, case.case, target)
    if form == "zip":
        return write_archive(folder, target)
    if target.exists():
        raise CaseError(Fault(str(target), message="exists already.", advice="Name another file."))
    text = case_uco(folder, case.case, version=__version__, statement=_statement(folder))
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CaseError(Fault(str(target), message=f"cannot be written: {error.strerror or error}.")) from None
    return target


def _statement(folder: Path) -> str:
    """What the case's result document says; empty when there is none that this version can read."""
    path = folder / ASSESSMENT
    try:
        return Assessment.model_validate_json(path.read_bytes()).conclusion.statement
    except (OSError, ValidationError):
        return ""


def import_case(source: Path, folder: Path, *, person: str) -> tuple[str, ...]:
    """Take a case from a bag or an archive into a new folder; a line for each thing worth knowing."""
    from forensics.casefile.exchange import import_case as taken  # noqa: PLC0415

    imported = taken(source, folder, person=person)
    what = "bag" if imported.is_bag else "archive"
    summary = f"Case {imported.case_id}: {imported.files} files from a whole {what}, in {imported.path}."
    return (*imported.notices, summary, f"Next: forensics assess {imported.path}")
