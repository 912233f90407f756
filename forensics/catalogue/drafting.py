"""Drafts of new signatures: from answers, from an existing type, from the rows of a spreadsheet.

What is written always passes the reader, or nothing is written and every fault is named. Nothing is invented: a trait
without an answer becomes a commented line that says how to record it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forensics.catalogue.readers.fields import LANGUAGES, Complaints
from forensics.catalogue.readers.references import references_of
from forensics.catalogue.readers.signatures import read_signature
from forensics.catalogue.writing import written_list, written_mapping, written_node, written_text, written_trait
from forensics.errors import CatalogueError, Fault
from forensics.model.catalogue import Basis, Catalogue, Trait, TraitKind
from forensics.yamltext import parse

__all__ = ["Draft", "Question", "draft_from_answers", "draft_from_rows", "draft_from_type", "questions"]

_SUGGESTED = 12
_CITATION_COLUMNS = ("source", "grade", "basis", "cases", "p_correct")


@dataclass(frozen=True)
class Question:
    """One thing ``catalogue new`` asks. ``choices``: (answer, what it means); empty for free text."""

    id: str
    prompt: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    several: bool = False


@dataclass(frozen=True)
class Draft:
    """A draft signature: where it goes below the catalogue folder, and its text."""

    type_id: str
    path: str
    text: str


@dataclass(frozen=True)
class _Traits:
    """Lines of the ``traits:`` block: values, and suggestions that stay comments."""

    lines: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True)
class _Head:
    """Everything above ``traits:`` as plain answers."""

    answers: Mapping[str, str]
    confusable_with: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def questions(catalogue: Catalogue) -> tuple[Question, ...]:
    """What to ask for a new type, in order, with the closed lists of the catalogue."""
    families = tuple((f.id, f"{f.name} ({catalogue.states[f.state].name})") for f in catalogue.families.values())
    classes = tuple((key, names.en[0] if names.en else key) for key, names in catalogue.classes.items())
    patterns = tuple((key, names.en[0] if names.en else key) for key, names in catalogue.patterns.items())
    types = tuple((signature.id, signature.name) for signature in catalogue.signatures.values())
    return (
        Question("name", 'What is it called? It completes "made as a …".', required=True),
        Question("id", "Short id: small letters, digits and hyphens. Empty: made from the name."),
        Question(
            "state",
            "Which state makes it?",
            tuple((state.id, state.name) for state in catalogue.states.values()),
            required=True,
        ),
        Question("family", "Which design family is it of? (A new one goes into families.yaml first.)", families, True),
        Question("class", "What kind of munition is it?", classes, required=True),
        Question("pattern", "Is it a pattern that several states make? Empty: no, or not known.", patterns),
        Question("aliases_en", "Other names in English, separated by semicolons.", several=True),
        Question("aliases_uk", "Names in Ukrainian, separated by semicolons.", several=True),
        Question("aliases_ko", "Names in Korean, separated by semicolons.", several=True),
        Question("service_first", "First year in service (Gregorian). Empty: not known."),
        Question("service_last", "Last year in service. Empty: still, or not known."),
        Question("confusable_with", "Which catalogued types is it easily taken for?", types, several=True),
        Question("owner", "Who answers for this draft?", required=True),
        Question("review_by", "Review it by which date? As 2027-06-30.", required=True),
        Question("note", "Anything a reader should know? One sentence, or empty."),
    )


def draft_from_answers(catalogue: Catalogue, answers: Mapping[str, object]) -> Draft:
    """A draft from the answers to ``questions``.

    Parameters
    ----------
    answers : text by question id; lists may be lists or texts separated by semicolons. ``traits``, when there, is a
        list of mappings with ``trait``, ``value``, ``source``, ``grade``, ``basis`` and optionally ``cases``,
        ``p_correct``, ``note``. A value is written as in a signature, or shortly: ``1100 ± 60``, ``700-850``,
        ``20 even``, ``18 in 6 groups``.

    Raises
    ------
    CatalogueError
        With everything that keeps the draft from passing the schema.
    """
    rows = answers.get("traits", ())
    traits = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []
    head = _head({key: value for key, value in answers.items() if key != "traits"})
    lines, faults = _trait_lines(catalogue, traits)
    stated = {line.partition(":")[0] for line in lines}
    comments = _suggestions(catalogue, head.answers.get("class", ""), stated)
    heading = "Traits that other types of this class state. Fill in what the report says; leave out the rest."
    return _finish(catalogue, head, _Traits(tuple(lines), comments, heading), faults)


def draft_from_type(
    catalogue: Catalogue, type_id: str, answers: Mapping[str, object], *, keep: Collection[str] = ()
) -> Draft:
    """A draft that begins from an existing type.

    State, family, class, pattern and what it is confusable with are taken over unless answered. A source that speaks
    of one type says nothing about another: values are taken over as comments, but for the traits in ``keep``, for
    which the editor says that the same sources hold.

    Raises
    ------
    CatalogueError
        If there is no such type, or the draft does not pass the schema.
    """
    if type_id not in catalogue.signatures:
        raise CatalogueError(
            Fault("", message=f"there is no type {type_id!r}.", advice="See 'forensics catalogue list'.")
        )
    model = catalogue.signatures[type_id]
    given = {"state": model.state, "family": model.family, "class": model.class_id, "pattern": model.pattern or ""}
    confusable = (model.id, *model.confusable_with)
    head = _head(given | {"confusable_with": list(confusable)} | _answered(answers))
    unknown = set(keep) - {values.trait for values in model.values}
    faults = [Fault("", message=f"{type_id} states no {trait!r} that could be kept.") for trait in sorted(unknown)]
    lines = tuple(written_trait(values) for values in model.values if values.trait in keep)
    comments = tuple(written_trait(values) for values in model.values if values.trait not in keep)
    heading = (
        f"What {model.name} shows. Uncomment a line only when a source says it of this type, and cite that source."
    )
    return _finish(catalogue, head, _Traits(lines, comments, heading), faults)


def draft_from_rows(catalogue: Catalogue, rows: Iterable[Mapping[str, object]]) -> Draft:
    """A draft from rows of a spreadsheet: one row a trait, or one wide row with a column a trait.

    Columns are the ids of ``questions`` and ``trait``, ``value``, ``source``, ``grade``, ``basis``, ``cases``,
    ``p_correct``, ``note``, in any case and with spaces or underscores. What describes the type is taken from the first
    row that has it. In a wide row the columns that are trait ids hold values, all from that row's source.
    """
    answers: dict[str, object] = {}
    traits: list[dict[str, object]] = []
    for row in rows:
        cells = {_folded(str(key)): value for key, value in row.items() if _cell(value)}
        citation: dict[str, object] = {
            key: cells[key] for key in ("source", "grade", "basis", "cases", "p_correct") if key in cells
        }
        if "trait" in cells:
            cells["trait"] = _folded(_cell(cells["trait"]))
            note = {"note": cells.pop("note")} if "note" in cells else {}
            traits.append({"trait": cells.pop("trait"), "value": cells.pop("value", ""), **citation, **note})
        wide = [key for key in cells if key in catalogue.vocabulary.traits]
        traits += [{"trait": key, "value": cells[key], **citation} for key in wide]
        for key, value in cells.items():
            if key not in citation and key not in wide:
                answers.setdefault(key, value)
    return draft_from_answers(catalogue, answers | {"traits": traits})


def _folded(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip().casefold())


def _cell(value: object) -> str:
    """The text of an answer or a cell; empty for nothing, and for a spreadsheet's not-a-number."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _items(value: object) -> tuple[str, ...]:
    parts = value.split(";") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
    return tuple(text for text in map(_cell, parts) if text)


