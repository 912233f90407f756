"""Diameters: what a marker in the plane gives, what is refused and why, what a person gives, fragments, bad pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.examine.examiner import Brief
from forensics.examine.imaging.ellipses import fit_ellipses, scatter
from forensics.examine.imaging.rounds import rounds_of
from forensics.examine.outline.examiner import OutlineExaminer
from forensics.examine.outline.measuring import chord_and_sagitta, diameter_mm
from forensics.examine.scale.scales import Scales, scales_of
from forensics.model.evidence import Method, Photograph
from forensics.model.pointed import Pointed, PointedRing, PointedScale
from forensics.model.values import Chord, Measured, NotExaminable

STATED = PointedScale(marker_mm=50)


def photograph(part: str | None = "aft_section") -> Photograph:
    return Photograph(path="a.png", sha256="0" * 64, bytes=1, format="PNG", width_px=1200, height_px=900, part=part)


def scene(tilt_deg: float, marker_tilt_deg: float | None, *, span_deg: float = 360.0) -> tuple[np.ndarray, np.ndarray]:
    """A disc of 200 mm and a marker of 50 mm seen by a camera 1 m away; the picture and the disc's ellipse."""
    picture = np.full((900, 1200), 120, np.uint8)

    def project(points: np.ndarray, tilt: float) -> np.ndarray:
        turn = np.radians(tilt)
        y, z = points[:, 1] * np.cos(turn), 1000 + points[:, 1] * np.sin(turn)
        return np.stack([600 + 1800 * points[:, 0] / z, 450 + 1800 * y / z], axis=1)

    turns = np.linspace(0, np.radians(span_deg), 400)
    rim = project(np.stack([-80 + 100 * np.cos(turns), 100 * np.sin(turns)], axis=1), tilt_deg)
    shape = rim if span_deg > 359 else np.concatenate([rim, project(np.array([[-80.0, 20.0]]), tilt_deg)])
    cv2.fillPoly(picture, [np.int32(np.round(shape * 16))], 210, cv2.LINE_AA, 4)
    if marker_tilt_deg is not None:
        tile = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), 7, 240)
        tile = cv2.copyMakeBorder(tile, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
        half = 25.0 * 320 / 240
        square = np.array([[-half, -half], [half, -half], [half, half], [-half, half]]) + np.array([110.0, 0.0])
        corners = project(square, marker_tilt_deg)
        turned = cv2.getPerspectiveTransform(np.float32([[0, 0], [320, 0], [320, 320], [0, 320]]), np.float32(corners))
        laid = cv2.warpPerspective(tile, turned, (1200, 900), flags=cv2.INTER_AREA)
        picture = np.where(cv2.warpPerspective(np.full_like(tile, 255), turned, (1200, 900)) > 127, laid, picture)
    noisy = cv2.GaussianBlur(picture, (0, 0), 1.0) + np.random.default_rng(3).normal(0, 3, picture.shape)
    centre = rim.mean(axis=0)
    return np.uint8(np.clip(noisy, 0, 255)), fit_ellipses(scatter(rim, centre, 200.0)[None], centre, 200.0)[0]


def rgb(grey: np.ndarray) -> np.ndarray:
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.mark.parametrize("tilt_deg", [0.0, 20.0, 45.0])
def test_a_marker_in_the_plane_gives_the_diameter(tilt_deg):
    picture, ellipse = scene(tilt_deg, tilt_deg)
    answer = diameter_mm(ellipse, 1.0, scales_of(picture, STATED), picture.shape)
    assert answer.mm == pytest.approx(200, rel=0.02)
    assert abs(answer.mm - 200) < 1.645 * answer.sigma_mm


def test_a_marker_in_another_plane_is_refused_with_the_reason():
    picture, ellipse = scene(50.0, 0.0)
    answer = diameter_mm(ellipse, 1.0, scales_of(picture, STATED), picture.shape)
    assert answer.mm is None
    assert "another plane" in answer.refused or "one plane" in answer.refused


def test_no_scale_no_diameter():
    answer = diameter_mm(np.array([100.0, 100, 50, 50, 0]), 1.0, Scales((), None, None), (300, 300))
    assert answer.mm is None
    assert "no scale" in answer.refused


@pytest.mark.parametrize("tilt_deg", [0.0, 40.0])
def test_a_length_across_the_disc_gives_its_diameter_through_the_tilt(tilt_deg):
    picture, ellipse = scene(tilt_deg, None)
    turn = np.radians(tilt_deg)
    ends = [(600 + 1800 * -80 / 1000, 450 + 1800 * y * np.cos(turn) / (1000 + y * np.sin(turn))) for y in (-50, 50)]
    given = PointedScale(ruler=(tuple(ends[0]), tuple(ends[1])), length_mm=100)
    answer = diameter_mm(ellipse, 1.0, scales_of(picture, given), picture.shape)
    assert answer.mm == pytest.approx(200, rel=0.03)
    assert answer.theirs


def test_the_examiner_measures_and_draws():
    picture, _ = scene(15.0, 15.0)
    (one,) = OutlineExaminer(Brief(pointed=Pointed(scale=STATED))).examine(photograph(), rgb(picture))
    assert one.trait == "body_diameter_mm"
    assert isinstance(one.value, Measured)
    assert one.value.value == pytest.approx(200, rel=0.03)
    assert one.value.deformed
    assert one.provenance.method is Method.AUTOMATIC
    assert {stroke.role for stroke in one.provenance.drawing} == {"edge", "scale"}
    assert any("mm per px" in stroke.label for stroke in one.provenance.drawing)


def test_a_length_given_by_a_person_is_marked_as_theirs():
    picture, _ = scene(0.0, None)
    given = PointedScale(ruler=((456, 360), (456, 540)), length_mm=100)
    (one,) = OutlineExaminer(Brief(pointed=Pointed(scale=given))).examine(photograph(), rgb(picture))
    assert isinstance(one.value, Measured)
    assert one.value.value == pytest.approx(200, rel=0.03)
    assert one.provenance.examiner == "person who pointed"
    assert one.provenance.method is Method.PHOTOGRAPH


def test_a_person_can_say_which_round_thing_is_meant():
    picture, _ = scene(0.0, 0.0)
    pointed = Pointed(scale=STATED, rings=(PointedRing(centre=(1100, 850)),))
    (one,) = OutlineExaminer(Brief(pointed=pointed)).examine(photograph(), rgb(picture))
    assert isinstance(one.value, NotExaminable)


def test_a_fragment_gives_chord_and_sagitta():
    picture, _ = scene(0.0, 0.0, span_deg=110.0)
    said = list(OutlineExaminer(Brief(pointed=Pointed(scale=STATED))).examine(photograph(), rgb(picture)))
    assert len(said) == 1
    value = said[0].value
    if isinstance(value, Chord):  # the edge may also be too little to be sure of, which is said
        diameter = value.chord_mm**2 / (4 * value.sagitta_mm) + value.sagitta_mm
        assert diameter == pytest.approx(200, rel=0.06)
    else:
        assert isinstance(value, NotExaminable)


@pytest.mark.parametrize("arc_deg", [30.0, 90.0, 170.0])
def test_chord_and_sagitta_are_those_of_a_circle(arc_deg):
    chord, sagitta = chord_and_sagitta(np.radians(arc_deg))
    assert chord**2 / (4 * sagitta) + sagitta == pytest.approx(1.0)


def test_without_a_scale_nothing_is_measured():
    picture, _ = scene(0.0, None)
    (one,) = OutlineExaminer(Brief()).examine(photograph(), rgb(picture))
    assert isinstance(one.value, NotExaminable)
    assert "no scale" in one.value.reason
    assert list(OutlineExaminer(Brief()).examine(photograph(None), rgb(picture))) == []
    assert list(OutlineExaminer(Brief()).examine(photograph("nozzle"), rgb(picture))) == []


def test_a_marker_of_unstated_size_is_told():
    picture, _ = scene(0.0, 0.0)
    (one,) = OutlineExaminer(Brief()).examine(photograph(), rgb(picture))
    assert isinstance(one.value, NotExaminable)
    assert "size is not stated" in one.value.reason
    assert any(stroke.role == "scale" for stroke in one.provenance.drawing)


def test_the_edge_of_another_part_is_not_the_body():
    picture, _ = scene(0.0, 0.0)
    (one,) = OutlineExaminer(Brief(pointed=Pointed(scale=STATED))).examine(photograph("flange"), rgb(picture))
    assert isinstance(one.value, NotExaminable)
    assert "flange" in one.value.reason


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (40, 40), (300, 31)])
def test_pixels_that_hold_nothing(shape):
    black = np.zeros((*shape, 3), np.uint8)
    for part in (None, "aft_section"):
        said = list(OutlineExaminer(Brief(pointed=Pointed(scale=STATED))).examine(photograph(part), black))
        assert all(isinstance(one.value, NotExaminable) for one in said)


def test_edges_are_kept_for_pixels_that_cannot_change():
    picture = rgb(scene(0.0, 0.0)[0])
    picture.setflags(write=False)
    assert rounds_of(picture) is rounds_of(picture)
    open_ = rgb(scene(0.0, 0.0)[0])
    first = rounds_of(open_)
    open_[:] = 0
    assert rounds_of(open_) is not first


def test_a_very_large_photograph_is_measured_on_a_smaller_copy_and_drawn_on_the_large_one():
    picture, _ = scene(0.0, 0.0)
    large = rgb(cv2.resize(picture, (4800, 3600), interpolation=cv2.INTER_LINEAR))
    (one,) = OutlineExaminer(Brief(pointed=Pointed(scale=STATED))).examine(photograph(), large)
    assert isinstance(one.value, Measured)
    assert one.value.value == pytest.approx(200, rel=0.03)
    edge = next(stroke for stroke in one.provenance.drawing if stroke.role == "edge")
    assert np.ptp(np.array(edge.points)[:, 0]) == pytest.approx(4 * 360, rel=0.03)
    label = next(stroke.label for stroke in one.provenance.drawing if stroke.role == "scale")
    assert "0.139 mm per px" in label  # 1000 / 1800 mm a pixel, four times finer
