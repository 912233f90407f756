"""From observations and decisions to findings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import CaseError
from forensics.model.evidence import Decision, Method, Observation, Provenance
from forensics.model.values import Count, TraitValue
from forensics.review import findings, review


def seen(name: str = "a", count: int = 4, method: Method = Method.AUTOMATIC) -> Observation:
    return Observation(
        id=name,
        item="K-1",
        trait="fin_count",
        value=Count(count=count),
        provenance=Provenance(method=method, photograph="p.jpg", tool="vanes 1"),
        confidence=0.6,
    )


def decided(
    action: str, person: str = "Olha", value: TraitValue | None = None, name: str = "a", comment: str = ""
) -> Decision:
    return Decision.model_validate(
        {
            "observation": name,
            "action": action,
            "person": person,
            "at": "2024-01-05T10:00:00Z",
            "value": value.model_dump() if value else None,
            "comment": comment,
        }
    )


def test_a_machine_reading_is_unreviewed_and_a_sheet_is_not():
    machine, person = findings((seen(), seen("b", method=Method.PHYSICAL)))
    assert (machine.reviewed, machine.decided_by) == (False, None)
    assert (person.reviewed, person.decided_by) == (True, None)


def test_accepting_makes_it_reviewed_and_changes_nothing():
    (found,) = findings((seen(),), (decided("accept"),))
    assert (found.reviewed, found.decided_by, found.observation) == (True, "Olha", seen())


def test_amending_stands_beside_the_recorded_value():
    recorded = seen()
    (found,) = findings((recorded,), (decided("amend", value=Count(count=3), comment="one is a pipe"),))
    assert found.observation.value == Count(count=3)
    assert found.observation.id == recorded.id
    assert found.observation.note == "amended by Olha: one is a pipe"
    assert found.observation.provenance.method is Method.PHOTOGRAPH
    assert found.observation.provenance.examiner == "Olha"
    assert found.observation.confidence is None
    assert recorded == seen()


def test_amending_a_sheet_keeps_how_it_was_examined():
    (found,) = findings((seen(method=Method.PHYSICAL),), (decided("amend", value=Count(count=3)),))
    assert found.observation.provenance.method is Method.PHYSICAL
    assert found.observation.confidence == 0.6


def test_rejecting_takes_it_out_and_says_so():
    found = review((seen(), seen("b")), (decided("reject"),))
    assert [one.observation.id for one in found.findings] == ["b"]
    assert [(name, one.person) for name, (one,) in found.rejected] == [("a", "Olha")]


def test_a_comment_decides_nothing():
    found = review((seen(),), (decided("comment", comment="ask Petro"),))
    assert not found.findings[0].reviewed
    assert [(name, one.comment) for name, one in found.comments] == [("a", "ask Petro")]


def test_a_later_decision_of_the_same_person_holds():
    decisions = (decided("reject"), decided("amend", value=Count(count=3)), decided("accept"))
    (found,) = findings((seen(),), decisions)
    assert (found.reviewed, found.observation.value) == (True, Count(count=4))


DISAGREEMENTS = [
    (decided("amend", "A", Count(count=3)), decided("amend", "B", Count(count=2))),
    (decided("accept", "A"), decided("amend", "B", Count(count=2))),
    (decided("accept", "A"), decided("reject", "B")),
    (decided("amend", "A", Count(count=3)), decided("reject", "B")),
]


@pytest.mark.parametrize("decisions", DISAGREEMENTS)
@pytest.mark.parametrize("method", [Method.AUTOMATIC, Method.PHYSICAL])
def test_disagreement_is_a_conflict_and_the_record_stays_unreviewed(decisions, method):
    for order in (decisions, decisions[::-1]):
        found = review((seen(method=method),), order)
        assert found.findings[0].reviewed is False
        assert found.findings[0].observation == seen(method=method)
        (conflict,) = found.conflicts
        assert conflict.decisions == order
        assert "A: " in str(conflict) and "unreviewed" in str(conflict)


def test_a_conflict_ends_when_one_of_them_changes_his_mind():
    decisions = (*DISAGREEMENTS[0], decided("amend", "A", Count(count=2)))
    found = review((seen(),), decisions)
    assert found.conflicts == ()
    assert found.findings[0].observation.value == Count(count=2)
    assert found.findings[0].decided_by == "B, A"


@pytest.mark.parametrize("action", ["accept", "reject"])
def test_two_persons_who_agree(action):
    found = review((seen(),), (decided(action, "A"), decided(action, "B")))
    assert found.conflicts == ()
    assert [one.decided_by for one in found.findings] == (["A, B"] if action == "accept" else [])


def test_amending_to_what_stands_there_is_accepting():
    found = review((seen(),), (decided("accept", "A"), decided("amend", "B", Count(count=4))))
    assert found.conflicts == ()
    assert found.findings[0].observation == seen()


def test_decisions_about_what_is_not_there_are_listed():
    lost = decided("accept", name="gone:7")
    assert review((seen(),), (lost,)).without_observation == (lost,)


def test_an_amendment_without_a_value_and_a_shared_id_are_faults():
    with pytest.raises(CaseError) as caught:
        findings((seen(), seen()), (decided("accept"), decided("amend", name="b")))
    first, second = caught.value.faults
    assert (first.row, second.row) == (1, 2)
    assert "names 2 observations" in first.message
    assert "no value" in second.message


def test_observations_with_one_id_are_fine_while_nobody_decides():
    assert len(findings((seen(), seen()))) == 2


ACTIONS = st.sampled_from(["accept", "amend", "reject", "comment"])


@given(st.lists(st.tuples(st.sampled_from("abc"), ACTIONS, st.sampled_from("PQR")), max_size=12))
def test_nothing_is_lost(steps):
    """Every observation is a finding or rejected, never both; what nobody touched is as it was."""
    observations = tuple(seen(name) for name in "abc")
    decisions = tuple(
        decided(action, person, Count(count=9) if action == "amend" else None, name) for name, action, person in steps
    )
    found = review(observations, decisions)
    kept = [one.observation.id for one in found.findings]
    assert sorted(kept + [name for name, _ in found.rejected]) == ["a", "b", "c"]
    touched = {name for name, action, _ in steps if action != "comment"}
    untouched = [one for one in found.findings if one.observation.id not in touched]
    assert all(one.observation == seen(one.observation.id) and not one.reviewed for one in untouched)
    assert {conflict.observation for conflict in found.conflicts} <= set(kept)
