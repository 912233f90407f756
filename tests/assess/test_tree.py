"""Priors over the tree and roll-up to nodes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.assess.tree import build_tree
from forensics.errors import InputError
from forensics.model.catalogue import Hypothesis


def index(tree, name):
    return [h.id for h in tree.hypotheses].index(name)


def test_flat_prior(make):
    tree = make.tree(make.hypotheses())
    prior = {h.id: p for h, p in zip(tree.hypotheses, tree.prior, strict=True)}
    assert sum(prior.values()) == pytest.approx(1.0)
    assert prior["unlisted@other"] == pytest.approx(0.08)
    assert prior["unlisted@AAA"] == pytest.approx(0.92 / 3 * 1 / 3)  # two families: theta / (2 + theta)
    assert prior["unlisted@CCC"] == pytest.approx(0.92 / 3 / 2)
    assert prior["alpha-1"] == pytest.approx(prior["alpha-2"])
    assert prior["alpha-1"] + prior["alpha-2"] == pytest.approx(prior["beta-1"])


def test_a_state_without_any_type_is_all_unlisted(make):
    leaves = [*make.hypotheses(), Hypothesis(id="unlisted@DDD", name="d", listed=False, state="DDD")]
    tree = make.tree(leaves)
    assert tree.prior[index(tree, "unlisted@DDD")] == pytest.approx(0.92 / 4)


@given(st.sampled_from(["AAA", "BBB", "CCC", "DDD", "other"]), st.integers(1, 3))
def test_adding_an_unlisted_design_never_lowers_the_prior_of_unlisted(make, state, count):
    before = make.tree(make.hypotheses())
    extra = [Hypothesis(id=f"unlisted@{state}-{k}", name="x", listed=False, state=state) for k in range(count)]
    after = make.tree([*make.hypotheses(), *extra])
    assert after.prior[~after.listed].sum() >= before.prior[~before.listed].sum() - 1e-12


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=10, max_size=10), st.sampled_from(["alpha-1", "beta-1", "gamma-2"]))
def test_aliases_do_not_change_the_ratio_of_any_state_or_family(make, logs, doubled):
    known = {"alpha-1": {"ring": "one"}, "alpha-2": {"ring": "two"}, "gamma-1": {"ring": "one"}}
    leaves = sorted(make.hypotheses(known=known), key=lambda h: h.id)
    log_lr = dict(zip([h.id for h in leaves], logs, strict=True))
    alias = next(h for h in leaves if h.id == doubled).model_copy(update={"id": doubled + "-alias"})
    log_lr[alias.id] = log_lr[doubled]
    before, after = make.tree(leaves), make.tree([*leaves, alias])
    for nodes in ("states", "families"):
        for name, mask in getattr(before, nodes).items():
            old = before.node_log10(mask, np.array([log_lr[h.id] for h in before.hypotheses]))
            new = after.node_log10(getattr(after, nodes)[name], np.array([log_lr[h.id] for h in after.hypotheses]))
            assert new == pytest.approx(old, abs=1e-9)


def test_a_node_against_everything_outside_it(make):
    tree = make.tree(make.hypotheses())
    log_lr = np.zeros(len(tree.hypotheses))
    assert tree.node_log10(tree.states["AAA"], log_lr) == pytest.approx(0.0)
    log_lr[index(tree, "alpha-1")] = np.log(100.0)
    inside = tree.prior[tree.states["AAA"]].sum()
    expected = 1 + tree.prior[index(tree, "alpha-1")] / inside * 99
    assert tree.node_log10(tree.states["AAA"], log_lr) == pytest.approx(np.log10(expected))
    found = tree.range(tree.states["AAA"], log_lr)
    assert (found.best_in_best_out, found.worst_in_best_out) == pytest.approx((2.0, 0.0))


@given(st.lists(st.floats(-20, 20), min_size=10, max_size=10))
def test_the_ratio_lies_between_worst_and_best(make, logs):
    tree = make.tree(make.hypotheses())
    log_lr = np.array(logs)
    for mask in tree.states.values():
        ratio, found = float(tree.node_log10(mask, log_lr)), tree.range(mask, log_lr)
        assert found.worst_in_best_out - 1e-9 <= ratio
        worst_out = float(log_lr[~mask].min()) / np.log(10)
        assert ratio <= float(log_lr[mask].max()) / np.log(10) - worst_out + 1e-9


def test_everything_or_nothing_is_not_compared(make):
    tree = make.tree(make.hypotheses())
    log_lr = np.arange(10.0)
    assert tree.node_log10(np.ones(10, dtype=bool), log_lr) == 0.0
    assert tree.node_log10(np.zeros(10, dtype=bool), log_lr) == 0.0


def test_stated_priors_are_met_and_the_rest_keeps_its_proportions(make):
    flat = make.tree(make.hypotheses())
    tree = make.tree(make.hypotheses(), priors={"AAA": 0.5, "alpha": 0.3, "gamma-1": 0.1})
    assert tree.prior.sum() == pytest.approx(1.0)
    assert tree.prior[tree.states["AAA"]].sum() == pytest.approx(0.5)
    assert tree.prior[tree.families["alpha"]].sum() == pytest.approx(0.3)
    assert tree.prior[index(tree, "gamma-1")] == pytest.approx(0.1)
    for one, other in (("alpha-1", "alpha-2"), ("beta-1", "unlisted@AAA"), ("delta-1", "unlisted@other")):
        ratio = tree.prior[index(tree, one)] / tree.prior[index(tree, other)]
        assert ratio == pytest.approx(flat.prior[index(flat, one)] / flat.prior[index(flat, other)])


def test_stated_priors_that_exceed_one_leave_the_rest_its_share(make):
    tree = make.tree(make.hypotheses(), priors={"AAA": 0.9, "BBB": 0.9})
    rest = 0.92 / 3 + 0.08
    assert tree.prior[tree.states["AAA"]].sum() == pytest.approx(0.9 / (1.8 + rest))
    assert tree.prior[~(tree.states["AAA"] | tree.states["BBB"])].sum() == pytest.approx(rest / (1.8 + rest))


def test_every_fault_of_the_priors_at_once(make):
    with pytest.raises(InputError) as found:
        make.tree(make.hypotheses(), priors={"nowhere": 0.5, "AAA": 1.5, "BBB": 0.2})
    assert {fault.column for fault in found.value.faults} == {"nowhere", "AAA"}


def test_a_node_the_stated_prior_excludes_still_has_a_ratio(make):
    tree = make.tree(make.hypotheses(), priors={"CCC": 0.0})
    log_lr = np.zeros(10)
    log_lr[index(tree, "delta-1")] = 2.0
    assert np.isfinite(tree.node_log10(tree.states["CCC"], log_lr))
    assert tree.posterior(log_lr)[tree.states["CCC"]].sum() == pytest.approx(0.0, abs=1e-12)


def test_a_tree_of_one_state_without_an_outside(make):
    leaves = [Hypothesis(id="only", name="only", listed=True, state="AAA", family="f")]
    tree = build_tree(leaves, theta=1.0, other_prior=0.08)
    assert tree.prior.tolist() == [1.0]
    assert tree.node_log10(tree.states["AAA"], np.array([3.0])) == 0.0
