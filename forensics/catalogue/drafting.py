"""Drafts of new signatures: from answers, from an existing type, from the rows of a spreadsheet.

What is written always passes the reader, or nothing is written and every fault is named. Nothing is invented: a trait
without an answer becomes a commented line that says how to record it. The first type of a state, of a design family or
from a source brings the entries for those tables along.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from forensics.catalogue.companions import SOURCE_FIELDS, Companion, Companions, companions_of
from forensics.catalogue.drafted_traits import cell_text, folded, list_items, trait_lines
from forensics.catalogue.readers.fields import LANGUAGES, Complaints
from forensics.catalogue.readers.signatures import read_signature
from forensics.catalogue.writing import written_list, written_mapping, written_text, written_trait
from forensics.errors import CatalogueError, Fault
from forensics.model.catalogue import Basis, Catalogue
from forensics.yamltext import parse

__all__ = ["Draft", "Question", "draft_from_answers", "draft_from_rows", "draft_from_type", "questions"]

_SUGGESTED = 12
_CITATION_COLUMNS = ("source", "grade", "basis", "cases", "p_correct")
_SOURCE_COLUMNS = {f"source_{name}": name for name in SOURCE_FIELDS}
_NAMES_OF_NEW = ("state_name", "family_name")


@dataclass(frozen=True)
class Question:
    """One thing ``catalogue new`` asks. ``choices``: (answer, what it means); empty for free text.

    open_list: an answer outside the choices makes a new entry. asked_for_new: asked only when the question of that id
    was answered outside its choices.
    """

    id: str
    prompt: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    several: bool = False
    open_list: bool = False
    asked_for_new: str = ""


@dataclass(frozen=True)
class Draft:
    """A draft signature: where it goes below the catalogue folder, its text, and the entries it brings along."""

    type_id: str
    path: str
    text: str
    companions: tuple[Companion, ...] = ()


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
            "Which state makes it? One that is not listed: its capitals, as TUR.",
            tuple((state.id, state.name) for state in catalogue.states.values()),
            required=True,
            open_list=True,
        ),
        Question("state_name", "What is that state called in English?", required=True, asked_for_new="state"),
        Question(
            "family",
            "Which design family is it of? Empty: one of its own. One that is not listed: a short id.",
            families,
            open_list=True,
        ),
        Question("family_name", "What is that family called in English?", required=True, asked_for_new="family"),
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
        ``20 even``, ``18 in 6 groups``, for a marking the text itself. A source that is not catalogued yet is described
        beside it: ``source_publisher``, ``source_title``, ``source_date``, ``source_address``, ``source_language``,
        ``source_reliability``.

    Raises
    ------
    CatalogueError
        With everything that keeps the draft from passing the schema.
    """
    rows = answers.get("traits", ())
    traits = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []
    head = _of_its_own(_head({key: value for key, value in answers.items() if key != "traits"}))
    brought = companions_of(catalogue, head.answers, [_source(row) for row in traits])
    lines, faults = trait_lines(catalogue, traits)
    stated = {line.partition(":")[0] for line in lines}
    comments = _suggestions(catalogue, head.answers.get("class", ""), stated)
    heading = "Traits that other types of this class state. Fill in what the report says; leave out the rest."
    return _finish(catalogue, head, _Traits(tuple(lines), comments, heading), brought, faults)


def _of_its_own(head: _Head) -> _Head:
    """Without a family the type is the first of one that bears its name."""
    answers = head.answers
    if answers.get("family") or not answers.get("name"):
        return head
    return replace(head, answers={**answers, "family": answers["id"], "family_name": answers["name"]})


def _source(row: Mapping[str, object]) -> dict[str, str]:
    described = {name: cell_text(row.get(column)) for column, name in _SOURCE_COLUMNS.items()}
    return {"id": cell_text(row.get("source")), **described}


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
    brought = companions_of(catalogue, head.answers, ())
    return _finish(catalogue, head, _Traits(lines, comments, heading), brought, faults)


def draft_from_rows(
    catalogue: Catalogue, rows: Iterable[Mapping[str, object]], *, file: str = "", first_row: int = 1
) -> Draft:
    """A draft from rows of a spreadsheet: one row a trait, or one wide row with a column a trait.

    Columns are the ids of ``questions`` and ``trait``, ``value``, ``source``, ``grade``, ``basis``, ``cases``,
    ``p_correct``, ``note``, ``source_publisher`` and so on, in any case and with spaces or underscores. What describes
    the type is taken from the first row that has it. In a wide row the columns that are trait ids hold values, all from
    that row's source. ``file`` and ``first_row`` say where the rows stand, for what is wrong with them.
    """
    answers: dict[str, object] = {}
    traits: list[dict[str, object]] = []
    for number, row in enumerate(rows, start=first_row):
        cells = {folded(str(key)): value for key, value in row.items() if cell_text(value)}
        citation: dict[str, object] = {
            key: cells[key] for key in (*_CITATION_COLUMNS, *_SOURCE_COLUMNS) if key in cells
        }
        citation["place"] = Fault(file, number if file else 0)
        if "trait" in cells:
            note = {"note": cells.pop("note")} if "note" in cells else {}
            traits.append({"trait": cells.pop("trait"), "value": cells.pop("value", ""), **citation, **note})
        wide = [key for key in cells if key in catalogue.vocabulary.traits]
        traits += [{"trait": key, "value": cells[key], **citation} for key in wide]
        for key, value in cells.items():
            if key not in citation and key not in wide:
                answers.setdefault(key, value)
    return draft_from_answers(catalogue, answers | {"traits": traits})


def _answered(answers: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in answers.items() if value not in (None, "", [], ())}


def _head(answers: Mapping[str, object]) -> _Head:
    texts = {key: cell_text(value) for key, value in answers.items() if not isinstance(value, list | tuple)}
    if not texts.get("id"):
        texts["id"] = _slug(texts.get("name", ""))
    aliases = {language: list_items(answers.get(f"aliases_{language}", "")) for language in LANGUAGES}
    confusable = dict.fromkeys(list_items(answers.get("confusable_with", "")))
    return _Head(texts, tuple(confusable), {language: names for language, names in aliases.items() if names})


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]


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
        f"{trait.id}: {{value: ?, sources: [{{id: ?, grade: ?, basis: {bases}}}]}}  # {cell_text(trait.record)}"
        for trait in traits
    )


def _finish(catalogue: Catalogue, head: _Head, traits: _Traits, brought: Companions, faults: Sequence[Fault]) -> Draft:
    """The draft, checked by the reader that will read it."""
    answers = head.answers
    found = [*faults, *brought.faults]
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
    read_signature(complaints, root, brought.references)
    found += [replace(fault, row=0) for fault in (*parse_faults, *complaints.faults)]
    if found:
        raise CatalogueError(found)
    return Draft(type_id, path, text, brought.entries)


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
