"""Fit the confidence of ``forensics.examine.rings.confidence`` on scenes with and without rings, and print the table.

    python tests/renders/calibrate_rings.py SCENES_DIR [PICTURES_WITHOUT_RINGS_DIR ...]

A logistic regression (scikit-learn) over every reading of every scene; right means that half the bolts are bolts.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from geometry import calibration_error, matched

from forensics.examine.rings.confidence import FEATURES, features
from forensics.examine.rings.finding import find_rings, reduced


def readings(path: Path) -> list[tuple[np.ndarray, bool]]:
    rgb, _ = reduced(np.ascontiguousarray(cv2.imread(str(path))[..., ::-1]), 1600)
    side = path.with_suffix(".json")
    rings = json.loads(side.read_text(encoding="utf-8"))["rings"] if side.exists() else []
    out = []
    for one in find_rings(rgb):
        right = False
        for ring in rings:
            shown = np.array([b["xy"] for b in ring["bolts"] if b["visible"]])
            right |= len(shown) >= 3 and 2 * len(matched(one.spots, shown)) >= 0.5 * (len(shown) + len(one.spots))
        out.append((features(one.reading, one.proposal.edge), right))
    return out


def main() -> None:
    cv2.setNumThreads(1)
    rows = []
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).glob("*.jpg")):
            rows += readings(path)
    x, y = np.array([row for row, _ in rows]), np.array([right for _, right in rows])
    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=2000)
    held_out = cross_val_predict(model, x, y, cv=5, method="predict_proba")[:, 1]
    model.fit(x, y)
    print("readings", len(y), "right", int(y.sum()))
    print(
        "calibration error, held out",
        round(calibration_error(list(zip(held_out.tolist(), y.tolist(), strict=True))), 3),
    )
    for name, weight in zip(FEATURES, model.coef_[0], strict=True):
        print(f"{name:10} {weight:7.3f}")
    print("WEIGHTS =", tuple(round(float(w), 3) for w in model.coef_[0]))
    for line in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        print(line, "false", int((held_out[~y] > line).sum()), "true", int((held_out[y] > line).sum()))


if __name__ == "__main__":
    main()
