"""A small invented catalogue on disk, written anew for each test, and a handle to change it and read it back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from forensics.catalogue.folder import read_files
from forensics.catalogue.loading import Reading, load, read_catalogue
from forensics.errors import CatalogueError, Fault
from forensics.model.catalogue import Catalogue

SMALL = Path(__file__).parent / "small"


@dataclass(frozen=True)
class Folder:
    """A catalogue folder on disk."""

    path: Path

    def write(self, name: str, text: str | bytes) -> Path:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return target

    def change(self, name: str, old: str, new: str) -> None:
        target = self.path / name
        text = target.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        target.write_text(text.replace(old, new), encoding="utf-8")

    def load(self) -> Catalogue:
        return load(self.path, use_cache=False)

    def read(self) -> Reading:
        return read_catalogue(read_files(self.path), "given")

    def faults(self) -> tuple[Fault, ...]:
        try:
            self.load()
        except CatalogueError as error:
            return error.faults
        return ()

    def only_fault(self) -> Fault:
        faults = self.faults()
        assert len(faults) == 1, "\n".join(map(str, faults))
        return faults[0]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(SMALL, tmp_path / "signatures")))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No test reads or writes the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield tmp_path / "cache" / "missile-forensics"
