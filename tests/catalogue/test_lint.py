"""Each check with a catalogue that trips it and one that does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from forensics.catalogue.lint import CHECKS, Issue, Severity, Verdict, lint
from forensics.catalogue.overlap import Separation

ALPHA = "types/aaa/ballistic_missile/alpha-1.yaml"
BETA = "types/bbb/ballistic_missile/beta-1.yaml"
ROCKET = "types/aaa/rocket/r-122.yaml"
DRAFT = "draft/bbb/rocket/new.yaml"
TODAY = date(2026, 11, 23)
MODEL_BASED = {"example-differs", "counterexample-fits", "not-separable", "crowds-out", "bound-reached"}


def draft(owner: str = "owner: Desk 4\n", review_by: str = "review_by: 2027-01-31\n") -> str:
    head = "id: new\nname: New\naliases: {en: [N], uk: [Н], ko: [신형]}\nstate: BBB\nfamily: beta\nclass: rocket\n"
    return f"{head}status: draft\n{owner}{review_by}"


def source(address: str = "https://example.org/5", more: str = "") -> str:
    body = f'publisher: P, title: T, date: "2020", address: "{address}", language: en, reliability: C{more}'
    return f"S4b: {{{body}}}\n"


def swap(file: str, old: str, new: str):
    return lambda folder: folder.change(file, old, new)


def add(file: str, text: str):
    return lambda folder: folder.write(file, text)


# check, what trips it, a neighbour that does not, file of the issue, part of the message
CASES = [
    (
        "fallback-from-same-case",
        swap("states.yaml", "{id: S2, grade: C3, basis: background}", "{id: S2, grade: C3, basis: debris, cases: [town-2024]}"),  # noqa: E501
        swap("states.yaml", "{id: S2, grade: C3, basis: background}", "{id: S2, grade: C3, basis: debris, cases: [city-2020]}"),  # noqa: E501
        "states.yaml", "learned from town-2024 as well",
    ),
    (
        "grade-above-source",
        swap(BETA, "value: 920, sources: [{id: S2, grade: C3", "value: 920, sources: [{id: S2, grade: B3"),
        swap(BETA, "value: 920, sources: [{id: S2, grade: C3", "value: 920, sources: [{id: S2, grade: D2"),
        BETA, "S2 is cited as B3 and listed as C",
    ),
    (
        "source-counted-twice",
        swap(ALPHA, "- {id: S2, grade: C3, basis: parade}", "- {id: S3, grade: C3, basis: parade}"),
        swap(ALPHA, "- {id: S2, grade: C3, basis: parade}", "- {id: S4, grade: C3, basis: parade}"),
        ALPHA, "S1 and S3 are of one origin",
    ),
    (
        "source-counted-twice",
        swap(ALPHA, "- {id: S2, grade: C3, basis: parade}", "- {id: S1, grade: C3, basis: parade}"),
        swap(ALPHA, "- {id: S2, grade: C3, basis: parade}", "- {id: S4, grade: C3, basis: parade}"),
        ALPHA, "the source S1 is named twice",
    ),
    (
        "source-incomplete",
        swap("sources.yaml", 'date: "2001", address: "https://example.org/4", ', ""),
        swap("sources.yaml", 'date: "2001"', 'date: "2002"'),
        "sources.yaml", "the source S4 has no address and no date",
    ),
    (
        "source-listed-twice",
        add("sources/more.yaml", source("https://example.org/4/")),
        add("sources/more.yaml", source("https://example.org/4", ", same_origin: S4")),
        "sources/more.yaml", "S4 and S4b have the same address",
    ),
    (
        "source-unused",
        add("sources/more.yaml", source()),
        lambda folder: (
            folder.write("sources/more.yaml", source()),
            folder.change("limitations/shared-design.yaml", "[S2]", "[S2, S4b]"),
        ),
        "sources/more.yaml", "nothing cites the source S4b",
    ),
    ("alias-in-two-files", swap(BETA, "[B-1]", "[a 1]"), swap(BETA, "[B-1]", "[A-11]"), BETA, "is also a name of alpha-1"),  # noqa: E501
    ("look-alike-letters", swap(BETA, "[Бета-1]", "[9М7B3]"), swap(BETA, "[Бета-1]", "[9М723]"), BETA, "mixes Latin and"),  # noqa: E501
    ("look-alike-letters", swap(BETA, "[Бета-1]", "[9M723]"), swap(BETA, "[B-1]", "[9M723]"), BETA, "in Latin letters"),
    ("look-alike-letters", swap(BETA, "[B-1]", "[9М723]"), swap(BETA, "[B-1]", "[9M723]"), BETA, "in Cyrillic letters"),
    (
        "look-alike-letters",
        swap(ROCKET, "{R-122: 0.5}", "{Р122A: 0.5}"),
        swap(ROCKET, "{R-122: 0.5}", "{Р122А: 0.5}"),
        ROCKET, "the mark",
    ),
    (
        "name-in-two-entries",
        swap("vocabulary/traits.yaml", "en: [vane form]", "en: [Jet Vanes]"),
        swap("vocabulary/traits.yaml", "en: [vane form]", "en: [jet vane form]"),
        "vocabulary/traits.yaml", "names both jet_vane_count and vane_form",
    ),
    (
        "name-in-two-entries",
        swap("vocabulary/values.yaml", "en: [rod]", "en: [block]"),
        # one word may name values of different traits
        swap("vocabulary/values.yaml", "en: [rod]", "en: [Hangul]"),
        "vocabulary/values.yaml", "names both block and rod",
    ),
    ("names-missing", swap(BETA, ", ko: [베타-1]", ""), swap(BETA, "[베타-1]", "[베타]"), BETA, "no name in ko"),
    (
        "words-missing",
        swap("vocabulary/parts.yaml", ", uk: [хвіст]", ""),
        swap("vocabulary/parts.yaml", "[хвіст]", "[хвостова частина]"),
        "vocabulary/parts.yaml", "aft has no name in uk",
    ),
    (
        "sentences-missing",
        swap("limitations/shared-design.yaml", "names: {uk: [", "names: {en: ["),
        swap("limitations/shared-design.yaml", "одну конструкцію", "спільну конструкцію"),
        "limitations/shared-design.yaml", "shared-design has no sentence in uk",
    ),
    (
        "confusable-not-mutual",
        swap(BETA, "confusable_with: [alpha-1]", "confusable_with: []"),
        lambda folder: (folder.change(ALPHA, "[beta-1]\n", "[]\n"), folder.change(BETA, "with: [alpha-1]", "with: []")),
        ALPHA, "alpha-1 is confusable with beta-1",
    ),
    ("draft-expired", add(DRAFT, draft(review_by="review_by: 2026-11-22\n")), add(DRAFT, draft()), DRAFT, "by 2026-11-22"),  # noqa: E501
    ("draft-expired", add(DRAFT, draft(review_by="")), add(DRAFT, draft()), DRAFT, "no date of review"),
    ("draft-expired", add(DRAFT, draft(review_by="review_by: 2026-13-01\n")), add(DRAFT, draft()), DRAFT, "not a date"),
    ("draft-without-owner", add(DRAFT, draft(owner="")), add(DRAFT, draft()), DRAFT, "new has no owner"),
    (
        "example-missing",
        swap(BETA, "examples: [{case: images/samples/beta, outcome: named, members: [beta-1]}]", ""),
        # a draft may still lack one
        add(DRAFT, draft()),
        BETA, "beta-1 is reviewed and has no example",
    ),
    (
        "example-not-found",
        swap(BETA, "images/samples/beta", "images/samples/gone"),
        swap(BETA, "images/samples/beta", "images/samples/town"),
        BETA, "does not exist",
    ),
    (
        "example-not-found",
        swap(BETA, "images/samples/beta", "../../etc"),
        swap(BETA, "images/samples/beta", "images/samples/town"),
        BETA, "leads out of the collection",
    ),
    (
        "window-before-service",
        swap(BETA, "service:", "production: {first: 1990, last: 2004}\nservice:"),
        swap(BETA, "service:", "production: {first: 1990, last: 2005}\nservice:"),
        BETA, "production ends in 2004, service begins in 2005",
    ),
    (
        "stub",
        add("types/bbb/rocket/new.yaml", draft().replace("draft", "reviewed")),
        swap(BETA, "name: Beta-1", "name: Beta-One"),
        "types/bbb/rocket/new.yaml", "new states nothing of its own",
    ),
    (
        "edge-outside-block",
        swap("vocabulary/blocks.yaml", "[jet_vane_count, vane_form]", "[jet_vane_count, cable_raceway]"),
        swap("vocabulary/blocks.yaml", "[jet_vane_count, vane_form]", "[jet_vane_count, igniter_bolt_ring]"),
        "vocabulary/blocks.yaml", "cable_raceway is not of the block aft",
    ),
    (
        "grammar-example",
        swap("vocabulary/grammars.yaml", "[9М723]", "[9М7]"),
        swap("vocabulary/grammars.yaml", "[9М723]", "[9Н24]"),
        "vocabulary/grammars.yaml", "does not read its example '9М7'",
    ),
    (
        "grammar-example",
        swap("vocabulary/grammars.yaml", "[9X]", "[9М111]"),
        swap("vocabulary/grammars.yaml", "[9X]", "[9М1111]"),
        "vocabulary/grammars.yaml", "reads its counterexample '9М111'",
    ),
    (
        "lonely-trait",
        swap(ROCKET, "  cable_raceway: {value: {probability: 0.1}, sources: [{id: S4, grade: C3, basis: photographs}]}\n", ""),  # noqa: E501
        swap(ROCKET, "{probability: 0.1}", "absent"),
        BETA, "no other file states cable_raceway",
    ),
    (
        "unit-not-in-name",
        swap("vocabulary/traits.yaml", "unit: mm", "unit: cm"),
        swap("vocabulary/traits.yaml", "record: Measure across", "record: Measure twice across"),
        "vocabulary/traits.yaml", "is measured in cm",
    ),
    (
        "value-above-its-level",
        swap("states.yaml", 'note: "A neighbour."', "traits: {cable_raceway: {value: present, sources: [{id: S4, grade: C3, basis: design}]}}"),  # noqa: E501
        swap("families.yaml", "state: BBB", "state: BBB, traits: {cable_raceway: {value: present, sources: [{id: S4, grade: C3, basis: design}]}}"),  # noqa: E501
        "states.yaml", "varies by type and is stated for all of BBB",
    ),
]  # fmt: skip


@pytest.fixture
def collection(folder):
    """The small catalogue with the cases its examples name."""
    for name in ("town", "beta", "rocket"):
        (folder.path.parent / "images" / "samples" / name).mkdir(parents=True)
    return folder


def run(collection, *checks: str, judge=None) -> list[Issue]:
    return list(lint(collection.path, today=TODAY, checks=checks, judge=judge))


@pytest.mark.parametrize(("check", "bad", "good", "file", "message"), CASES)
def test_a_check_trips_on_the_bad_and_not_on_the_good(collection, check, bad, good, file, message) -> None:
    before = {path: path.read_bytes() for path in collection.path.rglob("*.yaml")}
    usual = {(issue.file, issue.message) for issue in run(collection, check)}
    bad(collection)
    found = [issue for issue in run(collection, check) if (issue.file, issue.message) not in usual]
    assert [issue for issue in found if issue.file == file and message in issue.message], found
    assert {issue.check for issue in found} == {check}
    assert all(issue.line > 0 and issue.advice for issue in found)
    for path in collection.path.rglob("*.yaml"):
        if path in before:
            path.write_bytes(before[path])
        else:
            path.unlink()
    good(collection)
    assert {(issue.file, issue.message) for issue in run(collection, check)} <= usual


def test_an_unused_trait_is_noted(collection) -> None:
    assert run(collection, "unused-trait") == []
    collection.change(
        ROCKET, "  cable_raceway: {value: {probability: 0.1}", "  cable_raceway: {value: {probability: 0.2}"
    )
    for file in (ROCKET, BETA):
        path = collection.path / file
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "cable_raceway" not in line]
        path.write_text("\n".join(lines), encoding="utf-8")
    (issue,) = run(collection, "unused-trait")
    assert (issue.file, issue.message) == ("vocabulary/traits.yaml", "no signature states cable_raceway.")


def test_the_small_catalogue_is_clean_but_for_notes(collection) -> None:
    assert [issue for issue in run(collection) if issue.severity > Severity.NOTE] == []


def test_every_check_is_described_and_tried(collection) -> None:
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    assert all(check.description and check.advice for check in CHECKS)
    assert {case[0] for case in CASES} | MODEL_BASED | {"unused-trait"} == set(ids)


def test_faults_of_loading_and_issues_come_out_together(collection) -> None:
    collection.change(BETA, "value: rod", "value: rodd")
    collection.change(ALPHA, "name: Alpha-1", "name: Аlpha-1")
    found = run(collection)
    assert {issue.check for issue in found} >= {"schema", "look-alike-letters"}
    assert next(issue for issue in found if issue.check == "schema").severity is Severity.ERROR
    # what would mislead on half a catalogue stays silent
    assert not {issue.check for issue in found} & {"lonely-trait", "unused-trait", "source-unused"}


def test_issues_can_be_limited_to_files(collection) -> None:
    collection.change(BETA, "[B-1]", "[9М723]")
    collection.change(ALPHA, "[A-1]", "[9М724]")
    assert {issue.file for issue in lint(collection.path, today=TODAY, files=["beta-1"])} == {BETA}
    assert {issue.file for issue in lint(collection.path, today=TODAY, files=[ALPHA])} == {ALPHA}


def test_the_same_catalogue_yields_the_same_issues_in_order(collection) -> None:
    collection.change(BETA, "[B-1]", "[9М723]")
    found = run(collection)
    assert found == run(collection) == sorted(found)


@dataclass
class FakeJudge:
    """Answers as a test wants."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    pairs: Sequence[Separation] = ()
    crowded: dict[str, Sequence[str]] = field(default_factory=dict)
    strongest: dict[tuple[str, str], float] = field(default_factory=dict)
    trait_bound_log10: float = 2.0

    def verdict(self, case: str) -> Verdict | None:
        return self.verdicts.get(Path(case).name)

    def not_separable(self) -> Sequence[Separation]:
        return self.pairs

    def crowded_out(self, type_id: str) -> Sequence[str]:
        return self.crowded.get(type_id, ())

    def strongest_log10(self, type_id: str, trait_id: str) -> float | None:
        return self.strongest.get((type_id, trait_id))


