"""Drafts pass the reader, say nothing that was not answered, and name every fault at once."""

from __future__ import annotations

from math import nan

import pytest

from forensics.catalogue import draft_from_answers, draft_from_rows, draft_from_type, questions
from forensics.catalogue.readers.fields import Complaints
from forensics.catalogue.readers.references import references_of
from forensics.catalogue.readers.values import read_value
from forensics.catalogue.writing import written_text, written_value
from forensics.errors import CatalogueError
from forensics.model.catalogue import ExpectedMeasure, ExpectedRing, Statement
from forensics.yamltext import YamlText, parse

ANSWERS = {
    "name": "Gamma-7",
    "state": "BBB",
    "family": "beta",
    "class": "ballistic_missile",
    "aliases_en": "G-7; Gamma 7",
    "aliases_ko": ["감마-7"],
    "service_first": 2021,
    "confusable_with": "alpha-1",
    "owner": "Desk 4",
    "review_by": "2027-06-30",
    "note": 'Seen once: "a tail", #4',
}


def row(trait: str, value: object, source: str = "S2", **more: object) -> dict[str, object]:
    return {"trait": trait, "value": value, "source": source, "grade": "C3", "basis": "photographs", **more}


def loaded(folder, draft):
    folder.write(draft.path, draft.text.encode())
    return folder.load().signatures[draft.type_id]


class TestAnswers:
    def test_answers_become_a_draft_that_loads(self, folder) -> None:
        signature = loaded(folder, draft_from_answers(folder.load(), ANSWERS))
        assert (signature.id, signature.status, signature.path) == (
            "gamma-7", "draft", "draft/bbb/ballistic_missile/gamma-7.yaml",
        )  # fmt: skip
        assert signature.aliases.en == ("G-7", "Gamma 7")
        assert signature.aliases.ko == ("감마-7",)
        assert signature.service.first == 2021
        assert signature.note == ANSWERS["note"]
        assert signature.values == ()

    def test_what_is_not_answered_is_only_suggested(self, folder) -> None:
        text = draft_from_answers(folder.load(), ANSWERS).text
        assert "#   body_diameter_mm: {value: ?" in text
        assert "Measure across the casing." in text
        assert not [line for line in text.splitlines() if line.startswith(("traits", "  "))]

    @pytest.mark.parametrize(
        ("trait", "cell", "value"),
        [
            ("body_diameter_mm", "1100 ± 60", ExpectedMeasure(mean=1100, between_sd=60)),
            ("body_diameter_mm", "1100 +/- 60", ExpectedMeasure(mean=1100, between_sd=60)),
            ("body_diameter_mm", "700-850", ExpectedMeasure(low=700, high=850)),
            ("body_diameter_mm", "920 mm", ExpectedMeasure(mean=920)),
            ("body_diameter_mm", 920.0, ExpectedMeasure(mean=920)),
            ("body_diameter_mm", "{mean: 920, between_sd: 5}", ExpectedMeasure(mean=920, between_sd=5)),
            ("igniter_bolt_ring", "20 even", ExpectedRing(count=20, spacing="even")),
            ("igniter_bolt_ring", "18 in 6 groups of 3", ExpectedRing(count=18, spacing="grouped", groups=6)),
        ],
    )
    def test_short_forms_of_values(self, folder, trait: str, cell: object, value: object) -> None:
        signature = loaded(folder, draft_from_answers(folder.load(), ANSWERS | {"traits": [row(trait, cell)]}))
        assert [values.statements[0].value for values in signature.values] == [value]

    def test_every_fault_at_once(self, folder) -> None:
        wrong = ANSWERS | {
            "state": "CCC",
            "klass": "x",
            "traits": [row("body_diametre", 3), row("vane_form", "hook"), row("jet_vane_count", 4, source="S99"),
                       row("cable_raceway", ""), row("cable_raceway", "present", source="")],
        }  # fmt: skip
        with pytest.raises(CatalogueError) as caught:
            draft_from_answers(folder.load(), wrong)
        text = str(caught.value)
        for part in ("'CCC'", "'klass'", "'body_diametre'", "'hook'", "'S99'", "has no value", "has no source"):
            assert part in text

    def test_an_existing_id_is_refused(self, folder) -> None:
        with pytest.raises(CatalogueError, match="exists already"):
            draft_from_answers(folder.load(), ANSWERS | {"id": "beta-1"})

    @pytest.mark.parametrize(
        "text", ["a: b", "x # y", "*alias", "&a", "!!python/name:os.system", "{a", "- b", "'", '"', "null"]
    )
    def test_hostile_answers_stay_text(self, folder, text: str) -> None:
        assert loaded(folder, draft_from_answers(folder.load(), ANSWERS | {"name": text, "id": "odd"})).name == text

    def test_a_newline_cannot_add_keys(self, folder) -> None:
        signature = loaded(folder, draft_from_answers(folder.load(), ANSWERS | {"note": "x\nstatus: validated"}))
        assert (signature.status, signature.note) == ("draft", "x status: validated")

    def test_questions_cover_what_the_reader_requires(self, folder) -> None:
        asked = {question.id: question for question in questions(folder.load())}
        for key in ("name", "state", "class"):
            assert asked[key].required
        assert dict(asked["state"].choices) == {"AAA": "Aland", "BBB": "Bland"}
        assert dict(asked["class"].choices)["rocket"] == "artillery rocket"


