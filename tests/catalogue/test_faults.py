"""One mistake each: the complaint names the file, the line and what to do."""

from __future__ import annotations

import pytest

ALPHA = "types/aaa/ballistic_missile/alpha-1.yaml"
BETA = "types/bbb/ballistic_missile/beta-1.yaml"
VANE = "value: rod"
DIAMETER = "value: 920"

MISTAKES = [
    # file, old, new, line, part of the message
    (ALPHA, "name: Alpha-1\n", "nmae: Alpha-1\n", 2, "unknown key 'nmae'. Did you mean 'name'?"),
    (ALPHA, "state: AAA", "state: AAB", 4, "unknown state 'AAB'. Did you mean 'AAA'?"),
    (ALPHA, "state: AAA", "state: BBB", 1, "types/bbb/ballistic_missile/alpha-1.yaml"),
    (ALPHA, "family: alpha", "family: alhpa", 5, "unknown family"),
    (ALPHA, "family: alpha", "family: beta", 5, "the family 'beta' is of BBB"),
    (ALPHA, "class: ballistic_missile", "class: balistic", 6, "unknown class"),
    (ALPHA, "class: ballistic_missile", "class: rocket", 1, "types/aaa/rocket/alpha-1.yaml"),
    (ALPHA, "id: alpha-1\n", "id: alpha-2\n", 1, "path and id do not agree"),
    (ALPHA, "status: reviewed", "status: checked", 7, "'checked' is not known here"),
    (ALPHA, "status: reviewed", "status: draft", 7, "Move it to draft/"),
    (ALPHA, "first: 2018", "first: 107", 8, "not a Gregorian year"),
    (ALPHA, "last: null", "last: 2010", 8, "begins in 2018 and ends in 2010"),
    (ALPHA, "first: 2018", "from: 2018", 8, "unknown key 'from'"),
    (ALPHA, "[beta-1]", "[beta-2]", 9, "unknown type 'beta-2'. Did you mean 'beta-1'?"),
    (ALPHA, "[beta-1]", "[alpha-1]", 9, "confusable with itself"),
    (ALPHA, "[beta-1]", "[beta-1, beta-1]", 9, "stands here twice"),
    (ALPHA, "mean: 1100", "mean: 1.1e9", 12, "outside the plausible range 20 to 3000 mm"),
    (ALPHA, "mean: 1100", "mean: 1100 mm", 12, "without a unit"),
    (ALPHA, "mean: 1100", "mean: '1100,5'", 12, "after a point"),
    (ALPHA, "mean: 1100", "mean: nan", 12, "'nan' is not a number"),
    (ALPHA, "between_sd: 60", "between_sd: -1", 12, "below zero"),
    (ALPHA, "between_sd: 60", "between_sd: 60, unit: inch", 12, "the unit 'inch' is not allowed here. Convert to mm."),
    (ALPHA, "{mean: 1100, between_sd: 60}", "{low: 1200, high: 1100}", 12, "low (1200) is above high (1100)"),
    (ALPHA, "{mean: 1100, between_sd: 60}", "{mean: 1100, high: 1200}", 12, "neither a mean nor an interval"),
    (ALPHA, "grade: C3, ", "", 15, "the grade is missing"),
    (ALPHA, "grade: C3", "grade: G3", 15, "'G3' is not a grade"),
    (ALPHA, "grade: C3", "grade: c3", 15, "'c3' is not a grade"),
    (ALPHA, "id: S2", "id: S9", 15, "unknown source 'S9'"),
    (ALPHA, "basis: parade", "basis: hearsay", 15, "'hearsay' is not known here"),
    (ALPHA, "basis: parade", "basis: parade, p_correct: 1.2", 15, "1.2 is not a number from 0 to 1"),
    (ALPHA, "[town-2024]}\n", "['../town']}\n", 14, "is not a case id"),
    (ALPHA, "count: 20, spacing: even", "count: 20", 17, "a ring needs a spacing"),
    (ALPHA, "count: 20", "count: 2", 17, "2 is outside the plausible range"),
    (ALPHA, "count: 20, spacing: even", "count: 20, spacing: grouped, groups: 6", 17, "divides the count"),
    (ALPHA, "count: 20, spacing: even", "angles_deg: [0, 90, 360]", 17, "from 0 up to 360"),
    (ALPHA, "count: 20, spacing: even", "count: 20, spacing: even, pitch_deg: [5, 17]", 17, "pitch_deg"),
    (ALPHA, "outcome: named", "outcome: named, verdict: x", 19, "unknown key 'verdict'"),
    (ALPHA, "outcome: named", "outcome: certain", 19, "'certain' is not known here"),
    (BETA, "body_diameter_mm", "body_diametre_mm", 11, "unknown trait 'body_diametre_mm'. Did you mean"),
    (BETA, VANE, "value: rodd", 15, "unknown value of vane_form 'rodd'. Did you mean 'rod'?"),
    (BETA, VANE, "value: {rod: 0.7, block: 0.4}", 15, "add up to 1.1"),
    (BETA, VANE, "value: {rod: 0}", 15, "above 0"),
    (BETA, VANE, "value: {}", 15, "is empty"),
    (BETA, VANE, "value: unknown", 15, "A value that is not known is left out"),
    (BETA, VANE, "value: null", 15, "has no value"),
    (BETA, VANE + ", sources", "sources", 15, "the key 'value' is missing"),
    (BETA, VANE + ", sources: [{id: S4, grade: C3, basis: photographs}]", VANE, 15, "the value has no source"),
    (BETA, VANE, "values: [{value: rod, sources: [{id: S1, grade: B2, basis: debris}]}]", 15, "has both 'values' and"),
    (BETA, "value: 4", "value: four", 16, "'four' is not a whole number"),
    (BETA, "value: 4", "value: 4.0", 16, "'4.0' is not a whole number"),
    (BETA, "value: 4", "value: -1", 16, "-1 is not a count"),
    (BETA, "value: 4", "value: 9", 16, "outside the plausible range"),
    (BETA, "value: present", "value: yes", 19, "neither 'present' nor 'absent'"),
    (BETA, "[index-m]", "[index-n]", 18, "unknown grammar 'index-n'. Did you mean 'index-m'?"),
    (BETA, "{grammars: [index-m]}", "{grammars: [index-m], strings: {A: 0.5}}", 18, "weights for some marks only"),
    (BETA, "{grammars: [index-m]}", "{strings: []}", 18, "at least one grammar or string"),
    (BETA, "  marking_script:", "  use_by_date: {value: 2020, sources: [{id: S4, grade: C3, basis: design}]}\n  marking_script:", 17, "production window"),  # noqa: E501
    (BETA, "traits:", "parent: alpha-1\ntraits:", 10, "unknown key 'parent'"),
    ("families.yaml", "state: AAA", "state: AAA\n  family: beta", 4, "unknown key 'family'"),
    ("families.yaml", "state: BBB", "state: beta", 7, "unknown state 'beta'"),
    ("states.yaml", "juche: 0.42", "mayan: 0.42", 9, "unknown key 'mayan'"),
    ("states.yaml", "gregorian: 0.03", "gregorian: 0.53", 9, "add up to 1.05"),
    ("states.yaml", "fallback:", "falback:", 7, "Did you mean 'fallback'?"),
    ("sources.yaml", "reliability: B", "reliability: G", 1, "'G' is not known here"),
    ("sources.yaml", "publisher: Journal, ", "", 2, "the key 'publisher' is missing"),
    ("parameters.yaml", "weight_cap: {value: 0.98, provenance: elicited}\n", "", 0, "'weight_cap' is missing"),
    ("parameters.yaml", "weight_cap: {value: 0.98,", "weight_cap: {value: 0.98, high: 0.9,", 13, "outside its own range"),  # noqa: E501
    ("parameters.yaml", "weight_cap: {value: 0.98, provenance: elicited}", "weight_cap: {value: 0.98, provenance: guess}", 13, "'guess'"),  # noqa: E501
    ("population.yaml", "rocket: 4.9", "rockets: 4.9", 1, "unknown class 'rockets'"),
    ("population.yaml", "hangul: 0.015", "hangull: 0.015", 3, "unknown value 'hangull'"),
    ("population.yaml", "theta: 2", "theta: 0", 3, "theta must be above 0"),
    ("vocabulary/traits.yaml", "survival: 0.6", "survival: 60", 22, "60 is not a number from 0 to 1"),
    ("vocabulary/traits.yaml", "  unit: mm\n", "", 2, "a measured trait needs a unit"),
    ("vocabulary/values.yaml", "similar: [rod]", "similar: [stick]", 2, "unknown value of vane_form 'stick'"),
    ("vocabulary/blocks.yaml", "[[jet_vane_count, vane_form]]", "[[jet_vane_count]]", 2, "two different traits"),
    ("vocabulary/grammars.yaml", "{2,3}", "{2,3", 1, "is not a repetition"),
    ("limitations/shared-design.yaml", "[grad-122]", "[grad-123]", 3, "unknown pattern 'grad-123'"),
    ("limitations/shared-design.yaml", "pattern_in_tie", "moon_is_full", 3, "unknown key 'moon_is_full'"),
    ("limitations/shared-design.yaml", "id: shared-design", "id: other", 1, "path and id do not agree"),
    ("limitations/shared-design.yaml", "[grad-122]", "[]", 3, "needs arguments"),
    ("limitations/shared-design.yaml", "pattern_in_tie: [grad-122]", "value_observed: [marking_script=latin]", 3, "'latin'"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "line", "message"), MISTAKES)