def _answered(answers: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in answers.items() if value not in (None, "", [], ())}


def _head(answers: Mapping[str, object]) -> _Head:
    texts = {key: _cell(value) for key, value in answers.items() if not isinstance(value, list | tuple)}
    if not texts.get("id"):
        texts["id"] = _slug(texts.get("name", ""))
    aliases = {language: _items(answers.get(f"aliases_{language}", "")) for language in LANGUAGES}
    confusable = dict.fromkeys(_items(answers.get("confusable_with", "")))
    return _Head(texts, tuple(confusable), {language: names for language, names in aliases.items() if names})


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]


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
    if not text.startswith(("{", "[")):
        return written_text(text), []
    node, faults = parse(text.encode(), where)
    return ("" if node is None else written_node(node)), [replace(fault, row=0) for fault in faults]


def _trait_lines(catalogue: Catalogue, rows: Iterable[Mapping[str, object]]) -> tuple[list[str], list[Fault]]:
    """One line a trait; several rows of one trait and value are several sources, of several values a disagreement."""
    traits = catalogue.vocabulary.traits
    faults: list[Fault] = []
    by_trait: dict[str, dict[str, list[str]]] = {}
    for number, row in enumerate(rows, start=1):
        trait_id, text = _cell(row.get("trait")), _cell(row.get("value"))
        where = f"row {number}"
        if trait_id not in traits:
            faults.append(Fault(where, message=f"unknown trait {trait_id!r}.", advice="See 'forensics traits'."))
            continue
        if not text:
            faults.append(Fault(where, message=f"{trait_id} has no value.", advice="Leave out what is not known."))
            continue
        if not _cell(row.get("source")):
            faults.append(Fault(where, message=f"{trait_id} has no source.", advice="A value without one is left out."))
            continue
        value, found = _value(traits[trait_id], text, where)
        faults += found
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


