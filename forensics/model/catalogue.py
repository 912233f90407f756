"""Vocabulary, sources, expectations and signatures: the catalogue as it flows between rooms."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from forensics.model.base import Frozen

__all__ = [
    "Background",
    "Basis",
    "Block",
    "Catalogue",
    "Citation",
    "DesignPattern",
    "ExampleCase",
    "Expectation",
    "ExpectedCategory",
    "ExpectedCount",
    "ExpectedDates",
    "ExpectedMeasure",
    "ExpectedPresence",
    "ExpectedRing",
    "ExpectedText",
    "ExpectedValue",
    "Family",
    "Grammar",
    "Hypothesis",
    "LimitationRule",
    "MarkCode",
    "Names",
    "NodeValues",
    "Parameter",
    "Parameters",
    "Signature",
    "Source",
    "State",
    "Statement",
    "Trait",
    "TraitKind",
    "ValueName",
    "Vocabulary",
    "YearWindow",
]

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class TraitKind(StrEnum):
    """The kind of value a trait takes; one module of ``compare`` each."""

    MEASURED = "measured"
    CATEGORY = "category"
    COUNT = "count"
    PRESENCE = "presence"
    RING = "ring"
    TEXT = "text"
    YEAR_MARK = "year_mark"
    DATE = "date"
    SCORE = "score"


class Basis(StrEnum):
    """What a source rests on."""

    DEBRIS = "debris"
    PHOTOGRAPHS = "photographs"
    PARADE = "parade"
    DESIGN = "design"
    BACKGROUND = "background"
    DERIVED = "derived"


class Names(Frozen):
    """Names in the scripts the catalogue keeps. English is required, the others may be empty."""

    en: tuple[str, ...] = ()
    uk: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    ru: tuple[str, ...] = ()
    fa: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every name in every script."""
        return self.en + self.uk + self.ko + self.ru + self.fa + self.zh


class ValueName(Frozen):
    """One value of a closed list: its id, names, what it looks like, and what it is easily mistaken for."""

    id: str
    names: Names
    description: str = ""
    picture: str | None = None
    similar: tuple[str, ...] = ()


class Block(Frozen):
    """Traits that depend on each other; ``rho`` is their correlation when no pair table covers them."""

    id: str
    title: str
    rho: Probability = 0.0
    edges: tuple[tuple[str, str], ...] = ()


class Trait(Frozen):
    """One thing that can be observed. See ``signatures/vocabulary/traits.yaml``.

    ``records``: how to record it in languages other than English, by code.
    """

    id: str
    names: Names
    kind: TraitKind
    unit: str | None = None
    values: tuple[ValueName, ...] = ()
    part: str
    record: str
    records: dict[str, str] = Field(default_factory=dict)
    picture: str | None = None
    block: str
    level: Literal["state", "family", "type"]
    effort: Literal["photo", "measure", "dismantle", "laboratory"]
    survival: Probability
    plausible: tuple[float, float] | None = None
    parts: tuple[str, ...] = ()


class Grammar(Frozen):
    """A marking format: slots of characters (``forensics.compare.grammar`` describes the syntax)."""

    id: str
    pattern: str
    script: str
    meaning: str
    caution: str = ""
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Vocabulary(Frozen):
    """Everything that can be observed, and in which words.

    ``columns``: the columns of a trait sheet; ``words``: by group (``state``, ``method``, ``unit``) the words a sheet
    may use for a closed list, each in every language it is accepted in.
    """

    traits: dict[str, Trait]
    blocks: dict[str, Block]
    grammars: dict[str, Grammar] = Field(default_factory=dict)
    parts: dict[str, Names] = Field(default_factory=dict)
    columns: dict[str, Names] = Field(default_factory=dict)
    words: dict[str, dict[str, Names]] = Field(default_factory=dict)


class Source(Frozen):
    """A publication. ``same_origin``: sources that repeat one photograph or statement share this key."""

    id: str
    publisher: str
    title: str
    date: str = ""
    address: str = ""
    language: str = ""
    reliability: Literal["A", "B", "C", "D", "E", "F"]
    same_origin: str | None = None
    note: str = ""

    @property
    def origin(self) -> str:
        """The key under which sources count as one."""
        return self.same_origin or self.id


