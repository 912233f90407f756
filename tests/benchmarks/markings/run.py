"""How well markings are found and read: every figure of the table, ours beside plain Tesseract, in one run.

    python tests/benchmarks/markings/run.py --markings DIR --renders DIR --out DIR [--scorer score.py]
        [--made N] [--part k/n] [--only boxes,alone,made,textures,speed]

``--markings``: a folder with ``truth.json``. ``--renders``: ``img_*.json`` beside pictures. ``--out``: predictions for
the scorer of the renders, records, and ``failures.html`` with a crop of every failure; outside the repository, because
the photographs are others'. ``--made``: marks drawn in fonts that training never sees, for each key mark.

What is given: *boxes* is a person's quadrilateral, *alone* is nothing. *Formats*: those of the catalogue and the shape
of a vehicle plate, a container number and a wagon number; no list of known marks. Counted as in ``truths.right``.
"""

# ruff: noqa: E501 - tables read better unwrapped

from __future__ import annotations

import argparse
import base64
import html
import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from truths import Picture, Truth, covers, key, real, renders, right, script_of_truth

from forensics.catalogue import load as load_catalogue
from forensics.examine.imaging.pixels import load as load_pixels
from forensics.examine.imaging.straighten import level_crop
from forensics.examine.markings import calibration
from forensics.examine.markings.finding import packaged_finder
from forensics.examine.markings.formats import Formats
from forensics.examine.markings.lines import load_reader
from forensics.examine.markings.marks import find_marks, read_pointed
from forensics.examine.markings.printed import print_readers
from forensics.examine.markings.reading import ReadingRoom
from forensics.examine.markings.values import script_shares
from forensics.examine.tesseract import Tesseract
from forensics.model.catalogue import Grammar
from forensics.model.pointed import PointedMark

KEYS = ("ㅈ", "112", "113", "방-122", "제3호", "화성포-11가", "9М723", "3-86-12", "2318")
OTHERS = (
    *("ㅅ", "ㅊ", "ㄱ", "111", "122", "방-132", "방-107", "제2호", "제8호", "화성포-11나", "화성-11마", "9М728"),
    *("9М729", "9М79-1", "3-88-12", "8-86-12", "2313", "2018"),
)
SHAPES = {
    "plate": r"\d{2,3}\h\d{4}",
    "plate_of_region": r"\h{2}\d{1,2}\h\d{4}",
    "container": r"\l{4}\d{7}",
    "container_size": r"\d{2}\l\d",
    "wagon": r"\d{8}",
}
SINGLE = (*"ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ", *"방제호신류시가나다주년")


class Bench:
    """The readers, and what was recorded so far."""

    def __init__(self) -> None:
        self.tesseract = Tesseract()
        grammars = dict(load_catalogue().vocabulary.grammars)
        grammars |= {name: Grammar(id=name, pattern=one, script="any", meaning="") for name, one in SHAPES.items()}
        self.formats = Formats(grammars)
        printed = print_readers(self.tesseract)
        self.room = ReadingRoom(load_reader(), printed if printed.readers else None, self.formats)
        self.finder = packaged_finder()
        self.boxes: list[dict] = []
        self.alone: list[dict] = []
        self.predictions: dict[str, dict] = {}
        self.crops: dict[str, np.ndarray] = {}


def pointed(truth: Truth) -> PointedMark:
    quad = truth.quad
    upright = bool(np.allclose(quad[0][1], quad[1][1]) and np.allclose(quad[0][0], quad[3][0]))
    one, two, three, four = ((float(x), float(y)) for x, y in quad)
    return PointedMark(corners=(one, two, three, four), drawn_as_box=upright)


def boxes(bench: Bench, picture: Picture, rgb: np.ndarray, grey: np.ndarray) -> None:
    """Every legible marking with its quadrilateral given: ours with formats and without, Tesseract in page mode 7."""
    wanted = [truth for truth in picture.truths if truth.legible and truth.missile]
    crops = [level_crop(grey, truth.quad) for truth in wanted]
    plain = bench.tesseract.read_lines(crops, ("kor", "eng", "rus")) if crops else ()
    marks = read_pointed(rgb, grey, [pointed(truth) for truth in wanted], bench.room, bench.finder)
    for truth, crop, line, mark in zip(wanted, crops, plain, marks, strict=True):
        free = bench.room.again(mark.mark, formats=None).best if mark is not None else None
        shares = script_shares(mark, bench.formats, ()) if mark is not None else {}
        record = {
            "picture": picture.path.name,
            "source": picture.source,
            "kind": truth.kind,
            "truth": truth.text,
            "ours": mark.text if mark is not None else "",
            "confidence": mark.right if mark is not None else 0.0,
            "readings": [one.text for one in mark.readings] if mark is not None else [],
            "free": free.text if free is not None else "",
            "script": max(shares, key=lambda name: (shares[name], name), default=""),
            "plain": line.text,
        }
        bench.boxes.append(record)
        bench.crops[f"box {len(bench.boxes)}"] = crop


