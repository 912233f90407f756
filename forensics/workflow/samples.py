"""The sample cases that travel with the package: beside a checkout, or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["sample_names", "sample_path"]


def _samples_folder() -> Path | None:
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "images" / "samples", package / "_data" / "images" / "samples"):
        if folder.is_dir():
            return folder
    return None


def sample_names() -> tuple[str, ...]:
    """Names of the sample cases, sorted."""
    folder = _samples_folder()
    if folder is None:
        return ()
    return tuple(sorted(path.parent.name for path in folder.glob("*/case.yaml")))


def sample_path(name: str) -> Path | None:
    """The folder of a sample case, or None when there is no sample of that name."""
    folder = _samples_folder()
    return folder / name if folder is not None and name in sample_names() else None
