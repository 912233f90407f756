"""The page for editors says what the reader accepts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forensics.catalogue import load
from forensics.catalogue.readers.fields import Complaints
from forensics.catalogue.readers.references import references_of
from forensics.catalogue.readers.signatures import STATUSES, read_signature
from forensics.catalogue.readers.tables import CONDITIONS
from forensics.model.catalogue import Basis
from forensics.yamltext import parse

README = (Path(__file__).parents[2] / "signatures" / "README.md").read_text(encoding="utf-8")


def test_the_example_is_read_without_a_complaint() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    (path,) = re.findall(r"`(types/[\w/-]+\.yaml)`", README)
    root, faults = parse(block.encode(), path)
    complaints = Complaints(path)
    signature = read_signature(complaints, root, references_of(load(use_cache=False)))
    assert (faults, complaints.faults) == ([], [])
    assert signature is not None
    assert len(signature["values"]) == 2


@pytest.mark.parametrize("word", [*CONDITIONS, *STATUSES, *(basis.value for basis in Basis)])
def test_every_closed_list_is_on_the_page(word: str) -> None:
    assert word in README


def test_it_stays_one_page() -> None:
    assert len(README.splitlines()) <= 100
