"""Types on cases made from their own values."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.catalogue import load, resolve
from forensics.model.catalogue import (
    Catalogue,
    Citation,
    Expectation,
    ExpectedCategory,
    Hypothesis,
    Statement,
)
from forensics.validate.own_values import draw_traits, sheet_of
from forensics.validate.recognition import recognise, recognise_all


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def test_no_type_is_overtaken_by_one_that_contradicts_the_record(catalogue: Catalogue) -> None:
    every_fourth = sorted(catalogue.signatures)[::4]
    found = list(recognise_all(catalogue, draws=1, only=every_fourth))
    assert len(found) >= 30
    overtaken = {(entry.type_id, rival.above, rival.differing) for entry in found for rival in entry.overtaken_by}
    assert not overtaken
    # Most cases hold a type's state conventions and little else: level with others of the state, never far behind.
    assert max(entry.behind_log10 for entry in found) <= 1.0


def test_a_type_that_states_another_value_with_more_weight_is_reported(catalogue: Catalogue) -> None:
    """The check can fail: a rival whose other values are trusted far more overtakes on the traits they share."""
    hypotheses = resolve(catalogue)[0]
    true = next(entry for entry in hypotheses if entry.id == "9m79-1")
    traits = ("body_diameter_mm", "fin_form", "marking_script", "wing_count")
    assert set(traits) <= set(true.expectations)

    def weighed(hypothesis: Hypothesis, weights: dict[str, float]) -> Hypothesis:
        expectations = {
            name: Expectation(
                trait=name,
                statements=(
                    Statement(
                        value=hypothesis.expectations[name].statements[0].value,
                        citations=hypothesis.expectations[name].statements[0].citations,
                        weight=weight,
                    ),
                ),
                stated_at=hypothesis.id,
                origin=f"{hypothesis.id}:{name}",
            )
            for name, weight in weights.items()
        }
        return hypothesis.model_copy(update={"expectations": expectations})

    weak = weighed(true, dict.fromkeys(traits, 0.1))
    rival = weighed(true, dict.fromkeys(traits[:3], 0.9)).model_copy(update={"id": "9m723"})
    other = Expectation(
        trait="marking_script",
        statements=(
            Statement(
                value=ExpectedCategory(probabilities={"han": 1.0}),
                citations=(Citation(source="X", grade="D4", basis="background"),),
                weight=0.05,
            ),
        ),
        stated_at="9m723",
        origin="X",
    )
    rival = rival.model_copy(update={"expectations": {**rival.expectations, "marking_script": other}})
    crowd = tuple(entry for entry in hypotheses if entry.id not in ("9m79-1", "9m723"))
    found = recognise(weak, traits, (weak, rival, *crowd), catalogue, np.random.default_rng(0))
    assert found is not None
    assert found.overtaken_by[0].above == "9m723"
    assert found.overtaken_by[0].differing == ("marking_script",)


def test_the_same_seed_makes_the_same_sheet(catalogue: Catalogue) -> None:
    true = next(entry for entry in resolve(catalogue)[0] if entry.id == "hwasong-11a")
    sheets = []
    for _ in range(2):
        rng = np.random.default_rng([7])
        sheets.append(sheet_of(true, draw_traits(true, 0.5, rng), catalogue, rng))
    assert sheets[0] == sheets[1]
    assert {entry.trait for entry in sheets[0]} <= set(true.expectations)
