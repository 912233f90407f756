"""What the command line points at: rings, a ruler, the side of markers."""

from __future__ import annotations

import pytest

from forensics.errors import InputError
from forensics.model.evidence import Photograph
from forensics.model.pointed import Pointed, PointedRing, PointedScale
from forensics.workflow.pointing import joined, parse_pointed

PHOTOGRAPH = Photograph(path="a.jpg", sha256="0" * 64, bytes=1, format="JPEG", width_px=400, height_px=300)


def test_all_that_can_be_pointed_at():
    said = parse_pointed(("10,20",), ("1,2 3,4 5,6",), "1,2,101,2,150", 50.0, photographs=1)
    assert said == Pointed(
        rings=(PointedRing(centre=(10, 20)), PointedRing(points=((1, 2), (3, 4), (5, 6)))),
        scale=PointedScale(ruler=((1, 2), (101, 2)), length_mm=150, marker_mm=50),
    )


def test_nothing_pointed_at():
    assert parse_pointed((), (), None, None, photographs=3) is None


def test_the_side_of_markers_holds_for_many_photographs():
    said = parse_pointed((), (), None, 100.0, photographs=7)
    assert said is not None
    assert said.scale == PointedScale(marker_mm=100)


def test_every_fault_in_one_run():
    with pytest.raises(InputError) as told:
        parse_pointed(("10",), ("1,2 3,4", "1,2 a,b 3,4"), "1,2,1,2,150", None, photographs=2)
    words = str(told.value)
    assert all(part in words for part in ("'10'", "'1,2 3,4'", "'1,2 a,b 3,4'", "'1,2,1,2,150'", "one photograph"))


@pytest.mark.parametrize("ruler", ["1,2,3,4", "1,2,3,4,0", "1,2,3,4,-5", "1,2,3,4,nan", "x"])
def test_a_ruler_needs_two_points_and_a_length(ruler):
    with pytest.raises(InputError, match="known length"):
        parse_pointed((), (), ruler, None, photographs=1)


def test_a_point_outside_the_photograph_is_told():
    said = Pointed(rings=(PointedRing(centre=(500, 20)),))
    with pytest.raises(InputError, match="500,20 lies outside"):
        joined(None, said, PHOTOGRAPH)


def test_the_command_line_stands_before_the_sidecar():
    beside = Pointed(part="nozzle", rings=(PointedRing(centre=(1, 1)),), scale=PointedScale(marker_mm=50))
    said = Pointed(rings=(PointedRing(centre=(2, 2)),), scale=PointedScale(marker_mm=100))
    both = joined(beside, said, PHOTOGRAPH)
    assert both is not None
    assert both.part == "nozzle"
    assert both.scale == PointedScale(marker_mm=100)
    assert [ring.centre for ring in both.rings] == [(2, 2), (1, 1)]
    assert joined(beside, None, PHOTOGRAPH) == beside
