"""What was recorded, as a person would write it."""

from __future__ import annotations

from forensics.model import values as recorded
from forensics.model.evidence import Box, Method, Observation

__all__ = ["METHOD_WORDS", "describe", "place", "who"]

METHOD_WORDS = {
    Method.PHYSICAL: "examined by hand",
    Method.PHOTOGRAPH: "from a sharp photograph",
    Method.LOW_RESOLUTION: "from a poor image or video",
    Method.THIRD_PARTY: "described by a third party",
    Method.AUTOMATIC: "read by machine",
}


def _number(value: float) -> str:
    return f"{value:.6g}"


def _measured(value: recorded.Measured) -> str:
    if value.value is not None:
        text = _number(value.value)
        if value.uncertainty is not None:
            text += f" ± {_number(value.uncertainty)}"
    elif value.low is not None and value.high is not None:
        text = f"{_number(value.low)} to {_number(value.high)}"
    elif value.low is not None:
        text = f"at least {_number(value.low)}"
    else:
        text = f"at most {_number(value.high or 0.0)}"
    return f"{text} {value.unit}{', deformed' if value.deformed else ''}"


def _chord(value: recorded.Chord) -> str:
    bent = ", deformed" if value.deformed else ""
    return (
        f"chord {_number(value.chord_mm)} ± {_number(value.chord_uncertainty_mm)} mm, sagitta "
        f"{_number(value.sagitta_mm)} ± {_number(value.sagitta_uncertainty_mm)} mm{bent}"
    )


def _category(value: recorded.Category) -> str:
    ordered = sorted(value.weights.items(), key=lambda entry: (-entry[1], entry[0]))
    best = ordered[0][0].replace("_", " ")
    others = [f"{key.replace('_', ' ')} ({weight:.2g})" for key, weight in ordered[1:]]
    return f"{best}, or {', or '.join(others)}" if others else best


def _count(value: recorded.Count) -> str:
    text = f"{'at least ' if value.at_least else ''}{value.count}"
    if value.visible_fraction is not None and value.visible_fraction < 1:
        text += f" in the {value.visible_fraction:.0%} that could be seen"
    return text


def _ring(value: recorded.Ring) -> str:
    if not value.angles_deg:
        return f"{value.counted} fasteners counted{f' ({value.stated})' if value.stated else ''}"
    seen = sum(end - start for start, end in value.windows_deg)
    angles = ", ".join(f"{angle:.4g}°" for angle in value.angles_deg)
    return f"{len(value.angles_deg)} fasteners within {min(seen, 360.0):.4g}°, at {angles} (± {value.sigma_deg:.2g}°)"


def _readings(readings: tuple[recorded.Reading, ...]) -> str:
    texts = [f"“{entry.text}”{f' ({entry.confidence:.2g})' if entry.confidence < 1 else ''}" for entry in readings]
    return " or ".join(texts)


def _year_mark(value: recorded.YearMark) -> str:
    text = _readings(value.readings)
    if value.repeats > 1:
        text += f", seen on {value.repeats} assemblies"
    if value.examined_marks is not None:
        text += f", among {value.examined_marks} bare numbers looked at"
    return text


def describe(value: recorded.TraitValue) -> str:  # noqa: PLR0911, C901 -- one return for each kind of the closed union
    """One line for any recorded value."""
    match value:
        case recorded.Measured():
            return _measured(value)
        case recorded.Chord():
            return _chord(value)
        case recorded.Category():
            return _category(value)
        case recorded.Count():
            return _count(value)
        case recorded.Presence():
            return "present"
        case recorded.Ring():
            return _ring(value)
        case recorded.Text():
            return _readings(value.readings)
        case recorded.YearMark():
            return _year_mark(value)
        case recorded.DateValue():
            return f"{value.year:.6g} (± {value.precision_years:.2g} years)"
        case recorded.Score():
            ordered = sorted(value.scores.items(), key=lambda entry: (-entry[1], entry[0]))
            return ", ".join(f"{family} {score:.2f}" for family, score in ordered)
        case recorded.Absent():
            return f"looked for, not there ({value.coverage:.0%} of the place survived and was seen)"
        case recorded.NotExaminable():
            return f"not examinable{f': {value.reason}' if value.reason else ''}"


def place(photograph: str | None, box: Box | None) -> str:
    """``"p.jpg, 120 × 40 px at (310, 75)"``; the box is in pixels of the original from its top left corner."""
    if photograph is None:
        return ""
    return photograph if box is None else f"{photograph}, {box.width} × {box.height} px at ({box.x}, {box.y})"


def who(observation: Observation) -> str:
    """Who or what recorded it, how, and where that is written down."""
    provenance = observation.provenance
    parts = [provenance.examiner or provenance.tool or "", METHOD_WORDS[provenance.method]]
    if provenance.sheet:
        parts.append(f"{provenance.sheet}{f' row {provenance.row}' if provenance.row is not None else ''}")
    if provenance.source:
        parts.append(f"source {provenance.source}")
    return ", ".join(part for part in parts if part)
