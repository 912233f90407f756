"""Fit the confidence and the count's interval of ``forensics.examine.rings.confidence`` on readings of scenes.

    python -m tests.renders.calibrate_rings CACHE SCENES_DIR [SCENES_DIR ...]

CACHE is what ``tests.benchmarks.geometry_rings --cache`` keeps; what it lacks is read first. The scenes must not be
those that the networks were trained on. Confidence: a logistic regression (scikit-learn) over every reading; right
means that half the bolts are bolts of one ring of an item. Interval: how much wider the count strays than independent
places would make it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from forensics.examine.rings.confidence import FEATURES, features
from tests.benchmarks.geometry_rings import calibration_error, judged, kept, read


def main() -> None:
    cv2.setNumThreads(1)
    cache = Path(sys.argv[1])
    rows, right = [], []
    counts: list[tuple[np.ndarray, int]] = []
    places: list[tuple[float, bool]] = []
    for path in [p for folder in sys.argv[2:] for p in sorted(Path(folder).glob("img_*.json"))]:
        truth = json.loads(path.read_text(encoding="utf-8"))
        for one in kept(read(path.with_suffix(".jpg")), path, cache):
            hits = [judged([one.spots], [], dict(truth, rings=[r])) for r in truth["rings"]]
            found = [k for k, hit in enumerate(hits) if hit is not None and hit.found]
            rows.append(features(one.reading))
            right.append(bool(found))
            if found:
                bolts = truth["rings"][found[0]]["bolts"]
                counts.append(
                    (np.concatenate([one.reading.sure, one.reading.doubtful]), sum(b["visible"] for b in bolts))
                )
                spots = np.array([b["xy"] for b in bolts if b["visible"]])
                hidden = np.array([b["xy"] for b in bolts if not b["visible"]]).reshape(-1, 2)
                for spot, sure in zip(one.reading.spots, one.reading.sure, strict=True):
                    if len(hidden) and np.hypot(*(hidden - spot).T).min() < one.head_px:
                        continue
                    places.append((float(sure), bool(np.hypot(*(spots - spot).T).min() < 1.2 * one.head_px)))
    x, y = np.array(rows), np.array(right)
    model = LogisticRegression(C=3.0, fit_intercept=False, max_iter=4000)
    held_out = cross_val_predict(model, x, y, cv=5, method="predict_proba")[:, 1]
    model.fit(x, y)
    print(f"readings {len(y)}, right {int(y.sum())}")
    print("calibration error, held out", round(calibration_error(list(zip(held_out, y, strict=True))), 3))
    for name, weight in zip(FEATURES, model.coef_[0], strict=True):
        print(f"{name:10} {weight:7.3f}")
    print("WEIGHTS =", tuple(round(float(w), 3) for w in model.coef_[0]))
    for line in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        print(f"from {line}: wrong {int((held_out[~y] > line).sum())}, right {int((held_out[y] > line).sum())}")
    for line in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55):
        exact = np.mean([(chances >= line).sum() == shown for chances, shown in counts])
        print(f"counted from {line}: exact {exact:.3f} of {len(counts)} rings found")
    sure, bolt = np.array(places).T
    off = [(shown - c.sum()) / np.sqrt((c * (1 - c)).sum() + 0.02) for c, shown in counts]
    print(f"places counted {len(sure)}, bolts {bolt.mean():.3f}; SPREAD = {np.quantile(np.abs(off), 0.9) / 1.645:.2f}")


if __name__ == "__main__":
    main()
