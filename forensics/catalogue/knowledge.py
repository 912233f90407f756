"""What is known of each type and how well: the catalogue as a table of types by traits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from forensics.catalogue.resolving import resolve
from forensics.catalogue.wording import value_in_words
from forensics.model.catalogue import Catalogue, Expectation, Hypothesis, TraitKind

__all__ = ["SOURCED_WEIGHT", "CoverageRow", "StatedTrait", "coverage", "stated_traits"]

SOURCED_WEIGHT = 0.8
"""From this weight a value counts as sourced, below as weakly sourced."""

Known = Literal["sourced", "weak", "unknown"]


@dataclass(frozen=True)
class CoverageRow:
    """One type: how well each trait of the vocabulary is known, inherited values included."""

    type_id: str
    name: str
    state: str
    class_id: str
    status: str
    traits: Mapping[str, Known]

    def count(self, known: Known) -> int:
        """How many traits are known so."""
        return sum(value == known for value in self.traits.values())


@dataclass(frozen=True)
class StatedTrait:
    """One trait of one type, for ``catalogue show``: what is expected, how sure, on whose word, from which file."""

    trait: str
    name: str
    expected: tuple[tuple[str, float], ...]
    stated_at: str
    inherited: bool
    known: Known
    sources: tuple[tuple[str, str], ...]
    place: str

    @property
    def weight(self) -> float:
        """Probability that one of the stated values holds."""
        return min(1.0, sum(weight for _, weight in self.expected))


def _known(expectation: Expectation | None) -> Known:
    if expectation is None:
        return "unknown"
    return "sourced" if expectation.weight >= SOURCED_WEIGHT else "weak"


def _listed(catalogue: Catalogue) -> list[Hypothesis]:
    return [hypothesis for hypothesis in resolve(catalogue)[0] if hypothesis.listed]


def coverage(catalogue: Catalogue) -> tuple[CoverageRow, ...]:
    """Types by traits: sourced (weight at least .8), weak, unknown. Traits that take no expected value are left out."""
    no_value = (TraitKind.DATE, TraitKind.SCORE)
    traits = [trait.id for trait in catalogue.vocabulary.traits.values() if trait.kind not in no_value]
    return tuple(
        CoverageRow(
            type_id=hypothesis.id,
            name=hypothesis.name,
            state=hypothesis.state,
            class_id=hypothesis.class_id or "",
            status=hypothesis.status,
            traits={trait: _known(hypothesis.expectations.get(trait)) for trait in traits},
        )
        for hypothesis in _listed(catalogue)
    )


def stated_traits(catalogue: Catalogue, type_id: str) -> tuple[StatedTrait, ...]:
    """Everything a type is expected to show, inherited values included, in the order of the vocabulary.

    Raises
    ------
    KeyError
        If no type of that id is listed (withdrawn types are not).
    """
    hypothesis = {hypothesis.id: hypothesis for hypothesis in _listed(catalogue)}[type_id]
    rows = []
    for trait in catalogue.vocabulary.traits.values():
        expectation = hypothesis.expectations.get(trait.id)
        if expectation is None:
            continue
        citations = {c.source: c.grade for s in expectation.statements for c in s.citations}
        rows.append(
            StatedTrait(
                trait=trait.id,
                name=trait.names.en[0] if trait.names.en else trait.id,
                expected=tuple((value_in_words(s.value, trait), s.weight) for s in expectation.statements),
                stated_at=expectation.stated_at,
                inherited=expectation.stated_at != type_id,
                known=_known(expectation),
                sources=tuple(citations.items()),
                place=expectation.line,
            )
        )
    return tuple(rows)
