"""Several readings of one stretch made into one mark with competing readings.

Every view gives a distribution over strings; the mark's is their weighted mean, so that a view that went wrong cannot
veto the others. Tesseract's readings of the same crops are mixed in where its ways agree; a format of the catalogue
makes a reading somewhat more probable, never certain. A reading that only a list of known marks brought up is kept
apart: it is no independent evidence.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forensics.examine.markings.characters import letters, scripts_needed
from forensics.examine.markings.formats import Formats, key_of
from forensics.examine.markings.lines import Lines, Scored
from forensics.examine.markings.plausible import plausibility

__all__ = ["MOST_READINGS", "Fused", "PrintRead", "Weighed", "fuse", "print_support", "proposals"]

MOST_READINGS = 6
"""Competing readings kept, the best among them."""

SMALLEST_SHARE = 0.01
BEAM_WIDTH = 5
BEAMED = 1
"""How many of the surest views are searched for more texts than their best."""

LEAST_SURENESS = -1.1
"""Log probability for each character of a view's best text from which it is searched for others."""

UNSURE = 0.55
"""Below this the network is unsure, and Tesseract may win when its ways agree."""

DOUBT = 0.3
"""Plausibility of the strings that nobody proposed."""

PRINT_SHARE_UNSURE = 0.6
PRINT_SHARE_SURE = 0.1
PRINT_SURENESS = 0.80
PRINT_AGREEMENT = 0.25


@dataclass(frozen=True)
class PrintRead:
    """One reading of one crop by one way of a print reader (Tesseract, RapidOCR).

    ``sureness``: its own, 0 to 1. ``scripts``: those that this way can print at all.
    """

    text: str
    sureness: float
    way: str
    scripts: frozenset[str] = frozenset({"hangul", "cyrillic", "latin"})


@dataclass(frozen=True)
class Weighed:
    """One reading. ``share``: its part of the fused distribution, 0 to 1. ``listed``: only a list of marks named it."""

    text: str
    share: float
    character_shares: tuple[float, ...] = ()
    listed: bool = False


@dataclass(frozen=True)
class Fused:
    """All readings of one stretch and what calibration needs to know.

    ``silence``: share of views' probability that nothing is written. ``network``: the share of the best reading in the
    network's distribution alone. ``agreement``: part of the views whose own best is the best reading. ``print``:
    support of the best reading by the print readers, -1 where none was asked.
    """

    readings: tuple[Weighed, ...]
    silence: float
    network: float
    agreement: float
    printed: float
    views: int

    @property
    def best(self) -> Weighed | None:
        """The best reading that is not from a list, or None where nothing was read."""
        return next((one for one in self.readings if not one.listed), None)


def fuse(
    views: Sequence[tuple[Lines, float]],
    printed: Sequence[PrintRead] | None = None,
    formats: Formats | None = None,
    known_marks: Iterable[str] = (),
    proposed: Iterable[str] | None = None,
) -> Fused:
    """Fuse the views of one stretch.

    Parameters
    ----------
    views : sequence of (Lines, float)
        What the network read in each view, and the log weight of the view.
    printed : sequence of PrintRead, optional
        What print readers made of it; None where they were not asked.
    formats : Formats, optional
        Formats of the catalogue; a reading that follows one gains ``Formats.favour``.
    known_marks : iterable of str
        Marks to look for. Scored like the rest; flagged where no reader proposed them by itself.
    proposed : iterable of str, optional
        What ``proposals`` gave for these views, where it is known already.
    """
    weights = _normal([weight for _, weight in views])
    bests = [view.best() for view, _ in views]
    support = print_support(printed or ())
    texts_proposed = proposals(views, formats) if proposed is None else tuple(proposed)
    candidates = dict.fromkeys((*texts_proposed, *support))
    marks = {key_of(mark): mark for mark in known_marks if key_of(mark)}
    listed = [key for key in marks if key not in candidates]
    texts = [*candidates, *listed]
    shares = dict.fromkeys(texts, 0.0)
    silence = 0.0
    for (view, _), weight in zip(views, weights, strict=True):
        scores = view.scores(["", *texts])
        silence += weight * math.exp(min(0.0, scores[0]))
        for text, score in zip(texts, scores[1:], strict=True):
            shares[text] += weight * math.exp(min(0.0, score))
    network = dict(shares)
    shares = _with_print(shares, support)
    shares = _favoured(shares, formats)
    free = sorted(candidates, key=lambda key: (-shares[key], key))
    kept = [key for key in free[:MOST_READINGS] if shares[key] >= SMALLEST_SHARE * shares[free[0]] > 0]
    readings = [_weighed(support.get(key, (key, 0.0))[0], key, free, shares) for key in kept]
    readings += [Weighed(marks[key], round(shares[key], 6), listed=True) for key in listed]
    top = kept[0] if kept else ""
    return Fused(
        tuple(readings),
        silence=round(silence, 6),
        network=round(network.get(top, 0.0), 6),
        agreement=sum(w for w, (text, _) in zip(weights, bests, strict=True) if text == top) if top else 0.0,
        printed=-1.0 if printed is None else round(support.get(top, ("", 0.0))[1], 6),
        views=len(views),
    )


