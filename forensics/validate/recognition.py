"""Does every type come out first on its own signature? Cases made from a type's own values, scored as any case is.

A case takes part of the traits a type states, each at the value it states, and asks for the rank of the type. It is
*overtaken* when a type that is ranked above it differs from what was recorded in a trait it states itself: two types
that share everything recorded may rank in any order, one that contradicts the record may not. A type differs in a trait
when the record is less probable under its stated value than on munitions in general, and less than half as probable as
under the true type's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from forensics.model.catalogue import Catalogue, Hypothesis
from forensics.model.evidence import Finding
from forensics.validate.own_values import draw_traits, sheet_of

__all__ = ["Overtaking", "Recognition", "TraitOnBoth", "recognise", "recognise_all"]

BY_MORE_THAN = 1e-6
"""Ratios closer than this (log10) are equal."""


@dataclass(frozen=True)
class TraitOnBoth:
    """One recorded trait for the true type and the one above it: words, weights, weight of evidence alone (log10)."""

    trait: str
    block: str
    match: str
    match_above: str
    differs: bool
    weight: float
    weight_above: float
    alone_log10: float
    alone_above_log10: float


@dataclass(frozen=True)
class Overtaking:
    """A type ranked above the true one although it differs in at least one recorded trait."""

    above: str
    by_log10: float
    declared: bool
    traits: tuple[TraitOnBoth, ...]

    @property
    def differing(self) -> tuple[str, ...]:
        """The recorded traits in which the type above differs from the record."""
        return tuple(entry.trait for entry in self.traits if entry.differs)


@dataclass(frozen=True)
class Recognition:
    """One case made from a type's own values. ``rank``: 1 is first; ``shared``: types ranked exactly level with it."""

    type_id: str
    traits: tuple[str, ...]
    rank: int
    best: str
    behind_log10: float
    overtaken_by: tuple[Overtaking, ...]


def _differs(ratio: float, ratio_above: float) -> bool:
    return ratio_above < 1.0 and ratio_above < 0.5 * ratio


def recognise(
    true: Hypothesis,
    traits: tuple[str, ...],
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    rng: np.random.Generator,
) -> Recognition | None:
    """Score one case made from a type's own values; None where nothing of it could be written down."""
    from forensics.assess import Settings, gather, weigh  # noqa: PLC0415
    from forensics.compare import background_edges, compare  # noqa: PLC0415

    observations = sheet_of(true, traits, catalogue, rng)
    comparisons, _ = compare([Finding(observation=entry) for entry in observations], hypotheses, catalogue)
    if not comparisons:
        return None
    edges = background_edges(comparisons, hypotheses, catalogue)
    settings = Settings.read(catalogue.parameters)
    weighing = weigh(gather(comparisons, edges, hypotheses, catalogue.vocabulary, settings))
    leaves = weighing.evidence.hypotheses
    position = {leaf.id: index for index, leaf in enumerate(leaves)}
    own = position[true.id]
    scores = weighing.log10_lr
    rivals = [index for index, leaf in enumerate(leaves) if leaf.listed and index != own]
    above = [index for index in rivals if scores[index] > scores[own] + BY_MORE_THAN]
    # Comparisons keep the order the hypotheses came in; the weighing sorts them by id.
    given = {hypothesis.id: index for index, hypothesis in enumerate(hypotheses)}
    by_trait = {comparison.table.trait: comparison for comparison in comparisons}
    declared = catalogue.signatures[true.id].confusable_with
    overtaken = []
    for index in sorted(above, key=lambda i: (-float(scores[i]), leaves[i].id)):
        rival = leaves[index].id
        rows = tuple(
            TraitOnBoth(
                record.trait,
                record.block,
                by_trait[record.trait].match[given[true.id]],
                by_trait[record.trait].match[given[rival]],
                bool(record.known[index]) and _differs(float(record.ratio[own]), float(record.ratio[index])),
                float(record.weight[own]),
                float(record.weight[index]),
                float(weighing.alone[number, own]),
                float(weighing.alone[number, index]),
            )
            for number, record in enumerate(weighing.evidence.records)
        )
        if any(row.differs for row in rows):
            mutual = rival in declared or true.id in catalogue.signatures[rival].confusable_with
            overtaken.append(Overtaking(rival, float(scores[index] - scores[own]), mutual, rows))
    best = max([own, *rivals], key=lambda i: (float(scores[i]), i == own))
    return Recognition(
        true.id,
        tuple(entry.trait for entry in observations),
        1 + len(above),
        leaves[best].id,
        float(scores[best] - scores[own]),
        tuple(overtaken),
    )


def recognise_all(
    catalogue: Catalogue,
    *,
    draws: int = 4,
    share: float = 0.5,
    only: Iterable[str] | None = None,
    within_class: bool = False,
    seed: int = 0,
) -> Iterator[Recognition]:
    """Several cases for every type of the catalogue, the seed of each fixed by its type and number.

    Parameters
    ----------
    catalogue : Catalogue
    draws : int
        Cases a type.
    share : float
        Part of the stated traits that a case records.
    only : ids, optional
        Types to make cases from; all of them otherwise.
    within_class : bool
        Whether the relevant population is the type's own class, as an examiner would declare it, or everything.
    seed : int
    """
    from forensics.catalogue import resolve  # noqa: PLC0415

    wanted = frozenset(only) if only is not None else None
    populations: dict[str | None, tuple[Hypothesis, ...]] = {None: resolve(catalogue)[0]}
    for true in populations[None]:
        if not true.listed or (wanted is not None and true.id not in wanted):
            continue
        key = true.class_id if within_class else None
        if key not in populations:
            populations[key] = resolve(catalogue, classes=(key,) if key else ())[0]
        for draw in range(draws):
            rng = np.random.default_rng([seed, draw, *true.id.encode()])
            found = recognise(true, draw_traits(true, share, rng), populations[key], catalogue, rng)
            if found is not None:
                yield found
