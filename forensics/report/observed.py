"""What was recorded, as a person would write it."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.model import values as recorded
from forensics.model.evidence import Box, Method, Observation
from forensics.report.language import counted, say
from forensics.report.numbers import localised

__all__ = ["METHOD_WORDS", "describe", "place", "where", "who"]

METHOD_WORDS = {
    Method.PHYSICAL: "examined by hand",
    Method.PHOTOGRAPH: "from a sharp photograph",
    Method.LOW_RESOLUTION: "from a poor image or video",
    Method.THIRD_PARTY: "described by a third party",
    Method.AUTOMATIC: "read by machine",
}


def _number(value: float) -> str:
    return localised(f"{value:.6g}")


def _short(value: float) -> str:
    return localised(f"{value:.2g}")


def _measured(value: recorded.Measured) -> str:
    if value.value is not None:
        text = _number(value.value)
        if value.uncertainty is not None:
            text += f" ± {_number(value.uncertainty)}"
    elif value.low is not None and value.high is not None:
        text = say("{low} to {high}", low=_number(value.low), high=_number(value.high))
    elif value.low is not None:
        text = say("at least {number}", number=_number(value.low))
    else:
        text = say("at most {number}", number=_number(value.high or 0.0))
    return f"{text} {say(value.unit)}{say(', deformed') if value.deformed else ''}"


def _chord(value: recorded.Chord) -> str:
    text = say(
        "chord {chord} mm, sagitta {sagitta} mm",
        chord=f"{_number(value.chord_mm)} ± {_number(value.chord_uncertainty_mm)}",
        sagitta=f"{_number(value.sagitta_mm)} ± {_number(value.sagitta_uncertainty_mm)}",
    )
    return text + (say(", deformed") if value.deformed else "")


def _category(value: recorded.Category, names: Mapping[str, str]) -> str:
    ordered = sorted(value.weights.items(), key=lambda entry: (-entry[1], entry[0]))
    told = [names.get(key, key.replace("_", " ")) for key, _ in ordered]
    others = [f"{name} ({_short(weight)})" for name, (_, weight) in zip(told[1:], ordered[1:], strict=True)]
    return say(", or ").join([told[0], *others])


def _count(value: recorded.Count) -> str:
    text = say("at least {number}", number=value.count) if value.at_least else str(value.count)
    if value.visible_fraction is not None and value.visible_fraction < 1:
        text = say("{count} in the {share} that could be seen", count=text, share=f"{value.visible_fraction:.0%}")
    return text


def _ring(value: recorded.Ring) -> str:
    if not value.angles_deg:
        text = counted(value.counted or 0, "{n} fastener counted", "{n} fasteners counted")
        return f"{text} ({value.stated})" if value.stated else text
    seen = sum(end - start for start, end in value.windows_deg)
    angles = "; ".join(localised(f"{angle:.4g}°") for angle in value.angles_deg)
    text = counted(
        len(value.angles_deg),
        "{n} fastener within {arc}, at {angles} (± {sigma})",
        "{n} fasteners within {arc}, at {angles} (± {sigma})",
        arc=localised(f"{min(seen, 360.0):.4g}°"),
        angles=angles,
        sigma=f"{_short(value.sigma_deg)}°",
    )
    if value.between is not None and value.between[0] < value.between[1]:
        text += "; " + say("between {low} and {high} of them", low=value.between[0], high=value.between[1])
    if value.missing_deg:
        empty = "; ".join(localised(f"{angle:.4g}°") for angle in value.missing_deg)
        text += "; " + say("empty places at {angles}", angles=empty)
    return text


def _readings(readings: tuple[recorded.Reading, ...]) -> str:
    texts = [f"“{entry.text}”{f' ({_short(entry.confidence)})' if entry.confidence < 1 else ''}" for entry in readings]
    return say(" or ").join(texts)


def _year_mark(value: recorded.YearMark) -> str:
    text = _readings(value.readings)
    if value.repeats > 1:
        text += counted(value.repeats, ", seen on {n} assembly", ", seen on {n} assemblies")
    if value.examined_marks is not None:
        text += counted(value.examined_marks, ", among {n} bare number looked at", ", among {n} bare numbers looked at")
    return text


def describe(  # noqa: PLR0911, C901 -- one return for each kind of the closed union
    value: recorded.TraitValue, names: Mapping[str, str] | None = None
) -> str:
    """One line for any recorded value. ``names``: of the values of a closed list, by id."""
    match value:
        case recorded.Measured():
            return _measured(value)
        case recorded.Chord():
            return _chord(value)
        case recorded.Category():
            return _category(value, names or {})
        case recorded.Count():
            return _count(value)
        case recorded.Presence():
            return say("present")
        case recorded.Ring():
            return _ring(value)
        case recorded.Text():
            return _readings(value.readings)
        case recorded.YearMark():
            return _year_mark(value)
        case recorded.DateValue():
            return say(
                "{year} (± {precision} years)", year=_number(value.year), precision=_short(value.precision_years)
            )
        case recorded.Score():
            ordered = sorted(value.scores.items(), key=lambda entry: (-entry[1], entry[0]))
            return "; ".join(f"{family} {localised(f'{score:.2f}')}" for family, score in ordered)
        case recorded.Absent():
            return say(
                "looked for, not there ({share} of the place survived and was seen)", share=f"{value.coverage:.0%}"
            )
        case recorded.NotExaminable():
            reason = say(value.reason) if value.reason else ""
            return say("not examinable") + (f": {reason}" if reason else "")


def place(photograph: str | None, box: Box | None) -> str:
    """``"p.jpg, 120 × 40 px at (310, 75)"``; the box is in pixels of the original from its top left corner."""
    if photograph is None:
        return ""
    return photograph if box is None else f"{photograph}, {where(box)}"


def where(box: Box) -> str:
    """``"120 × 40 px at (310, 75)"``."""
    return say("{width} × {height} px at ({x}, {y})", width=box.width, height=box.height, x=box.x, y=box.y)


def who(observation: Observation) -> str:
    """Who or what recorded it, how, and where that is written down."""
    provenance = observation.provenance
    parts = [provenance.examiner or provenance.tool or "", say(METHOD_WORDS[provenance.method])]
    if provenance.sheet:
        row = " " + say("row {row}", row=provenance.row) if provenance.row is not None else ""
        parts.append(f"{provenance.sheet}{row}")
    if provenance.source:
        parts.append(say("source {source}", source=provenance.source))
    return ", ".join(part for part in parts if part)
