"""Ellipses: fitting, finding them in edges, the casing round a ring."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.examine.imaging.arcs import EdgeEllipse, edge_ellipses, find_edges
from forensics.examine.imaging.ellipses import fit_ellipses, points_on, radius_of, scatter, turn_of
from forensics.examine.outline.casing import casing_edge

TURNS = np.linspace(0, 2 * np.pi, 40, endpoint=False)


@pytest.mark.parametrize(
    "truth", [(300.0, 200.0, 120.0, 70.0, 0.4), (10.0, 20.0, 50.0, 49.0, 2.8), (500.0, 100.0, 300.0, 100.0, 1.5)]
)
def test_an_ellipse_comes_back_from_its_points(truth: tuple[float, ...]) -> None:
    ellipse = np.array(truth)
    points = points_on(ellipse, TURNS)[0]
    centre, scale = np.array([320.0, 240.0]), 320.0

    found = fit_ellipses(scatter(points, centre, scale)[None], centre, scale)[0]

    np.testing.assert_allclose(found[:4], ellipse[:4], rtol=1e-3, atol=0.05)
    if ellipse[2] > 1.1 * ellipse[3]:
        assert abs(np.sin(found[4] - ellipse[4])) < 1e-3


def test_points_of_a_line_are_no_ellipse() -> None:
    points = np.stack([np.arange(40.0), 2 * np.arange(40.0)], axis=1)
    found = fit_ellipses(scatter(points, np.zeros(2), 40.0)[None], np.zeros(2), 40.0)
    assert not np.isfinite(found).all() or found[0, 3] < 2


def test_turns_and_radii_are_those_of_the_circle_behind() -> None:
    ellipse = np.array([100.0, 80.0, 60.0, 30.0, 0.7])
    points = points_on(ellipse, TURNS)[0]
    np.testing.assert_allclose(radius_of(ellipse, points), 1, atol=1e-9)
    np.testing.assert_allclose(np.exp(1j * turn_of(ellipse, points)), np.exp(1j * TURNS), atol=1e-9)


def disc(blur: float = 1.2) -> np.ndarray:
    picture = np.full((480, 640), 90, np.uint8)
    cv2.ellipse(picture, ((320.0, 230.0), (360.0, 240.0), 20.0), 190, -1, cv2.LINE_AA)
    cv2.rectangle(picture, (0, 380), (640, 480), 60, -1)
    noise = np.random.default_rng(3).normal(0, 4, picture.shape)
    return np.uint8(np.clip(cv2.GaussianBlur(picture, (0, 0), blur) + noise, 0, 255))


def test_the_edge_of_a_disc_partly_covered_is_found() -> None:
    best = edge_ellipses(find_edges(disc()))[0]
    np.testing.assert_allclose(best.ellipse[:4], [320, 230, 180, 120], atol=3)
    assert best.share > 0.7


def test_noise_alone_supports_no_ellipse_much() -> None:
    noise = np.uint8(np.random.default_rng(1).normal(128, 20, (480, 640)).clip(0, 255))
    assert all(one.share * one.inside < 0.6 for one in edge_ellipses(find_edges(noise)))


def test_black_has_no_edges() -> None:
    assert edge_ellipses(find_edges(np.zeros((64, 64), np.uint8))) == []


def test_the_casing_is_the_outer_concentric_edge() -> None:
    ring = np.array([300.0, 200.0, 100.0, 80.0, 0.0])
    casing = EdgeEllipse(np.array([302.0, 201.0, 150.0, 120.0, 0.0]), 0.9, 1.0)
    boss = EdgeEllipse(np.array([300.0, 200.0, 40.0, 32.0, 0.0]), 0.9, 1.0)
    elsewhere = EdgeEllipse(np.array([500.0, 300.0, 180.0, 150.0, 0.0]), 0.9, 1.0)
    assert casing_edge(ring, [boss, elsewhere, casing]) is casing
    assert casing_edge(ring, [boss, elsewhere]) is None
