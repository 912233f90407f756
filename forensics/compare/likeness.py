"""Likeness to reference photographs (K9): score-based, per family, capped until real debris validates it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forensics.compare.records import Record, best_quality
from forensics.model.catalogue import Catalogue, Hypothesis, Trait
from forensics.model.tables import Comparison, TraitTable
from forensics.model.values import Score

__all__ = ["compare_likeness", "score_ratio"]


def score_ratio(score: float, cap_log10: float, steepness: float) -> float:
    """Density of a likeness score for the same design over that for a different one.

    ``(s / (1 - s)) ** steepness``, bounded by the cap on both sides; with a steepness of 3 it is the ratio of
    Beta(5, 2) to Beta(2, 5). A score of 0.5 is neutral.
    """
    inside = min(max(score, 1e-6), 1.0 - 1e-6)
    log10_ratio = steepness * np.log10(inside / (1.0 - inside))
    return float(10.0 ** min(max(log10_ratio, -cap_log10), cap_log10))


def compare_likeness(
    trait: Trait, records: Sequence[Record], hypotheses: Sequence[Hypothesis], catalogue: Catalogue
) -> Comparison | None:
    """Likelihood of likeness scores per family, relative to "none of the families" (background 1).

    The best score within a family is used, since siblings look alike; several photographs are not independent, so
    the best record counts per family. None where no hypothesis belongs to a scored family.
    """
    cap = catalogue.parameters["visual_cap_log10"]
    best: dict[str, float] = {}
    for record in records:
        if isinstance(record.value, Score):
            for family, score in record.value.scores.items():
                best[family] = max(best.get(family, 0.0), score)
    ratios = np.ones(len(hypotheses))
    weight = np.zeros(len(hypotheses))
    origin = np.full(len(hypotheses), -1, dtype=np.int64)
    families = {family: number for number, family in enumerate(sorted(best))}
    expected, match, because = [], [], []
    for index, hypothesis in enumerate(hypotheses):
        if not hypothesis.listed or hypothesis.family not in best:
            expected.append("no reference photograph")
            match.append("unknown")
            because.append("no reference photograph of this family was scored, so it weighs nothing")
            continue
        score = best[hypothesis.family]
        ratios[index] = score_ratio(score, cap, catalogue.parameters["likeness_steepness"])
        weight[index] = catalogue.parameters["likeness_reference_weight"]
        origin[index] = families[hypothesis.family]
        expected.append("like the reference photographs of the family")
        ratio = float(ratios[index])
        match.append("fits" if ratio > 1.5 else "differs" if ratio < 1 / 1.5 else "partly")
        because.append(
            f"likeness score {score:.2f} against the family's reference photographs; a likeness alone is bounded "
            f"to a factor of {10**cap:.0f}"
        )
    if not (weight > 0).any():
        return None
    likelihood, background = ratios[None, :], np.ones(1)
    for array in (likelihood, background, weight, origin):
        array.setflags(write=False)
    return Comparison(
        findings=tuple(record.finding for record in records),
        table=TraitTable(trait.id, trait.block, ("likeness scores",), likelihood, background, weight, origin),
        quality=best_quality(records),
        expected=tuple(expected),
        match=tuple(match),
        because=tuple(because),
    )
