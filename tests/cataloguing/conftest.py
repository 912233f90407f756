"""A copy of the real catalogue to write drafts into, cut down to a few classes so that the engine is quick over it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from forensics.cli.main import main

ROOT = Path(__file__).parents[2]
SIGNATURES = ROOT / "signatures"
KEPT = ("rocket_artillery", "artillery_projectile")


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes to the user's cache; the real catalogue is read once for all of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """The catalogue with rockets and shells only."""
    copy = tmp_path / "signatures"
    skipped = shutil.ignore_patterns("pictures", "examples", "limitations")
    shutil.copytree(SIGNATURES, copy, ignore=skipped)
    kept = {path.stem for path in copy.glob("types/*/*/*.yaml") if path.parent.name in KEPT}
    for path in copy.glob("types/*/*/*.yaml"):
        if path.stem not in kept:
            path.unlink()
            continue
        text = re.sub(r"^(examples|counterexamples):\n(  .*\n)*", "", path.read_text(encoding="utf-8"), flags=re.M)
        path.write_text(re.sub(r"^confusable_with: \[(.*?)\]", lambda m: _without(m[1], kept), text, flags=re.M | re.S))
    return copy


def _without(listed: str, kept: set[str]) -> str:
    return f"confusable_with: [{', '.join(name for name in map(str.strip, listed.split(',')) if name in kept)}]"


@dataclass(frozen=True)
class Run:
    """One command: its exit code, and everything on the terminal, answers included."""

    exit_code: int
    output: str


def _run(*arguments: object, given: str = "") -> Run:
    code = 0
    with CliRunner(echo_stdin=True).isolation(input=given) as streams:
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
        output = streams[2].getvalue().decode("utf-8")
    return Run(code, output)


@pytest.fixture
def run() -> Callable[..., Run]:
    """Run the command line as a person sees it; ``given`` is what they type."""
    return _run
