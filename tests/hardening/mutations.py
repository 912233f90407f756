"""Files as strangers may send them: good ones, changed at random; and every parser that meets them.

Used by ``test_fuzz.py`` (some seconds) and by ``tests/benchmarks/fuzz.py`` (as many as one has patience for).
"""

from __future__ import annotations

import io
import json
import random
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from pillow_heif import register_heif_opener

from forensics.batch.sheets import read_lines, units_of_table
from forensics.casefile import new_case, open_case
from forensics.casefile.custody import read_chain
from forensics.casefile.exchange.importing import import_case
from forensics.catalogue import load
from forensics.examine.imaging.pixels import load as load_pixels
from forensics.intake import Lexicon, find_sidecar, read_sheet, read_sidecar, register_photograph, write_sheet
from forensics.workflow.priors import read_priors
from forensics.yamltext import read as read_yaml

__all__ = ["PARSERS", "Parser", "mutate", "seeds"]

NUMBERS = (
    b"0",
    b"-1",
    b"4294967295",
    b"1e999",
    b"nan",
    b"99999999999999999999",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
)
CSV = (
    "item,trait,value,unit,method\nA,body_diameter_mm,880 ± 5,mm,physical\nA,jet_vane_count,4,,\nA,fin_form,lattice,,\n"
)
YAML = """observations:
- {item: A, trait: body_diameter_mm, value: 880, unit: mm}
- item: B
  trait: year_mark
  value: '112'
"""
CASE = "id: k-1\nevent_date: 2024-01-02\nitems:\n- {id: A}\nphotographs:\n- {file: photographs/a.jpg, item: A}\n"
SIDECAR = "part: igniter_plate\nmarks:\n- {box: '2,2,40,20', expect: ['112']}\nrings:\n- {centre: [20, 20]}\n"


@dataclass(frozen=True)
class Parser:
    """One door. ``suffix``: of the files it is given; ``parse`` returns, or raises a ``ForensicsError``."""

    name: str
    suffix: str
    seeds: Callable[[], list[bytes]]
    parse: Callable[[Path], object]


@cache
def _lexicon() -> Lexicon:
    return Lexicon(load().vocabulary)


@cache
def _pictures(kind: str) -> tuple[bytes, ...]:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    found = []
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Maker", "Model", 6
    exif.get_ifd(0x8769)[0x9003] = "2024:01:02 10:11:12"
    for options in ({}, {"exif": exif.tobytes()}):
        target = io.BytesIO()
        picture.save(target, format=kind, **options)
        found.append(target.getvalue())
    return tuple(found)


