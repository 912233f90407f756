"""The pages as one ASGI application."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forensics.workbench.guard import Guard
from forensics.workbench.pages import assessment, case, entering, photographs, pictures, report, start, traits
from forensics.workbench.pages.answers import failed, not_found
from forensics.workbench.state import Workbench

__all__ = ["build"]


def build(workbench: Workbench) -> Starlette:
    """The application, guarded."""
    modules: Iterable[list[Route]] = (
        entering.ROUTES,
        start.ROUTES,
        case.ROUTES,
        photographs.ROUTES,
        pictures.ROUTES,
        traits.ROUTES,
        assessment.ROUTES,
        report.ROUTES,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        workbench.close()

    guard = Middleware(
        Guard,
        sessions=workbench.sessions,
        hosts=workbench.settings.hosts,
        limits=workbench.settings.limits,
        secure=workbench.settings.secure,
    )
    app = Starlette(
        routes=[route for routes in modules for route in routes],
        middleware=[guard],
        lifespan=lifespan,
        exception_handlers={404: _missing, Exception: _broken},
    )
    app.state.workbench = workbench
    return app


async def _missing(request: Request, _error: Exception) -> Response:
    return not_found(request)


async def _broken(request: Request, error: Exception) -> Response:
    logging.getLogger("forensics.workbench").error("a page failed: %s", request.url.path, exc_info=error)
    return failed(request)
