"""Measured quantities: golden tails, chords, intervals, deformation, several records."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.compare import compare
from forensics.compare.measured import diameter_from_chord, value_law
from forensics.compare.student import LogNormals, Students


@pytest.mark.parametrize(
    ("chord", "sagitta", "uncertainty", "diameter", "spread"),
    [(400, 38, 1.0, 1091, 27), (700, 118, 1.0, 1156, 8), (250, 14.4, 0.5, 1099, 38)],
)
def test_diameter_of_a_fragment(
    chord: float, sagitta: float, uncertainty: float, diameter: float, spread: float
) -> None:
    got, margin = diameter_from_chord(chord, sagitta, 1.0, uncertainty)
    assert got == pytest.approx(diameter, abs=1.0)
    assert margin == pytest.approx(spread, abs=1.0)


@pytest.mark.parametrize(("z", "density"), [(3.0, 1.7e-2), (5.0, 1.8e-3)])
def test_student_tails(z: float, density: float) -> None:
    law = Students(np.zeros(1), np.ones(1), np.ones(1), 5.0)
    assert float(law.density(np.array(z))) == pytest.approx(density, rel=0.05)


def test_laws_integrate_to_one(make: SimpleNamespace) -> None:
    grid = np.linspace(1, 6000, 400_001)
    law = value_law(make.expected({"kind": "measured", "low": 700, "high": 850}), 20.0, 0.0, make.parameters())
    assert float(np.trapezoid(law.density(grid), grid)) == pytest.approx(1.0, abs=1e-3)
    normal = LogNormals(np.array([6.5]), np.array([0.5]), np.ones(1))
    assert float(np.trapezoid(normal.density(grid), grid)) == pytest.approx(1.0, abs=1e-3)
    assert float(normal.below(np.array(np.inf))) == 1.0
    assert float(normal.below(np.array(-np.inf))) == 0.0


def _measure(mean: float, spread: float = 0.0, weight: float = 0.9) -> tuple[dict[str, object], float]:
    return {"kind": "measured", "mean": mean, "between_sd": spread}, weight


def _types(make: SimpleNamespace) -> list[object]:
    means = [(1100, 60), (920, 10), (650, 5), (880, 10), (600, 10), (300, 5), (1250, 10), (750, 5)]
    return [make.hypothesis(f"d{mean}", diameter=_measure(mean, spread)) for mean, spread in means]


def _compare(make: SimpleNamespace, *values: dict[str, object], **background: object) -> object:
    backgrounds = {"diameter": {"ln_mean": {"any": 6.477}, "ln_sd": {"any": 0.7}, **background}}
    catalogue = make.catalogue(make.trait("diameter", "measured"), backgrounds=backgrounds)
    findings = [make.finding("diameter", value, number=n) for n, value in enumerate(values)]
    return compare(findings, _types(make), catalogue)[0][0]


def test_a_diameter_is_worth_about_ten_because_designs_share_diameters(make: SimpleNamespace) -> None:
    comparison = _compare(make, {"kind": "measured", "value": 1100, "uncertainty": 20, "unit": "mm"})
    assert 0.6 < make.log10(comparison)[0] < 1.2
    assert make.log10(comparison)[1] < -0.6
    assert comparison.expected[0] == "1100 mm (±60 between items)"
    assert comparison.match[:2] == ("fits", "differs")


def test_copies_of_a_common_calibre_lower_its_weight(make: SimpleNamespace) -> None:
    seen = {"kind": "measured", "value": 122.0, "uncertainty": 0.2, "unit": "mm"}
    catalogue = make.catalogue(make.trait("diameter", "measured"), backgrounds={"diameter": {"theta": 5}})

    def ratio(copies: int) -> float:
        types = [make.hypothesis(f"c{n}", diameter=_measure(122)) for n in range(copies)]
        types += [make.hypothesis(f"o{n}", diameter=_measure(80 + 40 * n)) for n in range(9 - copies)]
        return float(make.ratios(compare([make.finding("diameter", seen)], types, catalogue)[0][0])[0])

    assert ratio(1) > 3 * ratio(6)


def test_chord_is_scored_against_the_sagitta(make: SimpleNamespace) -> None:
    """A chord of 400 with sagitta 38 is a diameter of 1091 +-27: like a direct measurement of that."""
    chord = {
        "kind": "chord",
        "chord_mm": 400,
        "chord_uncertainty_mm": 1,
        "sagitta_mm": 38,
        "sagitta_uncertainty_mm": 1,
    }
    by_chord = make.log10(_compare(make, chord))
    direct = make.log10(_compare(make, {"kind": "measured", "value": 1091, "uncertainty": 27, "unit": "mm"}))
    assert by_chord == pytest.approx(direct, abs=0.1)


def test_a_circle_narrower_than_the_chord_is_ruled_out_up_to_the_source(make: SimpleNamespace) -> None:
    chord = {"kind": "chord", "chord_mm": 700, "sagitta_mm": 118}
    comparison = _compare(make, chord)
    # d300 cannot hold a chord of 700: all that is left is that its source is wrong
    assert make.ratios(comparison)[5] == pytest.approx(1 - 0.95 * 0.9, abs=0.01)


def test_intervals_and_bounds_are_differences_of_distribution_functions(make: SimpleNamespace) -> None:
    narrow = make.log10(_compare(make, {"kind": "measured", "low": 1095, "high": 1105, "unit": "mm"}))
    wide = make.log10(_compare(make, {"kind": "measured", "low": 500, "high": 1500, "unit": "mm"}))
    above = make.log10(_compare(make, {"kind": "measured", "low": 1000, "unit": "mm"}))
    below = make.log10(_compare(make, {"kind": "measured", "high": 1000, "unit": "mm"}))
    assert narrow[0] > wide[0] > 0
    assert above[0] > 0 > below[0]
    assert above[2] < 0 < below[2]


def test_deformed_metal_weighs_less(make: SimpleNamespace) -> None:
    value = {"kind": "measured", "value": 920, "uncertainty": 2, "unit": "mm"}
    firm = make.log10(_compare(make, value))[1]
    bent = make.log10(_compare(make, {**value, "deformed": True}))[1]
    assert 0 < bent < firm


def test_two_measurements_of_one_thing_are_not_two_pieces_of_evidence(make: SimpleNamespace) -> None:
    value = {"kind": "measured", "value": 1100, "uncertainty": 20, "unit": "mm"}
    once = make.log10(_compare(make, value))[0]
    twice = make.log10(_compare(make, value, {**value, "value": 1110}))[0]
    assert abs(twice - once) < 0.25
    torn = make.log10(_compare(make, value, {**value, "value": 920}))
    assert torn[0] < once


@settings(max_examples=30, deadline=None)
@given(value=st.floats(5, 4000), uncertainty=st.floats(0, 200), deformed=st.booleans())
def test_bounds_hold_for_any_measurement(
    make: SimpleNamespace, value: float, uncertainty: float, deformed: bool
) -> None:
    record = {"kind": "measured", "value": value, "uncertainty": uncertainty, "unit": "mm", "deformed": deformed}
    comparison = _compare(make, record)
    for ratio in make.ratios(comparison):
        assert 1 - 0.95 * 0.9 - 1e-9 <= ratio <= 100


def test_no_uncertainty_stated_means_one_percent_and_a_zero_is_floored(make: SimpleNamespace) -> None:
    silent = make.log10(_compare(make, {"kind": "measured", "value": 920, "unit": "mm"}))[1]
    one = make.log10(_compare(make, {"kind": "measured", "value": 920, "uncertainty": 9.2, "unit": "mm"}))[1]
    zero = make.log10(_compare(make, {"kind": "measured", "value": 920, "uncertainty": 0, "unit": "mm"}))[1]
    assert silent == pytest.approx(one, abs=0.01)
    assert np.isfinite(zero)
    assert zero < 2.0
