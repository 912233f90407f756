"""Many changed files through every parser, in a process that may die: does ours live, and is nothing written elsewhere?

``python tests/benchmarks/fuzz.py [--files 10000] [--seed 1] [--limit 20] [--parsers jpeg png ...] [--keep DIR]``.
A child parses one file after the other with a bound on memory and watches, through an audit hook, every file opened for
writing. Counted: read, refused, faults (an exception that is no refusal), hangs over the limit, deaths of the child,
files written outside its folder. What is found is kept in DIR (tests/hardening/corpus) and parsed by the tests.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "hardening"))
from mutations import PARSERS, mutate, seeds  # noqa: E402  beside the tests that use it

from forensics.errors import ForensicsError  # noqa: E402
from forensics.workflow.guard import bound  # noqa: E402


def child(root: Path) -> None:
    """Parse what is named on standard input, one line each."""
    for name in PARSERS:  # everything is imported before the bounds and the hook
        path = root / f"seed{PARSERS[name].suffix}"
        path.write_bytes(seeds(name)[0])
        with contextlib.suppress(ForensicsError):
            PARSERS[name].parse(path)
    bound(3_000_000_000, 100_000_000)
    outside: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str | bytes) or not isinstance(arguments[2], int):
            return
        if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            target = os.path.realpath(os.fsdecode(arguments[0]))
            if not target.startswith((f"{root}/", "/dev/null")):
                outside.append(target)

    sys.addaudithook(watch)
    for line in sys.stdin:
        name, path = line.rstrip("\n").split("\t")
        try:
            PARSERS[name].parse(Path(path))
            said = "read"
        except ForensicsError as refused:
            said = "refused" if str(refused) else "fault: refused without a word"
        except MemoryError:
            said = "refused"
        except BaseException as error:
            said = f"fault: {type(error).__name__}: {str(error)[:200]}"
        sys.stdout.write(json.dumps([said, outside]) + "\n")
        sys.stdout.flush()
        outside.clear()


class Child:
    """The process that parses; replaced when it dies or hangs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, name: str, path: Path, limit_s: float) -> tuple[str, list[str]]:
        if self.process is None or self.process.poll() is not None:
            environment = {**os.environ, "HOME": str(self.root), "TMPDIR": str(self.root), "OMP_NUM_THREADS": "1"}
            self.process = subprocess.Popen(
                [sys.executable, __file__, "--child", str(self.root)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=self.root,
            )
            limit_s += 120
        self.process.stdin.write(f"{name}\t{path}\n".encode())
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], limit_s)[0]:
            self.end()
            return "hang", []
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            code = self.process.wait()
            self.end()
            return f"death: {code}", []
        said, outside = json.loads(line)
        return said, outside

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--limit", type=float, default=20.0, help="seconds a file may take")
    options.add_argument("--parsers", nargs="*", choices=sorted(PARSERS), default=sorted(PARSERS))
    options.add_argument("--keep", type=Path, default=HERE.parent / "hardening" / "corpus")
    chosen = options.parse_args()
    rng = random.Random(chosen.seed)
    counts: dict[str, Counter[str]] = {name: Counter() for name in chosen.parsers}
    slowest: dict[str, float] = dict.fromkeys(chosen.parsers, 0.0)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve()
        parser = Child(root)
        for number in range(chosen.files):
            name = chosen.parsers[number % len(chosen.parsers)]
            data = mutate(rng.choice(seeds(name)), rng, rng.choice(seeds(rng.choice(chosen.parsers))))
            folder = root / "files"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            path = folder / f"given{PARSERS[name].suffix}"
            path.write_bytes(data)
            start = time.perf_counter()
            said, outside = parser.ask(name, path, chosen.limit)
            slowest[name] = max(slowest[name], time.perf_counter() - start)
            counts[name][said.split(":")[0]] += 1
            counts[name]["outside"] += bool(outside)
            if said not in ("read", "refused") or outside:
                chosen.keep.mkdir(exist_ok=True)
                kept = chosen.keep / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}{PARSERS[name].suffix}"
                kept.write_bytes(data)
                print(f"{name}: {said} {outside[:3]} -> {kept.name}", flush=True)
        parser.end()
    columns = ("read", "refused", "fault", "hang", "death", "outside")
    print(f"{'parser':<14}" + "".join(f"{column:>9}" for column in columns) + f"{'slowest s':>11}")
    for name, found in counts.items():
        print(f"{name:<14}" + "".join(f"{found[column]:>9}" for column in columns) + f"{slowest[name]:>11.2f}")
    total = sum(counts.values(), Counter())
    print(f"{'all':<14}" + "".join(f"{total[column]:>9}" for column in columns) + f"{max(slowest.values()):>11.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]))
    else:
        main()
