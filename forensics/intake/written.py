"""Observations as the cells of a sheet: the inverse of reading one.

Every value is read back before it is handed out. One that the cell syntax cannot say exactly (a mark with the
confidence of each character, weights that are not relative to the best) is written in the shape of the model
instead, which every format reads too.
"""

from __future__ import annotations

import json
from contextlib import suppress

from forensics.intake.cells import CellError
from forensics.intake.marks import written_reading
from forensics.intake.numbers import number_text
from forensics.intake.values import ValueCells, parse_value
from forensics.intake.words import COLUMNS, Lexicon
from forensics.model.catalogue import Trait
from forensics.model.evidence import Observation, Provenance
from forensics.model.values import (
    Absent,
    Category,
    Chord,
    Count,
    DateValue,
    Measured,
    NotExaminable,
    Presence,
    Ring,
    Score,
    Text,
    TraitValue,
    YearMark,
)

__all__ = ["written_row"]


def written_row(observation: Observation, lexicon: Lexicon) -> dict[str, str]:
    """The filled cells of one observation by column id."""
    cells = {
        "item": observation.item,
        "trait": observation.trait,
        **_value_cells(observation, lexicon),
        "confidence": "" if observation.confidence is None else number_text(observation.confidence),
        "examiner": observation.provenance.examiner,
        "method": observation.provenance.method.value,
        "photo": _photo(observation.provenance),
        "note": observation.note,
        "source": observation.provenance.source or "",
    }
    return {column: cells[column] for column in COLUMNS if cells.get(column)}


def _photo(provenance: Provenance) -> str:
    box = provenance.box
    if provenance.photograph is None or box is None:
        return provenance.photograph or ""
    return f"{provenance.photograph} [{box.x}, {box.y}, {box.width}, {box.height}]"


def _value_cells(observation: Observation, lexicon: Lexicon) -> dict[str, str]:
    trait = lexicon.vocabulary.traits[observation.trait]
    written = _cells(observation.value, trait)
    read: TraitValue | None = None
    with suppress(CellError):
        cells = ValueCells(
            value=written.get("value", ""),
            unit=written.get("unit", ""),
            uncertainty=written.get("uncertainty", ""),
            state=written.get("state", ""),
            coverage=written.get("coverage", ""),
            note=observation.note,
        )
        read, _ = parse_value(cells, trait, lexicon)
    if read == observation.value:
        return written
    return {"value": json.dumps(observation.value.model_dump(mode="json"), ensure_ascii=False)}


def _cells(value: TraitValue, trait: Trait) -> dict[str, str]:
    """The value, unit, uncertainty, state and coverage columns."""
    if isinstance(value, Absent):
        return {"state": "absent", "coverage": number_text(value.coverage)}
    if isinstance(value, NotExaminable):
        return {"state": "not_examinable"}
    if isinstance(value, Measured):
        sigma = {} if value.uncertainty is None else {"uncertainty": number_text(value.uncertainty)}
        return {"value": _measured(value), "unit": trait.unit or value.unit, **sigma}
    if isinstance(value, Count):
        seen = {} if value.visible_fraction is None else {"coverage": number_text(value.visible_fraction)}
        return {"value": f">={value.count}" if value.at_least else str(value.count), **seen}
    return {"value": _text(value)}


def _measured(value: Measured) -> str:
    low, high = (None if limit is None else number_text(limit) for limit in (value.low, value.high))
    interval = f"{low}-{high}" if low and high else f">={low}" if low else f"<={high}" if high else ""
    text = interval
    if value.value is not None:
        text = number_text(value.value) + (f" ({interval})" if interval else "")
    return f"{text} deformed" if value.deformed else text


def _text(value: Chord | Category | Presence | Ring | Text | YearMark | DateValue | Score) -> str:
    if isinstance(value, Chord):
        return _chord(value)
    if isinstance(value, Category | Score):
        return _weighted(value.weights if isinstance(value, Category) else value.scores, isinstance(value, Category))
    if isinstance(value, DateValue):
        return f"{number_text(value.year)} ± {number_text(value.precision_years)}"
    if isinstance(value, Ring):
        return _ring(value)
    return "present" if isinstance(value, Presence) else _mark(value)


def _chord(value: Chord) -> str:
    text = (
        f"chord {number_text(value.chord_mm)} ± {number_text(value.chord_uncertainty_mm)} "
        f"sagitta {number_text(value.sagitta_mm)} ± {number_text(value.sagitta_uncertainty_mm)}"
    )
    return f"{text} deformed" if value.deformed else text


def _weighted(weights: dict[str, float], equal_is_plain: bool) -> str:
    plain = equal_is_plain and set(weights.values()) == {1.0}
    return " | ".join(name if plain else f"{name}:{number_text(weight)}" for name, weight in weights.items())


def _mark(value: Text | YearMark) -> str:
    parts = [" | ".join(written_reading(reading) for reading in value.readings)]
    if isinstance(value, YearMark):
        parts += [f"marks {value.examined_marks}"] if value.examined_marks is not None else []
        parts += [f"repeats {value.repeats}"] if value.repeats != 1 else []
    return "; ".join(parts)


def _ring(value: Ring) -> str:
    parts = [value.stated or ""]
    if not value.stated:
        counted = "" if value.counted is None else f"count {value.counted}" if value.angles_deg else str(value.counted)
        angles = " ".join(number_text(angle) for angle in value.angles_deg)
        parts = [f"angles {angles}" if angles else "", counted]
    if value.windows_deg != ((0.0, 360.0),) or (value.angles_deg and not value.stated):
        arcs = (f"{number_text(start)}-{number_text(end)}" for start, end in value.windows_deg)
        parts.append(f"window {', '.join(arcs)}")
    parts += [f"sigma {number_text(value.sigma_deg)}"]
    parts += [f"face {value.face}"] if value.face != "unknown" else []
    parts += [f"ratio {number_text(value.circle_to_casing)}"] if value.circle_to_casing is not None else []
    return "; ".join(part for part in parts if part)
