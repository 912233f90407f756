"""Closed lists of values (K1), and which scripts a mark is written in (K7)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forensics.compare.background import background_entry, elicited_law, foreign_floor
from forensics.compare.discrete import LatentLaw, latent_law, scored
from forensics.compare.records import Record, Scored, best_quality
from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Catalogue, ExpectedCategory, Parameters, Trait
from forensics.model.evidence import Method
from forensics.model.values import Absent, Category

__all__ = ["NONE_LABEL", "column", "confusion", "is_script", "law", "score"]

NONE_LABEL = "none"
"""The value that stands for "there is none"; added where an absence was recorded and the list has none."""


def is_script(trait: Trait) -> bool:
    """Whether the values of a trait are writing systems."""
    return {"hangul", "cyrillic"} <= {value.id for value in trait.values}


def _accuracy(trait: Trait, method: Method, parameters: Parameters) -> float:
    accuracy = parameters[f"category_accuracy_{method.value}"]
    if is_script(trait):
        by = "automatic" if method is Method.AUTOMATIC else "examiner"
        accuracy = min(accuracy, 1.0 - parameters[f"script_false_positive_{by}"])
    return accuracy


def _labels(stated: Stated, records: Sequence[Record]) -> tuple[str, ...]:
    labels = [value.id for value in stated.trait.values]
    extra: set[str] = set()
    for value in stated.values:
        if isinstance(value, ExpectedCategory):
            extra.update(value.probabilities)
    for record in records:
        if isinstance(record.value, Category):
            extra.update(record.value.weights)
        elif isinstance(record.value, Absent):
            extra.add(NONE_LABEL)
    return (*labels, *sorted(extra - set(labels)))


def law(stated: Stated, records: Sequence[Record], catalogue: Catalogue) -> LatentLaw:
    """Law of the true value under each stated value and in other designs (docs/method.md 3.3, 3.4 K1).

    What a stated value leaves to 1 goes to the other values as common as they are elsewhere.
    """
    labels = _labels(stated, records)
    entry = background_entry(catalogue, stated.trait.id)
    elsewhere = elicited_law(labels, entry.rates)
    rows = np.zeros((len(stated.values), len(labels)))
    for index, value in enumerate(stated.values):
        if isinstance(value, ExpectedCategory):
            rows[index] = [value.probabilities.get(label, 0.0) for label in labels]
            total = rows[index].sum()
            silent = rows[index] <= 0
            if total < 1.0 and silent.any():
                rows[index, silent] = (1.0 - total) * elsewhere[silent] / elsewhere[silent].sum()
            else:
                rows[index] /= total
    return latent_law(labels, rows, elsewhere, stated, entry, catalogue)


def confusion(trait: Trait, labels: tuple[str, ...], method: Method, parameters: Parameters) -> Floats:
    """(K, K) probability that the column is recorded where the row is true; rows sum to 1.

    One coin: right with the accuracy of the method; most errors go to values declared similar, the rest to all.
    """
    count = len(labels)
    if count == 1:
        return np.ones((1, 1))
    accuracy = _accuracy(trait, method, parameters)
    index = {label: number for number, label in enumerate(labels)}
    similar = np.zeros((count, count), dtype=bool)
    for value in trait.values:
        for other in value.similar:
            if other in index and other != value.id:
                similar[index[value.id], index[other]] = similar[index[other], index[value.id]] = True
    matrix = np.zeros((count, count))
    for row in range(count):
        alike = similar[row]
        rest = ~alike
        rest[row] = False
        to_alike = (parameters["category_similar_share"] if rest.any() else 1.0) if alike.any() else 0.0
        if alike.any():
            matrix[row, alike] = (1.0 - accuracy) * to_alike / alike.sum()
        if rest.any():
            matrix[row, rest] = (1.0 - accuracy) * (1.0 - to_alike) / rest.sum()
        matrix[row, row] = accuracy
    return matrix


def column(record: Record, labels: tuple[str, ...], trait: Trait, parameters: Parameters) -> Floats:
    """(K,) probability of the record given each true value.

    "A or B" and weighted alternatives are virtual evidence in Pearl's sense. An absence with coverage phi has
    1 - phi * r where there is none and 1 - phi * s elsewhere (K8).
    """
    if isinstance(record.value, Absent):
        phi = record.value.coverage
        absent = np.array([label in (NONE_LABEL, "absent") for label in labels])
        seen = np.where(absent, parameters["presence_false_sighting"], parameters["presence_sensitivity"])
        missed: Floats = 1.0 - phi * seen
        return missed
    weights = record.value.weights if isinstance(record.value, Category) else {}
    fits = np.array([weights.get(label, 0.0) for label in labels])
    read: Floats = confusion(trait, labels, record.method, parameters) @ fits
    return read


def _observed(records: Sequence[Record], trait: Trait) -> str:
    names = {value.id: (value.names.en[0] if value.names.en else value.id) for value in trait.values}
    parts = []
    for record in records:
        if isinstance(record.value, Category):
            ordered = sorted(record.value.weights.items(), key=lambda item: (-item[1], item[0]))
            parts.append(" or ".join(names.get(value, value) for value, _ in ordered))
        elif isinstance(record.value, Absent):
            parts.append(f"none, looked for over {record.value.coverage:.0%} of the place")
    return "; ".join(dict.fromkeys(parts))


def _score_one_value(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    trait = stated.trait
    latent = law(stated, records, catalogue)
    columns = [column(record, latent.labels, trait, catalogue.parameters) for record in records]
    return scored(latent, columns, records, _observed(records, trait))


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    """Likelihood of the records of one closed-list trait.

    Several records are observations of one true value. Scripts are the exception: an item bears several marks, and
    marks in different scripts are different marks, so records of one script share a latent value and the scripts
    multiply, down to the foreign-occurrence floor.
    """
    if not is_script(stated.trait) or len(records) == 1:
        return _score_one_value(records, stated, catalogue)
    groups: dict[str, list[Record]] = {}
    for record in records:
        best = ""
        if isinstance(record.value, Category):
            best = min(record.value.weights.items(), key=lambda item: (-item[1], item[0]))[0]
        groups.setdefault(best, []).append(record)
    values = np.ones(len(stated.values))
    background = 1.0
    for name in sorted(groups):
        part = _score_one_value(groups[name], stated, catalogue)
        values = values * part.values
        background *= part.background
    if values.size:
        background = max(background, foreign_floor(catalogue.parameters) * float(values.max()))
    return Scored(values, background, best_quality(records), _observed(records, stated.trait))
