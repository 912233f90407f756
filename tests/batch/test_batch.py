"""A batch from end to end: what is found, the ledger, resuming, failures, places elsewhere, tables, comparing."""

from __future__ import annotations

import csv
import functools
import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forensics.batch.comparing import compare_results, comparison_text
from forensics.batch.finding import find_units
from forensics.batch.ledger import LEDGER, Ledger
from forensics.batch.units import folder_of
from forensics.catalogue import load
from forensics.errors import InputError, MissingProgramError
from forensics.intake import Lexicon

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "2023/case-0", "2023/case-2", "2023/case-4", "2024/case-1", "2024/case-3", "broken", "loose.csv",
]  # fmt: skip


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon(load().vocabulary)


def ledger_of(folder) -> list[dict]:
    """The lines of a ledger without its heading."""
    lines = (Path(folder) / LEDGER).read_text().splitlines()
    return [json.loads(line) for line in lines[1:]]


def documents_of(folder) -> dict[str, bytes]:
    """Every result document below a folder, by its name."""
    root = Path(folder)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.glob("cases/*/*/*"))}


def test_a_tree_holds_case_folders_and_loose_files(archive, lexicon):
    units = find_units([str(archive)], lexicon)
    assert sorted(unit.key for unit in units) == KEYS
    assert [unit.kind for unit in units if unit.key == "loose.csv"] == ["files"]


def test_patterns_lists_and_single_cases_name_the_same_cases(archive, lexicon, tmp_path):
    one = find_units([str(archive / "2023" / "case-0")], lexicon)
    assert [unit.key for unit in one] == ["case-0"]
    pattern = find_units([str(archive / "*" / "case-*")], lexicon)
    assert sorted(unit.key for unit in pattern) == ["case-0", "case-1", "case-2", "case-3", "case-4"]
    listing = tmp_path / "list.txt"
    listing.write_text(f"# cases\n{archive}/2023/case-0\n\n{archive}/2024/case-1/case.yaml\n{archive}/loose.csv\n")
    assert sorted(unit.key for unit in find_units([str(listing)], lexicon)) == ["case-0", "case-1", "loose.csv"]


def test_every_input_that_holds_nothing_is_named_in_one_run(tmp_path, lexicon):
    (tmp_path / "empty").mkdir()
    (tmp_path / "list.txt").write_text("nowhere\n")
    (tmp_path / "list.pdf").write_text("x")
    with pytest.raises(InputError) as caught:
        find_units(
            [str(tmp_path / "empty"), "missing", str(tmp_path / "list.txt"), str(tmp_path / "list.pdf")], lexicon
        )
    assert len(caught.value.faults) == 4


def test_results_of_an_earlier_batch_are_no_input(archive, lexicon, own_copy, tmp_path):
    shutil.copytree(archive, tmp_path / "archive")
    shutil.move(own_copy, tmp_path / "archive" / "results")
    assert sorted(unit.key for unit in find_units([str(tmp_path / "archive")], lexicon)) == KEYS


@pytest.mark.parametrize(
    "key", ["plain", "a/b", "../../etc/passwd", "..", "", "Київ/фото 1.jpg", "x" * 300, "a\udcffb"]
)
def test_no_key_leads_out_of_the_output(key):
    parts = folder_of(key).split("/")
    assert len(parts) == 3 and ".." not in parts and all(0 < len(part) < 120 for part in parts)
    assert folder_of(key) != folder_of(f"{key}_")


