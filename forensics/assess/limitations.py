"""Which limitations of the catalogue hold for this result: a closed table of conditions, no code in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forensics.errors import CatalogueError, Fault
from forensics.model.catalogue import Hypothesis, LimitationRule
from forensics.model.evidence import Case, Observation, Photograph
from forensics.model.result import Conclusion, Limitation
from forensics.model.values import Absent, Category, Count, Presence, Ring, Text, TraitValue, YearMark

__all__ = ["CONDITIONS", "Circumstances", "limitations_of"]


@dataclass(frozen=True)
class Circumstances:
    """What conditions may ask about. ``tied``: the leaves of the tie set."""

    conclusion: Conclusion
    tied: tuple[Hypothesis, ...]
    observations: tuple[Observation, ...]
    unreviewed: tuple[str, ...]
    photographs: tuple[Photograph, ...]
    case: Case

    @property
    def seen(self) -> tuple[Observation, ...]:
        """Observations that say something: a value, or looked for and not there."""
        return tuple(observation for observation in self.observations if observation.state != "not_examinable")


def _values_of(value: TraitValue) -> frozenset[str]:
    """The words a value can be named by in ``value_observed``."""
    named: frozenset[str] = frozenset()
    if isinstance(value, Category):
        named = frozenset(value.weights)
    elif isinstance(value, Count):
        named = frozenset({str(value.count)})
    elif isinstance(value, Presence):
        named = frozenset({"present"})
    elif isinstance(value, Absent):
        named = frozenset({"absent"})
    elif isinstance(value, Text | YearMark):
        named = frozenset(reading.text for reading in value.readings)
    elif isinstance(value, Ring):
        named = frozenset({str(value.counted if value.counted is not None else len(value.angles_deg))})
    return named


def _type_in_tie(now: Circumstances, ids: tuple[str, ...]) -> bool:
    return any(leaf.id in ids for leaf in now.tied)


def _state_in_tie(now: Circumstances, ids: tuple[str, ...]) -> bool:
    return any(leaf.state in ids for leaf in now.tied)


def _pattern_in_tie(now: Circumstances, ids: tuple[str, ...]) -> bool:
    return any(leaf.pattern in ids for leaf in now.tied)


def _class_in_tie(now: Circumstances, ids: tuple[str, ...]) -> bool:
    return any(leaf.class_id in ids for leaf in now.tied)


def _trait_observed(now: Circumstances, ids: tuple[str, ...]) -> bool:
    return any(observation.trait in ids for observation in now.seen)


def _value_observed(now: Circumstances, pairs: tuple[str, ...]) -> bool:
    wanted = [tuple(part.strip() for part in pair.partition("=")[::2]) for pair in pairs]
    return any(
        observation.trait == trait and value in _values_of(observation.value)
        for observation in now.seen
        for trait, value in wanted
    )


def _trait_missing(now: Circumstances, ids: tuple[str, ...]) -> bool:
    seen = {observation.trait for observation in now.seen}
    return any(trait not in seen for trait in ids)


def _unreviewed_reading(now: Circumstances, _: tuple[str, ...]) -> bool:
    return bool(now.unreviewed)


def _several_readings(now: Circumstances, _: tuple[str, ...]) -> bool:
    return any(isinstance(o.value, Text | YearMark) and len(o.value.readings) > 1 for o in now.seen)


def _render_in_case(now: Circumstances, _: tuple[str, ...]) -> bool:
    return any(photograph.is_render for photograph in now.photographs) or any(
        entry.is_render for entry in now.case.photographs
    )


def _photograph_fault(now: Circumstances, ids: tuple[str, ...]) -> bool:
    return any(fault.fault in ids for photograph in now.photographs for fault in photograph.faults)


def _outcome(now: Circumstances, outcomes: tuple[str, ...]) -> bool:
    return now.conclusion.outcome in outcomes


def _always(_: Circumstances, __: tuple[str, ...]) -> bool:
    return True


CONDITIONS: dict[str, Callable[[Circumstances, tuple[str, ...]], bool]] = {
    "always": _always,
    "type_in_tie": _type_in_tie,
    "state_in_tie": _state_in_tie,
    "pattern_in_tie": _pattern_in_tie,
    "class_in_tie": _class_in_tie,
    "trait_observed": _trait_observed,
    "value_observed": _value_observed,
    "trait_missing": _trait_missing,
    "unreviewed_reading": _unreviewed_reading,
    "several_readings": _several_readings,
    "render_in_case": _render_in_case,
    "photograph_fault": _photograph_fault,
    "outcome": _outcome,
}
"""Every condition a limitation may state. All of a rule's conditions must hold; any argument of one suffices."""


def limitations_of(rules: Sequence[LimitationRule], now: Circumstances) -> tuple[Limitation, ...]:
    """The limitations whose conditions hold, by id.

    Raises
    ------
    CatalogueError
        When rules state conditions that are not in the table; all of them are named.
    """
    faults = [
        Fault(f"limitations/{rule.id}.yaml", column=name, message="is no known condition.", advice=_advice())
        for rule in rules
        for name in rule.when
        if name not in CONDITIONS
    ]
    if faults:
        raise CatalogueError(faults)
    return tuple(
        Limitation(id=rule.id, because=rule.because, sources=rule.sources)
        for rule in sorted(rules, key=lambda rule: rule.id)
        if all(CONDITIONS[name](now, arguments) for name, arguments in rule.when.items())
    )


def _advice() -> str:
    return f"Use one of: {', '.join(sorted(CONDITIONS))}."
