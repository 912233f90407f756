"""Every command works as its help says, and the help answers at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.cli.main import COMMANDS
from forensics.model.result import Assessment

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "images" / "samples"


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help(forensics, command):
    run = forensics(*command, "--help")
    assert run.code == 0
    assert "Usage:" in run.out


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['forensics', '--help']\n"
        "from forensics.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'pydantic', 'numpy', 'pandas', 'cv2', 'scipy', 'sklearn', 'PIL', 'rich', 'jinja2', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"


def test_assessing_a_sheet_imports_no_pixels_and_no_tables():
    code = (
        "import sys\nfrom forensics.cli.main import main\n"
        f"try: main(['assess', {str(SAMPLES / 'tochka-tail/sheets/examination.csv')!r}])\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'cv2', 'sklearn', 'PIL', 'pytesseract', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip().splitlines()[-1] == "[]"


def test_readme_names_every_command_and_exit_code():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"forensics {name}" in text
    for code in ("10", "11", "12"):
        assert f"| {code} |" in text


def test_the_result_document_keeps_its_schema(forensics):
    run = forensics("assess", SAMPLES / "tochka-tail", "--no-photographs", "--format", "json")
    document = Assessment.model_validate_json(run.out)
    assert json.loads(document.model_dump_json()) == json.loads(run.out)
    schema = json.loads(forensics("schema", "assessment").out)
    assert set(json.loads(run.out)) == set(schema["properties"])


@pytest.mark.parametrize("name", ["observation", "case", "signature"])
def test_the_other_schemas(forensics, name):
    assert json.loads(forensics("schema", name).out)["properties"]


def test_explain_says_what_speaks_against_and_what_would_have_fitted(forensics):
    run = forensics("explain", SAMPLES / "tochka-tail", "9m723")
    assert run.code == 0
    assert "920" in run.out
    assert run.out == forensics("explain", SAMPLES / "tochka-tail", "9М723").out


def test_next_settles_a_dispute_between_two(forensics):
    run = forensics("next", SAMPLES / "bare-fragment", "--between", "DPRK", "RUS")
    assert run.code == 0
    assert run.out.startswith("North Korea or USSR / Russia")
    assert "if the first" in run.out
    refused = forensics("next", SAMPLES / "bare-fragment", "--between", "DPRK", "hwasong-11a")
    assert refused.code == 2
    assert "overlap" in refused.err


def test_next_lists_examinations(forensics):
    run = forensics("next", SAMPLES / "bare-fragment")
    assert run.code == 0
    assert " 1. " in run.out


def test_a_case_from_nothing_to_a_report(forensics, tmp_path, sheet):
    path = sheet([{"trait": "fin_form", "value": "lattice"}, {"trait": "body_diameter_mm", "value": 650, "unit": "mm"}])
    assert forensics("case", "new", "case", "--title", "A tail", "--person", "examiner").code == 0
    assert forensics("case", "add", "case", path, "--item", "T-1", "--person", "examiner").code == 0
    assert forensics("case", "verify", "case").code == 0
    first = forensics("assess", "case", "--format", "json")
    assert first.code in (0, 10, 12)
    stored = (tmp_path / "case" / "assessment.json").read_bytes()
    assert json.loads(stored) == json.loads(first.out)
    (tmp_path / "case" / "assessment.json").unlink()
    forensics("assess", "case")
    assert (tmp_path / "case" / "assessment.json").read_bytes() == stored
    assert forensics("case", "verify", "case").code == 0
    archive = tmp_path / "case.zip"
    assert forensics("case", "export", "case", archive).code == 0
    assert archive.stat().st_size > 0


def test_verify_names_an_altered_sheet(forensics, tmp_path, sheet):
    forensics("case", "new", "case")
    forensics("case", "add", "case", sheet([{"trait": "fin_count", "value": 4}]))
    stored = next((tmp_path / "case" / "sheets").iterdir())
    stored.write_bytes(stored.read_bytes().replace(b",4,", b",5,"))
    run = forensics("case", "verify", "case")
    assert run.code == 2
    assert stored.name in run.out


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "csv", "yaml", "json"])
def test_an_empty_sheet_of_every_format_passes_its_own_check(forensics, tmp_path, suffix):
    name = f"sheet.{suffix}"
    assert forensics("sheet", "new", name).code == 0
    assert (tmp_path / name).stat().st_size > 0
    again = forensics("sheet", "new", name)
    assert again.code == 2
    assert "exists" in again.err


def test_doctor_says_what_is_installed(forensics):
    run = forensics("doctor")
    assert run.code in (0, 3)
    assert "Catalogue" in run.out
    assert "tesseract" in run.out.lower()


def test_traits_in_three_languages(forensics):
    expected = forensics("traits", "jet_vane_count").out
    assert "jet vane" in expected
    for name in ("jet vanes", "Jet Vanes", "jet-vane-count", "제트 베인 수", "кількість газових рулів"):
        assert forensics("traits", name).out == expected
