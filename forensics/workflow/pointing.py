"""What a person pointed at beside each photograph, for the examiners."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import Fault, InputError
from forensics.model.catalogue import Vocabulary
from forensics.model.evidence import Photograph
from forensics.model.pointed import Pointed

__all__ = ["loose_sidecars", "pointed_at", "with_part"]


def pointed_at(file: Path, photograph: Photograph, vocabulary: Vocabulary) -> Pointed | None:
    """What the sidecar of a photograph says; None without one.

    Raises
    ------
    InputError
        With every fault of the sidecar.
    """
    from forensics.intake import find_sidecar, read_sidecar  # noqa: PLC0415

    path = find_sidecar(file)
    if path is None:
        return None
    shown = str(Path(photograph.path).with_name(path.name))
    return read_sidecar(path, photograph, parts=vocabulary.parts, shown_as=shown)


def with_part(photograph: Photograph, pointed: Pointed | None) -> Photograph:
    """The photograph with the part its sidecar names, where nothing else has named one."""
    if pointed is None or pointed.part is None or photograph.part is not None:
        return photograph
    return photograph.model_copy(update={"part": pointed.part})


def loose_sidecars(paths: list[Path]) -> tuple[list[Path], list[Fault]]:
    """The inputs without sidecars, which are read with their photograph; a fault for each that has none here."""
    from forensics.intake import find_sidecar, is_sidecar  # noqa: PLC0415

    rest = [path for path in paths if not is_sidecar(path)]
    faults: list[Fault] = []
    taken: set[Path] = set()
    for path in rest:
        try:
            found = find_sidecar(path)
        except InputError:  # told again, with advice, when the photograph is read
            continue
        if found is not None:
            taken.add(found)
    for path in paths:
        if is_sidecar(path) and path not in taken:
            advice = "Name the photograph that it belongs to as well."
            faults.append(Fault(str(path), message="is the file beside a photograph that is not given.", advice=advice))
    return rest, faults
