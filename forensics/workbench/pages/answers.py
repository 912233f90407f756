"""What every page shares: templates, forms that were checked, notices, who is asking."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from forensics.errors import Fault, ForensicsError, InputError
from forensics.report.escaping import escaping_templates
from forensics.report.observed import describe, place
from forensics.workbench.guard import log_refusal
from forensics.workbench.strings import LANGUAGES, translated

if TYPE_CHECKING:
    from jinja2 import Environment

    from forensics.model.catalogue import Names
    from forensics.workbench.desk import Desk
    from forensics.workbench.sessions import Session
    from forensics.workbench.state import Workbench
    from forensics.workflow.reviewing import Entry

__all__ = [
    "Form",
    "bench_of",
    "desk_of",
    "failed",
    "not_found",
    "notice",
    "page",
    "posting",
    "redirect",
    "session_of",
    "told",
    "waiting_in",
    "wants_json",
]

Form = Mapping[str, str]


def waiting_in(desk: Desk) -> tuple[tuple[Entry, ...], str]:
    """What waits for a person, and the page where the first of it can be decided."""
    found, _ = desk.docket()
    if found is None or not found.waiting:
        return (), ""
    observation = found.waiting[0].observation
    named = {shown.entry.file: shown.id for shown in desk.photographs()}
    shown = named.get(observation.provenance.photograph or "")
    return found.waiting, f"/photographs/{shown}" if shown else f"/traits/{observation.trait}"


def bench_of(request: Request) -> Workbench:
    """What every page can reach."""
    bench: Workbench = request.app.state.workbench
    return bench


def desk_of(request: Request) -> Desk:
    """The case that is open; without one the browser is sent to choose one."""
    desk = bench_of(request).desk
    if desk is None:
        raise HTTPException(303, headers={"Location": "/start"})
    return desk


def session_of(request: Request) -> Session:
    """The browser's session; the guard let nobody in without one."""
    session: Session | None = request.scope.get("session")
    if session is None:
        raise HTTPException(403)
    return session


@functools.cache
def _environment() -> Environment:
    environment = escaping_templates("forensics.workbench", "templates")
    environment.globals |= {"describe": describe, "place": place, "languages": LANGUAGES}
    return environment


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page in the session's language, with the notices that wait for it."""
    session: Session | None = request.scope.get("session")
    language = session.language if session is not None else "en"

    def t(text: str, **values: object) -> str:
        found = translated(text, language)
        return found.format(**values) if values else found

    def named(names: Names, fallback: str = "") -> str:
        own = getattr(names, language, ()) or names.en
        return own[0] if own else fallback

    notices: list[tuple[str, str]] = []
    if session is not None and not template.startswith("part_"):
        notices, session.notices = session.notices, []
    desk = bench_of(request).desk
    body = (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(
            t=t,
            named=named,
            language=language,
            session=session,
            csrf=session.csrf if session is not None else "",
            notices=notices,
            desk=desk,
            path=request.url.path,
            **context,
        )
    )
    return HTMLResponse(body, status)


def redirect(to: str) -> RedirectResponse:
    """After something was posted, so that reloading does not post it again."""
    return RedirectResponse(to, 303)


def notice(request: Request, text: str, kind: str = "good") -> None:
    """Something to tell on the next page: ``good`` or ``bad``."""
    session_of(request).notices.append((kind, text))


def told(error: ForensicsError) -> str:
    """Every fault of an error, without the parts of a place that mean nothing on a page."""
    if not isinstance(error, InputError):
        return str(error)
    return "\n".join(_fault(fault) for fault in error.faults)


def _fault(fault: Fault) -> str:
    place = f"{fault.column}: " if fault.column else ""
    return f"{place}{fault.message} {fault.advice}".strip()


def wants_json(request: Request) -> bool:
    """Whether our own script is asking, which shows the answer itself."""
    return request.headers.get("x-forensics") == "1"


def posting(
    handler: Callable[[Request, Form], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """A handler of a form: its token is checked, its fields are plain text, faults are told where it came from."""

    @functools.wraps(handler)
    async def handle(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=2000, max_part_size=200_000) as sent:
            check_token(request, sent)
            form = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
            for name in {name for name, _ in sent.multi_items() if name.endswith("[]")}:
                form[name] = "\n".join(str(value) for value in sent.getlist(name))
        try:
            return await run_in_threadpool(handler, request, form)
        except ForensicsError as error:
            if wants_json(request):
                return JSONResponse({"ok": False, "message": told(error)}, 422)
            notice(request, told(error), "bad")
            return redirect(back(form))

    return handle


def check_token(request: Request, form: FormData) -> None:
    """Whatever is posted carries the session's token, in the form or in a header."""
    import hmac  # noqa: PLC0415

    session = session_of(request)
    given = request.headers.get("x-forensics-token") or str(form.get("csrf", ""))
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        log_refusal(request.scope, "the form's token is not that of the session")
        raise HTTPException(403, "the form is not from this session")


def back(form: Form, otherwise: str = "/case") -> str:
    """Where a form says it came from, if that is one of our own pages."""
    to = form.get("back", otherwise)
    ours = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if ours else otherwise


def done(request: Request, form: Form, message: str = "", **answer: object) -> Response:
    """The answer to a form: JSON for our script, a way back for a browser without it."""
    if wants_json(request):
        return JSONResponse({"ok": True, "message": message, **answer})
    if message:
        notice(request, message)
    return redirect(back(form))


def not_found(request: Request) -> Response:
    """There is no such page."""
    return page(request, "problem", 404, title="There is no such page.", text="")


def failed(request: Request) -> Response:
    """A fault of ours; the terminal has the details."""
    return page(
        request,
        "problem",
        500,
        title="Something went wrong here, and it is our fault.",
        text="Nothing recorded so far is lost. The terminal says more.",
    )
