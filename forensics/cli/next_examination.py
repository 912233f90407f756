"""``forensics next``: what to examine next."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.options import catalogue_option, language_option, progress, write_output

__all__ = ["command"]


@click.command("next")
@click.argument("inputs", nargs=-1, required=True, metavar="CASE-OR-FILES...")
@click.option("--all", "show_all", is_flag=True, help="Every trait, not only the ten most useful.")
@click.option("--event-date", metavar="YYYY-MM-DD", help="Date of the event, when the input has no case.yaml.")
@language_option
@catalogue_option
def command(
    inputs: tuple[str, ...], show_all: bool, event_date: str | None, language: str, catalogue: Path | None
) -> None:
    """What to examine next: trait, expected gain in bits, effort, and what it would separate."""
    from forensics.report.examinations import next_examinations_text  # noqa: PLC0415
    from forensics.workflow.assessing import AssessOptions, assess_inputs  # noqa: PLC0415
    from forensics.workflow.inputs import gather  # noqa: PLC0415

    with progress() as report_progress:
        assessment = assess_inputs(
            gather(inputs, event_date=event_date),
            AssessOptions(catalogue_path=catalogue, language=language),
            report_progress,
        )
    write_output(next_examinations_text(assessment, limit=None if show_all else 10), None)
