"""The grade bootstrap: deterministic, fair, and shared where a value is shared."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess.bootstrap import replicate


def at(weighing, name):
    return [h.id for h in weighing.evidence.hypotheses].index(name)


def test_same_evidence_same_draws(make):
    one, two = (replicate(make.weighing(make.full_scene())).log_lr for _ in range(2))
    assert np.array_equal(one, two)


def test_another_trait_changes_no_draw_of_the_first(make):
    alone = replicate(make.weighing(make.scene().observe("fins", {"alpha": 10.0}))).log_lr
    both = make.scene().observe("fins", {"alpha": 10.0}).observe("brands", {"CCC": 3.0})
    column = at(make.weighing(both), "alpha-1")
    assert np.array_equal(alone[:, column], replicate(make.weighing(both)).log_lr[:, column])


def test_replicates_surround_the_point_value(make):
    weighing = make.weighing(make.full_scene(), bootstrap_replicates=2000.0)
    drawn = replicate(weighing)
    low, high = drawn.leaf_intervals()
    stated = weighing.known.any(axis=0)
    assert ((low[stated] < weighing.log10_lr[stated]) & (weighing.log10_lr[stated] < high[stated])).all()
    assert (drawn.log_lr[:, ~stated] == 0).all()


def test_poorer_grades_give_wider_intervals(make):
    def width(weight):
        scene = make.scene().observe("fins", {"alpha": 20.0}, weight=weight)
        weighing = make.weighing(scene, bootstrap_background_ln_sd=1e-9, bootstrap_likelihood_ln_sd=1e-9)
        low, high = replicate(weighing).leaf_intervals()
        return (high - low)[at(weighing, "alpha-1")]

    assert width(0.4) > 3 * width(0.97)


def test_a_value_two_types_inherit_is_drawn_once(make):
    leaves = tuple(
        h.model_copy(update={"expectations": {"fins": make.expectation("fins", "one", "alpha")}})
        if h.family == "alpha"
        else h
        for h in make.hypotheses()
    )
    weighing = make.weighing(make.scene(leaves).observe("fins", {"alpha": 10.0}))
    drawn = replicate(weighing)
    one, other = at(weighing, "alpha-1"), at(weighing, "alpha-2")
    assert np.array_equal(drawn.log_lr[:, one], drawn.log_lr[:, other])
    assert drawn.outranking(one, 0.1) == frozenset()


def test_close_rivals_outrank_and_distant_ones_do_not(make):
    scene = make.scene().observe("fins", {"alpha-1": 10.0, "alpha-2": 9.0, "beta-1": 0.1})
    weighing = make.weighing(scene)
    found = replicate(weighing).outranking(at(weighing, "alpha-1"), 0.1)
    assert at(weighing, "alpha-2") in found
    assert at(weighing, "beta-1") not in found


@pytest.mark.parametrize("photograph", [None, "p.jpg"])
def test_no_replicate_passes_the_caps(make, photograph):
    scene = make.scene()
    for trait in ("ring", "vanes", "actuator"):
        scene.observe(trait, {"alpha": 1e6, "beta": 0.0}, photograph=photograph)
    drawn = replicate(make.weighing(scene)).log_lr / np.log(10)
    assert np.isfinite(drawn).all()
    assert drawn.max() <= 6.0 * 0.9
