"""States, families and design patterns: the nodes values are inherited from.

The tree has exactly three floors, state, family, type. A family names a state and nothing else above it, so that no
file can write a cycle. A design pattern stands beside the tree: types of several states may be of it.
"""

from __future__ import annotations

import re
from typing import Any

from forensics.catalogue.readers.fields import (
    Complaints,
    as_names,
    as_text,
    check_keys,
    entries_of,
    optional_text,
    quoted,
)
from forensics.catalogue.readers.references import References, as_reference
from forensics.catalogue.readers.statements import read_traits
from forensics.yamltext import YamlNode

__all__ = ["ID_PATTERN", "read_families", "read_patterns", "read_states"]

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
"""Ids of families and types."""
_STATE = re.compile(r"[A-Z][A-Z0-9]{1,7}")

Plain = dict[str, Any]


def read_states(complaints: Complaints, root: YamlNode | None, known: References) -> dict[str, Plain]:
    """``states.yaml`` as plain ``State`` mappings by id."""
    found: dict[str, Plain] = {}
    for key, body, line in entries_of(complaints, root, "state"):
        before = len(complaints.faults)
        check_keys(complaints, body, ("name", "names", "note", "traits"), ("name",), key)
        if not _STATE.fullmatch(key):
            complaints.add(line, f"{quoted(key)} is not a state id.", "Two to eight capitals, as in DPRK.", key)
        found[key] = {
            "id": key,
            "name": as_text(complaints, body.get("name"), key),
            "names": as_names(complaints, body.get("names"), key),
            "note": optional_text(complaints, body, "note", key),
            "values": read_traits(complaints, body.get("traits"), known),
        }
        if len(complaints.faults) > before:
            del found[key]
    return found


def read_families(complaints: Complaints, root: YamlNode | None, known: References) -> dict[str, Plain]:
    """``families.yaml`` as plain ``Family`` mappings by id."""
    found: dict[str, Plain] = {}
    for key, body, line in entries_of(complaints, root, "family"):
        before = len(complaints.faults)
        check_keys(complaints, body, ("name", "state", "names", "note", "traits"), ("name", "state"), key)
        if not ID_PATTERN.fullmatch(key):
            complaints.add(line, f"{quoted(key)} is not a family id.", "Small letters, digits and -.", key)
        found[key] = {
            "id": key,
            "name": as_text(complaints, body.get("name"), key),
            "state": as_reference(complaints, body.get("state"), known.states, "state", key),
            "names": as_names(complaints, body.get("names"), key),
            "note": optional_text(complaints, body, "note", key),
            "values": read_traits(complaints, body.get("traits"), known),
        }
        if len(complaints.faults) > before:
            del found[key]
    return found


def read_patterns(complaints: Complaints, root: YamlNode | None, known: References) -> dict[str, Plain]:
    """``patterns.yaml`` as plain ``DesignPattern`` mappings by id; names stand in ``vocabulary/patterns.yaml``."""
    found: dict[str, Plain] = {}
    for key, body, line in entries_of(complaints, root, "pattern"):
        before = len(complaints.faults)
        check_keys(complaints, body, ("note", "traits"), at=key)
        if known.patterns is not None and key not in known.patterns:
            otherwise = "A new one gets its names in vocabulary/patterns.yaml first."
            complaints.unknown(line, "pattern", key, known.patterns, key, otherwise)
        found[key] = {
            "id": key,
            "note": optional_text(complaints, body, "note", key),
            "values": read_traits(complaints, body.get("traits"), known),
        }
        if len(complaints.faults) > before:
            del found[key]
    return found
