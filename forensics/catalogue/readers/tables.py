"""The single-file tables beside the signatures: sources, parameters, the background population, limitations."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from forensics.catalogue.readers.fields import (
    Complaints,
    as_choice,
    as_fraction,
    as_list,
    as_map,
    as_names,
    as_number,
    as_text,
    as_texts,
    check_keys,
    entries_of,
    optional_text,
    quoted,
)
from forensics.catalogue.readers.references import References, as_references
from forensics.catalogue.readers.signatures import OUTCOMES
from forensics.catalogue.weights import GRADE_PARAMETERS
from forensics.model.catalogue import TraitKind
from forensics.yamltext import YamlMap, YamlNode

__all__ = ["CONDITIONS", "REQUIRED_PARAMETERS", "read_limitation", "read_parameters", "read_population", "read_sources"]

CONDITIONS = (
    "always",
    "type_in_tie",
    "state_in_tie",
    "pattern_in_tie",
    "class_in_tie",
    "trait_observed",
    "value_observed",
    "trait_missing",
    "unreviewed_reading",
    "several_readings",
    "render_in_case",
    "photograph_fault",
    "outcome",
)
"""Conditions of a limitation. All of a limitation's conditions must hold; any of a condition's arguments suffices."""

_BARE = ("always", "unreviewed_reading", "several_readings", "render_in_case")

REQUIRED_PARAMETERS = (
    "inheritance_state_family",
    "inheritance_pattern_type",
    "inheritance_family_type",
    *GRADE_PARAMETERS,
)
"""Parameters that resolving the catalogue itself needs."""

_SOURCE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")

Plain = dict[str, Any]


def read_sources(complaints: Complaints, root: YamlNode | None) -> dict[str, Plain]:
    """``sources.yaml`` as plain ``Source`` mappings by id."""
    keys = ("publisher", "title", "date", "address", "language", "reliability", "same_origin", "note")
    found: dict[str, Plain] = {}
    for key, body, line in entries_of(complaints, root, "source"):
        before = len(complaints.faults)
        check_keys(complaints, body, keys, ("publisher", "title", "reliability"), key)
        if not _SOURCE_ID.fullmatch(key):
            complaints.add(line, f"{quoted(key)} is not a source id.", "A letter, then letters and digits.", key)
        source: Plain = {
            name: optional_text(complaints, body, name, key) for name in ("date", "address", "language", "note")
        }
        source |= {name: as_text(complaints, body.get(name), key) for name in ("publisher", "title")}
        reliability = as_choice(complaints, body.get("reliability"), "ABCDEF", key)
        same_origin = optional_text(complaints, body, "same_origin", key) or None
        if len(complaints.faults) == before:
            found[key] = {"id": key, **source, "reliability": reliability, "same_origin": same_origin}
    return found


def read_parameters(complaints: Complaints, root: YamlNode | None) -> dict[str, Plain]:
    """``parameters.yaml`` as plain ``Parameter`` mappings by name."""
    found: dict[str, Plain] = {}
    for key, body, _ in entries_of(complaints, root, "parameter"):
        before = len(complaints.faults)
        check_keys(complaints, body, ("value", "low", "high", "provenance", "note"), ("value", "provenance"), key)
        numbers: Plain = {
            name: as_number(complaints, body.get(name), f"{key}.{name}")
            for name in ("value", "low", "high")
            if name in body.entries and not (name != "value" and getattr(body.entries[name], "is_null", False))
        }
        provenance = as_choice(complaints, body.get("provenance"), ("elicited", "simulation", "standard"), key)
        value, low, high = (numbers.get(name) for name in ("value", "low", "high"))
        if value is not None and ((low is not None and low > value) or (high is not None and high < value)):
            complaints.add(body, "the value lies outside its own range.", "Check low and high.", key)
        note = optional_text(complaints, body, "note", key)
        if len(complaints.faults) == before:
            found[key] = {**numbers, "provenance": provenance, "note": note}
    if root is not None and not complaints.faults:
        for name in REQUIRED_PARAMETERS:
            if name not in found:
                complaints.add(0, f"the parameter {name!r} is missing.", "Weights and inheritance need it.")
            elif not 0 <= found[name]["value"] <= 1:
                complaints.add(0, f"the parameter {name!r} is not from 0 to 1.")
    return found


def read_population(complaints: Complaints, root: YamlNode | None, known: References) -> dict[str, Plain]:
    """``population.yaml`` as plain ``Background`` mappings by trait."""
    keys = ("theta", "rates", "ln_mean", "ln_sd", "counts", "provenance")
    found: dict[str, Plain] = {}
    for key, body, line in entries_of(complaints, root, "trait"):
        before = len(complaints.faults)
        if known.trait_ids is not None and key not in known.trait_ids:
            complaints.unknown(line, "trait", key, known.trait_ids, key)
        check_keys(complaints, body, keys, at=key)
        background: Plain = {"trait": key, "provenance": optional_text(complaints, body, "provenance", key)}
        if "theta" in body.entries:
            background["theta"] = as_number(complaints, body.get("theta"), key)
            if background["theta"] is not None and background["theta"] <= 0:
                complaints.add(body.entries["theta"], "theta must be above 0.", at=key)
        background["rates"] = _rates(complaints, body, key, known)
        for name in ("ln_mean", "ln_sd"):
            background[name] = _by_class(complaints, body, name, key, known)
        background["counts"] = _counts(complaints, body, key)
        if len(complaints.faults) == before:
            found[key] = background
    return found


def _rates(complaints: Complaints, body: YamlMap, at: str, known: References) -> dict[str, float]:
    mapping = as_map(complaints, body.get("rates"), at)
    if mapping is None:
        return {}
    trait = known.traits.get(at)
    rates: dict[str, float] = {}
    for value, node in mapping.entries.items():
        rate = as_fraction(complaints, node, f"{at}.{value}")
        if trait is not None and trait.kind is TraitKind.CATEGORY and value not in known.trait_values[at]:
            complaints.unknown(mapping.key_lines[value], "value", value, known.trait_values[at], at)
        if rate is not None:
            rates[value] = rate
    return rates


def _by_class(complaints: Complaints, body: YamlMap, name: str, at: str, known: References) -> dict[str, float]:
    mapping = as_map(complaints, body.get(name), at)
    if mapping is None:
        return {}
    found: dict[str, float] = {}
    for key, node in mapping.entries.items():
        if key != "any" and known.classes is not None and key not in known.classes:
            complaints.unknown(mapping.key_lines[key], "class", key, known.classes, at)
        number = as_number(complaints, node, f"{at}.{name}")
        if number is not None and name == "ln_sd" and number <= 0:
            complaints.add(node, "ln_sd must be above 0.", at=at)
        if number is not None:
            found[key] = number
    return found


def _counts(complaints: Complaints, body: YamlMap, at: str) -> dict[int, float]:
    mapping = as_map(complaints, body.get("counts"), at)
    if mapping is None:
        return {}
    found: dict[int, float] = {}
    for key, node in mapping.entries.items():
        probability = as_fraction(complaints, node, at)
        if not key.isascii() or not key.isdigit():
            complaints.add(mapping.key_lines[key], f"{quoted(key)} is not a count.", at=at)
        elif probability is not None:
            found[int(key)] = probability
    return found


def read_limitation(complaints: Complaints, root: YamlNode | None, known: References) -> Plain | None:
    """One file of ``limitations/`` as a plain ``LimitationRule`` mapping; None when any fault was found."""
    if not isinstance(root, YamlMap):
        complaints.add(root or 0, "needs id, because and when.")
        return None
    check_keys(complaints, root, ("id", "because", "when", "sources", "names"), ("id", "because", "when"))
    rule_id = as_text(complaints, root.get("id"), "id")
    if rule_id is not None and rule_id != PurePosixPath(complaints.file).stem:
        complaints.add(root.entries["id"], "path and id do not agree.", f"Call the file {rule_id}.yaml.", "id")
    rule = {
        "id": rule_id,
        "because": as_text(complaints, root.get("because"), "because"),
        "when": _conditions(complaints, root.get("when"), known),
        "sources": as_references(
            complaints, as_list(complaints, root.get("sources"), "sources"), known.sources, "source", "sources"
        ),
        "names": as_names(complaints, root.get("names"), "names"),
    }
    return None if complaints.faults else rule


def _conditions(complaints: Complaints, node: YamlNode | None, known: References) -> dict[str, tuple[str, ...]]:
    mapping = as_map(complaints, node, "when")
    if mapping is None:
        return {}
    if not mapping.entries:
        complaints.add(mapping, "has no condition.", "Write always: [] for one that always holds.", "when")
    check_keys(complaints, mapping, CONDITIONS, at="when")
    tables = {
        "type_in_tie": (known.types, "type"),
        "state_in_tie": (known.states, "state"),
        "pattern_in_tie": (known.patterns, "pattern"),
        "class_in_tie": (known.classes, "class"),
        "trait_observed": (known.trait_ids, "trait"),
        "trait_missing": (known.trait_ids, "trait"),
        "outcome": (OUTCOMES, "outcome"),
    }
    conditions: dict[str, tuple[str, ...]] = {}
    for name, child in mapping.entries.items():
        arguments = as_texts(complaints, child, name)
        conditions[name] = arguments
        if name in _BARE and arguments:
            complaints.add(child, f"{name!r} takes no arguments.", f"Write {name}: [].", "when")
        if name in CONDITIONS and name not in _BARE and not arguments:
            complaints.add(child, f"{name!r} needs arguments.", at="when")
        if name in tables:
            table, what = tables[name]
            for argument in arguments:
                if table is not None and argument not in table:
                    complaints.unknown(child, what, argument, table, "when")
        if name == "value_observed":
            for argument in arguments:
                _value_argument(complaints, child, argument, known)
    return conditions


def _value_argument(complaints: Complaints, node: YamlNode, argument: str, known: References) -> None:
    trait, equals, value = argument.partition("=")
    if not equals or not trait or not value:
        complaints.add(node, f"{quoted(argument)} is not trait=value.", 'As in "marking_script=hangul".', "when")
    elif known.trait_ids is not None and trait not in known.trait_ids:
        complaints.unknown(node, "trait", trait, known.trait_ids, "when")
    elif trait in known.traits and known.traits[trait].kind is TraitKind.CATEGORY:
        # "absent" is a record of any trait: looked for, and not there.
        values = known.trait_values[trait] | {"absent"}
        if value not in values:
            complaints.unknown(node, f"value of {trait}", value, values, "when")
