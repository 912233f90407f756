"""Types that are easily taken for the leading one, and what speaks against them here."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.model.result import Assessment, Candidate, EvidenceLine
from forensics.report.choice import leading, listed, tied

__all__ = ["LookAlike", "look_alikes"]

SHOWN = 4
REASONS = 3


@dataclass(frozen=True)
class LookAlike:
    """A type the catalogue calls easily confused with the leading one, and the traits against it, strongest first."""

    candidate: Candidate
    against: tuple[EvidenceLine, ...]


def look_alikes(assessment: Assessment, *, limit: int = SHOWN) -> tuple[LookAlike, ...]:
    """Look-alikes outside the tie set, the most probable observations first.

    A type is listed only where something observed speaks against it: about a type of which nothing observed is
    documented there is nothing to say.
    """
    leader = leading(assessment)
    if leader is None:
        return ()
    members = tied(assessment)
    of_interest = {leader.id, *members}
    confusable = {
        other for candidate in listed(assessment) if candidate.id in of_interest for other in candidate.confusable_with
    }
    found = [
        LookAlike(candidate, against)
        for candidate in listed(assessment)
        if candidate.id in confusable and candidate.id not in of_interest and (against := _against(candidate))
    ]
    return tuple(found[:limit])


def _against(candidate: Candidate) -> tuple[EvidenceLine, ...]:
    lines = [line for line in candidate.evidence if line.match == "differs" and line.contribution_log10 < 0]
    return tuple(sorted(lines, key=lambda line: (line.contribution_log10, line.trait))[:REASONS])
