"""What a view shows first, and in which order: choices made once, for every format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.errors import Fault, InputError
from forensics.model.evidence import Observation
from forensics.model.result import Assessment, Candidate, EvidenceLine, NextExamination, ReadingWeight, SourceEntry
from forensics.report.language import say
from forensics.report.numbers import log10_text

__all__ = [
    "TOP",
    "Recorded",
    "candidate_of",
    "detailed",
    "differences",
    "hardly_documented",
    "incomplete",
    "leading",
    "listed",
    "not_weighed",
    "readings_for",
    "recorded",
    "sources_of",
    "tied",
    "trait_names",
    "unlisted",
    "weighed",
    "weighs",
    "worth_examining",
]

TOP = 5
"""How many candidates a summary shows."""

_DETAILED_TIE = 8
_UNIT = re.compile(r"_(?:mm|kg|deg|m)$")
_BIT = 0.005  # half of the last decimal printed


def listed(assessment: Assessment) -> tuple[Candidate, ...]:
    """The catalogued types, best first."""
    return tuple(candidate for candidate in assessment.ranking if candidate.listed)


def unlisted(assessment: Assessment) -> tuple[Candidate, ...]:
    """The unlisted designs that the ranking holds, best first."""
    return tuple(candidate for candidate in assessment.ranking if not candidate.listed)


def leading(assessment: Assessment) -> Candidate | None:
    """The best catalogued type, or nothing when no type was compared."""
    return next(iter(listed(assessment)), None)


def tied(assessment: Assessment) -> frozenset[str]:
    """Ids that the observations do not tell apart; empty when one stands alone or nothing is named."""
    members = assessment.conclusion.members
    return frozenset(members) if len(members) > 1 else frozenset()


def detailed(assessment: Assessment) -> tuple[Candidate, ...]:
    """The candidates shown trait by trait: the first five, and the rest of the tie set up to eight."""
    types = listed(assessment)
    members = tied(assessment)
    more = [candidate for candidate in types[TOP:_DETAILED_TIE] if candidate.id in members]
    return (*types[:TOP], *more)


def candidate_of(assessment: Assessment, candidate_id: str) -> Candidate:
    """The candidate with this id.

    Raises
    ------
    InputError
        When the ranking holds none; names the nearest ids.
    """
    found = next((candidate for candidate in assessment.ranking if candidate.id == candidate_id), None)
    if found is not None:
        return found
    import difflib  # noqa: PLC0415

    ids = [candidate.id for candidate in assessment.ranking]
    near = difflib.get_close_matches(candidate_id, ids, 3) or ids[:3]
    advice = f"Try one of: {', '.join(near)}." if near else "No type was compared in this assessment."
    if candidate_id in assessment.excluded_types:
        advice = "The relevant population of this case leaves it out."
    raise InputError(Fault("", message=f"the assessment ranks no type with the id {candidate_id!r}.", advice=advice))


def weighed(candidate: Candidate) -> tuple[EvidenceLine, ...]:
    """Evidence in order of weight, either way; what the catalogue does not know about the candidate comes last."""
    return tuple(
        sorted(
            candidate.evidence,
            key=lambda line: (line.match == "unknown", -abs(line.contribution_log10), line.trait, line.observation),
        )
    )


def hardly_documented(candidate: Candidate) -> bool:
    """Nothing observed in this case is known about the type: its ratio says nothing."""
    return candidate.listed and candidate.known_traits == 0


def readings_for(assessment: Assessment, candidate_id: str) -> tuple[ReadingWeight, ...]:
    """The competing readings of a mark under one candidate, heaviest first."""
    own = [reading for reading in assessment.readings if reading.hypothesis == candidate_id]
    return tuple(sorted(own, key=lambda reading: (-reading.weight, reading.reading)))


def sources_of(assessment: Assessment) -> dict[str, SourceEntry]:
    """The bibliography by id."""
    return {entry.id: entry for entry in assessment.bibliography}


def trait_names(assessment: Assessment) -> dict[str, str]:
    """Names of the traits that the document mentions; of one it names nowhere, the id without its unit."""
    plain = {entry.trait: _UNIT.sub("", entry.trait).replace("_", " ") for entry in assessment.observations}
    return (
        plain
        | {entry.trait: entry.name for entry in assessment.next}
        | {line.trait: line.trait_name for candidate in assessment.ranking for line in candidate.evidence}
        | assessment.trait_names
    )


def differences(candidates: Sequence[Candidate]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The observed traits that weigh differently on some candidates.

    Returns
    -------
    tuple
        For each such trait its name and, heaviest first, (names of the candidates, weight as printed).
    """
    weights: dict[str, dict[str, float]] = {}
    titles: dict[str, str] = {}
    for candidate in candidates:
        for line in candidate.evidence:
            titles[line.observation] = line.trait_name
            weights.setdefault(line.observation, {})[candidate.name] = line.contribution_log10
    found = []
    for observation, by_name in weights.items():
        grouped: dict[str, list[str]] = {}
        for candidate in candidates:
            grouped.setdefault(log10_text(by_name.get(candidate.name, 0.0)), []).append(candidate.name)
        if len(grouped) > 1:
            ordered = sorted(grouped.items(), key=lambda entry: -by_name.get(entry[1][0], 0.0))
            found.append((titles[observation], tuple((", ".join(names), text) for text, names in ordered)))
    return tuple(found)


def worth_examining(assessment: Assessment, limit: int) -> tuple[NextExamination, ...]:
    """The best next examinations, without those whose gain would be printed as nothing."""
    gains = [
        entry
        for entry in assessment.next
        if max(entry.gain_type_bits, entry.gain_family_bits, entry.gain_state_bits) >= _BIT
    ]
    return tuple(gains[:limit])


def not_weighed(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """Observations that carry no weight: what each is, and why."""
    traits = {entry.id: entry.trait for entry in assessment.observations}
    names = trait_names(assessment)
    return tuple(
        (f"{names[trait]} ({observation})" if trait else observation, reason)
        for observation, reason in assessment.not_scored
        for trait in (traits.get(observation, ""),)
    )


@dataclass(frozen=True)
class Recorded:
    """Observations by what they are: seen with a value, looked for and not there, impossible to examine."""

    observed: tuple[Observation, ...]
    absent: tuple[Observation, ...]
    not_examinable: tuple[Observation, ...]


def recorded(assessment: Assessment) -> Recorded:
    """The observations in their three states, which are never mixed."""

    def of(state: str) -> tuple[Observation, ...]:
        return tuple(entry for entry in assessment.observations if entry.state == state)

    return Recorded(of("observed"), of("absent"), of("not_examinable"))


def incomplete(assessment: Assessment) -> tuple[str, ...]:
    """What a report must hold and this document does not; empty when it is complete (rules R1, R9, R10)."""
    missing = []
    if len(assessment.propositions) < 2:
        missing.append(say("the propositions are not stated"))
    sensitivity = assessment.sensitivity
    if not (sensitivity.leave_one_trait_out or sensitivity.variants or sensitivity.bootstrap) and weighs(assessment):
        missing.append(say("the sensitivity analysis was not run"))
    if not assessment.limitations:
        missing.append(say("no limitation is stated"))
    if not assessment.conclusion.statement:
        missing.append(say("the conclusion is not worded"))
    return tuple(missing)


def weighs(assessment: Assessment) -> bool:
    """Anything at all was compared; without it the order of the ranking means nothing."""
    return any(candidate.evidence for candidate in assessment.ranking)
