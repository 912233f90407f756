"""Expected values as an editor writes them, converted by the declared kind of the trait.

One function a kind; each takes the node under ``value:`` and returns the plain mapping of the model's class for that
kind. Nothing here guesses: ``NO``, ``0123`` and ``112`` are what the kind says. The first fault of a value ends the
reading of that value, not of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NoReturn, TypeVar

from forensics.catalogue.readers.fields import (
    Complaints,
    as_fraction,
    as_integer,
    as_list,
    as_map,
    as_number,
    as_text,
    check_keys,
    optional_text,
    quoted,
)
from forensics.catalogue.readers.references import References
from forensics.catalogue.readers.ring_values import RING_ADVICE, RING_KEYS, WrittenRing
from forensics.model.catalogue import Trait, TraitKind
from forensics.yamltext import YamlList, YamlMap, YamlNode, YamlText

__all__ = ["CALENDARS", "read_value"]

CALENDARS = ("juche", "gregorian", "gregorian_2", "persian", "minguo", "buddhist")
_ROUNDING = 1e-6
_LEFT_OUT = "A value that is not known is left out, with its trait."

Plain = dict[str, Any]
Read = TypeVar("Read")


class _RefusedError(Exception):
    """The complaint has been made; this value is not read further."""


def read_value(complaints: Complaints, node: YamlNode | None, trait: Trait, known: References) -> Plain | None:
    """The expected value of one trait as a plain mapping with its ``kind``; None after a complaint.

    Parameters
    ----------
    node : the node under ``value:``; None when the key is missing.
    trait : decides the kind, the unit, the closed list and the plausible range.
    """
    if node is None:
        return None
    place = _Place(complaints, trait, known)
    try:
        if isinstance(node, YamlText) and (node.is_null or not node.text.strip()):
            place.refuse(node, "has no value.", _LEFT_OUT)
        reader = _READERS.get(trait.kind)
        if reader is None:
            date = trait.kind is TraitKind.DATE
            why = "the production window stands for it" if date else "it is computed from photographs"
            place.refuse(
                node, f"a trait of kind {trait.kind.value!r} takes no expected value.", f"Leave it out; {why}."
            )
        return reader(place, node)
    except _RefusedError:
        return None


class _Place:
    """Where a value stands: its trait, what it may refer to, and how to complain about it."""

    def __init__(self, complaints: Complaints, trait: Trait, known: References) -> None:
        self.complaints = complaints
        self.trait = trait
        self.known = known
        self.at = trait.id

    def refuse(self, node: YamlNode | int, message: str, advice: str = "") -> NoReturn:
        self.complaints.add(node, message, advice, self.at)
        raise _RefusedError

    def must(self, read: Callable[[Complaints, YamlNode | None, str], Read | None], node: YamlNode) -> Read:
        """Read a node that is there; what cannot be read has been complained about and ends this value."""
        found = read(self.complaints, node, self.at)
        if found is None:
            raise _RefusedError
        return found

    def mapping(self, node: YamlNode, allowed: Collection[str], required: Collection[str] = ()) -> YamlMap:
        body = self.must(as_map, node)
        if not check_keys(self.complaints, body, allowed, required, self.at):
            raise _RefusedError
        return body

    def plausible(self, node: YamlNode, number: float) -> None:
        """Complain when a number lies outside the vocabulary's plausible range."""
        low, high = self.trait.plausible or (number, number)
        if low <= number <= high:
            return
        unit = f" {self.trait.unit}" if self.trait.unit else ""
        message = f"{number:g}{unit} is outside the plausible range {low:g} to {high:g}{unit}."
        advice = "Check the unit; if the figure is right, widen 'plausible' of the trait in vocabulary/traits.yaml."
        self.refuse(node, message, advice)

    def distribution(self, node: YamlNode) -> dict[str, float]:
        """Probabilities by key, each above 0, together at most 1."""
        body = self.must(as_map, node)
        if not body.entries:
            self.refuse(body, "is empty.", _LEFT_OUT)
        found = {
            key: as_fraction(self.complaints, child, f"{self.at}.{key}", above_zero=True)
            for key, child in body.entries.items()
        }
        read = {key: number for key, number in found.items() if number is not None}
        if len(read) < len(found):
            raise _RefusedError
        self.at_most_one(body, sum(read.values()))
        return read

    def at_most_one(self, node: YamlNode, total: float) -> None:
        if total > 1 + _ROUNDING:
            self.refuse(node, f"the probabilities add up to {total:g}.", "They may add up to 1 at most.")


def _measured(place: _Place, node: YamlNode) -> Plain:
    if isinstance(node, YamlText):
        mean = place.must(as_number, node)
        place.plausible(node, mean)
        return {"kind": "measured", "mean": mean}
    body = place.mapping(node, ("mean", "between_sd", "low", "high", "unit"))
    children = dict(body.entries)
    unit_node = children.pop("unit", None)
    if unit_node is not None:
        unit = place.must(as_text, unit_node)
        if unit != place.trait.unit:
            place.refuse(node, f"the unit {quoted(unit)} is not allowed here.", f"Convert to {place.trait.unit}.")
    if set(children) not in ({"mean"}, {"mean", "between_sd"}, {"low", "high"}):
        advice = "State a mean (with between_sd, one standard deviation between items), or low and high."
        place.refuse(node, "is neither a mean nor an interval.", advice)
    numbers: Plain = {key: place.must(as_number, child) for key, child in children.items()}
    for key, number in numbers.items():
        if key != "between_sd":
            place.plausible(children[key], number)
        elif number < 0:
            place.refuse(children[key], "between_sd is below zero.")
    if "low" in numbers and numbers["low"] > numbers["high"]:
        place.refuse(node, f"low ({numbers['low']:g}) is above high ({numbers['high']:g}).")
    return {"kind": "measured", **numbers}