def _citation(row: Mapping[str, object]) -> str:
    entries = {"id": written_text(_cell(row.get("source"))), "grade": written_text(_cell(row.get("grade")))}
    entries["basis"] = written_text(_cell(row.get("basis")))
    cases = _items(row.get("cases", ""))
    if cases:
        entries["cases"] = written_list(map(written_text, cases))
    for key in ("p_correct", "note"):
        if _cell(row.get(key)):
            entries[key] = written_text(_cell(row.get(key)))
    return written_mapping({key: text for key, text in entries.items() if text != '""'})


def _suggestions(catalogue: Catalogue, class_id: str, stated: Collection[str]) -> tuple[str, ...]:
    """Commented lines for the traits most types of the class state, with how to record each."""
    counts = Counter(
        values.trait
        for signature in catalogue.signatures.values()
        if signature.class_id == class_id
        for values in signature.values
    )
    ranked = sorted(counts, key=lambda trait: (-counts[trait], trait))
    traits = [catalogue.vocabulary.traits[trait] for trait in ranked if trait not in stated][:_SUGGESTED]
    bases = "|".join(basis.value for basis in Basis)
    return tuple(
        f"{trait.id}: {{value: ?, sources: [{{id: ?, grade: ?, basis: {bases}}}]}}  # {_cell(trait.record)}"
        for trait in traits
    )


def _finish(catalogue: Catalogue, head: _Head, traits: _Traits, faults: Sequence[Fault]) -> Draft:
    """The draft, checked by the reader that will read it."""
    answers = head.answers
    found = list(faults)
    known = {question.id for question in questions(catalogue)} | {f"aliases_{language}" for language in LANGUAGES}
    found += [Fault("", message=f"unknown column or answer {key!r}.") for key in answers if key not in known]
    type_id = answers["id"]
    path = f"draft/{answers.get('state', '').lower()}/{answers.get('class', '')}/{type_id}.yaml"
    if type_id in catalogue.signatures:
        other = catalogue.signatures[type_id].path
        found.append(
            Fault(path, message=f"the type {type_id!r} exists already ({other}).", advice="Choose another id.")
        )
    text = _text(head, traits)
    root, parse_faults = parse(text.encode(), path)
    complaints = Complaints(path)
    references = references_of(catalogue)
    read_signature(complaints, root, references)
    found += [replace(fault, row=0) for fault in (*parse_faults, *complaints.faults)]
    if found:
        raise CatalogueError(found)
    return Draft(type_id, path, text)


def _text(head: _Head, traits: _Traits) -> str:
    answers = head.answers
    lines = ["# A draft: shown marked, never named alone. signatures/README.md says what to do next."]
    lines += [f"{key}: {written_text(answers[key])}" for key in ("id", "name") if answers.get(key)]
    if head.aliases:
        written = {key: written_list(map(written_text, names)) for key, names in head.aliases.items()}
        lines.append(f"aliases: {written_mapping(written)}")
    for key in ("state", "family", "pattern", "class"):
        if answers.get(key):
            lines.append(f"{key}: {written_text(answers[key])}")
    lines.append("status: draft")
    years = {key: answers.get(f"service_{key}") or "null" for key in ("first", "last")}
    if any(year != "null" for year in years.values()):
        # Not quoted: a bare null is "open".
        lines.append(f"service: {{first: {_year(years['first'])}, last: {_year(years['last'])}}}")
    lines.append(f"confusable_with: {written_list(map(written_text, head.confusable_with))}")
    lines += [f"{key}: {written_text(answers[key])}" for key in ("owner", "review_by", "note") if answers.get(key)]
    if traits.lines:
        lines += ["traits:", *(f"  {line}" for line in traits.lines)]
    if traits.comments:
        lines += [f"# {traits.heading}", *([] if traits.lines else ["# traits:"])]
        lines += [f"#   {comment}" for comment in traits.comments]
    return "\n".join(lines) + "\n"


def _year(text: str) -> str:
    return text if text == "null" else written_text(text)
