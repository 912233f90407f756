"""What every kind of cell is read as, and what is refused with which advice."""

from __future__ import annotations

import pytest

from forensics.intake.cells import CellError
from forensics.intake.values import ValueCells, parse_value
from forensics.intake.words import Lexicon
from forensics.model.catalogue import Vocabulary
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


def mm(value: float | None = None, **more: object) -> Measured:
    return Measured.model_validate({"value": value, "unit": "mm", **more})


def readings(*pairs: tuple[str, float]) -> tuple[Reading, ...]:
    return tuple(Reading(text=text, confidence=confidence) for text, confidence in pairs)


@pytest.fixture
def read(vocabulary: Vocabulary):
    lexicon = Lexicon(vocabulary)

    def parse(trait: str, value: str = "", **cells: str):
        return parse_value(ValueCells(value=value, **cells), vocabulary.traits[trait], lexicon)

    return parse


DIAMETER = [
    ("1100", {}, mm(1100)),
    ("1 100", {}, mm(1100)),
    ("1\u00a0100", {}, mm(1100)),
    ("1,100.5", {}, mm(1100.5)),
    ("1.100,5", {}, mm(1100.5)),
    ("38,5", {}, mm(38.5)),
    ("1.1e3", {}, mm(1100)),
    ("１１００", {}, mm(1100)),
    ("1100 ± 20", {}, mm(1100, uncertainty=20)),
    ("1100 +/- 20", {}, mm(1100, uncertainty=20)),
    ("1100 +- 20", {}, mm(1100, uncertainty=20)),
    ("1100±2%", {}, mm(1100, uncertainty=22)),
    ("110 ± 2 cm", {}, mm(1100, uncertainty=20)),
    ("110 cm ± 2", {}, mm(1100, uncertainty=20)),
    ("1100 mm ± 2 cm", {}, mm(1100, uncertainty=20)),
    ("110", {"unit": "cm", "uncertainty": "2"}, mm(1100, uncertainty=20)),
    ("110 cm", {"uncertainty": "2"}, mm(1100, uncertainty=20)),
    ("110", {"unit": "CM", "uncertainty": "20 mm"}, mm(1100, uncertainty=20)),
    ("1100 ± 20", {"uncertainty": "20"}, mm(1100, uncertainty=20)),
    ("97.3 cm", {}, mm(973)),
    ("1,1 м", {}, mm(1100)),
    ("43.3 in", {}, mm(1099.82)),
    ('43.3"', {}, mm(1099.82)),
    ("900-950", {}, mm(low=900, high=950)),
    ("900 – 950", {}, mm(low=900, high=950)),
    ("900..950", {}, mm(low=900, high=950)),
    ("900 to 950 mm", {}, mm(low=900, high=950)),
    ("from 900 to 950", {}, mm(low=900, high=950)),
    ("від 900 до 950", {}, mm(low=900, high=950)),
    ("90-95 cm", {}, mm(low=900, high=950)),
    ("900~950", {}, mm(low=900, high=950)),
    ("1100 (1050-1150)", {}, mm(1100, low=1050, high=1150)),
    (">1000", {}, mm(low=1000)),
    ("≥ 1000", {}, mm(low=1000)),
    ("at least 1 m", {}, mm(low=1000)),
    ("не менше 1000", {}, mm(low=1000)),
    ("1000 이상", {}, mm(low=1000)),
    ("<1000", {}, mm(high=1000)),
    ("up to 1000", {}, mm(high=1000)),
    ("about 1100", {}, mm(1100, uncertainty=22)),
    ("ca. 1100", {}, mm(1100, uncertainty=22)),
    ("~1100", {}, mm(1100, uncertainty=22)),
    ("близько 1100", {}, mm(1100, uncertainty=22)),
    ("약 1100", {}, mm(1100, uncertainty=22)),
    ("약1100", {}, mm(1100, uncertainty=22)),
    ("about 1100 ± 5", {}, mm(1100, uncertainty=5)),
    ("1100 deformed", {}, mm(1100, deformed=True)),
    ("деформовано 1100 ± 20", {}, mm(1100, uncertainty=20, deformed=True)),
    (
        "chord 400 ± 1 sagitta 38 ± 1",
        {},
        Chord(chord_mm=400, sagitta_mm=38, chord_uncertainty_mm=1, sagitta_uncertainty_mm=1),
    ),
    ("chord=400; sagitta=38", {}, Chord(chord_mm=400, sagitta_mm=38)),
    ("sagitta 3.8 cm, chord 40 cm", {}, Chord(chord_mm=400, sagitta_mm=38)),
    (
        "chord 40 ± 0.1 sagitta 3.8 ± 0.05",
        {"unit": "cm"},
        Chord(chord_mm=400, sagitta_mm=38, sagitta_uncertainty_mm=0.5),
    ),
    ("хорда 400 стріла 38", {}, Chord(chord_mm=400, sagitta_mm=38)),
    ("chord 400 sagitta 38 deformed", {}, Chord(chord_mm=400, sagitta_mm=38, deformed=True)),
    ("1100 mm (±20)", {}, mm(1100, uncertainty=20)),
    ("Ø 1100", {}, mm(1100)),
    ("between 900 and 950 mm", {}, mm(low=900, high=950)),
    ("", {"state": "not examinable", "note": "burnt"}, NotExaminable(reason="burnt")),
    ("not examinable", {}, NotExaminable()),
    ("조사 불가", {}, NotExaminable()),
]


