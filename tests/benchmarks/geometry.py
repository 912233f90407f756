"""Figures of the geometry examiners on a folder of rendered scenes, beside the obvious recipe, in one run.

    python tests/benchmarks/geometry.py RENDERS_DIR [--out PRED.json] [--draw DIR] [--first N]

RENDERS_DIR holds ``img_*.jpg`` with the truth beside each (``img_*.json``), of ``tests/renders/generate.py`` or of any
generator with the same fields. ``--out`` writes predictions in the form that a scorer beside the scenes may read.
The obvious recipe: Hough circles as heads, RANSAC circle through them. Times are of one core.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
from geometry_rings import matched, obvious

from forensics.examine.rings.examiner import REPORTED_FROM
from forensics.examine.rings.finding import FoundRing, edges_of, find_rings
from forensics.examine.vanes.reading import read_vanes


def angle_error(seen: np.ndarray, truth: list[dict], pairs: list[tuple[int, int]]) -> float | None:
    """Median error in degrees in the ring's plane, by the homography of the true bolts, the rotation taken off."""
    if len(truth) < 5 or len(pairs) < 3:
        return None
    plane = np.array([[math.cos(math.radians(b["angle_deg"])), math.sin(math.radians(b["angle_deg"]))] for b in truth])
    to_plane, _ = cv2.findHomography(np.array([b["xy"] for b in truth]), plane)
    if to_plane is None:
        return None
    shown = [b for b in truth if b["visible"]]
    lifted = np.column_stack([seen, np.ones(len(seen))]) @ to_plane.T
    angles = np.degrees(np.arctan2(lifted[:, 1], lifted[:, 0]))
    errors = np.array([(angles[i] - shown[j]["angle_deg"] + 180) % 360 - 180 for i, j in pairs])
    return float(np.median(np.abs(errors - np.median(errors))))


def judged(rings: list[np.ndarray], truth: dict) -> dict | None:
    """The best of the first three rings against the scene's main ring."""
    if not truth["rings"]:
        return None
    bolts = truth["rings"][0]["bolts"]
    shown = np.array([b["xy"] for b in bolts if b["visible"]])
    if len(shown) < 3:
        return None
    best = {"found": False, "count": 0, "angle": None, "f1": 0.0}
    for seen in rings[:3]:
        pairs = matched(seen, shown)
        f1 = 2 * len(pairs) / max(1, len(seen) + len(shown))
        if f1 > best["f1"]:
            rows = bolts + [dict(one, visible=False) for one in truth["rings"][0]["missing"]]
            best = {"found": f1 >= 0.5, "count": len(seen), "angle": angle_error(seen, rows, pairs), "f1": f1}
    return best | {
        "shown": len(shown),
        "arc": arc(bolts),
        "tilt": truth["rings"][0].get("tilt_deg", truth.get("tilt_deg", 0.0)),
    }


def arc(bolts: list[dict]) -> float:
    """Degrees of the ring that its visible bolts span."""
    turns = np.sort([b["angle_deg"] % 360 for b in bolts if b["visible"]])
    if len(turns) < 2:
        return 0.0
    return float(360 - np.diff(np.append(turns, turns[0] + 360)).max())


def summary(name: str, rows: list[dict], false: list[bool]) -> None:
    def rate(values: list[bool]) -> str:
        return f"{np.mean(values):6.3f} (n {len(values)})" if values else "     - (n 0)"

    angles = [row["angle"] for row in rows if row["angle"] is not None]
    print(f"{name}")
    print("  ring found                               ", rate([row["found"] for row in rows]))
    print("  count exact, all                         ", rate([row["count"] == row["shown"] for row in rows]))
    print(
        "  count exact, arc of 216 degrees or more  ",
        rate([row["count"] == row["shown"] for row in rows if row["arc"] >= 216]),
    )
    print(
        "  count exact, arc of 90 to 180 degrees    ",
        rate([row["count"] == row["shown"] for row in rows if 90 <= row["arc"] <= 180]),
    )
    print("  count within one, all                    ", rate([abs(row["count"] - row["shown"]) <= 1 for row in rows]))
    print(
        "  bolt angle, median error in degrees      ",
        f"{np.median(angles):6.2f} (n {len(angles)})" if angles else "     -",
    )
    for low, high in ((0, 30), (30, 50), (50, 90)):
        some = [row["count"] == row["shown"] for row in rows if low <= row["tilt"] < high]
        print(f"  count exact, tilt {low} to {high} degrees".ljust(43), rate(some))
    print("  ring reported where there is none        ", rate(false))


