"""What a source carries, and what is left of stated values without it (docs/method.md 3.2, 7.6).

The resolver of the catalogue rebuilds values from scratch when a source is left out; here the weights are scaled by
what the remaining citations would give, which is the same where one value is stated and close to it where several are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from forensics.assess.evidence import Evidence
from forensics.model.catalogue import Catalogue, Citation, Expectation, Parameters

__all__ = ["carried_by_source", "origin_of", "without_source"]


def origin_of(catalogue: Catalogue, source: str) -> str:
    """The key under which sources that repeat one photograph or statement count as one."""
    return catalogue.sources[source].origin if source in catalogue.sources else source


def carried_by_source(
    evidence: Evidence, catalogue: Catalogue, contributions: Sequence[tuple[str, float]], leaves: Sequence[int]
) -> dict[str, float]:
    """Share of the favourable weight that rests on each source, by origin key.

    Parameters
    ----------
    contributions : sequence of (trait, log10)
        What each trait contributes to the reported node.
    leaves : sequence of int
        The leaves whose values are cited.
    """
    total = sum(max(value, 0.0) for _, value in contributions)
    carried: dict[str, float] = {}
    if total <= 0:
        return carried
    for trait, value in contributions:
        origins = {
            origin_of(catalogue, citation.source)
            for leaf in leaves
            for citation in _citations(evidence.hypotheses[leaf].expectations.get(trait))
        }
        for origin in origins:
            carried[origin] = carried.get(origin, 0.0) + max(value, 0.0) / total
    return carried


def _citations(expectation: Expectation | None) -> tuple[Citation, ...]:
    if expectation is None:
        return ()
    return tuple(citation for statement in expectation.statements for citation in statement.citations)


def without_source(evidence: Evidence, catalogue: Catalogue, origin: str) -> Evidence:
    """The same evidence with every value that cites the source weakened, or unknown where nothing else backs it."""
    records = []
    for record in evidence.records:
        factor = np.array(
            [_left(hypothesis.expectations.get(record.trait), catalogue, origin) for hypothesis in evidence.hypotheses]
        )
        weight = np.where(factor > 0, record.weight * factor, 0.0)
        if (weight > 0).any():
            records.append(replace(record, weight=weight, origin=np.where(weight > 0, record.origin, -1)))
    return replace(evidence, records=tuple(records))


def _left(expectation: Expectation | None, catalogue: Catalogue, origin: str) -> float:
    """Part of the weight of an expectation that is left without the source, 0 to 1."""
    if expectation is None or all(origin_of(catalogue, c.source) != origin for c in _citations(expectation)):
        return 1.0
    before = after = 0.0
    for statement in expectation.statements:
        kept = [c for c in statement.citations if origin_of(catalogue, c.source) != origin]
        fused = _fused(statement.citations, catalogue)
        before += statement.weight
        after += statement.weight * (_fused(kept, catalogue) / fused if fused > 0 else 0.0)
    return min(1.0, after / before) if before > 0 else 0.0


def _fused(citations: Sequence[Citation], catalogue: Catalogue) -> float:
    """Weight of agreeing sources: 1 - (1 - w_best) prod (1 - w_i)^eta over the others, one w for each origin."""
    parameters = catalogue.parameters
    best: dict[str, float] = {}
    for citation in citations:
        key = origin_of(catalogue, citation.source)
        best[key] = max(best.get(key, 0.0), _graded(citation, parameters))
    weights = sorted(best.values(), reverse=True)
    if not weights:
        return 0.0
    doubt = 1.0 - weights[0]
    for weight in weights[1:]:
        doubt *= (1.0 - weight) ** parameters["copied_source_eta"]
    return min(parameters["weight_cap"], 1.0 - doubt)


def _graded(citation: Citation, parameters: Parameters) -> float:
    if citation.p_correct is not None:
        return citation.p_correct
    letter, digit = citation.grade[0].lower(), citation.grade[1]
    return min(parameters[f"reliability_{letter}"], parameters[f"credibility_{digit}"])