class Citation(Frozen):
    """One source for one value. ``cases``: incidents the value was learned from (leave-case-out)."""

    source: str
    grade: Annotated[str, Field(pattern=r"^[A-F][1-6]$")]
    basis: Basis
    cases: tuple[str, ...] = ()
    p_correct: Probability | None = None
    note: str = ""


class ExpectedCategory(Frozen):
    """Probabilities over value ids; what is missing to 1 is spread over the other values."""

    kind: Literal["category"] = "category"
    probabilities: Annotated[dict[str, Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)]


class ExpectedCount(Frozen):
    """Probabilities over counts."""

    kind: Literal["count"] = "count"
    probabilities: Annotated[dict[int, Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)]


class ExpectedMeasure(Frozen):
    """A mean with the spread between items (one sigma), or an interval, in the trait's unit."""

    kind: Literal["measured"] = "measured"
    mean: float | None = None
    between_sd: Annotated[float, Field(ge=0)] = 0.0
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _mean_or_interval(self) -> ExpectedMeasure:
        if (self.mean is None) == (self.low is None or self.high is None):
            raise ValueError("state either a mean or both a low and a high value")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        return self


class ExpectedPresence(Frozen):
    """Probability that the feature is there on an intact item."""

    kind: Literal["presence"] = "presence"
    probability: Probability


class ExpectedRing(Frozen):
    """A ring pattern: ``count`` evenly spaced, or ``groups`` of count/groups, or explicit angles.

    ``pitch_deg`` bounds the unknown spacing inside a group; the kernel averages over it.
    """

    kind: Literal["ring"] = "ring"
    count: Annotated[int, Field(ge=1, le=400)]
    spacing: Literal["even", "grouped", "angles"]
    groups: Annotated[int, Field(ge=1)] | None = None
    pitch_deg: tuple[float, float] | None = None
    angles_deg: tuple[float, ...] = ()
    circle_to_casing: float | None = None

    @model_validator(mode="after")
    def _consistent(self) -> ExpectedRing:
        if self.spacing == "grouped" and (self.groups is None or self.count % self.groups):
            raise ValueError("grouped spacing needs groups that divide the count")
        if self.spacing == "angles" and len(self.angles_deg) != self.count:
            raise ValueError("the number of angles is not the count")
        return self


class ExpectedText(Frozen):
    """Marks an item of the type may bear: grammar ids and literal strings, with relative weights."""

    kind: Literal["text"] = "text"
    grammars: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)
    strings: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _not_empty(self) -> ExpectedText:
        if not self.grammars and not self.strings:
            raise ValueError("state at least one grammar or string")
        return self


class MarkCode(Frozen):
    """A bare number that is a plant or other code, so that it competes with the year readings."""

    text: str
    probability: Probability
    meaning: str


class ExpectedDates(Frozen):
    """How a producer writes years on parts: probability that a bare number is a year in each calendar, or a code.

    Calendars: ``juche``, ``gregorian`` (four digits), ``gregorian_2`` (two digits), ``persian``, ``minguo``,
    ``buddhist``.
    """

    kind: Literal["dates"] = "dates"
    calendars: dict[str, Probability]
    codes: tuple[MarkCode, ...] = ()


ExpectedValue = Annotated[
    ExpectedCategory | ExpectedCount | ExpectedMeasure | ExpectedPresence | ExpectedRing | ExpectedText | ExpectedDates,
    Field(discriminator="kind"),
]


class Statement(Frozen):
    """One stated value with its sources. ``weight`` (w of docs/method.md 3.2) is filled by the catalogue's resolver."""

    value: ExpectedValue
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    weight: Probability = 0.0


class Expectation(Frozen):
    """What a node is expected to show for one trait.

    Several statements are disagreeing sources: mixture components with their weights. ``stated_at`` is the node the
    value stands at; ``origin`` the shared-source key of docs/method.md 3.7 rule 2.
    """

    trait: str
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    stated_at: str
    origin: str
    line: str = ""

    @property
    def weight(self) -> float:
        """Probability that one of the stated values holds."""
        return min(1.0, sum(statement.weight for statement in self.statements))


class NodeValues(Frozen):
    """One trait of one file as written: statements, and what holds when every primary citation is left out."""

    trait: str
    statements: tuple[Statement, ...]
    fallback: tuple[Statement, ...] = ()
    line: str = ""


class YearWindow(Frozen):
    """First and last year of production as known; ``None`` is open."""

    first: int | None = None
    last: int | None = None


