"""Pictures with transcribed markings, and when a reading is right."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_FOLD = str.maketrans("АВЕКМНОРСТУХІЁЅЈ–—−‐‑", "ABEKMHOPCTYXIESJ-----")
SEPARATORS = " \t.,:;|'\"`´_·"


@dataclass(frozen=True)
class Truth:
    """One transcribed marking. ``kind``: plate, sign, stamped, circular, stencil, handwritten, painted and so on."""

    text: str
    quad: np.ndarray
    kind: str
    script: str
    legible: bool = True
    missile: bool = True


@dataclass(frozen=True)
class Picture:
    """A picture; ``source`` is ``real`` or ``render``."""

    path: Path
    source: str
    truths: tuple[Truth, ...]
    free_of_text: bool = False


def key(text: str) -> str:
    """Compared without spaces and stops, composed, capitals, dashes one, Cyrillic twins as Latin."""
    text = unicodedata.normalize("NFC", text).upper().translate(_FOLD)
    return "".join(letter for letter in text if letter not in SEPARATORS)


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def right(truth: str, text: str) -> tuple[bool, bool]:
    """Exact; within one edit (marks of two characters or fewer: exact)."""
    away = distance(key(truth), key(text))
    return away == 0, away <= (1 if len(key(truth)) > 2 else 0)


def script_of_truth(text: str) -> str:
    counts = {"hangul": 0, "cyrillic": 0, "latin": 0}
    for letter in text:
        name = unicodedata.name(letter, "").partition(" ")[0].lower()
        if name in counts:
            counts[name] += 1
    best = max(counts, key=counts.get)
    return best if counts[best] else "digits"


def _kind(entry: dict, marking: dict) -> str:
    if "arc" in marking:
        return "circular"
    return {
        "plate": "plate",
        "coin": "stamped",
        "sign_ko": "sign",
        "scene_ko": "scene",
        "latin": "painted",
        "cyr": "painted",
    }.get(entry["group"], entry["group"])


def real(folder: Path) -> list[Picture]:
    """``truth.json``: a list of {file, group, markings: [{text, quad, arc?}]}."""
    out = []
    for entry in json.loads((folder / "truth.json").read_text(encoding="utf-8")):
        truths = tuple(
            Truth(one["text"], np.array(one["quad"], float), _kind(entry, one), script_of_truth(one["text"]))
            for one in entry["markings"]
        )
        out.append(Picture(folder / entry["file"], "real", truths))
    return out


def renders(folder: Path) -> list[Picture]:
    """``img_*.json`` beside the pictures: {image, markings: [{text, polygon, legibility, method, role}], scale}."""
    out = []
    for path in sorted(folder.glob("img_*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        truths = tuple(
            Truth(
                one["text"],
                np.array(one["polygon"], float),
                one["method"],
                script_of_truth(one["text"]),
                one["legibility"] in ("large", "ok"),
                one["role"] == "missile",
            )
            for one in entry["markings"]
            if one["legibility"] != "hidden"
        )
        ruler = any(one["type"] == "ruler" for one in entry["scale"])
        out.append(Picture(folder / entry["image"], "render", truths, not truths and not ruler))
    return out


def covers(corners: np.ndarray, quad: np.ndarray) -> bool:
    """Whether a reported place lies on a marking: the centre of one in the box of the other, grown by a quarter."""

    def middle(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (points.min(0) + points.max(0)) / 2, (points.max(0) - points.min(0)) / 2 * 1.25 + 6

    (a, half_a), (b, half_b) = middle(corners), middle(quad)
    apart = np.abs(a - b)
    return bool((apart <= half_a).all() or (apart <= half_b).all())