@pytest.mark.parametrize(
    ("text", "cells", "expected"), DIAMETER, ids=[f"{case[0]}-{index}" for index, case in enumerate(DIAMETER)]
)
def test_measured(read, text, cells, expected):
    assert read("body_diameter_mm", text, **cells)[0] == expected


def test_about_is_noted(read):
    assert "22 mm" in read("body_diameter_mm", "about 1100")[1][0]


OTHER = [
    ("fin_form", "lattice", {}, Category(weights={"lattice": 1})),
    ("fin_form", "GRID FINS", {}, Category(weights={"lattice": 1})),
    ("fin_form", "решітчасті", {}, Category(weights={"lattice": 1})),
    ("fin_form", "격자형", {}, Category(weights={"lattice": 1})),
    ("fin_form", "Folding-Curved", {}, Category(weights={"folding_curved": 1})),
    ("fin_form", "ring or band", {}, Category(weights={"ring_or_band": 1})),
    ("fin_form", "lattice | fixed", {}, Category(weights={"lattice": 1, "fixed": 1})),
    ("fin_form", "lattice or fixed", {}, Category(weights={"lattice": 1, "fixed": 1})),
    ("fin_form", "решітчасті або нерухомі", {}, Category(weights={"lattice": 1, "fixed": 1})),
    ("fin_form", "lattice:0.8|fixed:0.2", {}, Category(weights={"lattice": 1, "fixed": 0.25})),
    ("fin_form", "lattice: 0,8 | fixed: 20 %", {}, Category(weights={"lattice": 1, "fixed": 0.25})),
    ("fin_form", "", {"state": "absent", "coverage": "0.6"}, Absent(coverage=0.6)),
    ("fin_count", "4", {}, Count(count=4)),
    ("fin_count", "4.0", {}, Count(count=4)),
    ("fin_count", "0", {"coverage": "50%"}, Count(count=0, visible_fraction=0.5)),
    ("fin_count", "2", {"coverage": "1/2"}, Count(count=2, visible_fraction=0.5)),
    ("fin_count", ">=2", {}, Count(count=2, at_least=True)),
    ("fin_count", "at least 2", {}, Count(count=2, at_least=True)),
    ("fin_count", "2+", {}, Count(count=2, at_least=True)),
    ("fin_count", "щонайменше 2", {}, Count(count=2, at_least=True)),
    ("fin_count", "2개 이상", {}, Count(count=2, at_least=True)),
    ("fin_count", "4", {"unit": "pcs"}, Count(count=4)),
    ("suspension_lugs", "yes", {}, Presence()),
    ("suspension_lugs", "Seen", {}, Presence()),
    ("suspension_lugs", "True", {}, Presence()),
    ("suspension_lugs", "так", {}, Presence()),
    ("suspension_lugs", "observed", {}, Presence()),
    ("suspension_lugs", "no", {"coverage": "0.4"}, Absent(coverage=0.4)),
    ("suspension_lugs", "absent", {"coverage": "0.4"}, Absent(coverage=0.4)),
    ("suspension_lugs", "absent", {"state": "absent", "coverage": "40 %"}, Absent(coverage=0.4)),
    ("igniter_bolt_ring", "20", {}, Ring(counted=20)),
    ("igniter_bolt_ring", "20 bolts", {}, Ring(counted=20)),
    ("igniter_bolt_ring", "20 even", {}, Ring(counted=20, stated="20 even")),
    ("igniter_bolt_ring", "20 bolts, evenly spaced", {}, Ring(counted=20, stated="20 even")),
    ("igniter_bolt_ring", "20 рівномірно", {}, Ring(counted=20, stated="20 even")),
    ("igniter_bolt_ring", "20 균등", {}, Ring(counted=20, stated="20 even")),
    ("igniter_bolt_ring", "20 even over 0-360", {}, Ring(counted=20, stated="20 even")),
    ("igniter_bolt_ring", "20 uneven", {}, Ring(counted=20, stated="20 uneven")),
    ("igniter_bolt_ring", "18 grouped", {}, Ring(counted=18, stated="18 grouped")),
    ("igniter_bolt_ring", "63 grouped", {}, Ring(counted=63, stated="63 grouped")),
    ("igniter_bolt_ring", "6 groups of 3", {}, Ring(counted=18, stated="18 in 6 groups")),
    ("igniter_bolt_ring", "at least 12 bolts", {}, Count(count=12, at_least=True)),
    ("igniter_bolt_ring", "18 in 6 groups", {}, Ring(counted=18, stated="18 in 6 groups")),
    ("igniter_bolt_ring", "18 bolts in 6 groups of 3", {}, Ring(counted=18, stated="18 in 6 groups")),
    ("igniter_bolt_ring", "18 у 6 групах", {}, Ring(counted=18, stated="18 in 6 groups")),
    (
        "igniter_bolt_ring",
        "6 in 2 groups; pitch 10",
        {},
        Ring(counted=6, stated="6 in 2 groups", angles_deg=(0, 10, 170, 180, 190, 350), sigma_deg=2),
    ),
    (
        "igniter_bolt_ring",
        "20 even over 0-90",
        {},
        Ring(counted=20, stated="20 even", angles_deg=(9, 27, 45, 63, 81), windows_deg=((0, 90),), sigma_deg=2),
    ),
    ("igniter_bolt_ring", "angles 0 18 36; window 0-54", {}, Ring(angles_deg=(0, 18, 36), windows_deg=((0, 54),))),
    ("igniter_bolt_ring", "0;18;36 window 350-54", {}, Ring(angles_deg=(0, 18, 36), windows_deg=((350, 414),))),
    ("igniter_bolt_ring", "0, 90, 180, 270", {}, Ring(angles_deg=(0, 90, 180, 270))),
    ("igniter_bolt_ring", "0,5; 90,5; 180,5; 270,5", {}, Ring(angles_deg=(0.5, 90.5, 180.5, 270.5))),
    (
        "igniter_bolt_ring",
        "angles 10 20 100 110 window 0-30, 90-120 sigma 2 face outer ratio 0.8",
        {},
        Ring(
            angles_deg=(10, 20, 100, 110),
            windows_deg=((0, 30), (90, 120)),
            sigma_deg=2,
            face="outer",
            circle_to_casing=0.8,
        ),
    ),
    (
        "igniter_bolt_ring",
        "angles 350 0 10 window 340-20 inner",
        {},
        Ring(angles_deg=(0, 10, 350), windows_deg=((340, 380),), face="inner"),
    ),
    ("marking_text", "9М723", {}, Text(readings=readings(("9М723", 1)))),
    ("marking_text", "ㅈ 112", {}, Text(readings=readings(("ㅈ 112", 1)))),
    ("marking_text", "9М723:0.6 | 9M7Z3:0.3", {}, Text(readings=readings(("9М723", 0.6), ("9M7Z3", 0.3)))),
    ("marking_text", "9M7Z3:30% | 9М723:60%", {}, Text(readings=readings(("9М723", 0.6), ("9M7Z3", 0.3)))),
    ("marking_text", "Лот:12", {}, Text(readings=readings(("Лот:12", 1)))),
    ("marking_text", '"absent"', {}, Text(readings=readings(("absent", 1)))),
    ("marking_text", '"a|b:0.5" | "say ""x""":0.5', {}, Text(readings=readings(("a|b:0.5", 1), ('say "x"', 0.5)))),
    ("marking_text", "=HYPERLINK(1)", {}, Text(readings=readings(("=HYPERLINK(1)", 1)))),
    ("marking_text", "absent", {"state": "", "coverage": "1"}, Absent()),
    ("year_mark", "112", {}, YearMark(readings=readings(("112", 1)))),
    (
        "year_mark",
        "112; marks 12; repeats 3",
        {},
        YearMark(readings=readings(("112", 1)), examined_marks=12, repeats=3),
    ),
    ("year_mark", "112 marks=12", {}, YearMark(readings=readings(("112", 1)), examined_marks=12)),
    ("year_mark", "112:0.7 | 113:0.2", {}, YearMark(readings=readings(("112", 0.7), ("113", 0.2)))),
    ("date_code_newest", "2023", {}, DateValue(year=2023.5, precision_years=0.5)),
    ("date_code_newest", "2312", {}, DateValue(year=2023.223288, precision_years=0.009589)),
    ("date_code_newest", "2036", {}, DateValue(year=2020.673497, precision_years=0.009563)),
    ("use_by_date", "2036", {}, DateValue(year=2036.5, precision_years=0.5)),
    ("date_code_newest", "week 12 2023", {}, DateValue(year=2023.223288, precision_years=0.009589)),
    ("date_code_newest", "2023-W12", {}, DateValue(year=2023.223288, precision_years=0.009589)),
    ("date_code_newest", "2023-05", {}, DateValue(year=2023.375, precision_years=0.041667)),
    ("date_code_newest", "05.2023", {}, DateValue(year=2023.375, precision_years=0.041667)),
    ("date_code_newest", "May 2023", {}, DateValue(year=2023.375, precision_years=0.041667)),
    ("date_code_newest", "травень 2023", {}, DateValue(year=2023.375, precision_years=0.041667)),
    ("date_code_newest", "2023년 5월", {}, DateValue(year=2023.375, precision_years=0.041667)),
    ("date_code_newest", "19.05.2023", {}, DateValue(year=2023.379452, precision_years=0.00137)),
    ("date_code_newest", "2023-05-19", {}, DateValue(year=2023.379452, precision_years=0.00137)),
    ("date_code_newest", "2023-05-19 00:00:00", {}, DateValue(year=2023.379452, precision_years=0.00137)),
    ("date_code_newest", "2023-05-01 00:00:00", {}, DateValue(year=2023.375, precision_years=0.041667)),
    ("date_code_newest", "5/19/2023", {}, DateValue(year=2023.379452, precision_years=0.00137)),
    ("use_by_date", "juche 112", {}, DateValue(year=2023.5, precision_years=0.5)),
    ("use_by_date", "주체 112", {}, DateValue(year=2023.5, precision_years=0.5)),
    ("use_by_date", "2021-2023", {}, DateValue(year=2022.5, precision_years=1.5)),
    ("use_by_date", "2023.5 ± 0.25", {}, DateValue(year=2023.5, precision_years=0.25)),
    ("reference_match", "hwasong-11:0.8|9k720:0.3", {}, Score(scores={"hwasong-11": 0.8, "9k720": 0.3})),
]


