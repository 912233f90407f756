"""JSON Schema of a signature file, so that an editor completes keys and closed lists while somebody types.

The schema is a help for writing; what decides is the reader, which knows more (references between files, ranges over
several keys). Numbers are allowed as text too, because the reader takes every scalar as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forensics.catalogue.readers.fields import LANGUAGES
from forensics.catalogue.readers.signatures import OUTCOMES, STATUSES
from forensics.catalogue.readers.values import CALENDARS
from forensics.model.catalogue import Basis, Catalogue, Trait, TraitKind

__all__ = ["signature_schema"]

Schema = dict[str, Any]

_NUMBER: Schema = {"type": ["number", "string"]}
_PROBABILITY: Schema = {"type": ["number", "string"], "minimum": 0, "maximum": 1}
_TEXT: Schema = {"type": ["string", "number"]}
_YEAR: Schema = {"type": ["integer", "null"], "minimum": 1850, "maximum": 2100}


def signature_schema(catalogue: Catalogue) -> Schema:
    """JSON Schema (draft 2020-12) of a signature file, with the closed lists of this catalogue.

    Traits carry their recording instruction as description; states, families, classes, patterns, types and sources
    are offered by id with their names.
    """
    types = _closed(catalogue.signatures)
    window = _object({"first": _YEAR, "last": _YEAR})
    traits = {trait.id: _trait(trait, catalogue) for trait in _stateable(catalogue)}
    case = {"case": _describe(_TEXT, "Path from the folder that holds the catalogue.")}
    members = {"type": "array", "items": types}
    examples = _object(case | {"outcome": {"enum": list(OUTCOMES)}, "members": members}, ["case"])
    counterexamples = _object(case | {"excludes": members}, ["case"])
    schema = _object(
        {
            "id": _describe(
                {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,79}$"}, "The file is called <id>.yaml."
            ),
            "name": _describe(_TEXT, 'Completes "made as a …".'),
            "aliases": _object({language: {"type": "array", "items": _TEXT} for language in LANGUAGES}),
            "state": _named({state.id: state.name for state in catalogue.states.values()}, "Producer."),
            "family": _named({family.id: f"{family.name}, {family.state}" for family in catalogue.families.values()}),
            "pattern": _named({key: names.en[0] for key, names in catalogue.patterns.items() if names.en}),
            "class": _named({key: names.en[0] for key, names in catalogue.classes.items() if names.en}),
            "status": {"enum": list(STATUSES)},
            "service": _describe(window, "First and last year in service; null is open."),
            "production": _describe(window, "Defaults to service."),
            "confusable_with": {"type": "array", "items": types, "uniqueItems": True},
            "note": _TEXT,
            "traits": _describe(_object(traits), "What is known; what is not known is left out."),
            "examples": {"type": "array", "items": examples},
            "counterexamples": {"type": "array", "items": counterexamples},
            "owner": _TEXT,
            "review_by": _describe({"type": "string"}, "Date, as 2027-06-30."),
        },
        ["id", "name", "state", "family", "class", "status"],
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Missile-debris signature",
        **schema,
        "$defs": {"sources": {"type": "array", "minItems": 1, "items": _citation(catalogue)}},
    }


def _object(properties: Schema, required: Iterable[str] = ()) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return schema | ({"required": list(required)} if required else {})


def _describe(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


def _closed(ids: Iterable[str]) -> Schema:
    return {"enum": sorted(ids)}


def _named(names: dict[str, str], text: str = "") -> Schema:
    """A closed list in which each id carries its name, as editors show it."""
    schema: Schema = {"oneOf": [{"const": key, "title": name} for key, name in sorted(names.items())]}
    return _describe(schema, text) if text else schema


def _stateable(catalogue: Catalogue) -> list[Trait]:
    no_value = (TraitKind.DATE, TraitKind.SCORE)
    return [trait for trait in catalogue.vocabulary.traits.values() if trait.kind not in no_value]


def _citation(catalogue: Catalogue) -> Schema:
    return _object(
        {
            "id": _named({source.id: f"{source.publisher}: {source.title}" for source in catalogue.sources.values()}),
            "grade": _describe(
                {"type": "string", "pattern": "^[A-F][1-6]$"},
                "Letter: how reliable the source is. Digit: how credible this piece of information is.",
            ),
            "basis": {"enum": [basis.value for basis in Basis]},
            "cases": _describe({"type": "array", "items": _TEXT}, "Incidents this value was learned from."),
            "p_correct": _PROBABILITY,
            "note": _TEXT,
        },
        ["id", "grade", "basis"],
    )


def _trait(trait: Trait, catalogue: Catalogue) -> Schema:
    value = _value(trait, catalogue)
    statement = _object({"value": value, "sources": {"$ref": "#/$defs/sources"}}, ["value", "sources"])
    fallback = _describe(statement, "What holds when the cases above are left out.")
    single = _object(
        {"value": value, "sources": {"$ref": "#/$defs/sources"}, "fallback": fallback}, ["value", "sources"]
    )
    several = _object(
        {
            "values": _describe({"type": "array", "minItems": 2, "items": statement}, "Sources that disagree."),
            "fallback": fallback,
        },
        ["values"],
    )
    title = trait.names.en[0] if trait.names.en else trait.id
    return {"title": f"{title} ({trait.unit})" if trait.unit else title, "description": trait.record} | {
        "oneOf": [single, several]
    }


def _value(trait: Trait, catalogue: Catalogue) -> Schema:
    if trait.kind is TraitKind.CATEGORY:
        ids = {value.id: value.description or value.names.en[0] for value in trait.values if value.names.en}
        weights = _object(dict.fromkeys(ids, _PROBABILITY)) | {"minProperties": 1}
        return {"anyOf": [_named(ids), weights]}
    if trait.kind is TraitKind.TEXT:
        grammars = _closed(catalogue.vocabulary.grammars)
        by_grammar = _object(dict.fromkeys(grammars["enum"], _PROBABILITY))
        strings = {"type": "object", "additionalProperties": _PROBABILITY}
        return _object(
            {
                "grammars": {"anyOf": [{"type": "array", "items": grammars}, by_grammar]},
                "strings": {"anyOf": [{"type": "array", "items": _TEXT}, strings]},
            }
        )
    return _PLAIN_VALUES[trait.kind]


_MEASURED: Schema = {
    "anyOf": [
        _NUMBER,
        _object({"mean": _NUMBER, "between_sd": _NUMBER}, ["mean"]),
        _object({"low": _NUMBER, "high": _NUMBER}, ["low", "high"]),
    ]
}
_COUNT: Schema = {
    "anyOf": [
        {"type": ["integer", "string"]},
        {"type": "object", "patternProperties": {"^[0-9]+$": _PROBABILITY}, "additionalProperties": False},
    ]
}
_PRESENCE: Schema = {
    "anyOf": [{"enum": ["present", "absent"]}, _object({"probability": _PROBABILITY}, ["probability"])]
}
_RING: Schema = _object(
    {
        "count": {"type": "integer", "minimum": 1, "maximum": 400},
        "spacing": {"enum": ["even", "grouped", "angles"]},
        "groups": {"type": "integer", "minimum": 1},
        "pitch_deg": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
        "angles_deg": {"type": "array", "items": _NUMBER},
        "circle_to_casing": _NUMBER,
    }
)
_CODE: Schema = _object({"text": _TEXT, "probability": _PROBABILITY, "meaning": _TEXT}, ["text", "probability"])
_YEARS: Schema = _object(
    {"calendars": _object(dict.fromkeys(CALENDARS, _PROBABILITY)), "codes": {"type": "array", "items": _CODE}},
    ["calendars"],
)
_PLAIN_VALUES: dict[TraitKind, Schema] = {
    TraitKind.MEASURED: _MEASURED,
    TraitKind.COUNT: _COUNT,
    TraitKind.PRESENCE: _PRESENCE,
    TraitKind.RING: _RING,
    TraitKind.YEAR_MARK: _YEARS,
}
