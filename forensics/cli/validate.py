"""``forensics validate``: score the method on simulation and on solved cases."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from forensics.cli.options import Progress, catalogue_option, progress, write_output

__all__ = ["command"]


@click.command("validate")
@click.option("--sheets", type=click.IntRange(50), default=1000, show_default=True, help="Simulated sheets a world.")
@click.option("--worlds", type=click.IntRange(2), default=10, show_default=True, help="Worlds a scenario.")
@click.option("--class", "classes", multiple=True, metavar="ID", help="Only types of this class; may be repeated.")
@click.option("--all-families", is_flag=True, help="Leave every family out in turn, not only some (takes minutes).")
@click.option("--cases", is_flag=True, help="Assess the solved cases instead, and print every one.")
@click.option("--no-figures", is_flag=True, help="Write the report without pictures (they need Matplotlib).")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the report (Markdown, HTML, JSON, pictures) into this folder.",
)
@catalogue_option
def command(
    sheets: int,
    worlds: int,
    classes: tuple[str, ...],
    all_families: bool,
    cases: bool,
    no_figures: bool,
    output: Path | None,
    catalogue: Path | None,
) -> int:
    """Score the method: simulated sheets in three scenarios, families and states left out, or the solved cases.

    Simulation: cost of the likelihood ratios (Cllr and its split), misleading evidence against Turing's bound, ranks,
    calibration, what is named, what the catalogue does not hold. Solved cases: published incidents, transcribed from
    the first publication; every one is printed, failures included, and nothing is fitted to them.
    """
    with progress() as show:
        report = show if sys.stderr.isatty() else _steps()
        if cases:
            return _cases(catalogue, output, report)
        from forensics.validate import run_validation, sections_of, write_report  # noqa: PLC0415
        from forensics.validate.rendering import render_text  # noqa: PLC0415

        run = run_validation(
            catalogue_path=catalogue,
            classes=classes,
            worlds=worlds,
            sheets=sheets,
            families=None if all_families else 16,
            progress=report,
        )
        written = write_report(run, output, figures=not no_figures) if output is not None else ()
    write_output(render_text(sections_of(run)), None)
    for path in written:
        click.echo(f"Written: {path}", err=True)
    return 0


def _cases(catalogue: Path | None, output: Path | None, report: Progress) -> int:
    from forensics.validate import assess_cases, cases_text, write_cases  # noqa: PLC0415

    results = assess_cases(catalogue_path=catalogue, progress=report)
    written = write_cases(results, output) if output is not None else ()
    write_output(cases_text(results), None)
    for path in written:
        click.echo(f"Written: {path}", err=True)
    return 0


def _steps() -> Progress:
    """Where there is no terminal to redraw a line on: one line when a step begins."""
    begun: set[str] = set()

    def show(what: str, done: int, total: int) -> None:
        if what not in begun:
            begun.add(what)
            click.echo(f"{what}: {total}", err=True)

    return show