@pytest.mark.parametrize(
    ("trait", "text", "cells", "expected"),
    OTHER,
    ids=[f"{case[0]}-{case[1]}-{index}" for index, case in enumerate(OTHER)],
)
def test_other_kinds(read, trait, text, cells, expected):
    assert read(trait, text, **cells)[0] == expected


BAD = [
    ("body_diameter_mm", "1,2,3", {}, "value", "more than one decimal mark"),
    ("body_diameter_mm", "1.2.3", {}, "value", "more than one decimal mark"),
    ("body_diameter_mm", "1,100", {}, "value", "could be 1.100 or 1100"),
    ("body_diameter_mm", "1100 200", {}, "value", "is not a number"),
    ("body_diameter_mm", "eleven", {}, "value", "not a measured value"),
    ("body_diameter_mm", "", {}, "value", "there is no value"),
    ("body_diameter_mm", "-5", {}, "value", "negative"),
    ("body_diameter_mm", "1e400", {}, "value", "not a number"),
    ("body_diameter_mm", "1e99", {}, "value", "too large"),
    ("body_diameter_mm", "nan", {}, "value", "not a measured value"),
    ("body_diameter_mm", "11000", {}, "value", "outside the plausible range of body_diameter_mm (20 to 2500 mm)"),
    ("body_diameter_mm", "900-95000", {}, "value", "outside the plausible range"),
    ("body_diameter_mm", "950-900", {}, "value", "larger to the smaller"),
    ("body_diameter_mm", "1100 kg", {}, "value", "not a known unit"),
    ("body_diameter_mm", "1100", {"unit": "furlong"}, "unit", "not a known unit"),
    ("body_diameter_mm", "110 cm", {"unit": "mm"}, "unit", "the value is in cm but the unit column says mm"),
    ("body_diameter_mm", "1100 ± -2", {}, "value", "negative"),
    ("body_diameter_mm", "1100 ± 20", {"uncertainty": "30"}, "uncertainty", "the uncertainty column says"),
    ("body_diameter_mm", "1100", {"uncertainty": "much"}, "uncertainty", "not a measured value"),
    ("body_diameter_mm", "1100", {"state": "absent"}, "state", "but there is a value"),
    ("body_diameter_mm", "", {"state": "gone"}, "state", "not a known state"),
    ("body_diameter_mm", "chord 400", {}, "value", "needs its sagitta"),
    ("body_diameter_mm", "chord 400 sagitta 300", {}, "value", "more than half the chord"),
    ("body_diameter_mm", "chord 400 sagitta 1", {}, "value", "outside the plausible range"),
    ("wall_thickness_mm", "chord 400 sagitta 38", {}, "value", "no diameter"),
    ("body_diameter_mm", "1100", {"coverage": "60"}, "coverage", "not between 0 and 1"),
    ("fin_form", "latice", {}, "value", "not a known value of fin_form"),
    ("fin_form", "lattice | ", {}, "value", "empty alternative"),
    ("fin_form", "lattice | grid fins", {}, "value", "named twice"),
    ("fin_form", "lattice:0.7 | fixed", {}, "value", "some values have a weight"),
    ("fin_form", "lattice:0 | fixed:1", {}, "value", "weight 0"),
    ("fin_form", "lattice", {"unit": "mm"}, "unit", "has no unit"),
    ("fin_form", "lattice", {"uncertainty": "1"}, "uncertainty", "takes no uncertainty"),
    ("fin_count", "4.5", {}, "value", "not a whole number"),
    ("fin_count", "-1", {}, "value", "not a whole number"),
    ("fin_count", "400", {}, "value", "outside the plausible range"),
    ("fin_count", "more than 2", {}, "value", "smallest number"),
    ("suspension_lugs", "maybe", {}, "value", "not a known presence"),
    ("igniter_bolt_ring", "a few", {}, "value", "does not describe a ring"),
    ("igniter_bolt_ring", "0", {}, "value", "cannot have 0 bolts"),
    ("igniter_bolt_ring", "19 in 6 groups", {}, "value", "do not divide"),
    ("igniter_bolt_ring", "18 in 6 groups of 4", {}, "value", "do not divide"),
    ("igniter_bolt_ring", "20 over 0-160", {}, "value", "only part of the ring was seen"),
    ("igniter_bolt_ring", "18 in 6 groups over 0-160", {}, "value", "only part of the ring was seen"),
    ("igniter_bolt_ring", "18 in 6 groups; pitch 40", {}, "value", "overlap"),
    ("igniter_bolt_ring", "angles 0 18 36", {}, "value", "no window says"),
    ("igniter_bolt_ring", "angles 0 18 36 window 0-20", {}, "value", "outside the window"),
    ("igniter_bolt_ring", "angles 0 18 18 window 0-90", {}, "value", "listed twice"),
    ("igniter_bolt_ring", "angles 0 18 900 window 0-90", {}, "value", "no angle between"),
    ("igniter_bolt_ring", "20 outer inner", {}, "value", "outer and inner"),
    ("igniter_bolt_ring", "20", {"coverage": "0.4"}, "coverage", "needs the arc"),
    ("marking_text", "a | a", {}, "value", "given twice"),
    ("marking_text", "a | ", {}, "value", "empty reading"),
    ("marking_text", "x" * 201, {}, "value", "at most 200"),
    ("marking_text", "2023-05-01 00:00:00", {}, "value", "turned the mark into a date"),
    ("marking_text", "unreadable", {}, "value", "is no value"),
    ("marking_text", "нерозбірливо", {}, "value", "is no value"),
    ("marking_text", "9М723?", {}, "value", "question mark"),
    ("marking_text", "9М723 or 9М728", {}, "value", "two readings stand in one"),
    ("body_diameter_mm", "n/a", {}, "value", "is no value"),
    ("igniter_bolt_ring", "63 groups", {}, "value", "does not describe a ring"),
    ("date_code_newest", "2030", {}, "value", "could be a year or the YYWW code of week 30 2020"),
    ("year_mark", "ㅈ112", {}, "value", "not a bare number"),
    ("year_mark", "112; marks 0", {}, "value", "at least 1"),
    ("date_code_newest", "yesterday", {}, "value", "is not a date"),
    ("date_code_newest", "2023-13", {}, "value", "no month 13"),
    ("date_code_newest", "31.02.2023", {}, "value", "no day 31"),
    ("date_code_newest", "week 54 2023", {}, "value", "no week 54"),
    ("date_code_newest", "05/06/2023", {}, "value", "could be day/month or month/day"),
    ("date_code_newest", "1900", {}, "value", "neither a year nor"),
    ("date_code_newest", "2090", {}, "value", "neither a year nor"),
    ("date_code_newest", "2023.1", {}, "value", "is not a date"),
    ("date_code_newest", "year 2099", {}, "value", "outside the plausible range"),
    ("reference_match", "good", {}, "value", "is not a score"),
]


