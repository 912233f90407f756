"""Before a case is open: make one, choose one, or try the sample."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forensics.casefile import new_case, open_case
from forensics.errors import Fault, InputError
from forensics.model.evidence import Item
from forensics.workbench.pages.answers import Form, bench_of, page, posting, redirect, session_of
from forensics.workflow.samples import sample_names, sample_path

__all__ = ["ROUTES"]

_MOST = 200


def home(request: Request) -> Response:
    """The first page there is something to do on."""
    return redirect("/case" if bench_of(request).desk is not None else "/start")


def _cases_folder(request: Request) -> Path | None:
    """Where cases lie; None when the workbench was started on one case, which is then the only one."""
    return bench_of(request).settings.cases


def _cases(folder: Path) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in sorted(folder.iterdir())[:2000]:
        if (entry / "case.yaml").is_file() and not entry.is_symlink():
            try:
                title = open_case(entry).case.title
            except InputError:
                title = "case.yaml has faults"
            found.append((entry.name, title))
    return found[:_MOST]


def start(request: Request) -> Response:
    """Make or choose."""
    folder = _cases_folder(request)
    if folder is None:
        return redirect("/case")
    return page(request, "start", folder=str(folder), cases=_cases(folder), samples=sample_names())


@posting
def make(request: Request, form: Form) -> Response:
    """A new case folder."""
    folder = _required(request)
    case_id = form.get("id", "").strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}", case_id):
        advice = "Use letters, digits, dots and hyphens, like kharkiv-2024-01-02."
        raise InputError(Fault("", 0, "id", f"{case_id!r} is not a case number.", advice))
    item = form.get("item", "").strip() or "1"
    new_case(
        folder / case_id,
        case_id,
        title=form.get("title", "").strip(),
        event_date=form.get("event_date", "").strip() or None,
        place=form.get("place", "").strip(),
        items=[Item(id=item)],
        person=session_of(request).person,
    )
    bench_of(request).open(folder / case_id)
    return redirect("/case")


@posting
def choose(request: Request, form: Form) -> Response:
    """A case that is there."""
    folder = _required(request)
    name = form.get("name", "")
    if name not in {known for known, _ in _cases(folder)}:
        raise InputError(Fault("", message=f"{name!r} is no case here."))
    bench_of(request).open(folder / name)
    return redirect("/case")


@posting
def sample(request: Request, form: Form) -> Response:
    """A copy of a sample case, to try things on."""
    folder = _required(request)
    name = form.get("name", "")
    source = sample_path(name)
    if source is None:
        raise InputError(Fault("", message=f"there is no sample {name!r}."))
    target = folder / f"{name}-copy"
    number = 2
    while target.exists():
        target = folder / f"{name}-copy-{number}"
        number += 1
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.json", "observations.jsonl", "report.html"))
    bench_of(request).open(target)
    return redirect("/case")


def _required(request: Request) -> Path:
    folder = _cases_folder(request)
    if folder is None:
        raise InputError(Fault("", message="this workbench was started on one case."))
    return folder


ROUTES = [
    Route("/", home, methods=["GET"]),
    Route("/start", start, methods=["GET"]),
    Route("/start/new", make, methods=["POST"]),
    Route("/start/open", choose, methods=["POST"]),
    Route("/start/sample", sample, methods=["POST"]),
]
