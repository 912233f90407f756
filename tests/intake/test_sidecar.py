"""The file beside a photograph: what is taken, and every fault in one run."""

from __future__ import annotations

import pytest

from forensics.errors import InputError
from forensics.intake import find_sidecar, is_sidecar, read_sidecar
from forensics.model.evidence import Box, Photograph

PARTS = ("label", "igniter_plate")


def photograph(orientation=1):
    return Photograph(
        path="a.jpg", sha256="0" * 64, bytes=1, format="JPEG", width_px=1000, height_px=600, orientation=orientation
    )


@pytest.fixture
def reading(tmp_path):
    def read(text, *, orientation=1):
        path = tmp_path / "a.jpg.examiner.yaml"
        path.write_text(text, encoding="utf-8")
        return read_sidecar(path, photograph(orientation), parts=PARTS)

    return read


def faults_of(reading, text, **more):
    with pytest.raises(InputError) as caught:
        reading(text, **more)
    return [str(fault) for fault in caught.value.faults]


def test_everything_that_can_be_pointed_at(reading):
    pointed = reading("""
part: igniter_plate
marks:
  - box: 120,80,300,60
    expect: [방-122, "112"]
  - quad: [[10,20],[200,25],[198,60],[9,55]]
    part: label
rings:
  - points: [[410,220],[455,250],[480,310]]
    centre: [400, 330]
  - box: [300,200,250,250]
scale: {ruler: [[40,500],[860,512]], length_mm: 150, marker_mm: 50}
""")
    assert pointed.part == "igniter_plate"
    box, quad = pointed.marks
    assert box.corners == ((120, 80), (420, 80), (420, 140), (120, 140))
    assert box.drawn_as_box
    assert box.expect == ("방-122", "112")
    assert not quad.drawn_as_box
    assert quad.part == "label"
    assert pointed.rings[0].points[2] == (480, 310)
    assert pointed.rings[0].centre == (400, 330)
    assert pointed.rings[1].box == Box(x=300, y=200, width=250, height=250)
    assert pointed.scale.length_mm == 150
    assert pointed.scale.marker_mm == 50


def test_empty_file_points_at_nothing(reading):
    pointed = reading("# nothing yet\n")
    assert not pointed.marks
    assert pointed.scale is None


def test_upright_frame_is_turned_to_the_stored_one(reading):
    # Orientation 6: the stored 1000 x 600 is shown as 600 x 1000, turned clockwise.
    pointed = reading("frame: upright\nmarks: [{box: '0,0,600,10'}]\nrings: [{centre: [600, 0]}]", orientation=6)
    xs, ys = zip(*pointed.marks[0].corners, strict=True)
    assert (min(xs), max(xs), min(ys), max(ys)) == (0, 10, 0, 600)
    assert pointed.rings[0].centre == (0, 0)


def test_every_fault_at_once(reading):
    found = faults_of(
        reading,
        """
part: nose
colour: red
marks:
  - {box: "1,2,3"}
  - {box: "900,0,300,20"}
  - {box: "1,1,2,2", quad: [[0,0],[1,0],[1,1],[0,1]]}
  - {quad: [[0,0],[0,10],[10,10],[10,0]]}
  - {quad: [[0,0],[10,0]]}
  - {expect: [""]}
  - word
rings: [{}, {points: 5}]
scale: {ruler: [[0,0],[10,0]]}
""",
    )
    text = "\n".join(found)
    for words in (
        "no part 'nose'",
        "unknown key 'colour'",
        "box is not 4 numbers",
        "outside the photograph",
        "one of the two",
        "clockwise",
        "2 points, not 4",
        "holds something that is no mark",
        "a mark is no mapping",
        "a ring needs points",
        "points is no list",
        "length between them",
    ):
        assert words in text
    assert ":3:" in text  # the line of the unknown key


@pytest.mark.parametrize("text", ["marks: [{box: 'nan,1,2,3'}]", "- 1", "scale: {marker_mm: -3}", "frame: left"])
def test_nonsense_is_refused(reading, text):
    assert faults_of(reading, text)


def test_found_beside_the_photograph(tmp_path):
    picture = tmp_path / "a.jpg"
    assert find_sidecar(picture) is None
    short = tmp_path / "a.examiner.yaml"
    short.write_text("", encoding="utf-8")
    assert find_sidecar(picture) == short
    assert is_sidecar(short)
    (tmp_path / "a.jpg.examiner.yaml").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="two files"):
        find_sidecar(picture)
