"""The result document: the product. Text, HTML, CSV and the web page are views of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from forensics.model.base import Frozen
from forensics.model.evidence import Box, Case, Observation, Photograph, UnreadInput

__all__ = [
    "Assessment",
    "Candidate",
    "CatalogueStamp",
    "Circularity",
    "Conclusion",
    "Dispute",
    "EvidenceLine",
    "Leaf",
    "LeaveOneOut",
    "Limitation",
    "NextExamination",
    "Node",
    "NotCatalogued",
    "Proposition",
    "ReadingWeight",
    "RingFigure",
    "RingFit",
    "Sensitivity",
    "SensitivityVariant",
    "SeparatingExamination",
    "SourceEntry",
    "ToolStamp",
]

Interval = tuple[float, float]


class ToolStamp(Frozen):
    name: Literal["forensics"] = "forensics"
    version: str


class CatalogueStamp(Frozen):
    version: str
    digest: str
    path_kind: str
    signatures: int


class Proposition(Frozen):
    """One side of a comparison, fixed before scoring."""

    id: str
    text: str


class ReadingWeight(Frozen):
    """One competing reading of a mark and how much of the weight it carries under a hypothesis."""

    hypothesis: str
    reading: str
    weight: float


class EvidenceLine(Frozen):
    """One trait of one candidate. ``log10_lr``: this trait alone, against an unlisted design elsewhere, after caps."""

    observation: str
    item: str
    trait: str
    trait_name: str
    observed: str
    expected: str
    match: Literal["fits", "partly", "differs", "unknown"]
    log10_lr: float
    contribution_log10: float
    block: str
    because: str
    quality: float
    weight: float
    likelihood: float
    background: float
    sources: tuple[str, ...] = ()
    photograph: str | None = None
    box: Box | None = None


class Candidate(Frozen):
    """One catalogued type (or unlisted design) and the evidence for and against it."""

    id: str
    name: str
    listed: bool
    family: str | None
    family_name: str
    state: str
    state_name: str
    pattern: str | None = None
    log10_lr: float
    interval: Interval | None = None
    posterior: float
    prior: float
    known_traits: int
    status: str = ""
    confusable_with: tuple[str, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()


class Node(Frozen):
    """A family or a state: its likelihood ratio against everything outside it.

    ``best_in_best_out`` and ``worst_in_best_out`` do not depend on the priors inside the node (docs/method.md 5.2).
    """

    id: str
    name: str
    members: tuple[str, ...]
    log10_lr: float
    interval: Interval | None = None
    best_in_best_out: float
    worst_in_best_out: float
    posterior: float
    prior: float


class Leaf(Frozen):
    """An unlisted design of one state."""

    state: str
    name: str
    log10_lr: float
    posterior: float


class NotCatalogued(Frozen):
    """The open-set proposition: made as something that is not in the catalogue."""

    log10_lr: float
    posterior: float
    prior: float
    leaves: tuple[Leaf, ...]


class Conclusion(Frozen):
    """What may be said. ``log10_lr`` is that of the node named, capped at the reporting limit where ``capped``."""

    outcome: Literal["named", "tie", "none_fits", "insufficient"]
    level: Literal["type", "family", "pattern", "state", "none"]
    node: str | None
    node_name: str
    members: tuple[str, ...]
    strength: Literal["supports", "favours", "candidates_only", "none"]
    statement: str
    log10_lr: float
    uncapped_log10_lr: float
    capped: bool
    interval: Interval | None = None
    state: str | None = None
    state_name: str = ""
    state_log10_lr: float | None = None
    reasons: tuple[str, ...] = ()
    separating_traits: tuple[str, ...] = ()


class LeaveOneOut(Frozen):
    """The reported node and its LR without one trait (or one source)."""

    left_out: str
    name: str
    node: str | None
    log10_lr: float
    delta: float
    pivotal: bool


class SensitivityVariant(Frozen):
    """The same evidence under another stated assumption. ``id``: what a program may look for; ``name`` is worded."""

    id: str = ""
    name: str
    log10_lr: float
    state_log10_lr: float | None = None
    note: str = ""


class Circularity(Frozen):
    """What was left out because it was learned from the incident itself."""

    left_out_cases: tuple[str, ...]
    values_left_out: tuple[str, ...]
    full_log10_lr: float | None = None
    reported_log10_lr: float | None = None
    state_full_log10_lr: float | None = None
    state_reported_log10_lr: float | None = None
    statement: str = ""


class Sensitivity(Frozen):
    """How much the result rests on single traits and on stated assumptions.

    ``contributions``: what each trait (``block:`` id above twelve traits) contributes to the log10 LR of the reported
    node, as exact Shapley values that sum to it. ``bootstrap``, ``elicited_ranges``: 5, 50 and 95 % of the log10 LR of
    what is reported under other grades, and under other elicited parameters (``state_elicited_ranges``: of the reported
    state); ``widest``: the wider of the two intervals, which is the one to quote. ``range_drivers``: the parameters the
    result depends on most, with the rank correlation.
    """

    leave_one_trait_out: tuple[LeaveOneOut, ...] = ()
    leave_one_source_out: tuple[LeaveOneOut, ...] = ()
    variants: tuple[SensitivityVariant, ...] = ()
    prior_sweep: tuple[tuple[float, float], ...] = ()
    pivotal: tuple[str, ...] = ()
    bootstrap: tuple[float, float, float] | None = None
    contributions: tuple[tuple[str, float], ...] = ()
    elicited_ranges: tuple[float, float, float] | None = None
    state_elicited_ranges: tuple[float, float, float] | None = None
    range_drivers: tuple[tuple[str, float], ...] = ()
    widest: Interval | None = None


class NextExamination(Frozen):
    """What to examine next. Gains in bits at three levels; ``value`` ranks: recoverability times gain over cost."""

    trait: str
    name: str
    how: str
    effort: str
    gain_type_bits: float
    gain_family_bits: float
    gain_state_bits: float
    value: float
    separates: tuple[str, ...] = ()


class SeparatingExamination(Frozen):
    """A trait that would tell two hypotheses apart.

    ``log10_if_first``, ``log10_if_second``: expected log10 ratio in favour of the true one, if it is the first or the
    second. ``value`` ranks: chance to survive times their mean over effort.
    """

    trait: str
    name: str
    how: str
    effort: str
    survival: float
    log10_if_first: float
    log10_if_second: float
    value: float


class Dispute(Frozen):
    """Two hypotheses weighed against each other. ``log10_ratio``: of the first to the second, as observed so far."""

    first: str
    second: str
    first_name: str
    second_name: str
    log10_ratio: float
    examinations: tuple[SeparatingExamination, ...] = ()


class Limitation(Frozen):
    """Why the result may mislead."""

    id: str
    because: str
    sources: tuple[str, ...] = ()


class SourceEntry(Frozen):
    """A cited source, resolved for the reader."""

    id: str
    publisher: str
    title: str
    date: str
    address: str
    reliability: str


class RingFit(Frozen):
    """A catalogue pattern over an observed ring at its best turn; angles in degrees, counter-clockwise.

    ``residuals_deg``: observed minus place, one for each fastener observed, None where the pattern explains it by no
    place. ``missing_deg``: places in view at which nothing was seen; ``hidden_deg``: places out of view. ``types``: ids
    of which the pattern was expected in this comparison, best first.
    """

    pattern: str
    types: tuple[str, ...]
    places_deg: tuple[float, ...]
    residuals_deg: tuple[float | None, ...]
    missing_deg: tuple[float, ...] = ()
    hidden_deg: tuple[float, ...] = ()
    rms_deg: float | None = None


class RingFigure(Frozen):
    """A ring as observed, with the two leading patterns that contradict each other.

    ``measured`` is False where the angles stand only for a number and a spacing stated in words.
    """

    observation: str
    angles_deg: tuple[float, ...]
    windows_deg: tuple[tuple[float, float], ...]
    sigma_deg: float
    measured: bool
    fits: tuple[RingFit, ...] = ()


class Assessment(Frozen):
    """The ranking over types, families and states, the tie set, the open set, the sensitivity, the limitations.

    ``language``: the language of its sentences and names; keys, ids and codes are the same in every language.
    ``trait_names``, ``part_names``: by id; ``described``: what was recorded, in words, by observation id; ``rings``:
    rings of fasteners with the patterns compared laid over them, for a figure.
    """

    schema_: Annotated[str, Field(alias="schema")] = "forensics.assessment/1"
    language: Literal["en", "uk"] = "en"
    tool: ToolStamp
    catalogue: CatalogueStamp
    parameters: str
    case: Case
    photographs: tuple[Photograph, ...] = ()
    unread: tuple[UnreadInput, ...] = ()
    population: tuple[str, ...] = ()
    excluded_types: tuple[str, ...] = ()
    propositions: tuple[Proposition, ...]
    observations: tuple[Observation, ...]
    trait_names: dict[str, str] = Field(default_factory=dict)
    part_names: dict[str, str] = Field(default_factory=dict)
    described: dict[str, str] = Field(default_factory=dict)
    rings: tuple[RingFigure, ...] = ()
    unreviewed: tuple[str, ...] = ()
    not_scored: tuple[tuple[str, str], ...] = ()
    conclusion: Conclusion
    ranking: tuple[Candidate, ...]
    families: tuple[Node, ...]
    states: tuple[Node, ...]
    not_catalogued: NotCatalogued
    readings: tuple[ReadingWeight, ...] = ()
    circularity: Circularity | None = None
    sensitivity: Sensitivity = Sensitivity()
    limitations: tuple[Limitation, ...]
    next: tuple[NextExamination, ...] = ()
    bibliography: tuple[SourceEntry, ...] = ()

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )
