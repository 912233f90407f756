"""The main job on the samples and on sheets whose answer is known beforehand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "images" / "samples"
KHARKIV = SAMPLES / "kharkiv-2024-01-02"


@pytest.fixture
def document(forensics):
    """The result document of a run, and its exit code."""

    def assess(*arguments):
        run = forensics("assess", *arguments, "--no-photographs", "--format", "json")
        return json.loads(run.out), run.code

    return assess


def candidate(document, type_id):
    return next(entry for entry in document["ranking"] if entry["id"] == type_id)


def test_kharkiv_is_a_hwasong_11_of_which_a_and_b_are_not_told_apart(document):
    result, code = document(KHARKIV)
    conclusion = result["conclusion"]
    assert code == 0
    assert (conclusion["outcome"], conclusion["level"], conclusion["node"]) == ("named", "family", "hwasong-11")
    assert {"hwasong-11a", "hwasong-11b"} <= set(conclusion["members"])
    assert conclusion["state"] == "DPRK"
    assert conclusion["state_log10_lr"] >= 2
    assert result["ranking"][0]["family"] == "hwasong-11"


def test_kharkiv_puts_the_iskander_far_below_because_of_ring_and_diameter(document):
    result, _ = document(KHARKIV)
    leader, iskander = result["ranking"][0], candidate(result, "9m723")
    assert iskander["log10_lr"] < leader["log10_lr"] - 3
    against = {line["trait"] for line in iskander["evidence"] if line["match"] == "differs"}
    assert {"igniter_bolt_ring", "body_diameter_mm"} <= against


def test_kharkiv_reports_the_smaller_number_without_its_own_case(document):
    reported, _ = document(KHARKIV, "--without-case", "kharkiv-2024-01-02")
    default, _ = document(KHARKIV)
    full, _ = document(KHARKIV, "--full-catalogue")
    assert reported["conclusion"]["log10_lr"] == default["conclusion"]["log10_lr"]
    assert reported["conclusion"]["log10_lr"] < full["conclusion"]["log10_lr"]
    circularity = reported["circularity"]
    assert circularity["reported_log10_lr"] == reported["conclusion"]["log10_lr"]
    assert circularity["full_log10_lr"] == full["conclusion"]["log10_lr"]
    assert circularity["values_left_out"]


def test_kharkiv_keeps_two_readings_of_112(document):
    result, _ = document(KHARKIV, "--full-catalogue")
    readings = {entry["reading"] for entry in result["readings"] if entry["hypothesis"] == "hwasong-11a"}
    assert any("2023" in reading for reading in readings)
    assert any("plant" in reading.lower() for reading in readings)


def test_the_terminal_report_shows_ring_diameter_and_both_readings(forensics):
    text = forensics("assess", KHARKIV, "--no-photographs").out
    for words in ("Hwasong-11A", "Hwasong-11B", "North Korea", "9M723", "igniter bolt ring", "Juche 112 = 2023"):
        assert words in text


def test_tochka_sample_is_named_and_soviet(document):
    result, code = document(SAMPLES / "tochka-tail")
    assert code == 0
    assert result["conclusion"]["members"] == ["9m79-1"]
    assert result["conclusion"]["state"] == "RUS"


def test_bare_sample_says_too_little(document):
    result, code = document(SAMPLES / "bare-fragment")
    assert code == 12
    assert result["conclusion"]["outcome"] == "insufficient"
    assert result["conclusion"]["members"] == []


def test_an_absurd_sheet_fits_nothing(document, sheet):
    rows = [
        {"trait": "body_diameter_mm", "value": "1.7", "unit": "m"},
        {"trait": "jet_vane_count", "value": 2},
        {"trait": "marking_script", "value": "han"},
        {"trait": "component_brand_states", "value": "chinese"},
        {"trait": "fin_form", "value": "lattice"},
    ]
    result, code = document(sheet(rows))
    assert code == 11
    assert result["conclusion"]["outcome"] == "none_fits"
    assert result["conclusion"]["members"] == []


GRAD_BODY = [
    {"trait": "calibre_mm", "value": 122, "unit": "mm"},
    {"trait": "fin_count", "value": 4},
    {"trait": "fin_form", "value": "folding_curved"},
    {"trait": "nozzle_count", "value": 7},
    {"trait": "propulsion_kind", "value": "solid_motor"},
]


def test_a_grad_body_without_marks_is_a_pattern_of_several_producers(document, sheet):
    result, code = document(sheet(GRAD_BODY))
    assert code == 10
    assert (result["conclusion"]["outcome"], result["conclusion"]["level"]) == ("tie", "pattern")
    assert {"9m22u", "r-122"} <= set(result["conclusion"]["members"])


def test_a_korean_mark_on_the_same_body_supports_the_korean_rocket(document, sheet):
    marks = [{"trait": "marking_text", "value": "방-122"}, {"trait": "marking_script", "value": "hangul"}]
    result, _ = document(sheet([*GRAD_BODY, *marks]))
    assert result["ranking"][0]["id"] == "r-122"
    assert result["conclusion"]["state"] == "DPRK"


def test_every_type_of_the_population_is_ranked(document):
    result, _ = document(SAMPLES / "bare-fragment")
    listed = {entry["id"] for entry in result["ranking"] if entry["listed"]}
    assert len(listed) == result["catalogue"]["signatures"] - len(result["excluded_types"])


@pytest.mark.parametrize("format_", ["text", "json", "csv", "html"])
def test_same_input_same_bytes(forensics, format_):
    runs = [forensics("assess", KHARKIV, "--no-photographs", "--format", format_).out for _ in range(2)]
    assert runs[0] == runs[1]


def test_photographs_that_are_renders_are_read_but_weigh_nothing(forensics, tmp_path):
    result = json.loads(forensics("assess", KHARKIV, "--no-photographs", "--format", "json").out)
    assert all(photograph["is_render"] for photograph in result["photographs"])
    assert not result["unreviewed"]


def test_an_output_file_is_written_whole(forensics, tmp_path):
    run = forensics("assess", KHARKIV, "--no-photographs", "-o", tmp_path / "report.json")
    assert run.out == ""
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["case"]["id"] == "kharkiv-2024-01-02"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
