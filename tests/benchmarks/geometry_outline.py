"""Diameters by coded markers on folders of rendered scenes with truth: error, interval, refusals, curves.

    python tests/benchmarks/geometry_outline.py FOLDER... [--draw DIR] [--first N]

FOLDER holds ``img_*.jpg`` with ``img_*.json`` of ``tests/renders/aft.py``, or of a generator with the same fields. The
side of the marker is taken from the truth, as a person would state it. The obvious alternative beside ours: the
largest of the Hough circles, times the marker's millimetres per pixel. Times are CPU times of this process.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from forensics.examine.annotation import annotate
from forensics.examine.examiner import Brief
from forensics.examine.outline.examiner import OutlineExaminer
from forensics.examine.scale.markers import find_markers
from forensics.model.evidence import Photograph
from forensics.model.pointed import Pointed, PointedScale
from forensics.model.values import Chord, Measured

DEFORMATION = 0.02


def photograph(path: Path, shape: tuple[int, ...]) -> Photograph:
    return Photograph(path=path.name, sha256="0" * 64, bytes=1, format="JPEG", width_px=shape[1], height_px=shape[0])


def obvious(grey: np.ndarray, markers: list, side_mm: float) -> float | None:
    """The largest strong Hough circle in millimetres per pixel of the first marker."""
    if not markers:
        return None
    factor = min(1.0, 800 / max(grey.shape))
    small = cv2.medianBlur(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), 5)
    found = cv2.HoughCircles(small, cv2.HOUGH_GRADIENT, 1.5, 40, param1=120, param2=70, minRadius=40)
    if found is None:
        return None
    circles = found.reshape(-1, found.shape[-1])[:5]
    return 2 * float(circles[:, 2].max()) / factor * markers[0].mm_per_px(side_mm)[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--draw", type=Path)
    parser.add_argument("--first", type=int)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    rows, plain, spent, unasked = [], [], [], 0
    paths = [path for folder in chosen.folders for path in sorted(folder.glob("img_*.json"))][: chosen.first]
    for path in paths:
        truth = json.loads(path.read_text(encoding="utf-8"))
        rgb = np.ascontiguousarray(cv2.imread(str(path.with_suffix(".jpg")))[..., ::-1])
        rgb.setflags(write=False)
        coded = [one for one in truth.get("scale", []) if one["type"] == "aruco"]
        scale = PointedScale(marker_mm=coded[0]["side_mm"]) if coded else None
        began = time.process_time()
        brief = Brief(pointed=Pointed(scale=scale))
        said = list(OutlineExaminer(brief).examine(photograph(path, rgb.shape), rgb))
        spent.append(time.process_time() - began)
        measured = [one for one in said if isinstance(one.value, Measured | Chord)]
        if not coded:
            unasked += bool(measured)
            continue
        one = coded[0]
        seen = one.get("usable", one.get("in_frame") and one.get("seen", 4) >= 3)
        true_mm = truth.get("casing_diameter_mm")
        if not seen or not true_mm:
            continue
        # Whether the marker lies in the plane of the round edge, by the truth: within 6 degrees and 6 % of the radius.
        offset = abs(one.get("plane_offset_mm", one.get("plane_offset_from_casing_rim_mm", 1e9))) / (true_mm / 2)
        angle = one.get("plane_angle_deg", 0.0 if one["placement"] in ("face", "level", "propped") else 45.0)
        row = {
            "name": path.stem,
            "scene": truth["scene"],
            "where": one["placement"],
            "in_plane": offset < 0.06 and angle < 6,
            "tilt": truth.get("tilt_deg", truth["rings"][0]["tilt_deg"] if truth["rings"] else 0.0),
            "side_px": float(np.linalg.norm(np.diff(np.array(one["corners"]), axis=0), axis=1).mean()),
            "error": None,
            "held": None,
            "sure": 0.0,
            "said": said[0].value.reason if said and hasattr(said[0].value, "reason") else "",
        }
        if measured:
            value = measured[0].value
            if isinstance(value, Measured):
                mm, sigma = value.value, value.uncertainty
            else:
                mm = value.chord_mm**2 / (4 * value.sagitta_mm) + value.sagitta_mm
                sigma = np.hypot(
                    (1 - value.chord_mm**2 / (4 * value.sagitta_mm**2)) * value.sagitta_uncertainty_mm,
                    value.chord_mm / (2 * value.sagitta_mm) * value.chord_uncertainty_mm,
                )
            whole = np.hypot(sigma, DEFORMATION * mm)
            row |= {
                "error": mm / true_mm - 1,
                "held": abs(mm - true_mm) < 1.645 * whole,
                "sure": measured[0].confidence,
            }
        rows.append(row)
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        simple = obvious(grey, find_markers(grey), one["side_mm"])
        plain.append(None if simple is None else simple / true_mm - 1)
        if chosen.draw:
            chosen.draw.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(chosen.draw / f"{path.stem}.jpg"), annotate(rgb, said)[..., ::-1])
        error = "refused" if row["error"] is None else f"{row['error']:+.3f}"
        print(f"  {row['name']} {row['scene']:9} {row['where']:8} {error:8} sure {row['sure']:.2f} {row['said'][:150]}")
    told("all with a marker in view", rows)
    told("marker in the item's plane", [row for row in rows if row["in_plane"]])
    told("marker elsewhere", [row for row in rows if not row["in_plane"]])
    for name, low, high in (
        ("tilt", 0, 20),
        ("tilt", 20, 40),
        ("tilt", 40, 90),
        ("side_px", 0, 40),
        ("side_px", 40, 999),
    ):
        some = [row for row in rows if row["in_plane"] and low <= row[name] < high]
        told(f"  in its plane, {name} {low} to {high}", some)
    errors = [abs(one) for one in plain if one is not None]
    if errors:
        print(
            f"Hough circle times mm per px: answered {len(errors)} of {len(plain)}"
            f", median error {np.median(errors):.3f}"
        )
    print(
        f"reported without a scale: {unasked}; CPU time a photograph {np.mean(spent):.2f} s, most {np.max(spent):.2f} s"
    )


def told(name: str, rows: list[dict]) -> None:
    answered = [row for row in rows if row["error"] is not None]
    if not answered:
        print(f"{name}: answered 0 of {len(rows)}")
        return
    off = np.abs([row["error"] for row in answered])
    sure = np.array([[row["sure"], abs(row["error"]) < 0.1] for row in answered], dtype=float)
    print(
        f"{name}: answered {len(answered)} of {len(rows)}, median error {np.median(off):.3f}"
        f", within 5 % {np.mean(off < 0.05):.2f}"
        f", 90 % interval holds the truth {np.mean([row['held'] for row in answered]):.2f}"
        f", stated confidence {sure[:, 0].mean():.2f} against {sure[:, 1].mean():.2f} within 10 %"
    )


if __name__ == "__main__":
    main()
