"""``forensics sheet``: an empty trait sheet, and a check of a filled one."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.options import catalogue_option, echo_faults, write_output
from forensics.errors import ExitCode

__all__ = ["command"]

FORMATS = ("xlsx", "ods", "csv", "yaml", "json")


@click.group("sheet")
def command() -> None:
    """Trait sheets: write an empty one, check a filled one."""


@command.command("new")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Otherwise from the name of the file.")
@click.option("--trait", "traits", multiple=True, metavar="TRAIT", help="Only these traits; all when not given.")
@catalogue_option
def new(path: Path | None, format_: str | None, traits: tuple[str, ...], catalogue: Path | None) -> None:
    """Write an empty trait sheet with drop-down lists (XLSX) and a how-to sentence per trait."""
    from forensics.workflow.sheets import new_sheet  # noqa: PLC0415

    write_output(f"Written: {new_sheet(path, format_, traits, catalogue)}\n", None)


@command.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@catalogue_option
def check(paths: tuple[Path, ...], catalogue: Path | None) -> int:
    """Report every fault of every sheet in one run: file, row, column, what is wrong, what to do."""
    from forensics.workflow.sheets import check_sheets  # noqa: PLC0415

    faults, lines = check_sheets(paths, catalogue)
    echo_faults(faults)
    write_output("".join(f"{line}\n" for line in lines), None)
    return ExitCode.INPUT if faults else 0
