"""Invented cases with photographs, for the benchmarks of this folder. The same number gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[3]
SHEET = """item,trait,value,unit,method
A,body_diameter_mm,{diameter},mm,physical
A,jet_vane_count,{vanes},,physical
A,igniter_bolt_ring,{ring},,photograph
A,marking_script,{script},,photograph
"""


def photograph(path: Path, number: int, megapixels: float = 1.9) -> None:
    """A grey plate with noise, bolts on a circle and a painted number."""
    rng = np.random.default_rng(number)
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    height = round(width * 3 / 4)
    shade = np.linspace(90, 170, width, dtype=np.float32)[None, :] + rng.normal(0, 9, (height, width)).astype(
        np.float32
    )
    picture = Image.fromarray(np.clip(shade, 0, 255).astype(np.uint8)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    radius = height * 0.3
    for bolt in range(20):
        angle = 2 * np.pi * bolt / 20
        x, y = width * 0.35 + radius * np.cos(angle), height / 2 + radius * np.sin(angle)
        draw.ellipse((x - radius / 20, y - radius / 20, x + radius / 20, y + radius / 20), fill=(50, 50, 50))
    font = ImageFont.load_default(size=height / 12)
    draw.text((width * 0.72, height * 0.2), str(100 + number % 30), fill=(20, 20, 30), font=font)
    picture.save(path, quality=88)


def make_cases(root: Path, cases: int, photographs: int = 2, megapixels: float = 1.9) -> Path:
    """Case folders below ``root``, a hundred a folder."""
    rings = ["20 bolts evenly spaced", "18 bolts in 6 groups of 3"]
    for number in range(cases):
        folder = root / f"{number // 100:04d}" / f"case-{number:06d}"
        if (folder / "case.yaml").exists():
            continue
        (folder / "sheets").mkdir(parents=True, exist_ok=True)
        (folder / "photographs").mkdir(exist_ok=True)
        rng = np.random.default_rng(number)
        text = SHEET.format(
            diameter=int(rng.integers(300, 1200)),
            vanes=int(rng.integers(3, 5)),
            ring=rings[number % 2],
            script=["hangul", "cyrillic"][number % 2],
        )
        (folder / "sheets" / "sheet.csv").write_text(text, encoding="utf-8")
        for picture in range(photographs):
            photograph(folder / "photographs" / f"{picture}.jpg", number * 10 + picture, megapixels)
        year = 2019 + number % 6
        (folder / "case.yaml").write_text(f"id: {folder.name}\nevent_date: {year}-01-02\n", encoding="utf-8")
    return root


def digest_of_results(folder: Path) -> str:
    """SHA-256 over names and bytes of every document and table."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("cases/*/*/*"), *folder.glob("*.csv")]):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def command(*arguments: str) -> list[str]:
    """``forensics`` as a command of this checkout."""
    return [sys.executable, "-m", "forensics", *arguments]


def environment() -> dict[str, str]:
    """One thread a library, this checkout first."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


@contextmanager
def program(*arguments: str, says: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program of the environment running; the second value is what its log said where ``says`` fits."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / arguments[0]), *arguments[1:]],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(says, line):
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield process, found[1]
                break
        else:
            raise RuntimeError(f"{arguments} ended with {process.wait()}")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """A Dask scheduler with worker processes on this machine; the value is its address."""
    with program(
        "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", says=r"Scheduler at:\s+(\S+)"
    ) as (_, address):
        arguments = ("dask", "worker", address, "--nthreads", "1", "--nworkers", str(workers), "--no-dashboard")
        with program(*arguments, says=r"Registered to:\s+(\S+)"):
            yield address
