"""The door of the room: frames, the table, and what a fault of one examiner costs."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import forensics.examine as room
from forensics.errors import PhotographError
from forensics.examine import EXAMINERS, ExaminerEntry, examine, gave_up, observed
from forensics.examine.imaging.frame import to_upright
from forensics.examine.imaging.pixels import load
from forensics.model.evidence import Box
from forensics.model.values import Count, NotExaminable, Presence


class Corner:
    """Sees a bright corner pixel block in upright pixels and says where."""

    name, version = "corner", "1"

    def examine(self, photograph, pixels):
        rows, columns = np.nonzero(pixels[:, :, 0] > 200)
        box = Box(x=int(columns.min()), y=int(rows.min()), width=int(np.ptp(columns)) + 1, height=int(np.ptp(rows)) + 1)
        yield observed(self, photograph, "corner", Presence(), box=box)
        yield observed(self, photograph, "corners", Count(count=1))


class Failing:
    name, version = "failing", "1"

    def examine(self, photograph, pixels):
        yield observed(self, photograph, "first", Presence())
        raise RuntimeError("out of luck")


CORNER = ExaminerEntry("corner", "corner", frozenset({"corners"}), lambda brief: Corner())
FAILING = ExaminerEntry("failing", "first", frozenset(), lambda brief: Failing())


@pytest.fixture
def picture(tmp_path):
    def make(orientation: int = 1):
        pixels = np.zeros((40, 60, 3), dtype=np.uint8)
        pixels[2:10, 5:20] = 255
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = tmp_path / "a.png"
        Image.fromarray(pixels).save(path, exif=exif)
        return path

    return make


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_come_back_in_the_stored_frame(picture, registered, orientation):
    path = picture(orientation)
    seen = examine(registered(path, orientation=orientation), path, examiners=(CORNER,))
    assert seen[0].provenance.box == Box(x=5, y=2, width=15, height=8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_person_points_in_the_stored_frame(picture, registered, orientation):
    path, given = picture(orientation), []
    entry = ExaminerEntry("corner", "corner", frozenset(), lambda brief: given.append(brief.boxes) or Corner())
    box = Box(x=5, y=2, width=15, height=8)
    examine(registered(path, orientation=orientation), path, boxes=[box], examiners=(entry,))
    assert given == [(to_upright(box, orientation, 60, 40),)]


def test_a_box_is_cut_at_the_edge_and_refused_outside(picture, registered):
    path, given = picture(), []
    entry = ExaminerEntry("corner", "corner", frozenset(), lambda brief: given.append(brief.boxes) or Corner())
    examine(registered(path), path, boxes=[Box(x=50, y=30, width=99, height=99)], examiners=(entry,))
    assert given == [(Box(x=50, y=30, width=10, height=10),)]
    outside = [Box(x=60, y=0, width=5, height=5), Box(x=0, y=40, width=5, height=5)]
    with pytest.raises(PhotographError) as raised:
        examine(registered(path), path, boxes=outside, examiners=(entry,))
    assert len(raised.value.faults) == 2


def test_a_folder_will_do(picture, registered):
    path = picture()
    assert examine(registered(path), path.parent, examiners=(CORNER,))


def test_an_altered_photograph_is_refused(picture, registered):
    path = picture()
    photograph = registered(path)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(PhotographError, match="SHA-256"):
        examine(photograph, path, examiners=(CORNER,))


def test_a_fault_of_one_examiner_costs_only_itself(picture, registered):
    path = picture()
    seen = examine(registered(path), path, examiners=(FAILING, CORNER))
    assert [one.trait for one in seen] == ["first", "first", "corner", "corners"]
    assert isinstance(seen[1].value, NotExaminable)
    assert "out of luck" in seen[1].value.reason


def test_expected_traits_choose_examiners_and_observations(picture, registered):
    path = picture()
    seen = examine(registered(path), path, expect=["corners"], examiners=(FAILING, CORNER))
    assert [one.trait for one in seen] == ["corners"]


def test_ids_are_unique_stable_and_follow_what_was_seen(picture, registered):
    path = picture()
    photograph = registered(path)
    one, two = examine(photograph, path, examiners=(CORNER,))
    assert one.id != two.id
    assert examine(photograph, path, examiners=(CORNER,)) == (one, two)
    assert observed(Corner(), photograph, "corners", Count(count=2)).id != two.id


def test_giving_up_is_not_examinable(picture, registered):
    one = gave_up(Corner(), registered(picture()), "corner", "too dark")
    assert one.state == "not_examinable"


def test_the_table_names_each_examiner_once():
    names = [entry.name for entry in EXAMINERS]
    assert len(names) == len(set(names))
    for entry in EXAMINERS:
        assert entry.make(room.Brief()).name == entry.name


def test_public_names():
    assert sorted(room.__all__) == sorted(set(room.__all__))
    assert all(hasattr(room, name) for name in room.__all__)


def test_the_original_is_not_touched(picture, registered):
    path = picture()
    before = path.read_bytes(), path.stat().st_mtime_ns
    examine(registered(path), path, examiners=(CORNER,))
    room.picture_for_report(path, ())
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert load(path).rgb.shape == (40, 60, 3)
