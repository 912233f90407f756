"""How well the marking reader finds and reads: prints recall, precision and false markings.

    python tests/benchmarks/markings_baseline.py --markings DIR --renders DIR [--textfree DIR] [--calibrate]

``--markings``: a folder with ``truth.json`` (a list of {file, group, markings: [{text, quad}]}).
``--renders``: a folder of ``*.json`` beside pictures ({markings: [{text, polygon, legibility}]}).
``--textfree``: a folder of pictures without any writing; whatever is reported on them is false.
``--calibrate`` prints the tables for ``forensics/examine/markings/calibration.py``.

Texts are compared without spaces and punctuation, NFC, upper case, Cyrillic twins as Latin. A reported mark is false
when it lies on no annotated marking; on photographs with annotated markings that overstates, because small print is
not annotated. Photographs with nothing legible on them are counted by themselves.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from sklearn.isotonic import IsotonicRegression

from forensics.examine.imaging.pixels import load
from forensics.examine.markings.characters import folded
from forensics.examine.markings.examiner import Mark, find_marks, read_boxes
from forensics.examine.markings.readers import readers
from forensics.examine.tesseract import Tesseract
from forensics.model.evidence import Box


@dataclass
class Picture:
    path: Path
    group: str
    truth: list[tuple[str, np.ndarray, str]]
    found: tuple[Mark, ...] = ()
    pointed: tuple[Mark, ...] = ()
    seconds: float = 0.0
    boxes: tuple[Box, ...] = field(default=())


def key(text: str) -> str:
    return "".join(character for character in folded(text) if character.isalnum())


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def right(truth: str, text: str) -> tuple[bool, bool]:
    """Exact; within one edit (two characters or fewer: exact)."""
    away = distance(key(truth), key(text))
    return away == 0, away <= (1 if len(key(truth)) > 2 else 0)


def pictures(markings: Path | None, renders: Path | None, textfree: Path | None) -> list[Picture]:
    out = []
    if textfree:
        names = sorted(path for path in textfree.iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
        out.extend(Picture(path, "without text", []) for path in names)
    if markings:
        for entry in json.loads((markings / "truth.json").read_text(encoding="utf-8")):
            truth = [(one["text"], np.array(one["quad"], float), "real") for one in entry["markings"]]
            out.append(Picture(markings / entry["file"], entry["group"], truth))
    if renders:
        for path in sorted(renders.glob("img_*.json")):
            entry = json.loads(path.read_text(encoding="utf-8"))
            truth = [(one["text"], np.array(one["polygon"], float), one["legibility"]) for one in entry["markings"]]
            legible = [one for one in truth if one[2] != "hidden"]
            out.append(Picture(renders / entry["image"], "render" if legible else "nothing legible", truth))
    return out


def around(points: np.ndarray, width: int, height: int) -> Box | None:
    low, high = np.floor(points.min(0)).clip(0), np.ceil(points.max(0))
    wide, high_px = min(high[0], width) - low[0], min(high[1], height) - low[1]
    return Box(x=int(low[0]), y=int(low[1]), width=int(wide), height=int(high_px)) if min(wide, high_px) > 3 else None


def on(mark: Mark, points: np.ndarray) -> bool:
    low, high = points.min(0), points.max(0)
    wide = min(mark.box.x + mark.box.width, high[0]) - max(mark.box.x, low[0])
    tall = min(mark.box.y + mark.box.height, high[1]) - max(mark.box.y, low[1])
    area = max(1.0, float(np.prod(high - low)))
    return wide > 0 and tall > 0 and wide * tall > 0.25 * min(area, mark.box.width * mark.box.height)


def run(picture: Picture, available: tuple) -> None:
    pixels = load(picture.path).rgb
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    start = time.perf_counter()
    picture.found = find_marks(grey, available)
    picture.seconds = time.perf_counter() - start
    legible = [
        (text, box)
        for text, points, how in picture.truth
        if how != "hidden"
        if (box := around(points, grey.shape[1], grey.shape[0]))
    ]
    picture.pointed = read_boxes(grey, [box for _, box in legible], available)
    picture.boxes = tuple(box for _, box in legible)


def report(done: list[Picture]) -> None:
    rows = defaultdict(lambda: np.zeros(9))
    for picture in done:
        row = rows[picture.group]
        row[0] += 1
        row[6] += len(picture.found)
        row[7] += sum(not any(on(mark, points) for _, points, _ in picture.truth) for mark in picture.found)
        row[8] += picture.seconds
        legible = [one for one in picture.truth if one[2] != "hidden"]
        for text, points, _ in legible:
            row[1] += 1
            hits = [right(text, mark.weighed[0].text) for mark in picture.found if on(mark, points)]
            row[2] += any(one for one, _ in hits)
            row[3] += any(two for _, two in hits)
        texts = [
            text for text, points, how in picture.truth if how != "hidden" and around(points, 10**9, 10**9) is not None
        ]
        for text, mark in zip(texts, picture.pointed, strict=False):
            exact, near = right(text, mark.weighed[0].text) if mark.weighed else (False, False)
            row[4] += exact
            row[5] += near
    rows["ALL"] = np.sum(list(rows.values()), axis=0)
    print(f"{'group':16} photos marks | found: exact  ed1  reported false false/photo s/photo | box given: exact  ed1")
    for group, row in rows.items():
        marks = max(1, row[1])
        print(
            f"{group:16} {row[0]:6.0f} {row[1]:5.0f} |        "
            f"{row[2] / marks:5.2f} {row[3] / marks:5.2f} {row[6]:8.0f} "
            f"{row[7]:6.0f} {row[7] / row[0]:11.2f} {row[8] / row[0]:7.2f} |            {row[4] / marks:5.2f} "
            f"{row[5] / marks:5.2f}"
        )
    good = sum(
        any(on(mark, points) and right(text, mark.weighed[0].text)[1] for text, points, _ in picture.truth)
        for picture in done
        for mark in picture.found
    )
    reported = max(1, sum(len(picture.found) for picture in done))
    print(f"precision of what is reported unasked (within one edit): {good / reported:.2f} of {reported}")


def table(pairs: list[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Bins of equal size, the lower end of the one-sigma Wilson interval, made monotone."""
    pairs.sort()
    size = max(8, len(pairs) // 8)
    starts, lows, weights = [], [], []
    for first in range(0, len(pairs), size):
        chunk = pairs[first : first + size]
        if len(chunk) < size and starts:
            break
        n, p = len(chunk), sum(hit for _, hit in chunk) / len(chunk)
        low = (p + 0.5 / n - (p * (1 - p) / n + 0.25 / n**2) ** 0.5) / (1 + 1 / n)
        starts.append(0.0 if not starts else round(chunk[0][0], 3))
        lows.append(max(low, 0.01))
        weights.append(n)
    fitted = IsotonicRegression().fit_transform(np.arange(len(lows)), lows, sample_weight=weights)
    return [(start, round(float(value), 3)) for start, value in zip(starts, fitted, strict=True)]


def calibrate(done: list[Picture]) -> None:
    found, pointed, writing = [], [], []
    for picture in done:
        for mark in picture.found:
            best = mark.weighed[0]
            under = [text for text, points, _ in picture.truth if on(mark, points)]
            writing.append(bool(under))
            found.append((best.support, any(right(text, best.text)[0] for text in under)))
        texts = [text for text, _, how in picture.truth if how != "hidden"]
        for text, mark in zip(texts, picture.pointed, strict=False):
            if mark.weighed:
                pointed.append((mark.weighed[0].support, right(text, mark.weighed[0].text)[0]))
    print("FOUND =", table(found), len(found))
    print("POINTED =", table(pointed), len(pointed))
    print("WRITING_WHEN_FOUND =", round(float(np.mean(writing)), 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markings", type=Path)
    parser.add_argument("--renders", type=Path)
    parser.add_argument("--textfree", type=Path)
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--part", default="0/1", help="every n-th picture from k: k/n")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    first, step = map(int, arguments.part.split("/"))
    available = readers(Tesseract())
    done = pictures(arguments.markings, arguments.renders, arguments.textfree)[first::step]
    for picture in done:
        run(picture, available)
        if arguments.verbose:
            print(
                picture.path.name,
                [text for text, _, how in picture.truth if how != "hidden"],
                "->",
                [(m.weighed[0].text, round(m.weighed[0].support, 2)) for m in picture.found],
                "| boxes",
                [(m.weighed[0].text, round(m.weighed[0].support, 2)) if m.weighed else "" for m in picture.pointed],
                f"{picture.seconds:.1f} s",
                flush=True,
            )
    report(done)
    if arguments.calibrate:
        calibrate(done)


if __name__ == "__main__":
    main()
