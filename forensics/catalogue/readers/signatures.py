"""One signature file to a plain ``Signature`` mapping. The path says state, class and id; the file must agree."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from forensics.catalogue.readers.fields import (
    Complaints,
    as_choice,
    as_list,
    as_map,
    as_names,
    as_text,
    as_year,
    check_keys,
    optional_text,
    quoted,
)
from forensics.catalogue.readers.nodes import ID_PATTERN
from forensics.catalogue.readers.references import References, as_reference, as_references
from forensics.catalogue.readers.statements import read_traits
from forensics.yamltext import YamlMap, YamlNode, YamlText

__all__ = ["OUTCOMES", "SIGNATURE_KEYS", "STATUSES", "read_signature"]

SIGNATURE_KEYS = (
    "id",
    "name",
    "aliases",
    "state",
    "family",
    "pattern",
    "class",
    "status",
    "service",
    "production",
    "confusable_with",
    "note",
    "traits",
    "examples",
    "counterexamples",
    "owner",
    "review_by",
)
STATUSES = ("draft", "reviewed", "validated", "withdrawn")
OUTCOMES = ("named", "tie", "none_fits", "insufficient")

Plain = dict[str, Any]


def read_signature(complaints: Complaints, root: YamlNode | None, known: References) -> Plain | None:
    """A signature as a plain mapping; None when any fault was found in the file.

    ``complaints.file`` is the path below the catalogue folder: ``types/<state>/<class>/<id>.yaml``, or ``draft/…``.
    """
    if root is None:
        if not complaints.faults:
            complaints.add(0, "is empty.", "Write a signature, or remove the file.")
        return None
    if not isinstance(root, YamlMap):
        complaints.add(root, "needs 'key: value' lines, beginning with id and name.")
        return None
    required = ("id", "name", "state", "family", "class", "status")
    check_keys(complaints, root, SIGNATURE_KEYS, required)
    signature: Plain = {
        "id": as_text(complaints, root.get("id"), "id"),
        "name": as_text(complaints, root.get("name"), "name"),
        "aliases": as_names(complaints, root.get("aliases"), "aliases"),
        "state": as_reference(complaints, root.get("state"), known.states, "state", "state"),
        "family": as_reference(complaints, root.get("family"), known.families, "family", "family"),
        "pattern": _optional_reference(complaints, root.get("pattern"), known, "pattern"),
        "class_id": as_reference(complaints, root.get("class"), known.classes, "class", "class"),
        "status": as_choice(complaints, root.get("status"), STATUSES, "status"),
        "service": _window(complaints, root.get("service"), "service"),
        "production": _window(complaints, root.get("production"), "production"),
        "confusable_with": as_references(
            complaints,
            as_list(complaints, root.get("confusable_with"), "confusable_with"),
            known.types,
            "type",
            "confusable_with",
        ),
        "values": read_traits(complaints, root.get("traits") if _written(root.get("traits")) else None, known),
        "examples": _cases(complaints, root.get("examples"), known, "examples"),
        "counterexamples": _cases(complaints, root.get("counterexamples"), known, "counterexamples"),
        "owner": optional_text(complaints, root, "owner"),
        "review_by": optional_text(complaints, root, "review_by"),
        "note": optional_text(complaints, root, "note"),
        "path": complaints.file,
    }
    _agreement(complaints, root, signature, known)
    return None if complaints.faults else signature


def _written(node: YamlNode | None) -> bool:
    return node is not None and not (isinstance(node, YamlText) and node.is_null)


def _optional_reference(complaints: Complaints, node: YamlNode | None, known: References, key: str) -> str | None:
    return as_reference(complaints, node, known.patterns, key, key) if _written(node) else None


def _agreement(complaints: Complaints, root: YamlMap, signature: Plain, known: References) -> None:
    """Path, id, state, class, status and family must say the same."""
    type_id = signature["id"]
    if type_id is not None and not ID_PATTERN.fullmatch(type_id):
        complaints.add(root.entries["id"], f"{quoted(type_id)} is not a type id.", "Small letters, digits and -.", "id")
    parts = PurePosixPath(complaints.file).parts
    folder = parts[0]
    wanted = (folder, str(signature["state"]).lower(), signature["class_id"], f"{type_id}.yaml")
    if None not in (type_id, signature["state"], signature["class_id"]) and parts != wanted:
        advice = f"By its id, state and class it belongs at {'/'.join(wanted)}."
        complaints.add(root.entries["id"], "path and id do not agree.", advice, "id")
    status = signature["status"]
    if status is not None and (status == "draft") != (folder == "draft"):
        where = "draft/" if status == "draft" else "types/"
        complaints.add(
            root.entries["status"], f"a {status} signature does not live here.", f"Move it to {where}.", "status"
        )
    family, state = signature["family"], signature["state"]
    family_state = known.family_states.get(family) if family else None
    if family_state is not None and state is not None and family_state != state:
        message = f"the family {family!r} is of {family_state}, the type of {state}."
        complaints.add(root.entries["family"], message, "A family belongs to one state.", "family")
    if type_id is not None and type_id in signature["confusable_with"]:
        complaints.add(
            root.entries["confusable_with"], "the type is listed as confusable with itself.", at="confusable_with"
        )


def _window(complaints: Complaints, node: YamlNode | None, at: str) -> dict[str, int | None]:
    if not _written(node):
        return {}
    body = as_map(complaints, node, at)
    if body is None or not check_keys(complaints, body, ("first", "last"), at=at):
        return {}
    first = as_year(complaints, body.get("first"), f"{at}.first")
    last = as_year(complaints, body.get("last"), f"{at}.last")
    if first is not None and last is not None and first > last:
        complaints.add(body, f"begins in {first} and ends in {last}.", "Check the years.", at)
    return {"first": first, "last": last}


def _cases(complaints: Complaints, node: YamlNode | None, known: References, at: str) -> list[Plain]:
    found: list[Plain] = []
    if not _written(node):
        return found
    second = ("outcome", "members") if at == "examples" else ("excludes",)
    for item in as_list(complaints, node, at):
        body = as_map(complaints, item, at)
        if body is None or not check_keys(complaints, body, ("case", *second), ("case",), at):
            continue
        case: Plain = {"case": as_text(complaints, body.get("case"), at)}
        if "outcome" in body.entries:
            case["outcome"] = as_choice(complaints, body.get("outcome"), OUTCOMES, at)
        for key in ("members", "excludes"):
            if key in body.entries:
                nodes = as_list(complaints, body.get(key), at)
                case[key] = as_references(complaints, nodes, known.types, "type", at)
        found.append(case)
    return found
