"""Measures of likelihood-ratio systems against golden numbers, closed forms and known inequalities."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from forensics.validate.metrics import (
    Tally,
    area_under_curve,
    bootstrap_interval,
    calibration_error,
    cllr,
    cllr_min,
    cross_entropy,
    exceeding,
    pav_log10,
    split_cllr,
)

H1 = np.array([2, 1, 0.5, -0.3, 1.5, 0.1])
H2 = np.array([-1.2, -0.4, 0.2, -2, -0.1, -0.8, 0.6])


def test_cllr_agrees_with_the_outside_judge() -> None:
    """Computed with the public package ``lir`` 1.3.1 on the same ratios."""
    total, least, calibration = split_cllr(H1, H2)
    assert total == pytest.approx(0.63220565398, abs=1e-9)
    assert least == pytest.approx(0.46230203, abs=1e-8)
    assert calibration == pytest.approx(0.16990362, abs=1e-8)


def test_pav_agrees_with_isotonic_regression() -> None:
    rng = np.random.default_rng(3)
    h1, h2 = np.round(rng.normal(0.7, 1, 80), 1), np.round(rng.normal(-0.5, 1, 120), 1)
    fitted1, fitted2 = pav_log10(h1, h2)
    scores, labels = np.concatenate([h1, h2]), np.repeat([1.0, 0.0], [80, 120])
    weights = np.repeat([1 / 80, 1 / 120], [80, 120])
    outside = IsotonicRegression().fit(scores, labels, weights).predict(scores)
    ours = np.concatenate([fitted1, fitted2])
    assert 1 / (1 + 10**-ours) == pytest.approx(outside, abs=1e-12)


def test_saying_nothing_costs_one_and_so_does_its_best_calibration() -> None:
    nothing = np.zeros(5)
    assert cllr(nothing, nothing) == pytest.approx(1.0)
    assert cllr_min(nothing, nothing) == pytest.approx(1.0)


def test_overstated_ratios_cost_more_and_discriminate_alike() -> None:
    assert cllr(3 * H1, 3 * H2) > cllr(H1, H2)
    assert cllr_min(3 * H1, 3 * H2) == pytest.approx(cllr_min(H1, H2))


def test_ratios_of_a_gaussian_pair_are_calibrated_and_keep_turings_bound() -> None:
    """ln LR of two unit Gaussians a distance d apart is d x: exact ratios, so no calibration loss."""
    rng = np.random.default_rng(1)
    distance = 1.5
    exact = [distance * (rng.normal(shift, 1, 40_000)) / np.log(10) for shift in (distance / 2, -distance / 2)]
    total, least, loss = split_cllr(exact[0], exact[1])
    assert 0 <= loss < 0.005
    assert least < total < 1
    rate = exceeding(exact[1], np.log10([10.0, 100.0]))
    assert (rate < [0.1, 0.01]).all()
    # Ratios three times too large on the log scale break the bound.
    assert exceeding(3 * exact[1], np.array([2.0]))[0] > 0.01


def test_cross_entropy_at_even_odds_is_cllr() -> None:
    assert cross_entropy(H1, H2, np.array([0.0]))[0] == pytest.approx(cllr(H1, H2))
    nothing = cross_entropy(np.zeros(3), np.zeros(3), np.array([-1.0, 0.0, 1.0]))
    prior = 1 / (1 + 10.0 ** -np.array([-1.0, 0.0, 1.0]))
    assert nothing == pytest.approx(-prior * np.log2(prior) - (1 - prior) * np.log2(1 - prior))


def test_a_tally_loses_nothing_that_matters() -> None:
    tally = Tally.empty(2)
    tally.add(0, H1[:3], H2[:4], np.ones(4))
    tally.add(1, H1[3:], H2[4:], np.ones(3))
    assert tally.measure(cllr) == pytest.approx(cllr(H1, H2), abs=1e-3)
    assert tally.measure(cllr_min) == pytest.approx(cllr_min(H1, H2), abs=1e-9)
    assert tally.sheets == 6
    assert tally.measure(cllr, np.array([0, 0])) == pytest.approx(cllr(H1[:3], H2[:4]), abs=1e-3)


def test_area_under_curve_counts_ties_half() -> None:
    assert area_under_curve(np.array([1.0, 2.0]), np.array([0.0, 1.0])) == pytest.approx(0.875)


def test_calibration_error_sees_overconfidence() -> None:
    rng = np.random.default_rng(0)
    stated = rng.uniform(0, 1, 30_000)
    assert calibration_error(stated, rng.random(30_000) < stated).error < 0.02
    assert calibration_error(stated, rng.random(30_000) < stated / 2).error == pytest.approx(0.25, abs=0.02)


def test_intervals_come_from_worlds_not_from_sheets() -> None:
    """Two worlds that disagree give a wide interval, however many sheets each holds."""
    tally = Tally.empty(2)
    tally.add(0, np.full(50_000, 2.0), np.full(50_000, -2.0), np.ones(50_000))
    tally.add(1, np.full(50_000, -2.0), np.full(50_000, 2.0), np.ones(50_000))
    low, high = bootstrap_interval(lambda worlds: tally.measure(cllr, worlds), 2)
    assert high - low > 1
    assert np.isnan(bootstrap_interval(lambda worlds: 1.0, 1)).all()
