"""Writing sheets: templates with their lists, and observations that read back as they were."""

from __future__ import annotations

import csv
import os
import unicodedata
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import SheetError
from forensics.intake import check_sheet, read_sheet, write_sheet, write_template
from forensics.intake.marks import clean_text
from forensics.model.evidence import Box, Method, Observation, Provenance
from forensics.model.values import (
    Absent,
    Category,
    Chord,
    Count,
    DateValue,
    Measured,
    NotExaminable,
    Presence,
    Reading,
    Ring,
    Score,
    Text,
    YearMark,
)

SUFFIXES = ("csv", "tsv", "yaml", "json", "xlsx", "ods")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("language", ["en", "uk", "ko"])
def test_a_template_has_no_fault_but_that_it_is_empty(tmp_path, vocabulary, suffix, language):
    path = tmp_path / f"t.{suffix}"
    write_template(path, vocabulary, item="K-1", language=language)
    (fault,) = check_sheet(path, vocabulary)
    assert "has no filled row" in fault.message


def fill(path: Path, trait: str, value: str, heading: str = "value") -> None:
    """Type a value into the row of a trait, as a person would."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        page = book["observations"]
        column = [cell.value for cell in page[1]].index(heading) + 1
        row = next(line[1].row for line in page.iter_rows(min_row=2) if line[1].value == trait)
        page.cell(row, column, value)
        book.save(path)
        return
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".yaml":
        before, _, after = text.partition(f"{trait}\n")
        text = before + f"{trait}\n" + after.replace(f'{heading}: ""', f"{heading}: {value}", 1)
    elif path.suffix == ".json":
        before, _, after = text.partition(f'"{trait}"')
        text = before + f'"{trait}"' + after.replace(f'"{heading}": ""', f'"{heading}": "{value}"', 1)
    else:
        text = text.replace(f",{trait},,", f',{trait},"{value}",')
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("suffix", ["csv", "yaml", "json", "xlsx"])
def test_a_filled_template_reads_the_same_in_every_format(tmp_path, vocabulary, suffix):
    path = tmp_path / f"t.{suffix}"
    write_template(path, vocabulary, item="K-1")
    fill(path, "body_diameter_mm", "1100 ± 20")
    fill(path, "fin_form", "lattice")
    fill(path, "marking_text", "9М723")
    found = read_sheet(path, vocabulary)
    assert [(one.item, one.trait, one.value) for one in found] == [
        ("K-1", "body_diameter_mm", Measured(value=1100, uncertainty=20, unit="mm")),
        ("K-1", "fin_form", Category(weights={"lattice": 1})),
        ("K-1", "marking_text", Text(readings=(Reading(text="9М723"),))),
    ]


def test_a_ukrainian_template_filled_in_ukrainian(tmp_path, vocabulary):
    path = tmp_path / "t.xlsx"
    write_template(path, vocabulary, ["fin_form"], item="К-1", language="uk")
    fill(path, "форма керм", "решітчасті", "значення")
    (found,) = read_sheet(path, vocabulary)
    assert found.value == Category(weights={"lattice": 1})


def test_every_template_says_how_to_record(tmp_path, vocabulary):
    for suffix in ("csv", "yaml", "json"):
        path = tmp_path / f"t.{suffix}"
        write_template(path, vocabulary)
        assert "Record the body diameter. [1100 ± 20; 900-950;" in path.read_text(encoding="utf-8-sig")
    book = openpyxl.load_workbook(write(tmp_path / "t.xlsx", vocabulary))
    assert book["how to record"]["D2"].value == "Record the body diameter."


def write(path: Path, vocabulary, *traits: str) -> Path:
    write_template(path, vocabulary, traits or None)
    return path


def test_the_drop_down_lists_of_a_workbook(tmp_path, vocabulary):
    book = openpyxl.load_workbook(write(tmp_path / "t.xlsx", vocabulary))
    page, lists = book["observations"], book["lists"]
    assert lists.sheet_state == "hidden"
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    columns = {lists.cell(1, place).value: place for place in range(1, lists.max_column + 1)}
    offered = {
        name: [cell.value for cell in lists[openpyxl.utils.get_column_letter(place)][1:] if cell.value is not None]
        for name, place in columns.items()
    }
    assert offered["trait"] == list(vocabulary.traits)
    assert offered["state"] == ["observed", "absent", "not examinable"]
    assert offered["values_fin_form"] == ["fixed", "lattice", "folding_curved", "ring_or_band"]
    row = list(vocabulary.traits).index("fin_form") + 2
    letter = openpyxl.utils.get_column_letter(columns["values_fin_form"])
    assert rules[f"C{row}"].formula1 == f"lists!${letter}$2:${letter}$5"
    assert rules[f"C{row}"].prompt.startswith("Record the fin form.")
    assert rules["C2"].type is None and rules["C2"].prompt.startswith("Record the body diameter.")
    spare = len(vocabulary.traits) + 2
    assert rules[f"C{spare}:C{spare + 99}"].formula1 == f'INDIRECT("values_"&$B{spare})'
    assert "values_fin_form" in book.defined_names
    assert page["C2"].number_format == "@"


def test_the_drop_down_lists_of_an_opendocument_sheet(tmp_path, vocabulary):
    with zipfile.ZipFile(write(tmp_path / "t.ods", vocabulary)) as archive:
        content = archive.read("content.xml").decode()
        assert archive.namelist()[0] == "mimetype"
    root = ET.fromstring(content)
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    rules = {rule.get(f"{table}name"): rule for rule in root.iter(f"{table}content-validation")}
    row = list(vocabulary.traits).index("fin_form")
    condition = rules[f"value_{row}"].get(f"{table}condition")
    assert condition == 'of:cell-content-is-in-list("fixed";"lattice";"folding_curved";"ring_or_band")'
    assert "Record the fin form." in "".join(rules[f"value_{row}"].itertext())
    used = {cell.get(f"{table}content-validation-name") for cell in root.iter(f"{table}table-cell")}
    assert set(rules) <= used


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_templates_have_equal_bytes(tmp_path, vocabulary, suffix):
    first, second = (write(tmp_path / f"{name}.{suffix}", vocabulary) for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_nothing_is_overwritten_and_bad_requests_are_faults(tmp_path, vocabulary, monkeypatch):
    path = write(tmp_path / "t.csv", vocabulary)
    before = path.read_bytes()
    for request, message in (
        (lambda: write_template(path, vocabulary), "exists already"),
        (lambda: write_template(tmp_path / "t.doc", vocabulary), "has the ending '.doc'"),
        (lambda: write_template(tmp_path / "u.csv", vocabulary, ["a", "b"]), "no trait 'b'"),
        (lambda: write_template(tmp_path / "no/t.csv", vocabulary), "cannot be written"),
    ):
        with pytest.raises(SheetError, match=message):
            request()
    assert path.read_bytes() == before

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", fail)
    with pytest.raises(SheetError, match="No space left"):
        write_template(tmp_path / "v.csv", vocabulary)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["t.csv"]


def test_a_cell_that_looks_like_a_formula_stays_text(tmp_path, vocabulary):
    mark = '=cmd|"/c calc"!A1'
    observation = one(Text(readings=(Reading(text=mark),)), "marking_text", note="@risky", item="+1")
    for suffix in SUFFIXES:
        path = tmp_path / f"t.{suffix}"
        write_sheet(path, [observation], vocabulary)
        (found,) = read_sheet(path, vocabulary)
        assert (found.value, found.note, found.item) == (observation.value, "@risky", "+1")
        if suffix == "csv":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                cells = [cell for line in csv.reader(stream) for cell in line]
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
        if suffix == "xlsx":
            page = openpyxl.load_workbook(path)["observations"]
            assert all(cell.data_type == "s" for line in page.iter_rows() for cell in line if cell.value)


def one(value: object, trait: str, **more: object) -> Observation:
    base = {"id": "x", "item": "K-1", "trait": trait, "value": value, "provenance": Provenance()}
    return Observation.model_validate({**base, **more})


CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

# --- every value there can be, written and read back

decimals = st.integers(1, 10**6)
fractions = st.integers(0, 1000).map(lambda number: number / 1000)
UNSEEN = ["Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp", "Zs"]
written_text = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp", "Zs"]), max_size=12
    )
    | st.sampled_from(
        ["=1+1", "-5", "'=x", "absent", "a | b", "a:0.5", '"', "#7", "x;y", "0123", "NO", "1e5", "ㅈ 112", "9М723"]
    )
).map(lambda text: unicodedata.normalize("NFC", text).strip())
marks = written_text.filter(lambda text: bool(text) and clean_text(text, "value") == text)
confidences = st.integers(1, 100).map(lambda number: number / 100)


@st.composite
def measured(draw):
    low = draw(st.integers(200, 20_000)) / 10
    kind = draw(st.sampled_from(["value", "interval", "low", "high", "both"]))
    high = low + draw(st.integers(1, 4000)) / 10
    return Measured(
        value=(low + high) / 2 if kind == "both" else low if kind == "value" else None,
        low=low if kind in ("interval", "low", "both") else None,
        high=high if kind in ("interval", "high", "both") else None,
        uncertainty=draw(st.none() | st.integers(0, 900).map(lambda number: number / 10)),
        unit="mm",
        deformed=draw(st.booleans()),
    )


@st.composite
def rings(draw):
    more = {
        "face": draw(st.sampled_from(["outer", "inner", "unknown"])),
        "sigma_deg": draw(st.sampled_from([0.5, 1.0, 2.0])),
        "circle_to_casing": draw(st.none() | st.sampled_from([0.5, 0.8])),
    }
    count = draw(st.integers(1, 60))
    kind = draw(st.sampled_from(["counted", "even", "groups", "angles", "odd"]))
    if kind == "counted":
        return Ring(counted=count, **more)
    if kind == "even":
        return Ring(counted=count, stated=f"{count} even", **more)
    if kind == "groups":
        return Ring(counted=count * 3, stated=f"{count * 3} in {count} groups", **more)
    if kind == "odd":
        return Ring(counted=count, stated="as the drawing says", **more)
    start = draw(st.integers(0, 359))
    width = draw(st.integers(30, 359))
    angles = sorted({(start + step) % 360 for step in range(2, width, max(1, width // count))})
    return Ring(
        angles_deg=tuple(angles),
        windows_deg=((start, start + width),),
        counted=draw(st.none() | st.just(len(angles))),
        **more,
    )


@st.composite
def readings(draw, texts):
    found = draw(st.lists(texts, min_size=1, max_size=3, unique=True))
    ordered = sorted((draw(confidences) for _ in found), reverse=True)
    return tuple(Reading(text=text, confidence=confidence) for text, confidence in zip(found, ordered, strict=True))


values = st.one_of(
    st.tuples(st.just("body_diameter_mm"), measured()),
    st.tuples(
        st.just("body_diameter_mm"),
        st.builds(Chord, chord_mm=st.integers(300, 500), sagitta_mm=st.integers(30, 60), deformed=st.booleans()),
    ),
    st.tuples(
        st.just("fin_form"),
        st.dictionaries(st.sampled_from(["fixed", "lattice", "ring_or_band"]), confidences, min_size=1).map(
            lambda weights: Category(weights=weights)
        ),
    ),
    st.tuples(
        st.just("fin_count"),
        st.builds(Count, count=st.integers(0, 16), at_least=st.booleans(), visible_fraction=st.none() | fractions),
    ),
    st.tuples(st.just("suspension_lugs"), st.just(Presence()) | st.builds(Absent, coverage=fractions)),
    st.tuples(st.just("igniter_bolt_ring"), rings()),
    st.tuples(st.just("marking_text"), readings(marks).map(lambda found: Text(readings=found))),
    st.tuples(
        st.just("year_mark"),
        st.builds(
            YearMark,
            readings=readings(st.integers(0, 9999).map(str)),
            examined_marks=st.integers(1, 99),
            repeats=st.integers(1, 9),
        ),
    ),
    st.tuples(
        st.just("date_code_newest"),
        st.builds(
            DateValue,
            year=st.integers(195_000, 203_400).map(lambda number: number / 100),
            precision_years=st.sampled_from([0.001, 0.5, 2]),
        ),
    ),
    st.tuples(st.just("reference_match"), st.just(Score(scores={"hwasong-11": 0.8, "9k720": 0.25}))),
    st.tuples(st.sampled_from(["fin_form", "marking_text", "year_mark"]), st.just(NotExaminable())),
)
provenances = st.builds(
    Provenance,
    examiner=marks,
    method=st.sampled_from(Method),
    photograph=st.just("photographs/a b.jpg"),
    box=st.none() | st.just(Box(x=1, y=2, width=3, height=4)),
    source=st.none() | st.just("DS01"),
)
records = st.lists(st.tuples(values, provenances, st.none() | fractions, marks), min_size=1, max_size=8)


def comparable(observation: Observation) -> dict[str, object]:
    return observation.model_dump(exclude={"id": True, "provenance": {"sheet", "row"}})


def check_round_trip(suffix: str, drawn, vocabulary, folder: Path) -> None:
    written = []
    for index, ((trait, value), provenance, confidence, note) in enumerate(drawn):
        known = NotExaminable(reason=note) if isinstance(value, NotExaminable) else value
        more = {"provenance": provenance, "confidence": confidence, "note": note}
        written.append(Observation(id=str(index), item=f"K-{index}", trait=trait, value=known, **more))
    path = folder / f"s.{suffix}"
    path.unlink(missing_ok=True)
    write_sheet(path, written, vocabulary)
    assert [comparable(item) for item in read_sheet(path, vocabulary)] == [comparable(item) for item in written]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "yaml", "json"])
@settings(max_examples=40, deadline=None, suppress_health_check=CHECKS)
@given(drawn=records)
def test_what_is_written_reads_back(suffix, drawn, vocabulary, tmp_path):
    check_round_trip(suffix, drawn, vocabulary, tmp_path)


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
@settings(max_examples=10, deadline=None, suppress_health_check=CHECKS)
@given(drawn=records)
def test_what_is_written_to_a_workbook_reads_back(suffix, drawn, vocabulary, tmp_path):
    check_round_trip(suffix, drawn, vocabulary, tmp_path)


def test_a_value_no_cell_can_say_is_written_in_the_shape_of_the_model(tmp_path, vocabulary):
    value = Text(readings=(Reading(text="9М723", confidence=0.5, character_confidences=(0.5, 0.25, 0.5, 1, 1)),))
    for suffix in SUFFIXES:
        path = tmp_path / f"t.{suffix}"
        write_sheet(path, [one(value, "marking_text")], vocabulary)
        (found,) = read_sheet(path, vocabulary)
        assert found.value == value
