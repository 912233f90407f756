"""The vocabulary files: traits with their closed lists, blocks, and the tables of names."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from forensics.catalogue.readers.fields import (
    Complaints,
    as_choice,
    as_fraction,
    as_list,
    as_names,
    as_number,
    as_text,
    check_keys,
    entries_of,
    optional_text,
    quoted,
)
from forensics.catalogue.readers.references import References, as_reference, as_references
from forensics.model.catalogue import TraitKind
from forensics.yamltext import YamlMap, YamlNode

__all__ = ["read_blocks", "read_name_groups", "read_name_table", "read_traits_table", "read_value_names"]

_TRAIT_KEYS = (
    "names",
    "kind",
    "unit",
    "part",
    "parts",
    "record",
    "record_uk",
    "picture",
    "block",
    "level",
    "effort",
    "survival",
    "plausible",
)
_TRAIT_REQUIRED = ("names", "kind", "part", "record", "block", "level", "effort", "survival")
_TRAIT_ID = re.compile(r"[a-z][a-z0-9_]{1,59}")
_VALUE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
RING_PICTURE = "ring_spacing.even"
"""What a ring trait without a drawing of its own shows; the other spacings lie beside it."""
_KINDS = tuple(kind.value for kind in TraitKind)

Plain = dict[str, Any]


def read_name_table(complaints: Complaints, root: YamlNode | None, what: str) -> dict[str, Plain]:
    """A file that maps ids to names: parts, classes, patterns, columns."""
    return {key: as_names(complaints, body, key, english=True) for key, body, _ in entries_of(complaints, root, what)}


def read_name_groups(complaints: Complaints, root: YamlNode | None) -> dict[str, dict[str, Plain]]:
    """``vocabulary/words.yaml``: names of words by group."""
    return {
        group: read_name_table(complaints, body, f"word of {group}")
        for group, body, _ in entries_of(complaints, root, "group of words")
    }


def read_value_names(
    complaints: Complaints, root: YamlNode | None, pictures: Collection[str] = ()
) -> dict[str, list[Plain]]:
    """``vocabulary/values.yaml``: the closed list of each trait, in the order written.

    A value without a ``picture`` takes ``vocabulary/pictures/<trait>.<value>.svg`` where that is among ``pictures``.
    """
    found: dict[str, list[Plain]] = {}
    for trait, body, _ in entries_of(complaints, root, "trait"):
        values: list[Plain] = []
        for key, entry, line in entries_of(complaints, body, f"value of {trait}"):
            at = f"{trait}.{key}"
            check_keys(complaints, entry, ("names", "description", "similar", "picture"), ("names",), at)
            if not _VALUE_ID.fullmatch(key):
                complaints.add(line, f"{quoted(key)} is not a value id.", "Small letters, digits and _.", at)
            similar = as_references(
                complaints, as_list(complaints, entry.get("similar"), at), body.entries, f"value of {trait}", at
            )
            values.append(
                {
                    "id": key,
                    "names": as_names(complaints, entry.get("names"), at, english=True),
                    "description": optional_text(complaints, entry, "description", at),
                    "picture": optional_text(complaints, entry, "picture", at) or _picture(f"{trait}.{key}", pictures),
                    "similar": similar,
                }
            )
        found[trait] = values
    return found


def read_blocks(complaints: Complaints, root: YamlNode | None, known: References) -> dict[str, Plain]:
    """``vocabulary/blocks.yaml`` as plain ``Block`` mappings by id."""
    found: dict[str, Plain] = {}
    for key, body, _ in entries_of(complaints, root, "block"):
        before = len(complaints.faults)
        check_keys(complaints, body, ("title", "rho", "edges"), ("title", "rho"), key)
        edges = []
        for node in as_list(complaints, body.get("edges"), key):
            pair = as_references(complaints, as_list(complaints, node, key), known.trait_ids, "trait", key)
            if len(pair) == 2:
                edges.append(pair)
            else:
                complaints.add(node, "an edge is two different traits, [a, b].", at=key)
        title = as_text(complaints, body.get("title"), key)
        rho = as_fraction(complaints, body.get("rho"), key)
        if len(complaints.faults) == before:
            found[key] = {"id": key, "title": title, "rho": rho, "edges": edges}
    return found


def read_traits_table(
    complaints: Complaints,
    root: YamlNode | None,
    known: References,
    values: dict[str, list[Plain]],
    *,
    pictures: Collection[str] = (),
) -> dict[str, Plain]:
    """``vocabulary/traits.yaml`` as plain ``Trait`` mappings by id; ``values`` are the closed lists by trait."""
    found: dict[str, Plain] = {}
    for key, body, line in entries_of(complaints, root, "trait"):
        before = len(complaints.faults)
        check_keys(complaints, body, _TRAIT_KEYS, _TRAIT_REQUIRED, key)
        if not _TRAIT_ID.fullmatch(key):
            complaints.add(line, f"{quoted(key)} is not a trait id.", "Small letters, digits and _.", key)
        kind = as_choice(complaints, body.get("kind"), _KINDS, key)
        trait = {
            "id": key,
            "names": as_names(complaints, body.get("names"), key, english=True),
            "kind": kind,
            "unit": optional_text(complaints, body, "unit", key) or None,
            "values": values.get(key, ()),
            "part": as_reference(complaints, body.get("part"), known.parts, "part", key),
            "parts": as_references(complaints, as_list(complaints, body.get("parts"), key), known.parts, "part", key),
            "record": as_text(complaints, body.get("record"), key),
            "records": {"uk": told} if (told := optional_text(complaints, body, "record_uk", key)) else {},
            "picture": optional_text(complaints, body, "picture", key)
            or _picture(key, pictures)
            or (_picture(RING_PICTURE, pictures) if kind == "ring" else None),
            "block": as_reference(complaints, body.get("block"), known.blocks, "block", key),
            "level": as_choice(complaints, body.get("level"), ("state", "family", "type"), key),
            "effort": as_choice(complaints, body.get("effort"), ("photo", "measure", "dismantle", "laboratory"), key),
            "survival": as_fraction(complaints, body.get("survival"), key),
            "plausible": _range(complaints, body, key),
        }
        if kind == "measured" and trait["unit"] is None:
            complaints.add(body, "a measured trait needs a unit.", at=key)
        if kind == "category" and not trait["values"]:
            advice = f"List its values under {key}: in vocabulary/values.yaml."
            complaints.add(body, "a trait of kind 'category' needs a closed list.", advice, key)
        if len(complaints.faults) == before:
            found[key] = trait
    return found


def _picture(name: str, pictures: Collection[str]) -> str | None:
    path = f"vocabulary/pictures/{name}.svg"
    return path if path in pictures else None


def _range(complaints: Complaints, body: YamlMap, at: str) -> tuple[float, float] | None:
    node = body.get("plausible")
    if node is None:
        return None
    numbers = [as_number(complaints, item, at) for item in as_list(complaints, node, at)]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None or numbers[0] > numbers[1]:
        complaints.add(node, "'plausible' needs two numbers, [low, high].", at=at)
        return None
    return numbers[0], numbers[1]
