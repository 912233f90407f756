"""From what speaks for a reading to the probability that it is right, and that there is writing at all.

``calibration.json`` holds logistic models and the thresholds of reporting, with where they were fitted and checked;
``tests/benchmarks/markings/calibrate.py`` makes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from forensics.examine.markings.fusion import Fused

__all__ = ["FEATURES", "Calibration", "Model", "features", "load"]

FEATURES = (
    "intercept",
    "share",
    "margin",
    "agreement",
    "printed",
    "print_asked",
    "silence",
    "evidence",
    "length",
    "single",
    "finder",
)


@dataclass(frozen=True)
class Model:
    """A logistic model, then a monotone table over its result. ``weights`` by name of ``FEATURES``."""

    weights: Mapping[str, float]
    table: tuple[tuple[float, float], ...] = ()

    def probability(self, values: Sequence[float]) -> float:
        """The probability for a row of features in the order of ``FEATURES``."""
        total = sum(self.weights.get(name, 0.0) * value for name, value in zip(FEATURES, values, strict=True))
        raw = 1.0 / (1.0 + math.exp(-min(max(total, -30.0), 30.0)))
        return _looked_up(self.table, raw) if self.table else raw


@dataclass(frozen=True)
class Calibration:
    """The models and thresholds.

    ``right_found``, ``right_pointed``: the best reading is exactly right. ``writing``: there is writing where the
    machine says so. ``report``: probability of writing from which a reading is reported unasked; ``unreadable``: from
    which writing that cannot be read is reported; ``readable``: probability of being right from which it is a reading.
    """

    right_found: Model
    right_pointed: Model
    writing: Model
    report: float
    unreadable: float
    readable: float
    reader: str
    provenance: str


def features(fused: Fused, evidence: float, finder_score: float) -> tuple[float, ...]:
    """A row of ``FEATURES`` for one mark."""
    best = fused.best
    share = best.share if best is not None else 0.0
    others = [one.share for one in fused.readings if not one.listed and one is not best]
    length = len("".join(best.text.split())) if best is not None else 0
    return (
        1.0,
        _logit(share),
        _logit(share) - _logit(max(others, default=0.0)),
        fused.agreement,
        max(0.0, fused.printed),
        float(fused.printed >= 0),
        _logit(fused.silence),
        min(max(evidence, -10.0), 10.0),
        math.log1p(length),
        float(length == 1),
        finder_score,
    )


@cache
def load() -> Calibration:
    """The packaged calibration."""
    data = json.loads(files("forensics.examine.markings").joinpath("calibration.json").read_text(encoding="utf-8"))
    models = {
        name: Model(data[name]["weights"], tuple((float(a), float(b)) for a, b in data[name].get("table", ())))
        for name in ("right_found", "right_pointed", "writing")
    }
    return Calibration(
        **models,
        report=float(data["report"]),
        unreadable=float(data["unreadable"]),
        readable=float(data["readable"]),
        reader=str(data["reader"]),
        provenance=str(data["provenance"]),
    )


def _logit(share: float) -> float:
    share = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(share / (1 - share))


def _looked_up(table: Sequence[tuple[float, float]], raw: float) -> float:
    """The table's value at ``raw``, straight between its points."""
    if raw <= table[0][0]:
        return table[0][1]
    for (x0, y0), (x1, y1) in pairwise(table):
        if raw <= x1:
            return y1 if x1 <= x0 else y0 + (y1 - y0) * (raw - x0) / (x1 - x0)
    return table[-1][1]
