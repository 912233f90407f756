"""Dated traits of one case: tables over the production year, and the posterior of the readings of each mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forensics.compare.calendars import bare_number
from forensics.compare.dates import (
    MarkParts,
    date_likelihood,
    floored,
    is_use_by,
    mark_parts,
    mark_quality,
    newest,
)
from forensics.compare.production import window_known, year_prior
from forensics.compare.records import Record
from forensics.compare.stated import Floats, Integers, Stated
from forensics.compare.wording import describe_row, fit
from forensics.model.catalogue import Catalogue, Hypothesis, TraitKind
from forensics.model.tables import Comparison, DateTable, TraitTable
from forensics.model.values import DateValue, YearMark

__all__ = ["compare_dates", "dated_weight"]


@dataclass(frozen=True)
class _Dated:
    """One dated trait: likelihood (Y, H) and background (Y,), with the parts of its marks."""

    stated: Stated
    records: tuple[Record, ...]
    likelihood: Floats
    background: Floats
    weight: Floats
    origin: Integers
    quality: float
    observed: str
    marks: tuple[MarkParts, ...] = ()


def dated_weight(stated: Stated, hypotheses: Sequence[Hypothesis], catalogue: Catalogue) -> tuple[Floats, Integers]:
    """Weight and source group of a dated trait.

    A hypothesis with a known production window has something to say even without a convention of its own; the
    smaller weight holds where both are stated.
    """
    window = catalogue.parameters["window_weight"]
    known = np.array([window_known(hypothesis) for hypothesis in hypotheses])
    both = np.where(known, np.minimum(stated.weight, window), stated.weight)
    weight = np.where(stated.known, both, np.where(known, window, 0.0))
    windows = {
        w: n
        for n, w in enumerate(
            sorted(
                {(h.production.first or -1, h.production.last or -1) for h in hypotheses},
            )
        )
    }
    base = int(stated.origin.max(initial=-1)) + 1_000_000
    numbers = np.array([base + windows[h.production.first or -1, h.production.last or -1] for h in hypotheses])
    origin = np.where(stated.known, stated.origin, np.where(known, numbers, -1)).astype(np.int64)
    return weight, origin


def compare_dates(
    dated: Sequence[tuple[Stated, list[Record]]],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    *,
    event_year: int | None,
) -> tuple[list[Comparison], list[tuple[str, str]]]:
    """Compare every dated trait of a case (docs/method.md 3.4 K5). Gives comparisons and what was not scored."""
    years, prior, elsewhere = year_prior(hypotheses, event_year, catalogue.parameters)
    not_scored: list[tuple[str, str]] = []
    prepared: list[_Dated] = []
    for stated, records in dated:
        weight, origin = dated_weight(stated, hypotheses, catalogue)
        if stated.trait.kind is TraitKind.DATE:
            used = newest(records)
            not_scored.extend(
                (record.finding.observation.id, "a newer date of the same kind is scored instead")
                for record in records
                if record is not used
            )
            prepared.append(_code(stated, used, years, weight, origin, catalogue))
        else:
            prepared.append(_mark(stated, records, years, prior, elsewhere, weight, origin, catalogue))
    joint = [entry.quality * entry.likelihood + (1 - entry.quality) * _noise(entry, elsewhere) for entry in prepared]
    comparisons = []
    for number, entry in enumerate(prepared):
        others = np.ones_like(prior)
        for other, table in enumerate(joint):
            if other != number:
                others = others * table
        comparisons.append(_comparison(entry, years, prior, elsewhere, others, hypotheses))
    return comparisons, not_scored


def _noise(entry: _Dated, elsewhere: Floats) -> float:
    return float(elsewhere @ entry.background)


def _code(
    stated: Stated, record: Record, years: Integers, weight: Floats, origin: Integers, catalogue: Catalogue
) -> _Dated:
    given = date_likelihood(record, stated.trait.id, years, catalogue.parameters)
    year = record.value.year if isinstance(record.value, DateValue) else 0.0
    what = "use-by date" if is_use_by(stated.trait.id) else "newest date code"
    return _Dated(
        stated=stated,
        records=(record,),
        likelihood=np.repeat(given[:, None], weight.size, axis=1),
        background=given,
        weight=weight,
        origin=origin,
        quality=record.quality,
        observed=f"{what} {year:.4g}",
    )


def _mark(
    stated: Stated,
    records: Sequence[Record],
    years: Integers,
    prior: Floats,
    elsewhere: Floats,
    weight: Floats,
    origin: Integers,
    catalogue: Catalogue,
) -> _Dated:
    """One mark however often it was seen; different marks multiply, given the year."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        if isinstance(record.value, YearMark):
            written = record.value.readings[0].text
            groups.setdefault(bare_number(written) or written, []).append(record)
    of_values = np.ones((len(stated.values), years.size))
    background = np.ones(years.size)
    marks: list[MarkParts] = []
    words: list[str] = []
    for written in sorted(groups):
        best = max(groups[written], key=lambda r: r.quality)
        if not isinstance(best.value, YearMark):
            continue
        parts = mark_parts(best.value, stated, years, catalogue)
        marks.append(parts)
        of_values = of_values * parts.of_values.sum(axis=1)
        background = background * parts.background.sum(axis=0)
        seen = sum(r.value.repeats for r in groups[written] if isinstance(r.value, YearMark))
        readings = " or ".join(f'"{reading.text}"' for reading in best.value.readings)
        words.append(f"{readings} on {seen} assemblies" if seen > 1 else readings)
    background = floored(background, of_values, prior, elsewhere, stated, catalogue)
    return _Dated(
        stated=stated,
        records=tuple(records),
        likelihood=np.ascontiguousarray(stated.spread(of_values, background)),
        background=background,
        weight=weight,
        origin=origin,
        quality=max(mark_quality(group) for group in groups.values()),
        observed="the mark " + " and ".join(words),
        marks=tuple(marks),
    )


