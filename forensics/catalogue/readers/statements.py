"""The ``traits:`` block of a type, a family or a state: values with their sources, as written.

A trait holds one ``value`` with ``sources``, or ``values``: the statements of sources that disagree. ``fallback`` is
what holds when every primary citation is left out because it rests on the case under assessment.
"""

from __future__ import annotations

import re
from typing import Any

from forensics.catalogue.readers.fields import (
    Complaints,
    as_choice,
    as_fraction,
    as_list,
    as_map,
    as_text,
    as_texts,
    check_keys,
    optional_text,
    quoted,
)
from forensics.catalogue.readers.references import References, as_reference
from forensics.catalogue.readers.values import read_value
from forensics.model.catalogue import Basis, Trait
from forensics.yamltext import YamlMap, YamlNode

__all__ = ["read_traits"]

_GRADE = re.compile(r"[A-F][1-6]")
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_BASES = tuple(basis.value for basis in Basis)
_CITATION_KEYS = ("id", "grade", "basis", "cases", "p_correct", "note")

Plain = dict[str, Any]


def read_traits(complaints: Complaints, node: YamlNode | None, known: References) -> list[Plain]:
    """Plain ``NodeValues`` mappings of a ``traits:`` block, in the order written."""
    block = as_map(complaints, node, "traits")
    if block is None:
        return []
    found: list[Plain] = []
    for trait_id, body in block.entries.items():
        line = block.key_lines[trait_id]
        trait = known.traits.get(trait_id)
        if trait is None:
            if known.trait_ids is not None and trait_id not in known.trait_ids:
                otherwise = "A new trait goes into vocabulary/traits.yaml first."
                complaints.unknown(line, "trait", trait_id, known.trait_ids, trait_id, otherwise)
            continue
        mapping = as_map(complaints, body, trait_id)
        if mapping is None or not check_keys(
            complaints, mapping, ("value", "values", "sources", "fallback"), at=trait_id
        ):
            continue
        statements = _statements(complaints, mapping, trait, known)
        fallback = _fallback(complaints, mapping.get("fallback"), trait, known)
        if statements:
            place = f"{complaints.file}:{line}"
            found.append({"trait": trait_id, "statements": statements, "fallback": fallback, "line": place})
    return found


def _statements(complaints: Complaints, body: YamlMap, trait: Trait, known: References) -> list[Plain]:
    several = body.get("values")
    if several is None:
        one = _statement(complaints, body, trait, known)
        return [] if one is None else [one]
    if "value" in body.entries or "sources" in body.entries:
        advice = "One value with sources, or values: a list of {value, sources} where sources disagree."
        complaints.add(several, "has both 'values' and 'value' or 'sources'.", advice, trait.id)
        return []
    items = as_list(complaints, several, trait.id)
    if len(items) < 2:
        complaints.add(several, "'values' needs two statements or more.", "For one, write value and sources.", trait.id)
        return []
    found: list[Plain] = []
    for item in items:
        mapping = as_map(complaints, item, trait.id)
        if mapping is not None and check_keys(complaints, mapping, ("value", "sources"), at=trait.id):
            statement = _statement(complaints, mapping, trait, known)
            if statement is not None:
                if any(statement["value"] == other["value"] for other in found):
                    complaints.add(item, "states the same value again.", "Put the sources together.", trait.id)
                found.append(statement)
    return found


def _fallback(complaints: Complaints, node: YamlNode | None, trait: Trait, known: References) -> list[Plain]:
    body = as_map(complaints, node, trait.id)
    if body is None or not check_keys(complaints, body, ("value", "values", "sources"), at=trait.id):
        return []
    return _statements(complaints, body, trait, known)


def _statement(complaints: Complaints, body: YamlMap, trait: Trait, known: References) -> Plain | None:
    if "value" not in body.entries:
        complaints.add(body, "the key 'value' is missing.", "Leave the trait out when nothing is known.", trait.id)
    value = read_value(complaints, body.get("value"), trait, known)
    nodes = as_list(complaints, body.get("sources"), trait.id)
    if not nodes:
        advice = "Write sources: [{id: ..., grade: B2, basis: photographs}]; a value without a source is left out."
        complaints.add(body, "the value has no source.", advice, trait.id)
        return None
    citations = [_citation(complaints, node, trait.id, known) for node in nodes]
    if value is None or None in citations:
        return None
    return {"value": value, "citations": citations}


def _citation(complaints: Complaints, node: YamlNode, at: str, known: References) -> Plain | None:
    body = as_map(complaints, node, at)
    if body is None:
        return None
    before = len(complaints.faults)
    check_keys(complaints, body, _CITATION_KEYS, ("id", "basis"), at)
    source = as_reference(complaints, body.get("id"), known.sources, "source", at)
    grade_node = body.get("grade")
    grade = as_text(complaints, grade_node, at)
    if grade_node is None or (grade is not None and not _GRADE.fullmatch(grade)):
        message = "the grade is missing." if grade is None else f"{quoted(grade)} is not a grade."
        advice = "A letter A to F for the source and a digit 1 to 6 for the information, as in B2."
        complaints.add(grade_node or body, message, advice, at)
    basis = as_choice(complaints, body.get("basis"), _BASES, at)
    cases = as_texts(complaints, body.get("cases"), at)
    for case in cases:
        if not _CASE.fullmatch(case):
            complaints.add(
                body.entries["cases"], f"{quoted(case)} is not a case id.", "Letters, digits, . _ and -.", at
            )
    citation: Plain = {"source": source, "grade": grade, "basis": basis, "cases": cases}
    if "p_correct" in body.entries:
        citation["p_correct"] = as_fraction(complaints, body.get("p_correct"), at)
    if "note" in body.entries:
        citation["note"] = optional_text(complaints, body, "note", at)
    return citation if len(complaints.faults) == before else None
