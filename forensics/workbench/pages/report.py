"""The report: preview, downloads, the exported case."""

from __future__ import annotations

import tempfile
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from forensics.errors import Fault, ForensicsError, InputError
from forensics.model.result import Assessment
from forensics.report import FORMATS
from forensics.workbench.desk import Desk
from forensics.workbench.pages.answers import desk_of, not_found, notice, page, redirect, told
from forensics.workflow.cases import export_case, verify_case

__all__ = ["ROUTES"]

_TYPES = {
    "html": ("text/html; charset=utf-8", "html"),
    "json": ("application/json", "json"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "text": ("text/plain; charset=utf-8", "txt"),
    "pdf": ("application/pdf", "pdf"),
}
PREVIEW_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'self'; sandbox"
)


def report(request: Request) -> Response:
    """The page."""
    desk = desk_of(request)
    standing = desk.standing()
    sound, lines = verify_case(desk.path) if desk.folder.managed else (True, ())
    return page(
        request,
        "report",
        standing=standing,
        formats=[name for name in ("html", "pdf", "json", "csv", "text") if name in FORMATS],
        sound=sound,
        lines=lines,
        head=desk.folder.custody_head if desk.folder.managed else "",
    )


def _assessment(desk: Desk) -> Assessment:
    standing = desk.standing()
    if standing.assessment is None:
        raise InputError(Fault("", message=standing.fault))
    return standing.assessment


def _html(desk: Desk, assessment: Assessment) -> str:
    """The report with its photographs, decoded where nothing can be harmed."""
    from forensics.report import render  # noqa: PLC0415

    images: dict[str, bytes] = {}
    by_path = {str(shown.path.relative_to(desk.path)): shown for shown in desk.photographs()}
    for photograph in assessment.photographs:
        shown = by_path.get(photograph.path)
        if shown is None:
            continue
        target = desk.picture(
            shown,
            "report.jpg",
            lambda target, shown=shown: desk.front.ask(  # type: ignore[misc]
                "thumbnail", path=str(shown.path), target=str(target), side_px=1600
            ),
        )
        images[photograph.path] = target.read_bytes()
    return render(assessment, "html", images=images)


def preview(request: Request) -> Response:
    """The HTML report, in a frame in which nothing runs."""
    desk = desk_of(request)
    try:
        body = _html(desk, _assessment(desk))
    except ForensicsError as error:
        body = f"<p>{_escaped(told(error))}</p>"
    headers = {"Content-Security-Policy": PREVIEW_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def _escaped(text: str) -> str:
    from markupsafe import escape  # noqa: PLC0415

    return str(escape(text))


def download(request: Request) -> Response:
    """One of the formats, the same as the command line writes."""
    from forensics.report import render  # noqa: PLC0415

    desk = desk_of(request)
    name = request.path_params["format"]
    if name not in _TYPES or name not in FORMATS:
        return not_found(request)
    try:
        assessment = _assessment(desk)
        text = _html(desk, assessment) if name == "html" else render(assessment, name)
    except ForensicsError as error:
        notice(request, told(error), "bad")
        return redirect("/report")
    kind, suffix = _TYPES[name]
    headers = {
        "Content-Disposition": f'attachment; filename="{_plain(desk)}.{suffix}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(text, media_type=kind, headers=headers)


def _plain(desk: Desk) -> str:
    name = desk.folder.case.id
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)


def export(request: Request) -> Response:
    """The whole case as one ZIP; a case that does not verify is not handed over."""
    desk = desk_of(request)
    _ = desk.standing()
    place = tempfile.TemporaryDirectory(prefix="export-")
    try:
        archive = export_case(desk.path, Path(place.name) / f"{_plain(desk)}.zip")
    except ForensicsError as error:
        place.cleanup()
        notice(request, told(error), "bad")
        return redirect("/report")
    return FileResponse(
        archive,
        media_type="application/zip",
        filename=archive.name,
        background=BackgroundTask(place.cleanup),
    )


ROUTES = [
    Route("/report", report, methods=["GET"]),
    Route("/report/preview", preview, methods=["GET"]),
    Route("/report/download/{format:str}", download, methods=["GET"]),
    Route("/report/export", export, methods=["GET"]),
]
