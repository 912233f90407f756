"""Wrong input: a clear message with the place and what to do, exit code 2, and nothing lost."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SAMPLES = Path(__file__).resolve().parents[2] / "images" / "samples"

HEADER = "item,trait,value,unit,method\n"
GOOD = "A,jet_vane_count,4,,physical\n"

BAD_SHEETS = {
    "unknown trait": (HEADER + "A,bolt_flavour,4,,physical\n", ["bolt_flavour"]),
    "wrong unit": (HEADER + "A,body_diameter_mm,900,kg,physical\n", ["kg", "mm"]),
    "two decimal commas": (HEADER.replace(",", ";") + "A;body_diameter_mm;9,00,5;mm;physical\n", ["9,00,5"]),
    "missing column": ("item,trait,unit\nA,jet_vane_count,\n", ["value"]),
    "duplicated row": (HEADER + GOOD + GOOD, ["4"]),
    "empty file": ("", ["empty"]),
}


@pytest.mark.parametrize("name", BAD_SHEETS)
def test_a_faulty_sheet_is_refused_with_its_place(forensics, tmp_path, name):
    text, expected = BAD_SHEETS[name]
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    run = forensics("assess", path)
    assert run.code == 2
    assert "sheet.csv" in run.err
    for words in expected:
        assert words in run.err
    assert "Traceback" not in run.err
    assert run.out == ""
    assert path.read_text(encoding="utf-8") == text


def test_every_fault_of_every_sheet_in_one_run(forensics, tmp_path):
    (tmp_path / "one.csv").write_text(HEADER + "A,bolt_flavour,4,,physical\nA,calibre_mm,x,mm,physical\n", "utf-8")
    (tmp_path / "two.csv").write_text(HEADER + GOOD + "A,fin_form,banana,,physical\n", "utf-8")
    run = forensics("assess", "one.csv", "two.csv")
    assert run.code == 2
    for place in ("one.csv:2", "one.csv:3", "two.csv:3"):
        assert place in run.err


def test_a_binary_file_named_csv(forensics, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(bytes(range(256)) * 50)
    run = forensics("assess", path)
    assert run.code == 2
    assert "sheet.csv" in run.err
    assert "Traceback" not in run.err


def png_of_size(width, height):
    """A PNG whose header promises many pixels and whose data is a few kilobytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


def truncated_jpeg(path):
    pixels = np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, quality=90)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["bomb", "truncated", "text"])
def test_a_photograph_that_cannot_be_read_is_named_and_left_alone(forensics, tmp_path, kind):
    path = tmp_path / ("photo.png" if kind == "bomb" else "photo.jpg")
    if kind == "bomb":
        path.write_bytes(png_of_size(20_000, 15_000))
    elif kind == "truncated":
        truncated_jpeg(path)
    else:
        path.write_text("this is no picture", "utf-8")
    before = path.read_bytes()
    run = forensics("assess", path)
    assert run.code == 2
    assert path.name in run.err
    assert "Traceback" not in run.err
    assert path.read_bytes() == before


def test_the_rest_of_the_case_is_assessed_beside_an_unreadable_photograph(forensics, tmp_path):
    shutil.copytree(SAMPLES / "tochka-tail", tmp_path / "case")
    pictures = tmp_path / "case" / "photographs"
    for path in pictures.glob("*.jpg"):
        path.unlink()
    truncated_jpeg(pictures / "tail.jpg")
    run = forensics("assess", "case", "--no-photographs", "--format", "json")
    result = json.loads(run.out)
    assert run.code == 2
    assert result["conclusion"]["members"] == ["9m79-1"]
    unread = {entry["path"] for entry in result["unread"]}
    assert unread == {"photographs/tail.jpg", "photographs/serial.jpg"}
    assert "tail.jpg" in run.err


def test_a_yaml_sheet_with_an_alias_bomb(forensics, tmp_path):
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (tmp_path / "sheet.yaml").write_text("\n".join(levels), "utf-8")
    run = forensics("assess", "sheet.yaml")
    assert run.code == 2
    assert "sheet.yaml" in run.err


