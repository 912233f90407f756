"""Photographs: all of them; one of them large, with what the machine read on it; what persons decide about that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from forensics.errors import Fault, InputError
from forensics.model.catalogue import Trait
from forensics.model.evidence import Box, Photograph
from forensics.model.values import NotExaminable, Ring, Text, YearMark
from forensics.workbench.desk import Desk, Shown
from forensics.workbench.pages.answers import Form, desk_of, done, not_found, page, posting, session_of
from forensics.workflow.recording import record_ring, record_row, region_to_read, stored_box, upright_box
from forensics.workflow.reviewing import Entry, amended_value, decide, find_entry

__all__ = ["ROUTES", "Card", "cards_of"]


@dataclass(frozen=True)
class Card:
    """One observation beside its photograph. ``box``: upright; ``choices``: readings to take with one key."""

    number: int
    entry: Entry
    trait_name: str
    box: Box | None
    crop: str
    choices: tuple[tuple[str, float], ...]
    text: str
    ring: Ring | None
    unread: bool

    @property
    def id(self) -> str:
        """The observation's id."""
        return self.entry.observation.id


def photographs(request: Request) -> Response:
    """The whole case at a glance."""
    desk = desk_of(request)
    docket, fault = desk.docket()
    waiting: Counter[str] = Counter()
    if docket is not None:
        waiting.update(entry.observation.provenance.photograph or "" for entry in docket.waiting)
    not_read = set(docket.not_read) if docket is not None else set()
    return page(
        request,
        "photographs",
        photographs=desk.photographs(),
        waiting=waiting,
        not_read=not_read,
        fault=fault,
        unread={one.path: one.reason for one in docket.unread} if docket is not None else {},
        parts=desk.catalogue.vocabulary.parts,
        job=desk.job.progress,
        disagreeing=[entry for entry in docket.entries if entry.disagrees_with] if docket is not None else [],
    )


def photograph(request: Request) -> Response:
    """One photograph."""
    desk = desk_of(request)
    everything = desk.photographs()
    shown = next((one for one in everything if one.id == request.path_params["id"]), None)
    if shown is None:
        return not_found(request)
    place = everything.index(shown)
    return page(
        request,
        "photograph",
        shown=shown,
        registered=desk.register(shown, desk.back),
        cards=cards_of(desk, shown),
        before=everything[place - 1] if place else None,
        after=everything[place + 1] if place + 1 < len(everything) else None,
        place_number=place + 1,
        of=len(everything),
        case=desk.folder.case,
        parts=desk.catalogue.vocabulary.parts,
        rings=_suited(desk, shown, ("ring",), "igniter_bolt_ring"),
        mark_traits=_suited(desk, shown, ("text", "year_mark"), "marking_text"),
        job=desk.job.progress,
    )


def _suited(desk: Desk, shown: Shown, kinds: tuple[str, ...], usual: str) -> list[Trait]:
    """Traits of some kinds, those of the part that the photograph shows first, then the usual one."""
    traits = [trait for trait in desk.catalogue.vocabulary.traits.values() if trait.kind in kinds]
    return sorted(traits, key=lambda one: (one.part != shown.entry.part, one.id != usual))


def readings(request: Request) -> Response:
    """The cards alone, after something changed."""
    desk = desk_of(request)
    shown = desk.photograph(request.path_params["id"])
    if shown is None:
        return not_found(request)
    return page(request, "part_readings", shown=shown, cards=cards_of(desk, shown), job=desk.job.progress)


def cards_of(desk: Desk, shown: Shown) -> tuple[Card, ...]:
    """What was observed on one photograph, what waits first."""
    docket, _ = desk.docket()
    registered = desk.register(shown, desk.back)
    if docket is None or not isinstance(registered, Photograph):
        return ()
    names = (registered.path, shown.name)
    own = [entry for entry in docket.entries if entry.observation.provenance.photograph in names]
    own.sort(key=lambda entry: (not entry.waits, isinstance(entry.observation.value, NotExaminable)))
    return tuple(_card(desk, shown, registered, number, entry) for number, entry in enumerate(own, 1))


