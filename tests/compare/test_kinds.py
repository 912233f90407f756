"""Counts, presence, categories, likeness: the kinds with a finite latent value."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from forensics.compare import compare
from forensics.compare.category import confusion
from forensics.compare.count import column, miscount
from forensics.compare.presence import column as presence_column
from forensics.compare.records import record_of
from forensics.model.evidence import Method


@pytest.mark.parametrize(("coverage", "expected"), [(1.0, 19.8), (0.6, 2.31), (0.3, 1.39), (0.0, 1.0)])
def test_absence_with_damage(make: SimpleNamespace, coverage: float, expected: float) -> None:
    finding = make.finding("raceway", {"kind": "absent", "coverage": coverage})
    there, not_there = presence_column(record_of(finding, make.parameters()), make.parameters())
    assert not_there / there == pytest.approx(expected, abs=0.01)


def test_presence_speaks_for_designs_that_have_it(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(make.trait("raceway", "presence"))
    has = make.hypothesis("has", raceway=({"kind": "presence", "probability": 1.0}, 0.9))
    lacks = make.hypothesis("lacks", raceway=({"kind": "presence", "probability": 0.0}, 0.9))
    seen = make.ratios(compare([make.finding("raceway", {"kind": "presence"})], [has, lacks], catalogue)[0][0])
    assert seen[0] > 1.5
    assert seen[1] < 0.3
    missing = make.finding("raceway", {"kind": "absent", "coverage": 0.0})
    assert make.ratios(compare([missing], [has, lacks], catalogue)[0][0]) == pytest.approx([1.0, 1.0])


def test_miscount_rows_and_golden_shares(make: SimpleNamespace) -> None:
    kernel = miscount(30, make.parameters())
    assert np.allclose(kernel.sum(axis=1), 1.0, atol=1e-12)
    assert kernel[4, 4] == pytest.approx(0.97)
    assert kernel[4, 5] == pytest.approx(0.4 * 0.03)
    assert kernel[20, 18] == pytest.approx(0.1 * 0.10)
    assert kernel[24, 24] == pytest.approx(0.80)


def test_count_with_a_visible_fraction_and_at_least(make: SimpleNamespace) -> None:
    parameters = make.parameters()

    def likelihood(**value: object) -> np.ndarray:
        return column(record_of(make.finding("fins", {"kind": "count", **value}), parameters), 20, parameters)

    half = likelihood(count=2, visible_fraction=0.5)
    assert half[4] == pytest.approx(0.97)
    assert half[5] == pytest.approx(0.5 * 0.97 + 0.5 * 0.4 * 0.03)
    assert half[4] > half[8]
    at_least = likelihood(count=4, at_least=True)
    assert at_least[8] == pytest.approx(1.0)
    assert at_least[2] == pytest.approx(0.1 * 0.03)


def test_absent_canards_speak_for_none_by_coverage(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(make.trait("canard_count", "count"))
    none = make.hypothesis("none", canard_count=({"kind": "count", "probabilities": {0: 1.0}}, 0.9))
    four = make.hypothesis("four", canard_count=({"kind": "count", "probabilities": {4: 1.0}}, 0.9))

    def ratio(coverage: float) -> float:
        finding = make.finding("canard_count", {"kind": "absent", "coverage": coverage})
        table = compare([finding], [none, four], catalogue)[0][0].table
        return float(table.likelihood[0, 0] / table.likelihood[0, 1])

    assert ratio(1.0) == pytest.approx(19.8, abs=0.01)
    assert ratio(0.3) == pytest.approx(1.39, abs=0.01)
    assert ratio(0.0) == pytest.approx(1.0)


def test_an_absent_category_is_compared_with_a_value_for_none(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(make.trait("colour_band", "category", values=("none", "yellow")))
    none = make.hypothesis("bare", colour_band=({"kind": "category", "probabilities": {"none": 1.0}}, 0.9))
    banded = make.hypothesis("banded", colour_band=({"kind": "category", "probabilities": {"yellow": 1.0}}, 0.9))
    finding = make.finding("colour_band", {"kind": "absent", "coverage": 1.0})
    ratios = make.ratios(compare([finding], [none, banded], catalogue)[0][0])
    assert ratios[0] > 1.0 > ratios[1]


def test_confusion_prefers_similar_values_and_follows_the_method(make: SimpleNamespace) -> None:
    labels = ("lattice", "fixed", "folding")
    trait = make.trait("fin_form", "category", values={"lattice": (), "fixed": ("folding",), "folding": ()})
    matrix = confusion(trait, labels, Method.PHOTOGRAPH, make.parameters())
    assert np.allclose(matrix.sum(axis=1), 1.0)
    assert matrix[1, 1] == 0.95
    assert matrix[1, 2] == pytest.approx(0.05 * 0.75)
    assert matrix[2, 1] == matrix[1, 2]
    assert matrix[0, 1] == pytest.approx(0.025)
    assert confusion(trait, labels, Method.LOW_RESOLUTION, make.parameters())[0, 0] == 0.85


def test_undecided_between_two_weighs_less_than_decided(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(make.trait("fin_form", "category", values=("lattice", "fixed", "folding")))
    lattice = make.hypothesis("x", fin_form=({"kind": "category", "probabilities": {"lattice": 1.0}}, 0.9))

    def ratio(weights: dict[str, float]) -> float:
        finding = make.finding("fin_form", {"kind": "category", "weights": weights})
        return float(make.ratios(compare([finding], [lattice], catalogue)[0][0])[0])

    assert ratio({"lattice": 1.0}) > ratio({"lattice": 1.0, "fixed": 1.0}) > 1.0 > ratio({"fixed": 1.0})
    assert ratio({"lattice": 1.0, "fixed": 1.0, "folding": 1.0}) == pytest.approx(1.0)


def test_missing_probability_goes_to_the_other_values(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(
        make.trait("fin_form", "category", values=("a", "b", "c")), category_accuracy_photograph=1
    )
    mostly = make.hypothesis("x", fin_form=({"kind": "category", "probabilities": {"a": 0.8}}, 0.9))
    finding = make.finding("fin_form", {"kind": "category", "weights": {"b": 1.0}})
    assert compare([finding], [mostly], catalogue)[0][0].table.likelihood[0, 0] == pytest.approx(0.1)


def test_two_scripts_on_one_item_are_two_marks(make: SimpleNamespace) -> None:
    scripts = ("hangul", "cyrillic", "latin")
    rates = {"hangul": 0.02, "cyrillic": 0.18, "latin": 0.8}
    catalogue = make.catalogue(
        make.trait("marking_script", "category", values=scripts, level="state"),
        backgrounds={"marking_script": {"rates": rates}},
    )
    expected = {"kind": "category", "probabilities": {"hangul": 0.6, "latin": 0.4}}
    hypotheses = [make.hypothesis("x", marking_script=(expected, 0.9))]

    def ratio(*seen: str) -> float:
        findings = [
            make.finding("marking_script", {"kind": "category", "weights": {script: 1.0}}, number=n)
            for n, script in enumerate(seen)
        ]
        table = compare(findings, hypotheses, catalogue)[0][0].table
        return float(table.likelihood[0, 0] / table.background[0])

    assert ratio("hangul", "latin") == pytest.approx(ratio("hangul") * ratio("latin"), rel=1e-9)
    # the same script twice is one convention seen twice
    assert ratio("hangul") < ratio("hangul", "hangul") < 0.6 / 0.02


@pytest.mark.parametrize(("score", "expected"), [(0.5, 0.0), (0.99, 1.0), (0.01, -1.0)])
def test_likeness_is_capped_at_ten(make: SimpleNamespace, score: float, expected: float) -> None:
    catalogue = make.catalogue(make.trait("reference_match", "score", block="visual"))
    hypotheses = [make.hypothesis("x", family="f"), make.hypothesis("y", family="g")]
    finding = make.finding("reference_match", {"kind": "score", "scores": {"f": score}})
    comparison = compare([finding], hypotheses, catalogue)[0][0]
    assert math.log10(comparison.table.likelihood[0, 0]) == pytest.approx(expected, abs=1e-9)
    assert make.ratios(comparison)[1] == 1.0
    assert abs(make.log10(comparison)[0]) <= 1.0


def test_what_is_left_of_a_convention_is_spread_as_elsewhere(make: SimpleNamespace) -> None:
    rates = {"hangul": 0.02, "cyrillic": 0.18, "latin": 0.8}
    catalogue = make.catalogue(
        make.trait("marking_script", "category", values=tuple(rates), level="state"),
        backgrounds={"marking_script": {"rates": rates}},
        category_accuracy_photograph=1.0,
        script_false_positive_examiner=0.0,
    )
    mostly = make.hypothesis("x", marking_script=({"kind": "category", "probabilities": {"cyrillic": 0.9}}, 0.9))
    finding = make.finding("marking_script", {"kind": "category", "weights": {"hangul": 1.0}})
    table = compare([finding], [mostly], catalogue)[0][0].table
    assert table.likelihood[0, 0] == pytest.approx(0.1 * 0.02 / 0.82)


@pytest.mark.parametrize("count", [400, 5_000, 10**9])
def test_an_absurd_count_is_answered_all_the_same(make: SimpleNamespace, count: int) -> None:
    catalogue = make.catalogue(make.trait("fin_count", "count"), make.trait("igniter", "ring"))
    four = make.hypothesis(
        "four",
        fin_count=({"kind": "count", "probabilities": {4: 1.0}}, 0.9),
        igniter=({"kind": "ring", "count": 20, "spacing": "even"}, 0.9),
    )
    findings = [
        make.finding("fin_count", {"kind": "count", "count": count, "visible_fraction": 0.01}, number=1),
        make.finding("igniter", {"kind": "ring", "counted": count}, number=2),
    ]
    for comparison in compare(findings, [four], catalogue)[0]:
        assert make.ratios(comparison)[0] == pytest.approx(1 - 0.95 * 0.9, abs=0.01)


def test_a_mark_without_a_character_is_not_scored(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(make.trait("marking_text", "text"))
    korean = make.hypothesis("x", marking_text=({"kind": "text", "strings": {"A": 1.0}}, 0.9))
    finding = make.finding("marking_text", {"kind": "text", "readings": [{"text": "  "}]})
    assert compare([finding], [korean], catalogue) == ((), (("o001", "no character was read"),))
