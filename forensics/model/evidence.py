"""Items, photographs, observations and findings."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from forensics.model.base import Frozen
from forensics.model.values import Absent, NotExaminable, TraitValue

__all__ = [
    "Box",
    "Case",
    "Decision",
    "Digest",
    "Finding",
    "Item",
    "Method",
    "Observation",
    "Photograph",
    "PhotographEntry",
    "PhotographFault",
    "PhotographReading",
    "Pointing",
    "Population",
    "Provenance",
    "Stroke",
    "UnreadInput",
]

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the bytes, lower-case hexadecimal."""


class Method(StrEnum):
    """How an observation was made; decides its quality q (docs/method.md 3.2)."""

    PHYSICAL = "physical"
    PHOTOGRAPH = "photograph"
    LOW_RESOLUTION = "low_resolution"
    THIRD_PARTY = "third_party"
    AUTOMATIC = "automatic"


class Box(Frozen):
    """A region of the original photograph in pixels: origin top left, x right, y down; half-open."""

    x: Annotated[int, Field(ge=0)]
    y: Annotated[int, Field(ge=0)]
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]


class PhotographFault(Frozen):
    """What is wrong with a photograph, in words, and how to take a better one."""

    fault: Literal["dark", "flat", "blurred", "glare", "small", "compressed", "small_writing"]
    message: str
    advice: str


class Photograph(Frozen):
    """An original, registered and never written to. Sizes are those of the stored pixels before EXIF rotation."""

    path: str
    sha256: Digest
    bytes: Annotated[int, Field(ge=0)]
    format: str
    width_px: Annotated[int, Field(gt=0)]
    height_px: Annotated[int, Field(gt=0)]
    orientation: Annotated[int, Field(ge=1, le=8)] = 1
    taken: str | None = None
    camera: str | None = None
    part: str | None = None
    item: str = ""
    is_render: bool = False
    note: str = ""
    faults: tuple[PhotographFault, ...] = ()


class Stroke(Frozen):
    """A line or a spot drawn over the photograph to show what was read: points in its stored frame, in pixels.

    ``role`` says what it shows, and so how it is drawn: ``seen`` and ``missing`` are spots (a bolt, an empty place), a
    single point each or the ends of a blade; ``edge`` is an outline, ``scale`` what a length was taken from,
    ``refused`` what could not be used. ``label`` is written beside its first point.
    """

    points: Annotated[tuple[tuple[float, float], ...], Field(min_length=1)]
    role: Literal["seen", "missing", "edge", "scale", "refused"] = "seen"
    closed: bool = False
    label: str = ""


class Provenance(Frozen):
    """Who or what says so, from where. ``drawing``: what to draw over the photograph so that a person can check it."""

    examiner: str = ""
    method: Method = Method.PHYSICAL
    sheet: str | None = None
    row: int | None = None
    photograph: str | None = None
    box: Box | None = None
    source: str | None = None
    tool: str | None = None
    drawing: tuple[Stroke, ...] = ()


class Observation(Frozen):
    """One trait, one value, one item, with its provenance.

    ``confidence``: how sure the observer is that the record is right, 0 to 1; multiplies the quality of the method.
    """

    id: str
    item: str
    trait: str
    value: TraitValue
    provenance: Provenance
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    note: str = ""

    @property
    def state(self) -> Literal["observed", "absent", "not_examinable"]:
        """The three states of an observation; a trait not on the sheet at all has none of them."""
        if isinstance(self.value, Absent):
            return "absent"
        if isinstance(self.value, NotExaminable):
            return "not_examinable"
        return "observed"


class Decision(Frozen):
    """What a person decided about one observation. Never edits it: it stands beside it.

    ``settles``: it ends a disagreement, and holds instead of what anybody decided about the observation before.
    """

    observation: str
    action: Literal["accept", "amend", "reject", "comment"]
    person: str
    at: str
    value: TraitValue | None = None
    comment: str = ""
    settles: bool = False


class Pointing(Frozen):
    """What a person pointed at on a photograph, so that it is read there in every run.

    ``region``: a box to read in; ``bolts``: fasteners of one ring that were clicked, in the order clicked. Both in the
    stored frame of the original. ``withdrawn``: the pointing of that number (from 1) does not hold any more.
    """

    photograph: str
    kind: Literal["region", "bolts", "withdrawn"]
    person: str
    at: str
    box: Box | None = None
    points_px: tuple[tuple[float, float], ...] = ()
    withdraws: int | None = None


class PhotographReading(Frozen):
    """What the examiners read from one photograph, kept so that it need not be read again.

    ``key``: digest over everything the reading depends on (the original, what the case says about it, what persons
    pointed at, the examiners and the programs they call).
    """

    photograph: str
    sha256: Digest
    key: Digest
    observations: tuple[Observation, ...] = ()
    faults: tuple[PhotographFault, ...] = ()


class Finding(Frozen):
    """An observation somebody stands behind, or a machine reading not yet reviewed and marked so."""

    observation: Observation
    reviewed: bool = True
    decided_by: str | None = None


class Item(Frozen):
    """One physical piece, with its exhibit number."""

    id: str
    description: str = ""
    found: str = ""
    custodian: str = ""


class PhotographEntry(Frozen):
    """A line of ``case.yaml``: which file, which item, which part it shows."""

    file: str
    item: str = ""
    part: str | None = None
    is_render: bool = False
    note: str = ""


class Population(Frozen):
    """The relevant population, declared before scoring: which catalogued types are compared at all."""

    classes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    note: str = ""


class Case(Frozen):
    """What ``case.yaml`` says."""

    id: str
    title: str = ""
    event_date: str | None = None
    place: str = ""
    mandate: str = ""
    items: tuple[Item, ...] = ()
    photographs: tuple[PhotographEntry, ...] = ()
    population: Population = Population()
    conditioning: tuple[str, ...] = ()
    sources: dict[str, str] = Field(default_factory=dict)

    @property
    def event_year(self) -> int | None:
        """The year of the event, or None when the date is not known."""
        return int(self.event_date[:4]) if self.event_date else None


class UnreadInput(Frozen):
    """An input that could not be read; the rest of the case is assessed without it."""

    path: str
    reason: str
    sha256: str | None = None
