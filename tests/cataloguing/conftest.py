"""A copy of the real catalogue to write drafts into, cut down to a few classes so that the engine is quick over it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

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
