"""What an examiner is, what it is asked, and how it says what it saw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from forensics.examine.tesseract import Tesseract
from forensics.model.catalogue import Grammar
from forensics.model.evidence import Box, Method, Observation, Photograph, Provenance, Stroke
from forensics.model.pointed import Pointed
from forensics.model.values import NotExaminable, TraitValue

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Brief", "Examiner", "ExaminerEntry", "gave_up", "observed"]


@dataclass(frozen=True)
class Brief:
    """What the examiners are asked, the same for every photograph of a run.

    ``expect``: the traits asked for; empty means all. ``boxes``: regions a person pointed at, upright frame.
    ``pointed``: all that a person pointed at on this photograph (its marks, rings and scale), upright frame.
    ``known_marks``: marks to look for anywhere; a reading that only this list produced is flagged.
    ``grammars``: the catalogue's marking formats.
    ``tesseract``: the program to read with; tests pass one that misbehaves.
    """

    expect: frozenset[str] = frozenset()
    boxes: tuple[Box, ...] = ()
    pointed: Pointed = field(default_factory=Pointed)
    known_marks: tuple[str, ...] = ()
    grammars: Mapping[str, Grammar] = field(default_factory=dict)
    tesseract: Tesseract = field(default_factory=Tesseract)


class Examiner(Protocol):
    """Reads one kind of thing off photographs. Stateless and deterministic: same pixels, same observations."""

    name: str
    version: str

    def examine(self, photograph: Photograph, pixels: npt.NDArray[np.uint8]) -> Iterator[Observation]:
        """Propose observations.

        Parameters
        ----------
        photograph : Photograph
            The registered original: its item, the part it shows, its digest.
        pixels : (height, width, 3) uint8
            RGB, upright (EXIF orientation applied), read-only.

        Yields
        ------
        Observation
            Its box in the frame of ``pixels``; the room turns it into the stored frame. An examiner that gives up
            yields ``gave_up(...)`` rather than nothing; one that looked and saw nothing yields nothing, because a
            machine's silence is no absence.
        """
        ...


@dataclass(frozen=True)
class ExaminerEntry:
    """A line of the table of examiners: which traits it can give, and how to make one for a brief.

    ``main_trait`` carries the reason when the examiner cannot work at all.
    """

    name: str
    main_trait: str
    other_traits: frozenset[str]
    make: Callable[[Brief], Examiner]

    @property
    def traits(self) -> frozenset[str]:
        """Every trait it can give."""
        return self.other_traits | {self.main_trait}


def observed(
    examiner: Examiner,
    photograph: Photograph,
    trait: str,
    value: TraitValue,
    *,
    box: Box | None = None,
    confidence: float | None = None,
    note: str = "",
    drawing: Sequence[Stroke] = (),
    by_person: bool = False,
) -> Observation:
    """An observation by a machine; ``by_person``: it rests on points that a person put there, and is marked as theirs.

    ``drawing`` is in the frame of the pixels, as ``box`` is.

    Its id is made of the photograph's digest, the place and what was seen, so that it is the same in every run, and
    so that a decision of a person never slides onto a reading that has changed since.
    """
    seen = "\n".join(
        (
            photograph.sha256,
            examiner.name,
            trait,
            box.model_dump_json() if box else "",
            value.model_dump_json(),
        )
    )
    return Observation(
        id=f"{examiner.name}-{hashlib.sha256(seen.encode()).hexdigest()[:12]}",
        item=photograph.item,
        trait=trait,
        value=value,
        provenance=Provenance(
            examiner="person who pointed" if by_person else examiner.name,
            method=Method.PHOTOGRAPH if by_person else Method.AUTOMATIC,
            photograph=photograph.path,
            box=box,
            tool=f"{examiner.name} {examiner.version}",
            drawing=tuple(drawing),
        ),
        confidence=confidence,
        note=note,
    )


def gave_up(
    examiner: Examiner,
    photograph: Photograph,
    trait: str,
    reason: str,
    *,
    box: Box | None = None,
    drawing: Sequence[Stroke] = (),
) -> Observation:
    """The observation of an examiner that could not do its work, with the reason in words for a reader."""
    return observed(examiner, photograph, trait, NotExaminable(reason=reason), box=box, drawing=drawing)
