"""The case: what happened, what was recovered, photographs and sheets brought in."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from forensics.casefile import CaseFacts
from forensics.errors import Fault, ForensicsError, InputError
from forensics.model.evidence import Item, PhotographEntry
from forensics.workbench.guard import log_refusal
from forensics.workbench.pages.answers import (
    Form,
    bench_of,
    check_token,
    desk_of,
    done,
    notice,
    page,
    posting,
    redirect,
    session_of,
    told,
    wants_json,
)
from forensics.workbench.pages.guide import GUIDE
from forensics.workbench.uploads import take_in
from forensics.workflow.reviewing import Docket

__all__ = ["ROUTES"]

SHOWN = 40
"""Photographs described on this page, the last ones; each of the others has its own page."""


def case(request: Request) -> Response:
    """The case as it stands."""
    desk = desk_of(request)
    folder = desk.folder
    photographs = desk.photographs()
    docket, fault = desk.docket()
    sheets = [(path.name, _rows(docket, path.name)) for path in folder.sheet_paths()]
    wrong = [line for line in desk.verified(wait=len(photographs) <= SHOWN) or () if line.startswith("error")]
    return page(
        request,
        "case",
        case=folder.case,
        photographs=photographs[-SHOWN:],
        further=max(0, len(photographs) - SHOWN),
        sheets=sheets,
        parts=desk.catalogue.vocabulary.parts,
        fault=fault,
        wrong=wrong,
        guide=GUIDE,
        managed=folder.managed,
    )


def _rows(docket: Docket | None, sheet: str) -> int | None:
    if docket is None:
        return None
    return sum(entry.observation.provenance.sheet == sheet for entry in docket.entries)


@posting
def facts(request: Request, form: Form) -> Response:
    """Title, date, place, mandate."""
    desk = desk_of(request)
    names = ("title", "event_date", "place", "mandate")
    given = CaseFacts(**{name: " ".join(form.get(name, "").split()) for name in names})
    desk.folder.state_facts(given, person=session_of(request).person)
    return done(request, form, "Saved.")


@posting
def add_item(request: Request, form: Form) -> Response:
    """One more exhibit."""
    desk = desk_of(request)
    name = " ".join(form.get("id", "").split())
    if not name:
        raise InputError(Fault("", 0, "item", "an item needs its exhibit number."))
    texts = {key: " ".join(form.get(key, "").split()) for key in ("description", "found", "custodian")}
    desk.folder.add_item(Item(id=name, **texts), person=session_of(request).person)
    return done(request, form, "Saved.")


@posting
def describe(request: Request, form: Form) -> Response:
    """Which item and part a photograph shows."""
    desk = desk_of(request)
    shown = desk.photograph(form.get("photograph", ""))
    if shown is None:
        raise InputError(Fault("", message="there is no such photograph."))
    part = form.get("part", "")
    if part and part not in desk.catalogue.vocabulary.parts:
        raise InputError(Fault("", 0, "part", f"there is no part {part!r}."))
    entry = PhotographEntry(
        file=shown.entry.file,
        item=form.get("item", ""),
        part=part or None,
        is_render=shown.entry.is_render,
        note=" ".join(form.get("note", shown.entry.note).split()),
    )
    if entry != shown.entry:
        desk.folder.describe_photograph(entry, person=session_of(request).person)
        desk.stir()
    return done(request, form, "Saved.")


async def upload(request: Request) -> Response:
    """Photographs and sheets: checked in a process of their own, then copied byte for byte."""
    limits = bench_of(request).settings.limits
    desk = desk_of(request)
    results: list[dict[str, str]] = []
    async with request.form(max_files=limits.files, max_fields=20) as sent:
        check_token(request, sent)
        item, part = str(sent.get("item", "")), str(sent.get("part", ""))
        for file in sent.getlist("files"):
            if isinstance(file, str):
                continue
            name = Path(file.filename or "").name
            try:
                if not name:
                    continue
                taken = await run_in_threadpool(
                    take_in, desk, file, limits, item=item, part=part or None, person=session_of(request).person
                )
                results.append({"name": name, "ok": "1", "message": taken})
            except ForensicsError as error:
                log_refusal(request.scope, f"upload {name[:80]!r}: {told(error)[:300]!r}")
                results.append({"name": name, "ok": "", "message": told(error)})
    desk.stir()
    if any(one["ok"] for one in results):
        await run_in_threadpool(_read_soon, request)
    if wants_json(request):
        return JSONResponse({"ok": True, "files": results})
    if not results:
        raise HTTPException(400, "no file was sent")
    for one in results:
        notice(request, f"{one['name']}: {one['message']}", "good" if one["ok"] else "bad")
    return redirect("/case")


def _read_soon(request: Request) -> None:
    """Photographs are read as soon as they are there."""
    desk = desk_of(request)
    if desk.photographs():
        desk.job.start()


ROUTES = [
    Route("/case", case, methods=["GET"]),
    Route("/case/facts", facts, methods=["POST"]),
    Route("/case/items", add_item, methods=["POST"]),
    Route("/case/photograph", describe, methods=["POST"]),
    Route("/case/upload", upload, methods=["POST"]),
]
