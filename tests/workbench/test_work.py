"""Long work beside the pages, records of persons, and what a sudden end costs."""

from __future__ import annotations

import io
import json
import math
import random
import re
import subprocess
import sys
import time
import zipfile
from importlib.resources import files
from itertools import pairwise

import pytest
from workbench_materials import SHEET, picture

from forensics.casefile import new_case, open_case
from forensics.catalogue import load
from forensics.cli.main import main
from forensics.errors import InputError
from forensics.examine.rings.clicked import ring_of_clicks
from forensics.model.evidence import Item
from forensics.workbench import strings
from forensics.workbench.jobs import ReadingJob
from forensics.workbench.pages.guide import GUIDE
from forensics.workflow.recording import record_row

WRITER = """
import sys
from pathlib import Path
from forensics.casefile import open_case
from forensics.model.evidence import Box
from forensics.model.values import Count

case = open_case(Path(sys.argv[1]))
case.recover("Olha")
number = int(sys.argv[2])
while True:
    number += 1
    case.decide(f"sheet:{number}", "amend", person="Olha", value=Count(count=number % 90))
    print("decided", number, flush=True)
    case.point("photographs/a.jpg", person="Olha", box=Box(x=number, y=1, width=5, height=5))
    print("pointed", number, flush=True)
    case.append_rows([f"1,fin_count,{number}"], header="item,trait,value", person="Olha")
    print("recorded", number, flush=True)
"""


