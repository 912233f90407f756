"""``case.yaml``: what it may say, and every fault of one at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forensics.casefile.describing import new_text, with_photographs
from forensics.casefile.layout import safe_name
from forensics.casefile.reading import parse_case
from forensics.errors import CaseError
from forensics.model.evidence import Case, Item, PhotographEntry

HERE = Path("/nowhere/case")


def faults(text: str, folder: Path = HERE) -> list[str]:
    with pytest.raises(CaseError) as caught:
        parse_case(text.encode(), folder, "case.yaml")
    return [str(fault) for fault in caught.value.faults]


def test_everything_a_case_may_say():
    text = """
id: kharkiv-2024-01-02
title: "Debris: Kharkiv"
Event date: 2024-01-02
place: Kharkiv
mandate: Which producer?
items:
  - {id: K-1, description: tail, found: NO, custodian: 0123}
  - K-2
photographs:
  - photographs/a.jpg
  - {file: b.jpg, item: K-1, part: nozzle, is_render: yes, note: dusk}
population: {classes: [ballistic_missile], states: DPRK, note: by size}
conditioning:
  - Fired from the north.
sources: {S1: "KBS, 2024"}
"""
    case = parse_case(text.encode(), HERE, "case.yaml")
    assert case.event_date == "2024-01-02"
    assert case.items == (Item(id="K-1", description="tail", found="NO", custodian="0123"), Item(id="K-2"))
    assert case.photographs[0] == PhotographEntry(file="photographs/a.jpg")
    assert case.photographs[1].file == "photographs/b.jpg"
    assert case.photographs[1].is_render
    assert (case.population.classes, case.population.states) == (("ballistic_missile",), ("DPRK",))
    assert case.sources == {"S1": "KBS, 2024"}
    assert case.conditioning == ("Fired from the north.",)


def test_an_id_is_enough():
    assert parse_case(b"id: x\n", HERE, "case.yaml") == Case(id="x")
    assert parse_case("\ufeffid: x\r\nitems:\r\nphotographs: ~\r\n".encode(), HERE, "case.yaml") == Case(id="x")


def test_every_fault_at_once_with_its_line():
    text = """id: a b
event_date: 2.1.2024
items:
  - {id: K-1, colour: green}
  - {description: no id}
  - {id: K-1}
photographs:
  - {file: ../../etc/passwd}
  - {file: a.jpg, item: K-9, is_render: perhaps}
  - [1]
populaton: {}
conditioning: {a: b}
"""
    expected = [
        ("1", "is not a case id"),
        ("2", "is not a date"),
        ("4", "'K-1' is listed twice"),
        ("4", "is not a key of a item"),
        ("5", "has no id"),
        ("8", "does not stay inside the case folder"),
        ("9", "'K-9' is not an item"),
        ("9", "neither yes nor no"),
        ("10", "is not a photograph"),
        ("11", "Did you mean 'population'?"),
        ("12", "must be a list"),
    ]
    found = faults(text)
    assert len(found) == len(expected)
    for line, message in expected:
        assert any(one.startswith(f"case.yaml:{line} ") and message in one for one in found), (line, message)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../x.jpg",
        "photographs/../../x.jpg",
        "..\\x.jpg",
        "C:/x.jpg",
        "photographs\\..\\x.jpg",
        '"a\\0b.jpg"',
    ],
)
def test_names_that_lead_out_are_refused(name):
    assert any("case folder" in one or "no file name" in one for one in faults(f"id: x\nphotographs:\n  - {name}\n"))


def test_links_that_lead_out_are_refused(tmp_path):
    (tmp_path / "outside.jpg").write_bytes(b"x")
    folder = tmp_path / "case"
    (folder / "photographs").mkdir(parents=True)
    (folder / "photographs/link.jpg").symlink_to(tmp_path / "outside.jpg")
    (folder / "photographs/loop.jpg").symlink_to(folder / "photographs/loop.jpg")
    (folder / "photographs/inside.jpg").symlink_to(folder / "photographs/real.jpg")
    text = "id: x\nphotographs:\n  - photographs/inside.jpg\n  - link.jpg\n  - photographs/link.jpg\n"
    found = faults(text, folder)
    assert [one.split(" ")[0] for one in found] == ["case.yaml:4", "case.yaml:5"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a case"),
        ("- a\n", "is not a case"),
        ("title: x\n", "has no id"),
        ("id: x\nid: y\n", "twice"),
        ("id: &a x\ntitle: *a\n", "anchor"),
        ("id: {a: b}\n", "must be plain text"),
        ("id: x\nevent_date: 2024-13-01\n", "is not a date"),
        ("id: x\nphotographs: a.jpg\n", "must be a list"),
        ("id: x\nphotographs:\n  - {item: K}\n", "has no file"),
        ("id: x\nphotographs:\n  - a.jpg\n  - photographs/a.jpg\n", "listed twice"),
        ("id: x\npopulation: all\n", "must hold classes"),
        ("id: x\nsources: [a]\n", "must name each source"),
        ("id: [\n", "not valid YAML"),
    ],
)
def test_faults(text, message):
    assert any(message in one for one in faults(text))


BEFORE = [
    "id: x\n",
    "id: x",
    "id: x\nphotographs:\n",
    "id: x\nphotographs: []\ntitle: t\n",
    "id: x\nphotographs: [photographs/a.jpg]\ntitle: t\n",
    "id: x\nphotographs:\n  - photographs/a.jpg\n\n# about the title\ntitle: t\n",
    "id: x\nphotographs:\n- file: photographs/a.jpg\n  note: 'n: m'\n  # dusk\n# end\n",
    "id: x\r\nphotographs:\r\n    - {file: photographs/a.jpg}\r\ntitle: t\r\n",
    "# head\nPhotographs:\n  - {file: photographs/a.jpg,\n     item: K}\nid: x",
    "id: x\nphotographs:\n  [photographs/a.jpg,\n   photographs/b.jpg]\n",
    "photographs:\n  -\n    file: photographs/a.jpg\nid: x\n",
]


@pytest.mark.parametrize("text", BEFORE)
def test_photographs_are_put_in_and_the_rest_stays(text):
    case = parse_case(text.encode(), HERE, "case.yaml")
    new = (
        PhotographEntry(file="photographs/ф 1.jpg", item="К-1", note='say "x": y'),
        PhotographEntry(file="photographs/z.jpg", is_render=True),
    )
    data = with_photographs(text.encode(), case.photographs, new)
    assert parse_case(data, HERE, "case.yaml") == case.model_copy(update={"photographs": (*case.photographs, *new)})
    kept = [line for line in text.splitlines() if line.strip().startswith("#") or line.startswith("title")]
    assert [line for line in data.decode().splitlines() if line in kept] == kept


any_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30).map(str.strip)


@given(st.builds(Item, id=any_text.filter(bool), description=any_text, found=any_text), any_text, any_text)
def test_what_is_written_reads_back(item, title, place):
    case = Case(id="x", title=title, place=place, items=(item,))
    assert parse_case(new_text(case).encode(), HERE, "case.yaml") == case


@given(st.text(max_size=300))
@example("𐀀" * 29 + "abc d")
@example("a" * 119 + " b.jpg")
@example("a." + "b" * 200)
def test_safe_names_are_safe(name):
    safe = safe_name(name)
    assert safe and safe not in (".", "..")
    assert not set(safe) & set('/\\<>:"|?*\0\n')
    assert len(safe.encode()) <= 125
    assert safe_name(safe) == safe
