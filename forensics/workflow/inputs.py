"""What the user gave, gathered: a case folder, a sample's name, or loose sheets and photographs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from forensics.casefile import CaseFolder, open_case
from forensics.errors import CaseError, Fault, InputError, PhotographError, SheetError
from forensics.model.catalogue import Catalogue
from forensics.model.evidence import Case, Decision, Observation, Photograph, PhotographEntry, UnreadInput
from forensics.workflow.guarding import register_guarded
from forensics.workflow.pointing import loose_sidecars
from forensics.workflow.samples import sample_names, sample_path

__all__ = [
    "PHOTOGRAPH_SUFFIXES",
    "SHEET_SUFFIXES",
    "Gathered",
    "check_event_date",
    "gather",
    "read_observations",
    "register",
]

SHEET_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".ods", ".yaml", ".yml", ".json", ".xls"})
PHOTOGRAPH_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif"})


@dataclass(frozen=True)
class Gathered:
    """Everything one assessment reads: the case, where its sheets and photographs are, and a person's decisions."""

    case: Case
    sheets: tuple[Path, ...]
    photographs: tuple[tuple[Path, PhotographEntry], ...]
    folder: CaseFolder | None = None
    decisions: tuple[Decision, ...] = ()
    shown_as: dict[Path, str] = field(default_factory=dict)


def gather(inputs: Iterable[str], *, event_date: str | None = None, classes: tuple[str, ...] = ()) -> Gathered:
    """Sort what the user named into sheets and photographs.

    Raises
    ------
    InputError
        With every fault: names that do not exist, kinds that are not read, more than one case folder.
    """
    if event_date is not None:
        check_event_date(event_date, "--event-date")
    paths = [_existing(name) for name in inputs]
    faults = [item for item in paths if isinstance(item, Fault)]
    if faults:
        raise InputError(faults)
    found = [item for item in paths if isinstance(item, Path)]
    folders = [path for path in found if path.is_dir()]
    if len(folders) == 1 and len(found) == 1:
        return _from_folder(folders[0], event_date, classes)
    if folders:
        raise InputError(
            Fault(
                str(folders[0]),
                message="is a folder named together with other inputs.",
                advice="Give one case folder alone, or sheets and photographs as files.",
            )
        )
    return _from_files(found, event_date, classes)


def check_event_date(text: str, where: str) -> str:
    """The date as given; ``InputError`` when it is not written as 2024-01-02, 2024-01 or 2024."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise InputError(Fault(where, message=f"{text!r} is no date.", advice="Write it as 2024-01-02."))
    return text


def _existing(name: str) -> Path | Fault:
    path = Path(name)
    if path.exists():
        return path
    sample = sample_path(name)
    if sample is not None:
        return sample
    hint = f"Sample cases are: {', '.join(sample_names())}." if "/" not in name and "." not in name else "Check it."
    return Fault(name, message="does not exist.", advice=hint)


def _from_folder(path: Path, event_date: str | None, classes: tuple[str, ...]) -> Gathered:
    folder = open_case(path)
    case = _with_options(folder.case, event_date, classes)
    photographs = tuple((folder.photograph_path(entry), entry) for entry in folder.photograph_entries())
    shown = {file: str(file.relative_to(folder.path)) for file, _ in photographs}
    shown |= {file: str(file.relative_to(folder.path)) for file in folder.sheet_paths()}
    return Gathered(
        case=case,
        sheets=folder.sheet_paths(),
        photographs=photographs,
        folder=folder,
        decisions=folder.decisions(),
        shown_as=shown,
    )


def _from_files(paths: list[Path], event_date: str | None, classes: tuple[str, ...]) -> Gathered:
    paths, faults = loose_sidecars(paths)
    if faults:
        raise InputError(faults)
    sheets = tuple(path for path in paths if path.suffix.lower() in SHEET_SUFFIXES)
    pictures = tuple(path for path in paths if path.suffix.lower() in PHOTOGRAPH_SUFFIXES)
    other = [path for path in paths if path not in sheets and path not in pictures]
    if other:
        advice = "Give trait sheets (CSV, XLSX, ODS, YAML, JSON), photographs (JPEG, PNG, TIFF, WebP, HEIC) or a case."
        raise InputError([Fault(str(path), message="is neither.", advice=advice) for path in other])
    case = _with_options(Case(id=paths[0].stem), event_date, classes)
    return Gathered(
        case=case,
        sheets=sheets,
        photographs=tuple((path, PhotographEntry(file=str(path))) for path in pictures),
        shown_as={path: str(path) for path in paths},
    )


def _with_options(case: Case, event_date: str | None, classes: tuple[str, ...]) -> Case:
    changes: dict[str, object] = {}
    if event_date is not None:
        changes["event_date"] = event_date
    if classes:
        changes["population"] = case.population.model_copy(update={"classes": classes})
    return case.model_copy(update=changes)


def read_observations(gathered: Gathered, catalogue: Catalogue) -> tuple[Observation, ...]:
    """Every observation of every sheet; raises one error with the faults of all sheets."""
    from forensics.intake import read_sheet  # noqa: PLC0415

    observations: list[Observation] = []
    faults: list[Fault] = []
    stems: Counter[str] = Counter()
    for path in gathered.sheets:
        try:
            read = read_sheet(path, catalogue.vocabulary, shown_as=gathered.shown_as.get(path))
            stems[path.stem] += 1
            observations.extend(_numbered(read, path.stem, stems[path.stem]))
        except SheetError as error:
            faults.extend(error.faults)
    if faults:
        raise SheetError(faults)
    if gathered.folder is not None and not gathered.sheets and not gathered.photographs:
        raise CaseError(
            Fault(
                str(gathered.folder.path),
                message="holds no sheet and no photograph.",
                advice="Add some: forensics case add CASE FILE...",
            )
        )
    return tuple(observations)


def _numbered(observations: tuple[Observation, ...], stem: str, number: int) -> tuple[Observation, ...]:
    """Ids begin with the sheet's name; of sheets that share a name the later ones get a number."""
    if number == 1:
        return observations
    return tuple(
        observation.model_copy(update={"id": f"{stem}~{number}{observation.id.removeprefix(stem)}"})
        for observation in observations
    )


def register(gathered: Gathered) -> tuple[tuple[Photograph, ...], tuple[UnreadInput, ...]]:
    """Register every photograph; those that cannot be read are listed, the rest of the case goes on."""
    photographs: list[Photograph] = []
    unread: list[UnreadInput] = []
    for path, entry in gathered.photographs:
        shown = gathered.shown_as.get(path, str(path))
        try:
            photographs.append(
                register_guarded(
                    path, item=entry.item, part=entry.part, shown_as=shown, is_render=entry.is_render, note=entry.note
                )
            )
        except PhotographError as error:
            reason = " ".join(f"{fault.message} {fault.advice}".strip() for fault in error.faults)
            unread.append(UnreadInput(path=shown, reason=reason))
    return tuple(photographs), tuple(unread)