def test_a_managed_case_that_cannot_be_written_still_gives_its_report(forensics, tmp_path, sheet, monkeypatch):
    path = sheet([{"trait": "fin_form", "value": "lattice"}, {"trait": "fin_count", "value": 4}])
    forensics("case", "new", "case")
    forensics("case", "add", "case", path)

    def refused(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refused)
    monkeypatch.setattr("pathlib.Path.replace", refused)
    run = forensics("assess", "case", "--format", "json")
    assert run.code == 2
    assert json.loads(run.out)["conclusion"]["outcome"]
    assert "case" in run.err
    assert "Traceback" not in run.err


def test_tesseract_absent_the_case_is_still_assessed(forensics, tmp_path, sheet, monkeypatch):
    Image.fromarray(np.full((300, 400, 3), 180, dtype=np.uint8)).save(tmp_path / "photo.jpg")
    path = sheet([{"trait": "fin_form", "value": "lattice"}, {"trait": "fin_count", "value": 4}])
    monkeypatch.setenv("PATH", str(tmp_path))
    run = forensics("assess", path, "photo.jpg", "--format", "json")
    result = json.loads(run.out)
    assert run.code in (0, 10, 11, 12)
    assert "tesseract" in json.dumps(result["not_scored"]).lower()
    assert run.code != 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["assess", "nowhere.csv"], ["nowhere.csv", "does not exist"]),
        (["assess", "kharkiv"], ["kharkiv", "kharkiv-2024-01-02"]),
        (["assess"], ["CASE-OR-FILES"]),
        (["asess", "x"], ["assess"]),
        (["catalogue", "show", "hwasong-11x"], ["hwasong-11"]),
        (["traits", "jet_vane_cuont"], ["jet_vane_count"]),
        (["explain", "bare-fragment", "9m73"], ["9m7"]),
        (["sheet", "check", "nowhere.csv"], ["nowhere.csv"]),
        (["catalogue", "list", "--catalogue", "nowhere"], ["nowhere"]),
        (["assess", "bare-fragment", "--event-date", "yesterday"], ["yesterday"]),
        (["assess", "bare-fragment", "-o", "no/such/folder/report.html"], ["report.html"]),
        (["examine", "x.jpg", "--box", "1,2"], ["1,2"]),
    ],
)
def test_a_slip_on_the_command_line_is_said_plainly(forensics, arguments, words):
    run = forensics(*arguments)
    assert run.code == 2
    for word in words:
        assert word in run.err
    assert "Traceback" not in run.err


def test_priors_with_faults_name_each(forensics, tmp_path):
    (tmp_path / "priors.yaml").write_text("DPRK: 0.2\nAtlantis: 0.1\nRUS: -3\n", "utf-8")
    run = forensics("assess", "bare-fragment", "--no-photographs", "--priors", "priors.yaml")
    assert run.code == 2
    assert "Atlantis" in run.err
    assert "RUS" in run.err


def test_two_sheets_of_one_name_keep_their_observations_apart(forensics, tmp_path):
    for folder, count in (("one", 4), ("two", 5)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "sheet.csv").write_text(HEADER + f"A,fin_count,{count},,physical\n", "utf-8")
    run = forensics("assess", "one/sheet.csv", "two/sheet.csv", "--format", "json")
    ids = [observation["id"] for observation in json.loads(run.out)["observations"]]
    assert len(ids) == len(set(ids)) == 2


def test_examine_without_tesseract_says_so_by_its_exit_code(forensics, tmp_path, monkeypatch):
    Image.fromarray(np.full((300, 400, 3), 180, dtype=np.uint8)).save(tmp_path / "photo.jpg")
    monkeypatch.setenv("PATH", str(tmp_path))
    run = forensics("examine", "photo.jpg")
    assert run.code == 3
    assert "Tesseract" in run.out
