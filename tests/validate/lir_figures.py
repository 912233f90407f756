"""The figures of the outside judge: ``lir`` 1.3.1 of the Netherlands Forensic Institute, on fixed sets of ratios.

    python tests/validate/lir_figures.py            print them and write golden/lir.json

``lir`` is no dependency of the project: it wants 541 MB. Install it into an environment of its own
(``pip install lir==1.3.1``, Python 3.11) to make the file again; the tests use the file where it is not installed.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parent / "golden" / "lir.json"
PRIORS_LOG10 = (-2.5, -1.0, -0.3, 0.0, 0.4, 1.2, 2.0)


def sets() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By name log10 ratios where the proposition is true, and where it is false."""
    rng = np.random.default_rng(20240102)
    return {
        "by hand": (np.array([2, 1, 0.5, -0.3, 1.5, 0.1]), np.array([-1.2, -0.4, 0.2, -2, -0.1, -0.8, 0.6])),
        "with ties": (np.round(rng.normal(0.8, 1.0, 60), 1), np.round(rng.normal(-0.6, 1.1, 90), 1)),
        "overstated": (rng.normal(1.5, 2.5, 200), rng.normal(-1.0, 2.5, 150)),
        "worse than nothing": (rng.normal(-0.5, 1.0, 50), rng.normal(0.5, 1.0, 40)),
        "one in a thousand": (rng.normal(0.9, 0.8, 30), rng.normal(-0.9, 0.8, 3000)),
    }


def of_lir(h1: np.ndarray, h2: np.ndarray) -> dict[str, object]:
    """What ``lir`` says of one set."""
    from lir.data.models import LLRData  # noqa: PLC0415
    from lir.metrics import cllr, cllr_cal, cllr_min  # noqa: PLC0415
    from lir.plotting.expected_calibration_error import calculate_ece  # noqa: PLC0415

    llrs = np.concatenate([h1, h2])
    labels = np.concatenate([np.ones(len(h1), dtype=int), np.zeros(len(h2), dtype=int)])
    data = LLRData(features=llrs.reshape(-1, 1), labels=labels)
    odds = 10.0 ** np.array(PRIORS_LOG10)
    return {
        "cllr": cllr(data),
        "cllr_min": cllr_min(data),
        "cllr_cal": cllr_cal(data),
        "cross_entropy": calculate_ece(10.0**llrs, labels, odds / (1 + odds)).tolist(),
    }


if __name__ == "__main__":
    found = {name: of_lir(*ratios) for name, ratios in sets().items()}
    document = {"computed_with": "lir 1.3.1", "prior_log10_odds": list(PRIORS_LOG10), "sets": found}
    GOLDEN.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(GOLDEN.read_text(encoding="utf-8"))