def test_a_mistake_is_one_fault_with_its_line(folder, file, old, new, line, message) -> None:
    path = folder.path / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    faults = folder.faults()
    assert faults, "the mistake went unnoticed"
    hits = [fault for fault in faults if message in str(fault)]
    assert hits, "\n".join(map(str, faults))
    assert (hits[0].file, hits[0].row) == (file, line)
    # one mistake does not come out as a heap of complaints
    assert len(faults) <= 2, "\n".join(map(str, faults))


def test_the_small_catalogue_itself_is_in_order(folder) -> None:
    assert folder.faults() == ()


def test_all_faults_of_all_files_come_out_in_one_run(folder) -> None:
    folder.change(ALPHA, "grade: C3", "grade: Z9")
    folder.change(ALPHA, "count: 20", "count: many")
    folder.change(BETA, VANE, "value: rodd")
    folder.change("sources.yaml", "reliability: B", "reliability: X")
    folder.write("limitations/x.yaml", "[broken")
    files = [fault.file for fault in folder.faults()]
    assert files == sorted(files)
    assert set(files) == {ALPHA, BETA, "sources.yaml", "limitations/x.yaml"}
    assert files.count(ALPHA) == 2


def test_a_faulty_vocabulary_entry_is_not_complained_about_in_every_signature(folder) -> None:
    folder.change("vocabulary/traits.yaml", "kind: ring", "kind: circle")
    assert folder.only_fault().file == "vocabulary/traits.yaml"


