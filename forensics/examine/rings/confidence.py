"""How sure it is that a reading is a ring of fasteners: a logistic table over what was measured on it.

Fitted on generated scenes with and without rings (``tests/renders/calibrate_rings.py``) and applied here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse
from forensics.examine.rings.reading import RingReading

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["FEATURES", "features", "is_ring"]

FEATURES = ("bolts", "alone", "best", "sure", "stray", "contrast", "edge", "gaps", "crowd", "intercept")
WEIGHTS = (1.289, 2.821, 2.875, -1.183, -2.201, 1.355, 0.0, 0.291, -1.353, -4.185)


def features(reading: RingReading, edge: EdgeEllipse | None) -> Floats:
    """Numbers of order 1, in the order of ``FEATURES``."""
    count = len(reading.turns)
    if count < 2:
        return np.array([0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0])
    profile = reading.profile
    away = np.ones(len(profile), dtype=bool)
    turns = np.linspace(0, 2 * np.pi, len(profile), endpoint=False)
    for turn in reading.turns:
        away &= np.abs(np.angle(np.exp(1j * (turns - turn)))) > 1.3 * reading.head_share
    between = float(np.percentile(profile[away], 90)) if away.sum() > 20 else 0.5
    gaps = np.diff(np.append(reading.turns, reading.turns[0] + 2 * np.pi))
    return np.array(
        [
            float(np.log(count)),
            float(reading.alone.mean()),
            float(np.percentile(reading.alone, 80)),
            float(reading.sure.mean()),
            float(np.sqrt(np.mean(reading.off**2))),
            float(np.median(reading.alone)) - between,
            edge.share * edge.inside if edge else 0.0,
            # The widest gap, as a share of the whole: rings of debris may be cut, noise is cut everywhere.
            float(gaps.max() / (2 * np.pi)),
            # Heads that nearly touch are letters, teeth or gravel.
            float(np.mean(gaps < 3.2 * reading.head_share)),
            1.0,
        ]
    )


def is_ring(reading: RingReading, edge: EdgeEllipse | None) -> float:
    """Probability, 0 to 1, that the reading is a ring of fasteners at all."""
    return float(1 / (1 + np.exp(-float(features(reading, edge) @ np.array(WEIGHTS)))))
