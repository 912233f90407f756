"""Photographs to proposed observations, outside a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forensics.errors import CaseError, Fault, InputError
from forensics.model.evidence import Box, Observation, Photograph
from forensics.model.pointed import Pointed
from forensics.model.values import NotExaminable
from forensics.workflow.guarding import register_guarded
from forensics.workflow.meanings import with_meanings
from forensics.workflow.pointing import joined, pointed_at, with_part

__all__ = ["Examined", "annotate_all", "examine_photographs", "parse_box", "reader_installed"]


@dataclass(frozen=True)
class Examined:
    """One photograph and what was read from it."""

    path: Path
    photograph: Photograph
    observations: tuple[Observation, ...]

    def as_text(self) -> str:
        """A few lines for the terminal."""
        from forensics.report.observed import describe  # noqa: PLC0415

        size = f"{self.photograph.width_px} x {self.photograph.height_px} px"
        lines = [f"{self.photograph.path}  ({self.photograph.format}, {size}, SHA-256 {self.photograph.sha256[:16]}…)"]
        lines.extend(f"  {fault.message}. {fault.advice}" for fault in self.photograph.faults)
        for observation in self.observations:
            box = observation.provenance.box
            place = f" at {box.x},{box.y},{box.width},{box.height}" if box else ""
            sure = f", confidence {observation.confidence:.2f}" if observation.confidence is not None else ""
            if isinstance(observation.value, NotExaminable):
                lines.append(f"  {observation.trait}: not read: {observation.value.reason}{place}")
            else:
                lines.append(f"  {observation.trait}: {describe(observation.value)}{place}{sure} (not reviewed)")
            if observation.note:
                lines.append(f"    {observation.note}")
        if not self.observations:
            lines.append("  nothing proposed")
        return "\n".join(lines)


def reader_installed() -> bool:
    """Whether the program that reads markings can be used."""
    from forensics.examine import tesseract_status  # noqa: PLC0415

    return tesseract_status().usable


def parse_box(text: str) -> Box:
    """``x,y,width,height`` in pixels of the original."""
    numbers = text.replace(" ", "").split(",")
    try:
        x, y, width, height = (int(number) for number in numbers)
        return Box(x=x, y=y, width=width, height=height)
    except ValueError:
        raise InputError(
            Fault("--box", message=f"{text!r} is no region.", advice="Write x,y,width,height in pixels: 120,80,300,60.")
        ) from None


def examine_photographs(
    paths: tuple[Path, ...],
    *,
    part: str | None,
    boxes: tuple[Box, ...],
    known_marks: tuple[str, ...] = (),
    pointed: Pointed | None = None,
    catalogue_path: Path | None,
    progress: Callable[[str, int, int], None],
) -> tuple[tuple[Examined, ...], tuple[Fault, ...]]:
    """Examine each photograph; faults of those that cannot be read come back beside the results.

    ``pointed``: what the command line points at on the photographs, beside what their sidecars say.
    """
    from forensics.catalogue import load  # noqa: PLC0415
    from forensics.examine import look  # noqa: PLC0415

    vocabulary = load(catalogue_path).vocabulary
    grammars = vocabulary.grammars
    if part is not None and part not in vocabulary.parts:
        known = ", ".join(sorted(vocabulary.parts))
        raise InputError(Fault("--part", message=f"there is no part {part!r}.", advice=f"Parts: {known}."))
    results: list[Examined] = []
    faults: list[Fault] = []
    for number, path in enumerate(paths):
        progress("reading photographs", number, len(paths))
        try:
            photograph = register_guarded(path, part=part)
            at = joined(pointed_at(path, photograph, vocabulary), pointed, photograph)
            photograph = with_part(photograph, at)
            seen = look(photograph, path, vocabulary=vocabulary, boxes=boxes, pointed=at, known_marks=known_marks)
        except InputError as error:
            faults.extend(error.faults)
            continue
        photograph = photograph.model_copy(update={"faults": seen.faults})
        results.append(Examined(path, photograph, with_meanings(seen.observations, grammars)))
    return tuple(results), tuple(faults)


def annotate_all(results: tuple[Examined, ...], folder: Path) -> tuple[Path, ...]:
    """Write one annotated picture a photograph into ``folder``; equal names get a number."""
    from forensics.examine import picture_for_report  # noqa: PLC0415

    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for result in results:
            target = folder / f"{result.path.stem}.annotated.jpg"
            number = 2
            while target in written:
                target = folder / f"{result.path.stem}-{number}.annotated.jpg"
                number += 1
            target.write_bytes(picture_for_report(result.path, result.observations, long_side_px=2400))
            written.append(target)
    except OSError as error:
        raise CaseError(
            Fault(str(folder), message=f"cannot be written: {error.strerror}.", advice="Name another folder with -o.")
        ) from None
    return tuple(written)
