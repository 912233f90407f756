"""Findings against hypotheses: one comparison per trait, all hypotheses at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from forensics.compare import category, count, likeness, measured, presence, ring, ring_count, text
from forensics.compare.alphabet import fold
from forensics.compare.category import is_script
from forensics.compare.date_comparing import compare_dates
from forensics.compare.production import window_known
from forensics.compare.records import Record, Scored, record_of
from forensics.compare.stated import Stated, number_origins, state_values
from forensics.compare.wording import UNKNOWN, because_of, describe_row, fit
from forensics.model.catalogue import Catalogue, Hypothesis, Trait, TraitKind
from forensics.model.evidence import Finding
from forensics.model.tables import Comparison, TraitTable
from forensics.model.values import (
    Absent,
    Category,
    Chord,
    Count,
    DateValue,
    Measured,
    NotExaminable,
    Presence,
    Ring,
    Score,
    Text,
    YearMark,
)

__all__ = ["KERNELS", "compare", "comparison_of"]

Kernel = Callable[[Sequence[Record], Stated, Catalogue], Scored]
NotScored = tuple[str, str]

_TAKES: dict[TraitKind, tuple[type, ...]] = {
    TraitKind.MEASURED: (Measured, Chord),
    TraitKind.CATEGORY: (Category, Absent),
    TraitKind.COUNT: (Count, Absent),
    TraitKind.PRESENCE: (Presence, Absent),
    TraitKind.RING: (Ring, Count, Absent),
    TraitKind.TEXT: (Text,),
    TraitKind.YEAR_MARK: (YearMark,),
    TraitKind.DATE: (DateValue,),
    TraitKind.SCORE: (Score,),
}

_DATED = (TraitKind.YEAR_MARK, TraitKind.DATE)


def _ring(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    if ring_count.is_counted(records[0]):
        return ring_count.score(records, stated, catalogue)
    return ring.score(records, stated, catalogue)


KERNELS: dict[TraitKind, Kernel] = {
    TraitKind.MEASURED: measured.score,
    TraitKind.CATEGORY: category.score,
    TraitKind.COUNT: count.score,
    TraitKind.PRESENCE: presence.score,
    TraitKind.RING: _ring,
}


def compare(
    findings: Sequence[Finding],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    *,
    event_year: int | None = None,
) -> tuple[tuple[Comparison, ...], tuple[NotScored, ...]]:
    """Score findings under every hypothesis and under the background (docs/method.md 3).

    findings: in any order; the result does not depend on it. hypotheses: resolved, in the order of the H axis of
    every table; the copy-cat background is rebuilt from them, so that values left out leave it too. event_year: year
    in which the item was used; production after it is impossible. None: not known, nothing is cut off.

    Gives the comparisons, one per trait, sorted by trait id, and (observation id, reason) of what was not scored,
    sorted. The wording is English and carries no verdict.
    """
    origins = number_origins(hypotheses)
    usable, not_scored = _usable(findings, catalogue)
    not_scored.extend(_counts_beside_angles(usable, catalogue))
    traits = catalogue.vocabulary.traits
    has_script = any(is_script(traits[trait_id]) for trait_id in usable)
    comparisons: list[Comparison] = []
    dated: list[tuple[Stated, list[Record]]] = []
    for trait_id in sorted(usable):
        trait = traits[trait_id]
        records = [record_of(finding, catalogue.parameters) for finding in usable[trait_id]]
        if trait.kind is TraitKind.SCORE:
            comparison = likeness.compare_likeness(trait, records, hypotheses, catalogue)
            if comparison is None:
                not_scored.extend((r.finding.observation.id, _NOBODY) for r in records)
            else:
                comparisons.append(comparison)
            continue
        stated = state_values(trait, hypotheses, catalogue, origins)
        if not stated.known.any() and not (trait.kind in _DATED and any(map(window_known, hypotheses))):
            not_scored.extend((record.finding.observation.id, _NOBODY) for record in records)
            continue
        if trait.kind in _DATED:
            dated.append((stated, records))
            continue
        if trait.kind is TraitKind.TEXT:
            scored = text.score(records, stated, catalogue, given_script=has_script)
        else:
            scored = KERNELS[trait.kind](records, stated, catalogue)
        comparisons.append(comparison_of(stated, scored, usable[trait_id]))
    if dated:
        extra, older = compare_dates(dated, hypotheses, catalogue, event_year=event_year)
        comparisons.extend(extra)
        not_scored.extend(older)
    comparisons.sort(key=lambda comparison: comparison.table.trait)
    return tuple(comparisons), tuple(sorted(not_scored))


_NOBODY = "no type in the population has a sourced value for it, so it weighs nothing"


def _usable(findings: Sequence[Finding], catalogue: Catalogue) -> tuple[dict[str, list[Finding]], list[NotScored]]:
    """Findings by trait, each in the order of their ids, and what cannot be scored with the reason."""
    usable: dict[str, list[Finding]] = {}
    not_scored: list[NotScored] = []
    marks = {
        (finding.observation.item, fold(reading.text))
        for finding in findings
        if isinstance(finding.observation.value, YearMark)
        for reading in finding.observation.value.readings[:1]
    }
    for given in sorted(findings, key=lambda finding: finding.observation.id):
        finding = _independent(given)
        observation = finding.observation
        trait = catalogue.vocabulary.traits.get(observation.trait)
        reason = _why_not(finding, trait, marks)
        if reason is None:
            usable.setdefault(observation.trait, []).append(finding)
        else:
            not_scored.append((observation.id, reason))
    return usable, not_scored


def _independent(finding: Finding) -> Finding:
    """The finding without readings that only a list of known marks brought up, where others remain."""
    value = finding.observation.value
    if not isinstance(value, Text | YearMark):
        return finding
    free = tuple(reading for reading in value.readings if not reading.listed)
    if not free or len(free) == len(value.readings):
        return finding
    observation = finding.observation.model_copy(update={"value": value.model_copy(update={"readings": free})})
    return finding.model_copy(update={"observation": observation})


def _counts_beside_angles(usable: dict[str, list[Finding]], catalogue: Catalogue) -> list[NotScored]:
    """Take counts of a ring out where the same ring is there with its angles: they restate it."""
    taken: list[NotScored] = []
    for trait_id, findings in usable.items():
        if catalogue.vocabulary.traits[trait_id].kind is not TraitKind.RING:
            continue
        counts = [f for f in findings if ring_count.is_counted(record_of(f, catalogue.parameters))]
        if 0 < len(counts) < len(findings):
            usable[trait_id] = [finding for finding in findings if finding not in counts]
            taken.extend((f.observation.id, "the same ring is scored by its bolt angles") for f in counts)
    return taken


def _why_not(finding: Finding, trait: Trait | None, marks: set[tuple[str, str]]) -> str | None:  # noqa: PLR0911
    value = finding.observation.value
    if isinstance(value, NotExaminable):
        return f"not examinable: {value.reason}" if value.reason else "not examinable"
    if trait is None:
        return f'the vocabulary has no trait "{finding.observation.trait}"'
    if not isinstance(value, _TAKES[trait.kind]):
        kind = trait.kind.value.replace("_", " ")
        return f"recorded as {value.kind.replace('_', ' ')}, but this trait is a {kind}"
    if isinstance(value, Text | YearMark) and not any(fold(reading.text) for reading in value.readings):
        return "no character was read"
    if isinstance(value, Text | YearMark) and all(reading.listed for reading in value.readings):
        return "only a list of known marks brought up this reading, so it is no independent evidence"
    if isinstance(value, Text) and (finding.observation.item, fold(value.readings[0].text)) in marks:
        return "the same mark is scored as a year mark; one physical mark feeds one trait"
    return None


def comparison_of(stated: Stated, scored: Scored, findings: Sequence[Finding]) -> Comparison:
    """Spread the likelihoods of the distinct values over the hypotheses, with the words that go with them."""
    background = np.array([scored.background])
    likelihood = stated.spread(scored.values[:, None], background)
    expected, match, because = _words(stated, scored, likelihood[0])
    for array in (likelihood, background, stated.weight, stated.origin):
        array.setflags(write=False)
    return Comparison(
        findings=tuple(findings),
        table=TraitTable(
            trait=stated.trait.id,
            block=stated.trait.block,
            labels=(scored.observed,),
            likelihood=likelihood,
            background=background,
            weight=stated.weight,
            origin=stated.origin,
        ),
        quality=scored.quality,
        expected=expected,
        match=match,
        because=because,
    )


def _words(
    stated: Stated, scored: Scored, likelihood: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Phrases per hypothesis, built once for each distinct row of statements."""
    nothing = (UNKNOWN, "unknown", "the catalogue states nothing for this trait here, so it weighs nothing")
    built: dict[int, tuple[str, str, str]] = {-1: nothing}
    rows = stated.rows.tolist()
    for index, row in enumerate(rows):
        if row not in built:
            ratio = float(likelihood[index]) / scored.background
            expected = describe_row(stated, index)
            built[row] = (expected, fit(ratio), because_of(expected, scored, ratio, float(stated.weight[index])))
    words = [built[row] for row in rows]
    return tuple(w[0] for w in words), tuple(w[1] for w in words), tuple(w[2] for w in words)
