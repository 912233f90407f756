"""Nothing hidden, nothing obeyed: text of strangers, terminal cells, pictures."""

from __future__ import annotations

import hashlib
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from forensics.model.evidence import Box, Photograph
from forensics.report.formats.picture import figure, read_header
from forensics.report.layout import cells, diverging, fit, interval_bar, pad, wrap
from forensics.report.visible import visible


@pytest.mark.parametrize(
    "text", ["방-122 ㅈ", "9М79-1 Ш91565", "Тіло №5 – 20 °C", "می\u200cشود", "純鉄", "“quoted” … ± 18°", "e\u0301"]
)
def test_every_script_passes_unchanged(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a⟨U+001B⟩[31mb"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\x9bb", "a⟨U+009B⟩b"),
        ("\u3164", "⟨U+3164⟩"),
        ("one\r\ntwo\u2028three", "one ¶ two ¶ three"),
        ("a\tb", "a b"),
        ("a\udc80", "a⟨U+DC80⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
    ],
)
def test_what_hides_or_commands_is_shown(text, expected):
    assert visible(text) == expected


@given(st.text(max_size=60))
def test_no_control_character_survives(text):
    shown = visible(text)
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co"}
    assert all(unicodedata.category(char) not in hidden or char == "\u200c" for char in shown)
    shown.encode("utf-8")
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("방-122", 6), ("Тіло", 4), ("e\u0301", 1), ("\x1b[1mab\x1b[0m", 2), ("●─┊█", 4)]
)
def test_cells(text, width):
    assert cells(text) == width


@given(st.text(alphabet=st.sampled_from("ab 방한Ж é"), max_size=80), st.integers(8, 40))
def test_wrapping_keeps_every_word_and_the_width(text, width):
    lines = wrap(text, width, "  ", "    ")
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(alphabet=st.sampled_from("ab방Ж"), max_size=30), st.integers(2, 20))
def test_fit_and_pad(text, width):
    assert cells(fit(text, width)) <= width
    assert cells(pad(fit(text, width), width)) == width


def test_bars():
    assert diverging(1.0, 1.0, 4) == "    ┊████"
    assert diverging(-0.5, 1.0, 4) == "  ▒▒┊    "
    assert diverging(0.01, 1.0, 4) == "    ┊█   "
    assert diverging(0.0, 1.0, 4) == "    ┊    "
    assert interval_bar(1.0, (0.0, 2.0), (-2.0, 2.0), 5) == "  ─●─"


# -- photographs in the page -----------------------------------------------------------------------------------------


def encoded(kind, size=(40, 20), orientation=None):
    target = io.BytesIO()
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    Image.new("RGB", size, "grey").save(target, kind, exif=exif)
    return target.getvalue()


def photograph(data=b"", orientation=1, size=(40, 20)):
    return Photograph(
        path="p.jpg",
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        format="JPEG",
        width_px=size[0],
        height_px=size[1],
        orientation=orientation,
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_headers(kind):
    target = io.BytesIO()
    Image.new("RGB", (40, 20)).save(target, kind)
    header = read_header(target.getvalue())
    assert header is not None
    assert (header.width_px, header.height_px) == (40, 20)
    assert header.media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff", b"RIFF0000WEBPVP8X", b"II*\0" * 9])
def test_what_is_no_picture_is_refused(data):
    assert read_header(data) is None
    assert figure(photograph(), data) is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_stands_where_the_pixels_are(orientation):
    """The same corner of the stored picture, turned by Pillow and by our own matrix."""
    stored = Image.new("L", (40, 20), 0)
    stored.paste(255, (4, 2, 14, 8))
    stored.getexif()[0x0112] = orientation
    turned = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }[orientation]
    upright = stored if turned is None else stored.transpose(turned)
    data = encoded("JPEG", orientation=orientation)
    drawn = figure(photograph(data, orientation), data, (("o1", Box(x=4, y=2, width=10, height=6)),))
    assert drawn is not None
    assert drawn.stored
    assert (drawn.width, drawn.height) == upright.size
    region = drawn.regions[0]
    assert upright.getbbox() == (region.x, region.y, region.x + region.width, region.y + region.height)


def test_a_copy_that_browsers_turn_gets_its_boxes():
    copy = encoded("JPEG", (20, 10), orientation=6)
    drawn = figure(photograph(b"original", 6), copy, (("o1", Box(x=4, y=2, width=10, height=6)),))
    assert drawn is not None
    assert not drawn.stored
    assert (drawn.width, drawn.height) == (20, 40)
    assert drawn.transform == ""
    assert len(drawn.regions) == 1


def test_a_copy_of_another_shape_gets_no_box():
    drawn = figure(photograph(b"original"), encoded("JPEG", (40, 30)), (("o1", Box(x=4, y=2, width=10, height=6)),))
    assert drawn is not None
    assert drawn.annotated
    assert not drawn.regions