class TestFromType:
    def test_values_are_comments_but_for_those_kept(self, folder) -> None:
        answers = {"name": "Beta-2", "owner": "Desk 4", "review_by": "2027-06-30"}
        draft = draft_from_type(folder.load(), "beta-1", answers, keep=["vane_form"])
        signature = loaded(folder, draft)
        assert [values.trait for values in signature.values] == ["vane_form"]
        assert signature.confusable_with == ("beta-1", "alpha-1")
        assert (signature.state, signature.family, signature.class_id) == ("BBB", "beta", "ballistic_missile")
        assert (
            "#   igniter_bolt_ring: {value: {count: 18, spacing: grouped, groups: 6, pitch_deg: [5, 17]}" in draft.text
        )

    def test_uncommenting_everything_gives_the_same_values(self, folder) -> None:
        catalogue = folder.load()
        draft = draft_from_type(catalogue, "beta-1", {"name": "Beta-2", "owner": "x", "review_by": "2027-06-30"})
        lines = [
            line.removeprefix("# ") if line.startswith(("#   ", "# traits:")) else line
            for line in draft.text.splitlines()
        ]
        folder.write(draft.path, "\n".join(lines))
        new, old = folder.load().signatures["beta-2"].values, catalogue.signatures["beta-1"].values
        assert [(v.trait, v.statements, v.fallback) for v in new] == [(v.trait, v.statements, v.fallback) for v in old]

    def test_unknown_types_and_traits_are_named(self, folder) -> None:
        with pytest.raises(CatalogueError, match="no type 'gone'"):
            draft_from_type(folder.load(), "gone", {})
        with pytest.raises(CatalogueError, match="no 'wing_count'"):
            draft_from_type(folder.load(), "beta-1", {"name": "B", "id": "b2"}, keep=["wing_count"])


class TestRows:
    def test_long_rows(self, folder) -> None:
        head = {
            "Name": "Gamma-7",
            "State": "BBB",
            "Family": "beta",
            "Class": "rocket",
            "Owner": "x",
            "Review by": "2027-06-30",
        }
        rows = [
            {**head, "Trait": "Body diameter mm", "Value": 122.0, "Source": "S2", "Grade": "C3", "Basis": "design"},
            {"Name": nan, "Trait": "vane_form", "Value": "rod", "Source": "S2", "Grade": "C3", "Basis": "design"},
            {"Name": None, "Trait": "vane_form", "Value": "block", "Source": "S4", "Grade": "C3", "Basis": "design"},
            {
                "Trait": "body_diameter_mm",
                "Value": 122,
                "Source": "S4",
                "Grade": "D4",
                "Basis": "design",
                "Cases": "a-1; b-2",
            },
        ]
        signature = loaded(folder, draft_from_rows(folder.load(), rows))
        by_trait = {values.trait: values.statements for values in signature.values}
        # two values of one trait are a disagreement, one value from two rows has two sources
        assert [s.value.probabilities for s in by_trait["vane_form"]] == [{"rod": 1.0}, {"block": 1.0}]  # type: ignore[union-attr]
        (diameter,) = by_trait["body_diameter_mm"]
        assert [(c.source, c.cases) for c in diameter.citations] == [("S2", ()), ("S4", ("a-1", "b-2"))]

    def test_one_wide_row(self, folder) -> None:
        wide = {"id": "wide", "name": "Wide", "state": "BBB", "family": "beta", "class": "rocket",
                "body_diameter_mm": "122", "jet_vane_count": 0, "cable_raceway": "", "source": "S2", "grade": "C3", "basis": "design"}  # fmt: skip  # noqa: E501
        signature = loaded(folder, draft_from_rows(folder.load(), [wide]))
        assert [values.trait for values in signature.values] == ["body_diameter_mm", "jet_vane_count"]
        assert signature.values[1].statements[0].value.probabilities == {0: 1.0}  # type: ignore[union-attr]


def _every_statement(catalogue) -> list[tuple[str, Statement]]:
    nodes = [*catalogue.states.values(), *catalogue.families.values(), *catalogue.signatures.values()]
    return [(v.trait, s) for node in nodes for v in node.values for s in v.statements + v.fallback]


