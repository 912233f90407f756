"""Generated cases with two photographs each: two processes against one, and a Dask cluster of two workers.

``python tests/benchmarks/batch/cases.py [--cases 1000] [--megapixels 1.9] [--no-cluster] [--no-photographs]``.
Prints wall and processor time, speed-up, the largest memory of a worker, and whether every byte is the same.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from archive import cluster, command, digest_of_results, environment, make_cases


def run(archive: Path, output: Path, *arguments: str) -> tuple[float, float, float, str]:
    """Wall seconds, processor seconds of the workers as the ledger has them, largest memory, digest of the results."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        command("batch", str(archive), "-o", str(output), *arguments),
        env=environment(),
        check=True,
        capture_output=True,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    lines = [json.loads(line) for line in (output / "ledger.jsonl").read_text().splitlines()[1:]]
    return wall, cpu, max(line.get("peak_mb", 0) for line in lines), digest_of_results(output)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=1000)
    options.add_argument("--megapixels", type=float, default=1.9)
    options.add_argument("--no-cluster", action="store_true")
    options.add_argument("--no-photographs", action="store_true")
    chosen = options.parse_args()
    further = ["--no-photographs"] if chosen.no_photographs else []
    with tempfile.TemporaryDirectory() as folder:
        archive = make_cases(Path(folder) / "archive", chosen.cases, megapixels=chosen.megapixels)
        print(
            f"{chosen.cases} cases, 2 photographs of {chosen.megapixels} megapixels each{' (not read)' * bool(further)}"
        )
        print(f"{'':<26}{'wall s':>9}{'CPU s':>9}{'cases/s':>9}{'speed-up':>10}{'MB/worker':>11}  results")
        first = None
        for name, jobs in (("1 process", 1), ("2 processes", 2)):
            found = run(archive, Path(folder) / f"out-{jobs}", "--jobs", str(jobs), *further)
            first = first or found
            show(name, chosen.cases, found, first)
        two = found
        if not chosen.no_cluster:
            with cluster(2) as address:
                # Its workers' processor time is not a child's of ours and not printed.
                found = run(archive, Path(folder) / "out-cluster", "--scheduler", address, *further)
            show("Dask, 2 workers", chosen.cases, found, first)
            print(f"overhead of the scheduler against 2 processes: {100 * (found[0] / two[0] - 1):+.1f} % of wall time")


def show(name: str, cases: int, found: tuple[float, float, float, str], first: tuple[float, float, float, str]) -> None:
    wall, cpu, memory, digest = found
    same = "same bytes" if digest == first[3] else "OTHER BYTES"
    print(
        f"{name:<26}{wall:>9.1f}{cpu:>9.1f}{cases / wall:>9.2f}{first[0] / wall:>10.2f}{memory:>11.0f}  {same}",
        flush=True,
    )


if __name__ == "__main__":
    main()
