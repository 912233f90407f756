"""From the result document to what a person or a program reads."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import PhotographError
from forensics.model.result import Assessment
from forensics.workflow.inputs import Gathered

__all__ = ["render_assessment", "report_pictures"]

WITH_PICTURES = ("html", "pdf")


def render_assessment(
    assessment: Assessment, format_: str, gathered: Gathered, *, verbosity: int = 0, colour: bool = False
) -> str | bytes:
    """Render the document; HTML and PDF get the photographs they show embedded, so that the one file is enough."""
    from forensics.report import TEXT_FORMATS, render, render_bytes  # noqa: PLC0415

    images = report_pictures(assessment, gathered) if format_ in WITH_PICTURES else None
    if format_ not in TEXT_FORMATS:
        return render_bytes(assessment, format_, images=images)
    return render(assessment, format_, verbosity=verbosity, colour=colour, images=images)


def report_pictures(assessment: Assessment, gathered: Gathered) -> dict[str, bytes]:
    """What a page embeds: each photograph, upright and reduced, and each region that something was read from.

    A region has the photograph's path and its place as the key (``photographs/a.jpg#xywh=10,20,30,40``).
    """
    from forensics.examine import report_copies  # noqa: PLC0415

    files: dict[str, Path] = {gathered.shown_as.get(path, str(path)): path for path, _ in gathered.photographs}
    pictures: dict[str, bytes] = {}
    for photograph in assessment.photographs:
        boxes = [
            entry.provenance.box
            for entry in assessment.observations
            if entry.provenance.photograph == photograph.path and entry.provenance.box is not None
        ]
        try:
            whole, regions = report_copies(files[photograph.path], list(dict.fromkeys(boxes)))
        except PhotographError:  # it stands in the report as a failure, without a picture
            continue
        pictures[photograph.path] = whole
        for box, copy in regions.items():
            pictures[f"{photograph.path}#xywh={box.x},{box.y},{box.width},{box.height}"] = copy
    return pictures
