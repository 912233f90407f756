"""Taking a case back from a bag or an archive: all of it, or nothing and every reason why."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from forensics.casefile.custody import Act, Clock, append_acts, utc_now
from forensics.casefile.exchange.contents import files_of, take_name
from forensics.casefile.exchange.unpacking import unpack
from forensics.casefile.folder import open_case
from forensics.casefile.layout import CASE, ORIGINALS, reason_unsafe
from forensics.casefile.verifying import verify
from forensics.casefile.writing import digest_of, refuse_writing
from forensics.errors import CaseError, Fault

__all__ = ["Imported", "import_case"]

_DECLARATION = "bagit.txt"


@dataclass(frozen=True)
class Imported:
    """A case that was taken in. ``notices``: what is worth knowing and no reason to distrust it."""

    path: Path
    case_id: str
    files: int
    is_bag: bool
    notices: tuple[str, ...]


def import_case(source: Path, folder: Path, *, person: str = "", clock: Clock = utc_now) -> Imported:
    """Take a case from ``source`` (a bag as a folder or ZIP, or what ``case export`` wrote) into a new ``folder``.

    A bag is complete and unaltered by its own manifests, and the case in it by its custody record, before the folder
    appears under its name. The custody record gets one more line: who imported it, from what.

    Raises
    ------
    CaseError
        With every reason found; ``folder`` does not exist then.
    """
    if not source.exists():
        raise CaseError(Fault(str(source), message="does not exist."))
    temporary = take_name(folder)
    try:
        temporary.mkdir()
        root = _opened(source, temporary / "unpacked")
        is_bag = (root / _DECLARATION).is_file()
        if is_bag:
            _check_bag(root, source)
        case_root = root / "data" if is_bag else root
        notices = _check_case(case_root, source)
        staged = temporary / "case"
        if root.is_relative_to(temporary):
            case_root.rename(staged)
        else:
            _copy(case_root, staged)
        opened = open_case(staged, clock=clock)
        opened.begin_record(person)
        origin = f"from {'a bag' if is_bag else 'an archive'}, {source.name}"
        origin += f", SHA-256 {digest_of(source)}" if source.is_file() else ""
        append_acts(staged, [Act("import", CASE, digest_of(staged / CASE), person, origin)], clock)
        held = files_of(staged)
        for path in held:
            if path.relative_to(staged).parts[0] in ORIGINALS:
                path.chmod(0o444)
        staged.rename(folder)
    except OSError as error:
        refuse_writing(folder, error)
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(temporary)
    return Imported(folder, opened.case.id, len(held), is_bag, notices)


def _opened(source: Path, place: Path) -> Path:
    """The folder that holds the bag or the case."""
    if source.is_dir():
        links = [path for path in source.rglob("*") if path.is_symlink()]
        if links:
            raise CaseError([Fault(str(path), message="is a link: refused.") for path in sorted(links)])
        return source
    place.mkdir()
    unpack(source, place)
    inside = list(place.iterdir())
    if len(inside) == 1 and inside[0].is_dir() and not (place / CASE).exists():
        return inside[0]
    return place


def _check_bag(root: Path, source: Path) -> None:
    """Raise with everything that is wrong with a bag."""
    faults = _dangerous(root, source)
    if (root / "fetch.txt").exists():
        advice = "Ask for a bag that holds its files."
        faults.append(Fault(str(source), message="names files to be fetched from elsewhere: refused.", advice=advice))
    if faults:
        raise CaseError(faults)
    import bagit  # noqa: PLC0415

    advice = "The bag is broken or was altered: ask for it to be sent again."
    try:
        bag = bagit.Bag(str(root))
        # The library stops at the first kind of fault: which files lack or are too many is asked for here.
        missing, extra = bag.compare_manifests_with_fs()
        found = [f"lacks {name}" for name in sorted(missing)] + [f"has {name}, unlisted" for name in sorted(extra)]
        if not found:
            bag.validate()
    except bagit.BagValidationError as error:
        found = [str(detail) for detail in error.details] or [str(error)]
    except (bagit.BagError, ValueError, UnicodeError) as error:
        found = [f"is not a bag: {error}"]
    if found:
        raise CaseError([Fault(str(source), message=f"{text.rstrip('.')}.", advice=advice) for text in found])


def _dangerous(root: Path, source: Path) -> list[Fault]:
    """Names in the manifests that lead out of the bag; checked by ourselves before anything follows them."""
    faults: list[Fault] = []
    for manifest in sorted(root.glob("*manifest-*.txt")):
        for number, line in enumerate(manifest.read_bytes().decode("utf-8", "replace").splitlines(), start=1):
            _, _, name = line.strip().partition(" ")
            name = name.strip().lstrip("*").replace("%0D", "\r").replace("%0A", "\n")
            if name and (reason_unsafe(root, name) or name.startswith("~")):
                message = f"names {name!r}, which leads out of the bag."
                faults.append(Fault(str(source), number, manifest.name, message))
    return faults


def _check_case(root: Path, source: Path) -> tuple[str, ...]:
    """Notices about the case; raises with every reason to refuse it."""
    if not (root / CASE).is_file():
        advice = "It must be a bag, or an archive written by 'forensics case export'."
        raise CaseError(Fault(str(source), message="holds no case.yaml, so it is no case.", advice=advice))
    open_case(root)
    found = verify(root)
    errors = [
        Fault(str(source), column=one.file, message=one.message, advice=one.advice) for one in found if one.is_error
    ]
    if errors:
        raise CaseError(errors)
    return tuple(str(one) for one in found)


def _copy(source: Path, target: Path) -> None:
    for path in files_of(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        times = path.stat()
        os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
