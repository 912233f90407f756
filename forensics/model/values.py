"""What an examiner can record about one trait: a closed union of values.

Every class names its ``kind``, so that the union is read back from JSON without guessing.
Angles are in degrees, counter-clockwise seen by the viewer, 0 to 360. Uncertainties are standard
uncertainties (one sigma) in the unit of the value.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from forensics.model.base import Frozen

__all__ = [
    "Absent",
    "Category",
    "Chord",
    "Count",
    "DateValue",
    "Measured",
    "NotExaminable",
    "Presence",
    "Reading",
    "Ring",
    "Score",
    "Text",
    "TraitValue",
    "YearMark",
]

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]


class Measured(Frozen):
    """A measured quantity in the canonical unit of its trait: a value, or an interval, or one bound."""

    kind: Literal["measured"] = "measured"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    uncertainty: Annotated[float, Field(ge=0)] | None = None
    unit: str
    deformed: bool = False

    @model_validator(mode="after")
    def _something_is_stated(self) -> Measured:
        if self.value is None and self.low is None and self.high is None:
            raise ValueError("a measured value needs a value, a lower bound or an upper bound")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the lower bound is above the upper bound")
        return self


class Chord(Frozen):
    """Chord and sagitta of a fragment of a circular section, both in mm (docs/method.md K4)."""

    kind: Literal["chord"] = "chord"
    chord_mm: Annotated[float, Field(gt=0)]
    chord_uncertainty_mm: Annotated[float, Field(ge=0)] = 1.0
    sagitta_mm: Annotated[float, Field(gt=0)]
    sagitta_uncertainty_mm: Annotated[float, Field(ge=0)] = 1.0
    deformed: bool = False


class Category(Frozen):
    """One value of a closed list, or several that the examiner could not tell apart.

    ``weights`` maps value ids to how well what was seen fits each, relative to the best (1.0): virtual
    evidence in Pearl's sense, not a probability of the value.
    """

    kind: Literal["category"] = "category"
    weights: Annotated[dict[str, Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)]


class Count(Frozen):
    """How many were counted. ``visible_fraction`` is the part of the whole that could be seen."""

    kind: Literal["count"] = "count"
    count: Annotated[int, Field(ge=0)]
    at_least: bool = False
    visible_fraction: Fraction | None = None


class Presence(Frozen):
    """The feature was seen. (Looked for and not seen is ``Absent``.)"""

    kind: Literal["presence"] = "presence"


class Ring(Frozen):
    """A ring of fasteners seen face on or rectified.

    ``angles_deg`` are the fasteners seen; ``windows_deg`` the arcs (start, end; counter-clockwise; end may
    exceed 360) in which one would have been seen. A ring known only by its number has no angles and ``counted``.
    ``missing_deg`` are places seen to be empty though a fastener belongs there (a bare hole): they are no fasteners,
    but they are part of the pattern. ``between``: least and most fasteners in the windows, the true number lying
    there with probability 0.9, of a reader that may have overlooked or invented some.
    """

    kind: Literal["ring"] = "ring"
    angles_deg: tuple[float, ...] = ()
    missing_deg: tuple[float, ...] = ()
    between: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | None = None
    windows_deg: tuple[tuple[float, float], ...] = ((0.0, 360.0),)
    sigma_deg: Annotated[float, Field(gt=0)] = 1.0
    face: Literal["outer", "inner", "unknown"] = "unknown"
    counted: Annotated[int, Field(ge=0)] | None = None
    circle_to_casing: Annotated[float, Field(gt=0)] | None = None
    stated: str | None = None

    @model_validator(mode="after")
    def _something_was_seen(self) -> Ring:
        if not self.angles_deg and self.counted is None:
            raise ValueError("a ring needs bolt angles or a count")
        return self


class Reading(Frozen):
    """One way to read a mark. Confidence is calibrated, 0 to 1; per-character confidences when known.

    ``listed``: only a list of known marks brought it up; it is shown and is never independent evidence.
    """

    text: Annotated[str, Field(min_length=1, max_length=200)]
    confidence: Fraction = 1.0
    character_confidences: tuple[Fraction, ...] = ()
    listed: bool = False


class Text(Frozen):
    """One physical mark with one or several competing readings, the best first."""

    kind: Literal["text"] = "text"
    readings: Annotated[tuple[Reading, ...], Field(min_length=1)]


class YearMark(Frozen):
    """A bare number that may be a year, as it stands on the item.

    ``examined_marks``: how many distinct bare numbers were looked at on the item (the look-elsewhere number M
    of docs/method.md K5); ``repeats``: on how many assemblies this one mark was seen. Every reading is kept: which
    calendars it could be read in is worked out from the text, never chosen by the examiner.
    """

    kind: Literal["year_mark"] = "year_mark"
    readings: Annotated[tuple[Reading, ...], Field(min_length=1)]
    examined_marks: Annotated[int, Field(ge=1)] | None = None
    repeats: Annotated[int, Field(ge=1)] = 1


class DateValue(Frozen):
    """A calendar date as a decimal Gregorian year with its precision in years (0.5 for a bare year)."""

    kind: Literal["date"] = "date"
    year: Annotated[float, Field(ge=1900, le=2100)]
    precision_years: Annotated[float, Field(gt=0)] = 0.5


class Score(Frozen):
    """Likeness scores, 0 to 1, against reference photographs, by family id."""

    kind: Literal["score"] = "score"
    scores: dict[str, Fraction]


class Absent(Frozen):
    """Looked for where it would be and not there. ``coverage``: the part of that place that survived and was seen."""

    kind: Literal["absent"] = "absent"
    coverage: Fraction = 1.0


class NotExaminable(Frozen):
    """Burnt off, not recovered, out of the picture: weighs exactly nothing."""

    kind: Literal["not_examinable"] = "not_examinable"
    reason: str = ""


TraitValue = Annotated[
    Measured
    | Chord
    | Category
    | Count
    | Presence
    | Ring
    | Text
    | YearMark
    | DateValue
    | Score
    | Absent
    | NotExaminable,
    Field(discriminator="kind"),
]
