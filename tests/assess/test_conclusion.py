"""What may be said: the rules, one row each."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess.conclusion import Standing, decide
from forensics.model.catalogue import Hypothesis

NOTHING = 0.0


@pytest.fixture
def rule(make):
    """``rule(log10, traits)``: the verdict over the test tree. Leaves not named stand at 0.

    ``traits``: rows of log10 LR alone by leaf; a leaf not in a row knows nothing of the trait.
    """

    def apply(log10, traits, leaves=None, outranking=(), **changed):
        leaves = sorted(leaves or make.hypotheses(), key=lambda h: h.id)
        tree = make.tree(leaves)
        ids = [h.id for h in leaves]
        log_lr = np.zeros(len(ids))
        for name, value in log10.items():
            log_lr[ids.index(name)] = value * np.log(10)
        alone, known = np.zeros((len(traits), len(ids))), np.zeros((len(traits), len(ids)), dtype=bool)
        for row, trait in enumerate(traits):
            for name, value in trait.items():
                alone[row, ids.index(name)], known[row, ids.index(name)] = value, True
        verdict = decide(
            tree,
            Standing(log_lr, alone, known),
            make.settings(**changed),
            outranking=frozenset(ids.index(name) for name in outranking),
        )
        return verdict, [ids[i] for i in verdict.tie]

    return apply


LISTED = ("alpha-1", "alpha-2", "beta-1", "delta-1", "gamma-1", "gamma-2")
AAA = ("alpha-1", "alpha-2", "beta-1")


def two(*winners, against=-1.0):
    """Two discriminating traits, known for every type."""
    return [{name: (1.5 if name in winners else against) for name in LISTED} for _ in range(2)]


def standing(default=-1.0, **values):
    return {**dict.fromkeys(LISTED, default), **{k.replace("_", "-"): v for k, v in values.items()}}


@pytest.mark.parametrize(
    ("log10", "winners", "expected"),
    [
        # outcome, level, node, strength
        pytest.param(standing(alpha_1=4.5), ("alpha-1",), ("named", "type", "alpha-1", "supports"), id="type"),
        pytest.param(standing(alpha_1=2.5), ("alpha-1",), ("named", "type", "alpha-1", "favours"), id="type favoured"),
        pytest.param(
            standing(alpha_1=4.5, alpha_2=3.8), ("alpha-1", "alpha-2"), ("named", "family", "alpha", "supports"),
            id="family",
        ),
        pytest.param(
            standing(alpha_1=4.5, beta_1=3.6), ("alpha-1", "beta-1"), ("tie", "state", "AAA", "supports"), id="state"
        ),
        pytest.param(
            standing(beta_1=4.5, gamma_1=4.0), ("beta-1", "gamma-1"), ("tie", "pattern", "grad", "supports"),
            id="pattern across states",
        ),
        pytest.param(
            standing(alpha_1=4.5, gamma_1=4.0), ("alpha-1", "gamma-1"), ("tie", "none", None, "supports"),
            id="two states",
        ),
        pytest.param(
            standing(alpha_1=1.5), ("alpha-1",), ("insufficient", "none", None, "candidates_only"), id="below favour"
        ),
        pytest.param(
            standing(alpha_1=1.5, gamma_1=1.2), ("alpha-1", "gamma-1"),
            ("insufficient", "none", None, "candidates_only"), id="weak tie",
        ),
    ],
)  # fmt: skip
def test_outcomes(rule, log10, winners, expected):
    verdict, _ = rule(log10, two(*winners))
    assert (verdict.outcome, verdict.level, verdict.node, verdict.strength) == expected


def test_the_tie_distance_decides_who_is_in(rule):
    _, tie = rule(standing(alpha_1=4.0, alpha_2=3.01), two("alpha-1", "alpha-2"))
    assert tie == ["alpha-1", "alpha-2"]
    _, tie = rule(standing(alpha_1=4.0, alpha_2=2.99), two("alpha-1", "alpha-2"))
    assert tie == ["alpha-1"]


def test_a_leaf_that_outranks_in_the_bootstrap_joins(rule):
    verdict, tie = rule(standing(alpha_1=4.0, alpha_2=2.5), two("alpha-1", "alpha-2"), outranking=["alpha-2"])
    assert tie == ["alpha-1", "alpha-2"]
    assert verdict.level == "family"


def test_an_unlisted_design_of_the_state_in_the_tie_lifts_it_to_the_state(rule):
    verdict, tie = rule(standing(alpha_1=4.0) | {"unlisted@AAA": 3.5}, two("alpha-1"))
    assert tie == ["alpha-1", "unlisted@AAA"]
    assert (verdict.outcome, verdict.level, verdict.node) == ("tie", "state", "AAA")
    assert "unlisted_in_tie:AAA" in verdict.reasons


def test_an_unlisted_design_from_elsewhere_in_the_tie_allows_nothing(rule):
    verdict, tie = rule(standing(default=-3.0, alpha_1=0.9), two("alpha-1"))
    assert "unlisted@other" in tie
    assert verdict.outcome == "insufficient"
    assert "unlisted_elsewhere_in_tie" in verdict.reasons


def test_one_family_below_the_threshold_is_reported_at_its_state(rule):
    log10 = standing(alpha_1=3.2) | {"beta-1": 2.1, "unlisted@AAA": 2.1}
    verdict, tie = rule(log10, two("alpha-1"), favour_lr=250.0)
    assert tie == ["alpha-1"]
    assert verdict.outcome == "tie"
    assert verdict.level == "state"
    assert "below_threshold:type" in verdict.reasons
    assert "below_threshold:family" in verdict.reasons


def test_types_without_a_known_trait_never_join(rule):
    traits = [{"alpha-1": 1.5, "gamma-1": -1.0}, {"alpha-1": 1.5, "gamma-1": -1.0}]
    verdict, tie = rule({"alpha-1": 0.8, "gamma-1": -2.0}, traits)
    assert not {"beta-1", "delta-1", "gamma-2", "alpha-2"} & set(tie)
    assert verdict.outcome == "insufficient"


def test_nothing_observed(rule):
    verdict, tie = rule({}, [])
    assert (verdict.outcome, verdict.strength, tie) == ("insufficient", "none", [])
    assert verdict.reasons == ("no_evaluable_observations",)
    assert verdict.state is None


def test_only_traits_no_type_states(rule):
    verdict, _ = rule({"unlisted@AAA": 2.0}, [{"unlisted@AAA": 2.0}, {"unlisted@AAA": 2.0}])
    assert verdict.outcome == "insufficient"
    assert "no_documented_type" in verdict.reasons


def test_one_discriminating_trait_is_too_little(rule):
    traits = [two("alpha-1")[0], dict.fromkeys(LISTED, 0.1)]
    verdict, tie = rule(standing(alpha_1=4.5), traits)
    assert verdict.outcome == "insufficient"
    assert verdict.strength == "candidates_only"
    assert tie == ["alpha-1"]
    assert "discriminating_traits:1" in verdict.reasons


def test_state_conventions_alone_give_the_state(rule):
    """All types of the state inherit the convention and lose a little to the unlisted leaf: nothing is contradicted."""
    traits = [dict.fromkeys((*AAA, "unlisted@AAA"), 1.4) | dict.fromkeys(("gamma-1", "gamma-2", "delta-1"), -0.8)] * 2
    log10 = dict.fromkeys(AAA, 2.7) | {"unlisted@AAA": 2.8, "gamma-1": -1.5, "gamma-2": -1.5, "delta-1": -1.5}
    verdict, tie = rule(log10, traits)
    assert (verdict.outcome, verdict.level, verdict.node) == ("tie", "state", "AAA")
    assert set(tie) == {*AAA, "unlisted@AAA"}


def test_none_fits_when_every_compared_type_is_contradicted(rule):
    traits = [dict.fromkeys(LISTED, -0.8)] * 3
    verdict, _ = rule(standing(default=-2.0) | {"unlisted@CCC": 1.2}, traits)
    assert verdict.outcome == "none_fits"
    assert verdict.reasons[0] == "worse_than_unlisted"
    assert verdict.log10_lr > 2


def test_none_fits_names_the_state_whose_conventions_it_shows(rule):
    script = dict.fromkeys((*AAA, "unlisted@AAA"), 1.6) | dict.fromkeys(("gamma-1", "gamma-2", "delta-1"), -0.8)
    design = dict.fromkeys(LISTED, -0.8)
    log10 = dict.fromkeys(AAA, 1.0) | dict.fromkeys(("gamma-1", "gamma-2", "delta-1"), -2.0) | {"unlisted@AAA": 2.9}
    verdict, _ = rule(log10, [script, script, design, design])
    assert verdict.outcome == "none_fits"
    assert verdict.state == "AAA"


def test_worse_than_unlisted_without_contradiction_is_not_none_fits(rule):
    traits = [dict.fromkeys((*LISTED, "unlisted@AAA"), 0.4), dict.fromkeys(LISTED, 0.0) | {"unlisted@AAA": 0.4}]
    verdict, _ = rule(standing(default=0.3) | {"unlisted@AAA": 0.5}, traits)
    assert verdict.outcome == "insufficient"
    assert "worse_than_unlisted" in verdict.reasons


def test_a_barely_documented_type_does_not_keep_none_fits_away(rule):
    """gamma-2 knows one of four discriminating traits: it was not really compared."""
    rows = [{name: -0.8 for name in LISTED if name != "gamma-2"} for _ in range(4)]
    rows[0]["gamma-2"] = 0.2
    log10 = standing(default=-2.0, gamma_2=0.2) | {"unlisted@CCC": 0.9}
    assert rule(log10, rows)[0].outcome == "none_fits"
    # ... but one that stands half a decade above every unlisted design does
    assert rule(log10 | {"gamma-2": 1.5}, rows)[0].outcome == "insufficient"


@pytest.mark.parametrize(
    ("count", "unlisted", "outcome"),
    [(3, {"unlisted@CCC": 0.2}, "insufficient"), (3, {}, "insufficient"), (3, {"unlisted@CCC": 0.5}, "none_fits")],
)
def test_unremarkable(rule, count, unlisted, outcome):
    """A best type a little above the best unlisted design is no proof that none fits; one below it is."""
    rows = [dict.fromkeys(LISTED, 0.9 if k % 2 else -0.5) for k in range(count)]
    verdict, _ = rule(standing(default=-0.5, alpha_1=0.4) | unlisted, rows)
    assert verdict.outcome == outcome
    assert ("unremarkable" in verdict.reasons) == (outcome == "insufficient")


def test_a_draft_is_never_named_alone(rule, make):
    leaves = [h.model_copy(update={"status": "draft"}) if h.id == "delta-1" else h for h in make.hypotheses()]
    verdict, _ = rule(standing(delta_1=4.5), two("delta-1"), leaves)
    assert verdict.outcome == "tie"
    assert verdict.level == "state"
    assert "draft_alone" in verdict.reasons
    leaves = [h.model_copy(update={"status": "draft"}) if h.id == "alpha-2" else h for h in make.hypotheses()]
    verdict, _ = rule(standing(alpha_1=4.5, alpha_2=4.4), two("alpha-1", "alpha-2"), leaves)
    assert (verdict.outcome, verdict.level) == ("named", "family")


def test_a_type_of_no_family_is_named_by_itself(rule, make):
    lone = Hypothesis(id="omega", name="Omega", listed=True, state="CCC")
    traits = [row | {"omega": 1.5} for row in two()]
    verdict, _ = rule(standing() | {"omega": 4.5}, traits, [*make.hypotheses(), lone])
    assert (verdict.outcome, verdict.level, verdict.node) == ("named", "type", "omega")


def test_a_ratio_alone_names_nothing_among_many(rule):
    """The node must also hold its share of the posterior; the ratio stays what it is."""
    log10 = standing(alpha_1=2.5)
    named, _ = rule(log10, two("alpha-1"))
    kept, _ = rule(log10, two("alpha-1"), favour_share=0.9999)
    assert named.outcome == "named"
    assert kept.outcome == "insufficient"
    assert kept.log10_lr == pytest.approx(named.log10_lr)


def test_support_needs_nine_tenths_of_the_posterior(rule):
    log10 = standing(alpha_1=4.5)
    assert rule(log10, two("alpha-1"))[0].strength == "supports"
    assert rule(log10, two("alpha-1"), naming_share=0.99999)[0].strength == "favours"
