"""Grades to weights, fusion, disagreement, inheritance, leave-case-out, the population."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.catalogue.resolving import resolve, values_learned_from
from forensics.catalogue.weights import citation_weight, disagreeing, fused
from forensics.model.catalogue import Basis, Catalogue, Citation, Hypothesis, Parameter, Parameters, Source

PARAMETERS = Parameters(
    entries={
        name: Parameter(value=value, provenance="elicited")
        for name, value in {
            **dict(zip((f"reliability_{c}" for c in "abcdef"), (0.98, 0.95, 0.85, 0.6, 0.3, 0.6), strict=True)),
            **dict(zip((f"credibility_{c}" for c in "123456"), (0.97, 0.9, 0.7, 0.4, 0.15, 0.5), strict=True)),
            "weight_cap": 0.98,
            "copied_source_eta": 0.5,
        }.items()
    }
)
SOURCES = {
    name: Source(id=name, publisher="p", title="t", reliability="B", same_origin=origin)
    for name, origin in (("A", None), ("B", None), ("C", "A"), ("D", None))
}


def cite(source: str, grade: str, p_correct: float | None = None) -> Citation:
    return Citation(source=source, grade=grade, basis=Basis.DEBRIS, p_correct=p_correct)


def leaf(catalogue: Catalogue, type_id: str, **options: object) -> Hypothesis:
    hypotheses, _ = resolve(catalogue, **options)  # type: ignore[arg-type]
    return next(hypothesis for hypothesis in hypotheses if hypothesis.id == type_id)


class TestWeights:
    @pytest.mark.parametrize(
        ("grade", "weight"),
        [
            ("B2", 0.90),
            ("C3", 0.70),
            ("D4", 0.40),
            ("F6", 0.50),
            ("A1", 0.97),
            ("E1", 0.30),
            ("C1", 0.85),
            ("A5", 0.15),
        ],
    )
    def test_golden_grades(self, grade: str, weight: float) -> None:
        assert citation_weight(cite("A", grade), PARAMETERS) == pytest.approx(weight, abs=1e-12)

    def test_a_stated_probability_overrides_the_grade_and_is_capped(self) -> None:
        assert citation_weight(cite("A", "D4", 0.75), PARAMETERS) == 0.75
        assert citation_weight(cite("A", "B2", 0.0), PARAMETERS) == 0.0
        assert citation_weight(cite("A", "B2", 1.0), PARAMETERS) == 0.98

    @pytest.mark.parametrize(("grades", "weight"), [(("B2", "C3"), 0.945), (("C3", "C3"), 0.836), (("B2",), 0.9)])
    def test_golden_agreement(self, grades: tuple[str, ...], weight: float) -> None:
        citations = [cite(source, grade) for source, grade in zip("ABD", grades, strict=False)]
        assert fused(citations, SOURCES, PARAMETERS) == pytest.approx(weight, abs=5e-4)
        assert fused(citations[::-1], SOURCES, PARAMETERS) == pytest.approx(weight, abs=5e-4)

    def test_sources_of_one_origin_count_once_and_the_best_is_kept(self) -> None:
        assert fused([cite("A", "C3"), cite("C", "B2")], SOURCES, PARAMETERS) == pytest.approx(0.9)
        assert fused([cite("A", "B2"), cite("A", "C3")], SOURCES, PARAMETERS) == pytest.approx(0.9)

    def test_agreement_is_capped(self) -> None:
        assert fused([cite("A", "A1"), cite("B", "A1"), cite("D", "A1")], SOURCES, PARAMETERS) == 0.98

    def test_golden_disagreement(self) -> None:
        first, second = disagreeing([0.9, 0.7])
        assert first == pytest.approx(0.730, abs=5e-4)
        assert second == pytest.approx(0.189, abs=5e-4)
        assert 1 - first - second == pytest.approx(0.081, abs=5e-4)

    @given(st.lists(st.floats(0, 0.98), min_size=1, max_size=6))
    def test_components_and_background_share_the_whole(self, weights: list[float]) -> None:
        shares = disagreeing(weights)
        assert all(share >= 0 for share in shares)
        assert sum(shares) <= 1 + 1e-12
        background = 1 - sum(shares)
        for weight, share in zip(weights, shares, strict=True):
            # odds of a component against the background are its own odds
            assert share * (1 - weight) == pytest.approx(background * weight, abs=1e-9)

    @given(st.floats(0, 0.98))
    def test_one_value_alone_keeps_its_weight(self, weight: float) -> None:
        assert disagreeing([weight])[0] == pytest.approx(weight, abs=1e-12)


class TestInheritance:
    def test_a_leaf_value_replaces_and_keeps_its_weight(self, folder) -> None:
        beta = leaf(folder.load(), "beta-1")
        assert beta.expectations["vane_form"].stated_at == "beta-1"
        assert beta.expectations["vane_form"].weight == pytest.approx(0.7)

    def test_what_a_family_states_loses_fifteen_parts_in_a_hundred(self, folder) -> None:
        vanes = leaf(folder.load(), "alpha-1").expectations["vane_form"]
        assert vanes.stated_at == "alpha"
        assert vanes.weight == pytest.approx(0.9 * 0.85)

    def test_what_a_state_states_loses_ten_at_types_and_unlisted_designs_alike(self, folder) -> None:
        catalogue = folder.load()
        for leaf_id in ("alpha-1", "unlisted@AAA"):
            script = leaf(catalogue, leaf_id).expectations["marking_script"]
            assert (script.stated_at, script.weight) == ("AAA", pytest.approx(0.9 * 0.9))

    def test_a_family_value_hides_the_state_value(self, folder) -> None:
        folder.change(
            "families.yaml",
            "    vane_form:",
            "    marking_script: {value: cyrillic, sources: [{id: S4, grade: D4, basis: design}]}\n    vane_form:",
        )
        script = leaf(folder.load(), "alpha-1").expectations["marking_script"]
        assert (script.stated_at, script.weight) == ("alpha", pytest.approx(0.4 * 0.85))

    def test_every_loss_is_read_from_the_parameters(self, folder) -> None:
        catalogue = folder.load()
        changed = catalogue.model_copy(update={"parameters": catalogue.parameters.replace(inheritance_family_type=0.5)})
        assert leaf(changed, "alpha-1").expectations["vane_form"].weight == pytest.approx(0.45)

    def test_disagreeing_statements_become_mixture_components(self, folder) -> None:
        folder.change(
            "types/bbb/ballistic_missile/beta-1.yaml",
            "  vane_form: {value: rod, sources: [{id: S4, grade: C3, basis: photographs}]}",
            """  vane_form:
    values:
      - {value: rod, sources: [{id: S1, grade: B2, basis: debris}]}
      - {value: block, sources: [{id: S4, grade: C3, basis: photographs}]}""",
        )
        expectation = leaf(folder.load(), "beta-1").expectations["vane_form"]
        assert [s.weight for s in expectation.statements] == pytest.approx([0.730, 0.189], abs=5e-4)
        assert expectation.origin == "S1"


class TestLeavingOut:
    def test_a_citation_of_the_case_goes_and_the_rest_carries_the_value(self, folder) -> None:
        diameter = leaf(folder.load(), "alpha-1", without_cases={"town-2024"}).expectations["body_diameter_mm"]
        assert diameter.weight == pytest.approx(0.7)
        assert (diameter.origin, [c.source for c in diameter.statements[0].citations]) == ("S2", ["S2"])

    def test_a_value_that_rests_on_the_case_alone_disappears(self, folder) -> None:
        catalogue = folder.load()
        assert "igniter_bolt_ring" in leaf(catalogue, "alpha-1").expectations
        assert "igniter_bolt_ring" not in leaf(catalogue, "alpha-1", without_cases={"town-2024"}).expectations

    def test_its_fallback_takes_its_place(self, folder) -> None:
        script = leaf(folder.load(), "unlisted@AAA", without_cases={"town-2024"}).expectations["marking_script"]
        assert script.weight == pytest.approx(0.7 * 0.9)
        assert script.statements[0].value.probabilities == {"hangul": 1.0}  # type: ignore[union-attr]

    def test_the_inherited_value_returns_when_the_leaf_value_goes(self, folder) -> None:
        folder.change(
            "types/aaa/ballistic_missile/alpha-1.yaml",
            "  igniter_bolt_ring:",
            "  vane_form: {value: rod, sources: [{id: S1, grade: B2, basis: debris, cases: [town-2024]}]}\n"
            "  igniter_bolt_ring:",
        )
        catalogue = folder.load()
        assert leaf(catalogue, "alpha-1").expectations["vane_form"].stated_at == "alpha-1"
        left = leaf(catalogue, "alpha-1", without_cases={"town-2024"}).expectations["vane_form"]
        assert left.stated_at == "alpha"

    def test_sources_are_left_out_by_id_or_by_origin(self, folder) -> None:
        folder.change(
            "families.yaml",
            "vane_form: {value: block, sources: [{id: S1, grade: B2, basis: debris}]}",
            "vane_form: {value: block, sources: [{id: S3, grade: C3, basis: debris}]}",
        )
        catalogue = folder.load()
        assert leaf(catalogue, "alpha-1").expectations["vane_form"].origin == "S1"
        assert "vane_form" in leaf(catalogue, "alpha-1", without_sources={"S4"}).expectations
        for left_out in ("S3", "S1"):
            assert "vane_form" not in leaf(catalogue, "alpha-1", without_sources={left_out}).expectations

    def test_leaving_everything_out_leaves_every_type_with_nothing(self, folder) -> None:
        hypotheses, _ = resolve(folder.load(), without_sources={"S1", "S2", "S3", "S4"})
        assert all(hypothesis.expectations == {} for hypothesis in hypotheses)

    def test_values_learned_from_a_case_are_listed(self, folder) -> None:
        assert values_learned_from(folder.load(), {"town-2024"}) == (
            "AAA: marking_script",
            "AAA: year_mark",
            "alpha-1: body_diameter_mm",
            "alpha-1: igniter_bolt_ring",
        )
        assert values_learned_from(folder.load(), {"elsewhere"}) == ()


class TestPopulation:
    def test_order_types_then_states_then_other(self, folder) -> None:
        hypotheses, excluded = resolve(folder.load())
        assert [h.id for h in hypotheses] == [
            "alpha-1", "beta-1", "r-122", "unlisted@AAA", "unlisted@BBB", "unlisted@other",
        ]  # fmt: skip
        assert excluded == ()
        assert hypotheses[-1].expectations == {}
        assert all(first.listed >= second.listed for first, second in pairwise(hypotheses))

    def test_unlisted_designs_state_only_what_their_state_states(self, folder) -> None:
        assert set(leaf(folder.load(), "unlisted@AAA").expectations) == {"marking_script", "year_mark"}
        assert leaf(folder.load(), "unlisted@BBB").expectations == {}

    @pytest.mark.parametrize(
        ("options", "excluded"),
        [
            ({"classes": ["rocket"]}, ("alpha-1", "beta-1")),
            ({"states": ["BBB"]}, ("alpha-1", "r-122")),
            ({"event_year": 2010}, ("alpha-1",)),
            ({"event_year": 2018}, ()),
            ({"classes": ["rocket"], "states": ["BBB"]}, ("alpha-1", "beta-1", "r-122")),
        ],
    )
    def test_what_is_not_of_the_population_is_named_as_excluded(self, folder, options, excluded) -> None:
        hypotheses, left_out = resolve(folder.load(), **options)
        assert left_out == excluded
        assert {h.id for h in hypotheses if h.listed} == {"alpha-1", "beta-1", "r-122"} - set(excluded)
        assert [h.id for h in hypotheses if not h.listed] == ["unlisted@AAA", "unlisted@BBB", "unlisted@other"]

    def test_withdrawn_types_are_gone_and_drafts_are_marked(self, folder) -> None:
        folder.change("types/aaa/rocket/r-122.yaml", "status: validated", "status: withdrawn")
        draft = (folder.path / "types/bbb/ballistic_missile/beta-1.yaml").read_text(encoding="utf-8")
        (folder.path / "types/bbb/ballistic_missile/beta-1.yaml").unlink()
        folder.write("draft/bbb/ballistic_missile/beta-1.yaml", draft.replace("status: reviewed", "status: draft"))
        catalogue = folder.load()
        hypotheses, excluded = resolve(catalogue)
        assert {h.id: h.status for h in hypotheses if h.listed} == {"alpha-1": "reviewed", "beta-1": "draft"}
        assert excluded == ()
        without, _ = resolve(catalogue, include_drafts=False)
        assert [h.id for h in without if h.listed] == ["alpha-1"]

    def test_production_defaults_to_service(self, folder) -> None:
        assert leaf(folder.load(), "alpha-1").production.first == 2018
        folder.change(
            "types/aaa/ballistic_missile/alpha-1.yaml",
            "confusable_with:",
            "production: {first: 2017}\nconfusable_with:",
        )
        assert leaf(folder.load(), "alpha-1").production.first == 2017