def separation(first: str, second: str) -> Separation:
    return Separation(first, second, 0.4, (("body_diameter_mm", 0.4),), ("cable_raceway",))


JUDGED = [
    ("example-differs", FakeJudge({"beta": Verdict("tie", ("beta-1",))}), FakeJudge({"beta": Verdict("named", ("beta-1",))}), BETA, "comes out as tie, not as named"),  # noqa: E501
    ("example-differs", FakeJudge({"beta": Verdict("named", ("alpha-1",))}), FakeJudge({}), BETA, "names alpha-1, not beta-1"),  # noqa: E501
    ("counterexample-fits", FakeJudge({"beta": Verdict("tie", ("beta-1", "r-122"))}), FakeJudge({"beta": Verdict("named", ("beta-1",))}), ROCKET, "images/samples/beta names r-122"),  # noqa: E501
    ("not-separable", FakeJudge(pairs=[separation("alpha-1", "r-122")]), FakeJudge(), ALPHA, "alpha-1 and r-122 are not told apart (expected weight 10^0.4): stated for one only: cable_raceway."),  # noqa: E501
    ("crowds-out", FakeJudge(crowded={"beta-1": ["alpha-1"]}), FakeJudge(), BETA, "beta-1 makes alpha-1 harder to name"),  # noqa: E501
    ("bound-reached", FakeJudge(strongest={("alpha-1", "igniter_bolt_ring"): 2.5}), FakeJudge(strongest={("alpha-1", "igniter_bolt_ring"): 2.0}), ALPHA, "up to 10^2.5 before the bound 10^2.0"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("check", "bad", "good", "file", "message"), JUDGED)
def test_model_based_checks_ask_the_judge(collection, check, bad, good, file, message) -> None:
    found = run(collection, check, judge=lambda catalogue: bad)
    assert [(issue.file, message in issue.message) for issue in found] == [(file, True)]
    assert run(collection, check, judge=lambda catalogue: good) == []
    assert run(collection, check) == []


def test_a_declared_pair_is_only_noted(collection) -> None:
    judge = FakeJudge(pairs=[separation("alpha-1", "beta-1")])
    (issue,) = run(collection, "not-separable", judge=lambda catalogue: judge)
    assert issue.severity is Severity.NOTE


def test_the_judge_is_not_asked_about_a_faulty_catalogue(collection) -> None:
    collection.change(BETA, "value: rod", "value: rodd")
    assert run(collection, judge=lambda catalogue: pytest.fail("asked"))
