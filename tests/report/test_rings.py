"""Rings in the report: patterns at their best turn, residuals, drawings."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model.catalogue import ExpectedRing
from forensics.model.result import RingFigure
from forensics.model.values import Ring
from forensics.report.formats.drawing import ring_svg
from forensics.report.formats.page_view import fit_words
from forensics.report.rings import best_turn, described_angles

EVEN = ExpectedRing(count=20, spacing="even")
GROUPED = ExpectedRing(count=18, spacing="grouped", groups=6, pitch_deg=(8.0, 16.0))


def ring(angles, windows=((0.0, 360.0),), **more):
    return Ring(angles_deg=tuple(angles), windows_deg=windows, **more)


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 360), st.integers(0, 19), st.integers(6, 20))
def test_an_even_ring_fits_itself_at_any_turn(turn, first, seen):
    angles = [(turn + 18.0 * (first + k)) % 360 for k in range(seen)]
    window = (angles[0] - 5, angles[0] + 18.0 * (seen - 1) + 5)
    fit = best_turn(angles, ring(angles, (window,)), EVEN)
    assert len(fit.residuals_deg) == seen
    assert all(gap is not None and abs(gap) < 0.2 for gap in fit.residuals_deg)
    assert fit.missing_deg == ()
    assert len(fit.hidden_deg) == 20 - seen


def test_twenty_even_bolts_are_not_six_groups_of_three():
    angles = [18.0 * k for k in range(20)]
    own, other = (best_turn(angles, ring(angles), pattern) for pattern in (EVEN, GROUPED))
    assert own.rms_deg == pytest.approx(0.0, abs=0.05)
    assert any(gap is None for gap in other.residuals_deg)
    groups = [(60.0 * g + offset) % 360 for g in range(6) for offset in (-12.0, 0.0, 12.0)]
    back = best_turn(groups, ring(groups), GROUPED)
    assert all(gap is not None for gap in back.residuals_deg)
    assert back.missing_deg == ()
    assert any(gap is None for gap in best_turn(groups, ring(groups), EVEN).residuals_deg)


def test_a_missing_bolt_in_view_and_hidden_ones_are_told_apart():
    angles = [18.0 * k for k in range(7) if k != 3]
    fit = best_turn(angles, ring(angles, ((-9.0, 117.0),)), EVEN)
    assert [round(place) for place in fit.missing_deg] == [54]
    assert len(fit.hidden_deg) == 13


def test_a_mirrored_pattern_is_found_only_where_the_face_is_unknown():
    chiral = ExpectedRing(count=4, spacing="angles", angles_deg=(0.0, 20.0, 60.0, 130.0))
    angles = [(-angle) % 360 for angle in chiral.angles_deg]
    unknown = best_turn(angles, ring(angles), chiral)
    known = best_turn(angles, ring(angles, face="outer"), chiral)
    assert all(gap is not None for gap in unknown.residuals_deg)
    assert any(gap is None for gap in known.residuals_deg)


@pytest.mark.parametrize(
    ("stated", "count", "drawn"),
    [("20 even", 20, 20), ("рівномірно", 12, 12), ("6 groups of 3", 18, 18), ("20", 20, 0), ("uneven", 9, 0),
     ("groups", 18, 0)],
)  # fmt: skip
def test_what_a_sheet_states_in_words(stated, count, drawn):
    assert len(described_angles(Ring(counted=count, stated=stated))) == drawn


def test_the_groups_of_a_stated_ring_are_groups():
    angles = described_angles(Ring(counted=18, stated="18 in 6 groups of 3"))
    gaps = sorted((b - a) % 360 for a, b in zip(sorted(angles), [*sorted(angles)[1:], sorted(angles)[0]], strict=True))
    assert gaps[0] == pytest.approx(10.0)
    assert gaps[-1] == pytest.approx(40.0)


def figure(angles, windows=((0.0, 360.0),), **more):
    return RingFigure(observation="o", angles_deg=tuple(angles), windows_deg=windows, sigma_deg=1.0, **more)


def test_drawings_are_well_formed_and_show_every_fastener_and_place():
    angles = [18.0 * k for k in range(7)]
    fit = best_turn(angles, ring(angles, ((-9.0, 117.0),)), EVEN)
    shown = figure(angles, ((-9.0, 117.0),), measured=True, fits=(fit,))
    root = ET.fromstring(ring_svg(shown, fit, 'a "title" <b>', "described & more"))
    classes = [element.get("class") for element in root.iter()]
    assert classes.count("ring-seen") == 7
    assert classes.count("ring-place") == 7
    assert classes.count("ring-hidden") == 13
    assert "ring-band" in classes
    assert root.get("aria-label") == 'a "title" <b>. described & more'
    assert "7 of 7 fasteners explained" in fit_words(shown, fit)
    assert "residuals" in fit_words(shown, fit)
    stated = figure(angles, measured=False)
    assert "ring-stated" in ring_svg(stated, None, "t", "d")
    assert "residuals" not in fit_words(stated, fit)
