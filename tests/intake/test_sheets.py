"""Whole sheets: every format, every language, every fault of a file in one run."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from forensics.errors import ExitCode, SheetError
from forensics.intake import check_sheet, read_sheet
from forensics.model.evidence import Box, Method
from forensics.model.values import Absent, Category, Count, Measured, NotExaminable, Text

HEADER = "item,trait,value,unit,uncertainty,state,coverage,confidence,examiner,method,photo,note,source"
PLAIN = f"""{HEADER}
K-1,body_diameter_mm,1100,mm,20,observed,,0.9,O. Bondar,physical,photographs/a.jpg,girth tape,DS06
K-1,fin_form,lattice,,,,,,,,,,
K-2,fin_count,4,,,,0.5,,,third party,,,
K-2,marking_text,,,,not examinable,,,,,,paint burnt off,
"""


def grid(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().splitlines()]


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def faults(path: Path, vocabulary) -> list[str]:
    with pytest.raises(SheetError) as caught:
        read_sheet(path, vocabulary)
    assert caught.value.exit_code is ExitCode.INPUT
    assert caught.value.faults == check_sheet(path, vocabulary)
    return [str(fault) for fault in caught.value.faults]


def test_everything_of_a_row_is_kept(tmp_path, vocabulary):
    first, _, third, fourth = read_sheet(write(tmp_path / "exam.csv", PLAIN), vocabulary)
    assert first.id == "exam:2"
    assert (first.item, first.trait, first.confidence, first.note) == ("K-1", "body_diameter_mm", 0.9, "girth tape")
    assert first.value == Measured(value=1100, uncertainty=20, unit="mm")
    provenance = first.provenance
    assert (provenance.examiner, provenance.method) == ("O. Bondar", Method.PHYSICAL)
    assert (provenance.sheet, provenance.row) == ("exam.csv", 2)
    assert (provenance.photograph, provenance.source) == ("photographs/a.jpg", "DS06")
    assert third.value == Count(count=4, visible_fraction=0.5)
    assert third.provenance.method is Method.THIRD_PARTY
    assert fourth.value == NotExaminable(reason="paint burnt off")
    assert fourth.state == "not_examinable"


def test_check_finds_nothing_in_a_good_sheet(tmp_path, vocabulary):
    assert check_sheet(write(tmp_path / "a.csv", PLAIN), vocabulary) == ()


ENCODINGS = {
    "utf-8": (PLAIN, "utf-8"),
    "bom": (PLAIN, "utf-8-sig"),
    "crlf": (PLAIN.replace("\n", "\r\n"), "utf-8"),
    "old mac": (PLAIN.replace("\n", "\r"), "utf-8"),
    "semicolon": (PLAIN.replace(",", ";"), "utf-8-sig"),
    "semicolon, decimal comma": (PLAIN.replace(",", ";").replace("0.9", "0,9").replace("0.5", "0,5"), "utf-8"),
    "tab": (PLAIN.replace(",", "\t"), "utf-8"),
    "excel unicode text": (PLAIN.replace(",", "\t"), "utf-16"),
    "sep line": ("sep=;\r\n" + PLAIN.replace(",", ";"), "utf-8"),
    "title above": ("Trait sheet of the Kharkiv examination\n\n" + PLAIN, "utf-8"),
    "blank lines and comments": (PLAIN.replace("K-2,fin", "\n,,,\n# later,,\nK-2,fin"), "utf-8"),
    "no newline at the end": (PLAIN.rstrip("\n"), "utf-8"),
    "spaces around": (PLAIN.replace(",", " , "), "utf-8"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_text_sheets_read_the_same_in_every_dress(name, tmp_path, vocabulary):
    expected = read_sheet(write(tmp_path / "plain.csv", PLAIN), vocabulary)
    found = read_sheet(write(tmp_path / "dress.csv", *ENCODINGS[name]), vocabulary)
    assert [(one.item, one.trait, one.value, one.note, one.confidence) for one in found] == [
        (one.item, one.trait, one.value, one.note, one.confidence) for one in expected
    ]


def test_row_numbers_are_those_of_the_editor(tmp_path, vocabulary):
    text = 'Title\n\nitem,trait,value,note\nK-1,fin_count,4,"two\nlines"\nK-1,fin_form,lattice,\n'
    found = read_sheet(write(tmp_path / "a.csv", text), vocabulary)
    assert [one.provenance.row for one in found] == [4, 6]
    assert found[0].note == "two lines"


def test_ukrainian_and_korean_sheets(tmp_path, vocabulary):
    ukrainian = (
        "Предмет;Ознака;Значення;Одиниця;Похибка;Стан\nК-1;Діаметр корпусу;110,5;см;2;\nК-1;форма керм;;;;відсутнє\n"
    )
    korean = "물품,특징,값,상태,방법\nK-1,핀 형상,격자형,관찰됨,사진 판독\n"
    first, second = read_sheet(write(tmp_path / "uk.csv", ukrainian), vocabulary)
    assert first.value == Measured(value=1105, uncertainty=20, unit="mm")
    assert second.value == Absent()
    (third,) = read_sheet(write(tmp_path / "ko.csv", korean), vocabulary)
    assert third.value == Category(weights={"lattice": 1})
    assert third.provenance.method is Method.PHOTOGRAPH


def test_headings_and_traits_in_any_case(tmp_path, vocabulary):
    text = "EXHIBIT,Trait,VALUE\nK-1,Body-Diameter MM,1100\nK-1,FIN_COUNT,4\nK-1,Fin Form,Lattice\n"
    found = read_sheet(write(tmp_path / "a.csv", text), vocabulary)
    assert [one.trait for one in found] == ["body_diameter_mm", "fin_count", "fin_form"]


def test_a_photograph_without_a_method_was_read_from_it(sheet, vocabulary):
    (found,) = read_sheet(sheet({"trait": "fin_count", "value": "4", "photo": "a b.jpg [10, 20, 300, 40]"}), vocabulary)
    assert found.provenance.method is Method.PHOTOGRAPH
    assert found.provenance.photograph == "a b.jpg"
    assert found.provenance.box == Box(x=10, y=20, width=300, height=40)


def test_unfilled_template_rows_are_no_observations(sheet, vocabulary):
    path = sheet(
        {"trait": "fin_count", "value": "4", "unit": "", "examiner": "me"},
        {"trait": "body_diameter_mm", "value": "", "unit": "mm", "examiner": "me"},
    )
    assert [one.trait for one in read_sheet(path, vocabulary)] == ["fin_count"]


def test_a_half_filled_row_is_a_fault(sheet, vocabulary):
    path = sheet({"trait": "body_diameter_mm", "value": "", "uncertainty": "2"})
    assert "there is no value" in faults(path, vocabulary)[0]


def test_every_fault_is_reported_at_once(tmp_path, vocabulary):
    text = f"""{HEADER}
