"""Simulated sheets: deterministic, calibrated where the model holds, worse elsewhere; families left out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from forensics.catalogue import load, resolve
from forensics.model.catalogue import Catalogue
from forensics.validate.bench import SHIFT, Bench, make_bench, translate
from forensics.validate.concluding import Concluder, Naming
from forensics.validate.leave_out import leave_families_out, pooled_auroc
from forensics.validate.metrics import exceeding, split_cllr
from forensics.validate.simulate import SCENARIOS, draw_sheets, draw_world
from forensics.validate.study import study_scenario

WELL, MISSPECIFIED, SEVERE = SCENARIOS
YEAR = 2025


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="module")
def bench(catalogue: Catalogue) -> Bench:
    """Two states' missiles: small enough to be quick, mixed enough to confuse."""
    leaves = resolve(catalogue, classes=("ballistic_missile", "air_defence_missile"), event_year=YEAR)[0]
    return make_bench(leaves, catalogue, event_year=YEAR)


def test_the_same_world_gives_the_same_sheets(bench: Bench) -> None:
    drawn = []
    for _ in range(2):
        rng = np.random.default_rng([SEVERE.number, 4])
        drawn.append(draw_sheets(bench, draw_world(bench, SEVERE, rng), SEVERE, 200, rng))
    assert np.array_equal(drawn[0].codes, drawn[1].codes)
    assert np.array_equal(drawn[0].truth, drawn[1].truth)
    assert (drawn[0].recorded >= 2).all()


def test_values_hold_as_often_as_their_weight_says_and_less_often_where_grades_are_overstated(bench: Bench) -> None:
    known = np.array([table.weight > 0 for table in bench.tables])
    weight = np.array([table.weight for table in bench.tables])
    shares = {}
    for scenario in (WELL, SEVERE):
        holding = []
        for number in range(40):
            law = draw_world(bench, scenario, np.random.default_rng([number])).law
            holding.append((law == np.arange(law.shape[1]))[known].mean())
        shares[scenario.id] = float(np.mean(holding))
    assert shares["well-specified"] == pytest.approx(weight[known].mean(), abs=0.02)
    assert shares["severe"] == pytest.approx(0.75 * weight[known].mean(), abs=0.03)


def test_values_of_one_source_fail_together(bench: Bench) -> None:
    """Two traits of one block resting on one source hold or fail as one, up to the difference of their weights."""
    pairs = [
        (one, other, leaf)
        for one, first in enumerate(bench.tables)
        for other, second in enumerate(bench.tables[:one])
        if first.block == second.block
        for leaf in np.flatnonzero((first.origin == second.origin) & (first.origin >= 0))
        if abs(first.weight[leaf] - second.weight[leaf]) < 1e-9 and 0 < first.weight[leaf] < 0.9
    ][:20]
    assert pairs
    for number in range(10):
        law = draw_world(bench, WELL, np.random.default_rng([number])).law
        for one, other, leaf in pairs:
            assert (law[one, leaf] == leaf) == (law[other, leaf] == leaf)


def test_sheets_translate_between_catalogues_without_changing_their_meaning(bench: Bench, catalogue: Catalogue) -> None:
    kept = [leaf for leaf in bench.hypotheses if leaf.family != "hwasong-11"]
    reduced = make_bench(kept, catalogue, event_year=YEAR)
    rng = np.random.default_rng(0)
    drawn = draw_sheets(bench, draw_world(bench, WELL, rng), WELL, 100, rng)
    moved = translate(drawn.codes, bench, reduced)
    compared = 0
    for column, table in enumerate(reduced.tables):
        source = bench.traits.index(table.trait)
        for old, new in zip(drawn.codes[:, source], moved[:, column], strict=True):
            assert (old < 0) == (new < 0)
            label, wanted = bench.tables[source].labels[max(old, 0)], table.labels[max(new, 0)]
            if old > 0 and label.split()[0][0].isdigit() and " to " in label:
                low, high = (float(part) for part in label.split()[:3:2])
                ends = [float(part) for part in wanted.split() if part[0].isdigit()]
                reach = (0.0, ends[0]) if wanted.startswith("below") else (ends[0], (*ends[1:], 1e9)[0])
                assert reach[0] <= (low + high) / 2 <= reach[1]
                compared += 1
            elif old >= 0 and label in table.labels:
                assert wanted == label
                compared += 1
    assert compared > 100
    assert np.array_equal(translate(drawn.codes, bench, bench), drawn.codes)


def test_ratios_are_calibrated_where_the_model_holds_and_lose_where_it_does_not(bench: Bench) -> None:
    costs = {}
    for scenario in (WELL, SEVERE):
        study = study_scenario(bench, scenario, worlds=4, sheets=300, concluded=45)
        total, least, loss = split_cllr(*study.tallies["type", "all"].arrays())
        costs[scenario.id] = total
        _, h2, _, w2 = study.tallies["state", "all"].arrays()
        assert exceeding(h2, np.array([2.0]), w2)[0] < 0.01
        assert least < total < 1.0
        if scenario is WELL:
            assert loss < 0.05
            assert 0.85 < study.scores.covered.mean() < 0.99
            assert study.naming.sheets == 180
            assert sum(number for number, _, _ in study.naming.kinds.values()) == 180
    assert costs["severe"] > costs["well-specified"] + 0.05


