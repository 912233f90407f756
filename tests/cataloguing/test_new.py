"""``catalogue new`` for somebody who has a report and a spreadsheet: by questions, by table, from a type.

The type drafted here is real and public, and not in the catalogue: the Turkish 230 mm rocket TRG-230, named in a press
article whose address stands in the answers. Nothing is stated of it but what the article and its designation carry.
"""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from forensics.catalogue import load
from forensics.model.catalogue import ExpectedMeasure

GOLDEN = Path(__file__).parent / "golden" / "new.txt"
ADDRESS = "https://ilkkursun.site/iste-macarlarin-ihtiyaci-olan-silah-biri-70-km-oburu-120-km-yi-12-den-vuruyor"
ANSWERS = (
    *("TRG-230", "", "TUR", "y", "Turkey", ""),
    *("rocket", "rocket_artillery", "", "TRG-230; Kaplan 230", "", "", "2022", "", "gmlrs", "Desk 4", "2027-06-30"),
    "Laser-guided artillery rocket; its designation carries the calibre.",
    *("calibre", "230", "IK01", "Ilk Kursun", "On TRG-230 and TRG-300", "2022", ADDRESS, "tr", "C", "3", "derived"),
    *("no such trait", ""),
)
HEAD = {
    "name": "TRG-230",
    "state": "TUR",
    "state_name": "Turkey",
    "class": "rocket_artillery",
    "owner": "Desk 4",
    "review_by": "2027-06-30",
}
VALUES = [
    {"trait": "calibre (mm)", "value": "230 ± 1", "source": "IK01", "grade": "C3", "basis": "derived"}
    | {"source_publisher": "Ilk Kursun", "source_title": "On TRG-230 and TRG-300", "source_date": "2022"}
    | {"source_address": ADDRESS, "source_reliability": "C"},
    {"trait": "Canard Count", "value": "4", "source": "IK01", "grade": "C4", "basis": "photographs"},
]
STATEMENT = "On an ordinary sheet trg-230 is "


def table(path: Path, rows: list[dict[str, str]]) -> Path:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path
    book = Workbook()
    book.active.append(columns)
    for row in rows:
        book.active.append([row.get(column) for column in columns])
    book.save(path)
    return path


def transcript(result, folder: Path) -> str:
    """What was said, without what changes with every type that is added: lists of choices, counts, weights, paths."""
    text = result.output.replace(str(folder), "signatures")
    text = re.sub(r"^    \w+: .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\d+ choices", "N choices", text)
    text = re.sub(
        r"^Little is stated of .*\n|^  (and \d+ more|[a-z0-9-]+ \(expected) .*\n", "", text, flags=re.MULTILINE
    )
    return re.sub(r"(?<=apart from )\d+", "N", text)


class TestByQuestions:
    def test_the_whole_conversation(self, run, few: Path) -> None:
        result = run("catalogue", "new", "--catalogue", few, given="\n".join(ANSWERS) + "\n")
        assert result.exit_code == 0, result.output
        said = transcript(result, few)
        if os.environ.get("WRITE_GOLDEN"):
            GOLDEN.write_text(said, encoding="utf-8")
        assert said == GOLDEN.read_text(encoding="utf-8")
        assert STATEMENT in said

        catalogue = load(few, use_cache=False)
        drafted = catalogue.signatures["trg-230"]
        assert (drafted.status, drafted.path) == ("draft", "draft/tur/rocket_artillery/trg-230.yaml")
        assert (catalogue.states["TUR"].name, catalogue.families["trg-230"].state) == ("Turkey", "TUR")
        assert catalogue.sources["IK01"].address == ADDRESS
        assert [values.trait for values in drafted.values] == ["calibre_mm"]
        assert drafted.confusable_with == ("gmlrs",)

        checked = run("catalogue", "lint", "--quick", "--catalogue", few, "trg-230")
        assert checked.exit_code == 0
        assert checked.output.startswith("0 errors, 0 warnings"), checked.output

    def test_closed_lists_are_closed_and_what_is_needed_is_asked_again(self, run, few: Path) -> None:
        answers = [
            "X-1",
            "",
            "RUS",
            "grad-rus",
            "rocket",
            "rocket_artillery",
            *[""] * 8,
            "Desk 4",
            "2027-06-30",
            "",
            "",
        ]
        answers.insert(answers.index("Desk 4"), "")
        result = run("catalogue", "new", "-n", "--catalogue", few, given="\n".join(answers) + "\n")
        assert result.exit_code == 0, result.output
        assert "Not among the choices. Perhaps:" in result.output
        assert "This one is needed." in result.output
        assert "What is that state called" not in result.output
        assert not list(few.glob("draft/**/*.yaml"))


