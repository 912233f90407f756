"""What a person pointed at beside each photograph, for the examiners."""

from __future__ import annotations

import math
from pathlib import Path

from forensics.errors import Fault, InputError
from forensics.model.catalogue import Vocabulary
from forensics.model.evidence import Photograph
from forensics.model.pointed import Point, Pointed, PointedRing, PointedScale

__all__ = ["joined", "loose_sidecars", "parse_pointed", "pointed_at", "with_part"]


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


def parse_pointed(
    centres: tuple[str, ...], groups: tuple[str, ...], ruler: str | None, marker_mm: float | None, *, photographs: int
) -> Pointed | None:
    """What the command line points at; None when it points at nothing.

    Parameters
    ----------
    centres : tuple of str
        ``x,y`` of the middle of a ring each.
    groups : tuple of str
        ``x,y x,y x,y`` each: bolts of one ring.
    ruler : str, optional
        ``x1,y1,x2,y2,length_mm``.
    marker_mm : float, optional
        Side of the coded markers.
    photographs : int
        How many photographs there are: a point means one of them.

    Raises
    ------
    InputError
        With every fault.
    """
    faults: list[Fault] = []
    rings = [PointedRing(centre=spot[0]) for text in centres if (spot := _points(text, 1, "--ring", faults))]
    rings += [
        PointedRing(points=tuple(spots)) for text in groups if (spots := _points(text, 0, "--ring-points", faults))
    ]
    ends: tuple[Point, Point] | None = None
    length_mm: float | None = None
    if ruler is not None:
        numbers = _numbers(ruler)
        if len(numbers) != 5 or numbers[4] <= 0 or numbers[:2] == numbers[2:4]:
            advice = "Write x1,y1,x2,y2,length_mm: two different points in pixels and the millimetres between them."
            faults.append(Fault("--ruler", message=f"{ruler!r} is no known length.", advice=advice))
        else:
            ends, length_mm = ((numbers[0], numbers[1]), (numbers[2], numbers[3])), numbers[4]
    if photographs > 1 and (centres or groups or ruler):
        advice = "Examine them one by one, or write PHOTO.examiner.yaml beside each."
        faults.append(Fault("--ring, --ring-points, --ruler", message="point at one photograph.", advice=advice))
    if faults:
        raise InputError(faults)
    if not rings and ends is None and marker_mm is None:
        return None
    scale = (
        None
        if ends is None and marker_mm is None
        else PointedScale(ruler=ends, length_mm=length_mm, marker_mm=marker_mm)
    )
    return Pointed(rings=tuple(rings), scale=scale)


def joined(beside: Pointed | None, said: Pointed | None, photograph: Photograph) -> Pointed | None:
    """The sidecar's and the command line's; a scale on the command line stands in place of the sidecar's.

    Raises
    ------
    InputError
        The command line points outside the photograph.
    """
    if said is None:
        return beside
    spots = [spot for ring in said.rings for spot in (*ring.points, *([ring.centre] if ring.centre else []))]
    spots += list(said.scale.ruler or ()) if said.scale else []
    outside = [
        f"{x:g},{y:g}" for x, y in spots if not (0 <= x <= photograph.width_px and 0 <= y <= photograph.height_px)
    ]
    if outside:
        size = f"{photograph.width_px} x {photograph.height_px}"
        advice = f"It has {size} pixels as stored; count them in the original."
        raise InputError(
            Fault(photograph.path, message=f"{'; '.join(outside)} lies outside the photograph.", advice=advice)
        )
    if beside is None:
        return said
    scale = said.scale or beside.scale
    return beside.model_copy(update={"rings": (*said.rings, *beside.rings), "scale": scale})


def _numbers(text: str) -> list[float]:
    """Finite numbers separated by commas; empty when it is anything else."""
    try:
        numbers = [float(part) for part in text.replace(" ", "").split(",")]
    except ValueError:
        return []
    return numbers if all(math.isfinite(number) for number in numbers) else []


def _points(text: str, exactly: int, option: str, faults: list[Fault]) -> list[Point]:
    pairs = [_numbers(part) for part in text.replace(";", " ").split()]
    good = bool(pairs) and all(len(pair) == 2 for pair in pairs)
    if not good or (exactly and len(pairs) != exactly) or (not exactly and len(pairs) < 3):
        advice = (
            "Write x,y in pixels." if exactly else "Write three bolts or more in quotes: '410,220 455,250 480,310'."
        )
        faults.append(Fault(option, message=f"{text!r} is not what is asked for.", advice=advice))
        return []
    return [(pair[0], pair[1]) for pair in pairs]


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
