"""Measured traits: a value with its uncertainty, an interval, a bound, or chord and sagitta of a fragment."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from forensics.intake.cells import CellError
from forensics.intake.numbers import Quantity, as_float, number, number_text, quantity, to_unit
from forensics.intake.words import Lexicon, plain_text
from forensics.model.catalogue import Trait
from forensics.model.values import Chord, Measured

__all__ = ["DEFAULT_UNCERTAINTY", "parse_measured"]

DEFAULT_UNCERTAINTY = Decimal("0.01")
"""Standard uncertainty of a careful measurement as a fraction of the value; "about" doubles it."""

_ADVICE = "Write it like 1100, 1100 ± 20, 900-950, >1000, about 1100, or chord 400 ± 1 sagitta 38 ± 1."


@dataclass(frozen=True)
class _Context:
    """What stands beside the value in the row."""

    trait: Trait
    lexicon: Lexicon
    wanted: str
    column_unit: str | None
    trailing: str | None = None
    """A unit written once, at the very end: 110 ± 2 cm."""

    def convert(self, value: Quantity, column: str = "value", sibling: str | None = None) -> Decimal:
        """To the unit of the trait. A unit behind the number must not contradict the unit column."""
        if value.unit and self.column_unit and value.unit != self.column_unit:
            message = f"the value is in {value.unit} but the unit column says {self.column_unit}."
            raise CellError(message, "Keep one of the two.", "unit")
        unit = value.unit or self.column_unit or sibling or self.trailing or self.wanted
        return to_unit(value.amount, unit, self.wanted, "unit" if self.column_unit else column)


def parse_measured(
    text: str, trait: Trait, lexicon: Lexicon, *, unit: str = "", uncertainty: str = ""
) -> tuple[Measured | Chord, tuple[str, ...]]:
    """Read a measured value in the unit of its trait.

    Parameters
    ----------
    text, unit, uncertainty
        The cells as typed. The uncertainty (one sigma) is in the unit of the value, or a percentage of it.

    Returns
    -------
    The value, and notes for the reader about what was assumed.
    """
    plain = plain_text(text)
    wanted = trait.unit or "mm"
    context = _Context(trait, lexicon, wanted, lexicon.required_word("unit", unit, "unit") if unit else None)
    deformed, plain = lexicon.take("deformed", plain)
    _, plain = lexicon.take("intact", plain)
    if lexicon.syntax("chord").search(plain) or lexicon.syntax("sagitta").search(plain):
        return _chord(plain, context, uncertainty, deformed), ()
    return _value(plain, context, plain_text(uncertainty), deformed)


def _value(plain: str, context: _Context, uncertainty: str, deformed: bool) -> tuple[Measured | Chord, tuple[str, ...]]:
    plain = re.sub(r"(?<=[\d\w])\s*~\s*(?=\d)", "-", plain)
    plain = re.sub(r"\(\s*(±[^()]*)\)", r"\1", plain)
    about, plain = context.lexicon.take_at_ends("about", plain)
    _, plain = context.lexicon.take_at_ends("diameter_sign", plain)
    body, _, spread = plain.partition("±")
    body, inner = _bracketed(body)
    suffix = _suffix_unit(body, context.lexicon)
    if suffix is None:
        context = replace(context, trailing=_suffix_unit(spread, context.lexicon))
    low, middle, high = _bounds(body.strip(" ;,"), context)
    if inner:
        low, _, high = _interval(inner, context) or _refuse(inner)
    stated = [limit for limit in (middle, low, high) if limit is not None]
    centre = middle if middle is not None else sum(stated, Decimal(0)) / len(stated)
    sigma = _uncertainty(spread.strip(), uncertainty, centre, context, suffix)
    notes: tuple[str, ...] = ()
    if about and sigma is None:
        sigma = abs(centre) * DEFAULT_UNCERTAINTY * 2
        notes = (f"'about' read as a standard uncertainty of {number_text(as_float(sigma))} {context.wanted}",)
    for limit in stated:
        _check_plausible(limit, context)
    if low is not None and high is not None and low > high:
        raise CellError(f"{plain!r} runs from the larger to the smaller value.", "Write the smaller one first.")
    value = Measured(
        value=None if middle is None else as_float(middle),
        low=None if low is None else as_float(low),
        high=None if high is None else as_float(high),
        uncertainty=None if sigma is None else as_float(sigma),
        unit=context.wanted,
        deformed=deformed,
    )
    return value, notes


def _refuse(text: str) -> tuple[Decimal, None, Decimal]:
    raise CellError(f"{text!r} is not a range.", _ADVICE)


def _bracketed(body: str) -> tuple[str, str]:
    """``1100 (1050-1150)``: a value and the interval it surely lies in."""
    found = re.fullmatch(r"(.*?)\(([^()]*)\)\s*", body)
    return (found[1], found[2]) if found else (body, "")


def _bounds(body: str, context: _Context) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Low, value, high: whichever are stated."""
    if not body:
        raise CellError("there is no number in the value.", _ADVICE)
    interval = _interval(body, context)
    if interval is not None:
        return interval
    for words, side in ((("at_least", "more_than"), 0), (("at_most", "less_than"), 2)):
        for word in words:
            found, rest = context.lexicon.take(word, body)
            if found:
                limit = context.convert(quantity(rest, context.lexicon))
                return (limit, None, None) if side == 0 else (None, None, limit)
    return None, context.convert(quantity(body, context.lexicon)), None


