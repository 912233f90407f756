"""Bolt rings: invariance, golden numbers, the closed form, partial arcs."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.compare import compare
from forensics.compare.ring import irregular_log_likelihood, pattern_log_likelihoods, ring_sizes
from forensics.compare.ring_count import described_spacing
from forensics.compare.ring_pattern import REGULAR_COUNTS, grid_size, regular_rings, variants
from forensics.model.catalogue import Background, ExpectedRing
from forensics.model.values import Ring

EVEN_20 = {"kind": "ring", "count": 20, "spacing": "even"}
GROUPS_18 = {"kind": "ring", "count": 18, "spacing": "grouped", "groups": 6, "pitch_deg": [5, 17]}
UNEQUAL = (0, 17, 41, 60, 88, 105, 133, 150, 171, 200, 219, 248, 266, 290, 317, 338)


def _log(value: dict[str, object] | ExpectedRing, ring: Ring, make: SimpleNamespace) -> float:
    expected = value if isinstance(value, ExpectedRing) else make.expected(value)
    found = variants(expected, grid_size(ring.sigma_deg), ring.sigma_deg)
    (logs,) = pattern_log_likelihoods([found], ring, make.parameters())
    return float(np.logaddexp.reduce(logs) - math.log(logs.size))


def _regular(count: int, ring: Ring, make: SimpleNamespace) -> float:
    return _log(ExpectedRing(count=count, spacing="even"), ring, make)


def _seven(sigma: float = 1.0) -> Ring:
    return Ring(angles_deg=tuple(15.0 * k for k in range(7)), windows_deg=((-7.5, 97.5),), sigma_deg=sigma)


def test_seven_bolts_fifteen_degrees_apart_are_twenty_four(make: SimpleNamespace) -> None:
    ring = _seven()
    logs = {count: _regular(count, ring, make) for count in REGULAR_COUNTS}
    assert max(logs, key=lambda count: logs[count]) == 24
    # the exponent of the closed form is 5.95 and 5.04; the rest is the edge of the window and the number of turns
    assert logs[24] - logs[23] == pytest.approx(5.95, abs=0.35)
    assert logs[24] - logs[25] == pytest.approx(5.04, abs=0.35)


@pytest.mark.parametrize(("sigma", "expected"), [(0.5, 0.99), (1.0, 0.90), (2.0, 0.70)])
def test_posterior_of_twenty_four(make: SimpleNamespace, sigma: float, expected: float) -> None:
    ring = _seven(sigma)
    grid = grid_size(sigma)
    (logs,) = pattern_log_likelihoods([regular_rings(grid)], ring, make.parameters())
    weights = np.exp(logs - logs.max()) * ring_sizes(Background(trait="ring"))
    posterior = weights / weights.sum()
    assert posterior[REGULAR_COUNTS.index(24)] > expected


def _closed_form(alpha: np.ndarray, y: np.ndarray, sigma: float, detection: float) -> float:
    """Contiguous arc, no bolt missed: every start bolt and direction, the rotation integrated analytically."""
    n = y.size
    total = 0.0
    for direction in (1, -1):
        for start in range(alpha.size):
            chosen = alpha[(start + direction * np.arange(n)) % alpha.size] * direction
            residual = np.unwrap(np.deg2rad(y - chosen))
            residual = np.rad2deg(residual)
            spread = float(((residual - residual.mean()) ** 2).sum())
            total += (
                (2 * math.pi * sigma**2) ** (-(n - 1) / 2) * n**-0.5 * math.exp(-spread / (2 * sigma**2)) / 360
            ) * 0.5
    return math.log(total * detection**n)


@pytest.mark.parametrize("seed", range(4))
def test_grid_agrees_with_the_closed_form(make: SimpleNamespace, seed: int) -> None:
    stream = np.random.default_rng(seed)
    alpha = np.array(UNEQUAL, dtype=float)
    turn = float(stream.uniform(0, 360))
    y = alpha[3:11] + turn + stream.normal(0, 0.5, 8)
    # the window ends half way to the neighbours, far from any bolt; no clutter
    window = (float(y[0]) - 8.0, float(y[-1]) + 8.0)
    ring = Ring(angles_deg=tuple(y), windows_deg=(window,), sigma_deg=0.5)
    pattern = ExpectedRing(count=16, spacing="angles", angles_deg=tuple(float(a) for a in UNEQUAL))
    parameters = make.parameters(ring_clutter_per_deg=1e-12)
    found = variants(pattern, grid_size(0.5), 0.5)
    by_grid = float(pattern_log_likelihoods([found], ring, parameters)[0][0])
    assert by_grid == pytest.approx(_closed_form(alpha, y, 0.5, 0.93), abs=0.05)


@settings(max_examples=15, deadline=None)
@given(turn=st.floats(0, 360), sigma=st.sampled_from([0.7, 1.0, 2.0]))
def test_rotation_changes_nothing(make: SimpleNamespace, turn: float, sigma: float) -> None:
    base = np.array([3.0, 20.0, 44.0, 63.0, 91.0, 108.0])
    windows = ((0.0, 120.0),)
    turned = ((turn, turn + 120.0),)
    for value in (EVEN_20, GROUPS_18, {"kind": "ring", "count": 16, "spacing": "angles", "angles_deg": UNEQUAL}):
        one = _log(value, Ring(angles_deg=tuple(base), windows_deg=windows, sigma_deg=sigma), make)
        other = _log(value, Ring(angles_deg=tuple(base + turn), windows_deg=turned, sigma_deg=sigma), make)
        assert one == pytest.approx(other, abs=0.02)


def test_mirror_changes_nothing_when_the_face_is_unknown_and_much_when_it_is_known(make: SimpleNamespace) -> None:
    value = {"kind": "ring", "count": 16, "spacing": "angles", "angles_deg": UNEQUAL}
    own = tuple(float(a) for a in UNEQUAL[:9])
    image = tuple(-a for a in own)

    def logs(angles: tuple[float, ...], windows: tuple[tuple[float, float], ...], face: str) -> float:
        return _log(value, Ring(angles_deg=angles, windows_deg=windows, face=face), make)

    there, back = ((-8.0, 179.0),), ((-179.0, 8.0),)
    assert logs(own, there, "unknown") == pytest.approx(logs(image, back, "unknown"), abs=1e-6)
    assert logs(own, there, "outer") - logs(image, back, "outer") > 5
    assert logs(own, there, "outer") == pytest.approx(logs(image, back, "inner"), abs=1e-6)


def _rings(make: SimpleNamespace) -> tuple[object, list[object]]:
    catalogue = make.catalogue(make.trait("igniter", "ring"), backgrounds={"igniter": {"theta": 20}})
    hypotheses = [make.hypothesis("even", igniter=(EVEN_20, 0.9)), make.hypothesis("groups", igniter=(GROUPS_18, 0.9))]
    return catalogue, hypotheses


def _arc(angles: np.ndarray, width: float = 120.0, **more: object) -> dict[str, object]:
    seen = angles[(angles >= 0) & (angles <= width)]
    return {"kind": "ring", "angles_deg": seen.tolist(), "windows_deg": [[0.0, width]], **more}


def _noisy(angles: np.ndarray, seed: int) -> np.ndarray:
    return angles + np.random.default_rng(seed).normal(0, 1.0, angles.size)


@pytest.mark.parametrize("offset", [1.0, 9.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_even_and_six_groups_of_three_on_a_third_of_the_circle(
    make: SimpleNamespace, offset: float, seed: int
) -> None:
    catalogue, hypotheses = _rings(make)
    even = _noisy(np.arange(20) * 18.0 + offset, seed)
    groups = _noisy((np.arange(6)[:, None] * 60.0 + np.array([-11.0, 0.0, 11.0]) + 20 + offset).ravel() % 360, seed)
    by_even = compare([make.finding("igniter", _arc(even))], hypotheses, catalogue)[0][0]
    assert by_even.match == ("fits", "differs")
    assert math.log10(by_even.table.likelihood[0, 0] / by_even.table.likelihood[0, 1]) > 2
    by_groups = compare([make.finding("igniter", _arc(groups))], hypotheses, catalogue)[0][0]
    assert by_groups.match == ("differs", "fits")
    assert math.log10(by_groups.table.likelihood[0, 1] / by_groups.table.likelihood[0, 0]) > 2


def test_words_of_a_ring(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _rings(make)
    finding = make.finding("igniter", _arc(np.arange(20) * 18.0 + 3.0, 160.0))
    comparison = compare([finding], hypotheses, catalogue)[0][0]
    assert comparison.expected == ("20 bolts, evenly spaced", "18 bolts in 6 groups of 3")
    assert comparison.because[0].startswith(
        "expected 20 bolts, evenly spaced; recorded 9 bolts over 160 degrees, which fits; "
        "a record like this occurs on about 1 in "
    )


def test_a_unique_ring_is_worth_no_more_than_the_copy_cat_floor(make: SimpleNamespace) -> None:
    """Nine families, theta 20: at most 29 against an unlisted design, far more against another listed ring."""
    catalogue = make.catalogue(make.trait("igniter", "ring"), backgrounds={"igniter": {"theta": 20}})
    unique = {"kind": "ring", "count": 16, "spacing": "angles", "angles_deg": UNEQUAL}
    others = [
        make.hypothesis(f"r{n}", igniter=({"kind": "ring", "count": n, "spacing": "even"}, 0.9))
        for n in range(8, 24, 2)
    ]
    hypotheses = [make.hypothesis("unique", igniter=(unique, 0.9)), *others]
    finding = make.finding("igniter", {"kind": "ring", "angles_deg": [a + 33.0 for a in UNEQUAL]})
    table = compare([finding], hypotheses, catalogue)[0][0].table
    assert table.likelihood[0, 0] / table.background[0] == pytest.approx(29.0, rel=1e-3)
    assert math.log10(table.likelihood[0, 0] / table.likelihood[0, 1:].max()) > 6


def test_a_missed_bolt_costs_a_factor_and_clutter_is_survived(make: SimpleNamespace) -> None:
    full = tuple(18.0 * k for k in range(20))
    whole = _regular(20, Ring(angles_deg=full), make)
    missed = _regular(20, Ring(angles_deg=full[:7] + full[8:]), make)
    false_bolt = _regular(20, Ring(angles_deg=(*full, 9.0)), make)
    # against a ring whose bolts stand anywhere a missed bolt costs a factor of about a hundred
    sizes = ring_sizes(Background(trait="ring"))
    cost = whole - missed
    cost -= irregular_log_likelihood(Ring(angles_deg=full), sizes, make.parameters())
    cost += irregular_log_likelihood(Ring(angles_deg=full[:-1]), sizes, make.parameters())
    assert math.log(30) < cost < math.log(300)
    assert missed > _regular(19, Ring(angles_deg=full[:7] + full[8:]), make) + 20
    assert math.isfinite(false_bolt)


def test_windows_that_overlap_or_wrap_count_once(make: SimpleNamespace) -> None:
    angles = tuple(18.0 * k - 36.0 for k in range(9))
    one = _regular(20, Ring(angles_deg=angles, windows_deg=((-40.0, 120.0),)), make)
    two = _regular(20, Ring(angles_deg=angles, windows_deg=((320.0, 360.0), (0.0, 80.0), (70.0, 120.0))), make)
    assert one == pytest.approx(two, abs=1e-6)


def test_two_views_of_one_ring_share_the_pattern_not_the_rotation(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _rings(make)
    angles = np.arange(20) * 18.0
    one = make.finding("igniter", _arc(angles + 2.0, 100.0), number=1)
    other = make.finding("igniter", _arc((angles + 7.0) % 360, 100.0), number=2)
    single = compare([one], hypotheses, catalogue)[0][0].table
    both = compare([one, other], hypotheses, catalogue)[0][0].table
    gap = np.log(single.likelihood[0, 0] / single.likelihood[0, 1])
    assert np.log(both.likelihood[0, 0] / both.likelihood[0, 1]) > 1.5 * gap
    assert both.likelihood[0, 0] / both.background[0] <= 22.0


def test_a_ring_known_by_number_falls_back_to_the_count(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _rings(make)

    def ratios(**value: object) -> list[float]:
        finding = make.finding("igniter", {"kind": "ring", **value})
        return list(make.ratios(compare([finding], hypotheses, catalogue)[0][0]))

    counted = ratios(counted=20)
    assert counted[0] > 5 > 1 > counted[1]
    described = ratios(counted=20, stated="20, evenly spaced")
    assert described[0] > counted[0]
    assert ratios(counted=18, stated="six groups of three")[1] > ratios(counted=18)[1] > 1
    few = ratios(angles_deg=[0.0, 18.0])
    assert few == pytest.approx([1.0, 1.0], abs=0.1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 even", "even"),
        ("Six groups of three", "grouped"),
        ("unequal", "irregular"),
        ("рівномірно", "even"),
        ("", None),
    ],
)
def test_spacing_in_words(text: str, expected: str | None) -> None:
    assert described_spacing(text) == expected


def test_a_count_beside_the_angles_of_the_same_ring_is_not_scored_again(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _rings(make)
    angles = make.finding("igniter", _arc(np.arange(20) * 18.0 + 3.0), number=1)
    count = make.finding("igniter", {"kind": "ring", "counted": 20}, number=2)
    comparisons, not_scored = compare([angles, count], hypotheses, catalogue)
    assert not_scored == (("o002", "the same ring is scored by its bolt angles"),)
    alone = compare([angles], hypotheses, catalogue)[0][0]
    assert make.log10(comparisons[0]) == make.log10(alone)
    assert [finding.observation.id for finding in comparisons[0].findings] == ["o001"]


def test_an_empty_place_is_a_place_of_the_pattern(make: SimpleNamespace) -> None:
    every = tuple(18.0 * k for k in range(20))
    full = Ring(angles_deg=every)
    empty = Ring(angles_deg=every[3:], missing_deg=every[:3])
    passed_over = Ring(angles_deg=every[3:])
    for value in (EVEN_20, GROUPS_18):
        assert _log(value, empty, make) == pytest.approx(_log(value, full, make))
    assert _log(EVEN_20, passed_over, make) < _log(EVEN_20, empty, make) - 3
