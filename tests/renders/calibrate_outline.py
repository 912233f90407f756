"""Fit what ``forensics/examine/outline/rims.py`` judges candidates by, on rendered scenes, and print the constants.

    python tests/renders/calibrate_outline.py FOLDER...

FOLDER as for ``tests/benchmarks/geometry_outline.py``. Figures are cross-validated by scene.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from forensics.examine.imaging.ellipses import fit_ellipses, points_on, radius_of, scatter
from forensics.examine.imaging.rounds import rounds_of
from forensics.examine.outline.rims import rims

RIGHT = 0.035
"""Mean distance of the two outlines, in radii, under which a candidate counts as the outer edge."""


def true_rim(truth: dict) -> np.ndarray | None:
    if truth.get("casing"):
        points = np.array(truth["casing"], dtype=float)
        centre, scale = points.mean(axis=0), float(np.ptp(points, axis=0).max()) / 2
        return fit_ellipses(scatter(points, centre, scale)[None], centre, scale)[0]
    if truth["rings"] and truth["rings"][0].get("casing_ellipse"):
        one = truth["rings"][0]["casing_ellipse"]
        axes = np.array(one["axes"]) / 2
        turn = np.radians(one["angle_deg"] + (0 if axes[0] >= axes[1] else 90))
        return np.array([*one["centre"], axes.max(), axes.min(), turn])
    return None


def second_stage(levels: np.ndarray, features: np.ndarray, scenes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features of the best candidate of every scene, and its index."""
    rows, chosen = [], []
    for scene in np.unique(scenes):
        these = np.flatnonzero(scenes == scene)
        order = these[np.argsort(-levels[these])]
        lead = min(levels[order[0]] - levels[order[1]], 3.0) if len(order) > 1 else 3.0
        rows.append([levels[order[0]], features[order[0], 0], features[order[0], 4], lead])
        chosen.append(order[0])
    return np.array(rows), np.array(chosen)


def main() -> None:
    warnings.filterwarnings("ignore")
    cv2.setNumThreads(1)
    features, away, scenes = [], [], []
    for number, path in enumerate(path for folder in sys.argv[1:] for path in sorted(Path(folder).glob("img_*.json"))):
        truth = json.loads(path.read_text(encoding="utf-8"))
        rgb = np.ascontiguousarray(cv2.imread(str(path.with_suffix(".jpg")))[..., ::-1])
        true, rounds = true_rim(truth), rounds_of(rgb)
        for one in [] if rounds is None else rims(rounds):
            features.append(one.features)
            scenes.append(number)
            if true is None:
                away.append(9.0)
            else:
                around = points_on(true, np.linspace(0, 2 * np.pi, 48, endpoint=False))[0]
                away.append(float(np.abs(radius_of(one.ellipse, around) - 1).mean()))
    X, y, groups = np.array(features), np.array(away) < RIGHT, np.array(scenes)
    stated, found = [], []
    for train, test in GroupKFold(8).split(X, y, groups):
        first = LogisticRegression(max_iter=3000).fit(X[train], y[train])
        rows, chosen = second_stage(first.decision_function(X[train]), X[train], groups[train])
        second = LogisticRegression(C=0.3).fit(rows, y[train][chosen])
        rows, chosen = second_stage(first.decision_function(X[test]), X[test], groups[test])
        stated += second.predict_proba(rows)[:, 1].tolist()
        found += y[test][chosen].tolist()
    stated_, found_ = np.array(stated), np.array(found, dtype=float)
    error = 0.0
    for low in np.arange(0, 1, 0.2):
        some = (stated_ >= low) & (stated_ < low + 0.2)
        if some.any():
            error += some.mean() * abs(stated_[some].mean() - found_[some].mean())
            print(f"stated {stated_[some].mean():.2f}, found {found_[some].mean():.2f} (n {some.sum()})")
    print(f"best candidate right {found_.mean():.3f} of {len(found_)} scenes, expected calibration error {error:.3f}")
    first = LogisticRegression(max_iter=3000).fit(X, y)
    rows, chosen = second_stage(first.decision_function(X), X, groups)
    second = LogisticRegression(C=0.3).fit(rows, y[chosen])
    print("WEIGHTS", np.round(first.coef_[0], 2).tolist(), "BIAS", round(float(first.intercept_[0]), 2))
    print("SURE_WEIGHTS", np.round(second.coef_[0], 2).tolist(), "SURE_BIAS", round(float(second.intercept_[0]), 2))


if __name__ == "__main__":
    main()
