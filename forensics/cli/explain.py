"""``forensics explain``: why a type ranks where it does."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from forensics.cli.options import catalogue_option, language_option, progress, write_output
from forensics.errors import Fault, InputError

__all__ = ["command"]


@click.command("explain")
@click.argument("inputs", nargs=-1, required=True, metavar="CASE-OR-FILES... TYPE")
@click.option("--event-date", metavar="YYYY-MM-DD", help="Date of the event, when the input has no case.yaml.")
@language_option
@catalogue_option
def command(inputs: tuple[str, ...], event_date: str | None, language: str, catalogue: Path | None) -> None:
    """Why TYPE ranks where it does: what speaks for it and against it, and what value would have fitted.

    TYPE is an id of the catalogue ('forensics catalogue list'), or one of its names.
    """
    from forensics.report import explain_text  # noqa: PLC0415
    from forensics.workflow.assessing import AssessOptions, assess_inputs  # noqa: PLC0415
    from forensics.workflow.cataloguing import find_type  # noqa: PLC0415
    from forensics.workflow.inputs import gather  # noqa: PLC0415

    if len(inputs) < 2:
        raise click.UsageError("Name a case (or files) and then a type: forensics explain CASE 9m723")
    *files, wanted = inputs
    with progress() as report_progress:
        assessment = assess_inputs(
            gather(files, event_date=event_date),
            AssessOptions(catalogue_path=catalogue, language=language),
            report_progress,
        )
    ranked = [candidate.id for candidate in assessment.ranking]
    chosen = find_type(wanted, catalogue) or wanted
    if chosen not in ranked:
        near = get_close_matches(wanted, ranked, n=3)
        advice = f"Near: {', '.join(near)}." if near else "See 'forensics catalogue list'."
        if chosen in assessment.excluded_types:
            advice = "It is in the catalogue, but the relevant population of this case leaves it out."
        raise InputError(Fault("TYPE", message=f"{wanted!r} is not among the types compared.", advice=advice))
    write_output(explain_text(assessment, chosen), None)
