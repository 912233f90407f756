"""The traits of a draft: rows as a person fills them in, to the lines of a signature."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from forensics.catalogue.writing import written_list, written_mapping, written_node, written_text
from forensics.errors import Fault
from forensics.model.catalogue import Catalogue, Trait, TraitKind
from forensics.yamltext import parse

__all__ = ["cell_text", "folded", "list_items", "trait_lines"]


def folded(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip().casefold())


def cell_text(value: object) -> str:
    """The text of an answer or a cell; empty for nothing, and for a spreadsheet's not-a-number."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def list_items(value: object) -> tuple[str, ...]:
    parts = value.split(";") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
    return tuple(text for text in map(cell_text, parts) if text)


_SHORT_FORMS: tuple[tuple[TraitKind, re.Pattern[str], str], ...] = (
    (TraitKind.MEASURED, re.compile(r"([\d.]+)\s*(?:±|\+/?-)\s*([\d.]+)"), r"{mean: \1, between_sd: \2}"),
    (TraitKind.MEASURED, re.compile(r"([\d.]+)\s*(?:-|–|to)\s*([\d.]+)"), r"{low: \1, high: \2}"),
    (TraitKind.RING, re.compile(r"(\d+),?\s+even(?:ly spaced)?"), r"{count: \1, spacing: even}"),
    (TraitKind.RING, re.compile(r"(\d+) in (\d+) groups(?: of \d+)?"), r"{count: \1, spacing: grouped, groups: \2}"),
)


def _value(trait: Trait, text: str, where: str) -> tuple[str, list[Fault]]:
    """A value from a cell, as it is written in a signature."""
    for kind, pattern, form in _SHORT_FORMS:
        if kind is trait.kind and pattern.fullmatch(text):
            return pattern.sub(form, text), []
    if trait.unit and trait.kind is TraitKind.MEASURED:
        text = re.sub(rf"\s*{re.escape(trait.unit)}$", "", text)
    if trait.kind is TraitKind.TEXT and not text.startswith("{"):
        return written_mapping({"strings": written_list([written_text(text)])}), []
    if not text.startswith(("{", "[")):
        return written_text(text), []
    node, faults = parse(text.encode(), where)
    return ("" if node is None else written_node(node)), [replace(fault, row=0) for fault in faults]


def trait_lines(catalogue: Catalogue, rows: Iterable[Mapping[str, object]]) -> tuple[list[str], list[Fault]]:
    """One line a trait; several rows of one trait and value are several sources, of several values a disagreement."""
    traits = catalogue.vocabulary.traits
    faults: list[Fault] = []
    by_trait: dict[str, dict[str, list[str]]] = {}
    by_name = _by_name(traits.values())
    for row in rows:
        named, text = cell_text(row.get("trait")), cell_text(row.get("value"))
        # A heading often carries the unit: "calibre (mm)".
        bare = re.sub(r"\s*\([^)]*\)$", "", named)
        trait_id = named if named in traits else by_name.get(folded(named), by_name.get(folded(bare), named))
        place = row.get("place")
        at = place if isinstance(place, Fault) else Fault("")
        slips = [
            ("trait", trait_id not in traits, f"unknown trait {trait_id!r}.", _nearest(trait_id, traits)),
            ("value", not text, f"{trait_id} has no value.", "Leave out what is not known."),
            (
                "source",
                not cell_text(row.get("source")),
                f"{trait_id} has no source.",
                "A value without one is left out.",
            ),
        ]
        wrong = [replace(at, column=c, message=m, advice=advice) for c, slipped, m, advice in slips if slipped]
        faults += wrong
        if wrong:
            continue
        value, found = _value(traits[trait_id], text, at.file)
        faults += [replace(fault, row=at.row, column=trait_id) for fault in found]
        by_trait.setdefault(trait_id, {}).setdefault(value, []).append(_citation(row))
    lines = []
    for trait_id, by_value in by_trait.items():
        statements = [
            written_mapping({"value": value, "sources": written_list(citations)})
            for value, citations in by_value.items()
        ]
        body = statements[0] if len(statements) == 1 else written_mapping({"values": written_list(statements)})
        lines.append(f"{trait_id}: {body}")
    return lines, faults


def _by_name(traits: Iterable[Trait]) -> dict[str, str]:
    """Trait ids by every name that means one trait only, in any language."""
    meant: dict[str, set[str]] = {}
    for trait in traits:
        for name in (trait.id, *trait.names.all()):
            meant.setdefault(folded(name), set()).add(trait.id)
    return {name: next(iter(ids)) for name, ids in meant.items() if len(ids) == 1}


def _nearest(trait_id: str, traits: Collection[str]) -> str:
    near = get_close_matches(trait_id, traits, n=1)
    return f"Perhaps {near[0]!r}?" if near else "See 'forensics traits'."


def _citation(row: Mapping[str, object]) -> str:
    entries = {"id": written_text(cell_text(row.get("source"))), "grade": written_text(cell_text(row.get("grade")))}
    entries["basis"] = written_text(cell_text(row.get("basis")))
    cases = list_items(row.get("cases", ""))
    if cases:
        entries["cases"] = written_list(map(written_text, cases))
    for key in ("p_correct", "note"):
        if cell_text(row.get(key)):
            entries[key] = written_text(cell_text(row.get(key)))
    return written_mapping({key: text for key, text in entries.items() if text != '""'})