def test_written_values_read_back_as_they_were(folder) -> None:
    catalogue = folder.load()
    statements = _every_statement(catalogue)
    assert len({statement.value.kind for _, statement in statements}) == 7
    for trait, statement in statements:
        node, faults = parse(f"value: {written_value(statement.value)}".encode(), "x")
        complaints = Complaints("x")
        assert not faults
        value = read_value(complaints, node.get("value"), catalogue.vocabulary.traits[trait], references_of(catalogue))  # type: ignore[union-attr]
        assert not complaints.faults
        assert Statement.model_validate({**statement.model_dump(), "value": value}) == statement


@pytest.mark.parametrize(
    "text",
    ["plain", "two words", "9М723", "화성", "a: b", "#x", "no", "~", "-", "12:30", "x ", "'q'", "a\\b", "[", "é"],
)
def test_written_text_reads_back(text: str) -> None:
    node, faults = parse(f"k: {written_text(text)}".encode(), "x")
    assert not faults
    child = node.get("k")  # type: ignore[union-attr]
    assert isinstance(child, YamlText)
    assert (child.text, child.is_null) == (text, False)


NEW = ANSWERS | {"state": "CCC", "state_name": "Cland", "family": ""}
SOURCE = {
    "source_publisher": "Daily",
    "source_title": "A new rocket",
    "source_date": "2025-01",
    "source_address": "https://example.org/9",
    "source_reliability": "C",
}


class TestWhatADraftBringsAlong:
    def written(self, folder, draft):
        for entry in draft.companions:
            before = (folder.path / entry.file).read_text() if (folder.path / entry.file).exists() else ""
            folder.write(entry.file, (before + entry.text).encode())
        loaded(folder, draft)
        return folder.load()

    def test_a_new_state_family_and_source(self, folder) -> None:
        rows = [row("body_diameter_mm", 920, source="D1", **SOURCE), row("jet_vane_count", 4, source="D1")]
        draft = draft_from_answers(folder.load(), NEW | {"traits": rows})
        assert [(entry.file, entry.id) for entry in draft.companions] == [
            ("states/ccc.yaml", "CCC"), ("families/ccc.yaml", "gamma-7"), ("sources/drafts.yaml", "D1"),
        ]  # fmt: skip
        catalogue = self.written(folder, draft)
        assert catalogue.states["CCC"].name == "Cland"
        assert (catalogue.families["gamma-7"].name, catalogue.families["gamma-7"].state) == ("Gamma-7", "CCC")
        assert catalogue.sources["D1"].title == "A new rocket"
        assert len(catalogue.signatures["gamma-7"].values) == 2

    def test_nothing_new_brings_nothing(self, folder) -> None:
        draft = draft_from_answers(folder.load(), ANSWERS | {"traits": [row("jet_vane_count", 4, **SOURCE)]})
        assert draft.companions == ()

    def test_an_unknown_state_without_a_name_is_a_slip(self, folder) -> None:
        with pytest.raises(CatalogueError, match="unknown state 'CCC'"):
            draft_from_answers(folder.load(), ANSWERS | {"state": "CCC"})

    def test_a_source_without_its_publisher_is_refused(self, folder) -> None:
        rows = [row("jet_vane_count", 4, source="D1", **SOURCE | {"source_publisher": ""})]
        with pytest.raises(CatalogueError, match="publisher"):
            draft_from_answers(folder.load(), ANSWERS | {"traits": rows})

    @pytest.mark.parametrize("state", ["../x", "C", "ccc", "C\nDD", "TOOLONGASTATE"])
    def test_a_state_that_is_no_id_is_refused(self, folder, state: str) -> None:
        with pytest.raises(CatalogueError):
            draft_from_answers(folder.load(), NEW | {"state": state})

    @pytest.mark.parametrize("text", ["a: b", "x # y", "*alias", "!!python/name:os.system", "{a", "x\ny: z", "null"])
    def test_hostile_names_stay_text(self, folder, text: str) -> None:
        draft = draft_from_answers(folder.load(), NEW | {"state_name": text})
        assert self.written(folder, draft).states["CCC"].name == " ".join(text.split())

    def test_traits_by_name_and_faults_at_their_row(self, folder) -> None:
        rows = [ANSWERS | row("Body Diameter (mm)", 920), row("jet vane count", 4), row("jet vane cuont", 4)]
        with pytest.raises(CatalogueError) as caught:
            draft_from_rows(folder.load(), rows, file="table.csv", first_row=2)
        (fault,) = caught.value.faults
        assert (fault.file, fault.row, fault.column) == ("table.csv", 4, "trait")
        signature = loaded(folder, draft_from_rows(folder.load(), rows[:2]))
        assert [values.trait for values in signature.values] == ["body_diameter_mm", "jet_vane_count"]

    def test_a_marking_is_written_as_it_stands(self, folder) -> None:
        draft = draft_from_answers(folder.load(), ANSWERS | {"traits": [row("marking_text", "감마-7")]})
        (values,) = loaded(folder, draft).values
        assert values.statements[0].value.strings == {"감마-7": 1.0}
