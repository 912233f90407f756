"""Many single records of one trait as one table: row i is what ``compare`` gives for record i on a sheet of its own.

``tabulate`` lists every record that is possible, in bins; this lists records that were made, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forensics.compare import measured, text
from forensics.compare.comparing import KERNELS, compare
from forensics.compare.records import Scored, record_of
from forensics.compare.stated import Floats, Stated, number_origins, state_values
from forensics.model.catalogue import Catalogue, Hypothesis, TraitKind
from forensics.model.evidence import Finding
from forensics.model.tables import Comparison, DateTable, TraitTable
from forensics.model.values import Measured

__all__ = ["Listed", "list_records"]


@dataclass(frozen=True)
class Listed:
    """A table with a row for each record given. quality: (X,) q of each. dates: by row, for traits of a year."""

    table: TraitTable
    quality: Floats
    dates: tuple[DateTable, ...] = ()


def list_records(
    findings: Sequence[Finding],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    *,
    event_year: int | None = None,
    given_script: bool = False,
) -> Listed | None:
    """Score records of one trait, each by itself.

    Parameters
    ----------
    findings
        At least one, all of one trait, each with a value of a kind the trait takes.
    given_script
        Whether the script of the mark is recorded as well (marks only).

    Returns
    -------
    None where nobody states the trait, so that nothing of it weighs anything.
    """
    trait = catalogue.vocabulary.traits[findings[0].observation.trait]
    if trait.kind in (TraitKind.YEAR_MARK, TraitKind.DATE, TraitKind.SCORE):
        return _compared(findings, hypotheses, catalogue, event_year)
    stated = state_values(trait, hypotheses, catalogue, number_origins(hypotheses))
    if not stated.known.any():
        return None
    records = [record_of(finding, catalogue.parameters) for finding in findings]
    likelihood = np.empty((len(records), len(hypotheses)))
    background = np.empty(len(records))
    plain = [n for n, record in enumerate(records) if _is_plain(record.value)]
    if plain:
        points = np.array([_point(records[number].value) for number in plain])
        values, elsewhere = measured.score_points(points, stated, catalogue)
        background[plain] = elsewhere
        likelihood[plain] = stated.spread(values, elsewhere)
    for number in sorted(set(range(len(records))) - set(plain)):
        record = [records[number]]
        if trait.kind is TraitKind.TEXT:
            scored: Scored = text.score(record, stated, catalogue, given_script=given_script)
        else:
            scored = KERNELS[trait.kind](record, stated, catalogue)
        background[number] = scored.background
        likelihood[number] = stated.spread(scored.values[:, None], background[[number]])[0]
    quality = np.array([record.quality for record in records])
    return Listed(_table(stated, likelihood, background), quality)


def _is_plain(value: object) -> bool:
    return isinstance(value, Measured) and value.value is not None and value.uncertainty is None and not value.deformed


def _point(value: object) -> float:
    return float(value.value) if isinstance(value, Measured) and value.value is not None else 0.0


def _table(stated: Stated, likelihood: Floats, background: Floats) -> TraitTable:
    labels = ("",) * len(background)
    return TraitTable(stated.trait.id, stated.trait.block, labels, likelihood, background, stated.weight, stated.origin)


def _compared(
    findings: Sequence[Finding], hypotheses: Sequence[Hypothesis], catalogue: Catalogue, event_year: int | None
) -> Listed | None:
    """The long way round, for kinds whose kernels want the whole case."""
    found: list[Comparison] = []
    for finding in findings:
        comparisons, _ = compare([finding], hypotheses, catalogue, event_year=event_year)
        if not comparisons:
            return None
        found.append(comparisons[0])
    first = found[0].table
    table = TraitTable(
        first.trait,
        first.block,
        ("",) * len(found),
        np.concatenate([one.table.likelihood for one in found]),
        np.concatenate([one.table.background for one in found]),
        first.weight,
        first.origin,
    )
    dates = tuple(one.dates for one in found if one.dates is not None)
    return Listed(table, np.array([one.quality for one in found]), dates)
