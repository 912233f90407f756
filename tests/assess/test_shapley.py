"""Shapley values: additive, symmetric, zero for what says nothing."""

from __future__ import annotations

import itertools
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.assess.shapley import leaf_contributions, node_contributions, shapley_values


@given(st.lists(st.floats(-5, 5), min_size=8, max_size=8))
def test_against_the_definition_over_orders(values):
    game = np.array(values)
    expected = np.zeros(3)
    for order in itertools.permutations(range(3)):
        seen = 0
        for player in order:
            expected[player] += (game[seen | 1 << player] - game[seen]) / factorial(3)
            seen |= 1 << player
    assert np.allclose(shapley_values(game), expected, atol=1e-12)


def test_leaf_contributions_sum_to_the_leaf(make):
    weighing = make.weighing(make.full_scene())
    contributions = leaf_contributions(weighing)
    assert np.allclose(contributions.sum(axis=0), weighing.log10_lr, atol=1e-12)
    assert (contributions[~weighing.known] == 0.0).all()


def test_node_contributions_sum_to_the_node(make):
    scene = make.full_scene()
    weighing, tree = make.weighing(scene), make.tree(scene.leaves)
    for mask in (tree.states["AAA"], tree.families["alpha"]):
        shares = dict(node_contributions(weighing, tree, mask))
        assert set(shares) == {"diameter", "mark", "ring", "script", "vanes"}
        assert sum(shares.values()) == pytest.approx(float(tree.node_log10(mask, weighing.log_lr)), abs=1e-9)
    assert dict(node_contributions(weighing, tree, tree.families["alpha"]))["ring"] > 1.0


def test_above_twelve_traits_the_blocks_share(make):
    scene = make.scene()
    for trait in make.vocabulary().traits:
        scene.observe(trait, {"alpha": 3.0, "beta": 0.5})
    weighing, tree = make.weighing(scene), make.tree(scene.leaves)
    shares = dict(node_contributions(weighing, tree, tree.families["alpha"]))
    assert len(weighing.evidence.records) == 13
    assert set(shares) == {f"block:{block}" for block in weighing.evidence.blocks}
    total = float(tree.node_log10(tree.families["alpha"], weighing.log_lr))
    assert sum(shares.values()) == pytest.approx(total, abs=1e-9)
