"""The background: what an unlisted design would show.

Every design trait uses one mixture, the predictive law of the Ewens sampling formula: a new family copies a known
one with probability n/(n + theta), else draws from a generic law. Conventions of states are elicited instead.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from forensics.compare.stated import Floats, Stated
from forensics.model.catalogue import Background, Catalogue, Parameters

__all__ = ["background_entry", "concentration", "copy_cat", "elicited_law", "foreign_floor", "lift"]


def background_entry(catalogue: Catalogue, trait_id: str) -> Background:
    """The entry of population.yaml for a trait, an empty one where there is none."""
    return catalogue.backgrounds.get(trait_id) or Background(trait=trait_id)


@lru_cache(maxsize=4096)
def _solve(families: int, distinct: int, low: float, high: float) -> float:
    """Concentration at which ``distinct`` values are expected among ``families``, within ``low``..``high``."""
    order = np.arange(families)
    if float((low / (low + order)).sum()) >= distinct:
        return low
    if float((high / (high + order)).sum()) <= distinct:
        return high
    for _ in range(60):
        middle = math.sqrt(low * high)
        if float((middle / (middle + order)).sum()) < distinct:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)


def concentration(families: int, distinct: int, elicited: float | None, parameters: Parameters) -> float:
    """Ewens concentration theta.

    families: families with a known value; distinct: different values among them. Fewer than ten families: the
    elicited value alone (docs/method.md 3.3). From ten on, the geometric mean of the elicited and the fitted value, the
    fit weighing (n - 9)/n.
    """
    prior = elicited if elicited is not None else parameters["theta_default"]
    small = parameters["theta_families_minimum"]
    if families < small:
        return prior
    share = min(1.0, (families - small + 1) / families)
    fitted = _solve(families, max(1, distinct), parameters["theta_minimum"], parameters["theta_maximum"])
    return math.exp((1 - share) * math.log(prior) + share * math.log(fitted))


def copy_cat(of_values: Floats, generic: Floats, stated: Stated, theta: float) -> Floats:
    """Mix family votes into a generic law: (theta * generic + sum of votes) / (theta + n).

    of_values: (V, X) likelihood of each record under each distinct value; generic: (X,).
    """
    if not stated.families:
        return generic
    mixed: Floats = (theta * generic + stated.votes.sum(axis=0) @ of_values) / (theta + stated.families)
    return mixed


def distinct_votes(stated: Stated) -> int:
    """How many different values the families hold, each family counted by the value it gives most of its vote."""
    return len(set(np.argmax(stated.votes, axis=1).tolist())) if stated.families else 0


def theta_of(stated: Stated, background: Background, parameters: Parameters) -> float:
    """Concentration for one trait from its votes and its entry of population.yaml."""
    return concentration(stated.families, distinct_votes(stated), background.theta, parameters)


def elicited_law(labels: tuple[str, ...], rates: dict[str, float], *, reserve: float = 0.01) -> Floats:
    """Elicited rates over labels; what the rates leave (at least ``reserve``) is spread over labels without one.

    Gives (K,) summing to 1, every entry positive.
    """
    law = np.array([max(0.0, float(rates.get(label, 0.0))) for label in labels])
    silent = np.array([label not in rates or rates[label] <= 0 for label in labels])
    if not silent.any():
        law /= law.sum()
        return law
    total = float(law.sum())
    left = max(1.0 - total, reserve) if total > 0 else 1.0
    if total > 0:
        law *= (1.0 - left) / total
    law[silent] = left / silent.sum()
    return law


def foreign_floor(parameters: Parameters) -> float:
    """The part of the highest likelihood below which no background goes.

    Reuse, planting, contamination and stray parts: the foreign-occurrence floor, and the cap on one trait
    (docs/method.md 3.3 and 3.8), whichever is higher.
    """
    return max(parameters["foreign_occurrence_floor"], float(10.0 ** -parameters["trait_cap_log10"]))


def lift(background: Floats, ceiling: Floats, floor: float) -> Floats:
    """Raise a background to ``floor`` times ``ceiling`` everywhere and keep its sum of 1.

    background: (X,) summing to 1; ceiling: (X,) highest likelihood of any hypothesis. The part above the floor is
    scaled down until the sum is 1 again, so the floor holds exactly.
    """
    least = floor * ceiling
    spare = 1.0 - float(least.sum())
    if spare <= 0.0:  # more than 1/floor values that exclude each other: the floor cannot hold everywhere
        mixed: Floats = 0.5 * background + 0.5 * least / least.sum()
        return mixed
    if bool((background >= least).all()):
        return background
    scale = 1.0
    for _ in range(200):
        free = scale * background > least
        mass = float(background[free].sum())
        if mass <= 0.0:
            break
        new = (1.0 - float(least[~free].sum())) / mass
        if new >= scale - 1e-15:
            break
        scale = new
    raised = np.maximum(scale * background, least)
    lifted: Floats = raised / raised.sum()
    return lifted
