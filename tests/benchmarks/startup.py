"""How long a person waits: ``--help``, and ``assess`` of a sheet without photographs, from a cold process.

    python tests/benchmarks/startup.py [REPEATS]

Prints the median and the worst of fresh processes, with the catalogue cache empty (first run ever) and filled, and
beside them the bare interpreter, which nothing here can beat.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEET = ROOT / "images/samples/kharkiv-2024-01-02/sheets/public-reports.csv"


def timed(arguments: list[str], environment: dict[str, str], repeats: int) -> tuple[float, float]:
    """Median and worst wall time in seconds of fresh processes."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, check=False
        )
        times.append(time.perf_counter() - start)
        if result.returncode not in (0, 10, 11, 12):
            raise SystemExit(f"{' '.join(arguments)} failed:\n{result.stderr.decode()}")
    return statistics.median(times), max(times)


def main() -> None:
    """Print the table."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        rows = [
            ("python -c pass", *timed(["-c", "pass"], environment, repeats)),
            ("forensics --help", *timed(["-m", "forensics", "--help"], environment, repeats)),
        ]
        assess = ["-m", "forensics", "assess", str(SHEET)]
        rows.append(("assess sheet.csv, first run ever", *timed(assess, environment, 1)))
        rows.append(("assess sheet.csv", *timed(assess, environment, repeats)))
    print(f"{'command':<36}{'median s':>10}{'worst s':>10}")
    for name, median, worst in rows:
        print(f"{name:<36}{median:>10.2f}{worst:>10.2f}")


if __name__ == "__main__":
    main()
