"""The process that decodes photographs may die; ours may not."""

from __future__ import annotations

import json
import os
import signal
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forensics.errors import PhotographError
from forensics.intake import register_photograph
from forensics.workflow.guarding import Guard, register_guarded


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "a.jpg"
    Image.fromarray(np.zeros((60, 80, 3), np.uint8)).save(path)
    return path


def guard_running(code: str, **options) -> Guard:
    return Guard((sys.executable, "-P", "-c", code), **options)


def test_the_guard_registers_what_we_would(picture):
    assert register_guarded(picture, item="A", note="n") == register_photograph(picture, item="A", note="n")


def test_faults_come_through(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    with pytest.raises(PhotographError, match=r"missing\.jpg"):
        register_guarded(tmp_path / "missing.jpg")
    with pytest.raises(PhotographError, match=r"a\.png"):
        register_guarded(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os, signal; input(); os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("import os; input(); os._exit(3)", "ended the process"),
        ("input(); print('half an ans', end='', flush=True)", "ended the process"),
        ("import time; input(); time.sleep(60)", "took longer than"),
    ],
)
def test_a_guard_that_dies_or_hangs_costs_one_photograph(picture, code, said):
    guard = guard_running(code, limit_s=1.5)
    try:
        with pytest.raises(PhotographError, match=said):
            guard.register(picture)
        assert guard._process is None
    finally:
        guard.close()


def test_the_next_photograph_gets_a_new_guard(picture):
    guard = Guard()
    try:
        first = guard.register(picture)
        os.kill(guard._process.pid, signal.SIGKILL)
        guard._process.wait()
        assert guard.register(picture) == first
    finally:
        guard.close()


def test_memory_is_bounded(tmp_path):
    """A quarter of a megabyte of PNG that unpacks to 264 MB and its copy, in a guard that may have 450."""
    path = tmp_path / "large.png"
    write_flat_png(path, 11_000, 8_000)
    bounded = "import forensics.workflow.guard as g; b = g.bound; g.bound = lambda: b(450_000_000); g.main()"
    guard = guard_running(bounded)
    try:
        with pytest.raises(PhotographError, match="memory"):
            guard.register(path)
    finally:
        guard.close()


def write_flat_png(path: Path, width: int, height: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    packer = zlib.compressobj(1)
    row = b"\0" + bytes(width * 3)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def test_nothing_is_imported_from_the_folder_we_were_started_in(picture, tmp_path, monkeypatch):
    """A stranger's case may hold a file named like a module."""
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    (tmp_path / "PIL.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    guard = Guard()
    try:
        guard.register(picture)
    finally:
        guard.close()
    assert not (tmp_path / "ran").exists()


def test_answers_of_a_guard_that_lies_are_refused(picture):
    lie = json.dumps({"photograph": {"path": "x"}})
    guard = guard_running(f"input(); print({lie!r})")
    try:
        with pytest.raises(ValueError, match="validation"):
            guard.register(picture)
    finally:
        guard.close()
