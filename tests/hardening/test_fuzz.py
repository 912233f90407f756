"""Every parser that meets strangers' files answers or refuses; nothing else, whatever the bytes.

Pictures are parsed by the guard, as the product does. The longer run is ``tests/benchmarks/fuzz.py``; what it ever
found lies in ``corpus/`` and is parsed again here.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import PARSERS, mutate, seeds

from forensics.errors import ForensicsError
from forensics.workflow.guarding import Guard

CORPUS = Path(__file__).parent / "corpus"
PICTURES = ("jpeg", "png", "tiff", "webp", "heic")


@pytest.fixture(scope="module")
def guard():
    one = Guard()
    yield one
    one.close()


def answers(name: str, data: bytes, folder: Path, guard: Guard) -> str:
    """Parse bytes at one door; whatever is no answer and no deliberate refusal is raised."""
    path = folder / f"given{PARSERS[name].suffix}"
    path.write_bytes(data)
    try:
        if name in PICTURES:
            guard.register(path)
        else:
            PARSERS[name].parse(path)
    except ForensicsError as refused:
        assert str(refused)
        return "refused"
    return "read"


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_good_files_are_read(name, tmp_path, guard):
    for number, data in enumerate(seeds(name)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert answers(name, data, folder, guard) == "read"


@pytest.mark.parametrize("name", sorted(PARSERS))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_changed_files_are_read_or_refused(name, tmp_path, guard, seed):
    rng = random.Random(seed)
    data = mutate(rng.choice(seeds(name)), rng, rng.choice(seeds("csv")))
    folder = tmp_path / str(seed)
    folder.mkdir(exist_ok=True)
    answers(name, data, folder, guard)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*")), ids=lambda path: path.name)
def test_what_was_found_stays_mended(path, tmp_path, guard):
    answers(path.name.split("-")[0], path.read_bytes(), tmp_path, guard)
