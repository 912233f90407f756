"""``forensics next``: what to examine next."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.options import catalogue_option, language_option, progress, write_output

__all__ = ["command"]


@click.command("next")
@click.argument("inputs", nargs=-1, required=True, metavar="CASE-OR-FILES...")
@click.option("--all", "show_all", is_flag=True, help="Every trait, not only the ten most useful.")
@click.option(
    "--between",
    nargs=2,
    metavar="A B",
    help="Two types, families or states in dispute: what would tell these two apart.",
)
@click.option("--event-date", metavar="YYYY-MM-DD", help="Date of the event, when the input has no case.yaml.")
@language_option
@catalogue_option
def command(
    inputs: tuple[str, ...],
    show_all: bool,
    between: tuple[str, str] | None,
    event_date: str | None,
    language: str,
    catalogue: Path | None,
) -> None:
    """What to examine next: trait, expected gain in bits, effort, and what it would separate.

    With --between, two named hypotheses instead of everything compared: how they stand, and what each trait is expected
    to say for the true one.
    """
    from forensics.report.examinations import next_examinations_text  # noqa: PLC0415
    from forensics.workflow.assessing import AssessOptions, assess_inputs  # noqa: PLC0415
    from forensics.workflow.inputs import gather  # noqa: PLC0415

    limit = None if show_all else 10
    with progress() as report_progress:
        gathered = gather(inputs, event_date=event_date)
        options = AssessOptions(catalogue_path=catalogue, language=language)
        if between is not None:
            from forensics.workflow.disputing import dispute_page  # noqa: PLC0415

            page = dispute_page(gathered, options, between, report_progress, limit=limit)
        else:
            page = next_examinations_text(assess_inputs(gathered, options, report_progress), limit=limit)
    write_output(page, None)
