"""A flat table scored as a stream: rows a second, memory, and how far it is from assessing row by row.

``python tests/benchmarks/batch/rows.py [--rows 1000000] [--threads 2] [--check 50]``. The table is drawn from the
catalogue's own values with noise, two thirds of twelve traits on every row; Parquet to Parquet in a process of its own,
so that the memory printed is its alone.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from forensics.batch.batch import BatchOptions, run_batch
from forensics.batch.ledger import LEDGER, read_ledger
from forensics.batch.reporting import document_of
from forensics.catalogue import load

DIAMETERS_MM = [122, 300, 500, 650, 880, 920, 1100]
TRAITS = {
    "body_diameter_mm": lambda rng, n: np.round(rng.choice(DIAMETERS_MM, n) * rng.normal(1, 0.02, n)),
    "body_length_mm": lambda rng, n: np.round(rng.choice([3000, 7000, 7300, 9000], n) * rng.normal(1, 0.02, n), -1),
    "jet_vane_count": lambda rng, n: rng.choice([0, 3, 4], n),
    "fin_count": lambda rng, n: rng.choice([3, 4, 6], n),
    "igniter_bolt_ring": lambda rng, n: rng.choice(["20 bolts evenly spaced", "18 bolts in 6 groups of 3"], n),
    "fin_form": "category",
    "jet_vane_actuator_form": "category",
    "propulsion_kind": "category",
    "marking_script": "category",
    "body_material": "category",
    "marking_method": "category",
    "year_mark": lambda rng, n: rng.integers(90, 125, n).astype(str),
}  # fmt: skip


def make_table(path: Path, rows: int, seed: int = 1) -> None:
    """Write ``rows`` invented rows."""
    vocabulary = load().vocabulary
    rng = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, 200_000):
        count = min(200_000, rows - start)
        columns: dict[str, pa.Array] = {"case": pa.array([f"row-{start + n}" for n in range(count)])}
        for trait, draw in TRAITS.items():
            if draw == "category":
                values = rng.choice([value.id for value in vocabulary.traits[trait].values], count)
            else:
                values = draw(rng, count)
            columns[trait] = pa.array(values, mask=rng.random(count) > 2 / 3)
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    writer.close()


def check(table: Path, ranking: Path, rows: int) -> tuple[float, int]:
    """Largest difference of the first log10 LR, and rows whose first type differs, against assessing one at a time."""
    found = pq.read_table(ranking).slice(0, rows).to_pylist()
    part = table.with_name("part.parquet")
    pq.write_table(pq.read_table(table).slice(0, rows), part)
    worst, other = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        run_batch([str(part)], BatchOptions(output=folder, jobs=0, detail=False, forms=()))
        _, entries = read_ledger(Path(folder) / LEDGER)
        for row in found:
            ranked = {one["id"]: one["log10_lr"] for one in document_of(folder, entries[row["case"]])["ranking"]}
            others = document_of(folder, entries[row["case"]])["not_catalogued"]["leaves"]
            ranked |= {f"unlisted@{leaf['state']}": leaf["log10_lr"] for leaf in others}
            for number in range(1, 6):
                worst = max(worst, abs(ranked[row[f"type_{number}"]] - row[f"log10_lr_{number}"]))
            other += max(ranked.values()) - ranked[row["type_1"]] > 1e-4
    return worst, other


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--check", type=int, default=50, help="rows also assessed one at a time")
    options.add_argument("--form", choices=("parquet", "csv"), default="parquet")
    options.add_argument("--keep", type=Path, help="folder to work in and to keep")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        table = folder / f"rows-{chosen.rows}.parquet"
        if not table.exists():
            make_table(table, chosen.rows)
        given = table
        if chosen.form == "csv":
            given = table.with_suffix(".csv")
            csv.write_csv(pq.read_table(table), given)
        command = [sys.executable, "-m", "forensics", "batch", str(given), "--bulk", "-o", str(folder / "out")]
        start = time.perf_counter()
        subprocess.run([*command, "--jobs", str(chosen.threads)], check=True)
        wall = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{chosen.rows:,} rows, {chosen.form} to Parquet, {chosen.threads} threads: {wall:.1f} s wall, ", end="")
        sizes = [path.stat().st_size / 1e6 for path in (given, folder / "out" / "ranking.parquet")]
        cpu = used.ru_utime + used.ru_stime
        print(f"{cpu:.1f} s CPU, {used.ru_maxrss / 1024:,.0f} MB at most; {sizes[0]:.0f} MB in, {sizes[1]:.0f} MB out")
        if chosen.check:
            worst, other = check(table, folder / "out/ranking.parquet", min(chosen.check, chosen.rows))
            print(
                f"{chosen.check} rows one at a time: largest difference {worst:.1e} log10, {other} with another first"
            )


if __name__ == "__main__":
    main()