def test_each_case_is_one_line_and_one_bad_case_stops_nothing(finished):
    lines = ledger_of(finished)
    assert sorted(line["key"] for line in lines) == KEYS
    failed = [line for line in lines if line["state"] == "failed"]
    assert [line["key"] for line in failed] == ["broken"]
    assert "no_such_trait" in failed[0]["reason"] and not failed[0].get("ours")
    assert len(documents_of(finished)) == 6
    for line in lines:
        if line["state"] == "done":
            data = (finished / line["document"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == line["digest"]


def test_running_again_does_nothing_twice(archive, batch, own_copy):
    before = ledger_of(own_copy)
    summary, _ = batch(archive)
    assert ledger_of(own_copy) == before
    assert (summary.resumed, summary.done_now) == (7, 0)
    batch(archive, retry_failed=True)
    assert [line["key"] for line in ledger_of(own_copy)[7:]] == ["broken"]


def test_a_torn_line_is_begun_again_and_ends_with_the_same_bytes(archive, batch, own_copy):
    expected = documents_of(own_copy)
    ledger = own_copy / LEDGER
    torn = next(line for line in reversed(ledger_of(own_copy)) if line["state"] == "done")
    lines = [line for line in ledger.read_bytes().splitlines() if torn["key"].encode() not in line]
    ledger.write_bytes(b"\n".join(lines) + b'\n{"key":"' + torn["key"].encode())
    (own_copy / torn["document"]).unlink()
    summary, _ = batch(archive)
    assert summary.done_now == 1
    assert sorted(line["key"] for line in ledger_of(own_copy)) == KEYS
    assert documents_of(own_copy) == expected


def test_another_catalogue_or_choice_is_refused(archive, batch, own_copy):
    with pytest.raises(InputError, match="reviewed_only"):
        batch(archive, reviewed_only=True)
    (own_copy / LEDGER).write_text("not a ledger\n")
    with pytest.raises(InputError, match="not a ledger"):
        batch(archive)


def test_processes_write_the_same_bytes_as_one(archive, batch, finished):
    alone = finished
    summary, many = batch(archive, output="many", jobs=2)
    assert documents_of(many) == documents_of(alone)
    assert (Path(many) / "cases.csv").read_bytes() == (Path(alone) / "cases.csv").read_bytes()
    assert 0 < summary.peak_mb < 1000


def test_a_case_that_outlasts_its_limit_costs_its_process_and_nothing_else(archive, batch):
    summary, folder = batch(archive / "2023" / "case-0", jobs=1, limit_s=0.001)
    (line,) = ledger_of(folder)
    assert line["state"] == "failed" and "0.001 s" in line["reason"]
    assert summary.outcomes == {"failed": 1}


@pytest.mark.slow
def test_a_cluster_writes_the_same_bytes(archive, batch, finished):
    """Two workers in processes of their own, behind a scheduler."""
    with running("dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard") as said:
        address = said(r"Scheduler at:\s+(tcp://\S+)")
        worker = ("dask", "worker", address, "--nthreads", "1", "--nworkers", "2", "--no-dashboard")
        with running(*worker) as told:
            told(r"Registered to:\s+(tcp://\S+)")
            summary, folder = batch(archive, output="cluster", scheduler=address)
    assert documents_of(folder) == documents_of(finished)
    assert sorted(line["key"] for line in ledger_of(folder)) == KEYS
    assert summary.outcomes["failed"] == 1


def test_no_scheduler_is_said_in_words(archive, batch, monkeypatch):
    monkeypatch.setattr("forensics.batch.running._ANSWER_S", 0.2)
    with pytest.raises(InputError, match="no scheduler answers"):
        batch(archive, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(InputError, match="no address of a scheduler"):
        batch(archive, scheduler="head-node")
    with pytest.raises(MissingProgramError, match="gcsfs"):
        batch("gs://bucket/cases")


@contextmanager
def running(*command):
    """A program of the environment; gives a function that waits until it has said something."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )

    def said(pattern):
        for line in process.stderr:
            if found := re.search(pattern, line):
                threading.Thread(target=process.stderr.read, daemon=True).start()
                return found[1]
        raise AssertionError(f"{command} ended with {process.wait()}")

    try:
        yield said
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


@pytest.mark.slow
def test_killed_and_resumed_is_as_if_undisturbed(archive, finished, tmp_path):
    command = [sys.executable, "-m", "forensics", "batch", str(archive), "-o", "killed", "--jobs", "1", "--brief"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ledger = tmp_path / "killed" / "ledger.jsonl"
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (ledger.exists() and ledger.read_bytes().count(b"\n") >= 3):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = ledger.read_bytes().count(b"\n") - 1
    again = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 2, again.stderr  # the broken case
    assert sorted(line["key"] for line in ledger_of(tmp_path / "killed")) == KEYS
    assert documents_of(tmp_path / "killed") == documents_of(finished)
    assert f"{7 - done} of them in this run" in again.stdout


def test_memory_and_compressed_documents(archive, batch, finished, monkeypatch, tmp_path):

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    memory = fsspec.filesystem("memory")
    memory.put(str(archive), "/archive", recursive=True)
    local = finished
    batch("memory://archive", output="memory://results", compressed=True)
    documents = sorted(documents_of(local))
    assert sorted(str(path) for path in memory.find("/results/cases")) == [f"/results/{name}.gz" for name in documents]
    assert memory.exists("/results/ledger.jsonl") and memory.exists("/results/cases.csv")
    assert gzip.decompress(memory.cat(f"/results/{documents[0]}.gz")) == (Path(local) / documents[0]).read_bytes()
    shutil.rmtree(tmp_path / "state")
    summary, _ = batch("memory://archive", output="memory://results", compressed=True)
    assert summary.done_now == 0  # the ledger that lies beside the results is enough


def test_http_is_read(archive, batch, finished):
    handler = functools.partial(_Silent, directory=str(archive))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/2023"
        _, folder = batch(address, output="from-http")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert {line["digest"] for line in ledger_of(folder)} == {
        line["digest"] for line in ledger_of(finished) if line["key"].startswith("2023/")
    }
    with pytest.raises(InputError, match="HTTP is only read"):
        batch(archive / "2023", output="http://127.0.0.1:9/results")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass


LONG = """case,event date,item,trait,value,unit
k-1,2024-01-02,A,body diameter,880,mm
k-2,,A,body diameter,930,mm
k-1,,A,jet_vane_count,4,
k-2,,A,jet_vane_count,four and a half,
"""
WIDE = """case,event_date,examiner,body_diameter_mm,body_diameter_mm:method,jet_vane_count,jet_vane_count:state
k-1,2024-01-02,,880,,4,
k-2,,,930,photograph,,absent
"""


def test_long_and_wide_tables_are_cases(batch, tmp_path):
    long, wide, sheet = tmp_path / "long.csv", tmp_path / "wide.csv", tmp_path / "sheet.csv"
    long.write_text(LONG)
    wide.write_text(WIDE)
    sheet.write_text("item,trait,value,unit\n1,body_diameter_mm,880,mm\n1,jet_vane_count,4,\n")
    summary, folder = batch(long, output="long")
    assert "long.csv:5 [value]" in summary.failed[0]["reason"]
    first = next(line for line in ledger_of(folder) if line["key"] == "k-1")
    document = json.loads((Path(folder) / first["document"]).read_text())
    assert document["case"]["event_date"] == "2024-01-02"
    assert [one["provenance"]["row"] for one in document["observations"]] == [2, 4]
    _, folder = batch(wide, output="wide")
    rows = {line["key"]: line["row"] for line in ledger_of(folder)}
    assert rows["k-1"]["log10_lr"] == first["row"]["log10_lr"]
    second = next(line for line in ledger_of(folder) if line["key"] == "k-2")
    observed = json.loads((Path(folder) / second["document"]).read_text())["observations"]
    assert [(one["trait"], one["value"]["kind"], one["provenance"]["method"]) for one in observed] == [
        ("body_diameter_mm", "measured", "photograph"),
        ("jet_vane_count", "absent", "physical"),
    ]


def test_every_unknown_heading_is_named(tmp_path, lexicon):
    table = tmp_path / "t.csv"
    table.write_text("case,body_diameter_mm,colour of the sky,mood\nk,880,blue,good\n")
    with pytest.raises(InputError) as caught:
        find_units([str(table)], lexicon)
    assert [fault.column for fault in caught.value.faults] == ["colour of the sky", "mood"]


def test_parquet_tables_in_and_out(archive, batch, tmp_path):
    columns = {"case": ["k-1", "k-2"], "body_diameter_mm": [880.0, None], "jet_vane_count": [4, 4]}
    pq.write_table(pa.table(columns), tmp_path / "wide.parquet")
    _, folder = batch(tmp_path / "wide.parquet", forms=("csv", "parquet"), top=3)
    for name in ("cases", "candidates", "evidence"):
        with (Path(folder) / f"{name}.csv").open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        table = pq.read_table(Path(folder) / f"{name}.parquet")
        assert table.column_names == list(rows[0])
        assert table.num_rows == len(rows)
        numbers = [float(row["log10_lr"]) for row in rows]
        assert table["log10_lr"].to_pylist() == numbers
    candidates = pq.read_table(Path(folder) / "candidates.parquet").to_pylist()
    assert [row["rank"] for row in candidates] == [1, 2, 3] * 2


def test_comparing_says_what_changed_and_why(batch, tmp_path, capsys):
    edited = tmp_path / "signatures"
    shutil.copytree(ROOT / "signatures", edited)
    table = tmp_path / "wide.csv"
    table.write_text(
        "case,body_diameter_mm,jet_vane_count,igniter_bolt_ring,marking_script,propulsion_kind,year_mark\n"
        "k-1,1100,4,20 bolts evenly spaced,hangul,solid,112\nk-2,930,,,,,\n"
    )
    _, before = batch(table, output="before")
    path = next(edited.rglob("hwasong-11a.yaml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1100", "600"), encoding="utf-8")
    _, after = batch(table, output="after", catalogue_path=edited)
    found = compare_results(before, after)
    text = comparison_text(found)
    assert found.same + len(found.changes) == 2
    assert found.headings[0]["catalogue_digest"] != found.headings[1]["catalogue_digest"]
    assert "conclusions changed" in text
    same = compare_results(before, before)
    assert (same.same, same.changes) == (2, ())
    with pytest.raises(InputError, match="no results"):
        compare_results(str(tmp_path / "nothing"), after)


def test_text_that_a_spreadsheet_would_calculate_is_quoted(batch, tmp_path):
    table = tmp_path / "wide.csv"
    table.write_text('case,body_diameter_mm,jet_vane_count\n"=HYPERLINK(""http://x"")",880,4\n')
    _, folder = batch(table)
    with (Path(folder) / "cases.csv").open(newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["case"].startswith("'=HYPERLINK") and row["key"].startswith("'=")
    assert -5 < float(row["log10_lr"]) < 5


def test_a_second_batch_on_one_ledger_is_refused(archive, batch, own_copy):
    heading = json.loads((own_copy / LEDGER).read_text().splitlines()[0])
    heading.pop("ledger")
    with Ledger.open(own_copy / LEDGER, heading), pytest.raises(InputError, match="another batch"):
        batch(archive)
