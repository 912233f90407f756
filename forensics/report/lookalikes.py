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
    """Look-alikes outside the tie set, in the order the catalogue names them.

    A type is listed only where something observed speaks against it: about a type of which nothing observed is
    documented there is nothing to say.
    """
    leader = leading(assessment)
    if leader is None:
        return ()
    members = tied(assessment)
    ranked = {candidate.id: candidate for candidate in listed(assessment)}
    tie = [candidate for candidate in ranked.values() if candidate.id in members and candidate.id != leader.id]
    # The editor's order is the order of relevance: what is taken for the type most easily stands first.
    confusable = dict.fromkeys(other for candidate in (leader, *tie) for other in candidate.confusable_with)
    found = [
        LookAlike(ranked[other], against)
        for other in confusable
        if other in ranked and other != leader.id and other not in members and (against := _against(ranked[other]))
    ]
    return tuple(found[:limit])


def _against(candidate: Candidate) -> tuple[EvidenceLine, ...]:
    lines = [line for line in candidate.evidence if line.match == "differs" and line.contribution_log10 < 0]
    return tuple(sorted(lines, key=lambda line: (line.contribution_log10, line.trait))[:REASONS])
