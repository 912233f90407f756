"""The test that matters: 20 even bolts against 18 in six groups of three, from photograph to weight of evidence.

    python -m tests.benchmarks.geometry_twenty_eighteen [--count 100] [--first 0] [--part igniter_plate]

Scenes of ``tests/renders/relief_view.py`` (sets ``twenty`` and ``groups``), an arc of 120 degrees or more in view, tilt
to 50 degrees, photographed badly. Each goes through the examiner as any photograph does; what it reports is scored by
the ring kernel against the two patterns of the catalogue. Right: at least ten times more probable under the true one.
Wrong: at least ten times more probable under the other. Undecided: between, or no ring reported. The weight that a
machine's reading carries until a person has reviewed it is less again, whatever the kernel says.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from forensics.catalogue import load
from forensics.compare.ring import pattern_log_likelihoods
from forensics.compare.ring_pattern import grid_size, variants
from forensics.examine.examiner import Brief
from forensics.examine.rings.examiner import RingsExaminer
from forensics.model.catalogue import ExpectedRing, Parameters
from forensics.model.evidence import Photograph
from forensics.model.values import Ring
from tests.benchmarks.geometry_rings import arc
from tests.renders.relief_view import degraded, scene

TWENTY = ExpectedRing(count=20, spacing="even")
EIGHTEEN = ExpectedRing(count=18, spacing="grouped", groups=6, pitch_deg=(5, 17))
DECIDED = 1.0
"""log10 of the ratio from which on the answer is one or the other."""


def log10_ratio(ring: Ring, parameters: Parameters) -> float:
    """How many times more probable the reading is under 20 even than under 18 in six groups, log10."""
    grid = grid_size(ring.sigma_deg)
    both = [variants(pattern, grid, ring.sigma_deg) for pattern in (TWENTY, EIGHTEEN)]
    logs = [
        float(np.logaddexp.reduce(one) - np.log(one.size)) for one in pattern_log_likelihoods(both, ring, parameters)
    ]
    return (logs[0] - logs[1]) / np.log(10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="pictures of each pattern")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--part", default="igniter_plate")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    parameters = load().parameters
    examiner = RingsExaminer(Brief())
    rows, spent = [], 0.0
    for which, sign in (("twenty", 1), ("groups", -1)):
        number, done = chosen.first, 0
        while done < chosen.count:
            number += 1
            picture, truth = scene(number, which)
            if not truth["rings"] or arc(truth["rings"][0]["bolts"]) < 120 - 18:
                continue
            done += 1
            rgb = degraded(picture, np.random.default_rng([number, 11]))
            photograph = Photograph(
                path="a.jpg",
                sha256="0" * 64,
                bytes=1,
                format="JPEG",
                width_px=rgb.shape[1],
                height_px=rgb.shape[0],
                part=chosen.part,
            )
            began = time.process_time()
            rings = [one.value for one in examiner.examine(photograph, rgb) if isinstance(one.value, Ring)]
            spent += time.process_time() - began
            ratio = sign * log10_ratio(rings[0], parameters) if rings else 0.0
            shown = sum(b["visible"] for b in truth["rings"][0]["bolts"])
            rows.append((which, bool(rings), ratio, truth["tilt_deg"], truth["rings"][0]["head_radius_px"]))
            if ratio < 1.0:
                seen = len(rings[0].angles_deg) if rings else 0
                print(
                    f"{which} {number}: log10 {ratio:.1f}, {truth['scene']}, tilt {truth['tilt_deg']:.0f}, "
                    f"head {truth['rings'][0]['head_radius_px']:.1f} px, {seen} read of {shown}"
                )
    for name in ("twenty", "groups", "both"):
        some = [r for r in rows if name in ("both", r[0])]
        right, wrong = (np.mean([sign * r[2] >= DECIDED for r in some]) for sign in (1, -1))
        print(
            f"{name:8} n {len(some)}: right {right:.3f}, undecided {1 - right - wrong:.3f} "
            f"(no ring reported {np.mean([not r[1] for r in some]):.3f}), wrong {wrong:.3f}"
        )
    print(f"CPU a picture {spent / len(rows):.2f} s")


if __name__ == "__main__":
    main()
