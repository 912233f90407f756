"""Fit the calibration of the marking reader on marks drawn in fonts that training never sees, and write it as data.

    python tests/benchmarks/markings/calibrate.py --each 200 [--write]

Three logistic models (forensics/examine/markings/calibration.py): the best reading of a pointed mark is right; that of
a found one; there is writing where the machine says so. ``run.py`` prints how they fare on photographs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression
from truths import covers, key

from forensics.catalogue import load as load_catalogue
from forensics.examine.markings.calibration import FEATURES, features
from forensics.examine.markings.finding import packaged_finder, places_found, pointed_place
from forensics.examine.markings.formats import Formats
from forensics.examine.markings.lines import load_reader
from forensics.examine.markings.marks import CLASSICAL_PROMISE, MOST_READ
from forensics.examine.markings.printed import print_readers
from forensics.examine.markings.reading import ReadingRoom
from forensics.examine.tesseract import Tesseract
from forensics.model.pointed import PointedMark

TARGET = Path(__file__).resolve().parents[3] / "forensics/examine/markings/calibration.json"
WANTED = {
    "right_pointed": ("intercept", "share", "agreement", "printed", "print_asked", "length"),
    "right_found": ("intercept", "share", "agreement", "printed", "print_asked", "length"),
    "writing": ("intercept", "share", "agreement", "silence", "evidence", "length", "finder", "printed"),
}
POSITIVE = {"share", "agreement", "printed", "evidence", "finder"}


def rows(room: ReadingRoom, finder, each: int, seed: int):
    """Feature rows with what is true: pointed (row, right), found (row, right, writing)."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "renders/markings"))
    from marks import Marks  # noqa: PLC0415

    generator = Marks(seed, held=True)
    pointed, found = [], []
    for number in range(each):
        sample = generator.sample()
        x0, y0, x1, y1 = sample.box
        picture = sample.picture
        colour = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
        loose = generator.rng.uniform(-0.05, 0.2, 4) * (y1 - y0)
        corners = (
            (x0 - loose[0], y0 - loose[1]),
            (x1 + loose[2], y0 - loose[1]),
            (x1 + loose[2], y1 + loose[3]),
            (x0 - loose[0], y1 + loose[3]),
        )
        place = pointed_place(colour, picture, PointedMark(corners=corners), finder)
        mark = room.read(picture, [place])[0] if place else None
        if mark is not None and mark.fused.best is not None:
            pointed.append((features(mark.fused, mark.evidence, 0.0), key(mark.fused.best.text) == key(sample.text)))
        if number % 2:
            continue
        ground = np.clip(generator.wild.cut(420, 560) * 255, 0, 255).astype(np.uint8)
        quad = None
        if number % 4 == 0 and picture.shape[1] < 520:
            top = int(generator.rng.integers(10, 400 - picture.shape[0]))
            left = int(generator.rng.integers(10, 550 - picture.shape[1]))
            ground[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
            quad = np.array(corners) + np.array([left, top])
        colour = cv2.cvtColor(ground, cv2.COLOR_GRAY2RGB)
        scouted = room.scout(ground, [one[0] for one in places_found(colour, ground, finder)])
        chosen = [(s,) for s, promise in scouted if s.source == "network" or promise > CLASSICAL_PROMISE][:MOST_READ]
        for (stretch,), one in zip(chosen, room.read(ground, chosen), strict=True):
            if one is None or one.fused.best is None:
                continue
            on = quad is not None and covers(stretch.corners, quad)
            score = stretch.score if stretch.source == "network" else 0.0
            found.append(
                (features(one.fused, one.evidence, score), on and key(one.fused.best.text) == key(sample.text), on)
            )
    return pointed, found


def fitted(name: str, values: np.ndarray, hits: np.ndarray) -> dict:
    """A logistic model with the wanted features; a feature that would speak the wrong way is left out."""
    wanted = [feature for feature in WANTED[name] if feature != "intercept"]
    while True:
        columns = [FEATURES.index(feature) for feature in wanted]
        model = LogisticRegression(C=1.0, max_iter=2000).fit(values[:, columns], hits)
        wrong = [f for f, w in zip(wanted, model.coef_[0], strict=True) if f in POSITIVE and w < 0]
        if not wrong:
            break
        wanted = [feature for feature in wanted if feature not in wrong]
    weights = {"intercept": round(float(model.intercept_[0]), 4)}
    weights |= {feature: round(float(w), 4) for feature, w in zip(wanted, model.coef_[0], strict=True)}
    stated = model.predict_proba(values[:, columns])[:, 1]
    print(f"{name}: {len(hits)} rows, {hits.mean():.2f} true, Brier {np.mean((stated - hits) ** 2):.3f}", weights)
    return {"weights": weights}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--seed", type=int, default=717171)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", type=Path, help="write the rows here")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    printed = print_readers(Tesseract())
    formats = Formats(load_catalogue().vocabulary.grammars)
    room = ReadingRoom(load_reader(), printed if printed.readers else None, formats)
    pointed, found = rows(room, packaged_finder(), given.each, given.seed)
    if given.keep:
        given.keep.write_text(json.dumps({"pointed": pointed, "found": found}, default=float))
    data = json.loads(TARGET.read_text(encoding="utf-8"))
    data["right_pointed"] = fitted(
        "right_pointed", np.array([r for r, _ in pointed]), np.array([h for _, h in pointed], float)
    )
    there = [(row, hit) for row, hit, writing in found if writing]
    if sum(hit for _, hit in there) >= 8 and len(there) - sum(hit for _, hit in there) >= 8:
        data["right_found"] = fitted(
            "right_found", np.array([r for r, _ in there]), np.array([h for _, h in there], float)
        )
    else:
        data["right_found"] = data["right_pointed"]
    data["writing"] = fitted("writing", np.array([r for r, _, _ in found]), np.array([w for _, _, w in found], float))
    data["reader"] = room.lines.digest[:16]
    data["provenance"] = (
        f"logistic models fitted on {len(pointed)} drawn marks pointed at and {len(found)} stretches found, "
        f"seed {given.seed}, fonts held out of training; reader {room.lines.digest[:12]}"
    )
    if given.write:
        TARGET.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
