"""Reduced copies of photographs: thumbnails, tiles, crops. The originals are only handed out as downloads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from forensics.errors import InputError
from forensics.workbench.desk import Desk, Shown
from forensics.workbench.guard import log_refusal
from forensics.workbench.pages.answers import desk_of

__all__ = ["ROUTES"]

_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


def _picture(request: Request, make: Callable[[Desk, Shown], Path]) -> Response:
    desk = desk_of(request)
    shown = desk.photograph(request.path_params["id"])
    if shown is None:
        return Response("not found", 404)
    try:
        path = make(desk, shown)
    except InputError as error:
        log_refusal(request.scope, f"{shown.name!r}: {error}"[:300])
        return Response("cannot be shown", 422)
    return FileResponse(path, media_type="image/jpeg", headers=_FOR_EVER)


def thumbnail(request: Request) -> Response:
    """Some 360 pixels."""
    return _picture(request, lambda desk, shown: desk.thumbnail(shown, desk.front))


def tile(request: Request) -> Response:
    """512 pixels square at 1 / 2**level."""
    level, x, y = (request.path_params[name] for name in ("level", "x", "y"))

    def make(desk: Desk, shown: Shown) -> Path:
        return desk.picture(
            shown,
            f"{level}-{x}-{y}.jpg",
            lambda target: desk.front.ask("tile", path=str(shown.path), target=str(target), level=level, x=x, y=y),
        )

    return _picture(request, make)


def crop(request: Request) -> Response:
    """A region of the upright picture."""
    x, y, width, height = (request.path_params[name] for name in ("x", "y", "width", "height"))

    def make(desk: Desk, shown: Shown) -> Path:
        return desk.picture(
            shown,
            f"crop-{x}-{y}-{width}-{height}.jpg",
            lambda target: desk.front.ask(
                "crop", path=str(shown.path), target=str(target), x=x, y=y, width=width, height=height
            ),
        )

    return _picture(request, make)


def frame(request: Request) -> Response:
    """Sizes for the viewer."""
    desk = desk_of(request)
    shown = desk.photograph(request.path_params["id"])
    if shown is None:
        return JSONResponse({"ok": False}, 404)
    try:
        return JSONResponse({"ok": True, "key": shown.key, **desk.front.ask("frame", path=str(shown.path))})
    except InputError as error:
        return JSONResponse({"ok": False, "message": str(error)}, 422)


def original(request: Request) -> Response:
    """Byte for byte, as a download that no browser opens."""
    desk = desk_of(request)
    shown = desk.photograph(request.path_params["id"])
    if shown is None:
        return Response("not found", 404)
    return FileResponse(
        shown.path,
        media_type="application/octet-stream",
        filename=shown.name,
        headers={"Content-Security-Policy": "sandbox; default-src 'none'"},
    )


ROUTES = [
    Route("/pictures/{id:str}/thumbnail.jpg", thumbnail, methods=["GET"]),
    Route("/pictures/{id:str}/frame.json", frame, methods=["GET"]),
    Route("/pictures/{id:str}/original", original, methods=["GET"]),
    Route("/pictures/{id:str}/{level:int}/{x:int}/{y:int}.jpg", tile, methods=["GET"]),
    Route("/pictures/{id:str}/crop/{x:int}/{y:int}/{width:int}/{height:int}.jpg", crop, methods=["GET"]),
]
