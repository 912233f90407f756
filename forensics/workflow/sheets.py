"""Trait sheets outside an assessment."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import Fault, InputError

__all__ = ["check_sheets", "new_sheet"]


def new_sheet(path: Path | None, format_: str | None, traits: tuple[str, ...], catalogue_path: Path | None) -> Path:
    """Write a template; the suffix follows the format and the format the suffix. Never overwrites."""
    from forensics.catalogue import load  # noqa: PLC0415
    from forensics.intake import write_template  # noqa: PLC0415

    vocabulary = load(catalogue_path).vocabulary
    target = path or Path("trait-sheet")
    if format_ is not None and target.suffix.lower() != f".{format_}":
        target = target.with_name(f"{target.name}.{format_}")
    elif not target.suffix:
        target = target.with_suffix(".xlsx")
    if target.exists():
        raise InputError(
            Fault(str(target), message="exists already.", advice="Name another file; nothing was changed.")
        )
    unknown = [trait for trait in traits if trait not in vocabulary.traits]
    if unknown:
        advice = "See 'forensics traits'."
        raise InputError(
            [Fault("--trait", message=f"there is no trait {trait!r}.", advice=advice) for trait in unknown]
        )
    write_template(target, vocabulary, traits=traits or None)
    return target


def check_sheets(paths: tuple[Path, ...], catalogue_path: Path | None) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Every fault of every sheet, and a line for each sheet that is in order."""
    from forensics.catalogue import load  # noqa: PLC0415
    from forensics.intake import check_sheet, read_sheet  # noqa: PLC0415

    vocabulary = load(catalogue_path).vocabulary
    faults: list[Fault] = []
    lines: list[str] = []
    for path in paths:
        found = check_sheet(path, vocabulary)
        faults.extend(found)
        if not found:
            lines.append(f"{path}: in order, {len(read_sheet(path, vocabulary))} observations")
    return tuple(faults), tuple(lines)
