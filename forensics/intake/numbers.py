"""Numbers and quantities as people type them: decimal point or comma, grouped thousands, a unit behind the number.

A spelling that could mean two numbers is refused, not guessed. Arithmetic is decimal, so that 97.3 cm is 973 mm
exactly and the same cell gives the same bytes on every machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from forensics.intake.cells import CellError
from forensics.intake.words import Lexicon

__all__ = ["Quantity", "as_float", "fraction", "number", "number_text", "quantity", "to_unit", "whole_number"]

_NUMBER = r"[+\-]?\d[\d.,' ]*(?:e[+\-]?\d+)?"
_QUANTITY = re.compile(rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>[^\d\s].*)?\s*")
_LARGEST = Decimal(10) ** 12

# What one unit is in the first unit of its dimension.
_DIMENSIONS: dict[str, dict[str, Decimal]] = {
    "length": {
        "mm": Decimal(1),
        "cm": Decimal(10),
        "m": Decimal(1000),
        "in": Decimal("25.4"),
        "ft": Decimal("304.8"),
    },
    "mass": {"kg": Decimal(1), "g": Decimal("0.001"), "lb": Decimal("0.45359237")},
    "angle": {"deg": Decimal(1)},
}


@dataclass(frozen=True)
class Quantity:
    """A number and the unit written behind it (None when none was)."""

    amount: Decimal
    unit: str | None


def number(text: str, column: str = "value") -> Decimal:
    """A number as typed. ``text`` is already ``plain_text``.

    ``1100``, ``1 100``, ``1,100.5``, ``1.100,5``, ``38,5``, ``0,125``, ``1.1e3``. CellError: ``1,100`` (could be 1.1 or
    1100), two decimal commas, anything that is not a number.
    """
    shown = text.strip()
    body = shown
    if re.fullmatch(r"[+\-]?\d{1,3}([ '])\d{3}(\1\d{3})*([.,]\d+)?", body):
        body = re.sub("[ ']", "", body)
    if not re.fullmatch(r"[+\-]?[\d.,]*\d[\d.,]*(?:e[+\-]?\d{1,2})?", body):
        raise CellError(f"{shown!r} is not a number.", "Write it like 1100 or 38.5.", column)
    mantissa, mark, exponent = body.partition("e")
    mantissa = _one_decimal_mark(mantissa, shown, column)
    try:
        value = Decimal(mantissa + mark + exponent)
    except InvalidOperation:
        raise CellError(f"{shown!r} is not a number.", "Write it like 1100 or 38.5.", column) from None
    if abs(value) > _LARGEST:
        raise CellError(f"{shown!r} is too large to be a measurement.", "Check the number.", column)
    return value


def _one_decimal_mark(text: str, shown: str, column: str) -> str:
    """The number with a decimal point and without grouping marks."""
    marks = re.sub(r"[^.,]", "", text)
    if len(set(marks)) == 2:
        last = marks[-1]
        grouping = marks[0]
        whole, _, decimals = text.rpartition(last)
        groups = whole.lstrip("+-").split(grouping)
        well_grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
        if marks.count(last) > 1 or not well_grouped or not all(group.isdigit() for group in groups):
            raise CellError(f"{shown!r} has decimal marks in more than one place.", "Write one decimal mark.", column)
        return f"{whole.replace(grouping, '')}.{decimals}"
    if marks.count(",") > 1 or marks.count(".") > 1:
        raise CellError(f"{shown!r} has more than one decimal mark.", "Write one, like 38.5 or 38,5.", column)
    if re.fullmatch(r"[+\-]?[1-9]\d{0,2},\d{3}", text):
        either = text.replace(",", "."), text.replace(",", "")
        raise CellError(f"{shown!r} could be {either[0]} or {either[1]}.", f"Write {either[0]} or {either[1]}.", column)
    return text.replace(",", ".")


def whole_number(text: str, column: str = "value") -> int:
    """A count: 0, 1, 2, … also written ``4.0`` as spreadsheets do."""
    try:
        value = number(text, column)
    except CellError as refused:
        raise CellError(refused.message, "Write a count like 4, or at least 2.", column) from None
    if value != value.to_integral_value() or value < 0:
        raise CellError(f"{text.strip()!r} is not a whole number of things.", "Write a count like 4.", column)
    return int(value)


def fraction(text: str, column: str) -> float:
    """A fraction from 0 to 1: ``0.6``, ``60 %``, ``1/3``."""
    advice = "Write it from 0 to 1, like 0.6, or as 60 %."
    parts = re.fullmatch(r"(\d+)\s*/\s*(\d+)", text)
    if parts and int(parts[2]) > 0:
        value = Decimal(parts[1]) / Decimal(parts[2])
    elif text.endswith("%"):
        value = number(text[:-1], column) / 100
    else:
        value = number(text, column)
    if not 0 <= value <= 1:
        raise CellError(f"{text!r} is not between 0 and 1.", advice, column)
    return float(value)


def quantity(text: str, lexicon: Lexicon, column: str = "value") -> Quantity:
    """A number with an optional unit behind it: ``110 cm``, ``43.3"``, ``97``."""
    found = _QUANTITY.fullmatch(text)
    if found is None:
        raise CellError(
            f"{text.strip()!r} is not a measured value.", "Write it like 1100, 1100 ± 20 or 110 cm.", column
        )
    unit = (found["unit"] or "").strip()
    return Quantity(number(found["number"], column), lexicon.required_word("unit", unit, column) if unit else None)


def to_unit(amount: Decimal, unit: str, wanted: str, column: str = "unit") -> Decimal:
    """Convert between units of one dimension; another dimension is refused."""
    if unit == wanted:
        return amount
    for units in _DIMENSIONS.values():
        if wanted in units:
            if unit in units:
                return amount * units[unit] / units[wanted]
            fitting = ", ".join(units)
            raise CellError(
                f"{unit!r} does not measure what is recorded in {wanted}.", f"Use one of: {fitting}.", column
            )
    raise CellError(f"{unit!r} cannot be converted to {wanted}.", f"Give the value in {wanted}.", column)


def as_float(value: Decimal) -> float:
    """The nearest float; never minus zero."""
    return float(value) + 0.0


def number_text(value: float) -> str:
    """A number as a sheet writes it: shortest exact decimal, no exponent, no trailing ``.0``."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
