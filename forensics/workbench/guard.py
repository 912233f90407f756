"""What may reach the pages, and what browsers may do with them.

In this order: the Host has to be ours (against DNS rebinding); what changes something has to come from our own pages
(against cross-site posts); everything but the way in needs a session; a body may not be larger than what is allowed.
Every refusal is logged. Every answer carries a content security policy without inline script or style.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forensics.workbench.sessions import Sessions

__all__ = ["COOKIE", "Guard", "Limits", "log_refusal"]

log = logging.getLogger("forensics.workbench")

COOKIE = "forensics_session"
OPEN_PATHS = ("/enter", "/static/", "/favicon.ico")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # 'no-referrer' would make browsers send 'Origin: null' with forms, which could then not be told from a stranger's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Limits:
    """How much may be sent. A photograph of 50 megapixels has about 30 MB as JPEG and 150 MB as TIFF."""

    body_bytes: int = 220_000_000
    form_bytes: int = 2_000_000
    file_bytes: int = 200_000_000
    files: int = 60
    photographs: int = 5000


def log_refusal(scope: Scope, reason: str) -> None:
    """One line a refusal; what strangers sent is shown escaped and cut short."""
    client = (scope.get("client") or ("?",))[0]
    log.warning(
        "refused %s %s from %s: %s", scope.get("method", "?"), repr(scope.get("path", ""))[:120], client, reason
    )


class _TooLargeError(Exception):
    """The body grew beyond its limit."""


class Guard:
    """ASGI middleware; ``scope["session"]`` is set for whatever it lets through."""

    def __init__(
        self, app: ASGIApp, *, sessions: Sessions, hosts: Iterable[str], limits: Limits, secure: bool = False
    ) -> None:
        self.app = app
        self.sessions = sessions
        self.hosts = frozenset(hosts)
        self.origins = frozenset(f"{'https' if secure else 'http'}://{host}" for host in self.hosts)
        self.limits = limits
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            log_refusal(scope, "not HTTP")
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            status, reason = refusal
            log_refusal(scope, reason)
            await _harden(PlainTextResponse(f"{reason}\n", status), scope, receive, send)
            return
        session = self.sessions.find(_cookie(headers))
        scope["session"] = session
        path = scope["path"]
        if session is None and not path.startswith(OPEN_PATHS):
            log_refusal(scope, "no session")
            scope["refused"] = True
            scope["path"] = scope["raw_path"] = "/enter"
            scope["raw_path"] = b"/enter"
            scope["method"] = "GET"
            scope["query_string"] = b""
        limit = self.limits.body_bytes if path.startswith("/case/upload") else self.limits.form_bytes
        await self._bounded(scope, receive, send, limit)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return 421, f"the Host {repr(', '.join(hosts))[:80]} is not this server"
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "the method is not used here"
        site = headers.get("sec-fetch-site", "")
        origin = headers.get("origin")
        if scope["method"] == "POST":
            if origin is not None and origin not in self.origins:
                return 403, f"the request comes from {origin[:80]!r}, not from these pages"
            if site not in ("", "same-origin") or (origin is None and site != "same-origin"):
                return 403, "the request does not come from these pages"
        elif site == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return 403, "another site wants to include these pages"
        return None

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    raise _TooLargeError
            return message

        async def hardened(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(message)
            await send(message)

        declared = Headers(scope=scope).get("content-length", "0")
        try:
            if not declared.isdecimal() or int(declared) > limit:
                raise _TooLargeError
            await self.app(scope, counted, hardened)
        except _TooLargeError:
            reason = f"more than {limit // 1_000_000} MB were sent"
            log_refusal(scope, reason)
            if not started:
                response = PlainTextResponse(f"{reason}\n", 413, {"Connection": "close"})
                await _harden(response, scope, receive, send)


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _add_headers(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)


async def _harden(response: Any, scope: Scope, receive: Receive, send: Send) -> None:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add_headers(message)
        await send(message)

    await response(scope, receive, hardened)
