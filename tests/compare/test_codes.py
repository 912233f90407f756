"""What a mark could say: every plausible parse, and nothing that is none."""

from __future__ import annotations

import pytest

from forensics.compare.codes import meanings
from forensics.model.catalogue import Grammar

GRAMMARS = {"missile": Grammar(id="missile", pattern=r"9М\d{2,4}", script="cyrillic", meaning="A missile.")}


def said(text):
    return " | ".join(meanings(text, GRAMMARS))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("112", ["Juche 112 = 2023", "Minguo 112 = 2023"]),
        ("1402", ["Persian solar 1402 = 2023", "week 2 of 2014"]),
        ("2566", ["Buddhist 2566 = 2023"]),
        ("2023", ["Gregorian year 2023", "week 23 of 2020"]),
        ("2318", ["week 18 of 2023", "week 23 of 2018"]),
        ("3-86-12", ["lot 3, year 1986, plant 12", "plant 3, lot 86, year 2012"]),
        ("254-15-77", ["year 2015", "plant 254, lot 15, year 1977"]),
        ("05.03.2021", ["day 5, month 3, year 2021"]),
        ("9M723", ["A missile"]),
        ("주체113", ["Juche 113 = 2024"]),
    ],
)
def test_every_plausible_parse(text, words):
    for one in words:
        assert one in said(text)


@pytest.mark.parametrize("text", ["방-122", "ㅈ", "9977", "99-99", "", "4202687242026872"])
def test_nothing_is_invented(text):
    assert "year" not in said(text)
    assert "Juche" not in said(text)


def test_112_stays_two_readings():
    assert len([one for one in meanings("112", {}) if "2023" in one]) == 2