def alone(bench: Bench, picture: Picture, rgb: np.ndarray, grey: np.ndarray) -> None:
    """The whole photograph with nobody helping; Tesseract's best whole-image page mode, 11."""
    tables = calibration.load()
    began = time.process_time()
    found = find_marks(rgb, grey, bench.room, bench.finder)
    took = time.process_time() - began
    read = [mark for mark in found if mark.text and mark.right >= tables.readable]
    whole = whole_image(bench.tesseract, picture.path)
    bench.alone.append(
        {
            "picture": picture.path.name,
            "source": picture.source,
            "free_of_text": picture.free_of_text,
            "seconds": took,
            "truths": [[t.text, t.kind, t.quad.tolist(), t.legible, t.missile] for t in picture.truths],
            "ours": [[m.text, m.right, m.writing, m.corners.tolist()] for m in read],
            "unread": [m.corners.tolist() for m in found if m not in read],
            "plain": whole,
        }
    )
    bench.predictions[picture.path.name] = {"markings": [{"text": m.text, "polygon": m.corners.tolist()} for m in read]}


def whole_image(tesseract: Tesseract, path: Path) -> list[str]:
    """Lines of a plain pass, as anyone would call it."""
    languages = "+".join(tesseract.languages(("kor", "eng", "rus")))
    answer = subprocess.run(
        ["tesseract", str(path), "-", "--psm", "11", "-l", languages],
        capture_output=True,
        env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"},
        check=False,
    )
    return [line.strip() for line in answer.stdout.decode("utf-8", "replace").splitlines() if line.strip()]


def table_boxes(records: list[dict]) -> None:
    print("\nBOX GIVEN                          plain Tesseract     ours, free       ours, formats    script")
    print(f"{'':18}{'marks':>6}      exact  ed1       exact  ed1       exact  ed1      right")
    groups = defaultdict(list)
    for one in records:
        groups[f"{one['source']} {one['kind']}"].append(one)
        groups[f"{one['source']} ALL"].append(one)
    for name, some in sorted(groups.items()):
        cells = [np.mean([right(one["truth"], one[way]) for one in some], axis=0) for way in ("plain", "free", "ours")]
        script = np.mean([one["script"] == script_of_truth(one["truth"]) for one in some])
        print(
            f"{name:18}{len(some):>6}"
            + "".join(f"      {exact:5.2f} {near:5.2f}" for exact, near in cells)
            + f"      {script:5.2f}"
        )
    print_ece(
        "box given, real photographs",
        [(o["confidence"], right(o["truth"], o["ours"])[0]) for o in records if o["source"] == "real" and o["ours"]],
    )


def print_ece(name: str, pairs: list[tuple[float, bool]]) -> None:
    """Expected calibration error over ten bins of stated confidence."""
    if not pairs:
        return
    stated, hit = (np.array(column, float) for column in zip(*pairs, strict=True))
    bins = np.minimum((stated * 10).astype(int), 9)
    error = sum((bins == b).mean() * abs(stated[bins == b].mean() - hit[bins == b].mean()) for b in np.unique(bins))
    rows = ", ".join(
        f"{stated[bins == b].mean():.2f}: {hit[bins == b].mean():.2f} of {int((bins == b).sum())}"
        for b in np.unique(bins)
    )
    print(f"stated confidence against found, {name}: ECE {error:.3f} ({rows})")