,body_diameter_mm,1100,mm,20,,,,,,,,
K-1,body_diametr_mm,1100,,,,,,,,,,
K-1,body_diameter_mm,11000,mm,,,,,,,,,
K-1,fin_count,4,,,seen perhaps,,high,,by eye,,,
K-1,,5,,,,,,,,,,
K-1,fin_count,4,,,,,,,,,,
K-1,Fin count,4.0,,,,,,,,,,
"""
    path = write(tmp_path / "bad.csv", text)
    places = [(fault.row, fault.column) for fault in check_sheet(path, vocabulary)]
    assert places == [
        (2, "item"),
        (3, "trait"),
        (4, "value"),
        (5, "method"),
        (5, "confidence"),
        (5, "state"),
        (6, "trait"),
        (8, "value"),
    ]
    text = "\n".join(faults(path, vocabulary))
    assert "Did you mean body_diameter_mm?" in text
    assert "20 to 2500 mm" in text
    assert "same item, trait and value as row 7" in text
    assert all(line.startswith(str(path)) for line in text.splitlines())


def test_faults_speak_the_language_of_the_headings(tmp_path, vocabulary):
    path = write(tmp_path / "uk.csv", "Предмет;Ознака;Значення\nК-1;Діаметр корпусу;багато\n")
    (fault,) = check_sheet(path, vocabulary)
    assert fault.column == "Значення"


def test_the_same_trait_twice_with_different_values_is_allowed(sheet, vocabulary):
    path = sheet({"trait": "fin_count", "value": "4"}, {"trait": "fin_count", "value": "3"})
    assert len(read_sheet(path, vocabulary)) == 2


def test_the_same_value_by_two_examiners_is_allowed(sheet, vocabulary):
    row = {"trait": "fin_count", "value": "4"}
    assert len(read_sheet(sheet({**row, "examiner": "A"}, {**row, "examiner": "B"}), vocabulary)) == 2
    assert (
        "same item, trait and value" in faults(sheet({**row, "examiner": "A"}, {**row, "examiner": "A"}), vocabulary)[0]
    )


def test_a_name_of_two_traits_is_a_fault(sheet, vocabulary):
    (fault,) = faults(sheet({"trait": "front form", "value": "x"}), vocabulary)
    assert "more than one trait" in fault
    assert "nose_form or tip_form" in fault


BAD_FILES = {
    "empty": (b"", "a.csv", "is empty"),
    "only blanks": (b" \n\n", "a.csv", "is empty"),
    "header only": (b"item,trait,value\n", "a.csv", "has no filled row"),
    "missing column": (b"item,trait\nK-1,fin_count\n", "a.csv", "[value]: this column is missing"),
    "unknown column": (b"item,trait,value,valeu\nK-1,fin_count,4,5\n", "a.csv", "Did you mean 'value'?"),
    "column twice": (b"item,trait,value,photo,Photograph\nK-1,fin_count,4,a,b\n", "a.csv", "same column as 'photo'"),
    "no table at all": (b"dear colleague\nplease find attached\n", "a.csv", "is not a column"),
    "more cells than headings": (b"item,trait,value\nK-1,body_diameter_mm,38,5\n", "a.csv", "more filled cells"),
    "open quotation mark": (b'item,trait,value\nK-1,fin_count,"4\nK-2,fin_count,3\n', "a.csv", "2: is not readable"),
    "binary": (b"item\x00\x01\x02,trait", "a.csv", "is a binary file"),
    "jpeg": (b"\xff\xd8\xff\xe0abc", "a.csv", "JPEG photograph"),
    "pdf": (b"%PDF-1.7 ...", "a.csv", "PDF document"),
    "html as xls": (b"<html><table><tr><td>item</td></tr></table></html>", "a.xls", "web page (HTML)"),
    "html as xlsx": (b"\xef\xbb\xbf<!DOCTYPE html><table>", "a.xlsx", "web page (HTML)"),
    "xml spreadsheet": (b'<?xml version="1.0"?><Workbook/>', "a.xls", "XML document"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "old Excel workbook"),
    "zip as csv": (b"PK\x03\x04rest", "a.csv", "although its name ends in .csv"),
    "damaged xlsx": (b"PK\x03\x04rest", "a.xlsx", "is damaged"),
    "text as xlsx": (b"item,trait,value\n", "a.xlsx", "is not the workbook"),
    "unknown ending": (b"item,trait,value\n", "a.docx", "no kind of trait sheet"),
    "no ending": (b"item,trait,value\n", "sheet", "has no ending"),
    "windows-1251": ("предмет;ознака;значення\n".encode("cp1251"), "a.csv", "looks like Windows-1251"),
    "cp949": ("물품,특징,값\n".encode("cp949"), "a.csv", "looks like CP949"),
    "control characters": (b"item,trait,value\nK-1,marking_text,a\x07b\n", "a.csv", "control characters"),
    "right-to-left override": ("item,trait,value\nK-1,marking_text,a\u202eb\n".encode(), "a.csv", "direction"),
    "bad yaml": (b"- {item: K-1\n", "a.yaml", "not valid YAML"),
    "yaml anchors": (b"- &a {item: K-1, trait: fin_count, value: 4}\n- *a\n", "a.yaml", "anchor"),
    "yaml tag": (b"- !!python/object:os.system {}\n", "a.yaml", "tag"),
    "yaml scalar": (b"hello\n", "a.yaml", "not a list of observations"),
    "yaml wrong key": (b"observation: []\n", "a.yaml", "not a list of observations"),
    "yaml unknown key": (b"- {item: K-1, trait: fin_count, valu: 4}\n", "a.yaml", "Did you mean 'value'?"),
    "yaml list of text": (b"- hello\n", "a.yaml", "is not an observation"),
    "bad json": (b'[{"item": ]', "a.json", "not valid JSON"),
    "json nan": (b'[{"item": "K-1", "trait": "body_diameter_mm", "value": NaN}]', "a.json", "NaN is not a number"),
    "json key twice": (b'[{"item": "K-1", "item": "K-2"}]', "a.json", "twice"),
    "json too deep": (b"[" * 100_000, "a.json", "not valid JSON"),
    "json nested value": (
        b'[{"item": "K-1", "trait": "fin_form", "value": {"a": [1]}}]',
        "a.json",
        "nested too deeply",
    ),
    "json wrong kind": (
        b'[{"item": "K", "trait": "fin_form", "value": {"kind": "presence"}}]',
        "a.json",
        "does not fit",
    ),
    "json bad model": (
        b'[{"item": "K", "trait": "fin_count", "value": {"kind": "count"}}]',
        "a.json",
        "schema at count.count",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_say_what_and_where(name, tmp_path, vocabulary):
    content, file, expected = BAD_FILES[name]
    assert expected in "\n".join(faults(write(tmp_path / file, content), vocabulary))


def test_missing_file_and_folder(tmp_path, vocabulary):
    assert "does not exist" in faults(tmp_path / "no.csv", vocabulary)[0]
    assert "is a folder" in faults(tmp_path, vocabulary)[0]


def test_yaml_and_json_sheets(tmp_path, vocabulary):
    yaml = """
