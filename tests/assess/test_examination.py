"""What to examine next."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess.examination import expected_gain, next_examinations
from forensics.model.tables import TraitTable


def table(leaves, trait, block, values, *, background=(0.4, 0.3, 0.3), weight=0.9):
    """``values``: by leaf, family or state id, the value (0, 1 or 2) its items show."""
    base = np.array(background)
    likelihood = np.repeat(base[:, None], len(leaves), axis=1)
    weights, origin = np.zeros(len(leaves)), np.full(len(leaves), -1, dtype=np.int64)
    for k, leaf in enumerate(leaves):
        key = next((name for name in (leaf.id, leaf.family, leaf.state) if name in values), None)
        if key is not None:
            likelihood[:, k], weights[k], origin[k] = np.eye(3)[values[key]], weight, 40
    return TraitTable(trait, block, ("one", "two", "three"), likelihood, base, weights, origin)


@pytest.fixture
def known(make):
    scene = make.full_scene()
    return make.weighing(scene), make.tree(scene.leaves), scene.leaves


def test_gains_fall_from_type_to_state_and_are_never_negative(known):
    weighing, tree, leaves = known
    gain = expected_gain(weighing, tree, table(leaves, "fins", "surfaces", {"alpha-1": 0, "alpha-2": 1, "BBB": 2}))
    assert gain.type_bits >= gain.family_bits >= gain.state_bits >= 0
    assert gain.type_bits > 0.1
    assert np.allclose(gain.predictive.sum(axis=0), 1.0)


def test_a_trait_that_says_the_same_of_every_type_gains_nothing_between_them(known):
    weighing, tree, leaves = known
    same = table(leaves, "fins", "surfaces", dict.fromkeys(("AAA", "BBB", "CCC"), 0), weight=0.9)
    everywhere = np.ones(len(leaves), dtype=bool)
    everywhere[[leaf.id == "unlisted@other" for leaf in leaves]] = False
    gain = expected_gain(weighing, tree, same)
    assert gain.type_bits < 0.001


def test_state_traits_separate_states_and_not_siblings(make):
    scene = make.scene()
    weighing, tree = make.weighing(scene), make.tree(scene.leaves)
    script = expected_gain(weighing, tree, table(scene.leaves, "script", "marking", {"AAA": 0, "BBB": 1, "CCC": 2}))
    fins = expected_gain(weighing, tree, table(scene.leaves, "fins", "surfaces", {"alpha-1": 0, "alpha-2": 1}))
    assert script.state_bits > 0.3
    assert fins.state_bits < 0.1 * script.state_bits
    assert fins.type_bits > 2 * fins.family_bits


def test_exact_gain_of_a_two_leaf_world(make):
    """Flat prior 0.5/0.5 and a trait at g = 1: the mutual information by hand."""
    leaves = [h for h in make.hypotheses({"alpha-1": ("AAA", "alpha", None)}) if h.id in ("alpha-1", "unlisted@AAA")]
    scene = make.scene(tuple(leaves))
    weighing = make.weighing(scene, global_exponent=1.0, trait_cap_log10=9.0)
    tree = make.tree(leaves)
    gain = expected_gain(weighing, tree, table(leaves, "fins", "surfaces", {"alpha-1": 0}))
    background = np.array([0.4, 0.3, 0.3])
    shown = background + 0.95 * 0.9 * (np.array([1.0, 0, 0]) - background)
    mean = (background + shown) / 2
    exact = 0.5 * (shown @ np.log2(shown / mean) + background @ np.log2(background / mean))
    assert gain.type_bits == pytest.approx(exact, abs=1e-9)


def test_ranked_by_survival_times_gain_over_effort(make, known):
    weighing, tree, leaves = known
    values = {"alpha-1": 0, "alpha-2": 1}
    tables = {
        "length": table(leaves, "length", "body", values),
        "fins": table(leaves, "fins", "surfaces", values),
        "actuator": table(leaves, "actuator", "aft", values),
        "ring": table(leaves, "ring", "aft", values),  # already observed
        "raceway": table(leaves, "raceway", "body", {}),  # nobody states it
    }
    rivals = [[h.id for h in tree.hypotheses].index(name) for name in ("alpha-1", "alpha-2")]
    found = next_examinations(weighing, tree, tables, make.vocabulary(), rivals)
    assert {entry.trait for entry in found} == {"length", "fins", "actuator"}
    assert [entry.value for entry in found] == sorted((entry.value for entry in found), reverse=True)
    assert found[0].trait == "fins"  # photo: least effort
    fins = found[0]
    assert fins.value == pytest.approx(0.5 * fins.gain_type_bits / 1.0)
    assert fins.separates == ("alpha-2",)
    assert fins.how == "Look at the fins."


def test_what_is_known_of_the_block_counts(make):
    """Where the source of a family already proved wrong, its next value is expected to say little."""
    fits = make.scene().observe("ring", {"alpha": 30.0}, origin=1)
    fails = make.scene().observe("ring", {"alpha": 0.0}, origin=1)
    gains = []
    for scene in (fits, fails):
        found = table(scene.leaves, "actuator", "aft", {"alpha": 0})
        found = TraitTable(
            *(found.trait, found.block, found.labels, found.likelihood, found.background, found.weight),
            np.where(found.weight > 0, 101, -1),
        )
        tree = make.tree(scene.leaves)
        predictive = expected_gain(make.weighing(scene), tree, found).predictive
        gains.append(predictive[0, [h.id for h in tree.hypotheses].index("alpha-1")])
    assert gains[0] > gains[1] + 0.2
    assert gains[1] == pytest.approx(0.4, abs=0.15)  # hardly more than the background says
