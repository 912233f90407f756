"""Possible records of dated traits given the production year."""

from __future__ import annotations

import numpy as np

from forensics.compare.calendars import (
    CALENDARS,
    HIGHEST_NUMBER,
    MARK_LABELS,
    bare_number,
    in_force,
    serial_chance,
    serial_law,
    written_number,
)
from forensics.compare.dates import calendar_rates, calendar_year_kernel, date_cells, elsewhere_rates, is_use_by
from forensics.compare.stated import Floats, Integers, Stated
from forensics.model.catalogue import Catalogue, ExpectedDates, MarkCode, Parameters, Trait

__all__ = ["date_codes", "year_marks"]

_FOUR_DIGITS, _OTHER = HIGHEST_NUMBER, HIGHEST_NUMBER + 1


def date_codes(trait: Trait, years: Integers, parameters: Parameters) -> tuple[tuple[str, ...], Floats]:
    """Calendar years a date can fall in, and (Y, X) their probability given the production year."""
    use_by = is_use_by(trait.id)
    cells = date_cells(years, use_by=use_by)
    kernel = calendar_year_kernel(years, cells, use_by=use_by, parameters=parameters)
    return tuple(str(int(cell)) for cell in cells), kernel


def _marks(
    rates: dict[str, float],
    codes: tuple[MarkCode, ...],
    years: Integers,
    serial: Floats,
    dilution: Floats,
    parameters: Parameters,
) -> Floats:
    """(X, Y) law of the mark noticed, given the year; columns sum to 1."""
    table = np.zeros((serial.size, years.size))
    columns = np.arange(years.size)
    for calendar in CALENDARS:
        if rates[calendar] > 0:
            numbers = written_number(calendar, years)
            inside = (numbers >= 1) & (numbers <= HIGHEST_NUMBER)
            outside = _FOUR_DIGITS if calendar in ("gregorian", "persian", "buddhist") else _OTHER
            rows = np.where(inside, numbers - 1, outside)
            table[rows, columns] += rates[calendar] * in_force(calendar, years, parameters)
    for code in codes:
        number = bare_number(code.text)
        listed = number is not None and 1 <= int(number) <= HIGHEST_NUMBER
        table[int(number or 0) - 1 if listed else _OTHER] += code.probability
    table *= dilution[:, None]
    total = table.sum(axis=0)
    table *= np.where(total > 0.98, 0.98 / np.maximum(total, 1e-12), 1.0)
    return table + np.outer(serial, 1.0 - table.sum(axis=0))


def year_marks(stated: Stated, years: Integers, catalogue: Catalogue) -> tuple[tuple[str, ...], Floats, Floats]:
    """Labels, (V, X, Y) under each stated convention and (X, Y) elsewhere.

    The look-elsewhere number is its default. The serial numbers of a column must sum to 1, which leaves two-digit
    numbers less than ``serial_chance`` gives them; conventions are thinned by the same factor there, so that the
    likelihood ratio of a number is that of ``compare``.
    """
    marks = catalogue.parameters["marks_examined_default"]
    serial = serial_law(marks)
    compared = np.array([serial_chance(str(number), marks) for number in range(1, HIGHEST_NUMBER + 1)])
    dilution = np.ones(serial.size)
    dilution[:HIGHEST_NUMBER] = np.minimum(1.0, serial[:HIGHEST_NUMBER] / compared)
    given = _marks(elsewhere_rates(catalogue, stated.trait.id), (), years, serial, dilution, catalogue.parameters)
    of_values = [
        _marks(calendar_rates(value, catalogue.parameters), value.codes, years, serial, dilution, catalogue.parameters)
        for value in stated.values
        if isinstance(value, ExpectedDates)
    ]
    return MARK_LABELS, np.array(of_values).reshape(len(of_values), *given.shape), given