observations:
  - {item: K-1, trait: Body diameter, value: 110, unit: cm, uncertainty: 2}
  - item: K-1
    trait: fin_form
    value: {lattice: 0.8, fixed: 0.2}
  - {item: K-1, trait: igniter_bolt_ring, value: [0, 90, 180, 270]}
  - {item: K-1, trait: marking_text, value: [NO, "0123"]}
  - {item: K-1, trait: suspension_lugs, state: absent, coverage: 0.5}
"""
    data = {
        "observations": [
            {"item": "K-1", "trait": "Body diameter", "value": 110, "unit": "cm", "uncertainty": 2},
            {"item": "K-1", "trait": "fin_form", "value": {"lattice": 0.8, "fixed": 0.2}},
            {"item": "K-1", "trait": "igniter_bolt_ring", "value": [0, 90, 180, 270]},
            {"item": "K-1", "trait": "marking_text", "value": ["NO", "0123"]},
            {"item": "K-1", "trait": "suspension_lugs", "state": "absent", "coverage": 0.5},
        ]
    }
    first = read_sheet(write(tmp_path / "a.yaml", yaml), vocabulary)
    second = read_sheet(write(tmp_path / "b.json", json.dumps(data, indent=1)), vocabulary)
    third = read_sheet(write(tmp_path / "c.json", json.dumps(data["observations"])), vocabulary)
    assert [one.value for one in first] == [one.value for one in second] == [one.value for one in third]
    assert first[0].value == Measured(value=1100, uncertainty=20, unit="mm")
    assert isinstance(first[3].value, Text)
    assert [reading.text for reading in first[3].value.readings] == ["NO", "0123"]
    assert [one.provenance.row for one in first] == [3, 4, 7, 8, 9]
    assert [one.provenance.row for one in second] == [3, 10, 18, 28, 36]
    assert [one.provenance.row for one in third] == [1, 1, 1, 1, 1]


def test_json_values_in_the_shape_of_the_model(tmp_path, vocabulary):
    value = {"kind": "text", "readings": [{"text": "9М723", "confidence": 0.5, "character_confidences": [0.5, 0.25]}]}
    path = write(tmp_path / "a.json", json.dumps([{"item": "K", "trait": "marking_text", "value": value}]))
    (found,) = read_sheet(path, vocabulary)
    assert found.value == Text.model_validate(value)


def workbook(path: Path, rows: list[list[object]], title: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_xlsx_reads_like_csv(tmp_path, vocabulary):
    expected = read_sheet(write(tmp_path / "plain.csv", PLAIN), vocabulary)
    found = read_sheet(workbook(tmp_path / "plain.xlsx", grid(PLAIN)), vocabulary)
    assert [one.model_dump(exclude={"provenance": {"sheet"}}) for one in found] == [
        one.model_dump(exclude={"provenance": {"sheet"}}) for one in expected
    ]


def test_ods_reads_like_csv(tmp_path, vocabulary):
    expected = read_sheet(write(tmp_path / "plain.csv", PLAIN), vocabulary)
    path = tmp_path / "plain.ods"
    pd.DataFrame(grid(PLAIN)).to_excel(path, engine="odf", header=False, index=False)
    found = read_sheet(path, vocabulary)
    assert [one.model_dump(exclude={"provenance": {"sheet"}}) for one in found] == [
        one.model_dump(exclude={"provenance": {"sheet"}}) for one in expected
    ]


def test_xlsx_numbers_dates_booleans_and_row_numbers(tmp_path, vocabulary):
    rows: list[list[object]] = [
        ["Examination of 3 January"],
        [],
        ["item", "trait", "value", "confidence"],
        ["K-1", "body_diameter_mm", 1100.0, 0.9],
        [],
        ["K-1", "suspension_lugs", True, None],
        ["K-1", "date_code_newest", dt.date(2023, 5, 19), None],
        ["K-1", "year_mark", 112, None],
        ["K-1", "marking_text", "=1+1", None],
    ]
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active["C9"].data_type = "s"
    book.save(path)
    found = read_sheet(path, vocabulary)
    assert [one.provenance.row for one in found] == [4, 6, 7, 8, 9]
    assert found[0].value == Measured(value=1100, unit="mm")
    assert found[3].value.readings[0].text == "112"
    assert found[4].value.readings[0].text == "=1+1"


def test_a_formula_without_a_stored_result_is_named(tmp_path, vocabulary):
    rows: list[list[object]] = [
        ["item", "trait", "value"],
        ["K-1", "fin_count", "=2+2"],
        ["K-1", "fin_form", "lattice"],
    ]
    text = faults(workbook(tmp_path / "a.xlsx", rows), vocabulary)
    assert any("formulas without a stored result (C2)" in line for line in text)


def test_two_tables_with_observations(tmp_path, vocabulary):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for page in (book.active, book.create_sheet("more")):
        page.append(["item", "trait", "value"])
        page.append(["K-1", "fin_count", "4"])
    book.save(path)
    assert "2 tables with observations" in faults(path, vocabulary)[0]


def repack(source: Path, target: Path, change: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *change}:
            new.writestr(name, change.get(name) or old.read(name))
    return target


def test_workbook_bombs_are_refused_before_unpacking(tmp_path, vocabulary):
    good = workbook(tmp_path / "good.xlsx", grid(PLAIN))
    bomb = repack(good, tmp_path / "bomb.xlsx", {"xl/media/image1.png": bytes(110_000_000)})
    assert bomb.stat().st_size < 1_000_000
    assert "unpacks to 110 MB" in faults(bomb, vocabulary)[0]
    ratio = repack(good, tmp_path / "ratio.xlsx", {"xl/media/image1.png": bytes(20_000_000)})
    assert "times its size" in faults(ratio, vocabulary)[0]
    far = tmp_path / "far.xlsx"
    book = openpyxl.load_workbook(good)
    book.active["XFD1048576"] = "x"
    book.save(far)
    assert "filled cell at XFD1048576" in faults(far, vocabulary)[0]
    page = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc">]><worksheet>&b;</worksheet>'
    entities = repack(good, tmp_path / "entity.xlsx", {"xl/worksheets/sheet1.xml": page})
    assert "XML entities" in faults(entities, vocabulary)[0]


def test_ods_bombs_are_refused_before_unpacking(tmp_path, vocabulary):
    good = tmp_path / "good.ods"
    pd.DataFrame(grid(PLAIN)).to_excel(good, engine="odf", header=False, index=False)
    with zipfile.ZipFile(good) as archive:
        content = archive.read("content.xml")
    wide = content.replace(b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="900000000" ', 1)
    assert wide != content
    assert "beyond 256 columns" in faults(repack(good, tmp_path / "wide.ods", {"content.xml": wide}), vocabulary)[0]
    tall = content.replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="900000000"', 1)
    assert tall != content
    assert "100000 rows" in faults(repack(good, tmp_path / "tall.ods", {"content.xml": tall}), vocabulary)[0]


def test_workbook_under_the_wrong_name(tmp_path, vocabulary):
    good = workbook(tmp_path / "good.xlsx", grid(PLAIN))
    wrong = tmp_path / "wrong.ods"
    wrong.write_bytes(good.read_bytes())
    assert "is an XLSX workbook, although its name ends in .ods" in faults(wrong, vocabulary)[0]
    archive = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "a")
    assert "is an archive, but no workbook" in faults(archive, vocabulary)[0]
