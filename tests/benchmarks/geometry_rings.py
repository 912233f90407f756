"""Figures of the ring examiner on folders of scenes with truth, beside the obvious recipe, in one run.

    python -m tests.benchmarks.geometry_rings FOLDER [FOLDER ...] [--first N] [--out PRED.json] [--gallery DIR]
        [--curves]

A folder holds ``img_*.jpg`` with the truth beside each (``img_*.json``): ``tests/renders/relief_view.py --degraded``,
``tests/renders/generate.py``, or any generator with the same fields. ``--out`` writes predictions in the form that a
scorer beside the scenes may read. The obvious recipe: Hough circles as heads, RANSAC circle through them. Times are
process CPU seconds on one core.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pickle
import time
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from forensics.examine.rings.confidence import count_interval, is_ring
from forensics.examine.rings.examiner import REPORTED_FROM
from forensics.examine.rings.finding import FoundRing, find_rings

SQUARE = 216.0
"""Degrees: 60 % of the circle."""


def obvious(grey: np.ndarray) -> list[np.ndarray]:
    """Hough circles, then the circle through three of them that most of the others lie on."""
    factor = min(1.0, 1280 / max(grey.shape))
    small = cv2.medianBlur(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), 5)
    heads = cv2.HoughCircles(small, cv2.HOUGH_GRADIENT, 1, 10, param1=120, param2=18, minRadius=4, maxRadius=24)
    if heads is None:
        return []
    spots = heads.reshape(-1, heads.shape[-1])[:150, :2].astype(np.float64)
    rng = np.random.default_rng(0)
    best: np.ndarray | None = None
    for _ in range(1500):
        if len(spots) < 4:
            break
        a, b, c = spots[rng.choice(len(spots), 3, replace=False)]
        m = 2 * np.array([b - a, c - a])
        if abs(np.linalg.det(m)) < 1e-6:
            continue
        centre = np.linalg.solve(m, np.array([b @ b - a @ a, c @ c - a @ a]))
        radius = float(np.linalg.norm(a - centre))
        if not 20 < radius < max(small.shape) / 2:
            continue
        on = np.abs(np.linalg.norm(spots - centre, axis=1) - radius) < 4
        if on.sum() >= 5 and (best is None or on.sum() > len(best)):
            best = spots[on]
    return [] if best is None else [best / factor]


def spacing(spots: np.ndarray) -> float:
    if len(spots) < 2:
        return 40.0
    away = np.linalg.norm(spots[:, None] - spots[None], axis=2) + np.eye(len(spots)) * 1e9
    return float(np.median(away.min(axis=1)))


def matched(seen: np.ndarray, truth: np.ndarray) -> list[tuple[int, int]]:
    """Pairs (seen, truth), nearest first, each used once, within 0.42 of the spacing (5 to 28 pixels)."""
    if not len(seen) or not len(truth):
        return []
    reach = float(np.clip(0.42 * spacing(truth), 5, 28))
    away = np.linalg.norm(seen[:, None] - truth[None], axis=2)
    pairs: list[tuple[int, int]] = []
    for flat in np.argsort(away, axis=None):
        i, j = np.unravel_index(flat, away.shape)
        if away[i, j] > reach:
            break
        if all(i != a and j != b for a, b in pairs):
            pairs.append((int(i), int(j)))
    return pairs


def turned(degrees: np.ndarray) -> np.ndarray:
    return (degrees + 180) % 360 - 180


def position_error(seen: np.ndarray, truth: list[dict], pairs: list[tuple[int, int]]) -> float | None:
    """Median error in degrees of places in the ring's plane, by the homography of the true bolts."""
    if len(truth) < 5 or len(pairs) < 3:
        return None
    plane = np.array([[math.cos(math.radians(b["angle_deg"])), math.sin(math.radians(b["angle_deg"]))] for b in truth])
    to_plane, _ = cv2.findHomography(np.array([b["xy"] for b in truth]), plane)
    if to_plane is None:
        return None
    shown = [b for b in truth if b["visible"]]
    lifted = np.column_stack([seen, np.ones(len(seen))]) @ to_plane.T
    angles = np.degrees(np.arctan2(lifted[:, 1], lifted[:, 0]))
    errors = turned(np.array([angles[i] - shown[j]["angle_deg"] for i, j in pairs]))
    return float(np.median(np.abs(errors - np.median(errors))))


