"""Elicited ranges (docs/method.md 7.5): what the result would be under other defensible judgements.

The grade bootstrap shakes the catalogue; this shakes the method. Every parameter with a stated range that enters a
likelihood is drawn at once from its range, the same findings are compared and weighed again, and the spread of the
reported ratio is told beside that of the bootstrap. Draws are a Latin hypercube, so that a few dozen cover each range
evenly. Left out: grades and their inheritance (the bootstrap draws those weights), gates that decide a name and not a
ratio, the coverage prior (it has a sweep of its own).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.assess.engine import Weighing, weigh
from forensics.assess.evidence import gather
from forensics.assess.settings import LN10, Settings
from forensics.model.catalogue import Catalogue, Hypothesis, Parameters
from forensics.model.tables import Comparison, Edge

__all__ = ["Compared", "Drawn", "Recompare", "draw_ranges", "drawn_parameters", "ranged", "reweigh"]

Floats = NDArray[np.float64]
Compared = tuple[Sequence[Comparison], Sequence[Edge]]

SEED = 20240628
LOG_RATIO = 5.0
"""A range whose ends differ by more than this factor is drawn evenly in the logarithm."""
LEAST_INFLUENCE = 0.5
"""Rank correlation from which a judgement is named: among sixty, chance alone reaches it in one case of ten."""
MOST_NAMED = 3

_ELSEWHERE = (
    "reliability_", "credibility_", "weight_cap", "copied_source_eta", "inheritance_", "bootstrap_", "cost_",
    "tie_", "naming_", "favour_", "pattern_lr", "unremarkable_log10", "pivotal_", "leave_source_share",
    "report_cap_log10", "state_coverage_theta", "unlisted_other_prior", "text_recognised",
)  # fmt: skip


@dataclass(frozen=True)
class Recompare:
    """How the same findings are compared again; given by whoever holds them.

    under: comparisons and edges under other parameters, over the hypotheses in the order given to ``assess``.
    undated: the same as they are, had the date of the event not been known; None where it was not.
    """

    under: Callable[[Parameters], Compared]
    undated: Callable[[], Compared] | None = None


@dataclass(frozen=True)
class Drawn:
    """log_lr: (D, H) ln LR of the leaves in every draw, in canonical order. parameters: by name (D,) values drawn."""

    log_lr: Floats
    parameters: dict[str, Floats]

    def interval(self, node: Floats) -> tuple[float, float, float]:
        """5, 50 and 95 % points of a (D,) array."""
        low, middle, high = np.quantile(node, (0.05, 0.5, 0.95))
        return float(low), float(middle), float(high)

    def drivers(self, node: Floats) -> tuple[tuple[str, float], ...]:
        """The judgements the node depends on most, with the rank correlation of each, strongest first."""
        if float(np.ptp(node)) < 1e-9:
            return ()
        found = [(name, _rank_correlation(values, node)) for name, values in sorted(self.parameters.items())]
        strong = [entry for entry in found if abs(entry[1]) >= LEAST_INFLUENCE]
        return tuple(sorted(strong, key=lambda entry: (-round(abs(entry[1]), 9), entry[0]))[:MOST_NAMED])


def ranged(parameters: Parameters) -> tuple[str, ...]:
    """Names of the parameters drawn, sorted."""
    return tuple(
        name
        for name, entry in sorted(parameters.entries.items())
        if entry.low is not None and entry.high is not None and not name.startswith(_ELSEWHERE)
    )


def drawn_parameters(parameters: Parameters, draws: int) -> tuple[tuple[Parameters, ...], dict[str, Floats]]:
    """Joint draws over every range: the parameter sets, and by name the (D,) values."""
    rng = np.random.default_rng(SEED)
    values: dict[str, Floats] = {}
    for name in ranged(parameters):
        entry = parameters.entries[name]
        low, high = float(entry.low or 0.0), float(entry.high or 0.0)
        place = (rng.permutation(draws) + rng.random(draws)) / draws
        if low > 0 and high / low >= LOG_RATIO:
            values[name] = low * (high / low) ** place
        else:
            values[name] = low + (high - low) * place
    sets = tuple(parameters.replace(**{name: float(drawn[k]) for name, drawn in values.items()}) for k in range(draws))
    return sets, values


def draw_ranges(recompare: Recompare, hypotheses: Sequence[Hypothesis], catalogue: Catalogue) -> Drawn:
    """Compare and weigh the same findings under every draw; ``hypotheses`` in the order given to ``assess``."""
    draws = round(catalogue.parameters["range_draws"])
    sets, values = drawn_parameters(catalogue.parameters, draws)
    rows = [
        reweigh(recompare.under(parameters), hypotheses, catalogue, Settings.read(parameters)).log_lr
        for parameters in sets
    ]
    return Drawn(np.array(rows), values)


def reweigh(compared: Compared, hypotheses: Sequence[Hypothesis], catalogue: Catalogue, settings: Settings) -> Weighing:
    """Weigh comparisons that were made again."""
    comparisons, edges = compared
    return weigh(gather(comparisons, edges, hypotheses, catalogue.vocabulary, settings))


def _rank_correlation(values: Floats, node: Floats) -> float:
    """Spearman's, of values without ties."""
    one, other = np.argsort(np.argsort(values)), np.argsort(np.argsort(node / LN10))
    return float(np.corrcoef(one, other)[0, 1])
