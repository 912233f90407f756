"""A small archive of cases, and running a batch over it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forensics.batch.batch import BatchOptions, run_batch

SHEET = """item,trait,value,unit,method
A,body_diameter_mm,{diameter},mm,physical
A,jet_vane_count,4,,physical
A,igniter_bolt_ring,{ring},,photograph
"""


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """Six case folders, one of them with a broken sheet, at two depths; and one loose sheet."""
    root = tmp_path_factory.mktemp("archive")
    rings = ["20 bolts evenly spaced", "18 bolts in 6 groups of 3"]
    for number in range(5):
        folder = root / ("2024" if number % 2 else "2023") / f"case-{number}"
        make_case(folder, SHEET.format(diameter=900 + 20 * number, ring=rings[number % 2]))
    make_case(root / "broken", "item,trait,value\nA,no_such_trait,1\n")
    (root / "loose.csv").write_text(SHEET.format(diameter=920, ring=rings[1]), encoding="utf-8")
    return root


def make_case(folder: Path, sheet: str) -> None:
    (folder / "sheets").mkdir(parents=True)
    (folder / "case.yaml").write_text(f"id: {folder.name}\nevent_date: 2024-01-02\n", encoding="utf-8")
    (folder / "sheets" / "sheet.csv").write_text(sheet, encoding="utf-8")


@pytest.fixture
def batch(tmp_path):
    """``batch(inputs, name, **options)``: the summary and the folder of results, worked off in this process."""

    def run(*inputs, output="out", **options):
        place = str(output) if "://" in str(output) else str(tmp_path / output)
        options.setdefault("jobs", 0)
        options.setdefault("detail", False)
        summary, _ = run_batch([str(one) for one in inputs], BatchOptions(output=place, **options))
        return summary, place

    return run


@pytest.fixture(scope="session")
def finished(archive, tmp_path_factory):
    """Results of an undisturbed run over the archive. Not to be written to."""
    folder = tmp_path_factory.mktemp("finished") / "out"
    run_batch([str(archive)], BatchOptions(output=str(folder), jobs=0, detail=False))
    return folder


@pytest.fixture
def own_copy(finished, tmp_path):
    """The same results where a test may change them."""
    return shutil.copytree(finished, tmp_path / "out")
