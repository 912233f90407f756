"""A flat table scored as a stream gives the numbers of one case at a time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forensics.batch.bulk import RANKING, score_table
from forensics.batch.coding import rounded
from forensics.batch.ledger import LEDGER, read_ledger
from forensics.catalogue import load
from forensics.errors import InputError

TOLERANCE_LOG10 = 1e-5
"""Single precision; measurements that already have four significant digits are not rounded."""

COLUMNS = {
    "case": ["a", "b", "c", "d", "e", "f"],
    "body_diameter_mm": [880.0, 1100.0, None, 122.0, 650.5, float("nan")],
    "jet_vane_count": [4, 4, None, None, 3, 4],
    "jet_vane_actuator_form": ["dprk_state_media_form", None, "", "absent", "dprk_state_media_form", None],
    "igniter_bolt_ring": ["20 bolts evenly spaced", "18 bolts in 6 groups of 3", None, None, "19", None],
    "marking_script": ["hangul", None, "cyrillic", "latin", None, "hangul | latin"],
    "marking_text": ["ㅈ11", "ㅈ11", "9М79", None, "not examinable", "112"],
    "year_mark": ["112", "112", None, "99", None, "112"],
}


@pytest.fixture(scope="module")
def catalogue():
    return load()


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "rows.parquet"
    pq.write_table(pa.table(COLUMNS), path)
    return path


def ranking_of(folder) -> list[dict]:
    return pq.read_table(Path(folder) / RANKING).to_pylist()


def test_equal_to_one_at_a_time(table, catalogue, batch, tmp_path):
    score_table(str(table), str(tmp_path / "bulk"), catalogue, leading=400, nodes="all")
    summary, folder = batch(table, forms=())
    assert not summary.failed
    _, entries = read_ledger(Path(folder) / LEDGER)
    for row in ranking_of(tmp_path / "bulk"):
        document = json.loads((Path(folder) / entries[row["case"]]["document"]).read_text())
        one_at_a_time = {candidate["id"]: candidate["log10_lr"] for candidate in document["ranking"]}
        one_at_a_time |= {
            f"unlisted@{leaf['state']}": leaf["log10_lr"] for leaf in document["not_catalogued"]["leaves"]
        }
        size = sum(name.startswith("type_") for name in row)
        bulk = {row[f"type_{n}"]: row[f"log10_lr_{n}"] for n in range(1, size + 1)}
        assert set(one_at_a_time) <= set(bulk)
        worst = max(abs(bulk[name] - value) for name, value in one_at_a_time.items())
        assert worst < TOLERANCE_LOG10, row["case"]
        assert row["recorded"] == len({line["trait"] for one in document["ranking"] for line in one["evidence"]})
        for level, key in (("states", "state"), ("families", "family")):
            for node in document[level]:
                if not np.isclose(node["log10_lr"], row[f"{key}:{node['id']}"], atol=1e-4):
                    raise AssertionError((row["case"], node["id"], node["log10_lr"], row[f"{key}:{node['id']}"]))
        assert abs(document["not_catalogued"]["log10_lr"] - row["not_catalogued"]) < 1e-4


def test_csv_and_parquet_and_any_number_of_threads_give_the_same(table, catalogue, tmp_path):
    lines = [",".join(COLUMNS)]
    for number in range(6):
        cells = [COLUMNS[name][number] for name in COLUMNS]
        lines.append(",".join("" if cell is None or cell != cell else str(cell) for cell in cells))
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    score_table(str(table), str(tmp_path / "one"), catalogue)
    score_table(str(table), str(tmp_path / "two"), catalogue, threads=2)
    score_table(str(tmp_path / "rows.csv"), str(tmp_path / "three"), catalogue)
    assert (tmp_path / "one" / RANKING).read_bytes() == (tmp_path / "two" / RANKING).read_bytes()
    assert ranking_of(tmp_path / "one") == ranking_of(tmp_path / "three")


def test_parts_do_not_matter(table, catalogue, tmp_path, monkeypatch):
    score_table(str(table), str(tmp_path / "whole"), catalogue)
    monkeypatch.setattr("forensics.batch.bulk.ROWS", 2)
    score_table(str(table), str(tmp_path / "parts"), catalogue)
    assert ranking_of(tmp_path / "whole") == ranking_of(tmp_path / "parts")


def test_every_cell_that_cannot_be_read_is_named(catalogue, tmp_path):
    path = tmp_path / "bad.parquet"
    columns = {"fin_count": ["four and a half", "3"], "fin_form": ["lattice", "wings of gold"], "fins": ["1", "2"]}
    pq.write_table(pa.table({name: columns[name] for name in ("fin_count", "fin_form")}), path)
    with pytest.raises(InputError) as caught:
        score_table(str(path), str(tmp_path / "out"), catalogue)
    assert {fault.column for fault in caught.value.faults} == {"fin_count", "fin_form"}
    assert not (tmp_path / "out" / RANKING).exists()


def test_what_bulk_cannot_weigh_is_refused(catalogue, tmp_path):
    for name, columns in {
        "dated": {"year_mark": ["112"], "date_code_newest": ["2023"]},
        "twice": {"fin_count": ["3"], "fin count": ["4"]},
        "state": {"fin_count": ["3"], "fin_count:state": ["absent"]},
        "long": {"trait": ["fin_count"], "value": ["3"]},
    }.items():
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table(columns), path)
        with pytest.raises(InputError):
            score_table(str(path), str(tmp_path / "out"), catalogue)


def test_measurements_are_rounded_to_four_digits():
    given = np.array([880.04, 0.0, 12346.0, np.nan, -0.00123456])
    wanted = [880.0, 0.0, 12350.0, np.nan, -0.001235]
    assert np.allclose(rounded(given), wanted, rtol=1e-12, equal_nan=True)
    values = np.random.default_rng(0).uniform(1, 1e5, 1000)
    assert (np.abs(rounded(values) / values - 1) <= 0.0005 + 1e-12).all()
