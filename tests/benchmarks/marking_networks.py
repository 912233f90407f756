"""The two networks alone, on photographs and on renders: one read of a given box, and what the finder finds.

    python tests/benchmarks/marking_networks.py read PHOTOGRAPHS [--show OUT.png]
    python tests/benchmarks/marking_networks.py find PHOTOGRAPHS [--show OUT_DIR]
    python tests/benchmarks/marking_networks.py keys [--each 40]
    python tests/benchmarks/marking_networks.py textures

PHOTOGRAPHS is a folder with ``truth.json`` (text and quadrilateral of every marking). ``read``: exact, within one edit
(of up to two characters: exact) and character error rate of one read, and of candidates from several margins.
``find``: recall (overlap of 0.4, or 0.7 of the marking covered by a region at most four times its size), regions
a photograph. ``keys``: nine marks in fonts held out of training, free and among 27 candidates. ``textures``: how often
surfaces without writing are read. Plain Tesseract stands in ``markings_baseline.py``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from forensics.examine.markings.alphabet import shapes_of, spelled
from forensics.examine.markings.decoding import beam, best, score
from forensics.examine.markings.finder import find_in_box, find_text
from forensics.examine.markings.network import Reader
from forensics.examine.markings.regions import TextRegion, straightened

KEYS = ["ㅈ", "112", "113", "방-122", "제3호", "화성포-11가", "9М723", "3-86-12", "2318"]
OTHERS = [
    "ㅅ",
    "ㅊ",
    "ㄱ",
    "111",
    "122",
    "방-132",
    "방-107",
    "제2호",
    "제8호",
    "화성포-11나",
    "화성-11마",
    "9М728",
    "9М729",
    "9М79-1",
    "3-88-12",
    "8-86-12",
    "2313",
    "2018",
]


def folded(text):
    return spelled(shapes_of(text))


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def near(got, wanted):
    return got == wanted if len(wanted) <= 2 else distance(got, wanted) <= 1


def kind_of(group, marking):
    if group == "coin":
        return "coin arc" if marking.get("arc") else ("coin number" if marking["script"] == "digit" else "coin hangul")
    if group == "plate":
        return "plate 2 lines" if marking["lines"] == 2 else "plate"
    return group


def photographs(folder):
    for entry in json.loads((folder / "truth.json").read_text("utf-8")):
        yield entry, cv2.imread(str(folder / entry["file"]))


def region_of(marking):
    quad = np.array(marking["quad"], float)
    right, down = quad[1] - quad[0], quad[3] - quad[0]
    return TextRegion(
        tuple(map(tuple, quad)), float(np.degrees(np.arctan2(right[1], right[0]))), float(np.hypot(*down)), 1.0
    )


def pooled(frames):
    """The text that several views together find likeliest, and its mean log-probability."""
    texts = sorted({text.text for some in frames for text in beam(some, 8)})
    sums = np.logaddexp.reduce([score(some, texts) for some in frames]) - np.log(len(frames))
    return texts[int(np.argmax(sums))], float(np.max(sums))


def several_reads(reader, grey, line):
    """The likelier of both ways round."""
    ways = [line, line.turned()] if line.way_sureness < 0.9 else [line]
    return max(
        (pooled(reader.frames([straightened(grey, way, m) for m in (0.03, 0.15, 0.3)])) for way in ways),
        key=lambda one: one[1],
    )


def read(folder, show):
    reader = Reader.load()
    rows, tiles = defaultdict(list), []
    took = crops = 0.0
    for entry, picture in photographs(folder):
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        for marking in entry["markings"]:
            region, wanted = region_of(marking), folded(marking["text"])
            views = [straightened(grey, region, margin) for margin in (0.03, 0.12, -0.04, 0.22)]
            began = time.process_time()
            frames = reader.frames(views)
            took += time.process_time() - began
            crops += len(views)
            one = best(frames[0]).text
            several = pooled(frames)[0]
            inside = "".join(
                text
                for text, _ in (several_reads(reader, grey, line) for line in find_in_box(picture[..., ::-1], region))
            )
            rows[kind_of(entry["group"], marking)].append((one, several, inside, wanted))
            if show and several != wanted:
                tile = np.full((52, 330), 255, np.uint8)
                tile[2:50, : min(330, views[1].shape[1])] = views[1][:, :330]
                tiles.append((tile, f"{wanted} | {one} | {several} | {inside}"))
    print(
        f"{'kind':<15}{'n':>4}   one read: exact  near   cer   four margins: exact  near   cer"
        "   lines found in the box: exact  near   cer"
    )
    everything = [row for some in rows.values() for row in some]
    for kind, some in [*sorted(rows.items()), ("all", everything)]:
        figures = []
        for which in (0, 1, 2):
            figures += [
                np.mean([row[which] == row[3] for row in some]),
                np.mean([near(row[which], row[3]) for row in some]),
                np.mean([min(1, distance(row[which], row[3]) / len(row[3])) for row in some]),
            ]
        print(
            f"{kind:<15}{len(some):>4}   {figures[0]:>15.2f} {figures[1]:>5.2f} {figures[2]:>5.2f}"
            f"   {figures[3]:>19.2f} {figures[4]:>5.2f} {figures[5]:>5.2f}"
            f"   {figures[6]:>27.2f} {figures[7]:>5.2f} {figures[8]:>5.2f}"
        )
    print(f"{1000 * took / crops:.1f} ms of one core for one crop; weights {reader.version} {reader.digest[:12]}")
    if show:
        gallery(tiles, show)


def gallery(tiles, path):
    font = ImageFont.truetype("/usr/share/fonts/truetype/nanum/NanumGothic.ttf", 15)
    page = Image.new("L", (4 * 340, max(1, -(-len(tiles) // 4)) * 76), 255)
    draw = ImageDraw.Draw(page)
    for number, (tile, words) in enumerate(tiles):
        x, y = number % 4 * 340, number // 4 * 76
        page.paste(Image.fromarray(tile), (x, y))
        draw.text((x + 2, y + 54), words, fill=0, font=font)
    page.save(path)


def overlap(region, quad):
    first, second = np.array(region.quad, np.float32), np.array(quad, np.float32)
    shared, _ = cv2.intersectConvexConvex(cv2.convexHull(first), cv2.convexHull(second))
    a, b = abs(cv2.contourArea(first)), abs(cv2.contourArea(second))
    return shared / max(a + b - shared, 1e-6), shared / max(b, 1e-6), a / max(b, 1e-6)


def find(folder, show):
    found, boxes, took = defaultdict(list), [], 0.0
    for entry, picture in photographs(folder):
        began = time.process_time()
        regions = find_text(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
        took += time.process_time() - began
        boxes.append(len(regions))
        for marking in entry["markings"]:
            hit = False
            for region in regions:
                shared, covered, larger = overlap(region, marking["quad"])
                hit |= shared >= 0.4 or (covered >= 0.7 and larger <= 4)
            found[kind_of(entry["group"], marking)].append(hit)
        if show:
            for region in regions:
                quad = np.round(region.quad).astype(int)
                cv2.polylines(picture, [quad], True, (0, 200, 0) if region.arc is None else (0, 140, 255), 2)
                cv2.line(picture, quad[0], quad[1], (0, 0, 255), 2)
            for marking in entry["markings"]:
                cv2.polylines(picture, [np.round(marking["quad"]).astype(int)], True, (255, 120, 0), 1)
            show.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(show / entry["file"]), picture)
    everything = [one for some in found.values() for one in some]
    for kind, some in [*sorted(found.items()), ("all", everything)]:
        print(f"{kind:<15}{len(some):>4}  recall {np.mean(some):.2f}")
    print(f"{np.mean(boxes):.1f} regions a photograph, {took / len(boxes):.2f} s of one core each")


def made(held=True):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "renders/markings"))
    from marks import Marks  # noqa: PLC0415

    return Marks(424242, held=held)


def plain(sample):
    """The line with a margin of a tenth of its height."""
    x0, y0, x1, y1 = sample.box
    m = 0.1 * (y1 - y0)
    h, w = sample.picture.shape
    return sample.picture[max(0, round(y0 - m)) : min(h, round(y1 + m)), max(0, round(x0 - m)) : min(w, round(x1 + m))]


def keys(each):
    marks, reader = made(), Reader.load()
    total = []
    for text in KEYS:
        frames = reader.frames([plain(marks.sample(text)) for _ in range(each)])
        wanted = folded(text)
        free = np.mean([beam(one, 8)[0].text == wanted for one in frames])
        listed = [*KEYS, *OTHERS]
        among = np.mean([listed[int(np.argmax(score(one, listed)))] == text for one in frames])
        total.append((free, among))
        print(f"{text:<12} free {free:.2f}   among {len(listed)} candidates {among:.2f}")
    print("all          free {:.2f}   among candidates {:.2f}".format(*np.mean(total, axis=0)))
    single = [
        (text, marks.sample(text))
        for _ in range(each // 2 + 1)
        for text in [*"ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ", *"방제호신류시가나다주년"]
    ]
    frames = reader.frames([plain(sample) for _, sample in single])
    right = [beam(one, 4)[0].text == folded(text) for one, (text, _) in zip(frames, single, strict=True)]
    for name, jamo in (("single jamo", True), ("one syllable", False)):
        some = [one for one, (text, _) in zip(right, single, strict=True) if ("ㄱ" <= text <= "ㅎ") == jamo]
        print(f"{name:<12} free {np.mean(some):.2f}")


def textures(count=400):
    marks, reader = made(), Reader.load()
    frames = reader.frames([marks.empty().picture for _ in range(count)])
    bests = [best(one) for one in frames]
    written = [bool(one.text) for one in bests]
    sure = [bool(one.text) and one.log_probability > np.log(0.3) for one in bests]
    print(
        f"{count} surfaces without writing: {np.mean(written):.3f} read as something, "
        f"{np.mean(sure):.3f} with a probability over 0.3"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["read", "find", "keys", "textures"])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--show", type=Path)
    parser.add_argument("--each", type=int, default=40)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    if given.what == "read":
        read(given.folder, given.show)
    elif given.what == "find":
        find(given.folder, given.show)
    elif given.what == "keys":
        keys(given.each)
    else:
        textures()


if __name__ == "__main__":
    main()
