"""From grades to weights: the probability w that a stated value holds (docs/method.md 3.2).

Admiralty pairs are turned into one probability by the smaller of the source's ceiling and the information's
credibility, because raters do not keep the two scales apart. Open sources copy each other, so agreeing sources after
the best count with a reduced exponent, and sources of one origin count once. Disagreeing sources are the components
of a mixture whose weights, with the background's share, add up to one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from forensics.model.catalogue import Citation, Parameters, Source

__all__ = ["GRADE_PARAMETERS", "best_citation", "citation_weight", "disagreeing", "fused"]

GRADE_PARAMETERS = (
    *(f"reliability_{letter}" for letter in "abcdef"),
    *(f"credibility_{digit}" for digit in "123456"),
    "weight_cap",
    "copied_source_eta",
)
"""Parameters the weights are made of; the catalogue must state them all."""


def citation_weight(citation: Citation, parameters: Parameters) -> float:
    """Probability that what one citation states holds, 0 to the cap (.98 by default).

    ``p_correct`` overrides the grade. B2 = .90, C3 = .70, D4 = .40, F6 = .50 by default.
    """
    cap = parameters["weight_cap"]
    if citation.p_correct is not None:
        return min(cap, citation.p_correct)
    letter, digit = citation.grade[0].lower(), citation.grade[1]
    return min(cap, parameters[f"reliability_{letter}"], parameters[f"credibility_{digit}"])


def _best_by_origin(
    citations: Sequence[Citation], sources: Mapping[str, Source], parameters: Parameters
) -> dict[str, float]:
    """The best weight of each origin, in the order written."""
    best: dict[str, float] = {}
    for citation in citations:
        origin = sources[citation.source].origin
        best[origin] = max(best.get(origin, 0.0), citation_weight(citation, parameters))
    return best


def best_citation(citations: Sequence[Citation], parameters: Parameters) -> Citation:
    """The citation of greatest weight; the first written one among equals."""
    return max(citations, key=lambda citation: citation_weight(citation, parameters))


def fused(citations: Sequence[Citation], sources: Mapping[str, Source], parameters: Parameters) -> float:
    """Weight of one value from its agreeing sources: ``1 - prod (1 - w_i)^eta_i``, capped.

    eta is 1 for the best origin and ``copied_source_eta`` (.5) for the others: B2 + C3 -> .945, C3 + C3 -> .836.
    """
    weights = sorted(_best_by_origin(citations, sources, parameters).values(), reverse=True)
    if not weights:
        return 0.0
    eta = parameters["copied_source_eta"]
    doubt: float = (1.0 - weights[0]) * prod((1.0 - weight) ** eta for weight in weights[1:])
    return min(parameters["weight_cap"], 1.0 - doubt)


def disagreeing(weights: Sequence[float]) -> tuple[float, ...]:
    """Mixture weights of values that exclude each other.

    Component i is proportional to ``w_i prod_{k != i} (1 - w_k)`` and the background to ``prod_k (1 - w_k)``; what is
    returned are the components' shares, which with the background's add up to 1. B2 against C3 -> .730, .189 (.081).
    One value alone keeps its weight.
    """
    shares = [
        weight * prod(1.0 - other for k, other in enumerate(weights) if k != i) for i, weight in enumerate(weights)
    ]
    total = sum(shares) + prod(1.0 - weight for weight in weights)
    if total <= 0.0:
        # Two values both held certain: possible only with a cap of 1; they then share the whole evenly.
        certain = [1.0 if weight >= 1.0 else 0.0 for weight in weights]
        return tuple(share / sum(certain) for share in certain)
    return tuple(share / total for share in shares)
