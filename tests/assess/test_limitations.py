"""Conditions of limitations: every one holds and fails."""

from __future__ import annotations

import pytest

from forensics.assess.limitations import CONDITIONS, Circumstances, limitations_of
from forensics.errors import CatalogueError
from forensics.model.catalogue import LimitationRule
from forensics.model.evidence import Case, Observation, Photograph, PhotographEntry, PhotographFault, Provenance
from forensics.model.result import Conclusion
from forensics.model.values import Absent, Category, Count, NotExaminable, Presence, Reading, Ring, Text


def seen(trait, value):
    return Observation(id=trait, item="1", trait=trait, value=value, provenance=Provenance())


OBSERVATIONS = (
    seen("script", Category(weights={"one": 1.0, "two": 0.5})),
    seen("fins", Count(count=4)),
    seen("grammar", Text(readings=(Reading(text="112"), Reading(text="1I2")))),
    seen("ring", Ring(angles_deg=(0.0, 18.0, 36.0))),
    seen("raceway", Presence()),
    seen("vanes", Absent(coverage=0.8)),
    seen("length", NotExaminable(reason="burnt")),
)
DARK = PhotographFault(fault="dark", message="the photograph is too dark", advice="Take it again with a lamp.")
PHOTOGRAPH = Photograph(
    path="p.jpg", sha256="0" * 64, bytes=1, format="JPEG", width_px=1, height_px=1, is_render=True, faults=(DARK,)
)


@pytest.fixture
def now(make):
    conclusion = Conclusion(
        outcome="tie", level="none", node=None, node_name="", members=(), strength="favours", statement="",
        log10_lr=2.5, uncapped_log10_lr=2.5, capped=False,
    )  # fmt: skip
    tied = tuple(h for h in make.hypotheses() if h.id in ("beta-1", "gamma-1"))
    return Circumstances(conclusion, tied, OBSERVATIONS, ("fins",), (PHOTOGRAPH,), Case(id="x"))


CASES = [
    ("always", (), True),
    ("type_in_tie", ("nothing", "beta-1"), True),
    ("type_in_tie", ("alpha-1",), False),
    ("state_in_tie", ("BBB",), True),
    ("state_in_tie", ("CCC",), False),
    ("pattern_in_tie", ("grad",), True),
    ("pattern_in_tie", ("scud",), False),
    ("class_in_tie", ("ballistic_missile",), True),
    ("class_in_tie", ("torpedo",), False),
    ("trait_observed", ("fins",), True),
    ("trait_observed", ("vanes",), True),
    ("trait_observed", ("length",), False),
    ("value_observed", ("script=two",), True),
    ("value_observed", ("script = one",), True),
    ("value_observed", ("script=three",), False),
    ("value_observed", ("fins=4",), True),
    ("value_observed", ("grammar=1I2",), True),
    ("value_observed", ("ring=3",), True),
    ("value_observed", ("raceway=present",), True),
    ("value_observed", ("vanes=absent",), True),
    ("value_observed", ("brands=4",), False),
    ("trait_missing", ("fins", "length"), True),
    ("trait_missing", ("fins",), False),
    ("unreviewed_reading", (), True),
    ("several_readings", (), True),
    ("render_in_case", (), True),
    ("photograph_fault", ("blurred", "dark"), True),
    ("photograph_fault", ("glare",), False),
    ("outcome", ("tie", "named"), True),
    ("outcome", ("none_fits",), False),
]


@pytest.mark.parametrize(("condition", "arguments", "holds"), CASES)
def test_condition(now, condition, arguments, holds):
    assert CONDITIONS[condition](now, arguments) is holds


def test_every_condition_is_tried():
    assert {name for name, _, _ in CASES} == set(CONDITIONS)


def test_conditions_that_fail_on_an_empty_case(now):
    empty = Circumstances(now.conclusion, (), (), (), (), Case(id="x"))
    for name in ("unreviewed_reading", "several_readings", "render_in_case"):
        assert not CONDITIONS[name](empty, ())
    listed = Circumstances(
        now.conclusion, (), (), (), (), Case(id="x", photographs=(PhotographEntry(file="p.jpg", is_render=True),))
    )
    assert CONDITIONS["render_in_case"](listed, ())


def test_all_conditions_of_a_rule_must_hold(now):
    rules = [
        LimitationRule(id="z", because="Both hold.", when={"state_in_tie": ("BBB",), "trait_observed": ("fins",)}),
        LimitationRule(id="y", because="One fails.", when={"state_in_tie": ("CCC",), "trait_observed": ("fins",)}),
        LimitationRule(id="a", because="Nothing is asked.", sources=("S1",)),
    ]
    found = limitations_of(rules, now)
    assert [entry.id for entry in found] == ["a", "z"]
    assert found[0].sources == ("S1",)
    assert found[1].because == "Both hold."


def test_unknown_conditions_are_all_named(now):
    rules = [
        LimitationRule(id="a", because="x", when={"moon_phase": ()}),
        LimitationRule(id="b", because="x", when={"tide": ()}),
    ]
    with pytest.raises(CatalogueError) as found:
        limitations_of(rules, now)
    assert [fault.column for fault in found.value.faults] == ["moon_phase", "tide"]
