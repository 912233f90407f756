"""The way in: a one-time token, or a password; who is working; in which language. And the files of the pages."""

from __future__ import annotations

from importlib.resources import files

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from forensics.workbench.guard import COOKIE, log_refusal
from forensics.workbench.pages.answers import Form, back, bench_of, page, posting, redirect, session_of
from forensics.workbench.sessions import SESSION_S, Session
from forensics.workbench.strings import LANGUAGES

__all__ = ["ROUTES"]

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def _welcome(request: Request, session: Session) -> Response:
    """The cookie, and a page of our own that goes on, so that a strict cookie is sent with the next request."""
    secure = bench_of(request).settings.secure
    response: HTMLResponse = page(request, "welcome")
    response.set_cookie(
        COOKIE, session.id, max_age=SESSION_S, httponly=True, samesite="strict", secure=secure, path="/"
    )
    return response


def enter(request: Request) -> Response:
    """``/enter?token=…``: works once."""
    bench = bench_of(request)
    token = request.query_params.get("token", "")
    if token and not bench.sessions.wants_password:
        session, reason = bench.sessions.enter_with_token(token)
        if session is not None:
            return _welcome(request, session)
        log_refusal(request.scope, f"the token is {reason}")
        if bench.settings.announce is not None and reason in ("used", "expired"):
            bench.settings.announce(f"An address that was {reason} was opened. If that was you, use this one instead:")
        return page(request, "enter", 403, password=False, reason=reason)
    status = 403 if request.scope.get("refused") else 200
    return page(request, "enter", status, password=bench.sessions.wants_password, reason="")


async def enter_with_password(request: Request) -> Response:
    """The password of a team, and the name of who comes."""
    bench = bench_of(request)
    async with request.form(max_files=0, max_fields=10) as form:
        password, person = str(form.get("password", "")), str(form.get("person", ""))
    session, reason = await run_in_threadpool(bench.sessions.enter_with_password, password, person)
    if session is None:
        log_refusal(request.scope, f"password: {reason}")
        return page(request, "enter", 403, password=True, reason=reason)
    return _welcome(request, session)


@posting
def person(request: Request, form: Form) -> Response:
    """Who is working."""
    name = " ".join(form.get("person", "").split())[:120]
    if name:
        session_of(request).person = name
    return redirect(back(form))


@posting
def language(request: Request, form: Form) -> Response:
    """The language of the pages."""
    if form.get("language") in LANGUAGES:
        session_of(request).language = form["language"]
    return redirect(back(form))


@posting
def leave(request: Request, form: Form) -> Response:
    """End the session."""
    bench_of(request).sessions.leave(session_of(request))
    return redirect("/enter")


def static(request: Request) -> Response:
    """One of the files that came with the package; no other name is looked up."""
    folder = files("forensics.workbench") / "static"
    name = request.path_params["name"]
    known = {entry.name: entry for entry in folder.iterdir()}
    if name not in known:
        return Response("not found", 404)
    suffix = name[name.rfind(".") :]
    return Response(
        known[name].read_bytes(),
        media_type=_TYPES.get(suffix, "application/octet-stream"),
        headers={"Cache-Control": "no-cache"},
    )


def icon(_request: Request) -> Response:
    """Browsers ask for it unasked."""
    return Response(status_code=204)


ROUTES = [
    Route("/enter", enter, methods=["GET"]),
    Route("/enter", enter_with_password, methods=["POST"]),
    Route("/person", person, methods=["POST"]),
    Route("/language", language, methods=["POST"]),
    Route("/leave", leave, methods=["POST"]),
    Route("/static/{name}", static, methods=["GET"]),
    Route("/favicon.ico", icon, methods=["GET"]),
]