def drawn(rgb: np.ndarray, rings: list[FoundRing], path: Path) -> None:
    canvas = rgb[..., ::-1].copy()
    for one in rings:
        axes = (float(2 * one.ellipse[2]), float(2 * one.ellipse[3]))
        cv2.ellipse(
            canvas,
            ((float(one.ellipse[0]), float(one.ellipse[1])), axes, float(np.degrees(one.ellipse[4]))),
            (255, 255, 0),
            1,
        )
        for spot in one.spots:
            cv2.circle(
                canvas, (round(float(spot[0])), round(float(spot[1]))), max(3, round(0.6 * one.head_px)), (0, 255, 0), 2
            )
        for spot in one.hole_spots:
            cv2.circle(
                canvas,
                (round(float(spot[0])), round(float(spot[1]))),
                max(3, round(0.6 * one.head_px)),
                (255, 0, 255),
                2,
            )
        cv2.putText(canvas, f"{len(one.spots)} bolts, {one.confidence:.2f}", (8, 28), 0, 0.8, (0, 255, 255), 2)
    cv2.imwrite(str(path), canvas)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--draw", type=Path)
    parser.add_argument("--first", type=int)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    ours, plain, ours_false, plain_false, vanes, vanes_false, belief = [], [], [], [], [], [], []
    predicted: dict[str, dict] = {}
    spent = plain_spent = 0.0
    paths = sorted(chosen.folder.glob("img_*.json"))[: chosen.first]
    for path in paths:
        truth = json.loads(path.read_text(encoding="utf-8"))
        rgb = np.ascontiguousarray(cv2.imread(str(path.with_suffix(".jpg")))[..., ::-1])
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        began = time.process_time()
        edges = edges_of(rgb)
        everything = find_rings(rgb, edges)
        nozzle = read_vanes(rgb, edges)
        spent += time.process_time() - began
        rings = [one for one in everything if one.confidence >= REPORTED_FROM]
        began = time.process_time()
        simple = obvious(grey)
        plain_spent += time.process_time() - began
        reported = [one.spots for one in rings]
        mine = judged(reported, truth)
        if mine is not None:
            ours.append(mine)
            plain.append(judged(simple, truth))
        elif not truth["rings"]:
            ours_false.append(bool(rings))
            plain_false.append(bool(simple))
        for one in everything[:1]:
            right = judged([one.spots], truth)
            belief.append((one.confidence, bool(right and right["found"])))
        here = truth["vanes"].get("present", truth["vanes"].get("count_present", 0))
        (vanes if here else vanes_false).append((0 if nozzle is None else len(nozzle.angles_deg), here))
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
            ],
        }
        if chosen.draw:
            chosen.draw.mkdir(parents=True, exist_ok=True)
            drawn(rgb, everything[:1], chosen.draw / (path.stem + ".png"))
    summary("rings, ours", ours, ours_false)
    summary("rings, Hough circles and a RANSAC circle", plain, plain_false)
    if vanes:
        print(
            f"vanes: count exact {np.mean([a == b for a, b in vanes]):.3f} (n {len(vanes)}), "
            f"reported elsewhere {np.mean([a > 0 for a, _ in vanes_false]):.3f}"
        )
    if belief:
        print(f"confidence: expected calibration error {calibration_error(belief):.3f} (n {len(belief)})")
    print(f"time a scene: ours {spent / len(paths):.2f} s, the obvious recipe {plain_spent / len(paths):.2f} s")
    print(f"time of a photograph of 12 megapixels: {large(paths[0]):.2f} s")
    if chosen.out:
        chosen.out.write_text(json.dumps(predicted), encoding="utf-8")


def calibration_error(belief: list[tuple[float, bool]]) -> float:
    stated, found = np.array(belief, dtype=float).T
    total = 0.0
    for low in np.arange(0, 1, 0.1):
        some = (stated >= low) & ((stated < low + 0.1) | (low > 0.85))
        if some.any():
            total += some.mean() * abs(stated[some].mean() - found[some].mean())
    return float(total)


def large(path: Path) -> float:
    """Seconds for one scene blown up to 4000 x 3000."""
    rgb = cv2.resize(cv2.imread(str(path.with_suffix(".jpg"))), (4000, 3000), interpolation=cv2.INTER_CUBIC)[..., ::-1]
    rgb = np.ascontiguousarray(rgb)
    began = time.process_time()
    edges = edges_of(rgb)
    find_rings(rgb, edges)
    read_vanes(rgb, edges)
    return time.process_time() - began


if __name__ == "__main__":
    main()