def test_a_naive_product_would_fail_the_calibration_test(bench: Bench) -> None:
    """The measure can fail: trusting every value (w near 1, no tempering) costs more than it should."""
    trusting = dataclasses.replace(
        bench,
        tables=tuple(
            dataclasses.replace(
                table,
                weight=np.where(table.weight > 0, 0.98, 0.0),
                origin=np.where(table.weight > 0, np.arange(table.weight.size) + 1000 * number, -1),
            )
            for number, table in enumerate(bench.tables)
        ),
        rho=dict.fromkeys(bench.rho, 0.0),
        settings=dataclasses.replace(bench.settings, exponent=1.0),
    )
    rng = np.random.default_rng([SEVERE.number, 0])
    drawn = draw_sheets(bench, draw_world(bench, SEVERE, rng), SEVERE, 600, rng)
    rows, listed = np.arange(600), bench.listed[drawn.truth]
    costs = []
    for engine in (bench, trusting):
        ratio = engine.score(drawn.codes) / np.log(10)
        true = ratio[rows, drawn.truth][listed]
        others = np.delete(ratio, np.flatnonzero(~bench.listed), axis=1)
        costs.append(split_cllr(true, others[~listed].ravel())[2])
    assert costs[1] > 2 * costs[0]


def test_what_is_left_out_is_told_from_what_is_not(bench: Bench, catalogue: Catalogue) -> None:
    found = leave_families_out(bench, catalogue, WELL, sheets=80, limit=2, event_year=YEAR)
    assert len(found) == 2
    assert all(len(entry.out.lead) == len(entry.out.known) <= 80 for entry in found)
    assert pooled_auroc(found) > 0.55
    again = leave_families_out(bench, catalogue, WELL, sheets=80, limit=2, event_year=YEAR)
    assert [entry.auroc for entry in again] == [entry.auroc for entry in found]


def test_rules_evaluated_together_say_what_they_say_of_one_sheet(bench: Bench) -> None:
    concluder = Concluder(bench)
    seen = set()
    for scenario in (WELL, SEVERE):
        rng = np.random.default_rng([scenario.number, 77])
        drawn = draw_sheets(bench, draw_world(bench, scenario, rng), scenario, 250, rng)
        log_lr = bench.score(drawn.codes)
        outcomes = {0: "insufficient", 1: "none_fits"}
        for row, place in enumerate(concluder.settled(drawn.codes, log_lr).tolist()):
            found = concluder.verdict(drawn.codes[row], log_lr[row]).outcome
            seen.add((place, found))
            if place in outcomes:
                assert found == outcomes[place]
            else:
                assert found != "none_fits"
    assert {(0, "insufficient"), (1, "none_fits"), (2, "named")} <= seen


def test_conclusions_are_counted_by_world(bench: Bench) -> None:
    naming, concluder = Naming(2), Concluder(bench)
    for world in (0, 1):
        rng = np.random.default_rng([WELL.number, world])
        drawn = draw_sheets(bench, draw_world(bench, WELL, rng), WELL, 150, rng)
        concluder.add(naming, drawn, bench.score(drawn.codes), world)
    assert naming.sheets == naming.listed + naming.unlisted == 300
    for outcome in ("named", "tie"):
        number, right, _ = naming.rate(outcome)
        assert naming.by_world(outcome).sum(axis=0).tolist() == [number, number - right]


def test_measured_values_of_a_shifted_world_are_off_by_the_shift(bench: Bench) -> None:
    column = bench.traits.index("body_diameter_mm")
    labels = bench.tables[column].labels
    smaller, larger = bench.shifted_rows(column)
    for row in range(1, len(labels) - 1):
        low, high = (float(part) for part in labels[row].split()[:3:2])
        for place, factor in ((smaller[row], 1 - SHIFT), (larger[row], 1 + SHIFT)):
            ends = [float(part) for part in labels[place].split() if part[0].isdigit()]
            if 0 < place < len(labels) - 1:
                assert ends[0] * 0.999 <= (low + high) / 2 * factor <= ends[1] * 1.001
    rng = np.random.default_rng(3)
    world = draw_world(bench, SEVERE, rng)
    assert 0.3 < (world.shift[column] != 0).mean() < 0.7
    assert not world.shift[~bench.measured].any()
    assert not draw_world(bench, WELL, np.random.default_rng(3)).shift.any()


def test_year_marks_are_drawn_as_they_are_and_scored_as_they_are_believed(catalogue: Catalogue) -> None:
    leaves = resolve(catalogue, states=("DPRK", "RUS"), event_year=YEAR)[0]
    bench = make_bench(leaves, catalogue, event_year=YEAR)
    believed = bench.tables[bench.traits.index("year_mark")]
    real = bench.otherwise["year_mark"]
    assert real.labels == believed.labels
    leaf = [leaf.id for leaf in leaves].index("hwasong-11a")
    recent = believed.labels.index(str(YEAR - 1 - 1911))
    assert real.likelihood[recent, leaf] < 0.2 * believed.likelihood[recent, leaf]
