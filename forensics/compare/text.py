"""Marking text (K6): competing readings against the formats and strings a producer is known to use."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from forensics.compare.alphabet import SCRIPT_WEIGHTS, fold, length_log_probability, marking_log_probability
from forensics.compare.background import background_entry, copy_cat, foreign_floor, theta_of
from forensics.compare.grammar import GrammarSyntaxError, Slot, compile_pattern, literal, probability, share_of_marks
from forensics.compare.records import Record, Scored, best_quality
from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Catalogue, ExpectedText, Parameters
from forensics.model.values import Reading, Text

__all__ = [
    "format_probability",
    "formats_of",
    "generic_shares",
    "reading_confidences",
    "score",
    "script_weights",
]

LONGEST = 40
"""Characters of a reading that are compared."""


def script_weights(catalogue: Catalogue, trait_id: str) -> dict[str, float]:
    """In which script a mark elsewhere is written: elicited for the trait, else for scripts, else the default."""
    for name in (trait_id, "marking_script"):
        rates = background_entry(catalogue, name).rates
        stated = {script: rates[script] for script in SCRIPT_WEIGHTS if rates.get(script, 0.0) > 0}
        if stated:
            return stated
    return SCRIPT_WEIGHTS


def formats_of(value: ExpectedText, catalogue: Catalogue) -> tuple[tuple[str, tuple[Slot, ...], float], ...]:
    """Formats and strings of one catalogue value: name, slots, weight; the weights sum to 1.

    A format that the vocabulary does not hold, or that cannot be read, is left out (the lint reports it).
    """
    found: list[tuple[str, tuple[Slot, ...], float]] = []
    for name in sorted(value.grammars):
        grammar = catalogue.vocabulary.grammars.get(name)
        if grammar is None:
            continue
        try:
            found.append((name, compile_pattern(grammar.pattern), value.grammars[name]))
        except GrammarSyntaxError:
            continue
    found.extend((text, literal(text), value.strings[text]) for text in sorted(value.strings) if fold(text))
    total = sum(weight for _, _, weight in found)
    return tuple((name, slots, weight / total) for name, slots, weight in found)


def reading_confidences(
    readings: Sequence[Reading], parameters: Parameters
) -> tuple[tuple[str, tuple[float, ...], float], ...]:
    """Folded text, confidence per character, and mixture weight of each competing reading.

    What the readings together leave to 1 is doubt about every character; character confidences override it.
    """
    best, worst = parameters["text_best_character"], parameters["text_worst_character"]
    together = min(1.0, sum(reading.confidence for reading in readings))
    weights = [max(reading.confidence, 1e-6) for reading in readings]
    out: list[tuple[str, tuple[float, ...], float]] = []
    for reading, weight in zip(readings, weights, strict=True):
        text = fold(reading.text)[:LONGEST]
        if not text:
            continue
        each = min(max(together ** (1.0 / len(text)), worst), best)
        confidences = [each] * len(text)
        if len(reading.character_confidences) == len(text):
            confidences = [min(max(c, 0.05), best) for c in reading.character_confidences]
        out.append((text, tuple(round(c, 6) for c in confidences), weight / sum(weights)))
    return tuple(out)


def format_probability(
    formats: Sequence[tuple[str, tuple[Slot, ...], float]],
    readings: Sequence[tuple[str, tuple[float, ...], float]],
    parameters: Parameters,
) -> float:
    """Probability of competing readings under the formats of one catalogue value, other marks aside.

    formats: as ``formats_of`` gives them; readings: as ``reading_confidences`` gives them.
    """
    insertion, deletion = parameters["text_insertion"], parameters["text_deletion"]
    return sum(
        share * weight * probability(slots, text, confidences, insertion, deletion)
        for text, confidences, share in readings
        for _, slots, weight in formats
    )


def generic_shares(formats: Sequence[tuple[Slot, ...]], catalogue: Catalogue, trait_id: str) -> Floats:
    """(G,) roughly how often a mark on some other munition follows each format; together at most 0.7."""
    weights = script_weights(catalogue, trait_id)
    shares = np.zeros(len(formats))
    for number, slots in enumerate(formats):
        runs = [max(len(run) for run in slot.alternatives) for slot in slots]
        least = sum(run * slot.least for run, slot in zip(runs, slots, strict=True))
        most = sum(run * slot.most for run, slot in zip(runs, slots, strict=True))
        lengths = sum(math.exp(length_log_probability(length)) for length in range(max(1, least), most + 1))
        follows = sum(weight * share_of_marks(slots, script) for script, weight in weights.items())
        shares[number] = max(lengths * follows / sum(weights.values()), 1e-6)
    return shares * min(1.0, 0.7 / max(float(shares.sum()), 1e-12))


def _distinct_marks(records: Sequence[Record]) -> list[list[Record]]:
    """Records of one and the same text are one mark, read several times."""
    marks: dict[str, list[Record]] = {}
    for record in records:
        if isinstance(record.value, Text):
            marks.setdefault(fold(record.value.readings[0].text), []).append(record)
    return [marks[text] for text in sorted(marks)]


def _observed(records: Sequence[Record]) -> str:
    parts = []
    for record in records:
        if isinstance(record.value, Text):
            parts.append(" or ".join(f'"{reading.text}"' for reading in record.value.readings))
    return "; ".join(dict.fromkeys(parts))


def _floored(values: Floats, background: float, floor: float) -> tuple[Floats, float]:
    """The foreign-occurrence floor for marks: nobody gains more than 1/floor, and nobody loses by the floor itself.

    Raising the background alone would turn a format that fits into evidence against a producer as soon as one type of
    the catalogue states the very string. So what fits better than chance stays at 1 or above, and what fits worse keeps
    its ratio to chance. Discrimination between listed types stays as sharp as the bound allows.
    """
    raised = max(background, floor * float(values.max()))
    return np.where(values >= background, np.maximum(values, raised), values * (raised / background)), raised


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue, *, given_script: bool = False) -> Scored:
    """Likelihood of the marks read on an item (docs/method.md 3.4 K6).

    Each distinct mark is drawn anew from the formats of the producer; a copying design copies all of them; the
    foreign-occurrence floor holds for all marks together. ``given_script``: the script is scored as a trait of its
    own.
    """
    entry = background_entry(catalogue, stated.trait.id)
    weights = script_weights(catalogue, stated.trait.id)
    parameters: Parameters = catalogue.parameters
    best = best_quality(records)
    # Without this share any unknown mark would speak against every type with one known format.
    other_marks = parameters["text_other_marks"]
    log_values = np.zeros(len(stated.values))
    log_generic = 0.0
    formats = [formats_of(value, catalogue) for value in stated.values if isinstance(value, ExpectedText)]
    for mark in _distinct_marks(records):
        record = max(mark, key=lambda r: r.quality)
        if not isinstance(record.value, Text):
            continue
        readings = reading_confidences(record.value.readings, parameters)
        generic = max(
            sum(
                share * math.exp(marking_log_probability(text, weights, given_script=given_script))
                for text, _, share in readings
            ),
            1e-280,
        )
        trust = record.quality / best if best > 0 else 0.0
        known = np.array([format_probability(known_formats, readings, parameters) for known_formats in formats])
        of_values = (1 - other_marks) * known + other_marks * generic
        log_values = log_values + np.log(trust * of_values + (1 - trust) * generic)
        log_generic += math.log(generic)
    top = max([log_generic, *log_values.tolist()])
    values: Floats = np.exp(log_values - top)
    background = math.exp(log_generic - top)
    background = float(
        copy_cat(values[:, None], np.array([background]), stated, theta_of(stated, entry, parameters))[0]
    )
    if values.size:
        values, background = _floored(values, background, foreign_floor(parameters))
    return Scored(
        values=values,
        background=max(background, float(np.finfo(float).tiny)),
        quality=best,
        observed=_observed(records),
    )
