"""Date evidence given the latent production year (K5): year marks, date codes, use-by dates.

All date evidence is independent given the year the item was made in; the years are summed over exactly, here for one
record and in ``assess`` for all records together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from forensics.compare.background import background_entry, foreign_floor
from forensics.compare.calendars import (
    CALENDARS,
    bare_number,
    in_force,
    serial_chance,
    year_readings,
)
from forensics.compare.records import MAX_QUALITY, Record
from forensics.compare.stated import Floats, Integers, Stated
from forensics.model.catalogue import Catalogue, ExpectedDates, Parameters
from forensics.model.values import DateValue, Reading, YearMark

__all__ = [
    "SERIAL",
    "MarkParts",
    "calendar_rates",
    "date_likelihood",
    "effective_marks",
    "elsewhere_rates",
    "is_use_by",
    "mark_parts",
    "mark_quality",
    "newest",
]

SERIAL = "serial or other number"

SHELF_LIFE_YEARS = 40


def elsewhere_rates(catalogue: Catalogue, trait_id: str) -> dict[str, float]:
    """Rate of each year convention on marks of some other state: population.yaml, else parameters and defaults."""
    parameters = catalogue.parameters
    rates = {
        "juche": parameters["juche_elsewhere"],
        "gregorian": parameters["gregorian_elsewhere"],
        "persian": parameters["persian_elsewhere"],
        "minguo": parameters["minguo_elsewhere"],
        "buddhist": parameters["buddhist_elsewhere"],
    }
    rates.update(background_entry(catalogue, trait_id).rates)
    return calendar_rates(ExpectedDates(calendars=rates), parameters)


def calendar_rates(value: ExpectedDates, parameters: Parameters) -> dict[str, float]:
    """Rates of one catalogue value. A Gregorian rate without one for two digits covers both ways of writing."""
    rates = {calendar: value.calendars.get(calendar, 0.0) for calendar in CALENDARS}
    if rates["gregorian"] > 0 and "gregorian_2" not in value.calendars:
        rates["gregorian_2"] = rates["gregorian"] * parameters["gregorian_two_digits"]
        rates["gregorian"] -= rates["gregorian_2"]
    return rates


def effective_marks(value: YearMark, parameters: Parameters) -> float:
    """Look-elsewhere number M_eff: bare numbers examined, at least the floor; the default where none is recorded."""
    if value.examined_marks is None:
        return parameters["marks_examined_default"]
    return max(float(value.examined_marks), parameters["marks_examined_floor"])


@dataclass(frozen=True)
class MarkParts:
    """Likelihood of one mark given the year, split by reading.

    labels: R readings, the last one ``SERIAL``; of_values: (V, R, Y); background: (R, Y). Sums over R are the
    likelihoods.
    """

    labels: tuple[str, ...]
    of_values: Floats
    background: Floats


def _parts(
    rates: dict[str, float],
    codes: Sequence[tuple[str, float, str]],
    readings: Sequence[tuple[Reading, float]],
    years: Integers,
    marks: float,
    parameters: Parameters,
) -> dict[str, Floats]:
    """Likelihood of the readings of one mark by what it would be, (Y,) each."""
    used = sum(rates[calendar] * in_force(calendar, years, parameters) for calendar in CALENDARS)
    code_mass = sum(probability for _, probability, _ in codes)
    rest = np.maximum(1.0 - used - code_mass, 0.02)
    out: dict[str, Floats] = {}

    def add(label: str, part: Floats) -> None:
        out[label] = out.get(label, np.zeros(years.size)) + part

    for reading, share in readings:
        for found in year_readings(reading.text, int(years[0]), int(years[-1])):
            rate = rates[found.calendar]
            if rate > 0:
                hit = (years == found.year) * in_force(found.calendar, years, parameters)
                add(found.label, share * rate * hit)
        for text, probability, meaning in codes:
            if _same_mark(text, reading.text):
                add(meaning, np.full(years.size, share * probability))
        add(SERIAL, share * rest * serial_chance(reading.text, marks))
    return out


def _same_mark(code: str, mark: str) -> bool:
    number, other = bare_number(code), bare_number(mark)
    if number is not None and other is not None:
        return number == other
    return code.strip().casefold() == mark.strip().casefold()


def mark_parts(value: YearMark, stated: Stated, years: Integers, catalogue: Catalogue) -> MarkParts:
    """Likelihood of one mark given the year, under every stated convention and elsewhere (docs/method.md 3.4 K5).

    Per year: each calendar in force writes that year; codes compete; what is left is a serial or other number, as
    likely as the look-elsewhere number makes it.
    """
    total = sum(max(reading.confidence, 1e-6) for reading in value.readings)
    readings = [(reading, max(reading.confidence, 1e-6) / total) for reading in value.readings]
    marks = effective_marks(value, catalogue.parameters)
    elsewhere = _parts(elsewhere_rates(catalogue, stated.trait.id), (), readings, years, marks, catalogue.parameters)
    parts = [elsewhere]
    for expected in stated.values:
        if isinstance(expected, ExpectedDates):
            codes = [(code.text, code.probability, _meaning(code.meaning)) for code in expected.codes]
            parts.append(
                _parts(
                    calendar_rates(expected, catalogue.parameters), codes, readings, years, marks, catalogue.parameters
                )
            )
    labels = [*sorted({label for part in parts for label in part} - {SERIAL}), SERIAL]
    table = np.zeros((len(parts), len(labels), years.size))
    for row, part in enumerate(parts):
        for column, label in enumerate(labels):
            if label in part:
                table[row, column] = part[label]
    return MarkParts(labels=tuple(labels), of_values=table[1:], background=table[0])


def _meaning(meaning: str) -> str:
    lowered = meaning.casefold()
    return meaning if "code" in lowered else f"plant code: {meaning}"


def mark_quality(records: Sequence[Record]) -> float:
    """Quality of the records of one mark: readings that leave doubt lower it, a mark seen on several assemblies
    raises it (one trait with a higher q, never several traits)."""
    best = 0.0
    repeats = 0
    for record in records:
        if isinstance(record.value, YearMark):
            together = min(1.0, sum(reading.confidence for reading in record.value.readings))
            best = max(best, record.quality * together)
            repeats += record.value.repeats
    return min(MAX_QUALITY, 1.0 - (1.0 - best) ** max(1, min(repeats, 3)))


def is_use_by(trait_id: str) -> bool:
    """Whether a date trait states when an item expires rather than when a component was made."""
    return "use_by" in trait_id or "expir" in trait_id


def newest(records: Sequence[Record]) -> Record:
    """The record of the newest date; the others add little and are correlated with it."""
    return max(records, key=lambda r: (r.value.year if isinstance(r.value, DateValue) else 0.0, r.quality))


def _lag_law(use_by: bool, parameters: Parameters) -> Floats:
    """Probability of 0, 1, 2, ... years between a component's date and production, or production and expiry."""
    if not use_by:
        law = np.exp(-np.arange(60) / parameters["date_code_lag_years"])
    else:
        lags = np.arange(SHELF_LIFE_YEARS + 1)
        law = 0.5 * (lags <= 30) / 31 + 0.5 * np.exp(-0.5 * ((lags - 12) / 5.0) ** 2) / (5.0 * math.sqrt(2 * math.pi))
    total: Floats = law / law.sum()
    return total


