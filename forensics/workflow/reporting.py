"""From the result document to what a person or a program reads."""

from __future__ import annotations

from forensics.model.result import Assessment
from forensics.workflow.inputs import Gathered

__all__ = ["render_assessment"]


def render_assessment(
    assessment: Assessment, format_: str, gathered: Gathered, *, verbosity: int = 0, colour: bool = False
) -> str:
    """Render the document; HTML gets the photographs it shows embedded, so that the one file is enough."""
    from forensics.report import render  # noqa: PLC0415

    if format_ != "html":
        return render(assessment, format_, verbosity=verbosity, colour=colour)
    from forensics.examine import picture_for_report  # noqa: PLC0415

    files = {gathered.shown_as.get(path, str(path)): path for path, _ in gathered.photographs}
    images = {photograph.path: picture_for_report(files[photograph.path], ()) for photograph in assessment.photographs}
    return render(assessment, "html", verbosity=verbosity, images=images)