def test_a_missing_file_is_named(folder) -> None:
    (folder.path / "sources.yaml").unlink()
    assert "sources.yaml: is missing." in [str(fault) for fault in folder.faults()]


def test_a_file_in_no_place_is_not_silently_ignored(folder) -> None:
    folder.write("types/aaa/stray.yaml", "id: stray\n")
    folder.write("types/aaa/rocket/stray.yml", "id: stray\n")
    assert {fault.file for fault in folder.faults()} == {"types/aaa/stray.yaml", "types/aaa/rocket/stray.yml"}


def test_the_same_id_in_types_and_draft_is_refused(folder) -> None:
    text = (folder.path / BETA).read_text(encoding="utf-8")
    folder.write("draft/bbb/ballistic_missile/beta-1.yaml", text.replace("status: reviewed", "status: draft"))
    assert "exists twice" in folder.only_fault().message


def test_families_may_be_split_by_state_and_no_id_may_stand_twice(folder) -> None:
    folder.write("families/bbb.yaml", "gamma: {name: Gamma, state: BBB}\n")
    assert set(folder.load().families) == {"alpha", "beta", "gamma"}
    folder.write("families/bbb.yaml", "beta: {name: Beta again, state: BBB}\n")
    assert "'beta' is also in families.yaml" in folder.only_fault().message
