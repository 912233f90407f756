"""The core identity: bounds, neutrality, caps, order."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.compare import compare
from forensics.compare.comparing import comparison_of
from forensics.compare.records import Scored
from forensics.compare.stated import number_origins, state_values
from forensics.model.evidence import Method


@pytest.mark.parametrize(("weight", "expected"), [(0.97, 0.97), (0.90, 0.94), (0.70, 0.84), (0.40, 0.65)])
@pytest.mark.parametrize(("ratio", "factor"), [(10.0, None), (0.0, True)])
def test_golden_ratio_of_ten_and_of_nothing(
    make: SimpleNamespace, weight: float, expected: float, ratio: float, factor: bool | None
) -> None:
    trait = make.trait("fin_count", "count")
    hypotheses = [make.hypothesis("a", fin_count=({"kind": "count", "probabilities": {4: 1.0}}, weight))]
    stated = state_values(trait, hypotheses, make.catalogue(trait), number_origins(hypotheses))
    comparison = comparison_of(stated, Scored(np.array([ratio]), 1.0, 0.95, "four"), [])
    value = make.log10(comparison)[0]
    if factor:
        assert value == pytest.approx(math.log10(1 - 0.95 * weight), abs=1e-12)
    else:
        assert value == pytest.approx(expected, abs=0.006)


def _four_fins(make: SimpleNamespace) -> tuple[object, list[object]]:
    catalogue = make.catalogue(make.trait("fin_count", "count"), make.trait("vane_count", "count"))
    hypotheses = [
        make.hypothesis(
            "a",
            fin_count=({"kind": "count", "probabilities": {4: 1.0}}, 0.9),
            vane_count=({"kind": "count", "probabilities": {4: 1.0}}, 0.9),
        ),
        make.hypothesis("b", fin_count=({"kind": "count", "probabilities": {6: 1.0}}, 0.7)),
        make.hypothesis("unlisted@other", listed=False, state="other"),
    ]
    return catalogue, hypotheses


def test_unknown_is_exactly_neutral(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)
    comparisons, not_scored = compare(
        [make.finding("vane_count", {"kind": "count", "count": 4})], hypotheses, catalogue
    )
    ratios = make.ratios(comparisons[0])
    assert ratios[1] == 1.0
    assert ratios[2] == 1.0
    assert comparisons[0].table.weight[1] == 0.0
    assert comparisons[0].table.origin[1] == -1
    assert comparisons[0].match[1] == "unknown"
    assert not_scored == ()


def test_not_examinable_is_not_scored_with_its_reason(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)
    finding = make.finding("vane_count", {"kind": "not_examinable", "reason": "burnt off"})
    comparisons, not_scored = compare([finding], hypotheses, catalogue)
    assert comparisons == ()
    assert not_scored == (("o001", "not examinable: burnt off"),)


def test_what_nobody_states_and_what_does_not_fit_the_trait_is_not_scored(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)
    findings = [
        make.finding("vane_count", {"kind": "measured", "value": 3.0, "unit": "mm"}, number=1),
        make.finding("nozzle_count", {"kind": "count", "count": 1}, number=2),
        make.finding("vane_count", {"kind": "count", "count": 4}, number=3),
    ]
    comparisons, not_scored = compare(findings, [hypotheses[1]], catalogue)
    assert comparisons == ()
    assert [observation for observation, _ in not_scored] == ["o001", "o002", "o003"]
    assert "recorded as measured" in not_scored[0][1]
    assert "vocabulary" in not_scored[1][1]
    assert "weighs nothing" in not_scored[2][1]


def test_quality_follows_method_confidence_and_review(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)

    def quality(**how: object) -> float:
        finding = make.finding("fin_count", {"kind": "count", "count": 4}, **how)
        return float(compare([finding], hypotheses, catalogue)[0][0].quality)

    assert quality(method=Method.PHYSICAL) == 0.98
    assert quality(method=Method.THIRD_PARTY) == 0.80
    assert quality(method=Method.AUTOMATIC, reviewed=False) == 0.70
    assert quality(method=Method.AUTOMATIC, reviewed=True) == 0.95
    assert quality(method=Method.PHYSICAL, confidence=0.5) == pytest.approx(0.49)


def test_several_records_are_one_comparison_and_multiply_inside(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)
    one = make.finding("fin_count", {"kind": "count", "count": 4}, number=1)
    two = make.finding("fin_count", {"kind": "count", "count": 4}, number=2)
    other = make.finding("fin_count", {"kind": "count", "count": 6}, number=2)
    single = make.log10(compare([one], hypotheses, catalogue)[0][0])[0]
    agreeing = compare([one, two], hypotheses, catalogue)[0]
    assert len(agreeing) == 1
    # a second look at the same thing adds a little, never the same weight again
    assert single < make.log10(agreeing[0])[0] < 1.2 * single
    contradicting = make.log10(compare([one, other], hypotheses, catalogue)[0][0])
    assert contradicting[0] < single


def test_the_order_of_findings_and_hypotheses_does_not_matter(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)
    findings = [
        make.finding("vane_count", {"kind": "count", "count": 4}, number=1),
        make.finding("fin_count", {"kind": "count", "count": 4}, number=2),
    ]
    straight, _ = compare(findings, hypotheses, catalogue)
    turned, _ = compare(findings[::-1], hypotheses[::-1], catalogue)
    for one, other in zip(straight, turned, strict=True):
        assert one.table.trait == other.table.trait
        assert np.allclose(make.log10(one), make.log10(other)[::-1], rtol=0, atol=1e-12)
        assert one.because == other.because[::-1]


def test_equal_sources_share_a_number_across_traits(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)
    findings = [
        make.finding("vane_count", {"kind": "count", "count": 4}, number=1),
        make.finding("fin_count", {"kind": "count", "count": 4}, number=2),
    ]
    fins, vanes = compare(findings, hypotheses, catalogue)[0]
    assert fins.table.origin[0] == vanes.table.origin[0] >= 0
    assert fins.table.origin[0] != fins.table.origin[1]


def test_disagreeing_sources_are_mixture_components(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(make.trait("fin_count", "count"))
    four, six = ({"kind": "count", "probabilities": {n: 1.0}} for n in (4, 6))
    rest = [make.hypothesis(f"t{n}", fin_count=({"kind": "count", "probabilities": {n: 1.0}}, 0.9)) for n in (4, 6)]
    torn = make.hypothesis("torn", fin_count=[(four, 0.73), (six, 0.19)])
    comparison = compare([make.finding("fin_count", {"kind": "count", "count": 6})], [torn, *rest], catalogue)[0][0]
    table = comparison.table
    f_four, f_six, b = table.likelihood[0, 1], table.likelihood[0, 2], table.background[0]
    direct = b + comparison.quality * (0.73 * (f_four - b) + 0.19 * (f_six - b))
    assert make.ratios(comparison)[0] == pytest.approx(direct / b, rel=1e-12)
    assert comparison.expected[0] == "4; or 6"


VALUE_IDS = ("a", "b", "c", "d")


@settings(max_examples=40, deadline=None)
@given(
    weights=st.lists(st.floats(0.01, 0.98), min_size=1, max_size=8),
    values=st.lists(st.sampled_from(VALUE_IDS), min_size=8, max_size=8),
    seen=st.sets(st.sampled_from(VALUE_IDS), min_size=1),
    theta=st.floats(0.5, 50),
)
def test_bounds_hold_for_any_category(
    make: SimpleNamespace, weights: list[float], values: list[str], seen: set[str], theta: float
) -> None:
    catalogue = make.catalogue(make.trait("form", "category", values=VALUE_IDS), backgrounds={"form": {"theta": theta}})
    hypotheses = [
        make.hypothesis(f"h{n}", form=({"kind": "category", "probabilities": {value: 1.0}}, weight))
        for n, (weight, value) in enumerate(zip(weights, values, strict=False))
    ]
    finding = make.finding("form", {"kind": "category", "weights": dict.fromkeys(sorted(seen), 1.0)})
    comparison = compare([finding], hypotheses, catalogue)[0][0]
    for ratio, weight in zip(make.ratios(comparison), weights, strict=True):
        assert 1 - comparison.quality * weight - 1e-12 <= ratio <= 100.0
    assert (comparison.table.likelihood / comparison.table.background).max() <= 100.0 + 1e-9


def test_one_trait_never_exceeds_the_foreign_occurrence_bound(make: SimpleNamespace) -> None:
    names = tuple(f"v{n}" for n in range(60))
    trait = make.trait("script", "category", values=names, level="state")
    catalogue = make.catalogue(
        trait, backgrounds={"script": {"rates": {"v0": 1e-6, "v1": 0.999}}}, category_accuracy_photograph=1.0
    )
    rare = make.hypothesis("rare", script=({"kind": "category", "probabilities": {"v0": 1.0}}, 0.98))
    comparison = compare([make.finding("script", {"kind": "category", "weights": {"v0": 1.0}})], [rare], catalogue)[0][
        0
    ]
    assert comparison.table.likelihood[0, 0] / comparison.table.background[0] == pytest.approx(100.0, rel=1e-9)


def test_results_cannot_be_written_to(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _four_fins(make)
    comparison = compare([make.finding("fin_count", {"kind": "count", "count": 4})], hypotheses, catalogue)[0][0]
    with pytest.raises(ValueError, match="read-only"):
        comparison.table.likelihood[0, 0] = 1.0
