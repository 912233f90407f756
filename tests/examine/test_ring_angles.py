"""Angles of a ring seen obliquely from near by, against a camera worked out in full."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.examine.imaging.ellipses import fit_ellipses, scatter, turn_of
from forensics.examine.rings.angles import angles_deg, lean, straight

FOCAL = 1600.0


def seen(angles: np.ndarray, tilt: float, away: float, about: float) -> tuple[np.ndarray, np.ndarray]:
    """Pixels of points of a unit circle tilted away from a camera at ``away`` radii, and how far off each is."""
    x, y = np.cos(angles), np.sin(angles)
    depth = away + y * np.sin(tilt)
    flat = np.stack([FOCAL * x / depth, FOCAL * y * np.cos(tilt) / depth], axis=1)
    turn = np.array([[np.cos(about), -np.sin(about)], [np.sin(about), np.cos(about)]])
    return flat @ turn.T + 800, depth


def ellipse_of(tilt: float, away: float, about: float) -> np.ndarray:
    points, _ = seen(np.linspace(0, 2 * np.pi, 60), tilt, away, about)
    return fit_ellipses(scatter(points, np.array([800.0, 800.0]), 400.0)[None], np.array([800.0, 800.0]), 400.0)[0]


def rest(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Differences in degrees, the common rotation taken off; found angles run the other way."""
    off = np.exp(1j * np.radians(found + truth))
    return np.degrees(np.angle(off / off.mean()))


@settings(max_examples=40, deadline=None)
@given(
    tilt=st.floats(0.35, 1.0),
    away=st.floats(2.5, 12.0),
    about=st.floats(0.0, 6.2),
    start=st.floats(0.0, 6.2),
)
def test_the_shift_of_the_circle_undoes_perspective(tilt: float, away: float, about: float, start: float) -> None:
    truth = start + np.linspace(0, 2 * np.pi, 18, endpoint=False)
    ellipse = ellipse_of(tilt, away, about)
    spots, _ = seen(truth, tilt, away, about)
    kappa = np.sin(tilt) / away
    # The fitted long axis may point either way, and the sign of kappa goes with it.
    errors = [np.abs(rest(angles_deg(ellipse, spots, sign * kappa), np.degrees(truth))).max() for sign in (1, -1)]
    assert min(errors) < 0.15
    assert np.abs(rest(angles_deg(ellipse, spots, 0.0), np.degrees(truth))).max() > min(errors)


def test_near_heads_look_larger_and_tell_which_way_a_ring_leans() -> None:
    truth = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    ellipse = ellipse_of(0.8, 3.0, 0.4)
    spots, depth = seen(truth, 0.8, 3.0, 0.4)
    turns = turn_of(ellipse, spots)
    kappa, unsure = lean(ellipse, turns, 40 / depth, 1600)
    assert abs(abs(kappa) - np.sin(0.8) / 3.0) < 0.04
    assert unsure < 0.06
    assert np.abs(rest(angles_deg(ellipse, spots, kappa), np.degrees(truth))).max() < 2.5


def test_without_sizes_both_tilts_stay_open() -> None:
    ellipse = ellipse_of(0.8, 3.0, 0.4)
    kappa, unsure = lean(ellipse, np.zeros(0), np.zeros(0), 1600)
    assert kappa == pytest.approx(0, abs=1e-9)
    assert unsure > 0.1


def test_no_lean_changes_nothing() -> None:
    turns = np.linspace(-3, 3, 11)
    np.testing.assert_allclose(straight(turns, 0.0), turns)
