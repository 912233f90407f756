"""Verbal scales for likelihood ratios: data, with citation.

A scale puts a word on a band of likelihood ratios. It is optional in every guideline that has one and never replaces
the number: a band is printed beside the number and the two propositions, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.report.language import say

__all__ = ["DEFAULT_SCALE", "SCALES", "Band", "Scale", "band", "support"]


@dataclass(frozen=True)
class Band:
    """Ratios from 10**``from_log10`` (inclusive) up to the next band."""

    from_log10: float
    words: str


@dataclass(frozen=True)
class Scale:
    """A published scale. ``bands`` ascend; below the first one neither proposition is supported."""

    id: str
    name: str
    citation: str
    bands: tuple[Band, ...]


_DECADES = (
    Band(1.0, "moderate"),
    Band(2.0, "moderately strong"),
    Band(3.0, "strong"),
    Band(4.0, "very strong"),
    Band(6.0, "extremely strong"),
)

SCALES: dict[str, Scale] = {
    scale.id: scale
    for scale in (
        Scale(
            "enfsi-2015",
            "ENFSI 2015 example scale",
            "ENFSI Guideline for Evaluative Reporting in Forensic Science (2015), example of a verbal scale",
            (Band(0.0, "weak"), *_DECADES),
        ),
        Scale(
            "afsp-2009",
            "AFSP 2009 scale",
            "Association of Forensic Science Providers, Standards for the formulation of evaluative forensic science "
            "expert opinion, Science and Justice 49 (2009) 161-164",
            (Band(0.0, "weak or limited"), *_DECADES),
        ),
        Scale(
            "nordgaard-2012",
            "Swedish ordinal scale",
            "Nordgaard, Ansell, Drotz, Jaeger, Scale of conclusions for the value of evidence, Law, Probability and "
            "Risk 11 (2012) 1-24",
            (
                Band(0.778151250383644, "some"),  # log10 6
                Band(2.0, "plain"),
                Band(3.778151250383644, "strong"),  # log10 6000
                Band(6.0, "extremely strong"),
            ),
        ),
    )
}
DEFAULT_SCALE = SCALES["enfsi-2015"]

_AT_BOUND = 1e-9  # 10**3 computed as 2.9999999999 belongs to the band that starts at 3


def band(log10_lr: float, scale: Scale = DEFAULT_SCALE) -> Band | None:
    """The band a ratio of at least one falls in; ``None`` where it supports neither side.

    Parameters
    ----------
    log10_lr : float
        Logarithm of the ratio, 0 or more; a ratio below one is put the other way round by the caller.
    """
    if log10_lr <= _AT_BOUND:
        return None
    found = None
    for entry in scale.bands:
        if log10_lr >= entry.from_log10 - _AT_BOUND:
            found = entry
    return found


def support(log10_lr: float, interval: tuple[float, float] | None = None, scale: Scale = DEFAULT_SCALE) -> str:
    """The words for a ratio, both ends printed when its interval crosses bands.

    Parameters
    ----------
    log10_lr : float
        0 or more.
    interval : tuple of float, optional
        Lower and upper end in log10; the lower end may be negative (support for the other proposition).

    Returns
    -------
    str
        ``"strong support"``, ``"moderately strong to strong support"``, ``"no support either way"`` ...
    """
    low, high = interval if interval is not None else (log10_lr, log10_lr)
    low, high = min(low, log10_lr), max(high, log10_lr)
    upper = band(high, scale)
    neither = say("no support either way")
    if low < -_AT_BOUND:
        other = band(-low, scale)
        against = say("{band} support for the other proposition", band=say(other.words)) if other else neither
        if upper is None:
            return against
        return say("from {against} to {band} support", against=against, band=say(upper.words))
    lower = band(low, scale)
    if lower == upper:
        return say("{band} support", band=say(lower.words)) if lower else neither
    if upper is None:
        return neither
    if lower is None:
        return say("no to {high} support", high=say(upper.words))
    return say("{low} to {high} support", low=say(lower.words), high=say(upper.words))
