"""Dependence inside a block: shared sources, shared images, background edges, tempering."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.assess.blocks import Link, Term, block_form, block_log_lr

CAP = 2 * np.log(10.0)


def term(name, ratio, weight=0.9, quality=0.95, origin=-1, photograph=None, cap=CAP):
    ratio = np.atleast_1d(np.asarray(ratio, dtype=float))
    weights = np.broadcast_to(np.asarray(weight, dtype=float), ratio.shape).copy()
    return Term((name,), "aft", ratio, quality, weights, np.full(ratio.shape, origin, dtype=np.int64), cap, photograph)


def single(terms, rho=0.0, links=()):
    return float(block_log_lr(block_form("aft", terms, rho, links))[0])


def edge(first, second, log_edge):
    return Link(first, second, log_edge, np.array([True]))


def test_one_trait_is_the_core_identity():
    assert single([term("a", 10.0, 0.9)]) == pytest.approx(np.log(1 + 0.95 * 0.9 * 9))
    assert single([term("a", 0.0, 0.97)]) / np.log(10) == pytest.approx(-1.11, abs=0.01)
    assert single([term("a", 30.0, 0.4)]) / np.log(10) == pytest.approx(1.08, abs=0.01)


def test_traits_of_one_source_are_wrong_together():
    apart = single([term("a", 0.0, 0.9, origin=1), term("b", 0.0, 0.9, origin=2)])
    together = single([term("a", 0.0, 0.9, origin=1), term("b", 0.0, 0.9, origin=1)])
    assert apart == pytest.approx(2 * np.log(1 - 0.95 * 0.9))
    assert together == pytest.approx(np.log(1 + 0.9 * (0.05**2 - 1)))
    assert together > np.log(1 - 0.9)


def test_the_weakest_value_of_a_source_group_counts_for_all_of_it():
    value = single([term("a", 10.0, 0.9, origin=1), term("b", 10.0, 0.5, origin=1)])
    r = 1 + 0.95 * 9
    assert value == pytest.approx(np.log(1 + 0.5 * (r * r - 1)))


def test_a_record_of_an_unsourced_value_shares_nothing():
    assert single([term("a", 5.0), term("b", 5.0)]) == pytest.approx(2 * single([term("a", 5.0)]))


def test_records_off_one_photograph_are_unreadable_together():
    # The catalogue value is certain here, so only the image can be wrong: 1 + q (R - 1).
    terms = [term("a", 4.0, 1.0, origin=1, photograph="p"), term("b", 4.0, 1.0, origin=1, photograph="p")]
    assert single(terms) == pytest.approx(np.log(1 + 0.95 * (16.0 - 1)))
    assert single(terms) != pytest.approx(single([term("a", 4.0, 1.0), term("b", 4.0, 1.0)]))


def test_one_photograph_keeps_the_quality_of_each_record():
    """With the other record uninformative, a shared image gives each record its own q and nothing else."""
    terms = [term("a", 7.0, quality=0.9, photograph="p"), term("b", 1.0, quality=0.6, photograph="p")]
    assert single(terms) == pytest.approx(np.log(1 + 0.9 * 0.9 * 6))
    terms = [term("a", 1.0, quality=0.9, photograph="p"), term("b", 7.0, quality=0.6, photograph="p")]
    assert single(terms) == pytest.approx(np.log(1 + 0.6 * 0.9 * 6))


def test_an_edge_counts_only_where_both_values_are_known_and_hold():
    a, b = term("a", 10.0, 0.9, origin=1), term("b", 10.0, 0.9, origin=1)
    r = 1 + 0.95 * 9
    assert single([a, b], links=[edge(0, 1, 0.7)]) == pytest.approx(np.log(1 + 0.9 * (r * r * np.exp(-0.7) - 1)))
    unknown = term("b", 10.0, 0.0)
    assert single([a, unknown], links=[edge(0, 1, 0.7)]) == single([a])


def test_an_edge_between_two_sources_is_exact():
    a, b = term("a", 10.0, 0.9, origin=1), term("b", 6.0, 0.7, origin=2)
    ra, rb = 1 + 0.95 * 9, 1 + 0.95 * 5
    exact = 0.1 * 0.3 + 0.9 * ra * 0.3 + 0.1 * 0.7 * rb + 0.9 * 0.7 * ra * rb * np.exp(-0.4)
    assert single([a, b], links=[edge(0, 1, 0.4)]) == pytest.approx(np.log(exact))
    assert single([a, b], links=[edge(0, 1, 0.0)]) == pytest.approx(single([a, b]))


def test_three_sources_joined_by_a_chain_of_edges():
    terms = [term("a", 3.0, 0.9, origin=1), term("b", 4.0, 0.8, origin=2), term("c", 5.0, 0.7, origin=3)]
    r = [1 + 0.95 * (x - 1) for x in (3.0, 4.0, 5.0)]
    w = (0.9, 0.8, 0.7)
    total = 0.0
    for bits in range(8):
        on = [bits >> k & 1 for k in range(3)]
        factor = np.prod([w[k] * r[k] if on[k] else 1 - w[k] for k in range(3)])
        total += factor * np.exp(-0.3 * (on[0] and on[1]) - 0.2 * (on[1] and on[2]))
    assert single(terms, links=[edge(0, 1, 0.3), edge(1, 2, 0.2)]) == pytest.approx(np.log(total))


@pytest.mark.parametrize(("m", "rho"), [(2, 0.5), (4, 0.5), (6, 0.3)])
def test_tempering_is_the_design_effect(m, rho):
    terms = [term(str(k), 3.0) for k in range(m)]
    assert single(terms, rho) == pytest.approx(m * single([term("a", 3.0)]) / (1 + (m - 1) * rho))


def test_traits_joined_by_an_edge_count_once_in_tempering():
    terms = [term("a", 3.0), term("b", 3.0)]
    assert single(terms, 0.5, [edge(0, 1, 0.0)]) == pytest.approx(single(terms, 0.0))
    three = [*terms, term("c", 3.0)]
    assert single(three, 0.5, [edge(0, 1, 0.0)]) == pytest.approx(3 * single([term("a", 3.0)]) / 1.5)


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=6), st.floats(0.0, 0.9), st.floats(0.1, 1.5))
def test_equicorrelated_gaussian_tempered_sum_is_the_closed_form(x, rho, d):
    """m Gaussian records with mean d or 0, unit variance, correlation rho: the sum of the log LRs over the design
    effect is the exact log LR."""
    m = len(x)
    x = np.array(x)
    covariance = np.full((m, m), rho) + (1 - rho) * np.eye(m)
    mean = np.full(m, d)
    exact = mean @ np.linalg.solve(covariance, x) - 0.5 * mean @ np.linalg.solve(covariance, mean)
    ratios = np.exp(d * x - d * d / 2)
    terms = [term(str(k), r, weight=1.0, quality=1.0, cap=1e9) for k, r in enumerate(ratios)]
    assert single(terms, rho) == pytest.approx(exact, abs=1e-9)


@given(st.integers(2, 5), st.floats(0, 0.98), st.floats(0, 0.98), st.integers(0, 10_000))
def test_expected_ratio_under_the_background_is_one(size, quality, weight, seed):
    """For a table whose columns sum to one, the LR of a single record averages to one over the background."""
    rng = np.random.default_rng(seed)
    f, b = rng.dirichlet(np.full(size, 3.0)), rng.dirichlet(np.full(size, 3.0)) * 0.9 + 0.1 / size
    ratios = f / b
    values = [np.exp(single([term("a", r, weight, quality, cap=1e9)])) for r in ratios]
    assert b @ np.array(values) == pytest.approx(1.0, abs=1e-9)


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 0.98), st.floats(0.01, 0.98)), min_size=1, max_size=5),
    st.floats(0, 0.9),
)
def test_bounds(values, rho):
    """LR >= 1 - q w for one trait; no trait above the cap; everything finite."""
    for ratio, weight, quality in values:
        one = single([term("a", ratio, weight, quality)])
        assert one >= np.log(1 - quality * weight) - 1e-9
        assert one <= CAP + 1e-9
    terms = [term(str(k), r, w, q, origin=k % 2) for k, (r, w, q) in enumerate(values)]
    assert abs(single(terms, rho)) <= 40.0


def test_leading_axes_give_the_same_as_one_by_one():
    terms = [term("a", [3.0, 0.1], origin=1), term("b", [5.0, 2.0], origin=1), term("c", [0.0, 9.0], photograph="p")]
    form = block_form("aft", terms, 0.4)
    subsets = np.arange(8)
    included = [(subsets >> k & 1).astype(float)[:, None] for k in range(3)]
    table = block_log_lr(form, included=included)
    assert (table[0] == 0.0).all()
    for row in range(1, 8):
        kept = [t for k, t in enumerate(terms) if row >> k & 1]
        assert np.allclose(table[row], block_log_lr(block_form("aft", kept, 0.4)), atol=1e-12)


def test_images_shared_in_a_subset_only():
    terms = [term("a", [3.0], photograph="p"), term("b", [5.0], quality=0.7, photograph="p"), term("c", [2.0])]
    form = block_form("aft", terms, 0.4)
    included = [(np.arange(8) >> k & 1).astype(float)[:, None] for k in range(3)]
    table = block_log_lr(form, included=included)
    for row in range(1, 8):
        kept = [t for k, t in enumerate(terms) if row >> k & 1]
        assert np.allclose(table[row], block_log_lr(block_form("aft", kept, 0.4)), atol=1e-12)