def table_alone(records: list[dict]) -> None:
    print(
        "\nNOBODY HELPING          photos marks   plain exact  ed1 right of lines    ours exact  ed1 right of reported   CPU s"
    )
    groups = defaultdict(list)
    for one in records:
        groups[one["source"]].append(one)
    pairs = []
    for name, some in sorted(groups.items()):
        marks = exact = near = p_exact = p_near = reported = good = lines = p_good = 0
        by_kind = defaultdict(lambda: [0, 0, 0])
        for one in some:
            truths = [t for t in one["truths"] if t[4] or name == "real"]
            for text, kind, quad, legible, _ in truths:
                if not legible:
                    continue
                on = [right(text, m[0]) for m in one["ours"] if covers(np.array(m[3]), np.array(quad))]
                hit, close = any(a for a, _ in on), any(b for _, b in on)
                marks, exact, near = marks + 1, exact + hit, near + close
                row = by_kind[kind]
                row[0], row[1], row[2] = row[0] + 1, row[1] + hit, row[2] + close
                other = [right(text, line) for line in one["plain"]]
                p_exact, p_near = p_exact + any(a for a, _ in other), p_near + any(b for _, b in other)
            for text, sure, _, corners in one["ours"]:
                on = [right(t[0], text) for t in one["truths"] if covers(np.array(corners), np.array(t[2]))]
                reported, good = reported + 1, good + any(b for _, b in on)
                pairs.append((sure, any(a for a, _ in on)))
            lines += len(one["plain"])
            p_good += sum(any(right(t[0], line)[1] for t in one["truths"]) for line in one["plain"])
        print(
            f"{name:22}{len(some):>7}{marks:>6}        {p_exact / max(marks, 1):5.2f} {p_near / max(marks, 1):5.2f}"
            f"          {p_good / max(lines, 1):5.2f}         {exact / max(marks, 1):5.2f} {near / max(marks, 1):5.2f}"
            f"     {good / max(reported, 1):5.2f} of {reported:<4}   {np.mean([o['seconds'] for o in some]):6.2f}"
        )
        print("   " + "  ".join(f"{kind} {r[1]}/{r[2]} of {r[0]}" for kind, r in sorted(by_kind.items())))
    print_ece("found alone", pairs)
    bare = [one for one in records if one["free_of_text"]]
    if bare:
        ours = sum(bool(one["ours"]) for one in bare)
        plain = sum(any(len(key(line)) >= 2 for line in one["plain"]) for one in bare)
        print(
            f"pictures without writing: something reported on {ours} of {len(bare)} by ours, {plain} by plain Tesseract"
        )


def made(bench: Bench, each: int) -> None:
    """Marks drawn by the generator in fonts held out of training: key marks, single letters, bare surfaces."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "renders/markings"))
    from marks import Marks  # noqa: PLC0415

    generator = Marks(515151, held=True)
    listed = tuple(key(text) for text in (*KEYS, *OTHERS))
    print(f"\nMADE, fonts held out, {each} of each        plain   ours free   among {len(listed)} candidates")
    rows = []

    def read(sample, known=()):
        x0, y0, x1, y1 = sample.box
        mark = PointedMark(corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
        grey = sample.picture
        colour = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
        got = read_pointed(colour, grey, [mark], bench.room, None)[0]
        plain = bench.tesseract.read_lines([level_crop(grey, np.array(mark.corners))], ("kor", "eng", "rus"))[0].text
        if got is None:
            return "", "", plain
        free = bench.room.again(got.mark, formats=None).best
        scored = bench.room.again(got.mark, formats=None, known_marks=known)
        share = {key(one.text): one.share for one in scored.readings}
        among = max(known, key=lambda one: share.get(key(one), 0.0)) if known else ""
        return free.text if free is not None else "", among, plain

    for text in KEYS:
        got = [read(generator.sample(text), listed) for _ in range(each)]
        row = [np.mean([key(one[which]) == key(text) for one in got]) for which in (2, 0, 1)]
        rows.append(row)
        print(f"{text:<38}{row[0]:7.2f}{row[1]:12.2f}{row[2]:10.2f}")
    print(f"{'all':<38}" + "".join(f"{value:10.2f}" for value in np.mean(rows, axis=0)))
    single = [(text, read(generator.sample(text))) for _ in range(max(1, each // 4)) for text in SINGLE]
    for name, jamo in (("single consonant", True), ("one syllable", False)):
        some = [(text, got) for text, got in single if ("ㄱ" <= text <= "ㅎ") == jamo]
        print(
            f"{name:<38}{np.mean([key(g[2]) == t for t, g in some]):7.2f}{np.mean([key(g[0]) == t for t, g in some]):12.2f}"
        )


def textures(bench: Bench, count: int) -> None:
    """Bare surfaces drawn by the generator at the size of a small photograph."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "renders/markings"))
    from marks import Marks  # noqa: PLC0415

    generator = Marks(616161, held=True)
    tables = calibration.load()
    reported = unread = plain = 0
    for _ in range(count):
        grey = np.asarray(generator.wild.cut(360, 480) * 255, dtype=np.float32).clip(0, 255).astype(np.uint8)
        found = find_marks(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), grey, bench.room, bench.finder)
        reported += any(m.text and m.right >= tables.readable for m in found)
        unread += bool(found)
        path = Path("/tmp") / f"surface-{count}.png"
        cv2.imwrite(str(path), grey)
        plain += any(len(key(line)) >= 2 for line in whole_image(bench.tesseract, path))
        path.unlink()
    print(
        f"\nbare surfaces: a marking reported on {reported} of {count} (with 'unreadable writing' {unread}); plain Tesseract on {plain}"
    )


