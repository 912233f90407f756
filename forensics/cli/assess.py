"""``forensics assess``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from forensics.cli.options import catalogue_option, echo_faults, language_option, output_format, progress, write_output
from forensics.errors import ExitCode

FORMATS = ("text", "json", "html", "csv", "pdf")

__all__ = ["command"]


@click.command("assess")
@click.argument("inputs", nargs=-1, required=True, metavar="CASE-OR-FILES...")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Report format; otherwise from the name of -o.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@click.option("-v", "verbosity", count=True, help="-v: a table of every trait; -vv: the full evidence with sources.")
@click.option("--priors", type=click.Path(path_type=Path), help="YAML file of prior weights by state, family or type.")
@click.option("--reviewed-only", is_flag=True, help="Leave out machine readings that nobody has reviewed.")
@click.option(
    "--without-case", "without_cases", multiple=True, metavar="ID", help="Leave out what was learned from this case."
)
@click.option(
    "--full-catalogue", is_flag=True, help="Keep values learned from this very case (circular; for comparison only)."
)
@click.option("--event-date", metavar="YYYY-MM-DD", help="Date of the event, when the input has no case.yaml.")
@click.option("--class", "classes", multiple=True, metavar="CLASS", help="Relevant population: only these classes.")
@click.option("--no-photographs", is_flag=True, help="Do not read photographs; list them only.")
@language_option
@catalogue_option
def command(
    inputs: tuple[str, ...],
    format_: str | None,
    output: Path | None,
    verbosity: int,
    priors: Path | None,
    reviewed_only: bool,
    without_cases: tuple[str, ...],
    full_catalogue: bool,
    event_date: str | None,
    classes: tuple[str, ...],
    no_photographs: bool,
    language: str,
    catalogue: Path | None,
) -> int:
    """Read a case folder, trait sheets or photographs and print a ranked origin assessment with evidence.

    CASE-OR-FILES is a case folder, or any number of trait sheets (CSV, XLSX, ODS, YAML, JSON) and photographs (JPEG,
    PNG, TIFF, WebP, HEIC), or the name of a sample case that comes with the package (see 'forensics case samples').

    A case whose incident the catalogue itself learned from is assessed without those values, and the report shows both
    numbers.
    """
    from forensics.workflow.assessing import AssessOptions, assess_inputs, save_results  # noqa: PLC0415
    from forensics.workflow.inputs import gather  # noqa: PLC0415
    from forensics.workflow.reporting import render_assessment  # noqa: PLC0415

    chosen = output_format(format_, output, FORMATS)
    options = AssessOptions(
        catalogue_path=catalogue,
        priors_path=priors,
        reviewed_only=reviewed_only,
        without_cases=frozenset(without_cases),
        full_catalogue=full_catalogue,
        read_photographs=not no_photographs,
        language=language,
        keep_readings=True,
    )
    gathered = gather(inputs, event_date=event_date, classes=classes)
    with progress() as report_progress:
        assessment = assess_inputs(gathered, options, report_progress)
    text = render_assessment(
        assessment, chosen, gathered, verbosity=verbosity, colour=output is None and sys.stdout.isatty()
    )
    write_output(text, output)
    faults = save_results(gathered, assessment)
    if assessment.unread:
        for unread in assessment.unread:
            click.echo(f"forensics: {unread.path}: {unread.reason} The rest was assessed without it.", err=True)
    echo_faults(faults)
    if faults or assessment.unread:
        return ExitCode.INPUT
    return int(
        {
            "named": ExitCode.NAMED,
            "tie": ExitCode.TIE,
            "none_fits": ExitCode.NONE_FITS,
            "insufficient": ExitCode.INSUFFICIENT,
        }[assessment.conclusion.outcome]
    )
