"""How sure it is that a reading is a ring of fasteners, and between which numbers its bolts are.

Both are fitted on generated scenes that the networks were not trained on (``tests/renders/calibrate_rings.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.rings.reading import RingReading

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["FEATURES", "count_interval", "features", "is_ring"]

FEATURES = ("network", "bolts", "sure", "doubtful", "stray", "gaps", "crowd", "seen", "intercept")
WEIGHTS = (0.745, -0.38, 0.573, -0.834, -1.544, -0.778, -1.791, -0.342, -0.267)

SPREAD = 2.23
"""Factor on the standard deviation of the count: heads that are hard to see are so together, in one light."""

INTERVAL_SIGMAS = 1.645


def features(reading: RingReading) -> Floats:
    """Numbers of order 1, in the order of ``FEATURES``."""
    count = len(reading.turns)
    if count < 2:
        return np.array([min(reading.ring_logit, 0.0) - 3, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0])
    gaps = np.diff(np.append(reading.turns, reading.turns[0] + 2 * np.pi))
    return np.array(
        [
            reading.ring_logit,
            float(np.log(count)),
            float(reading.sure.mean()),
            # Places that may or may not be bolts, against the bolts: gravel has many.
            float(reading.doubtful.sum() + (1 - reading.sure).sum()) / count,
            float(np.sqrt(np.mean(reading.off**2))),
            # The widest gap, as a share of the whole: rings of debris may be cut, noise is cut everywhere.
            float(gaps.max() / (2 * np.pi)),
            # Heads that nearly touch are letters, teeth or gravel.
            float(np.mean(gaps < 3.0 * reading.head_share)),
            float(reading.seen.mean()),
            1.0,
        ]
    )


def is_ring(reading: RingReading) -> float:
    """Probability, 0 to 1, that the reading is a ring of fasteners at all."""
    return float(1 / (1 + np.exp(-float(features(reading) @ np.array(WEIGHTS)))))


def count_interval(sure: Floats, others: Floats) -> tuple[int, int]:
    """Least and most fasteners in view, holding the true number with probability 0.9.

    Parameters
    ----------
    sure : (n,)
        Probabilities of the places counted as bolts.
    others : (m,)
        Of those not counted.
    """
    every = np.concatenate([sure, others])
    middle = float(every.sum())
    reach = INTERVAL_SIGMAS * SPREAD * float(np.sqrt((every * (1 - every)).sum()))
    low, high = int(np.ceil(middle - reach - 0.5)), int(np.floor(middle + reach + 0.5))
    return max(0, min(low, len(sure))), min(len(every), max(high, len(sure)))