def _category(place: _Place, node: YamlNode) -> Plain:
    if isinstance(node, YamlMap):
        probabilities, lines = place.distribution(node), node.key_lines
    else:
        text = place.must(as_text, node)
        probabilities, lines = {text: 1.0}, {text: node.line}
    allowed = place.known.trait_values.get(place.trait.id, frozenset())
    unknown = [value for value in probabilities if value not in allowed]
    for value in unknown:
        otherwise = f"{_LEFT_OUT} A new one goes into vocabulary/values.yaml first."
        place.complaints.unknown(lines[value], f"value of {place.at}", value, allowed, place.at, otherwise)
    if unknown:
        raise _RefusedError
    return {"kind": "category", "probabilities": probabilities}


def _count(place: _Place, node: YamlNode) -> Plain:
    if isinstance(node, YamlMap):
        by_text = place.distribution(node)
        texts = {text: YamlText(text, node.key_lines[text]) for text in by_text}
        return {"kind": "count", "probabilities": {_counted(place, texts[text]): p for text, p in by_text.items()}}
    return {"kind": "count", "probabilities": {_counted(place, node): 1.0}}


def _counted(place: _Place, node: YamlNode) -> int:
    count = place.must(as_integer, node)
    if count < 0:
        place.refuse(node, f"{count} is not a count.")
    place.plausible(node, count)
    return count


def _presence(place: _Place, node: YamlNode) -> Plain:
    if isinstance(node, YamlMap):
        body = place.mapping(node, ("probability",), ("probability",))
        return {"kind": "presence", "probability": place.must(as_fraction, body.entries["probability"])}
    text = place.must(as_text, node)
    if text not in ("present", "absent"):
        place.refuse(node, f"{quoted(text)} is neither 'present' nor 'absent'.", "Or write {probability: 0.9}.")
    return {"kind": "presence", "probability": 1.0 if text == "present" else 0.0}


def _ring(place: _Place, node: YamlNode) -> Plain:
    children = place.mapping(node, RING_KEYS).entries
    integers = {key: place.must(as_integer, children[key]) for key in ("count", "groups") if key in children}
    ring = WrittenRing(
        count=integers.get("count"),
        groups=integers.get("groups"),
        spacing=place.must(as_text, children["spacing"]) if "spacing" in children else None,
        angles_deg=_numbers(place, children["angles_deg"]) if "angles_deg" in children else (),
        pitch_deg=_numbers(place, children["pitch_deg"]) if "pitch_deg" in children else (),
        circle_to_casing=place.must(as_number, children["circle_to_casing"])
        if "circle_to_casing" in children
        else None,
    )
    problem = ring.problem()
    if problem:
        place.refuse(node, problem, RING_ADVICE)
    plain = ring.plain()
    place.plausible(node, plain["count"])
    return plain


def _numbers(place: _Place, node: YamlNode) -> tuple[float, ...]:
    if isinstance(node, YamlText):
        return (place.must(as_number, node),)
    return tuple(place.must(as_number, item) for item in as_list(place.complaints, node, place.at))


def _text(place: _Place, node: YamlNode) -> Plain:
    if not isinstance(node, YamlMap):
        place.refuse(node, "needs {grammars: [...]} or {strings: [...]}.")
    body = place.mapping(node, ("grammars", "strings"))
    lists = {key: child.items for key, child in body.entries.items() if isinstance(child, YamlList)}
    if lists and len(lists) < len(body.entries):
        place.refuse(node, "has weights for some marks only.", "Give weights to all of them or to none.")
    # Unweighted marks are equally frequent: relative weights that add up to one.
    total = sum(map(len, lists.values()))
    marks = {key: {place.must(as_text, item): 1.0 / total for item in items} for key, items in lists.items()}
    marks |= {key: place.distribution(child) for key, child in body.entries.items() if key not in lists}
    if not any(marks.values()):
        place.refuse(node, "needs at least one grammar or string.", _LEFT_OUT)
    for grammar in marks.get("grammars", {}):
        if place.known.grammars is not None and grammar not in place.known.grammars:
            place.complaints.unknown(node, "grammar", grammar, place.known.grammars, place.at)
            raise _RefusedError
    return {"kind": "text", **marks}


def _year_mark(place: _Place, node: YamlNode) -> Plain:
    body = place.mapping(node, ("calendars", "codes"), ("calendars",))
    written = place.mapping(body.entries["calendars"], CALENDARS)
    calendars = {key: place.must(as_fraction, child) for key, child in written.entries.items()}
    codes = [_code(place, item) for item in as_list(place.complaints, body.get("codes"), place.at)]
    if not calendars and not codes:
        place.refuse(node, "states no calendar and no code.", _LEFT_OUT)
    place.at_most_one(node, sum(calendars.values()) + sum(code["probability"] for code in codes))
    return {"kind": "dates", "calendars": calendars, "codes": codes}


def _code(place: _Place, node: YamlNode) -> Plain:
    body = place.mapping(node, ("text", "probability", "meaning"), ("text", "probability"))
    return {
        "text": place.must(as_text, body.entries["text"]),
        "probability": place.must(as_fraction, body.entries["probability"]),
        "meaning": optional_text(place.complaints, body, "meaning", place.at),
    }


_READERS: dict[TraitKind, Callable[[_Place, YamlNode], Plain]] = {
    TraitKind.MEASURED: _measured,
    TraitKind.CATEGORY: _category,
    TraitKind.COUNT: _count,
    TraitKind.PRESENCE: _presence,
    TraitKind.RING: _ring,
    TraitKind.TEXT: _text,
    TraitKind.YEAR_MARK: _year_mark,
}
