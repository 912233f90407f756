"""Write the ellipses that the search proposes on each picture, for ``train_rings.py``.

python -m tests.renders.mine_rings PROPOSALS.json PICTURES [FIRST_N]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np

from forensics.examine.rings.finding import proposals_of
from tests.renders.relief_view import degraded


def main() -> None:
    cv2.setNumThreads(1)
    out, folder = Path(sys.argv[1]), Path(sys.argv[2])
    held: dict[str, list] = {}
    for path in sorted(folder.glob("img_*.json"))[: int(sys.argv[3]) if len(sys.argv) > 3 else None]:
        rgb = cv2.imread(str(path.with_suffix(".jpg")))
        if rgb is None:
            continue
        rgb = degraded(np.ascontiguousarray(rgb[..., ::-1]), np.random.default_rng([int(path.stem[4:]), 7]))
        held[path.stem] = [(one.ellipse.tolist(), one.head_px) for one in proposals_of(rgb)[:12]]
        if len(held) % 20 == 0:
            out.write_text(json.dumps(held), encoding="utf-8")
    out.write_text(json.dumps(held), encoding="utf-8")


if __name__ == "__main__":
    main()