def angle_errors(angles: np.ndarray, shown: list[dict], pairs: list[tuple[int, int]]) -> np.ndarray | None:
    """Errors (n,) in degrees of the angles as reported, the best rotation (and reflection) taken off."""
    if len(pairs) < 3:
        return None
    best = None
    for hand in (1, -1):
        off = turned(np.array([hand * angles[i] - shown[j]["angle_deg"] for i, j in pairs]))
        middle = np.degrees(np.angle(np.exp(1j * np.radians(off)).mean()))
        rest = turned(off - middle)
        if best is None or np.abs(rest).sum() < np.abs(best).sum():
            best = rest
    return best


def arc(bolts: list[dict]) -> float:
    """Degrees of the ring that its visible bolts span."""
    turns = np.sort([b["angle_deg"] % 360 for b in bolts if b["visible"]])
    if len(turns) < 2:
        return 0.0
    return float(360 - np.diff(np.append(turns, turns[0] + 360)).max())


@dataclass
class Row:
    """One true ring and the best answer to it."""

    name: str
    shown: int
    nominal: int
    arc: float
    tilt: float
    missing: int
    head_px: float
    found: bool = False
    count: int = 0
    interval: tuple[int, int] = (0, 0)
    position: float | None = None
    angles: np.ndarray | None = None
    sigma: float = 0.0
    ratio: float | None = None
    true_ratio: float | None = None
    extra: dict = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        return self.found and self.count == self.shown

    @property
    def held(self) -> bool:
        return self.exact or (self.found and self.interval[0] <= self.shown <= self.interval[1])


def judged(answers: list[np.ndarray], rings: list[FoundRing], truth: dict) -> Row | None:
    """The best of the first three answers against the scene's main ring; ``rings`` beside them where ours."""
    if not truth["rings"]:
        return None
    ring = truth["rings"][0]
    bolts = ring["bolts"]
    shown = [b for b in bolts if b["visible"]]
    if len(shown) < 3:
        return None
    radius = ring.get("head_radius_px") or float(np.median([b.get("radius_px", 0) for b in shown]))
    row = Row(
        truth["image"],
        len(shown),
        ring.get("nominal", ring.get("n_nominal", len(bolts))),
        arc(bolts),
        ring.get("tilt_deg", truth.get("tilt_deg", 0.0)),
        sum(b["visible"] for b in ring["missing"]),
        radius,
        true_ratio=ring.get("ratio"),
    )
    spots = np.array([b["xy"] for b in shown])
    most = 0.0
    for k, seen in enumerate(answers[:3]):
        pairs = matched(seen, spots)
        f1 = 2 * len(pairs) / max(1, len(seen) + len(spots))
        if f1 <= most:
            continue
        most = f1
        every = bolts + [dict(one, visible=False) for one in ring["missing"]]
        row.found, row.count = f1 >= 0.5, len(seen)
        row.position = position_error(seen, every, pairs)
        row.interval = (len(seen), len(seen))
        if rings:
            row.interval = rings[k].count_interval
            row.angles = angle_errors(rings[k].angles_deg, shown, pairs)
            row.sigma, row.ratio = rings[k].sigma_deg, rings[k].circle_to_casing
    return row


def rate(values: list[bool]) -> str:
    return f"{np.mean(values):6.3f} (n {len(values)})" if values else "     - (n 0)"


