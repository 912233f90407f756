"""Traits: what a person saw, measured or looked for and did not find, through a form made from the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forensics.catalogue import locate
from forensics.errors import Fault, InputError
from forensics.model.catalogue import Trait, TraitKind, Vocabulary
from forensics.workbench.pages.answers import Form, desk_of, done, not_found, page, posting, session_of
from forensics.workflow.recording import record_row
from forensics.workflow.reviewing import Entry

__all__ = ["ROUTES"]

UNITS = {"mm": ("mm", "cm", "m", "in", "ft"), "kg": ("kg", "lb"), "deg": ("deg",)}


@dataclass(frozen=True)
class Group:
    """Traits of one block."""

    id: str
    title: str
    traits: tuple[Trait, ...]


def _groups(vocabulary: Vocabulary) -> tuple[Group, ...]:
    found: dict[str, list[Trait]] = {}
    for trait in vocabulary.traits.values():
        if trait.kind is not TraitKind.SCORE:
            found.setdefault(trait.block, []).append(trait)
    return tuple(
        Group(block, vocabulary.blocks[block].title if block in vocabulary.blocks else block, tuple(traits))
        for block, traits in found.items()
    )


def _by_trait(desk_entries: tuple[Entry, ...]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in desk_entries:
        found.setdefault(entry.observation.trait, []).append(entry)
    return found


def traits(request: Request) -> Response:
    """Every trait, and what is recorded of it."""
    desk = desk_of(request)
    docket, fault = desk.docket()
    return page(
        request,
        "traits",
        groups=_groups(desk.catalogue.vocabulary),
        recorded=_by_trait(docket.entries) if docket is not None else {},
        fault=fault,
        pictures=_pictures(desk.catalogue_path),
    )


def trait(request: Request) -> Response:
    """One trait: how to record it, its values in pictures, what is recorded, the form."""
    desk = desk_of(request)
    vocabulary = desk.catalogue.vocabulary
    found = vocabulary.traits.get(request.path_params["id"])
    if found is None:
        return not_found(request)
    docket, fault = desk.docket()
    photographs = desk.photographs()
    suited = [one for one in photographs if one.entry.part in (found.parts or (found.part,))]
    return page(
        request,
        "trait",
        trait=found,
        entries=_by_trait(docket.entries).get(found.id, []) if docket is not None else [],
        fault=fault,
        units=UNITS.get(found.unit or "", (found.unit,) if found.unit else ()),
        photographs=[*suited, *(one for one in photographs if one not in suited)],
        case=desk.folder.case,
        pictures=_pictures(desk.catalogue_path),
        parts=vocabulary.parts,
    )


@posting
def record(request: Request, form: Form) -> Response:
    """One row of the case's own sheet."""
    desk = desk_of(request)
    vocabulary = desk.catalogue.vocabulary
    found = vocabulary.traits.get(request.path_params["id"])
    if found is None:
        raise InputError(Fault("", message="there is no such trait."))
    state = form.get("state", "observed")
    if state not in ("observed", "absent", "not_examinable"):
        raise InputError(Fault("", 0, "state", f"{state!r} is no state."))
    cells = {
        "trait": found.id,
        "item": form.get("item", ""),
        "state": state,
        "method": form.get("method", ""),
        "confidence": form.get("confidence", ""),
        "note": form.get("note", ""),
        "photo": _photo(request, form),
    }
    if state == "observed":
        cells["value"] = _value(form, found)
        cells |= {name: form.get(name, "") for name in ("unit", "uncertainty") if found.kind is TraitKind.MEASURED}
    if state == "absent" or (state == "observed" and found.kind is TraitKind.COUNT):
        given = form.get("coverage_absent", "") if state == "absent" else ""
        cells["coverage"] = _fraction(given or form.get("coverage", ""))
    name = record_row(desk.folder, desk.catalogue, cells, person=session_of(request).person)
    return done(request, form, f"{name}", observation=name)


def _photo(request: Request, form: Form) -> str:
    shown = desk_of(request).photograph(form.get("photograph", ""))
    return shown.entry.file if shown is not None else ""


def _fraction(text: str) -> str:
    """Percent as people write it."""
    text = text.strip().rstrip("%").strip().replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number / 100:g}" if number > 1 else f"{number:g}"


def _value(form: Form, trait: Trait) -> str:
    """The cell that the parts of the form make."""
    value = form.get("value", "").strip()
    if trait.kind is TraitKind.CATEGORY:
        return " | ".join(filter(None, form.get("value[]", value).split("\n")))
    if trait.kind is TraitKind.PRESENCE:
        return "present"
    if trait.kind is TraitKind.COUNT and form.get("at_least") == "1":
        return f">={value}"
    if trait.kind is TraitKind.MEASURED and form.get("deformed") == "1":
        return f"{value} deformed"
    if trait.kind in (TraitKind.TEXT, TraitKind.YEAR_MARK):
        return _readings(form, trait)
    return value


def _readings(form: Form, trait: Trait) -> str:
    """Several readings of one mark, each with how sure the person is of it."""
    parts: list[str] = []
    for number in range(1, 5):
        text = form.get(f"reading_{number}", "").strip()
        if not text:
            continue
        quoted = '"' + text.replace('"', '""') + '"' if trait.kind is TraitKind.TEXT else text
        sure = _fraction(form.get(f"sure_{number}", ""))
        parts.append(f"{quoted}:{sure if '.' in sure else sure + '.0'}" if sure and sure != "1" else quoted)
    value = " | ".join(parts)
    if trait.kind is TraitKind.YEAR_MARK and value:
        for name in ("marks", "repeats"):
            if form.get(name, "").strip():
                value += f"; {name} {form[name].strip()}"
    return value


def _pictures(catalogue_path: Path | None) -> frozenset[str]:
    """Values there is a drawing of, as ``trait.value``."""
    folder = locate(catalogue_path)[0] / "vocabulary" / "pictures"
    return frozenset(path.stem for path in folder.glob("*.svg")) if folder.is_dir() else frozenset()


def drawing(request: Request) -> Response:
    """A drawing of a value: one of the catalogue's files, shown as a picture, so that nothing in it can run."""
    desk = desk_of(request)
    folder = locate(desk.catalogue_path)[0] / "vocabulary" / "pictures"
    name = request.path_params["name"]
    if name not in _pictures(desk.catalogue_path):
        return Response("not found", 404)
    return Response(
        (folder / f"{name}.svg").read_bytes(),
        media_type="image/svg+xml",
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "Cache-Control": "private, max-age=86400",
        },
    )


ROUTES = [
    Route("/traits", traits, methods=["GET"]),
    Route("/traits/{id:str}", trait, methods=["GET"]),
    Route("/traits/{id:str}", record, methods=["POST"]),
    Route("/values/{name:str}.svg", drawing, methods=["GET"]),
]
