"""Two hypotheses in dispute: what tells them apart, not what tells anything apart."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess import dispute
from forensics.errors import InputError
from forensics.model.tables import TraitTable


def table_of(scene, name, columns, block="body"):
    likelihood = np.full((2, len(scene.leaves)), 0.5)
    weight = np.zeros(len(scene.leaves))
    for leaf, column in columns.items():
        likelihood[:, scene.index(leaf)], weight[scene.index(leaf)] = column, 0.9
    origin = np.where(weight > 0, 50, -1)
    return TraitTable(name, block, ("short", "long"), likelihood, np.array([0.5, 0.5]), weight, origin)


def settle(make, scene, between, **tables):
    return dispute(scene.comparisons, scene.edges, scene.leaves, make.catalogue(), tables=tables, between=between)


def test_a_trait_that_separates_others_is_worth_nothing_here(make):
    scene = make.full_scene()
    length = table_of(scene, "length", {"alpha-1": (1.0, 0.0), "alpha-2": (0.0, 1.0)})
    script = table_of(scene, "script", {"alpha-1": (1.0, 0.0), "alpha-2": (1.0, 0.0)}, block="marking")
    found = settle(make, scene, ("alpha-1", "alpha-2"), length=length, script=script)
    assert [entry.trait for entry in found.examinations] == ["length"]
    entry = found.examinations[0]
    # p(short) is .5 + q w (1 - .5) under one and .5 - q w .5 under the other, tempered by the exponent
    assert 0.5 < entry.log10_if_first < 1.2
    assert entry.log10_if_first == pytest.approx(entry.log10_if_second, abs=1e-6)


def test_the_standing_is_the_ratio_of_the_two_and_turns_round(make):
    scene = make.full_scene()
    one = settle(make, scene, ("alpha-1", "BBB"))
    other = settle(make, scene, ("BBB", "alpha-1"))
    assert one.log10_ratio == pytest.approx(-other.log10_ratio, abs=1e-6)
    assert one.log10_ratio > 1


def test_unknown_and_overlapping_names_are_refused_with_what_to_do(make):
    scene = make.full_scene()
    with pytest.raises(InputError) as caught:
        settle(make, scene, ("alpha1", "nothing-like-it"))
    assert len(caught.value.faults) == 2
    assert "alpha-1" in str(caught.value)
    with pytest.raises(InputError, match="overlap"):
        settle(make, scene, ("alpha-1", "alpha"))
