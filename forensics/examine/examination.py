"""One photograph through the table of examiners: the door of this room."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.errors import Fault, PhotographError
from forensics.examine.cache import Seen, fetch, key_of, store
from forensics.examine.examiner import Brief, ExaminerEntry, gave_up
from forensics.examine.imaging.frame import clip, point_to_stored, pointed_upright, to_stored, to_upright, upright_size
from forensics.examine.stamp import is_lasting
from forensics.examine.table import EXAMINERS
from forensics.examine.tesseract import Tesseract
from forensics.model.catalogue import Vocabulary
from forensics.model.evidence import Box, Observation, Photograph
from forensics.model.pointed import Pointed

if TYPE_CHECKING:
    from forensics.examine.imaging.pixels import Pixels

__all__ = ["examine", "look"]

log = logging.getLogger(__name__)

MARKS = frozenset({"marking_text", "year_mark", "date_code_newest"})


def examine(
    photograph: Photograph,
    path: Path,
    *,
    vocabulary: Vocabulary | None = None,
    expect: Iterable[str] = (),
    boxes: Iterable[Box] = (),
    pointed: Pointed | None = None,
    known_marks: Iterable[str] = (),
    tesseract: Tesseract | None = None,
    examiners: Sequence[ExaminerEntry] = EXAMINERS,
) -> tuple[Observation, ...]:
    """What the machine proposes to have seen on one photograph; see ``look``, which also says what is wrong with it."""
    return look(
        photograph,
        path,
        vocabulary=vocabulary,
        expect=expect,
        boxes=boxes,
        pointed=pointed,
        known_marks=known_marks,
        tesseract=tesseract,
        examiners=examiners,
    ).observations


def look(
    photograph: Photograph,
    path: Path,
    *,
    vocabulary: Vocabulary | None = None,
    expect: Iterable[str] = (),
    boxes: Iterable[Box] = (),
    pointed: Pointed | None = None,
    known_marks: Iterable[str] = (),
    tesseract: Tesseract | None = None,
    examiners: Sequence[ExaminerEntry] = EXAMINERS,
) -> Seen:
    """What the machine proposes to have seen on one photograph, and what is wrong with the photograph.

    Parameters
    ----------
    photograph : Photograph
        As registered. When the file's digest is another, the photograph was altered since and is refused.
    path : Path
        The file, or the folder that ``photograph.path`` is relative to.
    vocabulary : Vocabulary, optional
        When given, only traits that it holds are reported, and its marking formats help to read.
    expect : iterable of str
        Trait ids asked for; empty means all.
    boxes : iterable of Box
        Regions that a person pointed at, in the stored frame. They are read first and on their own.
    pointed : Pointed, optional
        What a person pointed at in the sidecar of this photograph, in the stored frame.
    known_marks : iterable of str
        Marks to look for. A reading that only this list produced is flagged as such.
    tesseract, examiners
        For tests: another program, another table. Results are then neither kept nor taken from the cache.

    Returns
    -------
    Seen
        Observations with their boxes in the stored frame of the original: pixels as decoded, before the EXIF
        orientation. An examiner that could not work is represented by a ``not_examinable`` with the reason.

    Raises
    ------
    PhotographError
        The file cannot be read, was altered since it was registered, or a box lies outside it.
    """
    file = path / photograph.path if path.is_dir() else path
    asked = Brief(
        frozenset(expect),
        tuple(boxes),
        pointed or Pointed(),
        tuple(known_marks),
        {} if vocabulary is None else vocabulary.grammars,
        tesseract or Tesseract(),
    )
    known = None if vocabulary is None else frozenset(vocabulary.traits)
    key = _key(photograph, file, asked, known) if tesseract is None and examiners is EXAMINERS else None
    if key is not None and (kept := fetch(key)) is not None:
        return kept
    seen = _look(photograph, file, asked, known, examiners)
    if key is not None and is_lasting(seen.observations):
        store(key, seen)
    return seen


def _key(photograph: Photograph, file: Path, asked: Brief, known: frozenset[str] | None) -> str | None:
    """The key under which this look is kept, None where the file is not the registered one or cannot be read."""
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
    if digest != photograph.sha256:
        return None
    return key_of(
        {
            "photograph": photograph.model_dump(mode="json"),
            "expect": sorted(asked.expect),
            "boxes": [box.model_dump() for box in asked.boxes],
            "pointed": asked.pointed.model_dump(mode="json"),
            "marks": list(asked.known_marks),
            "grammars": {name: one.model_dump(mode="json") for name, one in asked.grammars.items()},
            "traits": None if known is None else sorted(known),
        },
        asked.tesseract,
    )


def _look(
    photograph: Photograph, file: Path, asked: Brief, known: frozenset[str] | None, examiners: Sequence[ExaminerEntry]
) -> Seen:
    from forensics.examine.imaging.pixels import load  # noqa: PLC0415
    from forensics.examine.imaging.quality import faults_in  # noqa: PLC0415

    pixels = load(file)
    if pixels.sha256 != photograph.sha256:
        raise PhotographError(
            Fault(
                file=photograph.path,
                message="the photograph is not the one that was registered: its SHA-256 is another",
                advice="Put the original back, or register the new file as a photograph of its own.",
            )
        )
    size = (pixels.stored_width_px, pixels.stored_height_px)
    brief = replace(
        asked,
        boxes=_upright(asked.boxes, photograph, pixels),
        pointed=pointed_upright(asked.pointed, pixels.orientation, *size),
    )
    wanted = brief.expect
    out: dict[str, Observation] = {}
    for entry in examiners:
        if (wanted and not wanted & entry.traits) or (known is not None and not known & entry.traits):
            continue
        for one in _seen(entry, brief, photograph, pixels):
            if (not wanted or one.trait in wanted) and (known is None or one.trait in known):
                out[one.id] = _stored(one, pixels)
    observations = tuple(out.values())
    marks = [one.provenance.box for one in observations if one.trait in MARKS and one.provenance.box is not None]
    return Seen(observations=observations, faults=faults_in(pixels.rgb, [min(b.width, b.height) for b in marks]))


def _seen(entry: ExaminerEntry, brief: Brief, photograph: Photograph, pixels: Pixels) -> Iterator[Observation]:
    """What one examiner yields. Its fault must not cost the rest of the case: it becomes its last observation."""
    examiner = entry.make(brief)
    try:
        yield from examiner.examine(photograph, pixels.rgb)
    # Whatever goes wrong inside one examiner; the reason is kept, the trace goes to the log.
    except Exception as error:
        log.exception("%s: examiner %s failed", photograph.path, entry.name)
        reason = f"The examiner {entry.name} failed: {type(error).__name__}: {error}"
        yield gave_up(examiner, photograph, entry.main_trait, reason)


def _upright(boxes: Iterable[Box], photograph: Photograph, pixels: Pixels) -> tuple[Box, ...]:
    size = (pixels.stored_width_px, pixels.stored_height_px)
    inside, faults = [], []
    for box in boxes:
        part = clip(box, *size)
        if part is None:
            faults.append(
                Fault(
                    file=photograph.path,
                    message=f"the box {box.x},{box.y},{box.width},{box.height} lies outside the photograph",
                    advice=f"It has {size[0]} x {size[1]} pixels as stored.",
                )
            )
        else:
            inside.append(to_upright(part, pixels.orientation, *size))
    if faults:
        raise PhotographError(faults)
    return tuple(inside)


def _stored(one: Observation, pixels: Pixels) -> Observation:
    """The observation with its box and its drawing turned from the upright to the stored frame."""
    box, drawing = one.provenance.box, one.provenance.drawing
    if box is None and not drawing:
        return one
    size = (pixels.stored_width_px, pixels.stored_height_px)
    part = None if box is None else clip(box, *upright_size(pixels.orientation, *size))
    turned = None if part is None else to_stored(part, pixels.orientation, *size)
    strokes = tuple(
        stroke.model_copy(
            update={"points": tuple(point_to_stored(point, pixels.orientation, *size) for point in stroke.points)}
        )
        for stroke in drawing
    )
    provenance = one.provenance.model_copy(update={"box": turned, "drawing": strokes})
    return one.model_copy(update={"provenance": provenance})
