"""A trait sheet made from a type's own catalogue values: what an examiner would record if every value held.

Used to ask whether the method ranks a type first on its own signature, and to prefill solved examples. Nothing here
knows how records are weighed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from forensics.model.catalogue import (
    Catalogue,
    Expectation,
    ExpectedCategory,
    ExpectedCount,
    ExpectedDates,
    ExpectedMeasure,
    ExpectedPresence,
    ExpectedRing,
    ExpectedText,
    ExpectedValue,
    Hypothesis,
    Trait,
)
from forensics.model.evidence import Method, Observation, Provenance
from forensics.model.values import (
    Absent,
    Category,
    Count,
    Measured,
    Presence,
    Reading,
    Ring,
    Text,
    TraitValue,
    YearMark,
)

if TYPE_CHECKING:
    from forensics.compare.grammar import Slot

__all__ = ["INSTRUMENT", "draw_traits", "modal_record", "sheet_of"]

INSTRUMENT = 0.01
"""Standard uncertainty, relative, of the measurements on such a sheet."""

Key = TypeVar("Key", str, int)

_OFFSETS = {"juche": 1911, "minguo": 1911, "persian": 621, "buddhist": -543, "gregorian": 0, "gregorian_2": 0}


def modal_record(
    trait: Trait, hypothesis: Hypothesis, catalogue: Catalogue, rng: np.random.Generator
) -> TraitValue | None:
    """The most probable record of a trait on an item of the type; measurements with the error of the instrument.

    None where the type states nothing for the trait or its value cannot be written down (a format without an example).
    """
    expectation = hypothesis.expectations.get(trait.id)
    if expectation is None:
        return None
    return _record(_best_sourced(expectation), trait, hypothesis, catalogue, rng)


def _best_sourced(expectation: Expectation) -> ExpectedValue:
    return max(expectation.statements, key=lambda statement: statement.weight).value


def _record(
    value: ExpectedValue, trait: Trait, hypothesis: Hypothesis, catalogue: Catalogue, rng: np.random.Generator
) -> TraitValue | None:
    record: TraitValue | None
    match value:
        case ExpectedCategory():
            record = Category(weights={_modal(value.probabilities): 1.0})
        case ExpectedCount():
            record = Count(count=_modal(value.probabilities))
        case ExpectedMeasure():
            record = _measurement(value, trait, rng)
        case ExpectedPresence():
            record = Presence() if value.probability >= 0.5 else Absent(coverage=1.0)
        case ExpectedRing():
            spacing = {"even": "even", "grouped": "grouped", "angles": "irregular"}[value.spacing]
            record = Ring(counted=value.count, stated=f"{value.count} {spacing}")
        case ExpectedText():
            text = _mark(value, catalogue, rng)
            record = Text(readings=(Reading(text=text),)) if text else None
        case ExpectedDates():
            record = _year(value, hypothesis, rng)
    return record


def _modal(probabilities: dict[Key, float]) -> Key:
    return min(probabilities, key=lambda key: (-probabilities[key], key))


def _measurement(value: ExpectedMeasure, trait: Trait, rng: np.random.Generator) -> Measured:
    centre = value.mean
    if centre is None and value.low is not None and value.high is not None:
        centre = (value.low + value.high) / 2
    if centre is None:
        raise ValueError(f"{trait.id} states neither a mean nor an interval")
    uncertainty = INSTRUMENT * abs(centre)
    return Measured(
        value=round(centre + uncertainty * float(rng.standard_normal()), 3),
        uncertainty=uncertainty,
        unit=trait.unit or "",
    )


def _mark(value: ExpectedText, catalogue: Catalogue, rng: np.random.Generator) -> str | None:
    """The most frequent string, or a mark drawn from the most frequent format."""
    from forensics.compare.grammar import GrammarSyntaxError, compile_pattern  # noqa: PLC0415

    offers: list[tuple[float, str, str]] = [(-weight, text, "") for text, weight in value.strings.items()]
    offers += [(-weight, "", name) for name, weight in value.grammars.items() if name in catalogue.vocabulary.grammars]
    for _, text, name in sorted(offers):
        if text:
            return text
        try:
            return _spell(compile_pattern(catalogue.vocabulary.grammars[name].pattern), rng)
        except GrammarSyntaxError:
            continue
    return None


def _spell(slots: tuple[Slot, ...], rng: np.random.Generator) -> str:
    """A string that follows a format, every choice of a slot equally likely."""
    spelled = []
    for slot in slots:
        for _ in range(int(rng.integers(slot.least, slot.most + 1))):
            run = slot.alternatives[int(rng.integers(len(slot.alternatives)))]
            for alphabet in run:
                pick = int(rng.integers(alphabet.size))
                listed = sorted(alphabet.listed)
                spelled.append(listed[pick] if pick < len(listed) else chr(alphabet.first + pick - len(listed)))
    return "".join(spelled).strip()


def _year(value: ExpectedDates, hypothesis: Hypothesis, rng: np.random.Generator) -> YearMark | None:
    """A year inside the production window, as the producer's usual calendar writes it."""
    stated = {calendar: share for calendar, share in value.calendars.items() if share > 0}
    if not stated:
        return None
    calendar = _modal(stated)
    first = hypothesis.production.first
    last = hypothesis.production.last
    if first is None and last is None:
        return None
    low = first if first is not None else (last or 0) - 10
    high = last if last is not None else max(low, 2024)
    if calendar == "juche":
        low, high = max(low, 1998), max(high, 1998)
    year = int(rng.integers(low, max(low, high) + 1))
    number = year % 100 if calendar == "gregorian_2" else year - _OFFSETS[calendar]
    text = f"{number:02d}" if calendar == "gregorian_2" else str(number)
    return YearMark(readings=(Reading(text=text),))


def draw_traits(hypothesis: Hypothesis, share: float, rng: np.random.Generator, *, least: int = 2) -> tuple[str, ...]:
    """A random part of the traits a type states, at least ``least`` of them where it states so many."""
    stated = sorted(hypothesis.expectations)
    number = min(len(stated), max(least, round(share * len(stated))))
    return tuple(sorted(rng.choice(stated, size=number, replace=False).tolist())) if stated else ()


def sheet_of(
    hypothesis: Hypothesis, traits: tuple[str, ...], catalogue: Catalogue, rng: np.random.Generator
) -> tuple[Observation, ...]:
    """Observations of the traits named, with the type's own values.

    Photographed where the trait needs no more than a photograph, else held in the hand. The order is that of the
    traits given; the result is the same for the same generator state.
    """
    found: list[Observation] = []
    for name in traits:
        trait = catalogue.vocabulary.traits[name]
        value = modal_record(trait, hypothesis, catalogue, rng)
        if value is None:
            continue
        method = Method.PHOTOGRAPH if trait.effort == "photo" else Method.PHYSICAL
        found.append(
            Observation(
                id=f"own-{len(found) + 1:02d}",
                item="OWN-1",
                trait=name,
                value=value,
                provenance=Provenance(examiner="simulated", method=method),
            )
        )
    return tuple(found)