class ExampleCase(Frozen):
    """A case that must (or must not) come out as stated."""

    case: str
    outcome: str | None = None
    members: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


class State(Frozen):
    """A producing state."""

    id: str
    name: str
    names: Names = Names()
    values: tuple[NodeValues, ...] = ()
    note: str = ""


class Family(Frozen):
    """A design family of one state: variants that share parts."""

    id: str
    name: str
    state: str
    names: Names = Names()
    values: tuple[NodeValues, ...] = ()
    note: str = ""


class DesignPattern(Frozen):
    """A design that several producers make: what a copy shares with its original although nobody measured the copy.

    Its names stand in ``Catalogue.patterns``.
    """

    id: str
    values: tuple[NodeValues, ...] = ()
    note: str = ""


class Signature(Frozen):
    """What a type is expected to show. ``name`` completes "made as a …"."""

    id: str
    name: str
    aliases: Names = Names()
    state: str
    family: str
    pattern: str | None = None
    class_id: str
    status: Literal["draft", "reviewed", "validated", "withdrawn"]
    service: YearWindow = YearWindow()
    production: YearWindow = YearWindow()
    confusable_with: tuple[str, ...] = ()
    values: tuple[NodeValues, ...] = ()
    examples: tuple[ExampleCase, ...] = ()
    counterexamples: tuple[ExampleCase, ...] = ()
    owner: str = ""
    review_by: str = ""
    note: str = ""
    path: str = ""


class Background(Frozen):
    """The background side of one trait: how often a value occurs on munitions that are not the one considered.

    ``theta``: Ewens concentration; ``rates``: elicited rates for "some other state"; ``ln_mean``/``ln_sd``: log-normal
    prior of a measured trait in its unit, by class (``any`` for the rest); ``counts``: prior over counts or ring sizes.
    """

    trait: str
    theta: float | None = None
    rates: dict[str, Probability] = Field(default_factory=dict)
    ln_mean: dict[str, float] = Field(default_factory=dict)
    ln_sd: dict[str, float] = Field(default_factory=dict)
    counts: dict[int, Probability] = Field(default_factory=dict)
    provenance: str = ""


class LimitationRule(Frozen):
    """ "The result may mislead because …", raised when its condition holds. See ``signatures/README.md``."""

    id: str
    because: str
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sources: tuple[str, ...] = ()
    names: Names = Names()


class Parameter(Frozen):
    """One elicited number: value, range for the sensitivity analysis, where it comes from."""

    value: float
    low: float | None = None
    high: float | None = None
    provenance: str
    note: str = ""


class Parameters(Frozen):
    """The numbers of docs/method.md section 10, by name; asking for an unknown one is an error."""

    entries: dict[str, Parameter]

    def __getitem__(self, name: str) -> float:
        return self.entries[name].value

    def replace(self, **values: float) -> Parameters:
        """The same parameters with some values changed (sensitivity analysis)."""
        changed = dict(self.entries)
        for name, value in values.items():
            changed[name] = changed[name].model_copy(update={"value": value})
        return Parameters(entries=changed)


class Catalogue(Frozen):
    """The signature catalogue as loaded: checked, but not yet resolved (inheritance, weights)."""

    version: str
    digest: str
    path_kind: Literal["checkout", "installed", "given"]
    vocabulary: Vocabulary
    sources: dict[str, Source]
    states: dict[str, State]
    families: dict[str, Family]
    patterns: dict[str, Names] = Field(default_factory=dict)
    design_patterns: dict[str, DesignPattern] = Field(default_factory=dict)
    classes: dict[str, Names] = Field(default_factory=dict)
    signatures: dict[str, Signature]
    backgrounds: dict[str, Background]
    parameters: Parameters
    limitations: tuple[LimitationRule, ...] = ()


class Hypothesis(Frozen):
    """A leaf of the tree: a catalogued type, or an unlisted design of a state (``state`` = "other" for the rest).

    ``expectations`` are resolved: inheritance, grades turned to weights, left-out cases removed.
    """

    id: str
    name: str
    listed: bool
    state: str
    family: str | None = None
    pattern: str | None = None
    class_id: str | None = None
    status: str = ""
    production: YearWindow = YearWindow()
    expectations: dict[str, Expectation] = Field(default_factory=dict)


CatalogueIndex = Mapping[str, Signature]
