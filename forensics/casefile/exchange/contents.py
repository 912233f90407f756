"""Which files of a case folder are handed over."""

from __future__ import annotations

from pathlib import Path

from forensics.casefile.layout import HIDDEN
from forensics.errors import CaseError, Fault

__all__ = ["files_of", "take_name"]


def files_of(root: Path) -> tuple[Path, ...]:
    """Every file of a case, sorted by its path inside; what a run left half written stays behind.

    Raises
    ------
    CaseError
        When the case holds a link: what it points at is not part of the case, and a link is nothing to hand over.
    """
    paths = sorted(
        path
        for path in root.rglob("*")
        if not path.name.startswith((".writing-", ".lock")) and path.relative_to(root).parts[0] != HIDDEN
    )
    links = [path for path in paths if path.is_symlink()]
    if links:
        advice = "Put the file itself into the case."
        raise CaseError(
            [Fault(str(path), message="is a link and cannot be handed over.", advice=advice) for path in links]
        )
    return tuple(path for path in paths if path.is_file())


def take_name(target: Path) -> Path:
    """The name beside ``target`` under which it is made, so that it appears whole or not at all.

    Raises
    ------
    CaseError
        When ``target`` exists, or the folder it goes to does not.
    """
    if target.exists() or target.is_symlink():
        raise CaseError(Fault(str(target), message="exists already.", advice="Name another."))
    if not target.parent.is_dir():
        raise CaseError(Fault(str(target.parent), message="is no folder.", advice="Make it first, or name another."))
    return target.with_name(f".{target.name}.part")
