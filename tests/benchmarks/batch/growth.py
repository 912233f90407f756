"""How the cost grows: with cases, with types in the catalogue, with megapixels of a photograph.

``python tests/benchmarks/batch/growth.py [--cases 10 100 1000 10000] [--types 10 100 1000] [--megapixels 1 12 50]
[--what cases types megapixels]``. Processor seconds, so that a busy machine changes little; the last column is the
cost of one unit, level where growth is linear.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archive import command, environment, make_cases, photograph

from forensics.batch.batch import BatchOptions, run_batch
from forensics.catalogue import locate
from forensics.workflow.guarding import register_guarded

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from catalogue_load import grow


def cpu_of(*arguments: str) -> float:
    """Processor seconds of a command and what it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command(*arguments), env=environment(), check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def line(what: str, count: float, cpu: float, units: float, further: str = "") -> None:
    print(f"{what:<24}{count:>10,.0f}{cpu:>12.2f}{1000 * cpu / units:>16.1f}  {further}", flush=True)


def cases(folder: Path, sizes: list[int]) -> None:
    """Whole batches, photographs not read, one process; and the tables alone."""
    for count in sizes:
        archive = make_cases(folder / f"cases-{count}", count, photographs=0)
        output = folder / f"out-{count}"
        cpu = cpu_of("batch", str(archive), "-o", str(output), "--jobs", "1", "--brief", "--tables", "none")
        tables = cpu_of("batch", str(archive), "-o", str(output), "--jobs", "1", "--brief", "--tables", "both")
        lines = (output / "ledger.jsonl").read_bytes()
        peak = max(json.loads(entry).get("peak_mb", 0) for entry in lines.splitlines()[1:])
        further = f"tables {1000 * tables / count:.1f} ms a case, ledger {len(lines) / count:.0f} bytes, {peak:.0f} MB"
        line("cases", count, cpu, count, further)
        shutil.rmtree(output)


def types(folder: Path, sizes: list[int]) -> None:
    """Twenty cases against catalogues of several sizes, in this process; without the first case, which loads."""
    own, _ = locate(None)
    archive = make_cases(folder / "cases-types", 20, photographs=0)
    for count in sizes:
        signatures = folder / f"signatures-{count}"
        shutil.copytree(own, signatures, ignore=shutil.ignore_patterns("examples"))
        withdraw(signatures, count)
        grow(signatures, count)
        output = folder / f"out-types-{count}"
        options = BatchOptions(output=str(output), jobs=0, detail=False, catalogue_path=signatures, forms=())
        start = time.process_time()
        run_batch([str(archive)], options)
        line("types (20 cases)", count, time.process_time() - start, 20 * count, "ms a case and type")


def withdraw(signatures: Path, wanted: int) -> None:
    """Take all but ``wanted`` types out of the comparison; their files stay, so that references to them hold."""
    for path in sorted(signatures.glob("types/*/*/*.yaml"))[wanted:]:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^status: .*", "status: withdrawn", text, flags=re.MULTILINE), encoding="utf-8")


def megapixels(folder: Path, sizes: list[float]) -> None:
    """Registering (guard included) and assessing one photograph; memory of the process that assesses."""
    for size in sizes:
        path = folder / f"{size:g}.jpg"
        photograph(path, 7, size)
        register_guarded(path)
        start = time.perf_counter()
        register_guarded(path)
        guarded = time.perf_counter() - start
        output = folder / f"out-{size:g}"
        cpu = cpu_of("batch", str(path), "-o", str(output), "--jobs", "1", "--brief", "--tables", "none")
        peak = json.loads((output / "ledger.jsonl").read_text().splitlines()[1])["peak_mb"]
        line("megapixels", size, cpu, size, f"ms a megapixel; guarded {guarded:.2f} s wall; {peak:.0f} MB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--what", nargs="*", choices=("cases", "types", "megapixels"))
    options.add_argument("--cases", nargs="*", type=int, default=[10, 100, 1000, 10_000])
    options.add_argument("--types", nargs="*", type=int, default=[10, 100, 1000])
    options.add_argument("--megapixels", nargs="*", type=float, default=[1, 4, 12, 24, 50])
    chosen = options.parse_args()
    what = chosen.what or ["cases", "types", "megapixels"]
    print(f"{'':<24}{'number':>10}{'CPU s':>12}{'ms a unit':>16}")
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XDG_CACHE_HOME"] = str(Path(temporary) / "cache")
        folder = Path(temporary)
        if "cases" in what:
            cases(folder, chosen.cases)
        if "types" in what:
            types(folder, chosen.types)
        if "megapixels" in what:
            megapixels(folder, chosen.megapixels)


if __name__ == "__main__":
    main()