@cache
def _workbook(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        given, path = Path(folder) / "a.csv", Path(folder) / f"a.{kind}"
        given.write_text(CSV, encoding="utf-8")
        write_sheet(path, read_sheet(given, load().vocabulary), load().vocabulary)
        return path.read_bytes()


def _bag() -> list[bytes]:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("k-1/case.yaml", CASE)
        archive.writestr("k-1/sheets/a.csv", CSV)
        archive.writestr("k-1/photographs/a.jpg", _pictures("JPEG")[0])
    return [target.getvalue()]


def _parquet() -> list[bytes]:
    target = io.BytesIO()
    pq.write_table(pa.table({"case": ["a", "b"], "body_diameter_mm": [880.0, None]}), target)
    return [target.getvalue()]


def _sheet(path: Path) -> object:
    return read_sheet(path, load().vocabulary)


def _case(path: Path) -> object:
    """The file as ``case.yaml`` of a folder of its own."""
    folder = path.with_suffix(".folder")
    (folder / "photographs").mkdir(parents=True, exist_ok=True)
    (folder / "case.yaml").write_bytes(path.read_bytes())
    case = open_case(folder)
    return (
        case.photograph_entries(),
        case.sheet_paths(),
        [case.photograph_path(one) for one in case.photograph_entries()],
    )


def _lines(name: str) -> Callable[[Path], object]:
    def parse(path: Path) -> object:
        folder = path.with_suffix(".folder")
        folder.mkdir(exist_ok=True)
        (folder / "case.yaml").write_text("id: k\n")
        (folder / name).write_bytes(path.read_bytes())
        case = open_case(folder)
        return read_chain(folder), case.verify(), case.decisions(), case.observations()

    return parse


def _import(path: Path) -> object:
    return import_case(path, path.with_suffix(".imported"))


def _picture(path: Path) -> object:
    photograph = register_photograph(path)
    return photograph, load_pixels(path).rgb.shape


def _sidecar(path: Path) -> object:
    picture = path.with_name(f"{path.stem}-photo.jpg")
    picture.write_bytes(_pictures("JPEG")[0])
    beside = picture.with_suffix(".examiner.yaml")
    beside.write_bytes(path.read_bytes())
    found = find_sidecar(picture)
    return None if found is None else read_sidecar(found, register_photograph(picture))


def _custody() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return (new_case(Path(folder) / "k", "k", person="P").path / "custody.jsonl").read_bytes()


_OBSERVATION = json.dumps(
    {"id": "a", "item": "A", "trait": "fin_count", "value": {"kind": "count", "count": 4}, "provenance": {}}
)
_DECISION = json.dumps({"observation": "a", "action": "accept", "person": "P", "at": "2024-01-02T00:00:00Z"})

PARSERS: dict[str, Parser] = {
    parser.name: parser
    for parser in (
        Parser("csv", ".csv", lambda: [CSV.encode(), CSV.replace(",", ";").encode("utf-16")], _sheet),
        Parser("yaml", ".yaml", lambda: [YAML.encode()], _sheet),
        Parser(
            "json", ".json", lambda: [json.dumps([{"item": "A", "trait": "fin_count", "value": 4}]).encode()], _sheet
        ),
        Parser("xlsx", ".xlsx", lambda: [_workbook("xlsx")], _sheet),
        Parser("ods", ".ods", lambda: [_workbook("ods")], _sheet),
        Parser("case", ".yaml", lambda: [CASE.encode()], _case),
        Parser("observations", ".jsonl", lambda: [f"{_OBSERVATION}\n".encode()], _lines("observations.jsonl")),
        Parser("decisions", ".jsonl", lambda: [f"{_DECISION}\n".encode()], _lines("decisions.jsonl")),
        Parser("custody", ".jsonl", lambda: [_custody()], _lines("custody.jsonl")),
        Parser("priors", ".yaml", lambda: [b"DPRK: 0.5\nhwasong-11: 0.2\n"], lambda path: read_priors(path, load())),
        Parser("yamltext", ".yaml", lambda: [YAML.encode(), CASE.encode()], read_yaml),
        Parser("archive", ".zip", _bag, _import),
        Parser(
            "table",
            ".csv",
            lambda: [b"case,trait,value\nk,fin_count,4\n"],
            lambda p: units_of_table(p, "t", _lexicon()),
        ),
        Parser("parquet", ".parquet", _parquet, lambda path: list(read_lines(path, "t"))),
        Parser("jpeg", ".jpg", lambda: list(_pictures("JPEG")), _picture),
        Parser("png", ".png", lambda: list(_pictures("PNG")), _picture),
        Parser("tiff", ".tif", lambda: list(_pictures("TIFF")), _picture),
        Parser("webp", ".webp", lambda: list(_pictures("WEBP")), _picture),
        Parser("heic", ".heic", lambda: list(_heic()), _picture),
        Parser("sidecar", ".yaml", lambda: [SIDECAR.encode()], _sidecar),
    )
}


@cache
def _heic() -> tuple[bytes, ...]:
    register_heif_opener()
    return _pictures("HEIF")


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    """Good files of one kind."""
    return tuple(PARSERS[name].seeds())


def mutate(data: bytes, rng: random.Random, other: bytes = b"") -> bytes:
    """One to six changes: bits, bytes, numbers, runs cut out, doubled or moved, the end cut off, a part of another."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        size = len(changed)
        at = rng.randrange(size) if size else 0
        length = min(size - at, rng.choice((1, 2, 4, 8, 64, 512)))
        kind = rng.randrange(9)
        if kind == 0 and size:
            changed[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            changed[at : at + length] = rng.randbytes(length)
        elif kind == 2:
            changed[at : at + rng.choice((0, 1, 4))] = rng.choice(NUMBERS)
        elif kind == 3:
            del changed[at : at + length]
        elif kind == 4:
            changed[at:at] = changed[at : at + length] * rng.choice((1, 2, 50))
        elif kind == 5:
            del changed[rng.randrange(size) if size else 0 :]
        elif kind == 6 and other:
            start = rng.randrange(len(other))
            changed[at:at] = other[start : start + rng.choice((8, 256, 4096))]
        elif kind == 7:
            changed[at:at] = rng.choice(
                (b"\x00", b"\xff\xfe", b'"', b"'", b"[" * 300, b"{" * 300, b"- " * 300, b"&a *a", b"!!x ")
            )
        else:
            changed[at:at] = rng.choice(
                ("é", "０", "\u202e", "\ud7ff", "\U0001f600", "١٢", "\n", "\r", "\t", ":")
            ).encode()
    return bytes(changed[:2_000_000])