@pytest.mark.parametrize(
    ("trait", "text", "cells", "column", "message"),
    BAD,
    ids=[f"{case[0]}-{case[1]}-{index}" for index, case in enumerate(BAD)],
)
def test_refused_with_column_and_reason(read, trait, text, cells, column, message):
    with pytest.raises(CellError) as caught:
        read(trait, text, **cells)
    assert caught.value.column == column
    assert message in caught.value.message


def test_close_spelling_is_named_but_not_accepted(read):
    with pytest.raises(CellError) as caught:
        read("fin_form", "latice")
    assert "Did you mean lattice?" in caught.value.advice


def test_the_unit_that_was_probably_meant_is_named(read):
    with pytest.raises(CellError) as caught:
        read("body_diameter_mm", "1,1")
    assert caught.value.advice == "Check value and unit; 1.1 m would be 1100 mm."


def test_notes_say_what_was_assumed(read):
    assert read("date_code_newest", "2023")[1] == ("read as the year 2023; write 'week 23 2020' for the YYWW code",)
    assert "not recorded" in read("year_mark", "112")[1][0]
    assert "coverage not stated" in read("suspension_lugs", "no")[1][0]
    assert "5 lie in the arc" in read("igniter_bolt_ring", "20 even over 0-90")[1][0]
