"""Values at a design pattern: what a copy shares with its original although nobody measured the copy."""

from __future__ import annotations

import pytest

from forensics.catalogue import incidents, load, stated_traits, values_learned_from
from forensics.catalogue.resolving import resolve
from forensics.model.catalogue import Catalogue, Expectation, ExpectedCount, ExpectedMeasure

PATTERNS = """\
grad-122:
  note: "Fits the tubes of the launcher."
  traits:
    body_diameter_mm: {value: 122, sources: [{id: S1, grade: B2, basis: design}]}
    jet_vane_count: {value: 0, sources: [{id: S1, grade: B2, basis: design}]}
    igniter_bolt_ring:
      value: {count: 8, spacing: even}
      sources: [{id: S1, grade: B2, basis: debris, cases: [village-2023]}]
      fallback: {value: {count: 8, spacing: even}, sources: [{id: S2, grade: C3, basis: design}]}
"""


@pytest.fixture
def grad(folder):
    folder.write("patterns.yaml", PATTERNS)
    return folder


def expectations(catalogue: Catalogue, type_id: str = "r-122", **options: object) -> dict[str, Expectation]:
    hypotheses, _ = resolve(catalogue, **options)  # type: ignore[arg-type]
    return next(h.expectations for h in hypotheses if h.id == type_id)


class TestResolution:
    def test_a_copy_inherits_what_neither_it_nor_its_family_states(self, grad) -> None:
        ring = expectations(grad.load())["igniter_bolt_ring"]
        assert ring.stated_at == "pattern grad-122"
        assert ring.weight == pytest.approx(0.9 * 0.85)

    def test_a_type_goes_before_its_pattern(self, grad) -> None:
        diameter = expectations(grad.load())["body_diameter_mm"]
        assert diameter.stated_at == "r-122"
        assert isinstance(diameter.statements[0].value, ExpectedMeasure)
        assert diameter.statements[0].value.low == 121

    def test_a_family_goes_before_the_pattern(self, grad) -> None:
        vanes = expectations(grad.load())["jet_vane_count"]
        assert vanes.stated_at == "alpha"
        assert isinstance(vanes.statements[0].value, ExpectedCount)
        assert vanes.statements[0].value.probabilities == {4: 1.0}

    def test_the_pattern_goes_before_the_state(self, grad) -> None:
        script = "    marking_script: {value: hangul, sources: [{id: S1, grade: B2, basis: design}]}\n"
        grad.write("patterns.yaml", PATTERNS + script)
        assert expectations(grad.load())["marking_script"].stated_at == "pattern grad-122"
        assert expectations(grad.load(), "alpha-1")["marking_script"].stated_at == "AAA"

    def test_the_pattern_answers_when_the_types_own_sources_are_left_out(self, grad) -> None:
        catalogue = grad.load()
        assert expectations(catalogue, without_sources={"S2"})["body_diameter_mm"].stated_at == "pattern grad-122"
        assert "body_diameter_mm" not in expectations(catalogue, without_sources={"S1", "S2"})

    def test_a_case_is_left_out_of_a_pattern_too_and_its_fallback_holds(self, grad) -> None:
        catalogue = grad.load()
        ring = expectations(catalogue, without_cases={"village-2023"})["igniter_bolt_ring"]
        assert ring.weight == pytest.approx(0.7 * 0.85)
        assert "village-2023" in incidents(catalogue)
        assert values_learned_from(catalogue, ["village-2023"]) == ("grad-122: igniter_bolt_ring",)

    def test_no_unlisted_design_inherits_from_a_pattern(self, grad) -> None:
        hypotheses, _ = resolve(grad.load())
        assert all("igniter_bolt_ring" not in h.expectations for h in hypotheses if not h.listed)

    def test_show_says_where_the_value_stands(self, grad) -> None:
        row = next(row for row in stated_traits(grad.load(), "r-122") if row.trait == "igniter_bolt_ring")
        assert row.inherited
        assert row.stated_at == "pattern grad-122"

    def test_the_cache_keeps_patterns(self, grad) -> None:
        first = load(grad.path)
        assert load(grad.path) == first
        assert first.design_patterns["grad-122"].note == "Fits the tubes of the launcher."


class TestReading:
    def test_a_pattern_without_a_name_is_refused_with_the_nearest(self, grad) -> None:
        grad.change("patterns.yaml", "grad-122:", "grad-112:")
        fault = grad.only_fault()
        assert (fault.file, fault.row) == ("patterns.yaml", 1)
        assert "grad-122" in fault.advice

    def test_a_pattern_may_hold_a_note_only(self, folder) -> None:
        folder.write("patterns.yaml", 'grad-122: {note: "A likeness of outline only."}\n')
        assert folder.load().design_patterns["grad-122"].values == ()

    def test_patterns_may_be_split_over_a_folder(self, grad) -> None:
        grad.write("patterns/more.yaml", "grad-122: {note: again}\n")
        assert "patterns.yaml" in grad.only_fault().message

    def test_faults_inside_a_pattern_carry_file_and_line(self, grad) -> None:
        grad.change("patterns.yaml", "grade: B2, basis: debris", "grade: Z9, basis: debris")
        fault = grad.only_fault()
        assert (fault.file, fault.row) == ("patterns.yaml", 8)
