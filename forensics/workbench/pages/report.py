"""The report: preview, downloads, the exported case."""

from __future__ import annotations

import base64
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from markupsafe import escape
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from forensics.errors import Fault, ForensicsError, InputError
from forensics.model.result import Assessment
from forensics.report import FORMATS, render, render_bytes
from forensics.workbench.desk import Desk
from forensics.workbench.pages.answers import desk_of, not_found, notice, page, redirect, session_of, told, waiting_in
from forensics.workflow.cases import export_case

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
    lines = desk.verified(wait=True) or ()
    sound = not any(line.startswith("error") for line in lines)
    waiting, first = waiting_in(desk)
    offered = [name for name in ("html", "pdf", "json", "csv", "text") if name != "pdf" or pdf_printer_installed()]
    return page(
        request,
        "report",
        waiting=waiting,
        first_waiting=first,
        standing=standing,
        formats=offered,
        sound=sound,
        lines=lines,
        head=desk.folder.custody_head if desk.folder.managed else "",
    )


def pdf_printer_installed() -> bool:
    """Whether the extra that prints PDF is there."""
    return find_spec("weasyprint") is not None


def _assessment(request: Request) -> Assessment:
    standing = desk_of(request).standing(language=session_of(request).language)
    if standing.assessment is None:
        raise InputError(Fault("", message=standing.fault))
    return standing.assessment


def _images(desk: Desk, assessment: Assessment) -> dict[str, bytes]:
    """Photographs and regions for the report, decoded in the process that may be harmed."""
    images: dict[str, bytes] = {}
    by_path = {str(shown.path.relative_to(desk.path)): shown for shown in desk.photographs()}
    for photograph in assessment.photographs:
        shown = by_path.get(photograph.path)
        boxes = [
            one.provenance.box.model_dump()
            for one in assessment.observations
            if one.provenance.photograph == photograph.path and one.provenance.box is not None
        ]
        if shown is None:
            continue
        with suppress(InputError):
            answer = desk.front.ask("report", path=str(shown.path), name=photograph.path, boxes=boxes)
            images |= {name: base64.b64decode(data) for name, data in answer["images"].items()}
    return images


def preview(request: Request) -> Response:
    """The HTML report, in a frame in which nothing runs."""
    desk = desk_of(request)
    try:
        assessment = _assessment(request)
        body = render(assessment, "html", images=_images(desk, assessment))
    except ForensicsError as error:
        body = f"<p>{escape(told(error))}</p>"
    headers = {"Content-Security-Policy": PREVIEW_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def download(request: Request) -> Response:
    """One of the formats, the same as the command line writes."""
    desk = desk_of(request)
    name = request.path_params["format"]
    if name not in _TYPES or name not in FORMATS:
        return not_found(request)
    try:
        assessment = _assessment(request)
        images = _images(desk, assessment) if name in ("html", "pdf") else None
        data = render_bytes(assessment, name, images=images)
    except ForensicsError as error:
        notice(request, told(error), "bad")
        return redirect("/report")
    kind, suffix = _TYPES[name]
    headers = {
        "Content-Disposition": f'attachment; filename="{_plain(desk)}.{suffix}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(data, media_type=kind, headers=headers)


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