def speed(bench: Bench, pictures: list[Picture]) -> None:
    """One 12 megapixel photograph with everything, against one plain Tesseract pass over it, both in process time."""
    import resource  # noqa: PLC0415

    source = next((p for p in pictures if p.source == "render" and p.truths), pictures[0])
    rgb = cv2.resize(load_pixels(source.path).rgb, (4000, 3000), interpolation=cv2.INTER_CUBIC)
    path = Path("/tmp") / "twelve.png"
    cv2.imwrite(str(path), rgb[:, :, ::-1])

    def children() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = children()
    whole_image(bench.tesseract, path)
    plain = children() - before
    before, began = children(), time.process_time()
    find_marks(rgb, cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), bench.room, bench.finder)
    ours = time.process_time() - began + children() - before
    path.unlink()
    crop = np.full((48, 240), 128, np.uint8)
    began = time.process_time()
    for lines in bench.room.lines.read([crop + np.uint8(n % 7) for n in range(100)]):
        lines.best()
    hundred = time.process_time() - began
    print(
        f"\n12 megapixels, CPU: ours {ours:.1f} s, plain Tesseract {plain:.1f} s, ratio {ours / max(plain, 1e-9):.1f}; 100 crops {hundred:.2f} s"
    )


def gallery(bench: Bench, out: Path) -> None:
    """A page with a crop of every failure, worst first by kind."""
    rows = []
    for number, one in enumerate(bench.boxes, 1):
        if right(one["truth"], one["ours"])[0]:
            continue
        data = base64.b64encode(cv2.imencode(".png", bench.crops[f"box {number}"])[1]).decode()
        words = f"{one['truth']} → {' | '.join(one['readings'][:4]) or 'nothing'} ({one['confidence']:.2f})"
        near = "within one edit" if right(one["truth"], one["ours"])[1] else ""
        rows.append(
            (
                one["kind"],
                f"<tr><td>{html.escape(one['kind'])}<td>{html.escape(one['picture'])}<td><img src='data:image/png;base64,{data}' height=40><td>{html.escape(words)}<td>{near}",
            )
        )
    for one in bench.alone:
        for text, kind, quad, legible, missile in one["truths"]:
            if (
                legible
                and (missile or one["source"] == "real")
                and not any(right(text, m[0])[0] and covers(np.array(m[3]), np.array(quad)) for m in one["ours"])
            ):
                there = [m[0] for m in one["ours"] if covers(np.array(m[3]), np.array(quad))]
                rows.append(
                    (
                        kind,
                        f"<tr><td>{html.escape(kind)}<td>{html.escape(one['picture'])}<td>nobody helping<td>{html.escape(text)} → {html.escape(' | '.join(there) or 'not found')}<td>",
                    )
                )
    body = "\n".join(row for _, row in sorted(rows))
    (out / "failures.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Failures</title><table border=1>{body}</table>", "utf-8"
    )


def keep(bench: Bench, out: Path) -> None:
    records = json.dumps({"boxes": bench.boxes, "alone": bench.alone}, ensure_ascii=False)
    (out / "records.json").write_text(records, "utf-8")
    (out / "predictions.json").write_text(json.dumps(bench.predictions, ensure_ascii=False), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markings", type=Path)
    parser.add_argument("--renders", type=Path)
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--out", type=Path, default=Path("markings-measured"))
    parser.add_argument("--made", type=int, default=0)
    parser.add_argument("--textures", type=int, default=0)
    parser.add_argument("--part", default="0/1", help="every n-th picture from k: k/n")
    parser.add_argument("--only", default="boxes,alone,speed")
    parser.add_argument("--records", type=Path, help="print the tables of an earlier run and do nothing else")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    if given.records:
        earlier = json.loads(given.records.read_text(encoding="utf-8"))
        table_boxes(earlier["boxes"])
        table_alone(earlier["alone"])
        return
    bench = Bench()
    first, step = map(int, given.part.split("/"))
    pictures = (real(given.markings) if given.markings else []) + (renders(given.renders) if given.renders else [])
    pictures = pictures[first::step]
    only = given.only.split(",")
    given.out.mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        rgb = load_pixels(picture.path).rgb
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        if "boxes" in only:
            boxes(bench, picture, rgb, grey)
        if "alone" in only:
            alone(bench, picture, rgb, grey)
        # After each picture: a run that is stopped has measured what it has measured.
        keep(bench, given.out)
    print(f"reading network {bench.room.lines.digest[:12]}, calibration: {calibration.load().provenance}")
    if bench.boxes:
        table_boxes(bench.boxes)
    if bench.alone:
        table_alone(bench.alone)
    gallery(bench, given.out)
    if given.scorer and given.renders:
        answer = subprocess.run(
            [sys.executable, str(given.scorer), str(given.out / "predictions.json"), "--truth", str(given.renders)],
            capture_output=True,
            text=True,
            check=False,
        )
        print("\n" + "\n".join(line for line in answer.stdout.splitlines() if line.startswith("marking")))
    if given.made:
        made(bench, given.made)
    if given.textures:
        textures(bench, given.textures)
    if "speed" in only and pictures:
        speed(bench, pictures)


if __name__ == "__main__":
    main()
