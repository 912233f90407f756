"""The room's door: the whole document."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forensics.assess import Settings
from forensics.assess.document import rounded
from forensics.model.catalogue import LimitationRule, Parameter, Parameters
from forensics.model.tables import TraitTable
from forensics.yamltext import plain, read


def test_same_input_same_bytes(make):
    one, two = (make.assess(make.full_scene()).model_dump_json() for _ in range(2))
    assert one == two


def test_a_family_is_named_and_its_types_are_not_told_apart(make):
    conclusion = make.assess(make.full_scene()).conclusion
    assert (conclusion.outcome, conclusion.level, conclusion.node) == ("named", "family", "alpha")
    assert conclusion.node_name == "Alpha"
    assert conclusion.members == ("alpha-1", "alpha-2")
    assert "indistinguishable:alpha-1|alpha-2" in conclusion.reasons
    assert conclusion.separating_traits == ("length",)
    assert (conclusion.state, conclusion.state_name) == ("AAA", "State AAA")
    assert conclusion.statement == ""
    low, high = conclusion.interval
    assert low < conclusion.log10_lr < high


def test_one_number_wherever_it_stands(make):
    found = make.assess(make.full_scene())
    conclusion = found.conclusion
    family = next(node for node in found.families if node.id == "alpha")
    assert conclusion.uncapped_log10_lr == family.log10_lr
    assert conclusion.interval == family.interval
    assert sum(value for _, value in found.sensitivity.contributions) == pytest.approx(family.log10_lr, abs=1e-6)
    middle = dict(found.sensitivity.prior_sweep)[0.5]
    assert middle == pytest.approx(10**family.log10_lr / (1 + 10**family.log10_lr), rel=1e-6)
    low, _, high = found.sensitivity.bootstrap
    assert (low, high) == family.interval


def test_every_leaf_is_ranked_with_its_evidence(make):
    scene = make.full_scene()
    found = make.assess(scene)
    assert {c.id for c in found.ranking} == {h.id for h in scene.leaves}
    ratios = [c.log10_lr for c in found.ranking]
    assert ratios == sorted(ratios, reverse=True)
    assert sum(c.posterior for c in found.ranking) == pytest.approx(1.0, abs=1e-6)
    assert sum(c.prior for c in found.ranking) == pytest.approx(1.0, abs=1e-6)
    for candidate in found.ranking:
        assert len(candidate.evidence) == 5
        assert sum(line.contribution_log10 for line in candidate.evidence) == pytest.approx(
            candidate.log10_lr, abs=1e-6
        )
        assert candidate.known_traits == sum(line.weight > 0 for line in candidate.evidence)
    best = found.ranking[0]
    ring = next(line for line in best.evidence if line.trait == "ring")
    assert ring.likelihood / ring.background == pytest.approx(29.0)
    assert ring.log10_lr == pytest.approx(np.log10(1 + 0.95 * 0.9 * 28), abs=1e-6)
    assert ring.sources == ("S1",)
    assert ring.trait_name == "the ring"


def test_the_open_set_holds_every_unlisted_leaf(make):
    found = make.assess(make.full_scene())
    assert {leaf.state for leaf in found.not_catalogued.leaves} == {"AAA", "BBB", "CCC", "other"}
    assert found.not_catalogued.posterior == pytest.approx(
        sum(c.posterior for c in found.ranking if not c.listed), abs=1e-6
    )
    states = {node.id for node in found.states}
    assert states == {"AAA", "BBB", "CCC"}


def test_the_report_is_capped_and_the_ranking_is_not(make):
    scene = make.full_scene().observe("fins", {"alpha-1": 200.0, "alpha-2": 0.0}).observe("brands", {"alpha-1": 90.0})
    scene.observe("likeness", {"alpha-1": 50.0})
    conclusion = make.assess(scene).conclusion
    assert conclusion.node == "alpha-1"
    assert conclusion.capped
    assert conclusion.log10_lr == 4.0
    assert conclusion.uncapped_log10_lr > 4.0
    assert max(conclusion.interval) <= 4.0


def test_an_empty_sheet(make):
    found = make.assess(make.scene())
    assert found.conclusion.outcome == "insufficient"
    assert found.conclusion.reasons == ("no_evaluable_observations",)
    assert found.conclusion.interval is None
    assert all(c.log10_lr == 0.0 and c.interval == (0.0, 0.0) for c in found.ranking)
    assert found.sensitivity.variants == ()


def test_priors_change_posteriors_and_no_leaf_ratio(make):
    flat = make.assess(make.full_scene())
    stated = make.assess(make.full_scene(), priors={"CCC": 0.9})
    assert {c.id: c.log10_lr for c in flat.ranking} == {c.id: c.log10_lr for c in stated.ranking}
    assert {c.id: c.posterior for c in flat.ranking} != {c.id: c.posterior for c in stated.ranking}
    ccc = next(node for node in stated.states if node.id == "CCC")
    assert ccc.prior == pytest.approx(0.9)


def test_without_detail_the_conclusion_is_the_same(make):
    full, brief = make.assess(make.full_scene()), make.assess(make.full_scene(), detail=False)
    assert brief.conclusion == full.conclusion
    assert brief.ranking == full.ranking
    assert brief.sensitivity.leave_one_trait_out == ()
    assert full.sensitivity.leave_one_trait_out


def test_leaving_out_the_ring_is_pivotal(make):
    found = make.assess(make.full_scene()).sensitivity
    ring = next(entry for entry in found.leave_one_trait_out if entry.left_out == "ring")
    assert ring.pivotal
    assert ring.delta < -1
    assert "ring" in found.pivotal
    rest = make.full_scene()
    rest.comparisons = [c for c in rest.comparisons if c.table.trait != "ring"]
    again = make.assess(rest)
    family = next(node for node in again.families if node.id == "alpha")
    assert ring.log10_lr == pytest.approx(family.log10_lr, abs=1e-9)


def test_a_change_of_band_or_node_is_pivotal_whatever_the_distance(make):
    found = make.assess(make.full_scene(), make.catalogue(pivotal_delta_log10=50.0)).sensitivity
    assert found.pivotal == ("ring",)  # the diameter moves the ratio as well, but stays in its band


def test_leaving_out_the_only_source_returns_its_values_to_unknown(make):
    found = make.assess(make.full_scene()).sensitivity.leave_one_source_out
    assert [entry.left_out for entry in found] == ["S1"]  # ring, diameter and vanes cite it and nothing else
    assert found[0].log10_lr < 0.7
    assert found[0].pivotal


def test_variants_and_ladder(make):
    variants = {v.name: v for v in make.assess(make.full_scene()).sensitivity.variants}
    reported = make.assess(make.full_scene()).conclusion.log10_lr
    assert variants["no robustness exponent"].log10_lr > reported
    assert variants["naive product, catalogue trusted"].log10_lr > variants["no robustness exponent"].log10_lr
    assert variants["design traits and conventions of the state"].log10_lr == pytest.approx(reported)
    assert variants["design traits only"].state_log10_lr < variants["no robustness exponent"].state_log10_lr
    thetas = [variants[f"coverage of the catalogue, theta {t}"].log10_lr for t in ("0.1", "0.3", "3", "10")]
    assert len(set(thetas)) == 4


def test_next_examinations_separate_the_tie(make):
    scene = make.full_scene()
    likelihood = np.full((2, len(scene.leaves)), 0.5)
    weight = np.zeros(len(scene.leaves))
    for name, column in (("alpha-1", (1.0, 0.0)), ("alpha-2", (0.0, 1.0))):
        likelihood[:, scene.index(name)], weight[scene.index(name)] = column, 0.9
    origin = np.where(weight > 0, 9, -1)
    length = TraitTable("length", "body", ("short", "long"), likelihood, np.array([0.5, 0.5]), weight, origin)
    found = make.assess(scene, tables={"length": length}).next
    assert [entry.trait for entry in found] == ["length"]
    assert found[0].separates == ("alpha-2",)
    assert found[0].gain_type_bits > 0.2
    assert found[0].gain_state_bits < 0.01


def test_limitations_and_bibliography(make):
    rules = [
        LimitationRule(id="b", because="Always so.", sources=("S3",)),
        LimitationRule(id="a", because="Two states.", when={"state_in_tie": ("BBB",)}, sources=("S2",)),
    ]
    found = make.assess(make.full_scene(), make.catalogue(rules))
    assert [entry.id for entry in found.limitations] == ["b"]
    assert [entry.id for entry in found.bibliography] == ["S1", "S3"]
    assert found.bibliography[0].publisher == "publisher S1"


def test_hypotheses_in_another_order_give_the_same_document(make):
    scene = make.full_scene()
    order = list(range(len(scene.leaves)))[::-1]
    turned = make.scene(tuple(scene.leaves[i] for i in order))
    for c in scene.comparisons:
        t = c.table
        turned.comparisons.insert(
            0,
            type(c)(
                c.findings,
                TraitTable(
                    t.trait, t.block, t.labels, t.likelihood[:, order], t.background, t.weight[order], t.origin[order]
                ),
                c.quality,
                tuple(c.expected[i] for i in order),
                tuple(c.match[i] for i in order),
                tuple(c.because[i] for i in order),
            ),
        )
    turned.edges = [type(e)(e.first, e.second, e.log_edge, e.applies[order]) for e in scene.edges]
    assert make.assess(turned).model_dump_json() == make.assess(scene).model_dump_json()


def test_rounding_keeps_nine_digits_and_no_negative_zero():
    assert rounded(1 / 3) == 0.333333333
    assert str(rounded(-0.0)) == "0.0"
    assert rounded(1.23456789012e-12) == 1.23456789e-12


def test_the_shipped_parameters_state_every_number_this_room_needs(make):
    path = Path(__file__).parents[2] / "signatures" / "parameters.yaml"
    tree, faults = read(path)
    assert not faults
    entries = {
        name: Parameter(value=float(entry["value"]), provenance=entry["provenance"])
        for name, entry in plain(tree).items()
    }
    settings = Settings.read(Parameters(entries=entries))
    assert settings.naming_log10 == pytest.approx(3.0)
    assert set(settings.cost) == {"photo", "measure", "dismantle", "laboratory"}
    assert set(make.defaults) <= set(entries)