class TestByTable:
    @pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
    def test_a_filled_spreadsheet(self, run, few: Path, tmp_path: Path, suffix: str) -> None:
        sheet = table(tmp_path / f"draft{suffix}", [HEAD | VALUES[0], *VALUES[1:]])
        result = run("catalogue", "new", "--sheet", sheet, "--catalogue", few)
        assert result.exit_code == 0, result.output
        assert STATEMENT in result.output
        drafted = load(few, use_cache=False).signatures["trg-230"]
        calibre = next(values for values in drafted.values if values.trait == "calibre_mm")
        assert calibre.statements[0].value == ExpectedMeasure(mean=230, between_sd=1)
        assert {values.trait for values in drafted.values} == {"calibre_mm", "canard_count"}

    def test_every_fault_with_the_row_a_person_counts(self, run, few: Path, tmp_path: Path) -> None:
        rows = [HEAD | VALUES[0], VALUES[1] | {"trait": "calibre_inch"}, VALUES[1] | {"value": "", "source": ""}]
        rows.append(VALUES[1] | {"grade": "Z9"})
        sheet = table(tmp_path / "draft.csv", rows)
        result = run("catalogue", "new", "--sheet", sheet, "--catalogue", few)
        assert result.exit_code == 2
        assert f"{sheet}:3 [trait]: unknown trait 'calibre_inch'. Perhaps 'calibre_mm'?" in result.output
        assert f"{sheet}:4 [value]: " in result.output
        assert f"{sheet}:4 [source]: " in result.output
        assert "'Z9'" in result.output
        assert not list(few.glob("draft/**/*.yaml"))
        assert not (few / "states" / "tur.yaml").exists()

    def test_answers_go_before_the_table(self, run, few: Path, tmp_path: Path) -> None:
        sheet = table(tmp_path / "draft.csv", [HEAD | VALUES[0]])
        result = run("catalogue", "new", "-n", "--sheet", sheet, "--answer", "name=TRG-230 Blok 2", "--catalogue", few)
        assert "name: TRG-230 Blok 2" in result.output
        assert "id: trg-230-blok-2" in result.output
        assert "# states/tur.yaml\nTUR: {name: Turkey}" in result.output


class TestFromAType:
    def test_begins_from_a_type_and_invents_nothing(self, run, few: Path) -> None:
        given = "Grad of 2030\n\nDesk 4\n2027-06-30\n"
        result = run("catalogue", "new", "--from", "9m22u", "--keep", "calibre_mm", "--catalogue", few, given=given)
        assert result.exit_code == 0, result.output
        drafted = load(few, use_cache=False).signatures["grad-of-2030"]
        assert [values.trait for values in drafted.values] == ["calibre_mm"]
        assert (drafted.pattern, drafted.owner) == ("grad-122", "Desk 4")
        assert "9m22u (expected log10 LR" in result.output

    def test_never_over_a_file(self, run, few: Path) -> None:
        arguments = ("catalogue", "new", "--yes", "--from", "9m22u", "--catalogue", few)
        answers = ("--answer", "name=Twice", "--answer", "owner=D", "--answer", "review_by=2027-06-30")
        assert run(*arguments, *answers).exit_code == 0
        again = run(*arguments, *answers)
        assert again.exit_code == 2
        assert "exists already" in again.output