def proposals(views: Sequence[tuple[Lines, float]], formats: Formats | None) -> tuple[str, ...]:
    """Texts worth scoring under every view: each view's best, and more from the view that is surest.

    A search for more is a hundred times dearer than the best, so it is made where something can be read at all.
    """
    bests = [view.best() for view, _ in views]
    found = [text for text, _ in bests if text]
    order = sorted(range(len(views)), key=lambda number: (-views[number][1], -_sureness(bests[number]), number))
    for number in order[:BEAMED]:
        if _sureness(bests[number]) < LEAST_SURENESS:
            continue
        found.extend(text for text, _ in views[number][0].several(BEAM_WIDTH) if text)
        if formats is not None and formats.together is not None:
            found.extend(text for text, _ in views[number][0].several(BEAM_WIDTH, formats.together))
    return tuple(dict.fromkeys(found))


def _sureness(scored: Scored) -> float:
    text, score = scored
    return score / len(text) if text else -30.0


def print_support(printed: Iterable[PrintRead]) -> dict[str, tuple[str, float]]:
    """For each text that print readers gave, its spelling and its support.

    The sureness of the ways that read it over the number of ways that could have; a way without Korean does not speak
    against a Korean reading.
    """
    reads = tuple(printed)
    groups: dict[str, list[PrintRead]] = defaultdict(list)
    for one in reads:
        if letters(one.text):
            groups[key_of(one.text)].append(one)
    out: dict[str, tuple[str, float]] = {}
    for key, members in groups.items():
        best = max(members, key=lambda one: (one.sureness, one.text))
        needed = scripts_needed(best.text)
        able = sum(needed <= one.scripts for one in reads)
        out[key] = (best.text, min(1.0, sum(one.sureness for one in members) / max(able, len(members), 1)))
    return out


def _with_print(shares: dict[str, float], support: dict[str, tuple[str, float]]) -> dict[str, float]:
    """Tesseract mixed in: with weight where the network is unsure and its ways agree, else a little."""
    if not support:
        return shares
    top, (_, most) = max(support.items(), key=lambda item: (item[1][1], item[0]))
    surest = max(shares.values(), default=0.0)
    agree = most >= PRINT_AGREEMENT
    part = PRINT_SHARE_UNSURE * most if surest < UNSURE and agree else PRINT_SHARE_SURE * most
    if shares.get(top, 0.0) == surest and surest > 0:
        part = PRINT_SHARE_UNSURE * most
    total = sum(value for _, value in support.values())
    mixed = {key: (1 - part) * share for key, share in shares.items()}
    for key, (_, value) in support.items():
        mixed[key] = mixed.get(key, 0.0) + part * value / max(total, 1e-9)
    return mixed


def _favoured(shares: dict[str, float], formats: Formats | None) -> dict[str, float]:
    """Shares times how plausible each string is as a mark, with the formats' favour.

    What no candidate has stays doubt: it takes its part in the normalisation with a plausibility of its own.
    """
    total = sum(shares.values())
    if total <= 0:
        return shares
    raised = {
        key: share * math.exp(plausibility(key)) * (formats.favour(key) if formats is not None else 1.0)
        for key, share in shares.items()
    }
    whole = sum(raised.values()) + max(0.0, 1.0 - total) * DOUBT
    return {key: share / whole for key, share in raised.items()}


def _weighed(text: str, key: str, free: Sequence[str], shares: dict[str, float]) -> Weighed:
    """A reading with, for each character, the share of all readings of its length that have it there."""
    same = [(other, shares[other]) for other in free if len(other) == len(key)]
    total = sum(shares[other] for other in free) or 1.0
    each = [sum(share for other, share in same if other[place] == letter) for place, letter in enumerate(key)]
    # Readers of print set words apart; the network does not, and its shares then fit no character.
    fits = len(text) == len(key)
    return Weighed(text, round(shares[key], 6), tuple(round(min(1.0, v / total), 4) for v in each) if fits else ())


def _normal(weights: Sequence[float]) -> list[float]:
    if not weights:
        return []
    top = max(weights)
    raised = [math.exp(weight - top) for weight in weights]
    return [value / sum(raised) for value in raised]