def _killed(path, begin: int, after_s: float) -> dict[str, int]:
    """Write until killed without warning; the last number acknowledged of each kind."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(begin)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after_s)
    process.kill()
    rest, _ = process.communicate()
    told: dict[str, int] = {}
    for line in (first + rest).splitlines():
        found = re.fullmatch(r"(decided|pointed|recorded) (\d+)", line)
        if found:
            told[found[1]] = int(found[2])
    return told


def _survives(tmp_path, times: int, seed: int) -> None:
    case = new_case(tmp_path / "case", "c-1", items=[Item(id="1")], person="Olha")
    (tmp_path / "a.jpg").write_bytes(picture())
    case.add([tmp_path / "a.jpg"], person="Olha")
    rng = random.Random(seed)
    number = 0
    for _ in range(times):
        told = _killed(case.path, number, rng.uniform(0.0, 0.08))
        case = open_case(case.path)
        case.recover("Olha")
        decisions, pointings = case.decisions(), case.pointings()
        rows = (case.path / "sheets" / "workbench.csv").read_text().splitlines() if "recorded" in told else [""]
        last = int(decisions[-1].observation.partition(":")[2])
        # Whatever was acknowledged is there; at most the one write in flight is there besides.
        assert told["decided"] <= last <= told["decided"] + 1
        assert told.get("pointed", 0) <= (pointings[-1].box.x if pointings else 0) <= last
        if "recorded" in told:
            assert told["recorded"] <= int(rows[-1].rpartition(",")[2]) <= last
        assert [one for one in case.verify() if one.is_error] == []
        number = last


def test_killed_at_any_moment(tmp_path):
    _survives(tmp_path, 3, seed=1)


@pytest.mark.slow
def test_killed_fifty_times(tmp_path):
    _survives(tmp_path, 50, seed=2)


def test_a_line_cut_in_the_middle_costs_that_line_only(tmp_path):
    case = new_case(tmp_path / "case", "c-1", person="Olha")
    case.decide("sheet:1", "accept", person="Olha")
    with (case.path / "decisions.jsonl").open("ab") as stream:
        stream.write(b'{"observation": "sheet:2", "acti')
    assert [one.observation for one in case.decisions()] == ["sheet:1"]
    case.decide("sheet:3", "accept", person="Olha")
    assert [one.observation for one in case.decisions()] == ["sheet:1", "sheet:3"]
    assert not case.verify()


class _Clicks:
    @staticmethod
    def of(count: int, tilt: float = 1.0, seen: range | None = None) -> list[tuple[float, float]]:
        turns = [math.radians(7 + 360 / count * place) for place in (seen or range(count))]
        return [(900 + 300 * math.cos(turn), 700 - 300 * tilt * math.sin(turn)) for turn in turns]


class TestClickedRings:
    @pytest.mark.parametrize("tilt", [1.0, 0.7, 0.4])
    @pytest.mark.parametrize("count", [6, 18, 20])
    def test_a_whole_ring_however_it_is_seen(self, count, tilt):
        ring = ring_of_clicks(_Clicks.of(count, tilt))
        assert ring.counted == count and ring.windows_deg == ((0.0, 360.0),)
        gaps = [second - first for first, second in pairwise(ring.angles_deg)]
        assert all(abs(gap - 360 / count) < 0.5 for gap in gaps)

    def test_an_arc_is_no_whole_ring(self):
        ring = ring_of_clicks(_Clicks.of(20, seen=range(7)))
        assert ring.counted is None
        ((start, end),) = ring.windows_deg
        assert 110 < end - start < 145
        assert ring_of_clicks(_Clicks.of(20, seen=range(7)), whole_ring_seen=True).counted == 7

    def test_three_bolts_are_taken_as_face_on_and_said_to_be_less_sure(self):
        assert ring_of_clicks(_Clicks.of(20, seen=range(3))).sigma_deg >= 3

    @pytest.mark.parametrize(
        "points", [[(0, 0), (1, 1)], [(0, 0), (10, 10), (20, 20)], [(0, 0), (10, 10), (20, 20), (30, 30), (40, 40)]]
    )
    def test_what_is_no_ring(self, points):
        with pytest.raises(InputError):
            ring_of_clicks(points)


class TestRecords:
    @pytest.fixture
    def case(self, tmp_path):
        return new_case(tmp_path / "case", "c-1", items=[Item(id="1")], person="Olha")

    def test_the_same_twice_is_one_row(self, case):
        catalogue = load(None)
        cells = {"trait": "fin_count", "value": "4"}
        first = record_row(case, catalogue, cells, person="Olha")
        assert record_row(case, catalogue, cells, person="Olha") == first == "workbench:2"
        assert record_row(case, catalogue, cells, person="Petro") == "workbench:3"
        assert not case.verify()

    def test_withdrawn_and_recorded_again(self, case):
        catalogue = load(None)
        cells = {"trait": "fin_count", "value": "4"}
        name = record_row(case, catalogue, cells, person="Olha")
        case.decide(name, "reject", person="Olha")
        assert record_row(case, catalogue, cells, person="Olha") == name
        assert case.decisions()[-1].action == "accept"

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            ({"trait": "fin_count", "value": "many"}, "value"),
            ({"trait": "fin_count", "value": "4", "confidence": "7"}, "confidence"),
            ({"trait": "nothing", "value": "4"}, "trait"),
            ({"trait": "body_diameter_mm", "value": "1100", "unit": "parsec"}, "unit"),
        ],
    )
    def test_what_is_refused_is_named_and_not_written(self, case, cells, column):
        with pytest.raises(InputError) as refused:
            record_row(case, load(None), cells, person="Olha")
        assert refused.value.faults[0].column == column
        assert not (case.path / "sheets" / "workbench.csv").exists()

    def test_several_readings_of_one_mark(self, bench):
        answer = bench.post(
            "/traits/marking_text", reading_1="9М723", sure_1="60", reading_2="9M7Z3", sure_2="30", item="1"
        )
        assert answer.json()["ok"], answer.text
        docket, _ = bench.workbench.desk.docket()
        readings = docket.entries[0].observation.value.readings
        assert [(one.text, one.confidence) for one in readings] == [("9М723", 0.6), ("9M7Z3", 0.3)]

    def test_a_mark_is_taken_as_it_stands(self, bench):
        for text in ('a "b" | c', "12 or 13", "1:0.5", "=1+1"):
            assert bench.post("/traits/marking_text", reading_1=text).json()["ok"]
        docket, _ = bench.workbench.desk.docket()
        assert [one.observation.value.readings[0].text for one in docket.entries] == [
            'a "b" | c',
            "12 or 13",
            "1:0.5",
            "=1+1",
        ]


class TestTheCase:
    def test_the_text_between_the_lines_stays(self, bench):
        path = bench.path / "case.yaml"
        path.write_text(
            "# ours\nid: t-1\n# a remark\ntitle: old\nitems:\n  - id: '1'\n    description: |\n      two\n      lines\n"
            "photographs:\npopulation: {classes: [ballistic_missile]}\n",
            encoding="utf-8",
        )
        bench.post("/case/facts", title="new: title", event_date="2024-01", place="Kharkiv", mandate="")
        bench.post("/case/items", id="K-2", description="tail")
        bench.upload("a.jpg", picture())
        shown = bench.workbench.desk.photographs()[0]
        assert bench.post("/case/photograph", photograph=shown.id, item="K-2", part="nozzle").json()["ok"]
        text = path.read_text(encoding="utf-8")
        assert "# ours" in text and "# a remark" in text and "two" in text
        case = open_case(bench.path).case
        assert (case.title, case.event_date, case.place) == ("new: title", "2024-01", "Kharkiv")
        assert [item.id for item in case.items] == ["1", "K-2"]
        assert case.population.classes == ("ballistic_missile",)
        (entry,) = case.photographs
        assert (entry.item, entry.part) == ("K-2", "nozzle")
        assert [one for one in open_case(bench.path).verify() if one.is_error] == []

    def test_an_unknown_item_or_part_is_refused(self, bench):
        bench.upload("a.jpg", picture())
        shown = bench.workbench.desk.photographs()[0]
        assert bench.post("/case/photograph", photograph=shown.id, item="X", part="").status_code == 422
        assert bench.post("/case/photograph", photograph=shown.id, item="1", part="moon").status_code == 422

    def test_two_people_at_once(self, bench):
        bench.upload("sheet.csv", SHEET.encode())
        other = bench.another()
        other.post("/person", person="Petro")
        name = bench.workbench.desk.docket()[0].entries[0].observation.id
        assert other.post("/decide", observation=name, action="reject", seen=0).json()["ok"]
        answer = bench.post("/decide", observation=name, action="accept", seen=0).json()
        assert "Petro: reject" in answer["message"]
        entry = bench.workbench.desk.docket()[0].entries[0]
        assert entry.standing == "conflict" and len(entry.decisions) == 2


class TestThePageAndTheCommandLine:
    """The case folder is the truth: what is done on one side is visible on the other."""

    def _assess(self, path, tmp_path) -> bytes:
        target = tmp_path / "cli.json"
        with pytest.raises(SystemExit):
            main(["assess", str(path), "--format", "json", "-o", str(target)])
        return target.read_bytes()

    def test_decisions_in_the_page_change_the_assessment_as_the_page_showed(self, bench, tmp_path, capsys):
        bench.upload("sheet.csv", SHEET.encode())
        shown = [bench.client.get("/report/download/json").content]
        assert shown[-1] == self._assess(bench.path, tmp_path) == (bench.path / "assessment.json").read_bytes()
        bench.post("/decide", observation="sheet:2", action="amend", value="920 ± 10 mm")
        shown.append(bench.client.get("/report/download/json").content)
        bench.post("/traits/canard_count", state="absent", coverage_absent="80")
        shown.append(bench.client.get("/report/download/json").content)
        assert len(set(shown)) == 3
        (bench.path / "assessment.json").unlink()
        assert shown[-1] == self._assess(bench.path, tmp_path) == (bench.path / "assessment.json").read_bytes()

    def test_decisions_in_the_terminal_are_on_the_page(self, bench, capsys):
        bench.upload("sheet.csv", SHEET.encode())
        assert "Olha: " not in bench.client.get("/traits/body_diameter_mm").text
        with pytest.raises(SystemExit):
            main(["review", str(bench.path), "--reject", "sheet:2", "--person", "Petro", "--note", "not the aft end"])
        page = bench.client.get("/traits/body_diameter_mm").text
        assert "not the aft end" in page and "badge rejected" in page

    def test_what_the_page_keeps_is_not_handed_over(self, bench, tmp_path):
        bench.upload("sheet.csv", SHEET.encode())
        bench.upload("a.jpg", picture())
        bench.client.get("/photographs")
        answer = bench.client.get("/report/export")
        assert answer.headers["content-type"] == "application/zip"
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert any(name.endswith("photographs/a.jpg") for name in names)
        assert not any(".workbench" in name for name in names)

    def test_a_case_that_does_not_verify_is_not_handed_over(self, bench):
        bench.upload("sheet.csv", SHEET.encode())
        path = bench.path / "sheets" / "sheet.csv"
        path.chmod(0o644)
        path.write_text(SHEET.replace("1100", "1101"), encoding="utf-8")
        answer = bench.client.get("/report/export")
        assert "altered" in answer.text and "does not verify" in bench.client.get("/case").text


def _wait(there, seconds: float = 120.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if there():
            return True
        time.sleep(0.05)
    return False


def test_reading_runs_beside_the_pages_and_can_be_stopped(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # no reader of markings: what is tested is the process around it
    case = new_case(tmp_path / "case", "c-1", person="Olha")
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(picture(text=str(number)))
    case.add(sorted(tmp_path.glob("*.jpg")), person="Olha")
    job = ReadingJob(case.path, None)
    job.start()
    assert job.progress.running
    assert _wait(lambda: not job.progress.running)
    assert (job.progress.done, job.progress.total, job.progress.failed) == (3, 3, "")
    kept = open_case(case.path).readings()
    assert [one.photograph for one in kept] == [f"photographs/{number}.jpg" for number in range(3)]
    (case.path / "readings.jsonl").unlink()
    job.start()
    job.stop()
    assert _wait(lambda: not job.progress.running)
    assert job.progress.stopped and not job.progress.failed
    assert len(open_case(case.path).readings()) < 3


def test_every_sentence_of_the_pages_is_there_in_ukrainian():
    table = json.loads((files("forensics.workbench") / "strings_uk.json").read_text(encoding="utf-8"))
    said = {text for entry in GUIDE for text in entry[1:]}
    for entry in (files("forensics.workbench") / "templates").iterdir():
        for found in re.finditer(r"""\bt\((?:"([^"]+)"|'([^']+)')""", entry.read_text(encoding="utf-8")):
            said.add(found[1] or found[2])
    assert sorted(said - set(table)) == []
    assert all(re.search("[а-яіїєґ]", text.lower()) for text in table.values())
    assert strings.translated("Photographs", "uk") == "Світлини"
    assert strings.translated("Photographs", "fr") == "Photographs"
