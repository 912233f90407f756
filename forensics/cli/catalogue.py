"""``forensics catalogue``: work on signatures."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.interview import interview
from forensics.cli.options import catalogue_option, output_format, write_output
from forensics.errors import ExitCode

__all__ = ["command"]


@click.group("catalogue")
def command() -> None:
    """Work on signatures: list and show them, add one, check all, see which types cannot be told apart."""


@command.command("list")
@click.option("--state", metavar="STATE", help="Only types made in this state, such as DPRK.")
@click.option("--class", "class_id", metavar="CLASS", help="Only types of this class, such as ballistic_missile.")
@catalogue_option
def list_(state: str | None, class_id: str | None, catalogue: Path | None) -> None:
    """List the catalogued types by state and class."""
    from forensics.workflow.cataloguing import list_types  # noqa: PLC0415

    write_output(list_types(catalogue, state=state, class_id=class_id), None)


@command.command("show")
@click.argument("type_id", metavar="TYPE")
@catalogue_option
def show(type_id: str, catalogue: Path | None) -> None:
    """Everything the catalogue expects of TYPE: values, weights, sources, and what nobody has published."""
    from forensics.workflow.cataloguing import describe_type  # noqa: PLC0415

    write_output(describe_type(type_id, catalogue), None)


@command.command("lint")
@click.argument("names", nargs=-1, metavar="[FILE-OR-TYPE]...")
@click.option("--notes", is_flag=True, help="Show notes too, not only errors and warnings.")
@click.option("--check", "checks", multiple=True, metavar="CHECK", help="Only this check; see --list.")
@click.option("--list", "list_checks", is_flag=True, help="List the checks and leave.")
@click.option("--quick", is_flag=True, help="Leave out the checks that need the comparison engine.")
@catalogue_option
def lint(
    names: tuple[str, ...],
    notes: bool,
    checks: tuple[str, ...],
    list_checks: bool,
    quick: bool,
    catalogue: Path | None,
) -> int:
    """Check the catalogue: all issues in one run, each with file, line and what to do.

    Exit code 2 when there is an error; warnings and notes leave it at 0.
    """
    from forensics.workflow.linting import describe_checks, run_lint  # noqa: PLC0415

    if list_checks:
        write_output(describe_checks(), None)
        return 0
    sound, text = run_lint(catalogue, names=names, checks=checks, notes=notes, quick=quick)
    write_output(text, None)
    return 0 if sound else ExitCode.INPUT


@command.command("new")
@click.option("--from", "from_type", metavar="TYPE", help="Begin from an existing type.")
@click.option("--keep", multiple=True, metavar="TRAIT", help="With --from: the same sources hold for this trait.")
@click.option("--sheet", type=click.Path(path_type=Path), help="A filled table (CSV, XLSX, ODS): a row a trait.")
@click.option("--answer", "answers", multiple=True, metavar="QUESTION=TEXT", help="Answer a question beforehand.")
@click.option("--yes", is_flag=True, help="Ask nothing; what is not answered stays empty.")
@click.option("-n", "--dry-run", is_flag=True, help="Print the draft; write nothing.")
@catalogue_option
def new(
    from_type: str | None,
    keep: tuple[str, ...],
    sheet: Path | None,
    answers: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    catalogue: Path | None,
) -> int:
    """Write a draft signature that already passes the schema: asks questions with choices, or takes a table or a type.

    It ends with the types the new one cannot be told from, and the trait that would separate them.
    """
    from forensics.workflow.drafting import DraftRequest, write_draft  # noqa: PLC0415

    given = dict(_answer(text) for text in answers)
    request = DraftRequest(catalogue, from_type, keep, sheet, given, dry_run)
    if not yes and sheet is None:
        interview(request)
    text, code = write_draft(request)
    write_output(text, None)
    return code


def _answer(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator:
        raise click.BadParameter(f"{text!r} is no answer; write QUESTION=TEXT.", param_hint="--answer")
    return key.strip(), value.strip()


@command.command("diff")
@click.argument("first", metavar="TYPE")
@click.argument("second", metavar="TYPE")
@click.argument("case", nargs=-1, metavar="[CASE-OR-FILES]...")
@catalogue_option
def diff(first: str, second: str, case: tuple[str, ...], catalogue: Path | None) -> None:
    """The traits that separate two types, and which of them a case already has."""
    from forensics.workflow.cataloguing import difference_text  # noqa: PLC0415

    write_output(difference_text(first, second, case, catalogue), None)


@command.command("overlap")
@click.argument("type_id", metavar="[TYPE]", required=False)
@click.option("--all", "show_all", is_flag=True, help="Every pair, not only the hardest thirty.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the matrix: a picture (.svg) or a .csv.")
@catalogue_option
def overlap(type_id: str | None, show_all: bool, output: Path | None, catalogue: Path | None) -> None:
    """Which types cannot be told apart on an ordinary sheet, and the trait that would separate them."""
    from forensics.workflow.cataloguing import require_type  # noqa: PLC0415
    from forensics.workflow.separating import overlap_csv, overlap_picture, overlap_text  # noqa: PLC0415

    if output is not None:
        kind = output_format(None, output, ("svg", "csv"))
        write_output(overlap_csv(catalogue) if kind == "csv" else overlap_picture(catalogue), output)
        return
    chosen = require_type(type_id, catalogue) if type_id else None
    write_output(overlap_text(catalogue, type_id=chosen, limit=None if show_all or chosen else 30), None)


@command.command("try")
@click.argument("draft", type=click.Path(path_type=Path))
@click.option("--cases", type=click.Path(path_type=Path), help="Folder of recorded cases; the samples when not given.")
@catalogue_option
def try_(draft: Path, cases: Path | None, catalogue: Path | None) -> None:
    """Score recorded cases again with DRAFT in place, and print which conclusions changed."""
    from forensics.workflow.trying import try_draft  # noqa: PLC0415

    write_output(try_draft(draft, cases, catalogue), None)


@command.command("coverage")
@click.option("--format", "format_", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@catalogue_option
def coverage(format_: str, output: Path | None, catalogue: Path | None) -> None:
    """Types by traits: sourced, weakly sourced, unknown. What to find out next."""
    from forensics.workflow.cataloguing import coverage_csv, coverage_text  # noqa: PLC0415

    write_output(coverage_csv(catalogue) if format_ == "csv" else coverage_text(catalogue), output)
