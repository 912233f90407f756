"""Every number of the parameter file is read by something, and every judgement states its range."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import forensics
from forensics.catalogue import load
from forensics.model.catalogue import Parameter

PACKAGE = Path(forensics.__file__).parent
PARAMETERS = load().parameters.entries


def keys_asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys the code asks a parameter file for: ``parameters["x"]`` literally, and patterns of f-strings."""
    literal: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("parameters"):
                key = node.slice
                if isinstance(key, ast.JoinedStr):
                    pieces = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in key.values]
                    patterns.append(re.compile("".join(pieces)))
                elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                    literal.add(key.value)
    return literal, patterns


def keys_held_in_names() -> set[str]:
    """Strings in modules that look keys up by a variable: the miscount classes, the losses of inheritance."""
    chosen = re.compile(r"parameters\[[a-z_]+\]")
    texts = [path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
    return {name for text in texts if chosen.search(text) for name in re.findall(r'"([a-z_0-9]+)"', text)}


LITERAL, PATTERNS = keys_asked_for()
HELD = keys_held_in_names()


def is_read(name: str) -> bool:
    return name in LITERAL or name in HELD or any(pattern.fullmatch(name) for pattern in PATTERNS)


def test_every_parameter_is_read() -> None:
    assert [name for name in sorted(PARAMETERS) if not is_read(name)] == []


def test_what_the_code_asks_for_is_stated() -> None:
    assert sorted(LITERAL - set(PARAMETERS)) == []


def without_range(name: str, entry: Parameter) -> bool:
    if entry.provenance == "standard":
        return False
    return entry.low is None or entry.high is None or not entry.low <= entry.value <= entry.high


def test_every_judgement_states_its_range_and_every_number_its_reason() -> None:
    assert [name for name, entry in sorted(PARAMETERS.items()) if without_range(name, entry)] == []
    assert {entry.provenance for entry in PARAMETERS.values()} <= {"elicited", "simulation", "standard"}
    assert [name for name, entry in sorted(PARAMETERS.items()) if not entry.note] == []


def test_the_checks_can_fail() -> None:
    assert not is_read("nothing_reads_this")
    assert without_range("x", Parameter(value=1.0, provenance="elicited"))
    assert without_range("x", Parameter(value=1.0, low=2.0, high=3.0, provenance="simulation"))
