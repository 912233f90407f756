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
from forensics.workflow.trying import catalogue_with, separability_statement

__all__ = ["DraftRequest", "questions_for", "write_draft"]


@dataclass
class DraftRequest:
    """What the user gave; ``answers`` grows while questions are asked."""

    catalogue_path: Path | None
    from_type: str | None
    keep: tuple[str, ...]
    sheet: Path | None
    answers: dict[str, str] = field(default_factory=dict)
    dry_run: bool = False


def questions_for(request: DraftRequest) -> tuple[Question, ...]:
    """What is still to be asked; a draft that begins from a type needs its name only."""
    asked = questions(load(request.catalogue_path))
    return (
        asked if request.from_type is None else tuple(question for question in asked if question.id in ("name", "id"))
    )


def write_draft(request: DraftRequest) -> tuple[str, int]:
    """Write the draft below ``draft/`` of the catalogue; never over an existing file.

    Returns the text for the terminal and the exit code.
    """
    catalogue = load(request.catalogue_path)
    answers: Mapping[str, object] = request.answers
    if request.sheet is not None:
        from forensics.intake import read_table  # noqa: PLC0415

        draft = draft_from_rows(catalogue, [*read_table(request.sheet), *([dict(answers)] if answers else [])])
    elif request.from_type is not None:
        draft = draft_from_type(catalogue, request.from_type, answers, keep=request.keep)
    else:
        draft = draft_from_answers(catalogue, answers)
    with catalogue_with(draft.text, draft.path, request.catalogue_path) as with_draft:
        statement = separability_statement(with_draft, draft.type_id)
    if request.dry_run:
        return f"{draft.text}\n{statement}\n", 0
    target = _save(draft, request.catalogue_path)
    return (
        f"Written: {target}\n{statement}\n"
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
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(draft.text, encoding="utf-8")
    except OSError as error:
        raise InputError(Fault(str(target), message=f"cannot be written: {error.strerror}.")) from None
    return target
