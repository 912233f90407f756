"""How long the catalogue takes to load, resolve and lay out as an overlap: as it is, and grown to a thousand types.

    python tests/benchmarks/catalogue_load.py [TYPES] [REPEATS]

The grown catalogue repeats the signatures under new ids and new families until it holds TYPES (1,000). Processor time
of one process, best of REPEATS (3): cold reads the YAML, cached takes the JSON a former run left.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from forensics.catalogue import load, locate, resolve
from forensics.catalogue.lint.run import lint
from forensics.workflow.judging import overlap_of


def best(measured: Callable[[], object], repeats: int) -> float:
    """Least processor seconds of some runs."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        measured()
        spent.append(time.process_time() - start)
    return min(spent)


def grow(folder: Path, wanted: int) -> None:
    """Repeat signatures under ids and families of their own."""
    originals = sorted(folder.glob("types/*/*/*.yaml"))
    families = []
    for number in range(wanted - len(originals)):
        original = originals[number % len(originals)]
        name = f"{original.stem}-{number:05d}"
        text = original.read_text(encoding="utf-8")
        state = re.search(r"^state: (\S+)", text, re.MULTILINE)
        assert state is not None
        text = re.sub(r"^id: .*", f"id: {name}", text, flags=re.MULTILINE)
        text = re.sub(r"^family: .*", f"family: {name}", text, flags=re.MULTILINE)
        text = re.sub(r"^(examples|counterexamples):\n(  .*\n)*", "", text, flags=re.MULTILINE)
        (original.parent / f"{name}.yaml").write_text(text, encoding="utf-8")
        families.append(f"{name}: {{name: {name}, state: {state[1]}}}\n")
    (folder / "families" / "grown.yaml").write_text("".join(families), encoding="utf-8")


def rows(folder: Path, repeats: int) -> list[tuple[str, float]]:
    """The table of one catalogue folder."""
    catalogue = load(folder)
    return [
        ("cold load", best(lambda: load(folder, use_cache=False), repeats)),
        ("cached load", best(lambda: load(folder), repeats)),
        ("resolve", best(lambda: resolve(catalogue), repeats)),
        ("lint without the engine", best(lambda: lint(folder), 1)),
        ("overlap of all pairs", best(lambda: overlap_of(catalogue), 1)),
    ]


def main() -> None:
    """Print the table."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XDG_CACHE_HOME"] = temporary
        own, _ = locate(None)
        grown = Path(temporary) / "signatures"
        shutil.copytree(own, grown, ignore=shutil.ignore_patterns("examples"))
        grow(grown, wanted)
        tables = {len(load(folder).signatures): rows(folder, repeats) for folder in (own, grown)}
    print(f"{'processor seconds':<28}" + "".join(f"{f'{count} types':>12}" for count in tables))
    for names in zip(*tables.values(), strict=True):
        print(f"{names[0][0]:<28}" + "".join(f"{seconds:>12.2f}" for _, seconds in names))


if __name__ == "__main__":
    main()
