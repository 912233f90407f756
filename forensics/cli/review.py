"""``forensics review``: what waits for a person, and what persons decide."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.options import catalogue_option, progress, write_output
from forensics.errors import Fault, ForensicsError, InputError

if TYPE_CHECKING:
    from forensics.casefile import CaseFolder
    from forensics.model.catalogue import Catalogue
    from forensics.workflow.reviewing import Docket, Entry

__all__ = ["command"]


def _person() -> str:
    try:
        return getpass.getuser()
    except OSError:
        return ""


@click.command("review")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--list", "listed", is_flag=True, help="List what waits for a person, and decide nothing.")
@click.option("--all", "everything", is_flag=True, help="With --list: every observation, settled ones too.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--accept", "accepted", multiple=True, metavar="ID", help="Stand behind a reading as it is.")
@click.option("--amend", "amended", multiple=True, metavar="ID=VALUE", help="Give another value, as in a sheet's cell.")
@click.option("--reject", "rejected", multiple=True, metavar="ID", help="The reading is wrong: it weighs nothing.")
@click.option("--comment", "comments", multiple=True, metavar="ID=TEXT", help="Say something; decides nothing.")
@click.option("--note", default="", help="Why, kept with the decisions of this call.")
@click.option("--settle", is_flag=True, help="The decisions end a disagreement: earlier ones of others hold no more.")
@click.option("--person", default=_person, help="Who decides.", show_default="the logged-in user")
@click.option("--no-photographs", is_flag=True, help="Do not read photographs that have not been read yet.")
@catalogue_option
def command(
    case: Path,
    listed: bool,
    everything: bool,
    format_: str,
    accepted: tuple[str, ...],
    amended: tuple[str, ...],
    rejected: tuple[str, ...],
    comments: tuple[str, ...],
    note: str,
    settle: bool,
    person: str,
    no_photographs: bool,
    catalogue: Path | None,
) -> int:
    """Walk through machine readings nobody has reviewed and records that disagree: accept, amend, reject, comment.

    Nothing is edited in place: every decision is a line of decisions.jsonl with who and when, and the custody record
    covers it. An ID may be cut short as long as only one begins so. Without --accept, --amend, --reject, --comment or
    --list the questions are asked one by one.
    """
    from forensics.catalogue import load  # noqa: PLC0415
    from forensics.workflow.reviewing import docket, docket_json, docket_text, open_for_review  # noqa: PLC0415

    known = load(catalogue)
    folder = open_for_review(case, person)
    with progress() as report_progress:
        found = docket(case, known, report_progress, kept_only=no_photographs)
    asked = accepted or amended or rejected or comments
    if asked:
        _all_at_once(folder, found, known, _wishes(accepted, amended, rejected, comments), person, note, settle)
    elif not listed and format_ == "text":
        if sys.stdin.isatty():
            return _walk(folder, found, known, person, settle)
        raise click.UsageError("There is no terminal to ask at: use --list, or --accept, --amend, --reject, --comment.")
    if asked:
        found = docket(case, known, kept_only=True)
    write_output((docket_json if format_ == "json" else docket_text)(found, everything=everything), None)
    return 0


def _wishes(
    accepted: tuple[str, ...], amended: tuple[str, ...], rejected: tuple[str, ...], comments: tuple[str, ...]
) -> list[tuple[str, str, str]]:
    """Action, id and text of every decision asked for."""
    wishes = [("accept", name, "") for name in accepted] + [("reject", name, "") for name in rejected]
    for action, texts in (("amend", amended), ("comment", comments)):
        for text in texts:
            name, separator, rest = text.partition("=")
            if not separator or not rest.strip():
                raise click.BadParameter(f"{text!r}: write ID=TEXT.", param_hint=f"--{action}")
            wishes.append((action, name.strip(), rest.strip()))
    return wishes


def _all_at_once(
    folder: CaseFolder,
    found: Docket,
    known: Catalogue,
    wishes: list[tuple[str, str, str]],
    person: str,
    note: str,
    settle: bool,
) -> None:
    """Check every decision before the first is written, so that a mistyped id leaves nothing half done."""
    from forensics.workflow.reviewing import amended_value, decide, find_entry  # noqa: PLC0415

    checked = []
    faults: list[Fault] = []
    for action, name, text in wishes:
        try:
            entry = find_entry(found, name)
            trait = known.vocabulary.traits[entry.observation.trait]
            value = amended_value(text, trait, known) if action == "amend" else None
            checked.append((entry, action, value, text if action == "comment" else note))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    for entry, action, value, comment in checked:
        settles = settle and action != "comment"
        decide(folder, entry, action, person=person, value=value, comment=comment, settles=settles)  # type: ignore[arg-type]


def _walk(folder: CaseFolder, found: Docket, known: Catalogue, person: str, settle: bool) -> int:
    waiting = found.waiting
    if not waiting:
        click.echo("Nothing waits for a person.")
        return 0
    click.echo(f"{len(waiting)} observations wait for a person. You decide as {person!r} (--person NAME).")
    click.echo("a accept   m amend   r reject   c comment   s skip   q stop\n")
    decided = 0
    for number, entry in enumerate(waiting, 1):
        _show(entry, number, len(waiting))
        answer = _ask(folder, entry, known, person, settle)
        if answer == "q":
            break
        decided += answer == "decided"
    click.echo(f"{decided} decided, {len(waiting) - decided} left.")
    return 0


def _show(entry: Entry, number: int, total: int) -> None:
    from forensics.report.observed import describe, place, who  # noqa: PLC0415

    observation = entry.observation
    sure = f", confidence {observation.confidence:.2f}" if observation.confidence is not None else ""
    click.echo(f"[{number}/{total}] {observation.id}  {entry.standing}")
    click.echo(f"  {observation.trait} of item {observation.item or '-'}: {describe(observation.value)}{sure}")
    where = place(observation.provenance.photograph, observation.provenance.box)
    click.echo(f"  {'; '.join(part for part in (who(observation), where) if part)}")
    if observation.note:
        click.echo(f"  {observation.note}")
    if entry.disagrees_with:
        click.echo(f"  does not go together with {', '.join(entry.disagrees_with)}")
    for decision in entry.decisions:
        value = f" to {describe(decision.value)}" if decision.value is not None else ""
        click.echo(f"  {decision.at} {decision.person}: {decision.action}{value} {decision.comment}".rstrip())


def _ask(folder: CaseFolder, entry: Entry, known: Catalogue, person: str, settle: bool) -> str:
    from forensics.workflow.reviewing import amended_value, decide  # noqa: PLC0415

    settles = settle or entry.standing == "conflict"
    while True:
        key = click.prompt("  ?", type=click.Choice(list("amrcsq")), show_choices=True)
        if key in "sq":
            return str(key)
        try:
            if key == "c":
                decide(folder, entry, "comment", person=person, comment=click.prompt("  comment"))
                continue
            value = None
            if key == "m":
                trait = known.vocabulary.traits[entry.observation.trait]
                value = amended_value(click.prompt("  value"), trait, known)
            comment = click.prompt("  why (may stay empty)", default="", show_default=False)
            action = {"a": "accept", "m": "amend", "r": "reject"}[key]
            decide(folder, entry, action, person=person, value=value, comment=comment, settles=settles)  # type: ignore[arg-type]
            return "decided"
        except ForensicsError as error:
            click.echo(f"  {error}", err=True)
