"""Coded markers: found in every turn and dictionary, measured to a part of a pixel, not invented; lengths given."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.examine.scale.bleeding import spread_cells
from forensics.examine.scale.markers import find_markers
from forensics.examine.scale.scales import scales_of
from forensics.model.pointed import PointedScale

QUAD = np.array([[210.3, 120.8], [330.1, 140.2], [318.7, 260.4], [196.2, 238.9]])


def card(name: str = "DICT_4X4_50", number: int = 7) -> np.ndarray:
    tile = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, name)), number, 360)
    return cv2.copyMakeBorder(tile, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)


def laid(tile: np.ndarray, quad: np.ndarray, *, supersampled: int = 4) -> np.ndarray:
    """A card on grey ground, the code's corners at ``quad`` (pixel centres), drawn finely and scaled down."""
    size = (480 * supersampled, 400 * supersampled)
    corners = np.float32([[59.5, 59.5], [419.5, 59.5], [419.5, 419.5], [59.5, 419.5]])
    warp = cv2.getPerspectiveTransform(corners, np.float32((quad + 0.5) * supersampled - 0.5))
    mask = cv2.warpPerspective(np.full_like(tile, 255), warp, size)
    picture = np.where(mask > 127, cv2.warpPerspective(tile, warp, size, borderValue=255), 110).astype(np.uint8)
    return cv2.resize(picture, (480, 400), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("turn", range(4))
def test_the_corners_are_those_drawn_and_begin_at_the_top_left_of_the_code(turn):
    quad = np.roll(QUAD, turn, axis=0)
    (marker,) = find_markers(laid(card(), quad))
    assert (marker.dictionary, marker.number) == ("DICT_4X4_50", 7)
    np.testing.assert_allclose(marker.corners, quad, atol=0.25)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("DICT_4X4_100", 70),
        ("DICT_5X5_50", 3),
        ("DICT_6X6_250", 200),
        ("DICT_7X7_50", 11),
        ("DICT_APRILTAG_36h11", 42),
        ("DICT_APRILTAG_16h5", 5),
        ("DICT_APRILTAG_25h9", 9),
    ],
)
def test_common_dictionaries(name, number):
    (marker,) = find_markers(laid(card(name, number), QUAD))
    assert (marker.dictionary, marker.number) == (name, number)


def test_white_that_has_spread_over_black_is_corrected():
    picture = laid(card(), QUAD)
    # Light that spills over, as an overexposed sensor shows it: blurred, then clipped.
    bled = np.uint8(np.clip(cv2.GaussianBlur(picture.astype(np.float32) * 3.0, (0, 0), 2.2), 0, 255))
    (marker,) = find_markers(bled)
    np.testing.assert_allclose(marker.corners, QUAD, atol=0.45)


def test_the_spread_is_told_apart_by_direction():
    bits = np.array([[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1]], dtype=np.uint8)
    white = np.kron(np.pad(bits, 1), np.ones((16, 16), dtype=np.uint8)) * 255
    wider = cv2.dilate(white, np.ones((1, 5), np.uint8)).astype(np.float64)
    across, down = spread_cells(wider, bits)
    assert across > down + 0.03


def test_one_marker_is_reported_once_and_the_largest_first():
    picture = laid(card(number=3), QUAD)
    picture[20:120, 20:120] = cv2.resize(card(number=9), (100, 100), interpolation=cv2.INTER_AREA)
    assert [one.number for one in find_markers(picture)] == [3, 9]


@pytest.mark.parametrize("seed", range(3))
def test_noise_squares_and_black_are_no_markers(seed):
    rng = np.random.default_rng(seed)
    picture = np.full((400, 600), 200, np.uint8)
    for _ in range(60):
        x, y, side = rng.integers(0, 560), rng.integers(0, 360), int(rng.integers(12, 60))
        cv2.rectangle(picture, (int(x), int(y)), (int(x) + side, int(y) + side), int(rng.integers(0, 120)), -1)
        cv2.rectangle(
            picture, (int(x) + side // 3, int(y) + side // 3), (int(x) + side // 2, int(y) + side // 2), 255, -1
        )
    assert find_markers(picture) == []
    assert find_markers(np.uint8(rng.integers(0, 256, (200, 300)))) == []
    assert find_markers(np.zeros((1, 1), np.uint8)) == []
    assert find_markers(np.zeros((300, 300), np.uint8)) == []


def test_millimetres_per_pixel_of_a_marker():
    quad = np.array([[100.0, 100], [200, 100], [200, 200], [100, 200]])
    (marker,) = find_markers(laid(card(), quad))
    per_px, relative = marker.mm_per_px(50.0)
    assert per_px == pytest.approx(0.5, rel=0.005)
    assert 0.001 < relative < 0.01


def test_a_size_that_nobody_stated_is_not_assumed():
    scales = scales_of(laid(card(), QUAD), None)
    assert not scales.usable
    assert "size is not stated" in scales.words()
    stated = scales_of(laid(card(), QUAD), PointedScale(marker_mm=50))
    assert stated.usable
    assert "mm per px" in stated.words()


def test_a_length_that_a_person_gave():
    scales = scales_of(np.zeros((300, 300), np.uint8), PointedScale(ruler=((10, 10), (210, 10)), length_mm=100))
    assert scales.length is not None
    assert scales.length.mm_per_px()[0] == pytest.approx(0.5)
    assert scales.length.theirs
    close = scales_of(np.zeros((300, 300), np.uint8), PointedScale(ruler=((10, 10), (12, 10)), length_mm=100))
    assert close.length is None