def summary(name: str, rows: list[Row], false: list[bool], machine: list[bool]) -> None:
    print(name)
    line = lambda words, value: print("  " + words.ljust(52), value)  # noqa: E731
    line("ring found", rate([r.found for r in rows]))
    line("count exact, all", rate([r.exact for r in rows]))
    line("count exact, 60 % of the arc or more", rate([r.exact for r in rows if r.arc >= SQUARE]))
    partial = [r for r in rows if 90 <= r.arc <= 180]
    line("count exact, arc of 90 to 180 degrees", rate([r.exact for r in partial]))
    line("count exact or in the interval, 90 to 180 degrees", rate([r.held for r in partial]))
    line("count exact or in the interval, all", rate([r.held for r in rows]))
    line("count within one, all", rate([r.found and abs(r.count - r.shown) <= 1 for r in rows]))
    places = [r.position for r in rows if r.position is not None]
    line(
        "place in the ring's plane, median error, degrees",
        f"{np.median(places):6.2f} (n {len(places)})" if places else "-",
    )
    angles = [r for r in rows if r.angles is not None]
    if angles:
        off = np.concatenate([np.abs(r.angles) for r in angles])
        line("reported angle, median error of all bolts, degrees", f"{np.median(off):6.2f} (n {len(off)})")
        z = np.concatenate([np.abs(r.angles) / r.sigma for r in angles])
        line("reported angle within 2 sigma", f"{(z < 2).mean():6.3f}")
    ratios = [abs(r.ratio / r.true_ratio - 1) for r in rows if r.ratio and r.true_ratio]
    if ratios:
        line("bolt circle to casing, median relative error", f"{np.median(ratios):6.3f} (n {len(ratios)})")
    line("ring reported where there is none", rate(false + machine))
    line("  of these, on wheels, gears and the like", rate(machine))


def binned(rows: list[Row], words: str, key, edges: list[float]) -> None:
    for low, high in pairwise(edges):
        some = [r for r in rows if low <= key(r) < high]
        print(
            f"  {words} {low:g} to {high:g}".ljust(44),
            f"found {rate([r.found for r in some])}  exact {rate([r.exact for r in some])}",
            f" in interval {rate([r.held for r in some])}",
        )


def curves(rows: list[Row]) -> None:
    print("count over tilt, arc, missing bolts, size of heads")
    binned(rows, "tilt, degrees,", lambda r: r.tilt, [0, 15, 30, 40, 50, 65])
    binned(rows, "arc, degrees,", lambda r: r.arc, [0, 90, 135, 180, 270, 361])
    binned(rows, "empty places,", lambda r: r.missing, [0, 1, 2, 4, 40])
    binned(rows, "half width of a head, pixels,", lambda r: r.head_px, [0, 2.5, 4, 6, 9, 40])


def read(path: Path, blur: float = 0.0, scale: float = 1.0) -> np.ndarray:
    rgb = cv2.imread(str(path))[..., ::-1]
    if blur:
        rgb = cv2.GaussianBlur(rgb, (0, 0), blur)
    if scale != 1.0:
        rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(rgb)


def kept(rgb: np.ndarray, path: Path, cache: Path | None) -> list[FoundRing]:
    """The rings found, read once: from the cache their confidences and intervals are worked out anew."""
    if cache is None:
        return find_rings(rgb)
    held = cache / f"{path.parent.name}_{path.stem}.pickle"
    if not held.exists():
        cache.mkdir(parents=True, exist_ok=True)
        held.write_bytes(pickle.dumps(find_rings(rgb)))
    rings = [
        replace(
            one,
            confidence=is_ring(one.reading),
            count_interval=count_interval(one.reading.sure, one.reading.doubtful),
        )
        for one in pickle.loads(held.read_bytes())
    ]
    return sorted(rings, key=lambda one: -one.confidence)


def scaled(truth: dict, scale: float) -> dict:
    """The truth of a picture made smaller."""
    out = json.loads(json.dumps(truth))
    for ring in out["rings"]:
        for one in ring["bolts"] + ring["missing"]:
            one["xy"] = [(v + 0.5) * scale - 0.5 for v in one["xy"]]
    return out


def drawn(rgb: np.ndarray, rings: list[FoundRing], truth: dict) -> np.ndarray:
    """Found in green with a ring round it, true in white, empty places in violet."""
    canvas = rgb[..., ::-1].copy()
    for ring in truth["rings"][:1]:
        for one in ring["bolts"]:
            if one["visible"]:
                cv2.circle(canvas, tuple(round(v) for v in one["xy"]), 3, (255, 255, 255), -1)
    for one in rings:
        axes = (float(2 * one.ellipse[2]), float(2 * one.ellipse[3]))
        middle = (float(one.ellipse[0]), float(one.ellipse[1]))
        cv2.ellipse(canvas, (middle, axes, float(np.degrees(one.ellipse[4]))), (255, 255, 0), 1)
        wide = max(4, round(1.2 * one.head_px))
        for spots, colour in ((one.spots, (0, 255, 0)), (one.hole_spots, (255, 0, 255))):
            for spot in spots:
                cv2.circle(canvas, (round(float(spot[0])), round(float(spot[1]))), wide, colour, 2)
        words = f"{len(one.spots)} ({one.count_interval[0]} to {one.count_interval[1]}), {one.confidence:.2f}"
        cv2.putText(canvas, words, (8, 24), 0, 0.7, (0, 255, 255), 2)
    return canvas


