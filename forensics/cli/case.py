"""``forensics case``: make a case folder, add to it, verify it, hand it over, take one back."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.options import write_output
from forensics.errors import ExitCode

if TYPE_CHECKING:
    from forensics.workflow.cases import Form

__all__ = ["command"]


def _person() -> str:
    try:
        return getpass.getuser()
    except OSError:
        return ""


@click.group("case")
def command() -> None:
    """Make a case folder, add photographs and sheets to it, and check every digest."""


@command.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--id", "case_id", help="Case id; the folder's name when not given.")
@click.option("--title", default="", help="What the case is about, in a few words.")
@click.option("--event-date", metavar="YYYY-MM-DD", help="Date of the event.")
@click.option("--place", default="", help="Where it happened.")
@click.option("--person", default=_person, help="Who is making the record.", show_default="the logged-in user")
def new(folder: Path, case_id: str | None, title: str, event_date: str | None, place: str, person: str) -> None:
    """Make a new case folder: case.yaml, sheets/, photographs/ and an empty custody record."""
    from forensics.casefile import new_case  # noqa: PLC0415

    made = new_case(folder, case_id or folder.name, title=title, event_date=event_date, place=place, person=person)
    write_output(
        f"Made {made.path}\nNext: forensics case add {made.path} PHOTO... SHEET...\n"
        f"      forensics sheet new {made.path / 'sheets' / 'examination.xlsx'}\n",
        None,
    )


@command.command("add")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--item", default="", help="Exhibit number of the piece the photographs show.")
@click.option("--part", help="The part of the munition the photographs show; see 'forensics traits'.")
@click.option("--person", default=_person, help="Who is adding them.", show_default="the logged-in user")
def add(folder: Path, files: tuple[Path, ...], item: str, part: str | None, person: str) -> None:
    """Copy photographs and sheets into the case, byte for byte, with their digests in the custody record."""
    from forensics.workflow.cases import add_files  # noqa: PLC0415

    write_output("".join(f"{line}\n" for line in add_files(folder, files, item=item, part=part, person=person)), None)


@command.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
def verify(folder: Path) -> int:
    """Check the custody chain and every digest, and say exactly what changed."""
    from forensics.workflow.cases import verify_case  # noqa: PLC0415

    sound, lines = verify_case(folder)
    write_output("".join(f"{line}\n" for line in lines), None)
    return 0 if sound else ExitCode.INPUT


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--bag", "form", flag_value="bag", help="A BagIt bag: a folder, or a ZIP when TARGET ends in .zip.")
@click.option("--case-uco", "form", flag_value="case-uco", help="A description in CASE/UCO (JSON-LD), one file.")
def export(folder: Path, target: Path, form: Form | None) -> None:
    """Hand the whole case over as one ZIP file, as a bag, or described for other forensic tools.

    A case that does not verify is refused. 'forensics case import' takes a bag or a ZIP back.
    """
    from forensics.workflow.cases import export_case  # noqa: PLC0415

    write_output(f"Written: {export_case(folder, target, form or 'zip')}\n", None)


@command.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--person", default=_person, help="Who is taking it in.", show_default="the logged-in user")
def import_(source: Path, folder: Path, person: str) -> None:
    """Take a case from a bag or a ZIP into a new FOLDER; a broken or altered one is refused with every reason."""
    from forensics.workflow.cases import import_case  # noqa: PLC0415

    write_output("".join(f"{line}\n" for line in import_case(source, folder, person=person)), None)


@command.command("samples")
def samples() -> None:
    """List the sample cases that come with the package. Their names can be given to 'forensics assess'."""
    from forensics.workflow.samples import sample_names, sample_path  # noqa: PLC0415

    write_output("".join(f"{name}  {sample_path(name)}\n" for name in sample_names()), None)
