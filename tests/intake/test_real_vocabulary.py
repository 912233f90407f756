"""The vocabulary that ships: every name of it reads back, every sample sheet is in order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from forensics.catalogue import load
from forensics.intake import check_sheet, read_sheet, write_sheet, write_template
from forensics.intake.values import ValueCells, parse_value
from forensics.intake.words import COLUMNS, Lexicon
from forensics.model.catalogue import TraitKind, Vocabulary
from forensics.model.values import Category

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Vocabulary:
    return load(ROOT / "signatures").vocabulary


@pytest.fixture(scope="module")
def lexicon(shipped) -> Lexicon:
    return Lexicon(shipped)


def test_every_name_of_every_trait_means_that_trait(shipped, lexicon):
    for trait in shipped.traits.values():
        for name in (trait.id, trait.id.upper(), trait.id.replace("_", "-"), *trait.names.all()):
            assert lexicon.trait(name).id == trait.id, name


def test_every_name_of_every_value_reads_back(shipped, lexicon):
    for trait in shipped.traits.values():
        for value in trait.values:
            for name in (value.id, *value.names.all()):
                found, _ = parse_value(ValueCells(value=name), trait, lexicon)
                assert found == Category(weights={value.id: 1.0}), (trait.id, name)


def test_every_heading_and_every_word_reads_back(shipped, lexicon):
    for column in COLUMNS:
        for name in (column, *shipped.columns[column].all()):
            assert lexicon.column(name) == column
    for group in ("state", "method", "unit", "presence"):
        for word, names in shipped.words[group].items():
            for name in (word, *names.all()):
                assert lexicon.word(group, name) == word, (group, name)


def test_every_kind_of_value_has_a_trait_and_an_example(shipped):
    assert {trait.kind for trait in shipped.traits.values()} == set(TraitKind)


@pytest.mark.parametrize("path", sorted((ROOT / "images/samples").glob("*/sheets/*")), ids=lambda path: path.parts[-3])
def test_the_sample_sheets_are_in_order_and_survive_rewriting(path, shipped, tmp_path):
    assert check_sheet(path, shipped) == ()
    found = read_sheet(path, shipped)
    for suffix in ("csv", "json", "yaml"):
        target = tmp_path / f"{path.stem}.{suffix}"
        write_sheet(target, found, shipped)
        again = read_sheet(target, shipped)
        assert [(one.item, one.trait, one.value, one.note) for one in again] == [
            (one.item, one.trait, one.value, one.note) for one in found
        ]


@pytest.mark.parametrize("language", ["en", "uk", "ko"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_templates_in_every_language_are_understood(language, suffix, shipped, tmp_path):
    path = tmp_path / f"t.{suffix}"
    write_template(path, shipped, item="K-1", language=language)
    assert [fault.message for fault in check_sheet(path, shipped)] == ["has no filled row."]


def test_a_csv_sheet_is_read_without_pandas(tmp_path):
    sheet = next(iter(sorted((ROOT / "images/samples").glob("*/sheets/*.csv"))))
    code = (
        "import sys; from pathlib import Path; from forensics.catalogue import load;"
        "from forensics.intake import read_sheet;"
        f"read_sheet(Path({str(sheet)!r}), load().vocabulary);"
        "print([name for name in ('pandas', 'PIL', 'openpyxl', 'odf', 'cv2') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"