def _card(desk: Desk, shown: Shown, photograph: Photograph, number: int, entry: Entry) -> Card:
    observation = entry.observation
    box = observation.provenance.box
    upright = upright_box(photograph, box) if box is not None else None
    crop = ""
    if upright is not None:
        margin = max(4, min(upright.width, upright.height) // 6)
        left, top = max(0, upright.x - margin), max(0, upright.y - margin)
        size = f"{upright.width + 2 * margin}/{upright.height + 2 * margin}"
        crop = f"/pictures/{shown.id}/crop/{left}/{top}/{size}.jpg?v={shown.key}"
    value = observation.value
    now = entry.finding.observation.value if entry.finding is not None else value
    choices = tuple((one.text, one.confidence) for one in value.readings) if isinstance(value, Text | YearMark) else ()
    text = now.readings[0].text if isinstance(now, Text | YearMark) else ""
    trait = desk.catalogue.vocabulary.traits.get(observation.trait)
    return Card(
        number=number,
        entry=entry,
        trait_name=trait.names.en[0] if trait is not None and trait.names.en else observation.trait,
        box=upright,
        crop=crop,
        choices=choices,
        text=text,
        ring=now if isinstance(now, Ring) else None,
        unread=isinstance(value, NotExaminable),
    )


@posting
def decided(request: Request, form: Form) -> Response:
    """Accept, amend, reject, comment."""
    desk = desk_of(request)
    session = session_of(request)
    docket, fault = desk.docket()
    if docket is None:
        raise InputError(Fault("", message=fault))
    entry = find_entry(docket, form.get("observation", ""))
    action = form.get("action", "")
    if action not in ("accept", "amend", "reject", "comment"):
        raise InputError(Fault("", 0, "action", "nothing was decided."))
    value = None
    if action == "amend":
        trait = desk.catalogue.vocabulary.traits[entry.observation.trait]
        value = amended_value(_written(form, trait.kind), trait, desk.catalogue)
    others = _meanwhile(entry, form, session.person)
    decide(
        desk.folder,
        entry,
        action,  # type: ignore[arg-type]
        person=session.person,
        value=value,
        comment=" ".join(form.get("comment", "").split())[:2000],
        settles=form.get("settles") == "1",
    )
    return done(request, form, others)


def _written(form: Form, kind: str) -> str:
    """The value as it would stand in a cell: marks in quotes, so that nothing in them is taken for syntax."""
    text = form.get("value", "").strip()
    if kind != "text" or not text or form.get("syntax") == "1":
        return text
    return '"' + text.replace('"', '""') + '"'


def _meanwhile(entry: Entry, form: Form, person: str) -> str:
    """What others decided since the page was shown: nothing of it is lost, and it is said."""
    seen = form.get("seen", "")
    if not seen.isdecimal() or len(entry.decisions) <= int(seen):
        return ""
    newer = [one for one in entry.decisions[int(seen) :] if one.person != person]
    told = "; ".join(f"{one.person}: {one.action}" for one in newer)
    return (
        f"Decided meanwhile by others: {told}. Both stand; where they differ it is a conflict to settle."
        if told
        else ""
    )


@posting
def region(request: Request, form: Form) -> Response:
    """A box drawn by a person: read there, or record what they read themselves."""
    desk, shown, photograph = _asked(request)
    session = session_of(request)
    box = _box(form)
    folder = desk.folder
    text = form.get("value", "").strip()
    if text:
        trait = form.get("trait", "marking_text")
        known = desk.catalogue.vocabulary.traits.get(trait)
        cells = {
            "trait": trait,
            "value": _written(form, known.kind if known is not None else ""),
            "photo": photograph.path,
            "item": form.get("item", ""),
            "note": form.get("note", ""),
        }
        name = record_row(folder, desk.catalogue, cells, person=session.person, box=stored_box(photograph, box))
        return done(request, form, "", observation=name)
    region_to_read(folder, photograph, box, person=session.person)
    desk.job.start(shown.entry.file)
    return done(request, form, "")


@posting
def ring(request: Request, form: Form) -> Response:
    """Bolts clicked by a person."""
    desk, _, photograph = _asked(request)
    points = [tuple(float(part) for part in pair.split(",")) for pair in form.get("points", "").split(";") if pair]
    if any(len(point) != 2 for point in points):
        raise InputError(Fault("ring", message="the clicks cannot be read."))
    seen = {"whole": True, "part": False}.get(form.get("seen_ring", ""))
    name, found = record_ring(
        desk.folder,
        desk.catalogue,
        photograph,
        [(point[0], point[1]) for point in points],
        trait=form.get("trait", "igniter_bolt_ring"),
        person=session_of(request).person,
        whole_ring_seen=seen,
        item=form.get("item", ""),
    )
    return done(request, form, "", observation=name, bolts=len(found.angles_deg))


def _asked(request: Request) -> tuple[Desk, Shown, Photograph]:
    desk = desk_of(request)
    shown = desk.photograph(request.path_params["id"])
    found = desk.register(shown, desk.back) if shown is not None else None
    if shown is None or not isinstance(found, Photograph):
        raise InputError(Fault("", message="there is no such photograph, or it cannot be read."))
    return desk, shown, found


def _box(form: Form) -> Box:
    try:
        x, y, width, height = (round(float(form.get(name, ""))) for name in ("x", "y", "width", "height"))
        return Box(x=max(0, x), y=max(0, y), width=width, height=height)
    except (ValueError, OverflowError):
        raise InputError(Fault("", 0, "region", "the region is empty.", "Draw it anew.")) from None


@posting
def read(request: Request, form: Form) -> Response:
    """Start reading, or stop it."""
    desk = desk_of(request)
    if form.get("what") == "stop":
        desk.job.stop()
    else:
        desk.job.start()
    return done(request, form, "")


def progress(request: Request) -> Response:
    """How far the reading is, and how much waits."""
    desk = desk_of(request)
    state = desk.job.progress.as_json()
    if not state["running"]:
        docket, _ = desk.docket()
        state["waiting"] = len(docket.waiting) if docket is not None else 0
        state["not_read"] = len(docket.not_read) if docket is not None else 0
    return JSONResponse(state)


ROUTES = [
    Route("/photographs", photographs, methods=["GET"]),
    Route("/photographs/{id:str}", photograph, methods=["GET"]),
    Route("/photographs/{id:str}/readings", readings, methods=["GET"]),
    Route("/photographs/{id:str}/region", region, methods=["POST"]),
    Route("/photographs/{id:str}/ring", ring, methods=["POST"]),
    Route("/decide", decided, methods=["POST"]),
    Route("/read", read, methods=["POST"]),
    Route("/progress", progress, methods=["GET"]),
]
