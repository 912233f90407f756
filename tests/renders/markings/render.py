"""Render shards of samples to train the reader on.

    python tests/renders/markings/render.py OUT_DIR FIRST COUNT [--held]

Shard n holds 8,000 crops of seed n (15 in 100 without writing); the same seed gives the same shard. One core takes
about 30 s for one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from marks import Marks

PER_SHARD = 8000
EMPTY = 0.15


def shard(seed, held=False, count=PER_SHARD):
    """Bytes of all crops, one after the other, and what each is."""
    marks = Marks(seed, held)
    pieces, rows, at = [], [], 0
    for _ in range(count):
        one = marks.empty() if marks.chance(EMPTY) else marks.sample()
        h, w = one.picture.shape
        if w > 900:
            continue
        pieces.append(one.picture.ravel())
        rows.append((at, h, w, *[round(float(v), 1) for v in one.box], one.text, one.how))
        at += h * w
    return np.concatenate(pieces), rows


def main(out, first, count, held):
    cv2.setNumThreads(1)
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        if (out / f"{seed}.json").exists():
            continue
        data, rows = shard(seed, held)
        np.save(out / f"{seed}.npy", data)
        temporary = out / f"{seed}.part"
        temporary.write_text(json.dumps(rows, ensure_ascii=False))
        temporary.rename(out / f"{seed}.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), "--held" in sys.argv)
