"""The examiner of markings: characters, fusion, and the whole with readers that say what we tell them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.examine.examiner import Brief
from forensics.examine.imaging.proposals import Proposal
from forensics.examine.markings import calibration
from forensics.examine.markings.characters import (
    bare_number,
    folded,
    graduation,
    scripts_needed,
    scripts_shown,
    short_lower_case,
    spellings,
    strokes_only,
    tidied,
)
from forensics.examine.markings.examiner import MarkingsExaminer, find_marks, part_of_longer, read_boxes
from forensics.examine.markings.fusion import is_writing, weigh
from forensics.examine.markings.readers import RawReading, readers
from forensics.examine.tesseract import Line, Tesseract, TesseractStatus
from forensics.model.evidence import Box, Method, Photograph
from forensics.model.values import NotExaminable, Text, YearMark

PHOTOGRAPH = Photograph(path="a.jpg", sha256="0" * 64, bytes=1, format="JPEG", width_px=900, height_px=600, item="K-1")


class Saying(Tesseract):
    """A Tesseract that reads the same in every crop in which there is anything."""

    def __init__(self, text: str, confidence: float = 95.0) -> None:
        super().__init__("no-program")
        self.line = Line(text, confidence)

    def status(self) -> TesseractStatus:
        return TesseractStatus(True, "5.3.0", ("eng", "kor", "rus", "ukr"))

    def read_lines(self, crops, languages, *, page_mode=7):
        return tuple(self.line if int(np.ptp(crop)) > 60 else Line("", 0.0) for crop in crops)


def observations(tesseract, grey, **brief):
    examiner = MarkingsExaminer(Brief(tesseract=tesseract, **brief))
    return list(examiner.examine(PHOTOGRAPH, cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)))


class TestCharacters:
    @pytest.mark.parametrize(
        ("raw", "tidy"),
        [
            ("| 9М79–1 .", "9М79-1"),
            ("대 형 출 력", "대형출력"),
            ("20 마 8952", "20 마 8952"),
            ("~ ' _", ""),
            ("ㅈ-24", "ㅈ-24"),
        ],
    )
    def test_tidied(self, raw, tidy):
        assert tidied(raw) == tidy

    def test_twins_fold_together(self):
        assert folded("9М 79") == folded("9m79")

    def test_both_spellings_of_twins(self):
        assert spellings("9М79") == ("9М79", "9M79")
        assert spellings("Ш91") == ("Ш91",)
        assert spellings("112") == ("112",)

    def test_scripts_of_characters_that_belong_to_one_alone(self):
        assert scripts_shown(["Ш9М", "DH", "방ㅈ"]) == {"hangul": 2, "cyrillic": 1, "latin": 1}
        assert scripts_needed("АВ12") == frozenset()

    @pytest.mark.parametrize("text", ["112", "23", "2023"])
    def test_bare_number(self, text):
        assert bare_number(text)

    @pytest.mark.parametrize("text", ["1", "20231", "11-2", "1 12", "١٢"])
    def test_not_a_bare_number(self, text):
        assert not bare_number(text)

    def test_what_only_looks_like_writing(self):
        assert strokes_only("lI-1/")
        assert not strokes_only("112")
        assert short_lower_case("re")
        assert not short_lower_case("НЕ")
        assert graduation("4 5 6")
        assert graduation("456")
        assert not graduation("23")
        assert not graduation("112")


class TestFusion:
    def test_competing_readings_stay_the_best_first(self):
        raw = [
            RawReading("112", 0.9, "a"),
            RawReading("112", 0.8, "b"),
            RawReading("172", 0.7, "c"),
            RawReading("", 0, "d"),
        ]
        first, second = weigh(raw)
        assert (first.text, second.text) == ("112", "172")
        assert first.support == pytest.approx(1.7 / 4)
        assert first.ways == 2

    def test_a_way_that_cannot_print_korean_does_not_speak_against_it(self):
        latin = frozenset({"latin"})
        raw = [
            RawReading("방-122", 0.9, "kor"),
            RawReading("yt-122", 0.5, "eng", scripts=latin),
            RawReading("", 0, "rus", scripts=latin),
        ]
        assert weigh(raw)[0].text == "방-122"
        assert weigh(raw)[0].support == pytest.approx(0.9)

    def test_what_is_read_only_with_bridges_closed_keeps_most_of_its_support(self):
        raw = [RawReading("112", 0.9, "a", "bridged"), RawReading("V1L2", 0.4, "a", "raw")]
        assert weigh(raw)[0].support == pytest.approx((0.9 + 0.45) / 2)

    def test_spelling_is_that_of_the_surest_way(self):
        assert weigh([RawReading("9M79", 0.6, "a"), RawReading("9М79", 0.9, "b")])[0].text == "9М79"

    def test_nothing_read(self):
        assert weigh([]) == ()
        assert weigh([RawReading("", 0.9, "a"), RawReading("--", 0.9, "b")]) == ()

    @pytest.mark.parametrize("text", ["lI1", "re", "7", "456", "4 7"])
    def test_what_texture_is_read_as_is_rejected_however_sure(self, text):
        assert not is_writing(weigh([RawReading(text, 0.99, "a"), RawReading(text, 0.99, "b")]))

    def test_one_way_alone_is_not_enough(self):
        assert not is_writing(weigh([RawReading("91579", 0.99, "a"), RawReading("91579", 0.99, "a")]))
        assert is_writing(weigh([RawReading("91579", 0.99, "a"), RawReading("91579", 0.99, "b")]))

    def test_unsure_readings_are_rejected(self):
        assert not is_writing(weigh([RawReading("91579", 0.5, "a"), RawReading("91579", 0.5, "b")]))

    def test_nothing_is_no_writing(self):
        assert not is_writing(())


class TestCalibration:
    @pytest.mark.parametrize("table", [calibration.FOUND, calibration.POINTED])
    def test_monotone_and_never_sure(self, table):
        starts, values = zip(*table, strict=True)
        assert starts[0] == 0.0
        assert list(starts) == sorted(starts)
        assert list(values) == sorted(values)
        assert max(values) < 0.9

    def test_lookup(self):
        table = ((0.0, 0.1), (0.5, 0.4))
        assert [calibration.probability(support, table) for support in (0.0, 0.49, 0.5, 1.0)] == [0.1, 0.1, 0.4, 0.4]


class TestExaminer:
    def test_text_becomes_marking_text(self, written):
        seen = observations(Saying("НЕ-31"), written([("НЕ-31", (300, 250))]))
        texts = [one for one in seen if one.trait == "marking_text"]
        assert texts
        assert isinstance(texts[0].value, Text)
        assert texts[0].provenance.method is Method.AUTOMATIC
        assert texts[0].provenance.tool == "markings 1"
        assert texts[0].item == "K-1"

    def test_a_bare_number_becomes_a_year_mark_and_nothing_else(self, written):
        seen = observations(Saying("112"), written([("112", (300, 250))]))
        assert {one.trait for one in seen} == {"year_mark"}
        value = seen[0].value
        assert isinstance(value, YearMark)
        assert value.readings[0].text == "112"
        assert value.examined_marks == 1

    def test_digits_out_of_a_longer_mark_are_no_year(self):
        digits = Proposal((300, 100), 90, 40, 5, False, 1.0)
        line = Proposal((230, 95), 240, 42, 5, False, 1.0)
        above = Proposal((300, 40), 240, 42, 5, False, 1.0)
        tall = Proposal((300, 100), 240, 90, 5, False, 1.0)
        assert part_of_longer(digits, [digits, line])
        assert not part_of_longer(digits, [digits, above, tall])

    def test_twins_give_both_spellings_at_half_the_confidence(self, written):
        seen = observations(Saying("9М79-1"), written([("9М79-1", (300, 250))]))
        readings = next(one.value.readings for one in seen if one.trait == "marking_text")
        assert {reading.text for reading in readings} == {"9М79-1", "9M79-1"}
        assert readings[0].confidence == readings[1].confidence

    def test_confidences_never_add_up_to_more_than_one(self, written):
        for one in observations(Saying("91579-2"), written([("91579-2", (300, 250))])):
            assert sum(reading.confidence for reading in one.value.readings) <= 1.0

    @pytest.mark.parametrize(("text", "script"), [("방위", "hangul"), ("ЖДИ", "cyrillic"), ("DFG", "latin")])
    def test_script_when_several_characters_are_sure(self, written, text, script):
        seen = observations(Saying(text), written([("ЖДИЖД", (300, 250))]))
        assert [one.value.weights for one in seen if one.trait == "marking_script"] == [{script: 1.0}]

    def test_no_script_from_twins_and_digits(self, written):
        seen = observations(Saying("АВ-123"), written([("АВ-123", (300, 250))]))
        assert "marking_script" not in {one.trait for one in seen}

    def test_nothing_in_a_picture_without_anything(self):
        assert observations(Saying("INVENTED"), np.full((300, 400), 128, dtype=np.uint8)) == []

    @pytest.mark.parametrize("shape", [(1, 1), (2, 2000), (300, 5)])
    def test_odd_shapes(self, shape):
        assert observations(Saying("X"), np.zeros(shape, dtype=np.uint8)) == []

    def test_input_is_not_written_to(self, written):
        pixels = cv2.cvtColor(written([("112", (300, 250))]), cv2.COLOR_GRAY2RGB)
        pixels.setflags(write=False)
        assert list(MarkingsExaminer(Brief(tesseract=Saying("112"))).examine(PHOTOGRAPH, pixels))

    def test_same_pixels_same_observations(self, written):
        picture = written([("НЕ-31", (300, 250)), ("112", (100, 60))])
        assert observations(Saying("НЕ-31"), picture) == observations(Saying("НЕ-31"), picture)


class TestPointed:
    BOX = Box(x=280, y=240, width=240, height=90)

    def test_a_box_is_read_first_and_only_once(self, written):
        seen = observations(Saying("112"), written([("112", (330, 250))]), boxes=(self.BOX,))
        assert [one.provenance.box for one in seen] == [self.BOX]
        assert seen[0].note == "region given by a person"

    def test_a_scrap_is_reported_where_somebody_pointed(self, written):
        seen = observations(Saying("7"), written([("7", (370, 250))]), boxes=(self.BOX,))
        assert seen[0].value.readings[0].text == "7"

    def test_an_empty_box_gives_a_reason(self):
        seen = observations(Saying("112"), np.full((600, 900), 128, dtype=np.uint8), boxes=(self.BOX,))
        assert isinstance(seen[0].value, NotExaminable)
        assert "pointed" in seen[0].value.reason
        assert seen[0].provenance.box == self.BOX


class TestWithoutTesseract:
    def test_missing_program_gives_a_reason_and_goes_on(self, written):
        seen = observations(Tesseract("no-such-program"), written([("112", (300, 250))]))
        assert [one.trait for one in seen] == ["marking_text"]
        assert isinstance(seen[0].value, NotExaminable)
        assert "not installed" in seen[0].value.reason

    @pytest.mark.parametrize(
        ("reading", "timeout_s", "word"), [("exit 139", 20, "status"), ("exec sleep 20", 0.4, "answer")]
    )
    def test_crash_and_hang_give_a_reason(self, written, program, reading, timeout_s, word):
        seen = observations(program(reading, timeout_s=timeout_s), written([("112", (300, 250))])[:300, 250:600])
        assert isinstance(seen[0].value, NotExaminable)
        assert word in seen[0].value.reason


@pytest.mark.tesseract
class TestRealProgram:
    """Clean synthetic pictures; what is asked of the program is little, because versions differ."""

    def test_finds_and_reads_alone(self, real_tesseract, written):
        marks = find_marks(written([("NUMBER 91-58", (60, 40))], size=(560, 160)), readers(real_tesseract))
        assert [folded(mark.weighed[0].text) for mark in marks] == ["NUMBER91-58"]

    def test_korean(self, real_tesseract, written):
        seen = observations(real_tesseract, written([("대한민국", (60, 40))], size=(420, 160)))
        assert {"marking_text", "marking_script"} == {one.trait for one in seen}
        assert next(one.value.weights for one in seen if one.trait == "marking_script") == {"hangul": 1.0}

    @pytest.mark.parametrize("turns", [1, 2])
    def test_upside_down_and_on_its_side_in_a_box(self, real_tesseract, written, turns):
        turned = np.ascontiguousarray(np.rot90(written([("ENGINE", (60, 20))], size=(400, 130)), turns))
        box = Box(x=0, y=0, width=turned.shape[1], height=turned.shape[0])
        marks = read_boxes(turned, (box,), readers(real_tesseract))
        assert marks[0].weighed[0].text == "ENGINE"

    def test_nothing_is_invented_on_texture(self, real_tesseract):
        rng = np.random.default_rng(0)
        layers = [cv2.resize(rng.random((side, side)).astype(np.float32), (300, 240)) for side in (8, 30, 110)]
        texture = np.uint8(np.clip(sum(layers) / 3 * 255, 0, 255))
        assert observations(real_tesseract, texture) == []
