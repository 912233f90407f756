"""How numbers are printed: two significant figures at most, never overstated.

Every view prints through these functions, so that one number reads the same wherever it stands. Ratios are rounded
towards one and their intervals outwards: the print never claims more than the computation, and a ratio just under a
naming threshold is never printed as the threshold.
"""

from __future__ import annotations

import math

from forensics.model.result import Assessment
from forensics.report.language import current, say

__all__ = [
    "DEFAULT_LIMIT_LOG10",
    "capped",
    "localised",
    "log10_interval_text",
    "log10_text",
    "percent",
    "probability",
    "range_text",
    "ratio_text",
    "reporting_limit",
    "times",
]

DEFAULT_LIMIT_LOG10 = 4.0
"""The reporting limit where the document does not state another (docs/method.md 3.8)."""

_EXACT = 1e-9
_COMMA = str.maketrans({".": ",", ",": "\u00a0"})


def localised(number: str) -> str:
    """A number as it is written in the current language: with a decimal comma and no-break spaces in Ukrainian."""
    return number if current() == "en" else number.translate(_COMMA)


def reporting_limit(assessment: Assessment) -> float:
    """Log10 of the largest ratio this document may print as a number."""
    conclusion = assessment.conclusion
    return abs(conclusion.log10_lr) if conclusion.capped else DEFAULT_LIMIT_LOG10


def capped(log10_lr: float, limit: float) -> float:
    """The value brought inside the reporting limit, sign kept."""
    return max(-limit, min(limit, log10_lr))


def _two_figures(value: float, *, up: bool) -> float:
    exponent = math.floor(math.log10(value) + _EXACT) - 1
    step = 10.0**exponent
    figures = value / step
    whole = math.ceil(figures - 1e-6) if up else math.floor(figures + 1e-6)
    return whole * step


def times(log10_size: float, *, up: bool = False) -> str:
    """A ratio of one or more in words a person reads: ``"1.2"``, ``"35"``, ``"680"``, ``"1,100"``.

    Parameters
    ----------
    log10_size : float
        0 or more.
    up : bool
        Round away from one (the upper end of an interval) instead of towards it.
    """
    value = _two_figures(10.0 ** max(0.0, log10_size), up=up)
    if value < 10 - _EXACT:
        return localised(f"{value:.1f}".removesuffix(".0"))
    return localised(f"{round(value):,}")


def ratio_text(log10_lr: float, limit: float) -> str:
    """A ratio for a table cell: ``"680"``, ``"1/35"``, ``"at least 10,000"``, ``"at most 1/10,000"``."""
    if log10_lr > limit + _EXACT:
        return say("at least {number}", number=times(limit))
    if log10_lr < -limit - _EXACT:
        return say("at most {number}", number=f"1/{times(limit)}")
    text = times(abs(log10_lr))
    return f"1/{text}" if log10_lr < 0 and text != "1" else text


def range_text(interval: tuple[float, float], limit: float) -> str:
    """Both ends of an interval as ratios, rounded outwards and brought inside the limit."""

    def end(value: float, *, upper: bool) -> str:
        if abs(value) > limit + _EXACT:
            return ratio_text(value, limit)
        if value >= 0:
            return times(value, up=upper)
        text = times(-value, up=not upper)
        return f"1/{text}" if text != "1" else text

    return say("{low} to {high}", low=end(interval[0], upper=False), high=end(interval[1], upper=True))


def log10_text(value: float, limit: float | None = None) -> str:
    """A log10 ratio with its sign and two decimals; ``"> +4"`` beyond the limit where one is given."""
    if limit is not None and abs(value) > limit + _EXACT:
        return localised(f"> +{limit:g}" if value > 0 else f"< -{limit:g}")
    text = f"{value:+.2f}"
    return localised("0.00" if text in ("+0.00", "-0.00") else text)


def log10_interval_text(interval: tuple[float, float] | None) -> str:
    """``"+2.45 to +3.38"``, or nothing where no interval was computed."""
    if interval is None:
        return ""
    low, high = (log10_text(end) for end in interval)
    return f"{low} to {high}" if current() == "en" else f"{low} … {high}"  # a table has no room for "від … до"


def probability(value: float) -> str:
    """A probability; close to one, as many figures as show how far from one it is."""
    return localised(_probability(value))


def _probability(value: float) -> str:
    if value <= 0.0 or value >= 1.0:
        return f"{value:g}"
    if value < 1e-4:
        return "< 0.0001"
    if value > 1 - 1e-4:
        return "> 0.9999"
    if value < 0.01:
        return f"{value:.1g}" if value >= 0.001 else f"{value:.4f}"
    if value <= 0.99:
        return f"{value:.2f}"
    doubt = 1.0 - value
    decimals = -math.floor(math.log10(doubt) + _EXACT)
    return f"{math.floor(value * 10**decimals + _EXACT) / 10**decimals:.{decimals}f}"


def percent(share: float) -> str:
    """A share of a whole in percent; a small one is never printed as nothing."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"
