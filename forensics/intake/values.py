"""One row's value by the kind of its trait: the table of value kinds, and the three states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from forensics.intake.cells import CellError
from forensics.intake.dates import parse_date
from forensics.intake.listed import parse_category, parse_count, parse_presence, parse_score
from forensics.intake.marks import parse_text, parse_year_mark
from forensics.intake.measures import parse_measured
from forensics.intake.numbers import fraction
from forensics.intake.rings import parse_ring
from forensics.intake.words import Lexicon, fold, plain_text
from forensics.model.catalogue import Trait, TraitKind
from forensics.model.values import Absent, Measured, NotExaminable, TraitValue

__all__ = ["ValueCells", "parse_value"]

Parsed = tuple[TraitValue, tuple[str, ...]]


@dataclass(frozen=True)
class ValueCells:
    """The cells of a row that make up its value, as typed. ``structured``: a value in the shape of the model."""

    value: str = ""
    unit: str = ""
    uncertainty: str = ""
    state: str = ""
    coverage: str = ""
    note: str = ""
    structured: dict[str, object] | None = None


def parse_value(cells: ValueCells, trait: Trait, lexicon: Lexicon) -> Parsed:
    """The value of one observation and notes about what was assumed.

    Raises
    ------
    CellError
        Naming the column, what is wrong, and what to write instead.
    """
    coverage = fraction(plain_text(cells.coverage), "coverage") if cells.coverage else None
    state = lexicon.required_word("state", cells.state, "state") if cells.state else None
    if cells.structured is not None:
        return _structured(cells, trait, lexicon, state), ()
    in_value = _state_in_value(cells.value, trait, lexicon)
    if state in ("absent", "not_examinable"):
        _nothing_else(cells, state, in_value)
        return _unseen(state, coverage, cells.note)
    if in_value is not None and state is None:
        return _unseen(in_value, coverage, cells.note)
    if not cells.value:
        advice = f"Fill in the value ({trait.record.rstrip('.')}), or set state to absent or not examinable."
        raise CellError("there is no value.", advice)
    _refuse_no_value(cells.value, trait, lexicon)
    _check_unit_columns(cells, trait, lexicon)
    value, notes = _READERS[trait.kind](cells, trait, lexicon, coverage)
    if coverage is not None and trait.kind is not TraitKind.COUNT and not isinstance(value, Absent):
        if trait.kind is TraitKind.RING and coverage < 1:
            raise CellError("a ring needs the arc that was seen, not a coverage.", "Write 20 over 0-120.", "coverage")
        notes += (f"coverage {cells.coverage}",)
    return value, notes


def _state_in_value(text: str, trait: Trait, lexicon: Lexicon) -> str | None:
    """Absent or not examinable written in the value column instead of the state column."""
    if not text or (trait.kind is TraitKind.CATEGORY and lexicon.value(trait, text) is not None):
        return None
    word = lexicon.word("state", text)
    return word if word in ("absent", "not_examinable") else None


_NO_VALUE = frozenset({"-", "--", "?", "??", "n/a", "na", "nil", "none", "unknown", "not_known", "tbd"}) | frozenset(
    {"not_measured", "unreadable", "illegible", "not_readable", "невідомо", "не_виміряно", "нерозбірливо"}
    | {"не_читається", "немає_даних", "모름", "불명", "판독_불가", "미측정", "해당_없음"}
)


def _refuse_no_value(text: str, trait: Trait, lexicon: Lexicon) -> None:
    """What people write when there is nothing to write would be taken for a mark, or refused without good advice."""
    if fold(text) not in _NO_VALUE and text.strip() not in _NO_VALUE:
        return
    if trait.kind is TraitKind.PRESENCE or (trait.kind is TraitKind.CATEGORY and lexicon.value(trait, text)):
        return
    advice = "Leave the row empty when it was not looked at; set state to not examinable when it could not be read."
    if trait.kind in (TraitKind.TEXT, TraitKind.YEAR_MARK):
        advice += ' If exactly this stands on the item, write it in double quotes ("…").'
    raise CellError(f"{text!r} is no value.", advice)


def _nothing_else(cells: ValueCells, state: str, in_value: str | None) -> None:
    if cells.value and in_value != state:
        message = f"the state is {cells.state!r} but there is a value ({cells.value!r})."
        raise CellError(message, "Empty the value, or set the state to observed.", "state")
    if cells.uncertainty:
        raise CellError(f"the state is {cells.state!r} but there is an uncertainty.", "Empty it.", "uncertainty")


def _unseen(state: str, coverage: float | None, note: str) -> Parsed:
    if state == "not_examinable":
        return NotExaminable(reason=note), ()
    if coverage is None:
        return Absent(), ("coverage not stated; taken as the whole place",)
    return Absent(coverage=coverage), ()


def _check_unit_columns(cells: ValueCells, trait: Trait, lexicon: Lexicon) -> None:
    if trait.kind is TraitKind.MEASURED:
        return
    if cells.unit:
        word = lexicon.required_word("unit", cells.unit, "unit")
        allowed = {TraitKind.COUNT: "pieces", TraitKind.RING: "deg"}.get(trait.kind)
        if word not in (allowed, trait.unit):
            raise CellError(f"{trait.id} has no unit, but the unit column says {cells.unit!r}.", "Empty it.", "unit")
    if cells.uncertainty:
        message = f"{trait.id} is not measured and takes no uncertainty."
        raise CellError(message, "Empty it; say how sure you are under confidence.", "uncertainty")


def _measured(cells: ValueCells, trait: Trait, lexicon: Lexicon, _coverage: float | None) -> Parsed:
    return parse_measured(cells.value, trait, lexicon, unit=cells.unit, uncertainty=cells.uncertainty)


def _category(cells: ValueCells, trait: Trait, lexicon: Lexicon, _coverage: float | None) -> Parsed:
    return parse_category(cells.value, trait, lexicon), ()


def _count(cells: ValueCells, trait: Trait, lexicon: Lexicon, coverage: float | None) -> Parsed:
    return parse_count(cells.value, trait, lexicon, coverage), ()


def _presence(cells: ValueCells, _trait: Trait, lexicon: Lexicon, coverage: float | None) -> Parsed:
    value = parse_presence(cells.value, lexicon)
    return (value, ()) if value is not None else _unseen("absent", coverage, cells.note)


def _ring(cells: ValueCells, trait: Trait, lexicon: Lexicon, _coverage: float | None) -> Parsed:
    return parse_ring(cells.value, trait, lexicon)


def _text(cells: ValueCells, _trait: Trait, lexicon: Lexicon, _coverage: float | None) -> Parsed:
    return parse_text(cells.value, lexicon), ()


def _year_mark(cells: ValueCells, _trait: Trait, lexicon: Lexicon, _coverage: float | None) -> Parsed:
    return parse_year_mark(cells.value, lexicon)


def _date(cells: ValueCells, trait: Trait, lexicon: Lexicon, _coverage: float | None) -> Parsed:
    return parse_date(cells.value, trait, lexicon)


def _score(cells: ValueCells, _trait: Trait, _lexicon: Lexicon, _coverage: float | None) -> Parsed:
    return parse_score(cells.value), ()


_READERS: dict[TraitKind, Callable[[ValueCells, Trait, Lexicon, float | None], Parsed]] = {
    TraitKind.MEASURED: _measured,
    TraitKind.CATEGORY: _category,
    TraitKind.COUNT: _count,
    TraitKind.PRESENCE: _presence,
    TraitKind.RING: _ring,
    TraitKind.TEXT: _text,
    TraitKind.YEAR_MARK: _year_mark,
    TraitKind.DATE: _date,
    TraitKind.SCORE: _score,
}

_KINDS: dict[str, frozenset[TraitKind]] = {
    "measured": frozenset({TraitKind.MEASURED}),
    "chord": frozenset({TraitKind.MEASURED}),
    "absent": frozenset(TraitKind),
    "not_examinable": frozenset(TraitKind),
    **{kind.value: frozenset({kind}) for kind in TraitKind if kind is not TraitKind.MEASURED},
    "count": frozenset({TraitKind.COUNT, TraitKind.RING}),
}


def _structured(cells: ValueCells, trait: Trait, lexicon: Lexicon, state: str | None) -> TraitValue:
    """A value in the shape other programs write (``{"kind": "ring", …}``), checked like any other."""
    for column in ("unit", "uncertainty"):
        if getattr(cells, column):
            raise CellError(f"the value is complete in itself, but there is a {column}.", "Empty it.", column)
    try:
        adapter: TypeAdapter[TraitValue] = TypeAdapter(TraitValue)
        value = adapter.validate_python(cells.structured)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CellError(f"the value does not fit the schema at {where or 'its root'}: {first['msg']}.") from None
    if trait.kind not in _KINDS[value.kind]:
        raise CellError(f"a value of kind {value.kind!r} does not fit {trait.id} ({trait.kind.value}).")
    found = value.kind if isinstance(value, Absent | NotExaminable) else "observed"
    if state is not None and state != found:
        raise CellError(f"the state is {state!r} but the value says {found!r}.", "Make them agree.", "state")
    if value.kind == "category":
        for name in value.weights:
            if name not in {known.id for known in trait.values}:
                lexicon.required_value(trait, name)
                raise CellError(f"{name!r} is not the id of a value of {trait.id}.")
    if isinstance(value, Measured):
        _check_measured(value, trait)
    return value


def _check_measured(value: Measured, trait: Trait) -> None:
    if trait.unit and value.unit != trait.unit:
        raise CellError(f"{trait.id} is recorded in {trait.unit}, not {value.unit}.", "Convert the value.")
    for limit in (value.value, value.low, value.high):
        if limit is not None and trait.plausible and not trait.plausible[0] <= limit <= trait.plausible[1]:
            low, high = trait.plausible
            message = f"{limit} {value.unit} is outside the plausible range of {trait.id} ({low} to {high})."
            raise CellError(message, "Check value and unit.")
