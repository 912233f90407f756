"""Observations that do not go together, and how persons settle what disagrees."""

from __future__ import annotations

import pytest

from forensics.model.evidence import Box, Decision, Method, Observation, Provenance
from forensics.model.values import Absent, Category, Count, Measured, NotExaminable, Presence, Reading, Ring, Text
from forensics.review import review


def seen(name: str, value, trait: str = "body_diameter_mm", **provenance) -> Observation:
    return Observation(id=name, item="1", trait=trait, value=value, provenance=Provenance(**provenance))


def decided(name: str, person: str = "Olha", action: str = "accept", settles: bool = False, value=None) -> Decision:
    return Decision(
        observation=name, action=action, person=person, at="2026-01-01T00:00:00Z", settles=settles, value=value
    )


def mm(value: float, uncertainty: float | None = None) -> Measured:
    return Measured(value=value, uncertainty=uncertainty, unit="mm")


def mark(text: str) -> Text:
    return Text(readings=(Reading(text=text),))


RING20 = Ring(counted=20)
PLACE, ELSEWHERE = Box(x=10, y=10, width=50, height=20), Box(x=200, y=10, width=50, height=20)

APART = [
    (mm(1100, 20), mm(900, 20)),
    (mm(1100), mm(1040)),
    (Measured(low=900, high=950, unit="mm"), mm(1100, 20)),
    (Category(weights={"steel": 1.0}), Category(weights={"glass_fibre": 1.0})),
    (Count(count=4), Count(count=3)),
    (Count(count=4, at_least=True), Count(count=3)),
    (RING20, Ring(counted=18)),
    (Presence(), Absent()),
    (Count(count=2), Absent(coverage=0.5)),
]
TOGETHER = [
    (mm(1100, 20), mm(1060, 20)),
    (mm(1100), mm(1090)),
    (Measured(low=900, unit="mm"), mm(1100, 20)),
    (Category(weights={"steel": 1.0, "other": 0.5}), Category(weights={"other": 1.0})),
    (Count(count=3, at_least=True), Count(count=4)),
    (Count(count=3, visible_fraction=0.5), Count(count=4)),
    (RING20, Ring(angles_deg=(0, 18, 36), windows_deg=((0, 40),))),
    (mm(1100), NotExaminable()),
    (Absent(), Absent()),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_values_that_do_not_go_together(one, other):
    for pair in ((one, other), (other, one)):
        result = review([seen("a", pair[0]), seen("b", pair[1])])
        assert [group.observations for group in result.disagreements] == [("a", "b")]
        # Nobody's value is taken and nothing is averaged: both stay.
        assert [finding.observation.value for finding in result.findings] == list(pair)


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_values_that_do(one, other):
    for pair in ((one, other), (other, one)):
        assert review([seen("a", pair[0]), seen("b", pair[1])]).disagreements == ()


def test_two_marks_disagree_only_where_they_stand_at_one_place():
    here = {"photograph": "a.jpg", "box": PLACE}
    there = {"photograph": "a.jpg", "box": ELSEWHERE}
    one = seen("a", mark("9М723"), "marking_text", **here)
    assert review([one, seen("b", mark("9M7Z3"), "marking_text", **here)]).disagreements
    assert not review([one, seen("b", mark("9М723"), "marking_text", **here)]).disagreements
    assert not review([one, seen("b", mark("112"), "marking_text", **there)]).disagreements
    assert not review([one, seen("b", mark("112"), "marking_text")]).disagreements


def test_other_items_and_other_traits_do_not_disagree():
    other = seen("b", mm(900)).model_copy(update={"item": "2"})
    assert not review([seen("a", mm(1100)), other]).disagreements
    assert not review([seen("a", mm(1100)), seen("b", mm(900), "body_length_mm")]).disagreements


def test_a_person_settles_by_rejecting_one_or_standing_behind_both():
    both = [seen("a", mm(1100)), seen("b", mm(900), method=Method.AUTOMATIC)]
    assert review(both).disagreements
    assert review(both, [decided("a")]).disagreements, "one is accepted, the other still stands"
    assert not review(both, [decided("b", action="reject")]).disagreements
    assert not review(both, [decided("b", action="amend", value=mm(1105))]).disagreements
    assert not review(both, [decided("a"), decided("b")]).disagreements, "measured at two places"


def test_a_decision_that_settles_replaces_those_of_everybody_before():
    one = seen("a", mm(1100), method=Method.AUTOMATIC)
    quarrel = [decided("a", "Olha"), decided("a", "Petro", "reject")]
    assert review([one], quarrel).conflicts
    settled = review([one], [*quarrel, decided("a", "Halyna", settles=True)])
    assert not settled.conflicts
    assert (settled.findings[0].reviewed, settled.findings[0].decided_by) == (True, "Halyna")
    again = review([one], [*quarrel, decided("a", "Halyna", settles=True), decided("a", "Petro", "reject")])
    assert again.conflicts, "whoever decides differently afterwards opens it again"