def calibration_error(belief: list[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of equal width."""
    stated, found = np.array(belief, dtype=float).T
    bins = np.minimum((stated * 10).astype(int), 9)
    return float(
        sum((bins == k).mean() * abs(stated[bins == k].mean() - found[bins == k].mean()) for k in set(bins.tolist()))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--first", type=int)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--gallery", type=Path, help="pictures of failures")
    parser.add_argument("--curves", action="store_true")
    parser.add_argument("--blur", type=float, default=0.0)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--cache", type=Path, help="keep readings here; delete it when a network or the search changed")
    parser.add_argument("--plain", action="store_true", help="leave the obvious recipe out")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    ours: list[Row] = []
    plain: list[Row] = []
    false: list[bool] = []
    machine: list[bool] = []
    plain_false: list[bool] = []
    plain_machine: list[bool] = []
    belief: list[tuple[float, bool]] = []
    predicted: dict[str, dict] = {}
    spent = plain_spent = 0.0
    paths = [p for folder in chosen.folders for p in sorted(folder.glob("img_*.json"))[: chosen.first]]
    for path in paths:
        truth = json.loads(path.read_text(encoding="utf-8"))
        if chosen.scale != 1.0:
            truth = scaled(truth, chosen.scale)
        rgb = read(path.with_suffix(".jpg"), chosen.blur, chosen.scale)
        began = time.process_time()
        everything = kept(rgb, path, chosen.cache)
        spent += time.process_time() - began
        rings = [one for one in everything if one.confidence >= REPORTED_FROM]
        began = time.process_time()
        simple = [] if chosen.plain else obvious(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))
        plain_spent += time.process_time() - began
        row = judged([one.spots for one in rings], rings, truth)
        if row is not None:
            ours.append(row)
            plain.append(judged(simple, [], truth))
        elif not truth["rings"]:
            odd = bool(truth.get("distractor_rings") or truth.get("other_distractors")) or truth["scene"] in (
                "wheel",
                "gear",
            )
            (machine if odd else false).append(bool(rings))
            (plain_machine if odd else plain_false).append(bool(simple))
        for one in everything:
            right = judged([one.spots], [], truth)
            others = [judged([one.spots], [], dict(truth, rings=[r])) for r in truth["rings"][1:]]
            belief.append((one.confidence, any(r is not None and r.found for r in [right, *others])))
        predicted[truth["image"]] = {
            "rings": [
                {
                    "count": len(one.spots),
                    "bolts": one.spots.tolist(),
                    "missing": one.hole_spots.tolist(),
                    "ellipse": {
                        "centre": one.ellipse[:2].tolist(),
                        "axes": (2 * one.ellipse[2:4]).tolist(),
                        "angle_deg": float(np.degrees(one.ellipse[4])),
                    },
                    "ratio": one.circle_to_casing,
                }
                for one in rings
            ]
        }
        wrong = (row is not None and not row.exact) or (not truth["rings"] and rings)
        if chosen.gallery and wrong:
            chosen.gallery.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(chosen.gallery / (path.stem + ".jpg")), drawn(rgb, everything[:1], truth))
    summary("rings, ours", ours, false, machine)
    if not chosen.plain:
        summary("rings, Hough circles and a RANSAC circle", plain, plain_false, plain_machine)
    if belief:
        print(f"confidence, all readings: expected calibration error {calibration_error(belief):.3f} (n {len(belief)})")
    print(f"CPU a picture: ours {spent / len(paths):.2f} s, the obvious recipe {plain_spent / len(paths):.2f} s")
    if chosen.curves:
        curves(ours)
    if chosen.out:
        chosen.out.write_text(json.dumps(predicted), encoding="utf-8")


if __name__ == "__main__":
    main()
