"""Every possible record of one trait, for simulation, batch scoring and the next examination."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from forensics.compare import category, count, presence, ring_count
from forensics.compare.background import background_entry, copy_cat, foreign_floor, lift, theta_of
from forensics.compare.date_comparing import dated_weight
from forensics.compare.date_tabulating import date_codes, year_marks
from forensics.compare.measured import background_law, value_law
from forensics.compare.production import window_known, year_prior
from forensics.compare.stated import Floats, Integers, Stated, number_origins, state_values
from forensics.compare.text import formats_of, generic_shares
from forensics.model.catalogue import Catalogue, ExpectedMeasure, ExpectedText, Hypothesis, Trait, TraitKind
from forensics.model.evidence import Method
from forensics.model.tables import TraitTable

__all__ = ["tabulate"]

BINS = 120
INSTRUMENT = 0.01
"""Standard uncertainty, relative, of the instrument a measurement is tabulated for."""

OTHER_MARK = "another mark"

Tabulated = tuple[tuple[str, ...], Floats, Floats]
"""Labels, (V, X) under each stated value, (X,) background; rows and background sum to 1."""


def tabulate(
    trait_id: str, hypotheses: Sequence[Hypothesis], catalogue: Catalogue, *, event_year: int | None = None
) -> TraitTable | None:
    """Likelihood of every possible record of a trait (docs/method.md 6 and 8).

    Measured traits: about 120 bins at an instrument uncertainty of 1 %. Rings: number and described spacing. Marks: "a
    mark of this format" for each format known, and another mark. Year marks: 1 to 150, a four-digit year, another
    number. Dates: calendar years. Every column and the background sum to 1.

    None where the trait is not in the vocabulary, no hypothesis has anything to say, or records cannot be listed
    (likeness scores).
    """
    trait = catalogue.vocabulary.traits.get(trait_id)
    if trait is None or trait.kind is TraitKind.SCORE:
        return None
    stated = state_values(trait, hypotheses, catalogue, number_origins(hypotheses))
    if trait.kind in (TraitKind.YEAR_MARK, TraitKind.DATE):
        return _dated(trait, stated, hypotheses, catalogue, event_year)
    if not stated.known.any():
        return None
    labels, of_values, background = _TABLES[trait.kind](stated, catalogue)
    return _table(stated, labels, stated.spread(of_values, background), background, stated.weight, stated.origin)


def _table(
    stated: Stated, labels: tuple[str, ...], likelihood: Floats, background: Floats, weight: Floats, origin: Integers
) -> TraitTable:
    likelihood = likelihood / likelihood.sum(axis=0)
    background = background / background.sum()
    silent = weight <= 0
    likelihood[:, silent] = background[:, None]
    for array in (likelihood, background, weight, origin):
        array.setflags(write=False)
    return TraitTable(stated.trait.id, stated.trait.block, labels, likelihood, background, weight, origin)


def _usual_method(trait: Trait) -> Method:
    return Method.PHOTOGRAPH if trait.effort == "photo" else Method.PHYSICAL


def _category(stated: Stated, catalogue: Catalogue) -> Tabulated:
    latent = category.law(stated, (), catalogue)
    matrix = category.confusion(stated.trait, latent.labels, _usual_method(stated.trait), catalogue.parameters)
    return latent.labels, latent.of_values @ matrix, latent.background @ matrix


def _count(stated: Stated, catalogue: Catalogue) -> Tabulated:
    latent = count.law(stated, (), catalogue)
    matrix = count.miscount(len(latent.labels) - 1, catalogue.parameters)
    return latent.labels, latent.of_values @ matrix, latent.background @ matrix


def _presence(stated: Stated, catalogue: Catalogue) -> Tabulated:
    latent = presence.law(stated, (), catalogue)
    sensitivity = catalogue.parameters["presence_sensitivity"]
    false_sighting = catalogue.parameters["presence_false_sighting"]
    matrix = np.array([[sensitivity, 1 - sensitivity], [false_sighting, 1 - false_sighting]])
    labels = ("seen", "looked for and not there")
    return labels, latent.of_values @ matrix, latent.background @ matrix


def _ring(stated: Stated, catalogue: Catalogue) -> Tabulated:
    latent = ring_count.law(stated, (), catalogue)
    highest = len(latent.labels) // len(ring_count.SPACINGS) - 1
    matrix = ring_count.observation_matrix(highest, catalogue.parameters)
    return latent.labels, latent.of_values @ matrix, latent.background @ matrix


def _measured(stated: Stated, catalogue: Catalogue) -> Tabulated:
    """Bins at the quantiles of what is expected at all, so that they are narrow where the types differ."""
    generic_law = background_law(stated, 0.0, INSTRUMENT, catalogue)
    values = [v for v in stated.values if isinstance(v, ExpectedMeasure)]
    laws = [value_law(v, 0.0, INSTRUMENT, catalogue.parameters) for v in values]
    centres = np.concatenate([np.abs(law.location) for law in laws])
    scan = np.geomspace(max(centres.min(), 1e-6) / 4, centres.max() * 4, 400)
    mean = np.mean([law.below(scan) for law in laws], axis=0)
    together = np.maximum.accumulate(0.5 * mean + 0.5 * generic_law.below(scan))
    edges = np.unique(np.interp((np.arange(BINS - 1) + 1) / BINS, together, scan))
    ends = np.concatenate([[-np.inf], edges, [np.inf]])
    of_values = np.array([np.diff(law.below(ends)) for law in laws])
    background = np.diff(generic_law.below(ends))
    entry = background_entry(catalogue, stated.trait.id)
    if entry.theta is not None:
        background = copy_cat(of_values, background, stated, theta_of(stated, entry, catalogue.parameters))
    background = lift(background / background.sum(), of_values.max(axis=0), foreign_floor(catalogue.parameters))
    unit = stated.trait.unit or ""
    inner = [f"{low:.4g} to {high:.4g} {unit}".strip() for low, high in pairwise(edges)]
    labels = (f"below {edges[0]:.4g} {unit}".strip(), *inner, f"{edges[-1]:.4g} {unit} or more".strip())
    return labels, of_values, background


def _text(stated: Stated, catalogue: Catalogue) -> Tabulated:
    formats = [formats_of(value, catalogue) for value in stated.values if isinstance(value, ExpectedText)]
    slots = {name: found for known in formats for name, found, _ in known}
    names = tuple(sorted(slots))
    generic = np.append(generic_shares([slots[name] for name in names], catalogue, stated.trait.id), 0.0)
    generic[-1] = 1.0 - generic.sum()
    other_marks, recognised = catalogue.parameters["text_other_marks"], catalogue.parameters["text_recognised"]
    of_values = np.tile(other_marks * generic, (len(formats), 1))
    index = {name: number for number, name in enumerate(names)}
    for row, known in enumerate(formats):
        for name, _, weight in known:
            of_values[row, index[name]] += (1 - other_marks) * weight * recognised
        of_values[row, -1] += 1.0 - of_values[row].sum()
    entry = background_entry(catalogue, stated.trait.id)
    background = copy_cat(of_values, generic, stated, theta_of(stated, entry, catalogue.parameters))
    background = lift(background, of_values.max(axis=0), foreign_floor(catalogue.parameters))
    return (*names, OTHER_MARK), of_values, background


_TABLES: dict[TraitKind, Callable[[Stated, Catalogue], Tabulated]] = {
    TraitKind.CATEGORY: _category,
    TraitKind.COUNT: _count,
    TraitKind.PRESENCE: _presence,
    TraitKind.RING: _ring,
    TraitKind.MEASURED: _measured,
    TraitKind.TEXT: _text,
}


def _dated(
    trait: Trait,
    stated: Stated,
    hypotheses: Sequence[Hypothesis],
    catalogue: Catalogue,
    event_year: int | None,
) -> TraitTable | None:
    if not stated.known.any() and not any(window_known(hypothesis) for hypothesis in hypotheses):
        return None
    years, prior, elsewhere = year_prior(hypotheses, event_year, catalogue.parameters)
    weight, origin = dated_weight(stated, hypotheses, catalogue)
    if trait.kind is TraitKind.DATE:
        labels, kernel = date_codes(trait, years, catalogue.parameters)
        likelihood = kernel.T @ prior
        background = elsewhere @ kernel
    else:
        labels, of_values, given = year_marks(stated, years, catalogue)
        background = given @ elsewhere
        likelihood = given @ prior
        for row in np.unique(stated.rows[stated.known]):
            columns = np.flatnonzero(stated.rows == row)
            shares = stated.shares[columns[0]]
            own = np.tensordot(shares / shares.sum(), of_values, axes=1)
            likelihood[:, columns] = own @ prior[:, columns]
    known = weight > 0
    background = lift(
        background / background.sum(), likelihood[:, known].max(axis=1), foreign_floor(catalogue.parameters)
    )
    return _table(stated, labels, np.ascontiguousarray(likelihood), background, weight, origin)
