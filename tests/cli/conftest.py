"""Running the command line as a person does, in a clean folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from forensics.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "images" / "samples"


@dataclass(frozen=True)
class Run:
    """What a command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def forensics(tmp_path, monkeypatch, capsys):
    """``forensics("assess", "sheet.csv")`` in an empty working folder with an empty cache."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Run(int(stopped.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def sheet(tmp_path):
    """Write a trait sheet from rows of ``trait, value`` (and optional columns by name)."""

    def write(rows, name="sheet.csv"):
        columns = ["item", "trait", "value", "unit", "method"]
        lines = [",".join(columns)]
        for row in rows:
            full = {"item": "A", "method": "physical", **row}
            lines.append(",".join(str(full.get(column, "")) for column in columns))
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
