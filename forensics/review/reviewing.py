"""Observations and decisions to findings.

An observation on a sheet is a finding: its examiner stands behind it. A machine reading is one only after a person
accepted or amended it; until then it travels marked as unreviewed. A rejected observation is no finding. Nothing is
edited: an amended observation is a new value beside the recorded one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forensics.errors import CaseError, Fault
from forensics.model.evidence import Decision, Finding, Method, Observation
from forensics.review.disagreeing import Disagreement, disagreements

__all__ = ["Conflict", "Review", "findings", "review"]


@dataclass(frozen=True)
class Conflict:
    """Persons who decided differently about one observation. Nobody's decision is taken; the observation stays."""

    observation: str
    decisions: tuple[Decision, ...]

    def __str__(self) -> str:
        said = "; ".join(f"{decision.person}: {decision.action}" for decision in self.decisions)
        return f"{self.observation}: {said}. Until one of them decides anew it counts as unreviewed."


@dataclass(frozen=True)
class Review:
    """What came out of a review.

    Attributes
    ----------
    findings
        In the order of the observations; rejected ones left out.
    conflicts
        Disagreements, in the order of the observations.
    rejected
        Ids of observations that persons rejected, with the decisions.
    comments
        Comments by observation id, oldest first.
    without_observation
        Decisions about observations that are not (or no longer) there: a stage was rerun, a sheet was changed.
    disagreements
        Observations of one trait of one item that do not go together, and that no person has settled.
    """

    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...] = ()
    rejected: tuple[tuple[str, tuple[Decision, ...]], ...] = ()
    comments: tuple[tuple[str, Decision], ...] = ()
    without_observation: tuple[Decision, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


def findings(observations: Sequence[Observation], decisions: Iterable[Decision] = ()) -> tuple[Finding, ...]:
    """What somebody stands behind, and machine readings nobody has reviewed, marked so. See ``review``."""
    return review(observations, decisions).findings


def review(observations: Sequence[Observation], decisions: Iterable[Decision] = ()) -> Review:
    """Apply decisions, oldest first, to observations.

    A person's later decision about an observation replaces the earlier one; a comment decides nothing; a decision that
    settles replaces those of everybody before it. Where persons
    disagree (one accepts what another amends or rejects, two amend to different values) the observation stays as
    recorded and unreviewed, and the disagreement is reported.

    Raises
    ------
    CaseError
        When a decision names an id that two observations share, or amends without a value.
    """
    decisions = tuple(decisions)
    _check(observations, decisions)
    last: dict[str, dict[str, Decision]] = defaultdict(dict)
    for decision in decisions:
        if decision.action != "comment":
            if decision.settles:
                last[decision.observation].clear()
            # Taken out and put in again: the order is that of the decisions that hold.
            last[decision.observation].pop(decision.person, None)
            last[decision.observation][decision.person] = decision
    found: list[Finding] = []
    conflicts: list[Conflict] = []
    rejected: list[tuple[str, tuple[Decision, ...]]] = []
    for observation in observations:
        holding = tuple(last.get(observation.id, {}).values())
        if len({_verdict(decision, observation) for decision in holding}) > 1:
            conflicts.append(Conflict(observation.id, holding))
            found.append(Finding(observation=observation, reviewed=False))
        elif holding and holding[0].action == "reject":
            rejected.append((observation.id, holding))
        else:
            found.append(_finding(observation, holding))
    known = {observation.id for observation in observations}
    standing = frozenset(one.observation.id for one in found if one.decided_by is not None)
    return Review(
        findings=tuple(found),
        conflicts=tuple(conflicts),
        rejected=tuple(rejected),
        comments=tuple((one.observation, one) for one in decisions if one.comment and one.observation in known),
        without_observation=tuple(decision for decision in decisions if decision.observation not in known),
        disagreements=disagreements([one.observation for one in found], standing),
    )


def _verdict(decision: Decision, observation: Observation) -> str:
    """What a decision comes to: two persons agree when this is equal. Amending to what stands there is accepting."""
    if decision.action == "reject":
        return decision.action
    value = decision.value if decision.action == "amend" else observation.value
    return value.model_dump_json() if value is not None else ""


def _finding(observation: Observation, holding: tuple[Decision, ...]) -> Finding:
    if not holding:
        return Finding(observation=observation, reviewed=observation.provenance.method is not Method.AUTOMATIC)
    persons = ", ".join(decision.person for decision in holding)
    if holding[0].value is not None and holding[0].value != observation.value:
        observation = _amended(observation, holding, persons)
    return Finding(observation=observation, reviewed=True, decided_by=persons)


def _amended(observation: Observation, holding: tuple[Decision, ...], persons: str) -> Observation:
    """The observation with the value persons gave it, and how it came about."""
    provenance = observation.provenance
    if provenance.method is Method.AUTOMATIC:
        # A person who corrects a machine reading has looked at the photograph it was read from.
        provenance = provenance.model_copy(update={"method": Method.PHOTOGRAPH, "examiner": persons})
    comments = "; ".join(dict.fromkeys(decision.comment for decision in holding if decision.comment))
    note = f"amended by {persons}" + (f": {comments}" if comments else "")
    return observation.model_copy(
        update={
            "value": holding[-1].value,
            "provenance": provenance,
            # How sure the machine was of its own value says nothing about the person's.
            "confidence": None if observation.provenance.method is Method.AUTOMATIC else observation.confidence,
            "note": "; ".join(filter(None, (observation.note, note))),
        }
    )


def _check(observations: Sequence[Observation], decisions: Sequence[Decision]) -> None:
    times = Counter(observation.id for observation in observations)
    faults: list[Fault] = []
    for number, decision in enumerate(decisions, start=1):
        if times[decision.observation] > 1:
            message = f"{decision.observation!r} names {times[decision.observation]} observations."
            advice = "Give the sheets different names, so that every observation has its own id."
            faults.append(Fault("decisions", number, message=message, advice=advice))
        if decision.action == "amend" and decision.value is None:
            message = f"the amendment of {decision.observation!r} has no value."
            faults.append(Fault("decisions", number, message=message, advice="Amend it again, with the value."))
    if faults:
        raise CaseError(faults)
