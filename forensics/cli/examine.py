"""``forensics examine``: photographs to proposed observations, with an annotated picture of each."""

from __future__ import annotations

import json
from pathlib import Path

import click

from forensics.cli.options import catalogue_option, echo_faults, progress, write_output
from forensics.errors import ExitCode

__all__ = ["command"]


@click.command("examine")
@click.argument("photographs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PHOTO...")
@click.option("--part", metavar="PART", help="The part of the munition the photographs show; see 'forensics traits'.")
@click.option("--box", "boxes", multiple=True, metavar="X,Y,W,H", help="A region to read, in pixels of the original.")
@click.option(
    "--expect",
    "known_marks",
    multiple=True,
    metavar="MARK",
    help="A mark to look for. A reading that only this produced is flagged and is no independent evidence.",
)
@click.option("--ring", "centres", multiple=True, metavar="X,Y", help="The centre of a ring of bolts, in pixels.")
@click.option(
    "--ring-points",
    "groups",
    multiple=True,
    metavar="'X,Y X,Y X,Y…'",
    help="Some bolts of one ring, three or more. They are marked as pointed at by a person.",
)
@click.option("--ruler", metavar="X1,Y1,X2,Y2,MM", help="Two points and the millimetres between them.")
@click.option("--marker-mm", type=click.FloatRange(min=0, min_open=True), help="Side of the printed coded markers.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Write annotated pictures here.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@catalogue_option
def command(
    photographs: tuple[Path, ...],
    part: str | None,
    boxes: tuple[str, ...],
    known_marks: tuple[str, ...],
    centres: tuple[str, ...],
    groups: tuple[str, ...],
    ruler: str | None,
    marker_mm: float | None,
    output: Path | None,
    format_: str,
    catalogue: Path | None,
) -> int:
    """Read photographs and propose observations. The machine proposes; what a person confirmed counts more.

    Originals are only read. What could not be read is said with the reason. A file PHOTO.examiner.yaml beside a
    photograph holds what a person points at (marks, rings, a ruler); --ring, --ring-points, --ruler and --marker-mm
    say the same on the command line. Exit code 3 when Tesseract is not installed.
    """
    from forensics.workflow.examining import annotate_all, examine_photographs, parse_box, reader_installed  # noqa: PLC0415
    from forensics.workflow.pointing import parse_pointed  # noqa: PLC0415

    regions = tuple(parse_box(box) for box in boxes)
    pointed = parse_pointed(centres, groups, ruler, marker_mm, photographs=len(photographs))
    with progress() as report_progress:
        results, faults = examine_photographs(
            photographs,
            part=part,
            boxes=regions,
            known_marks=known_marks,
            pointed=pointed,
            catalogue_path=catalogue,
            progress=report_progress,
        )
    if format_ == "json":
        documents = [observation.model_dump(mode="json") for result in results for observation in result.observations]
        write_output(json.dumps(documents, ensure_ascii=False, indent=2) + "\n", None)
    else:
        write_output("\n".join(result.as_text() for result in results) + "\n", None)
    if output is not None:
        for written in annotate_all(results, output):
            click.echo(f"Written: {written}", err=True)
    echo_faults(faults)
    if faults:
        return ExitCode.INPUT
    return 0 if reader_installed() else ExitCode.MISSING
