"""Doubles of the networks and of the print readers: they say what a test tells them to."""

from __future__ import annotations

import math

import numpy as np

from forensics.examine.markings.formats import key_of
from forensics.examine.markings.printed import Printed
from forensics.examine.markings.regions import TextRegion


class Said:
    """Lines with a given distribution over texts; the rest of it is silence."""

    def __init__(self, shares):
        self.shares = {key_of(text): share for text, share in shares.items()}

    def best(self):
        text = max(self.shares, key=lambda one: (self.shares[one], one), default="")
        silent = 1.0 - sum(self.shares.values())
        return ("", math.log(max(silent, 1e-9))) if silent > self.shares.get(text, 0) else (text, self.score(text))

    def several(self, width, within=None):
        ordered = sorted(self.shares, key=lambda one: (-self.shares[one], one))
        return tuple((one, self.score(one)) for one in ordered if within is None or within.contains(one))[:width]

    def score(self, text):
        return math.log(max(self.shares.get(key_of(text), 1e-12), 1e-12))

    def scores(self, texts):
        silent = math.log(max(1.0 - sum(self.shares.values()), 1e-9))
        return tuple(self.score(text) if text else silent for text in texts)


class Saying:
    """A reading network that reads the same in every crop in which there is anything."""

    digest = "double"

    def __init__(self, shares):
        self.shares = {shares: 0.95} if isinstance(shares, str) else shares

    def read(self, crops):
        return tuple(Said(self.shares if int(np.ptp(crop)) > 60 else {}) for crop in crops)


class Upright(Saying):
    """Reads only where the ink of the crop lies mostly in its upper half: the double's way to know which way is up."""

    def read(self, crops):
        return tuple(Said(self.shares if _heavy_above(crop) else {"?": 0.3}) for crop in crops)


def _heavy_above(crop):
    ink = np.abs(crop.astype(float) - np.median(crop))
    half = crop.shape[0] // 2
    return ink[:half].sum() > ink[half:].sum()


def finding(*boxes, score=0.9):
    """A finding network that sees writing in the given (x, y, width, height)."""

    def find(pixels):
        return tuple(
            TextRegion(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), 0.0, float(h), score) for x, y, w, h in boxes
        )

    return find


def nobody():
    """No print reader."""
    return Printed([])
