"""The weight of one candidate built up trait by trait: bars as data, drawn by a format."""

from __future__ import annotations

from typing import Literal

from forensics.model.base import Frozen
from forensics.model.result import Assessment, Candidate, EvidenceLine
from forensics.report.choice import candidate_of, weighed
from forensics.report.language import say

__all__ = ["Bar", "waterfall"]

_CLOSES = 0.005  # half of the last decimal printed


class Bar(Frozen):
    """One step of the sum, in log10. ``start`` and ``end`` are running totals; ``end - start`` is ``log10_lr``."""

    kind: Literal["start", "trait", "rest", "total"]
    label: str
    trait: str | None = None
    observation: str | None = None
    start: float
    end: float
    log10_lr: float


def waterfall(assessment: Assessment, candidate_id: str) -> tuple[Bar, ...]:
    """Bars from an unlisted design made elsewhere (0) to the candidate's log10 likelihood ratio.

    Traits stand in order of their weight. Where the contributions do not add up to the total, because dependence
    between traits or the caps take some of it, the difference has a bar of its own.

    Raises
    ------
    InputError
        When the document ranks no such candidate.
    """
    candidate = candidate_of(assessment, candidate_id)
    bars = [Bar(kind="start", label=say("unlisted design made elsewhere"), start=0.0, end=0.0, log10_lr=0.0)]
    total = 0.0
    for line in weighed(candidate):
        if line.match == "unknown" and line.contribution_log10 == 0.0:
            continue
        bars.append(_step(line, total))
        total = bars[-1].end
    rest = candidate.log10_lr - total
    if abs(rest) > _CLOSES:
        label = say("dependence between traits, and caps")
        bars.append(Bar(kind="rest", label=label, start=total, end=candidate.log10_lr, log10_lr=rest))
    bars.append(_total(candidate))
    return tuple(bars)


def _step(line: EvidenceLine, before: float) -> Bar:
    return Bar(
        kind="trait",
        label=line.trait_name,
        trait=line.trait,
        observation=line.observation,
        start=before,
        end=before + line.contribution_log10,
        log10_lr=line.contribution_log10,
    )


def _total(candidate: Candidate) -> Bar:
    return Bar(kind="total", label=candidate.name, start=0.0, end=candidate.log10_lr, log10_lr=candidate.log10_lr)
