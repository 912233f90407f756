"""Views, fusion, spelling, plausibility, formats, calibration: the parts that the examiner of markings is made of."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.examine.markings import calibration
from forensics.examine.markings.calibration import FEATURES, Model
from forensics.examine.markings.finding import arc_through, pointed_place, stretch_of
from forensics.examine.markings.formats import Formats, key_of
from forensics.examine.markings.fusion import PrintRead, fuse, print_support
from forensics.examine.markings.plausible import plausibility
from forensics.examine.markings.reading import ReadingRoom
from forensics.examine.markings.regions import Arc as RegionArc
from forensics.examine.markings.regions import TextRegion
from forensics.examine.markings.spelling import script_of, spellings_of
from forensics.examine.markings.stretches import Arc, Stretch, View, crop_of, hypotheses, in_directions, rotated_within
from forensics.examine.markings.values import date_code
from forensics.model.pointed import PointedMark

from .reading_doubles import Said, Upright


def rectangle(x, y, width, height, turn_deg=0.0):
    turn = np.deg2rad(turn_deg)
    across, down = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    start = np.array([x, y], float)
    return np.array([start, start + across * width, start + across * width + down * height, start + down * height])


class TestViews:
    def test_directions(self):
        assert [view.turn for view in in_directions(Stretch(rectangle(0, 0, 200, 40), "box"))] == [0, 2]
        assert [view.turn for view in in_directions(Stretch(rectangle(0, 0, 40, 200), "box"))] == [1, 3]
        assert [view.turn for view in in_directions(Stretch(rectangle(0, 0, 50, 40), "box"))] == [0, 1, 2, 3]

    def test_two_lines_stand_one_behind_the_other(self):
        grey = np.full((100, 200), 200, np.uint8)
        cv2.putText(grey, "12", (40, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
        cv2.putText(grey, "345", (40, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
        crop = crop_of(grey, View(Stretch(rectangle(0, 0, 200, 100), "box"), split=0.5), 64)
        ink = (crop < 100).any(axis=0)
        assert crop.shape[0] == 64
        assert ink[: len(ink) // 2].any()
        assert ink[len(ink) // 2 :].any()

    def test_an_arc_is_unrolled_level(self):
        grey = np.full((300, 300), 255, np.uint8)
        cv2.circle(grey, (150, 150), 100, 0, 5)
        stretch = Stretch(rectangle(0, 0, 300, 300), "circle", arc=Arc((150, 150), 80, 120, 0, 180))
        rows = (crop_of(grey, View(stretch), 40) < 128).mean(axis=1)
        assert rows[18:22].min() > 0.9
        assert rows[:12].max() < 0.1

    def test_unrolled_text_reads_left_to_right_both_ways(self):
        grey = np.full((300, 300), 255, np.uint8)
        cv2.circle(grey, (150 - 70, 150 - 70), 8, 0, -1)  # a mark at the upper left, one at the upper right is missing
        for inside, left in ((True, True), (False, False)):
            arc = Arc((150, 150), 80, 120, 180, 180, inside)
            ink = np.flatnonzero((crop_of(grey, View(Stretch(rectangle(0, 0, 9, 9), "c", arc=arc)), 40) < 128).any(0))
            width = crop_of(grey, View(Stretch(rectangle(0, 0, 9, 9), "c", arc=arc)), 40).shape[1]
            assert bool(ink.mean() < width / 2) == left

    @given(st.floats(30, 400), st.floats(30, 400))
    def test_turned_rectangles_have_the_box_as_bounding_box(self, width, height):
        for one in rotated_within(Stretch(rectangle(0, 0, width, height), "box")):
            wide, high = np.ptp(one.corners, axis=0)
            near_45 = abs(
                abs(one.corners[1] - one.corners[0])[0] - abs(one.corners[1] - one.corners[0])[1]
            ) < 0.4 * max(abs(one.corners[1] - one.corners[0]))
            assert near_45 or (wide == pytest.approx(width, rel=0.01) and high == pytest.approx(height, rel=0.01))

    def test_a_bent_or_slanted_view_never_leaves_the_wanted_height(self):
        grey = np.random.default_rng(0).integers(0, 255, (80, 240), dtype=np.uint8)
        for view in hypotheses(Stretch(rectangle(10, 10, 200, 60), "box", pointed=True), thorough=True):
            assert crop_of(grey, view, 48).shape[0] == 48

    def test_region_of_the_network_along_a_circle(self):
        region = TextRegion(
            ((0, 0), (100, 0), (100, 100), (0, 100)), 0.0, 20.0, 0.7, arc=RegionArc((50, 50), 40.0, -120.0, -60.0)
        )
        stretch = stretch_of(region)
        assert stretch.arc == Arc((50, 50), 30.0, 50.0, -120.0, 60.0, True)
        below = RegionArc((50, 50), 40.0, 120.0, 60.0)
        assert stretch_of(TextRegion(region.quad, 0.0, 20.0, 0.7, arc=below)).arc.inside is False

    def test_arc_through_a_rectangle(self):
        arc = arc_through(rectangle(100, 40, 100, 30), np.array([150.0, 150.0]), 30.0)
        assert arc.inside
        assert arc.start_deg < -90 < arc.start_deg + arc.span_deg

    def test_a_pointed_box_off_the_picture_is_none(self):
        mark = PointedMark(corners=((50, 50), (60, 50), (60, 60), (50, 60)))
        grey = np.zeros((40, 40), np.uint8)
        assert pointed_place(np.zeros((40, 40, 3), np.uint8), grey, mark, None) is None

    @pytest.mark.parametrize("turn", [0, 180])
    def test_the_view_that_reads_best_wins(self, turn):
        grey = np.full((200, 400), 220, np.uint8)
        cv2.putText(grey, "777777", (80, 110), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 10, 9)
        corners = rectangle(60, 60, 280, 60)
        if turn:
            grey = np.ascontiguousarray(grey[::-1, ::-1])
            corners = np.array([400, 200]) - corners
            corners = corners[[2, 3, 0, 1]]
        room = ReadingRoom(Upright({"777777": 0.9}))
        mark = room.read(grey, [(Stretch(corners, "network"),)])[0]
        assert mark.fused.best.text == "777777"
        assert mark.view.turn == (2 if turn else 0)


class TestFusion:
    def test_a_view_that_went_wrong_cannot_veto(self):
        fused = fuse([(Said({"112": 0.9}), 0.0), (Said({"112": 0.8}), 0.0), (Said({"Z": 0.9}), 0.0)])
        assert fused.best.text == "112"
        assert 0.5 < fused.network < 0.6
        assert fused.agreement == pytest.approx(2 / 3)

    def test_agreeing_print_wins_where_the_network_is_unsure(self):
        printed = [
            PrintRead("영어전문", 0.95, "a"),
            PrintRead("영어전문", 0.9, "b"),
            PrintRead("", 0.0, "c", frozenset()),
        ]
        unsure = fuse([(Said({"00저이": 0.1}), 0.0)], printed)
        assert unsure.best.text == "영어전문"
        sure = fuse([(Said({"112": 0.9}), 0.0)], [PrintRead("172", 0.95, "a"), PrintRead("172", 0.95, "b")])
        assert sure.best.text == "112"

    def test_a_way_that_cannot_print_korean_does_not_speak_against_it(self):
        latin = frozenset({"latin"})
        support = print_support([PrintRead("방-122", 0.9, "kor"), PrintRead("yt-122", 0.5, "eng", latin)])
        assert support[key_of("방-122")][1] == pytest.approx(0.9)

    def test_a_list_never_displaces_a_free_reading(self):
        fused = fuse([(Said({"112": 0.5, "113": 0.3}), 0.0)], known_marks=("113", "9М723"))
        assert fused.best.text == "112"
        assert {one.text: one.listed for one in fused.readings} == {"112": False, "113": False, "9М723": True}

    def test_formats_bring_up_and_favour_what_follows_them(self):
        formats = Formats.of_patterns({"plate": r"\d{2}\h\d{4}"})
        views = [(Said({"46Д5446": 0.4, "46다5446": 0.3}), 0.0)]
        assert fuse(views, None, formats).best.text == "46다5446"

    def test_nothing_read(self):
        fused = fuse([(Said({}), 0.0)])
        assert fused.best is None
        assert fused.silence > 0.99

    @given(st.dictionaries(st.sampled_from(["112", "172", "Z9", "방", "O12"]), st.floats(0.0, 0.19), max_size=5))
    def test_shares_are_a_distribution(self, shares):
        fused = fuse([(Said(shares), 0.0), (Said({"112": 0.4}), -1.0)])
        assert sum(one.share for one in fused.readings) <= 1.0 + 1e-6
        assert list(fused.readings) == sorted(fused.readings, key=lambda one: -one.share)


class TestSpelling:
    def test_both_spellings_of_twins(self):
        assert dict(spellings_of("9M79", None)) == {"9М79": 0.5, "9M79": 0.5}
        assert spellings_of("Ш91", None) == (("Ш91", 1.0),)
        assert spellings_of("112", None) == (("112", 1.0),)
        assert spellings_of("방-122A", None)[0][0] == "방-122A"

    def test_other_marks_on_the_photograph_tip_the_scale(self):
        assert spellings_of("BEPX", None)[0][0] == "ВЕРХ"
        assert spellings_of("CAM", None, ["ЖДИ"])[0] == ("САМ", 0.7)

    @pytest.mark.parametrize(
        ("text", "script"),
        [("화성포-11가", "hangul"), ("ВЕРХ", "cyrillic"), ("TARE", "latin"), ("3-86-12", "digits"), ("□", "unknown")],
    )
    def test_script(self, text, script):
        assert script_of(text) == script

    @pytest.mark.parametrize(("one", "other"), [("112", "1O2"), ("46다5446", "46Д5446"), ("НЕ", "Н№")])
    def test_plausible(self, one, other):
        assert plausibility(key_of(one)) > plausibility(key_of(other))

    def test_length_alone_is_not_held_against_a_mark(self):
        assert plausibility("4202687242026872") >= plausibility("42")


class TestFormats:
    FORMATS = Formats.of_patterns({"triplet": r"\d{1,3}-\d{2}-\d{1,4}", "number": r"\d{3}", "broken": "["})

    def test_only_telling_formats_favour(self):
        assert self.FORMATS.favour("3-86-12") > 1
        assert self.FORMATS.favour("112") == 1.0
        assert len(self.FORMATS) == 2

    def test_one_automaton_of_all(self):
        assert self.FORMATS.together.contains("3-86-12")
        assert not self.FORMATS.together.contains("112")
        assert Formats().together is None


class TestCalibration:
    def test_packaged_models_know_every_feature_they_use(self):
        tables = calibration.load()
        for model in (tables.right_found, tables.right_pointed, tables.writing):
            assert set(model.weights) <= set(FEATURES)
            values = [value for _, value in model.table]
            assert values == sorted(values)
        assert tables.provenance
        assert 0 < tables.readable < 1

    def test_surer_readings_are_never_less_probable(self):
        tables = calibration.load()
        shares = [0.05, 0.2, 0.5, 0.9]
        found = []
        for share in shares:
            fused = fuse([(Said({"1123": share}), 0.0)])
            found.append(tables.right_pointed.probability(calibration.features(fused, 3.0, 0.0)))
        assert found == sorted(found)

    def test_table_between_points(self):
        model = Model({"intercept": 0.0}, ((0.0, 0.1), (0.5, 0.4), (1.0, 0.8)))
        assert model.probability((1.0,) + (0.0,) * (len(FEATURES) - 1)) == pytest.approx(0.4)
        assert math.isfinite(Model({"share": 100.0}).probability((1.0, 99.0) + (0.0,) * (len(FEATURES) - 2)))


@pytest.mark.parametrize(
    ("text", "year"), [("2318", 2023.335), ("9952", 1999.987), ("2354", None), ("2300", None), ("112", None)]
)
def test_date_codes(text, year):
    assert date_code(text) == (None if year is None else pytest.approx(year, abs=0.01))
