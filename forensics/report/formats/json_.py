"""The result document as JSON, and the schemas of what goes in and out."""

from __future__ import annotations

import json
import re
from typing import Any

from forensics.errors import Fault, InputError
from forensics.model.evidence import Case, Observation
from forensics.model.result import Assessment

__all__ = ["SCHEMAS", "render_json", "schema"]

# Valid inside JSON strings, but a terminal or an editor would obey them: written as \uXXXX, which reads back the same.
_UNSAFE = re.compile("[\u007f-\u009f\u00ad\u061c\u200b\u200d-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")

SCHEMAS = ("assessment", "observation", "case")


def render_json(assessment: Assessment) -> str:
    """The document: two-space indent, characters of every script as they are, keys in the order of the model.

    Reading it back with ``Assessment.model_validate_json`` gives an equal object.
    """
    text = json.dumps(assessment.model_dump(mode="json", by_alias=True), ensure_ascii=False, allow_nan=False, indent=2)
    return _UNSAFE.sub(lambda hit: f"\\u{ord(hit.group()):04x}", text) + "\n"


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of ``assessment`` (as written), ``observation`` or ``case`` (as read).

    Raises
    ------
    InputError
        For any other name.
    """
    match name:
        case "assessment":
            found = Assessment.model_json_schema(mode="serialization", by_alias=True)
        case "observation":
            found = Observation.model_json_schema()
        case "case":
            found = Case.model_json_schema()
        case _:
            raise InputError(Fault("", message=f"there is no schema {name!r}.", advice=f"Known: {', '.join(SCHEMAS)}."))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