def _interval(body: str, context: _Context) -> tuple[Decimal, None, Decimal] | None:
    """``900-950``, ``900..950``, ``900 to 950``, ``from 900 to 950``; a unit may stand behind the last number only."""
    to = context.lexicon.syntax("to").pattern
    start = f"{context.lexicon.syntax('at_least').pattern}|{context.lexicon.syntax('between').pattern}"
    found = re.fullmatch(rf"(?:{start})?\s*(\d.*?)\s*(?:-|\.\.+|{to})\s*(\d.*)", body)
    if found is None:
        return None
    first = quantity(found[1], context.lexicon)
    last = quantity(found[2], context.lexicon)
    return context.convert(first, sibling=last.unit), None, context.convert(last)


def _suffix_unit(body: str, lexicon: Lexicon) -> str | None:
    """The unit written behind the last number, for an uncertainty that has none of its own."""
    found = re.search(r"\d\s*([^\d\s.,()]+)\s*$", body)
    return lexicon.word("unit", found[1]) if found else None


def _uncertainty(spread: str, column: str, centre: Decimal, context: _Context, suffix: str | None) -> Decimal | None:
    stated = [
        _one_uncertainty(text, centre, context, suffix, place)
        for text, place in ((spread, "value"), (column, "uncertainty"))
        if text
    ]
    if len(stated) == 2 and stated[0] != stated[1]:
        raise CellError(
            f"the value says ± {spread} but the uncertainty column says {column}.",
            "Keep one of the two.",
            "uncertainty",
        )
    return stated[0] if stated else None


def _one_uncertainty(text: str, centre: Decimal, context: _Context, suffix: str | None, column: str) -> Decimal:
    text = text.lstrip("± ").strip()
    if text.endswith("%"):
        sigma = abs(centre) * number(text[:-1], column) / 100
    else:
        stated = quantity(text, context.lexicon, column)
        if stated.unit is not None:
            # Its own unit may differ from the value's: 1100 mm ± 2 cm.
            sigma = to_unit(stated.amount, stated.unit, context.wanted, column)
        else:
            sigma = context.convert(stated, column, sibling=suffix)
    if sigma < 0:
        raise CellError(f"the uncertainty {text!r} is negative.", "Write one standard uncertainty, like 20.", column)
    return sigma


def _check_plausible(value: Decimal, context: _Context) -> None:
    trait = context.trait
    if value < 0:
        raise CellError(f"{number_text(as_float(value))} is negative.", "A measured value is 0 or more.")
    if trait.plausible is None:
        return
    low, high = trait.plausible
    if not Decimal(repr(low)) <= value <= Decimal(repr(high)):
        found = f"{number_text(as_float(value))} {context.wanted}"
        expected = f"{number_text(low)} to {number_text(high)} {context.wanted}"
        raise CellError(f"{found} is outside the plausible range of {trait.id} ({expected}).", _advice(value, context))


def _advice(value: Decimal, context: _Context) -> str:
    """The unit under which the number would be plausible, when there is one: never assumed, only named."""
    low, high = context.trait.plausible or (0, 0)
    for unit in ("cm", "m") if context.wanted == "mm" and context.column_unit is None else ():
        meant = to_unit(value, unit, context.wanted)
        if Decimal(repr(low)) <= meant <= Decimal(repr(high)):
            typed, converted = (number_text(as_float(one)) for one in (value, meant))
            return f"Check value and unit; {typed} {unit} would be {converted} {context.wanted}."
    return "Check value and unit."


def _chord(plain: str, context: _Context, uncertainty: str, deformed: bool) -> Chord:
    """``chord 400 ± 1 sagitta 38 ± 1``, ``chord=400; sagitta=38``, in either order."""
    lexicon = context.lexicon
    if context.wanted != "mm" or not re.search("diameter|calibre|radius", context.trait.id):
        message = f"{context.trait.id} is no diameter, so chord and sagitta say nothing about it."
        raise CellError(message, "Record the value itself.")
    parts: dict[str, tuple[Decimal, Decimal | None]] = {}
    heads = sorted(
        (found.start(), found.end(), name)
        for name in ("chord", "sagitta")
        for found in lexicon.syntax(name).finditer(plain)
    )
    if [name for _, _, name in sorted(heads, key=lambda head: head[2])] != ["chord", "sagitta"]:
        raise CellError("a chord needs its sagitta and a sagitta its chord.", "Write chord 400 ± 1 sagitta 38 ± 1.")
    if plain[: heads[0][0]].strip(" ;,"):
        raise CellError(f"{plain[: heads[0][0]].strip()!r} stands before the chord.", "Write chord 400 sagitta 38.")
    for (_, end, name), stop in zip(heads, [heads[1][0], len(plain)], strict=True):
        part = re.sub(r"\(\s*(±[^()]*)\)", r"\1", plain[end:stop])
        body, _, spread = part.strip(" =:;,").partition("±")
        suffix = _suffix_unit(body, lexicon)
        placed = context if suffix else replace(context, trailing=_suffix_unit(spread, lexicon))
        value = placed.convert(quantity(body.strip(), lexicon))
        sigma = _uncertainty(spread.strip(), plain_text(uncertainty), value, placed, suffix)
        if value <= 0:
            raise CellError(f"the {name} must be larger than 0.", "Write chord 400 ± 1 sagitta 38 ± 1.")
        parts[name] = (value, sigma)
    (chord, chord_sigma), (sagitta, sagitta_sigma) = parts["chord"], parts["sagitta"]
    if sagitta * 2 > chord:
        raise CellError("the sagitta is more than half the chord.", "Measure across less than half of the circle.")
    # Circle through the ends of the chord and the top of the arc.
    _check_plausible(chord * chord / (4 * sagitta) + sagitta, context)
    sigmas = {
        name: as_float(sigma)
        for name, sigma in (("chord_uncertainty_mm", chord_sigma), ("sagitta_uncertainty_mm", sagitta_sigma))
        if sigma is not None
    }
    return Chord(chord_mm=as_float(chord), sagitta_mm=as_float(sagitta), deformed=deformed, **sigmas)
