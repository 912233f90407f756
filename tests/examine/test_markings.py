"""The examiner of markings, whole, with networks that say what we tell them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from forensics.examine.examiner import Brief
from forensics.examine.markings import calibration, examiner
from forensics.examine.markings.examiner import MarkingsExaminer
from forensics.examine.markings.marks import part_of_longer
from forensics.examine.markings.printed import Printed, TesseractReader, print_readers
from forensics.examine.markings.stretches import Stretch
from forensics.examine.tesseract import Tesseract
from forensics.model.catalogue import Grammar
from forensics.model.evidence import Box, Method, Photograph
from forensics.model.pointed import Pointed, PointedMark
from forensics.model.values import Category, DateValue, NotExaminable, Text, YearMark

from .reading_doubles import Saying, finding, nobody

PHOTOGRAPH = Photograph(path="a.jpg", sha256="0" * 64, bytes=1, format="JPEG", width_px=900, height_px=600, item="K-1")
BOX = Box(x=280, y=240, width=240, height=90)
AROUND = (280, 240, 240, 90)

FIXED = replace(
    calibration.load(),
    right_found=calibration.Model({"intercept": -0.55, "share": 0.812, "agreement": 0.415}),
    right_pointed=calibration.Model({"intercept": -0.332, "share": 1.108, "agreement": 0.349}),
    writing=calibration.Model(
        {"intercept": 0.158, "evidence": 0.374, "length": 0.734, "finder": 0.318, "single": -2.0}
    ),
)
"""What the examiner does with a calibration is tested here; the packaged one is fitted anew with every network."""


@pytest.fixture(autouse=True)
def fixed_calibration(monkeypatch):
    monkeypatch.setattr(calibration, "load", lambda: FIXED)
    monkeypatch.setattr(examiner, "load_calibration", lambda: FIXED)


def observations(reader, grey, *, finder=None, printed=None, photograph=PHOTOGRAPH, **brief):
    asked = MarkingsExaminer(Brief(**brief), reader=reader, finder=finder or finding(), printed=printed or nobody())
    return list(asked.examine(photograph, cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)))


def of(seen, trait):
    return [one for one in seen if one.trait == trait]


class TestFound:
    def test_text_becomes_marking_text(self, written):
        seen = of(
            observations(Saying("방-122"), written([("НЕ-31", (300, 250))]), finder=finding(AROUND)), "marking_text"
        )
        assert len(seen) == 1
        assert isinstance(seen[0].value, Text)
        assert seen[0].value.readings[0].text == "방-122"
        assert len(seen[0].value.readings[0].character_confidences) == 5
        assert seen[0].provenance.method is Method.AUTOMATIC
        assert seen[0].provenance.tool == "markings 2"
        assert seen[0].item == "K-1"

    def test_a_bare_number_becomes_a_year_mark_and_nothing_else(self, written):
        seen = observations(Saying("112"), written([("112", (300, 250))]), finder=finding(AROUND))
        assert {one.trait for one in seen} == {"year_mark"}
        assert isinstance(seen[0].value, YearMark)
        assert seen[0].value.examined_marks == 1

    def test_four_digits_on_a_component_are_its_date_code(self, written):
        component = PHOTOGRAPH.model_copy(update={"part": "component"})
        picture = written([("2318", (300, 250))])
        seen = observations(Saying("2318"), picture, finder=finding(AROUND), photograph=component)
        assert {one.trait for one in seen} == {"date_code_newest"}
        assert isinstance(seen[0].value, DateValue)
        assert 2023.3 < seen[0].value.year < 2023.4
        # Week 77 is none, and elsewhere four digits may be a year.
        assert of(observations(Saying("2377"), picture, finder=finding(AROUND), photograph=component), "year_mark")
        assert of(observations(Saying("2318"), picture, finder=finding(AROUND)), "year_mark")

    def test_competing_readings_stay(self, written):
        seen = observations(Saying({"112": 0.6, "172": 0.25}), written([("112", (300, 250))]), boxes=(BOX,))
        texts = [reading.text for reading in seen[0].value.readings]
        assert texts[:2] == ["112", "172"]
        assert sum(reading.confidence for reading in seen[0].value.readings) <= 1.0

    def test_twins_give_both_spellings(self, written):
        seen = observations(Saying("AB-123X"), written([("AB-123X", (300, 250))]), finder=finding(AROUND))
        readings = of(seen, "marking_text")[0].value.readings
        assert {"AB-123X", "АВ-123Х"} <= {reading.text for reading in readings}
        assert readings[0].confidence == readings[1].confidence

    def test_a_format_says_the_script(self, written):
        grammar = Grammar(id="g", pattern=r"9М\d{3}", script="cyrillic", meaning="A missile.")
        seen = observations(
            Saying("9M723"), written([("9М723", (300, 250))]), finder=finding(AROUND), grammars={"g": grammar}
        )
        first = of(seen, "marking_text")[0].value.readings[0]
        assert first.text == "9М723"
        assert [one.value.weights for one in of(seen, "marking_script")] in ([{"cyrillic": 1.0, "latin": 0.25}], [])

    @pytest.mark.parametrize(("text", "script"), [("방위", "hangul"), ("ЖДИ", "cyrillic"), ("DFG", "latin")])
    def test_script_when_letters_are_sure(self, written, text, script):
        seen = observations(Saying({text: 0.97}), written([("ЖДИЖД", (300, 250))]), finder=finding(AROUND))
        assert [one.value.weights for one in of(seen, "marking_script")] == [{script: 1.0}]

    def test_no_script_from_digits(self, written):
        seen = observations(Saying("123-45"), written([("123-45", (300, 250))]), finder=finding(AROUND))
        assert not of(seen, "marking_script")

    def test_unknown_script_is_said_and_never_forced(self, written):
        seen = observations(Saying({"□": 0.95}), written([("12345", (300, 250))]), boxes=(BOX,))
        assert not of(seen, "year_mark")
        text = of(seen, "marking_text")
        assert isinstance(text[0].value, NotExaminable)
        assert "neither Hangul, Cyrillic nor Latin" in text[0].value.reason
        script = of(seen, "marking_script")
        assert all(isinstance(one.value, Category) and set(one.value.weights) == {"other"} for one in script)

    @pytest.mark.parametrize("text", ["1I1", "456"])
    def test_what_texture_and_rulers_are_read_as_is_not_reported(self, written, text):
        assert not observations(Saying({text: 0.99}), written([("III", (300, 250))]), finder=finding(AROUND))

    def test_nothing_in_a_picture_without_anything(self):
        assert observations(Saying("INVENTED"), np.full((300, 400), 128, dtype=np.uint8)) == []

    @pytest.mark.parametrize("shape", [(1, 1), (2, 2000), (300, 5)])
    def test_odd_shapes(self, shape):
        assert observations(Saying("X"), np.zeros(shape, dtype=np.uint8)) == []

    def test_input_is_not_written_to_and_results_repeat(self, written):
        pixels = cv2.cvtColor(written([("112", (300, 250))]), cv2.COLOR_GRAY2RGB)
        pixels.setflags(write=False)
        examiner = MarkingsExaminer(Brief(), reader=Saying("112"), finder=finding(AROUND), printed=nobody())
        first = list(examiner.examine(PHOTOGRAPH, pixels))
        assert first
        assert first == list(examiner.examine(PHOTOGRAPH, pixels))

    def test_digits_out_of_a_longer_mark_are_no_year(self):
        def stretch(x, y, width, height):
            corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], float)
            return Stretch(corners, "network")

        digits, line = stretch(255, 80, 90, 40), stretch(110, 78, 240, 42)
        above, tall = stretch(110, 20, 240, 42), stretch(110, 60, 240, 90)
        assert part_of_longer(digits, [digits, line])
        assert not part_of_longer(digits, [digits, above, tall])


class TestPointed:
    def test_a_box_is_read_and_only_once(self, written):
        seen = observations(
            Saying("112"), written([("112", (330, 250))]), boxes=(BOX,), finder=finding((320, 250, 120, 70))
        )
        assert [one.provenance.box for one in seen] == [BOX]
        assert "region given by a person" in seen[0].note

    def test_a_scrap_is_reported_where_somebody_pointed(self, written):
        seen = observations(Saying("7"), written([("7", (370, 250))]), boxes=(BOX,))
        assert seen[0].value.readings[0].text == "7"

    def test_an_empty_box_gives_a_reason(self):
        seen = observations(Saying("112"), np.full((600, 900), 128, dtype=np.uint8), boxes=(BOX,))
        assert isinstance(seen[0].value, NotExaminable)
        assert "pointed" in seen[0].value.reason
        assert seen[0].provenance.box == BOX

    def test_a_sidecar_mark_with_its_own_part(self, written):
        mark = PointedMark(corners=((280, 240), (520, 240), (520, 330), (280, 330)), part="component")
        seen = observations(Saying("2318"), written([("2318", (300, 250))]), pointed=Pointed(marks=(mark,)))
        assert [one.trait for one in seen] == ["date_code_newest"]

    def test_what_only_a_list_brought_up_is_flagged_and_apart(self, written):
        seen = observations(
            Saying({"112": 0.7}), written([("112", (330, 250))]), boxes=(BOX,), known_marks=("방-122", "112")
        )
        free = of(seen, "year_mark")[0]
        assert all(not reading.listed for reading in free.value.readings)
        listed = of(seen, "marking_text")
        assert [reading.text for reading in listed[0].value.readings] == ["방-122"]
        assert listed[0].value.readings[0].listed
        assert "no independent evidence" in listed[0].note


class TestSecondReader:
    def test_missing_program_is_said_and_reading_goes_on(self, written):
        printed = print_readers(Tesseract("no-such-program"))
        seen = observations(Saying("112"), written([("112", (330, 250))]), boxes=(BOX,), printed=printed)
        assert of(seen, "year_mark")
        said = of(seen, "marking_text")
        assert isinstance(said[0].value, NotExaminable)
        assert "not installed" in said[0].value.reason

    @pytest.mark.parametrize(
        ("reading", "timeout_s", "word"),
        [("exit 139", 20, "status"), ("exec sleep 20", 0.4, "answer"), (r"printf '\377\376' >&2; exit 1", 20, "")],
    )
    def test_crash_and_hang_leave_the_network_alone(self, written, program, reading, timeout_s, word):
        printed = Printed([TesseractReader(program(reading, timeout_s=timeout_s))])
        unsure = Saying({"112": 0.5})
        seen = observations(unsure, written([("112", (330, 250))]), boxes=(BOX,), printed=printed)
        assert of(seen, "year_mark")
        said = of(seen, "marking_text")
        assert isinstance(said[0].value, NotExaminable)
        assert word in said[0].value.reason

    def test_without_the_network_a_reason(self, written, monkeypatch):
        def missing():
            raise ImportError("no onnxruntime")

        monkeypatch.setattr("forensics.examine.markings.examiner.load_reader", missing)
        seen = observations(None, written([("112", (300, 250))]))
        assert [one.trait for one in seen] == ["marking_text"]
        assert "onnxruntime" in seen[0].value.reason
