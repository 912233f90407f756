"""A case as one ZIP file, or as a BagIt bag (RFC 8493): a folder that proves by its manifests that nothing is missing.

The bag is made by the Library of Congress's ``bagit``, in a process of its own: it changes the working directory,
which belongs to everybody in a process that also serves pages.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from forensics.casefile.custody import read_chain
from forensics.casefile.exchange.contents import files_of, take_name
from forensics.casefile.writing import refuse_writing
from forensics.errors import CaseError, Fault
from forensics.model.evidence import Case

__all__ = ["write_archive", "write_bag"]

_TIMEOUT_S = 3600


def write_archive(root: Path, target: Path) -> Path:
    """Write every file of a case into one ZIP, names sorted, times fixed, so that equal cases give equal bytes.

    Raises
    ------
    CaseError
        When ``target`` exists or cannot be written; nothing is left behind then.
    """
    temporary = take_name(target)
    try:
        _zip(temporary, root.resolve().name, ((path, path.relative_to(root)) for path in files_of(root)))
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        refuse_writing(target, error)
    return target


def write_bag(root: Path, case: Case, target: Path) -> Path:
    """Write a case as a bag: a folder, or one ZIP file that holds it when ``target`` ends in ``.zip``.

    The payload (``data/``) is the case folder byte for byte; manifests are SHA-256 and SHA-512; ``bag-info.txt`` names
    the case and the head of its custody record, so that a record cut off at the end shows.

    Raises
    ------
    CaseError
        When ``target`` exists or cannot be written; nothing is left behind then.
    """
    temporary = take_name(target)
    zipped = target.suffix.lower() == ".zip"
    folder = temporary.with_name(f"{temporary.name}.d") / target.stem if zipped else temporary
    try:
        for path in files_of(root):
            place = folder / path.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place)
            place.chmod(0o644)
        _make(folder, case, read_chain(root).head)
        if zipped:
            _zip(temporary, target.stem, ((path, path.relative_to(folder)) for path in files_of(folder)))
        temporary.replace(target)
    except OSError as error:
        refuse_writing(target, error)
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder.parent if zipped else temporary)
        if zipped:
            temporary.unlink(missing_ok=True)
    return target


def _zip(target: Path, top: str, files: Iterable[tuple[Path, Path]]) -> None:
    """Files under one folder in a ZIP, with fixed times."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, inside in files:
            entry = zipfile.ZipInfo(f"{top}/{inside.as_posix()}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as place:
                shutil.copyfileobj(source, place, 1 << 20)


def _make(folder: Path, case: Case, custody_head: str) -> None:
    """Turn a folder into a bag in place."""
    described = {
        "--external-identifier": case.id,
        "--external-description": " ".join(case.title.split()) or f"Case {case.id}",
        "--internal-sender-identifier": f"custody.jsonl head {custody_head}",
    }
    arguments = [part for name, value in described.items() for part in (name, value)]
    run = subprocess.run(  # noqa: S603 - our own interpreter, a fixed module, no shell
        [sys.executable, "-m", "bagit", "--quiet", "--sha256", "--sha512", *arguments, str(folder.resolve())],
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT_S,
    )
    if run.returncode != 0:
        said = (run.stderr or run.stdout).strip().splitlines()
        raise CaseError(
            Fault(str(folder), message=f"could not be made a bag: {said[-1] if said else 'no reason given'}.")
        )
