"""Small files that describe enormous or endless things are refused before they are laid out."""

from __future__ import annotations

import json
import zipfile

import pytest

from forensics import yamltext
from forensics.catalogue import load
from forensics.errors import SheetError
from forensics.intake import read_sheet


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- " * 60 + "x", "nested deeper"),
        ("[" * 5000 + "]" * 5000, ""),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchor and alias"),
        ("!!python/object/apply:os.system ['true']", "tag"),
        ("a: 1\na: 2\n", "twice"),
    ],
)
def test_yaml(text, said):
    root, faults = yamltext.parse(text.encode(), "x.yaml")
    assert faults and said in str(faults[0])
    assert root is None or not isinstance(root, dict)


def test_json_that_is_too_deep(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[" * 100_000)
    with pytest.raises(SheetError):
        read_sheet(path, load().vocabulary)
    path.write_text(json.dumps([{"item": "A", "trait": "fin_count", "value": 10**400}]))
    with pytest.raises(SheetError):
        read_sheet(path, load().vocabulary)


@pytest.mark.parametrize("size", [300_000_000, 20_000_000])
def test_a_workbook_that_unpacks_without_end(tmp_path, size):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(size // 1_000_000):
                member.write(b" " * 1_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(SheetError, match="unpacks to"):
        read_sheet(path, load().vocabulary)
