"""What is drawn on a copy of the photograph, and what is said of the installation."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from forensics.examine import annotate, annotation, doctor, picture_for_report
from forensics.examine.tesseract import Tesseract
from forensics.model.evidence import Box, Observation, Provenance, Stroke
from forensics.model.values import Category, Count, NotExaminable, Reading, Text, YearMark


def seen(value, box=None):
    return Observation(id="x", item="K", trait="marking_text", value=value, provenance=Provenance(box=box))


BOX = Box(x=60, y=80, width=100, height=30)
TEXT = Text(readings=(Reading(text="방-122Ш", confidence=0.2),))
GREY = np.full((300, 400, 3), 120, dtype=np.uint8)


def test_frames_and_legend():
    drawn = annotate(GREY, [seen(TEXT, BOX)])
    assert drawn.shape[1] == 400
    assert drawn.shape[0] > 300
    assert (drawn[80, 60:160] != 120).any()
    assert (drawn[200:300, 200:] == 120).all()
    assert (GREY == 120).all()


def test_boxes_are_turned_to_the_upright_picture():
    upright = np.full((400, 300, 3), 120, dtype=np.uint8)
    drawn = annotate(upright, [seen(TEXT, BOX)], 6)  # stored (60, 80) lies at (300 - 80 - 30, 60) upright
    assert (drawn[61:159, 190] != 120).any()
    assert (drawn[250:399, :] == 120).all()


def test_nothing_seen_is_the_picture_itself():
    assert (annotate(GREY, []) == GREY).all()


@pytest.mark.parametrize(
    "value",
    [
        TEXT,
        YearMark(readings=(Reading(text="112"),)),
        Category(weights={"hangul": 1.0}),
        NotExaminable(reason="Тесеракт"),
        Count(count=3),
    ],
)
def test_every_value_has_a_line(value):
    assert annotate(GREY, [seen(value)]).shape[0] > 300


def test_without_a_font_the_legend_holds_code_points(monkeypatch):
    monkeypatch.setattr(annotation, "FONT_NAMES", ("no-such-font.ttf",))
    annotation.label_font.cache_clear()
    try:
        assert annotation.label_font(14) is None
        assert annotate(GREY, [seen(TEXT, BOX)]).shape[0] > 300
    finally:
        annotation.label_font.cache_clear()


def test_characters_a_font_lacks_become_code_points():
    font = annotation.ImageFont.load_default(14)
    assert "".join(annotation._drawable(font, one) for one in "A방") == "A<U+BC29>"


def test_picture_for_report_is_small_and_the_same_each_time(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.full((900, 1200, 3), 90, dtype=np.uint8)).save(path)
    first = picture_for_report(path, [seen(TEXT, BOX)], long_side_px=600)
    assert first == picture_for_report(path, [seen(TEXT, BOX)], long_side_px=600)
    with Image.open(io.BytesIO(first)) as image:
        assert image.format == "JPEG"
        assert max(image.size) == 600


def test_doctor_with_everything_and_without_tesseract(program):
    _, lines = doctor(program("exit 0", languages=("eng",)))
    assert any(line.startswith("tesseract 5.3.0") for line in lines)
    assert any("language kor is missing" in line for line in lines)
    complete, lines = doctor(Tesseract("no-such-program"))
    assert not complete
    assert "Works without it" in lines[0]


def test_strokes_are_drawn_in_their_colours_and_turned():
    line = Stroke(points=((50, 60), (150, 60)), role="edge", label="1100 ± 20 mm")
    spot = Stroke(points=((200, 200),), role="missing")
    one = seen(Count(count=1))
    one = one.model_copy(update={"provenance": Provenance(drawing=(line, spot))})
    drawn = annotate(GREY, [one])
    assert (drawn[60, 60:140] == annotation.STROKE_COLOURS["edge"]).all(axis=1).mean() > 0.7
    assert (drawn[190:211, 190:211] == annotation.STROKE_COLOURS["missing"]).all(axis=2).any()
    assert (drawn[40:58, 55:150] == 0).all(axis=2).any()  # the label's strip
    turned = annotate(np.full((400, 300, 3), 120, dtype=np.uint8), [one], 6)
    assert (turned[60:140, 240] == annotation.STROKE_COLOURS["edge"]).all(axis=1).mean() > 0.7


def test_a_stroke_far_outside_and_a_label_in_a_tiny_picture_cost_nothing():
    far = Stroke(points=((-1e6, 5), (1e6, 7)), role="refused", label="far away, with many words to say about it")
    one = seen(Count(count=1))
    one = one.model_copy(update={"provenance": Provenance(drawing=(far,))})
    assert annotate(np.full((1, 1, 3), 120, dtype=np.uint8), [one]).shape[1] == 1
