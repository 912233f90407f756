"""kill -9 at random moments, then the same command again: every case once in the ledger, the same bytes.

``python tests/benchmarks/batch/kills.py [--cases 40] [--moments 20] [--what batch worker scheduler] [--seed 1]``.
``batch``: the driver itself. ``worker``: a process that works (of the driver, and of the cluster). ``scheduler``: the
Dask scheduler. Each moment is drawn between the first line of the ledger and the time an undisturbed run takes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from archive import cluster, command, digest_of_results, environment, make_cases, program


class Kills:
    """One archive, its undisturbed results, and disturbed runs over it."""

    def __init__(self, folder: Path, cases: int, rng: random.Random) -> None:
        self.folder, self.rng, self.cases = folder, rng, cases
        self.archive = make_cases(folder / "archive", cases, photographs=2, megapixels=0.3)
        start = time.perf_counter()
        undisturbed = folder / "undisturbed"
        subprocess.run(self.batch(undisturbed), env=environment(), check=True, capture_output=True)
        self.seconds = time.perf_counter() - start
        self.expected = digest_of_results(undisturbed)

    def batch(self, output: Path, *arguments: str) -> list[str]:
        given = arguments or ("--jobs", "2")
        return command("batch", str(self.archive), "-o", str(output), "--no-photographs", *given)

    def begin(self, output: Path, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.batch(output, *arguments), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait_for_moment(self, output: Path, process: subprocess.Popen[bytes]) -> int:
        """Sleep until a random moment after the first finished case; how many were finished then."""
        ledger = output / "ledger.jsonl"
        while process.poll() is None and not (ledger.exists() and ledger.read_bytes().count(b"\n") > 1):
            time.sleep(0.005)
        time.sleep(self.rng.uniform(0, self.seconds * 0.5))
        return ledger.read_bytes().count(b"\n") - 1

    def verdict(self, output: Path) -> str:
        """Empty when every case is in the ledger exactly once and every byte is as in the undisturbed run."""
        keys = Counter(json.loads(line)["key"] for line in (output / "ledger.jsonl").read_text().splitlines()[1:])
        wrong = []
        if len(keys) != self.cases:
            wrong.append(f"{len(keys)} cases instead of {self.cases}")
        if any(times != 1 for times in keys.values()):
            wrong.append("cases more than once")
        if digest_of_results(output) != self.expected:
            wrong.append("other bytes")
        return ", ".join(wrong)

    def kill_batch(self, output: Path) -> tuple[int, bool]:
        process = self.begin(output)
        done = self.wait_for_moment(output, process)
        alive = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        return done, alive

    def kill_worker(self, output: Path) -> tuple[int, bool]:
        """One process of the pool dies; the batch itself must come to its end."""
        process = self.begin(output)
        done = self.wait_for_moment(output, process)
        workers = [
            child
            for child in psutil.Process(process.pid).children(recursive=True)
            if "loky" in " ".join(child.cmdline())
        ]
        alive = bool(workers) and process.poll() is None
        if alive:
            os.kill(self.rng.choice(workers).pid, signal.SIGKILL)
        if process.wait(600):
            raise RuntimeError(f"the batch ended with {process.returncode}")
        return done, alive

    def kill_scheduler(self, output: Path) -> tuple[int, bool]:
        says = r"Scheduler at:\s+(\S+)"
        given = ("dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        with program(*given, says=says) as (scheduler, address):
            worker = ("dask", "worker", address, "--nthreads", "1", "--nworkers", "2", "--no-dashboard")
            with program(*worker, says=r"Registered to:\s+(\S+)"):
                process = self.begin(output, "--scheduler", address)
                done = self.wait_for_moment(output, process)
                alive = process.poll() is None
                scheduler.send_signal(signal.SIGKILL)
                process.wait(120)
        return done, alive

    def kill_cluster_worker(self, output: Path) -> tuple[int, bool]:
        with cluster(2) as address:
            process = self.begin(output, "--scheduler", address)
            done = self.wait_for_moment(output, process)
            workers = [
                child
                for child in psutil.Process().children(recursive=True)
                if "spawn_main" in " ".join(child.cmdline()) and child.parent().pid != process.pid
            ]
            alive = bool(workers) and process.poll() is None
            if alive:
                os.kill(self.rng.choice(workers).pid, signal.SIGKILL)
            if process.wait(600):
                raise RuntimeError(f"the batch ended with {process.returncode}")
        return done, alive


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=40)
    options.add_argument("--moments", type=int, default=20, help="of each kind")
    kinds = ("batch", "worker", "scheduler", "cluster_worker")
    options.add_argument("--what", nargs="*", choices=kinds, default=kinds)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kills = Kills(Path(folder), chosen.cases, random.Random(chosen.seed))
        print(f"{chosen.cases} cases, undisturbed {kills.seconds:.1f} s")
        print(f"{'killed':<16}{'moments':>9}{'in work':>9}{'finished then':>15}  after running again")
        for what in chosen.what:
            finished, alive, wrong = [], 0, []
            for moment in range(chosen.moments):
                output = Path(folder) / f"{what}-{moment}"
                done, was_alive = getattr(kills, f"kill_{what}")(output)
                finished.append(done)
                alive += was_alive
                subprocess.run(kills.batch(output), env=environment(), check=True, capture_output=True)
                if found := kills.verdict(output):
                    wrong.append(f"moment {moment}: {found}")
            span = f"{min(finished)}..{max(finished)}"
            result = "; ".join(wrong) or "every case once, same bytes"
            print(f"{what:<16}{chosen.moments:>9}{alive:>9}{span:>15}  {result}", flush=True)


if __name__ == "__main__":
    main()
