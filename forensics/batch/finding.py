"""What the user named, as units: case folders, trees of loose files, lists of places, tables."""

from __future__ import annotations

import glob
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from forensics.batch import places
from forensics.batch.ledger import LEDGER
from forensics.batch.sheets import DELIMITED, PARQUET, is_table, units_of_table
from forensics.batch.units import Unit
from forensics.errors import Fault, InputError
from forensics.intake import Lexicon
from forensics.workflow.inputs import PHOTOGRAPH_SUFFIXES, SHEET_SUFFIXES

__all__ = ["find_units"]

CASE_FILE = "case.yaml"
LISTS = (".txt", ".lst")
LOOSE_SHEETS = frozenset({".csv", ".tsv", ".xlsx", ".ods"})
"""Sheets taken out of a tree of loose files; YAML and JSON files there are more often something else."""


def find_units(inputs: Sequence[str], lexicon: Lexicon) -> list[Unit]:
    """Every case the inputs hold, in a fixed order, each with a key of its own.

    Parameters
    ----------
    inputs
        Case folders; folders of case folders and loose files; patterns with ``*``, ``?`` or ``**``; lists (``.txt``,
        ``.lst``, or ``-`` for standard input) with one place a line; tables (Parquet, or CSV with a column ``case``).

    Raises
    ------
    InputError
        With every input that does not exist or holds nothing to assess.
    """
    faults: list[Fault] = []
    units: list[Unit] = []
    for given in inputs:
        try:
            found = list(_units_of(given, lexicon))
        except InputError as error:
            faults.extend(error.faults)
            continue
        if not found:
            advice = "Give case folders, photographs, trait sheets, a list of them, or a table with a column 'case'."
            faults.append(Fault(given, message="holds nothing to assess.", advice=advice))
        units.extend(found)
    if faults:
        raise InputError(faults)
    return _with_own_keys(units)


def _with_own_keys(units: Sequence[Unit]) -> list[Unit]:
    """Drop what was named twice; units of one name from different places are told apart by the whole place."""
    once = {(unit.location, unit.key): unit for unit in units}
    times = Counter(unit.key for unit in once.values())
    return [
        unit
        if times[unit.key] == 1
        else replace(unit, key=f"{unit.location}#{unit.key}" if unit.kind == "rows" else unit.location)
        for unit in once.values()
    ]


def _units_of(given: str, lexicon: Lexicon) -> Iterator[Unit]:
    if given == "-" or PurePosixPath(given).suffix.lower() in LISTS:
        for line in _listed(given):
            yield from _place(line, lexicon)
    elif places.exists(given):
        yield from _place(given, lexicon)
    elif any(mark in given for mark in "*?["):
        for place in _matching(given):
            yield from _place(place, lexicon)
    else:
        raise InputError(Fault(given, message="does not exist.", advice="Check the name."))


def _listed(given: str) -> list[str]:
    """Lines of a list; names are relative to the folder the command runs in."""
    data = sys.stdin.buffer.read() if given == "-" else places.read_bytes(given)
    lines = [line.strip() for line in data.decode("utf-8-sig", "surrogateescape").splitlines()]
    named = [line for line in lines if line and not line.startswith("#")]
    missing = [Fault(given, n, message=f"{line!r} does not exist.") for n, line in _missing(lines)]
    if missing:
        raise InputError(missing)
    return named


def _missing(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if line and not line.startswith("#") and not places.exists(line):
            yield number, line


def _matching(pattern: str) -> list[str]:
    if not places.is_remote(pattern):
        return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  a pattern may be absolute or relative
    return places.matching(pattern)


def _place(place: str, lexicon: Lexicon) -> Iterator[Unit]:
    """Units of one existing place."""
    if place.rsplit("/", 1)[-1] == CASE_FILE:
        place = place.rsplit("/", 1)[0] if "/" in place else "."
    if places.is_folder(place):
        yield from _tree(place)
        return
    name = PurePosixPath(place)
    suffix = name.suffix.lower()
    if suffix in (*PARQUET, *DELIMITED):
        with places.fetched(place) as path:
            if is_table(path):
                yield from units_of_table(path, place, lexicon)
                return
    if suffix in SHEET_SUFFIXES | PHOTOGRAPH_SUFFIXES:
        yield Unit(name.name, "files", place, name.stem)
    else:
        advice = "Give case folders, photographs, trait sheets, a list of them, or a table with a column 'case'."
        raise InputError(Fault(place, message="is none of these.", advice=advice))


def _tree(root: str) -> Iterator[Unit]:
    """Case folders below a folder, and photographs and sheets that lie outside of any."""
    files = list(places.walk(root))
    cases = {_folder(file) for file in files if file.rsplit("/", 1)[-1] == CASE_FILE}
    results = {_folder(file) for file in files if file.rsplit("/", 1)[-1] == LEDGER}
    if "" in cases:
        name = PurePosixPath(root.rstrip("/")).name or root
        yield Unit(places.name_of(root) or name, "case", root, name)
        return
    begun: set[str] = set()
    for file in files:
        above = _above(file)
        if any(folder in results for folder in above):
            continue
        case = next((folder for folder in above if folder in cases), None)
        if case is not None:
            if case not in begun:
                begun.add(case)
                yield Unit(case, "case", places.join(root, case), PurePosixPath(case).name)
        elif PurePosixPath(file).suffix.lower() in LOOSE_SHEETS | PHOTOGRAPH_SUFFIXES:
            yield Unit(file, "files", places.join(root, file), PurePosixPath(file).stem)


def _folder(file: str) -> str:
    return file.rsplit("/", 1)[0] if "/" in file else ""


def _above(file: str) -> list[str]:
    """The folders a file lies in, the outermost first."""
    parts = file.split("/")[:-1]
    return ["", *("/".join(parts[: length + 1]) for length in range(len(parts)))]
