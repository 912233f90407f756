"""The latent production year: what is known of it before any date is read off the item."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from forensics.compare.stated import Floats, Integers
from forensics.model.catalogue import Hypothesis, Parameters

__all__ = ["FIRST_YEAR", "UNDATED_LAST_YEAR", "production_years", "window_known", "year_prior"]

FIRST_YEAR = 1940
UNDATED_LAST_YEAR = 2030
"""Last production year considered where the event has no date: nothing is cut off then."""


def production_years(event_year: int | None) -> Integers:
    """(Y,) production years considered, cut off at the event."""
    last = event_year if event_year is not None else UNDATED_LAST_YEAR
    return np.arange(min(FIRST_YEAR, last), last + 1, dtype=np.int64)


def window_known(hypothesis: Hypothesis) -> bool:
    """Whether anything is known about when a type was made."""
    return hypothesis.production.first is not None or hypothesis.production.last is not None


def _law(first: float, last: float, years: Integers, event_year: int | None, parameters: Parameters) -> Floats:
    edge = parameters["window_edge_years"]
    window = expit((years - (first - 0.5)) / edge) * expit(((last + 0.5) - years) / edge)
    even = window / max(float(window.sum()), 1e-300)
    if event_year is None:
        law: Floats = even
        return law
    fresh = window * np.exp(-(event_year - years) / parameters["stock_age_mean_years"])
    total = float(fresh.sum())
    recent = parameters["stock_fresh_share"]
    aged: Floats = (1 - recent) * even + recent * (fresh / total if total > 1e-300 else even)
    return aged


def year_prior(
    hypotheses: Sequence[Hypothesis], event_year: int | None, parameters: Parameters
) -> tuple[Integers, Floats, Floats]:
    """Production years, p(year | h) of shape (Y, H) and p(year | unlisted design elsewhere) of shape (Y,).

    A window with soft edges times a stock-age law, in part exponential and in part uniform over the window, cut off
    at the event, with a small share on a wide window. Where no window is known the column is exactly the
    background. That a stated window may be wrong is the weight of the record (``window_weight``), not of the prior.
    """
    years = production_years(event_year)
    last = int(years[-1])
    wide_first = parameters["window_wide_first"]
    wide = (years >= wide_first).astype(np.float64)
    wide = wide / wide.sum() if wide.any() else np.full(years.size, 1.0 / years.size)
    elsewhere = _law(wide_first, last, years, event_year, parameters)
    elsewhere = 0.97 * elsewhere + 0.03 / years.size
    elsewhere /= elsewhere.sum()
    share = parameters["window_wide_share"]
    table = np.repeat(elsewhere[:, None], len(hypotheses), axis=1)
    laws: dict[tuple[int | None, int | None], Floats] = {}
    for index, hypothesis in enumerate(hypotheses):
        if not window_known(hypothesis):
            continue
        window = (hypothesis.production.first, hypothesis.production.last)
        if window not in laws:
            low = float(window[0]) if window[0] is not None else float(FIRST_YEAR)
            high = float(window[1]) if window[1] is not None else float(last)
            inside = _law(low, high, years, event_year, parameters)
            law = (1 - share) * inside + share * wide
            laws[window] = law / law.sum()
        table[:, index] = laws[window]
    return years, table, elsewhere