def calendar_year_kernel(years: Integers, cells: Integers, *, use_by: bool, parameters: Parameters) -> Floats:
    """(Y, D) probability of a date in calendar year D given production in year Y; rows sum to 1 over ``cells``.

    Component dates lie at or before production, with an exponential lag; use-by dates after it. A small share falls
    on the impossible side: a misread date or a later repair.
    """
    law = _lag_law(use_by, parameters)
    gap = (cells[None, :] - years[:, None]) if use_by else (years[:, None] - cells[None, :])
    possible = (gap >= 0) & (gap < law.size)
    kernel = np.where(possible, law[np.clip(gap, 0, law.size - 1)], 0.0)
    kernel /= np.maximum(kernel.sum(axis=1, keepdims=True), 1e-300)
    violation = parameters["date_code_violation"]
    impossible = (~possible).astype(np.float64)
    spread = impossible / np.maximum(impossible.sum(axis=1, keepdims=True), 1.0)
    mixed = (1 - violation) * kernel + violation * spread
    normal: Floats = mixed / mixed.sum(axis=1, keepdims=True)
    return normal


def date_cells(years: Integers, *, use_by: bool) -> Integers:
    """Calendar years a date can fall in: those of production with a margin before it or after it."""
    margin = SHELF_LIFE_YEARS + 5
    low, high = int(years[0]), int(years[-1])
    return np.arange(low, high + margin + 1) if use_by else np.arange(low - margin, high + 6)


def date_likelihood(record: Record, trait_id: str, years: Integers, parameters: Parameters) -> Floats:
    """(Y,) probability of a date given the production year, the same under every hypothesis.

    What the date says about a hypothesis comes from its production window alone.
    """
    if not isinstance(record.value, DateValue):
        raise TypeError("a date is needed")
    use_by = is_use_by(trait_id)
    cells = date_cells(years, use_by=use_by)
    kernel = calendar_year_kernel(years, cells, use_by=use_by, parameters=parameters)
    value = record.value
    if value.precision_years <= 0.5:
        near = (cells == math.floor(value.year)).astype(np.float64)
    else:
        upper = ndtr((cells + 1 - value.year) / value.precision_years)
        near = upper - ndtr((cells - value.year) / value.precision_years)
    if near.sum() <= 0:
        return np.full(years.size, 1.0 / cells.size)
    given: Floats = kernel @ near
    return given


def floored(
    background: Floats, of_values: Floats, prior: Floats, background_prior: Floats, stated: Stated, catalogue: Catalogue
) -> Floats:
    """(Y,) background of a mark, raised by one constant so that no hypothesis exceeds the cap on one trait.

    background: (Y,); of_values: (V, Y); prior: (Y, H); background_prior: (Y,).
    """
    if not of_values.size or not stated.known.any():
        return background
    known = np.flatnonzero(stated.known)
    shares = stated.shares[known] / stated.shares[known].sum(axis=1, keepdims=True)
    highest = float((prior[:, known].T * (shares @ of_values)).sum(axis=1).max())
    marginal = float(background_prior @ background)
    return background + max(0.0, foreign_floor(catalogue.parameters) * highest - marginal)
