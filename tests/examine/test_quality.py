"""What is wrong with a photograph, measured on pictures made wrong on purpose."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.examine.imaging.quality import faults_in, faults_of, measure, small_writing


@pytest.fixture(scope="module")
def scene():
    """A sharp, well-lit plate with edges at many scales."""
    rng = np.random.default_rng(3)
    grey = cv2.resize(rng.uniform(60, 190, (24, 32)).astype(np.float32), (1312, 984), interpolation=cv2.INTER_NEAREST)
    return np.clip(grey + rng.normal(0, 3, grey.shape), 0, 255).astype(np.uint8)


def faults(grey):
    return {one.fault for one in faults_of(measure(grey))}


def test_a_good_photograph_has_none(scene):
    assert faults(scene) == set()


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda grey: (grey * 0.2).astype(np.uint8), "dark"),
        (lambda grey: (110 + grey * 0.08).astype(np.uint8), "flat"),
        (lambda grey: cv2.GaussianBlur(grey, (0, 0), 5), "blurred"),
        (lambda grey: cv2.circle(grey.copy(), (600, 400), 130, 255, -1), "glare"),
        (lambda grey: cv2.resize(grey, (400, 300), interpolation=cv2.INTER_AREA), "small"),
        (lambda grey: cv2.imdecode(cv2.imencode(".jpg", grey, [1, 4])[1], 0), "compressed"),
    ],
)
def test_each_fault(scene, spoil, fault):
    assert fault in faults(np.asarray(spoil(scene)))


def test_a_white_ground_is_no_glare(scene):
    framed = cv2.copyMakeBorder(scene, 120, 120, 120, 120, cv2.BORDER_CONSTANT, value=255)
    assert "glare" not in faults(framed)


def test_small_writing_says_how_small():
    assert small_writing([]) is None
    assert small_writing([40.0]) is None
    fault = small_writing([9.0, 40.0])
    assert "9 pixels" in fault.message
    assert fault.advice


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (700, 700, 3)])
def test_odd_pictures(shape):
    for level in (0, 255):
        assert isinstance(faults_in(np.full(shape, level, np.uint8)), tuple)
