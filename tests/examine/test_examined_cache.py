"""Kept results: used only when nothing that matters has changed, and never needed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from forensics.errors import PhotographError
from forensics.examine import cache, examination, look
from forensics.examine.examiner import ExaminerEntry, observed
from forensics.examine.tesseract import Tesseract
from forensics.model.evidence import Box
from forensics.model.values import Category


class Counting:
    """An examiner that counts how often it is asked."""

    name, version = "counting", "1"
    asked = 0

    def __init__(self, brief):
        pass

    def examine(self, photograph, pixels):
        Counting.asked += 1
        yield observed(self, photograph, "marking_script", Category(weights={"hangul": 1.0}))


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """The table of examiners replaced by one that counts, and a cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    table = (ExaminerEntry("counting", "marking_script", frozenset(), Counting),)
    monkeypatch.setattr(examination, "EXAMINERS", table)
    Counting.asked = 0

    def ask(photograph, path, **more):
        seen = look(photograph, path, examiners=table, **more)
        return Counting.asked, seen

    return ask


@pytest.fixture
def picture(tmp_path, registered):
    path = tmp_path / "a.png"
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(path)
    return registered(path), path


def test_the_same_question_is_answered_from_the_cache(asked, picture):
    first, second = asked(*picture), asked(*picture)
    assert (first[0], second[0]) == (1, 1)
    assert first[1] == second[1]


def test_another_question_is_asked_anew(asked, picture):
    photograph, path = picture
    asked(photograph, path)
    asked(photograph, path, boxes=(Box(x=1, y=1, width=9, height=9),))
    asked(photograph, path, known_marks=("112",))
    assert asked(photograph.model_copy(update={"item": "other"}), path)[0] == 4


def test_changed_code_or_programs_are_asked_anew(asked, picture, monkeypatch):
    asked(*picture)
    monkeypatch.setattr(cache, "_code_digest", lambda: "other")
    assert asked(*picture)[0] == 2
    monkeypatch.setattr(cache, "_versions", lambda: {"numpy": "0"})
    assert asked(*picture)[0] == 3


def test_damage_and_a_read_only_place_cost_nothing(asked, picture, monkeypatch, tmp_path):
    asked(*picture)
    for entry in cache.cache_folder().glob("*.json"):
        entry.write_text("{", encoding="utf-8")
    assert asked(*picture)[0] == 2
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert asked(*picture)[0] == 3
    assert asked(*picture)[0] == 4


def test_a_changed_file_is_never_answered_from_the_cache(asked, picture):
    photograph, path = picture
    asked(photograph, path)
    Image.fromarray(np.full((60, 80, 3), 91, np.uint8)).save(path)
    with pytest.raises(PhotographError, match="another"):
        asked(photograph, path)


def test_with_another_program_nothing_is_kept(asked, picture):
    asked(*picture, tesseract=Tesseract("no-such-program"))
    assert asked(*picture, tesseract=Tesseract("no-such-program"))[0] == 2
