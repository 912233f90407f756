"""From traits to leaves: order, unknown values, caps, subsets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.assess import gather, weigh
from forensics.model.tables import Comparison, Edge, TraitTable

TRAIT_NAMES = ("diameter", "length", "ring", "vanes", "actuator", "fins", "script", "brands")
SHEETS = st.lists(
    st.tuples(
        st.sampled_from(TRAIT_NAMES),
        st.dictionaries(
            st.sampled_from(["alpha-1", "alpha-2", "beta-1", "gamma", "AAA", "BBB"]), st.floats(0, 200), min_size=1
        ),
        st.floats(0.05, 0.98),
        st.sampled_from([-1, 1, 2]),
        st.sampled_from([None, "p.jpg"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0],
)


def build(make, rows):
    scene = make.scene()
    for trait, ratios, quality, origin, photograph in rows:
        scene.observe(trait, ratios, quality=quality, origin=origin, photograph=photograph)
    return scene


def permuted(scene, order):
    """The same scene with hypotheses (and the arrays over them) in another order."""
    comparisons = [
        Comparison(
            c.findings,
            TraitTable(
                c.table.trait,
                c.table.block,
                c.table.labels,
                c.table.likelihood[:, order],
                c.table.background,
                c.table.weight[order],
                c.table.origin[order],
            ),
            c.quality,
            tuple(c.expected[i] for i in order),
            tuple(c.match[i] for i in order),
            tuple(c.because[i] for i in order),
            c.dates,
        )
        for c in scene.comparisons
    ]
    edges = [Edge(e.first, e.second, e.log_edge, e.applies[order]) for e in scene.edges]
    return comparisons, edges, [scene.leaves[i] for i in order]


@settings(max_examples=40, deadline=None)
@given(SHEETS, st.randoms(use_true_random=False))
def test_order_of_traits_and_hypotheses_changes_no_digit(make, rows, random):
    scene = build(make, rows).link("ring", "vanes", 0.4)
    reference = make.weighing(scene)
    order = list(range(len(scene.leaves)))
    random.shuffle(order)
    comparisons, edges, leaves = permuted(scene, order)
    random.shuffle(comparisons)
    again = weigh(gather(comparisons, edges, leaves, make.vocabulary(), make.settings()))
    assert [h.id for h in again.evidence.hypotheses] == [h.id for h in reference.evidence.hypotheses]
    assert (again.log_lr == reference.log_lr).all()


@settings(max_examples=40, deadline=None)
@given(SHEETS, st.floats(0, 100))
def test_unreadable_or_unknown_traits_change_nothing_exactly(make, rows, ratio):
    reference = make.weighing(build(make, rows)).log_lr
    unreadable = build(make, rows).observe("raceway", {"alpha": ratio}, quality=0.0)
    assert (make.weighing(unreadable).log_lr == reference).all()
    unknown = build(make, rows).observe("raceway", {})
    assert (make.weighing(unknown).log_lr == reference).all()


@settings(max_examples=40, deadline=None)
@given(SHEETS)
def test_a_leaf_that_states_nothing_stays_at_zero(make, rows):
    weighing = make.weighing(build(make, rows))
    silent = ~weighing.known.any(axis=0)
    assert (weighing.log_lr[silent] == 0.0).all()
    other = [h.id for h in weighing.evidence.hypotheses].index("unlisted@other")
    assert weighing.log_lr[other] == 0.0


@settings(max_examples=30, deadline=None)
@given(SHEETS)
def test_caps_of_single_traits(make, rows):
    weighing = make.weighing(build(make, rows).observe("likeness", {"alpha": 1e5}))
    for row, record in enumerate(weighing.evidence.records):
        cap = 1.0 if record.block == "visual" else 2.0
        assert (weighing.alone[row] <= cap + 1e-12).all()
        assert (10 ** weighing.alone[row] >= 1 - record.quality * record.weight - 1e-9).all()


def test_the_likeness_cap_reaches_the_total(make):
    weighing = make.weighing(make.scene().observe("likeness", {"alpha": 1e9}, weight=0.98, quality=0.98))
    assert weighing.log10_lr.max() == pytest.approx(0.9 * np.log10(1 + 0.98 * 9), abs=1e-9)


def test_blocks_multiply_and_the_exponent_applies_once(make):
    one = make.weighing(make.scene().observe("fins", {"alpha": 10.0}))
    other = make.weighing(make.scene().observe("brands", {"alpha": 10.0}))
    both = make.weighing(make.scene().observe("fins", {"alpha": 10.0}).observe("brands", {"alpha": 10.0}))
    assert np.allclose(both.log_lr, one.log_lr + other.log_lr)
    plain = make.weighing(make.scene().observe("fins", {"alpha": 10.0}), global_exponent=1.0)
    assert np.allclose(one.log_lr, 0.9 * plain.log_lr)


def test_leaving_out_equals_never_having_seen(make):
    scene = make.full_scene()
    full = make.weighing(scene)
    for comparison in scene.comparisons:
        rest = make.scene(scene.leaves)
        rest.comparisons = [c for c in scene.comparisons if c is not comparison]
        rest.edges = list(scene.edges)
        assert (full.without(comparison.table.trait) == make.weighing(rest).log_lr).all()


@settings(max_examples=25, deadline=None)
@given(SHEETS)
def test_subset_tables_agree_with_weighing_each_subset(make, rows):
    full = make.weighing(build(make, rows).link("ring", "vanes", 0.4))
    for block in full.evidence.blocks:
        records = full.evidence.of_block(block)
        for size in range(len(records) + 1):
            for chosen in itertools.combinations(range(len(records)), size):
                left = {records[k].trait for k in range(len(records)) if k not in chosen}
                part = weigh(full.evidence.without(left))
                expected = part.block_logs.get(block, np.zeros(full.evidence.size))
                row = sum(1 << k for k in chosen)
                assert np.allclose(full.subsets[block][row], expected, atol=1e-10)


def test_two_comparisons_of_one_trait_are_refused(make):
    scene = make.scene().observe("fins", {"alpha": 2.0}).observe("fins", {"alpha": 2.0})
    with pytest.raises(ValueError, match="fins"):
        make.weighing(scene)