def _comparison(
    entry: _Dated,
    years: Integers,
    prior: Floats,
    elsewhere: Floats,
    others: Floats,
    hypotheses: Sequence[Hypothesis],
) -> Comparison:
    background = float(elsewhere @ entry.background)
    marginal = (prior * entry.likelihood).sum(axis=0)
    marginal = np.where(entry.weight > 0, marginal, background)
    readings = _readings(entry, prior * others, hypotheses)
    expected, match, because = _words(entry, marginal / background, readings, hypotheses)
    arrays = (marginal[None, :], np.array([background]), entry.weight, entry.origin)
    tables = (years, prior, elsewhere, entry.likelihood, entry.background)
    for array in (*arrays, *tables):
        array.setflags(write=False)
    trait = entry.stated.trait
    return Comparison(
        findings=tuple(record.finding for record in entry.records),
        table=TraitTable(trait.id, trait.block, (entry.observed,), *arrays),
        quality=entry.quality,
        expected=expected,
        match=match,
        because=because,
        dates=DateTable(*tables),
        readings=readings,
    )


def _readings(entry: _Dated, joint: Floats, hypotheses: Sequence[Hypothesis]) -> dict[str, dict[str, float]]:
    """Posterior weight of each reading of each mark by hypothesis id, all dates of the case considered.

    With probability q w the stated convention holds, else the readings are as common as elsewhere. joint: (Y, H)
    prior of the year times the likelihood of the other dated records.
    """
    out: dict[str, dict[str, float]] = {}
    stated = entry.stated
    trust = entry.quality * stated.weight
    for parts in entry.marks:
        mass = parts.background @ joint
        for row in range(int(stated.rows.max(initial=-1)) + 1):
            columns = np.flatnonzero(stated.rows == row)
            shares = stated.shares[columns[0]]
            own = np.tensordot(shares / shares.sum(), parts.of_values, axes=1) @ joint[:, columns]
            mass[:, columns] = trust[columns] * own + (1 - trust[columns]) * mass[:, columns]
        total = mass.sum(axis=0)
        for index, hypothesis in enumerate(hypotheses):
            if total[index] <= 0:
                continue
            weights = {
                label: round(float(mass[row, index] / total[index]), 6)
                for row, label in enumerate(parts.labels)
                if mass[row, index] > 5e-3 * total[index]
            }
            out.setdefault(hypothesis.id, {}).update(
                dict(sorted(weights.items(), key=lambda item: (-item[1], item[0])))
            )
    return out


def _words(
    entry: _Dated, ratio: Floats, readings: dict[str, dict[str, float]], hypotheses: Sequence[Hypothesis]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    expected, match, because = [], [], []
    described: dict[int, str] = {-1: ""}
    for index, hypothesis in enumerate(hypotheses):
        if entry.weight[index] <= 0:
            expected.append("not known")
            match.append("unknown")
            because.append("neither a year convention nor production years are known here, so it weighs nothing")
            continue
        row = int(entry.stated.rows[index])
        if row not in described:
            described[row] = describe_row(entry.stated, index)
        parts = [part for part in (described[row], _window(hypothesis)) if part]
        expected.append("; ".join(parts))
        match.append(fit(float(ratio[index])))
        because.append(_because(entry, expected[-1], float(ratio[index]), readings.get(hypothesis.id, {})))
    return tuple(expected), tuple(match), tuple(because)


def _window(hypothesis: Hypothesis) -> str:
    first, last = hypothesis.production.first, hypothesis.production.last
    if first is None and last is None:
        return ""
    if last is None:
        return f"made from {first}"
    return f"made until {last}" if first is None else f"made {first} to {last}"


def _because(entry: _Dated, expected: str, ratio: float, readings: dict[str, float]) -> str:
    word = {"fits": "which fits", "differs": "which fits badly"}.get(
        fit(ratio), "about as probable here as on other designs"
    )
    text = f"expected {expected}; recorded {entry.observed}, {word}"
    if readings:
        named = ", ".join(f"{label} {weight:.0%}" for label, weight in list(readings.items())[:3])
        text += f"; readings: {named}"
    return text
