"""Values and text as an editor would write them in YAML: the reverse of the readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from forensics.model.catalogue import (
    Citation,
    ExpectedCategory,
    ExpectedCount,
    ExpectedDates,
    ExpectedMeasure,
    ExpectedPresence,
    ExpectedRing,
    ExpectedText,
    ExpectedValue,
    NodeValues,
    Statement,
)
from forensics.yamltext import YamlList, YamlNode, YamlText

__all__ = ["written_list", "written_mapping", "written_node", "written_text", "written_trait", "written_value"]

_PLAIN = re.compile(r"[^\W_](?:[\w .+/()-]*[\w.+/)-])?")
# Words that YAML 1.1 readers other than ours take for something else than text.
_GUESSED = re.compile(r"(?i:null|true|false|yes|no|on|off|y|n|~)")


def written_text(text: str) -> str:
    """A scalar, quoted where it must be."""
    if _PLAIN.fullmatch(text) and not _GUESSED.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def written_list(items: Iterable[str]) -> str:
    """Written items as a list in one line."""
    return f"[{', '.join(items)}]"


def written_mapping(entries: Mapping[str, str]) -> str:
    """Written values by key as a mapping in one line."""
    return f"{{{', '.join(f'{written_text(key)}: {value}' for key, value in entries.items())}}}"


def written_node(node: YamlNode) -> str:
    """A node read from a cell, in one line."""
    if isinstance(node, YamlText):
        return written_text(node.text)
    if isinstance(node, YamlList):
        return written_list(map(written_node, node.items))
    return written_mapping({key: written_node(child) for key, child in node.entries.items()})


def _number(number: float) -> str:
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e12 else repr(float(number))


def _weights(weights: Mapping[str, float] | Mapping[int, float]) -> str:
    return written_mapping({str(key): _number(weight) for key, weight in weights.items()})


def written_value(value: ExpectedValue) -> str:
    """An expected value in the syntax of its kind; read back, it is the same value."""
    match value:
        case ExpectedMeasure():
            return _measure(value)
        case ExpectedCategory() | ExpectedCount():
            return _certain(value) or _weights(value.probabilities)
        case ExpectedPresence():
            certain = {0.0: "absent", 1.0: "present"}
            return certain.get(value.probability) or written_mapping({"probability": _number(value.probability)})
        case ExpectedRing():
            return _ring(value)
        case ExpectedText():
            both = {"grammars": value.grammars, "strings": value.strings}
            return written_mapping({key: _weights(marks) for key, marks in both.items() if marks})
        case ExpectedDates():
            return _dates(value)


def _certain(value: ExpectedCategory | ExpectedCount) -> str:
    """The bare value when there is only one and it is certain; else empty."""
    if len(value.probabilities) == 1:
        ((key, probability),) = value.probabilities.items()
        if probability == 1.0:
            return written_text(str(key))
    return ""


def _measure(value: ExpectedMeasure) -> str:
    if value.mean is None:
        assert value.low is not None
        assert value.high is not None
        return written_mapping({"low": _number(value.low), "high": _number(value.high)})
    if not value.between_sd:
        return _number(value.mean)
    return written_mapping({"mean": _number(value.mean), "between_sd": _number(value.between_sd)})


def _ring(value: ExpectedRing) -> str:
    entries = {"count": str(value.count), "spacing": value.spacing}
    if value.groups is not None:
        entries["groups"] = str(value.groups)
    if value.pitch_deg is not None:
        entries["pitch_deg"] = written_list(map(_number, value.pitch_deg))
    if value.angles_deg:
        entries["angles_deg"] = written_list(map(_number, value.angles_deg))
    if value.circle_to_casing is not None:
        entries["circle_to_casing"] = _number(value.circle_to_casing)
    return written_mapping(entries)


def _dates(value: ExpectedDates) -> str:
    entries = {"calendars": _weights(value.calendars)}
    if value.codes:
        entries["codes"] = written_list(
            written_mapping(
                {"text": json.dumps(code.text), "probability": _number(code.probability)}
                | ({"meaning": written_text(code.meaning)} if code.meaning else {})
            )
            for code in value.codes
        )
    return written_mapping(entries)


def _citation(citation: Citation) -> str:
    entries = {"id": citation.source, "grade": citation.grade, "basis": citation.basis.value}
    if citation.cases:
        entries["cases"] = written_list(map(written_text, citation.cases))
    if citation.p_correct is not None:
        entries["p_correct"] = _number(citation.p_correct)
    if citation.note:
        entries["note"] = written_text(citation.note)
    return written_mapping(entries)


def _statement(statement: Statement) -> str:
    sources = written_list(map(_citation, statement.citations))
    return written_mapping({"value": written_value(statement.value), "sources": sources})


def written_trait(values: NodeValues) -> str:
    """One line of a ``traits:`` block, without its indent; the fallback is kept."""
    fallback = _statements(values.fallback) if values.fallback else ""
    body = _statements(values.statements)
    if fallback:
        body = f"{body[:-1]}, fallback: {fallback}}}"
    return f"{values.trait}: {body}"


def _statements(statements: tuple[Statement, ...]) -> str:
    if len(statements) == 1:
        return _statement(statements[0])
    return written_mapping({"values": written_list(map(_statement, statements))})
