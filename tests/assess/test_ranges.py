"""Other judgements of the method: every range is covered, only what enters a likelihood is drawn, nothing drifts."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess import Recompare
from forensics.assess.ranges import Drawn, drawn_parameters, ranged
from forensics.catalogue import load


def test_draws_cover_each_range_evenly_and_stay_inside() -> None:
    parameters = load().parameters
    sets, values = drawn_parameters(parameters, 40)
    assert len(sets) == 40
    for name in ranged(parameters):
        entry = parameters.entries[name]
        low, high = entry.low, entry.high
        drawn = values[name]
        assert ((drawn >= low) & (drawn <= high)).all()
        logarithmic = low > 0 and high / low >= 5
        place = np.log(drawn / low) / np.log(high / low) if logarithmic else (drawn - low) / (high - low)
        assert sorted(np.floor(place * 40).astype(int).tolist()) == list(range(40))
        assert [chosen[name] for chosen in sets] == pytest.approx(drawn.tolist())


def test_gates_grades_and_the_coverage_prior_are_not_drawn() -> None:
    names = ranged(load().parameters)
    assert {"global_exponent", "foreign_occurrence_floor", "marks_examined_default", "student_nu"} <= set(names)
    assert not {"naming_lr", "reliability_a", "weight_cap", "state_coverage_theta", "bootstrap_beta"} & set(names)


def test_drivers_are_what_moves_the_ratio() -> None:
    rng = np.random.default_rng(0)
    values = {"moves": rng.random(40), "does_not": rng.random(40)}
    drawn = Drawn(np.zeros((40, 2)), values)
    assert [name for name, _ in drawn.drivers(np.log(values["moves"]))] == ["moves"]
    assert drawn.drivers(np.zeros(40)) == ()


def test_the_widest_interval_is_quoted(make) -> None:
    scene = make.full_scene()
    parameters = {"global_exponent": (0.8, 1.0), "trait_cap_log10": (2.0, 2.0)}
    catalogue = make.catalogue()
    entries = {
        name: entry.model_copy(update=dict(zip(("low", "high"), parameters[name], strict=True)))
        if name in parameters
        else entry.model_copy(update={"low": None, "high": None})
        for name, entry in catalogue.parameters.entries.items()
    }
    catalogue = catalogue.model_copy(
        update={"parameters": catalogue.parameters.model_copy(update={"entries": entries})}
    )
    asked = []

    def under(drawn):
        asked.append(drawn["global_exponent"])
        return scene.comparisons, scene.edges

    found = make.assess(scene, catalogue, recompare=Recompare(under)).sensitivity
    assert len(asked) == round(catalogue.parameters["range_draws"])
    assert len(set(asked)) == len(asked)
    low, middle, high = found.elicited_ranges
    assert low < middle < high
    assert found.range_drivers[0][0] == "global_exponent"
    bootstrap = (found.bootstrap[0], found.bootstrap[2])
    assert found.widest == max((bootstrap, (low, high)), key=lambda ends: ends[1] - ends[0])
    assert make.assess(scene, catalogue).sensitivity.elicited_ranges is None


def test_the_event_date_is_the_last_rung_of_the_ladder(make) -> None:
    scene = make.full_scene()
    undated = [c for c in scene.comparisons if c.table.trait != "ring"]
    recompare = Recompare(lambda _: (scene.comparisons, scene.edges), lambda: (undated, ()))
    found = make.assess(scene, recompare=recompare)
    rungs = {variant.name: variant.log10_lr for variant in found.sensitivity.variants}
    assert rungs["the date of the event added"] == pytest.approx(found.conclusion.log10_lr)
    assert rungs["design traits and conventions of the state"] < rungs["the date of the event added"]
