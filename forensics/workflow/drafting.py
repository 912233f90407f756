"""``catalogue new``: from answers, an existing type or a table to a draft that passes the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from forensics.catalogue import (
    Draft,
    Question,
    draft_from_answers,
    draft_from_rows,
    draft_from_type,
    load,
    locate,
    questions,
)
from forensics.errors import ExitCode, Fault, InputError
from forensics.model.catalogue import TraitKind
from forensics.workflow.trying import append_companions, catalogue_with, separability_statement

__all__ = ["DraftRequest", "TraitPrompt", "questions_for", "source_ids", "trait_prompt", "write_draft"]

_FIRST_ROW = 2
"""Where the rows of a table begin, its headings being in the first line."""


@dataclass
class DraftRequest:
    """What the user gave; ``answers`` grows while questions are asked."""

    catalogue_path: Path | None
    from_type: str | None
    keep: tuple[str, ...]
    sheet: Path | None
    answers: dict[str, str] = field(default_factory=dict)
    dry_run: bool = False
    traits: list[dict[str, str]] = field(default_factory=list)


def questions_for(request: DraftRequest) -> tuple[Question, ...]:
    """What is still to be asked; a draft that begins from a type needs its name only."""
    asked = questions(load(request.catalogue_path))
    if request.from_type is None:
        return asked
    return tuple(question for question in asked if question.id in ("name", "id", "owner", "review_by"))


@dataclass(frozen=True)
class TraitPrompt:
    """How to ask for one trait: its id, how to record it, how to write its value, the closed list if it has one."""

    id: str
    record: str
    how: str
    choices: tuple[tuple[str, str], ...]


_HOW = {
    TraitKind.MEASURED: "1100, 1100 ± 60 (how much items differ) or 700-850",
    TraitKind.COUNT: "a number; {4: 0.9, 8: 0.1} where sources allow two",
    TraitKind.PRESENCE: "present or absent",
    TraitKind.RING: "20 even, or 18 in 6 groups",
    TraitKind.TEXT: "the marking as it stands on the item",
    TraitKind.YEAR_MARK: "{calendars: {gregorian: 0.3}}: how often a number on it is a year, and in which calendar",
}


def trait_prompt(request: DraftRequest, name: str) -> TraitPrompt | None:
    """The trait of an id or of a name in any language; None when there is none that takes a value."""
    vocabulary = load(request.catalogue_path).vocabulary
    folded = name.strip().casefold().replace(" ", "_").replace("-", "_")
    named = [
        trait
        for trait in vocabulary.traits.values()
        if trait.id == folded or name.strip().casefold() in {word.casefold() for word in trait.names.all()}
    ]
    if len(named) != 1 or named[0].kind in (TraitKind.DATE, TraitKind.SCORE):
        return None
    (trait,) = named
    unit = f", in {trait.unit}" if trait.unit else ""
    choices = tuple((value.id, value.names.en[0] if value.names.en else "") for value in trait.values)
    return TraitPrompt(trait.id, trait.record, f"{_HOW.get(trait.kind, 'one of the list')}{unit}", choices)


def source_ids(request: DraftRequest) -> frozenset[str]:
    """The sources that need no description."""
    return frozenset(load(request.catalogue_path).sources)


def write_draft(request: DraftRequest) -> tuple[str, int]:
    """Write the draft below ``draft/`` of the catalogue; never over an existing file.

    Returns the text for the terminal and the exit code.
    """
    catalogue = load(request.catalogue_path)
    answers: Mapping[str, object] = request.answers
    if request.sheet is not None:
        from forensics.intake import read_table  # noqa: PLC0415

        rows = read_table(request.sheet)
        # The answers come first, so that they go before the table; they take a place above its first row.
        draft = draft_from_rows(catalogue, [dict(answers), *rows], file=str(request.sheet), first_row=_FIRST_ROW - 1)
    elif request.from_type is not None:
        draft = draft_from_type(catalogue, request.from_type, answers, keep=request.keep)
    else:
        draft = draft_from_answers(catalogue, {**answers, "traits": request.traits})
    with catalogue_with(draft, request.catalogue_path) as with_draft:
        statement = separability_statement(with_draft, draft.type_id)
    if request.dry_run:
        brought = "".join(f"# {entry.file}\n{entry.text}" for entry in draft.companions)
        return f"{draft.text}{brought}\n{statement}\n", 0
    target = _save(draft, request.catalogue_path)
    added = "".join(f"Added: {entry.id} to {entry.file}\n" for entry in draft.companions)
    return (
        f"Written: {target}\n{added}{statement}\n"
        f"Next: fill in what the report says, then\n"
        f"  forensics catalogue lint {target}\n  forensics catalogue try {target}\n"
    ), int(ExitCode.NAMED)


def _save(draft: Draft, catalogue_path: Path | None) -> Path:
    folder, kind = locate(catalogue_path)
    if kind == "installed":
        advice = "Work on a copy: copy the folder, then add --catalogue DIR."
        raise InputError(Fault(str(folder), message="is the catalogue inside the installed package.", advice=advice))
    target = folder / draft.path
    if target.exists():
        advice = "Give another id: --answer id=…"
        raise InputError(Fault(str(target), message="exists already; nothing was changed.", advice=advice))
    try:
        append_companions(draft, folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(draft.text, encoding="utf-8")
    except OSError as error:
        raise InputError(Fault(str(target), message=f"cannot be written: {error.strerror}.")) from None
    return target
