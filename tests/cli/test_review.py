"""``forensics review``: what waits, and decisions that only ever add a line."""

from __future__ import annotations

import json

import pytest

from forensics.casefile import new_case, open_case
from forensics.model.evidence import Item

ROWS = """item,trait,value,unit,method
1,body_diameter_mm,1100,mm,physical
1,fin_count,4,,physical
"""


@pytest.fixture
def case(tmp_path):
    made = new_case(tmp_path / "case", "c-1", items=[Item(id="1")], person="Olha")
    for name, rows in (("first.csv", ROWS), ("second.csv", ROWS.replace("1100", "900"))):
        (tmp_path / name).write_text(rows, encoding="utf-8")
    made.add([tmp_path / "first.csv", tmp_path / "second.csv"], person="Olha")
    return made.path


def listed(run) -> dict:
    return json.loads(run.out)


def test_what_waits_is_listed_with_its_reason(forensics, case):
    run = forensics("review", case, "--list")
    assert run.code == 0
    assert "first:2" in run.out and "does not go together with second:2" in run.out
    assert "first:3" not in run.out, "nothing waits there"
    assert "2 of 4 observations wait for a person." in run.out
    entries = listed(forensics("review", case, "--list", "--all", "--format", "json"))["entries"]
    assert [entry["id"] for entry in entries] == ["first:2", "first:3", "second:2", "second:3"]
    assert entries[0]["disagrees_with"] == ["second:2"] and entries[0]["waits"]


def test_decisions_change_what_is_assessed(forensics, case):
    sheets = {path.name: path.read_bytes() for path in (case / "sheets").iterdir()}
    before = forensics("assess", case, "--format", "json")
    run = forensics("review", case, "--reject", "second:2", "--person", "Halyna", "--note", "measured at the flange")
    assert "0 of 4 observations wait" in run.out
    (decision,) = open_case(case).decisions()
    assert (decision.observation, decision.action, decision.person) == ("second:2", "reject", "Halyna")
    assert decision.comment == "measured at the flange" and decision.at
    after = forensics("assess", case, "--format", "json")
    assert before.out != after.out and "second:2" not in {
        line["observation"] for line in json.loads(after.out)["ranking"][0]["evidence"]
    }
    assert {path.name: path.read_bytes() for path in (case / "sheets").iterdir()} == sheets, "nothing is edited"
    assert forensics("case", "verify", case).code == 0


def test_amending_takes_what_a_cell_takes(forensics, case):
    assert forensics("review", case, "--amend", "second:2=110 ± 2 cm", "--person", "Halyna").code == 0
    value = open_case(case).decisions()[0].value
    assert (value.value, value.uncertainty, value.unit) == (1100, 20, "mm")
    # Amending to what stands there is standing behind it.
    forensics("review", case, "--amend", "first:3=4", "--person", "Halyna")
    assert open_case(case).decisions()[1].action == "accept"


def test_a_quarrel_is_settled(forensics, case):
    forensics("review", case, "--accept", "first:3", "--person", "Olha")
    forensics("review", case, "--reject", "first:3", "--person", "Petro")
    entries = listed(forensics("review", case, "--list", "--format", "json"))["entries"]
    assert "conflict" in {entry["standing"] for entry in entries if entry["id"] == "first:3"}
    forensics("review", case, "--accept", "first:3", "--person", "Halyna", "--settle")
    entries = listed(forensics("review", case, "--list", "--all", "--format", "json"))["entries"]
    assert [entry["standing"] for entry in entries if entry["id"] == "first:3"] == ["accepted"]
    assert len(open_case(case).decisions()) == 3


WRONG = [
    (("--accept", "nowhere:1"), "is no observation of this case"),
    (("--accept", "f"), "is the beginning of several ids"),
    (("--amend", "first:2=nonsense"), "nonsense"),
    (("--amend", "first:2"), "write ID=TEXT"),
    (("--accept", "first:2", "--person", " "), "needs the name of a person"),
    ((), "There is no terminal to ask at"),
]


@pytest.mark.parametrize(("arguments", "reason"), WRONG)
def test_what_is_refused_leaves_nothing_behind(forensics, case, arguments, reason):
    run = forensics("review", case, "--reject", "first:3", *arguments) if arguments else forensics("review", case)
    assert run.code == 2 and reason in run.err
    assert not (case / "decisions.jsonl").exists()


def test_walking_through(forensics, case, monkeypatch):
    answers = iter(["c", "m", "a"])
    texts = iter(["ask Petro", "1090 ± 30", "tape slipped", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def prompt(text, **options):
        return next(answers) if "choices" in str(options.get("type", "")).lower() or text == "  ?" else next(texts)

    monkeypatch.setattr("forensics.cli.review.click.prompt", prompt)
    run = forensics("review", case, "--person", "Halyna")
    assert "[1/2] first:2" in run.out and "2 decided, 0 left." in run.out
    said = [(one.action, one.comment) for one in open_case(case).decisions()]
    assert said == [("comment", "ask Petro"), ("amend", "tape slipped"), ("accept", "")]
