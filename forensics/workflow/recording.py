"""What a person records through a form: a row of the case's own sheet, a ring of clicked bolts, a region to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.casefile import CaseFolder
from forensics.errors import CaseError, Fault, InputError
from forensics.model.catalogue import Catalogue
from forensics.model.evidence import Box, Method, Observation, Photograph, Provenance
from forensics.model.values import Ring

__all__ = ["ONE_ITEM", "record_ring", "record_row", "region_to_read", "stored_box", "upright_box", "upright_size_of"]

ONE_ITEM = "1"
"""The exhibit number of a case whose items nobody has numbered."""
WORKBENCH = "workbench"


def record_row(
    folder: CaseFolder,
    catalogue: Catalogue,
    cells: Mapping[str, str],
    *,
    person: str,
    box: Box | None = None,
) -> str:
    """Append one observation to ``sheets/workbench.csv``; returns its id.

    Rows are never changed: a correction or a withdrawal is a decision about the row (``decisions.jsonl``). The same
    thing recorded twice by one person is one row, accepted again.

    Parameters
    ----------
    cells
        By column id, as they would be typed into a sheet.
    box
        Where on the photograph, in its stored frame.

    Raises
    ------
    InputError
        Naming the column, what is wrong and what to write; nothing was recorded then.
    """
    from forensics.intake import header_line, read_form, row_line  # noqa: PLC0415

    if not person.strip():
        raise CaseError(Fault("", 0, "examiner", "a record needs the name of a person."))
    trait = catalogue.vocabulary.traits.get(cells.get("trait", ""))
    if trait is None:
        raise InputError(Fault("", 0, "trait", f"there is no trait {cells.get('trait', '')!r}."))
    value, confidence, notes = read_form(
        {name: text for name, text in cells.items() if name not in ("item", "trait", "examiner", "method", "photo")},
        trait,
        catalogue.vocabulary,
    )
    observation = Observation(
        id=WORKBENCH,
        item=_item(folder, cells.get("item", ""), cells.get("photo", "")),
        trait=trait.id,
        value=value,
        provenance=Provenance(
            examiner=person.strip(),
            method=_method(cells.get("method", ""), cells.get("photo", "")),
            photograph=cells.get("photo") or None,
            box=box,
        ),
        confidence=confidence,
        note="; ".join(filter(None, (" ".join(cells.get("note", "").split()), *notes))),
    )
    return _append(folder, catalogue, observation, person, header_line(), row_line(observation, catalogue.vocabulary))


def _append(
    folder: CaseFolder, catalogue: Catalogue, observation: Observation, person: str, header: str, row: str
) -> str:
    known = _already(folder, catalogue, observation)
    folder.begin_record(person)
    if known is not None:
        folder.decide(known, "accept", person=person, settles=False, comment="recorded again")
        return known
    return f"{WORKBENCH}:{folder.append_rows([row], header=header, person=person)}"


def _already(folder: CaseFolder, catalogue: Catalogue, observation: Observation) -> str | None:
    """The row that says the same by the same person: a sheet may not say it twice."""
    from forensics.intake import read_sheet  # noqa: PLC0415

    path = folder.path / "sheets" / f"{WORKBENCH}.csv"
    if not path.is_file():
        return None
    for one in read_sheet(path, catalogue.vocabulary):
        same = (one.item, one.trait, one.value, one.provenance.examiner) == (
            observation.item,
            observation.trait,
            observation.value,
            observation.provenance.examiner,
        )
        if same:
            return one.id
    return None


def _item(folder: CaseFolder, item: str, photograph: str) -> str:
    """The item named, else that of the photograph, else the only one."""
    if item.strip():
        return item.strip()
    shown = next((entry.item for entry in folder.case.photographs if entry.file == photograph and entry.item), "")
    if shown:
        return shown
    items = folder.case.items
    if len(items) > 1:
        known = ", ".join(one.id for one in items)
        raise InputError(Fault("", 0, "item", "no item is named.", f"Items are: {known}."))
    return items[0].id if items else ONE_ITEM


def _method(method: str, photograph: str) -> Method:
    if not method:
        return Method.PHOTOGRAPH if photograph else Method.PHYSICAL
    try:
        return Method(method)
    except ValueError:
        raise InputError(Fault("", 0, "method", f"{method!r} is no method.")) from None


def record_ring(
    folder: CaseFolder,
    catalogue: Catalogue,
    photograph: Photograph,
    points_px: Sequence[tuple[float, float]],
    *,
    trait: str,
    person: str,
    whole_ring_seen: bool | None = None,
    item: str = "",
) -> tuple[str, Ring]:
    """Record the ring that clicked bolts give as the person's own observation, and the clicks for the examiners.

    ``points_px`` in the upright picture. Returns the id of the row and the ring.

    Raises
    ------
    InputError
        When the clicks are no ring, or the trait is none of a ring.
    """
    import json  # noqa: PLC0415

    from forensics.examine.imaging.frame import point_to_stored  # noqa: PLC0415
    from forensics.examine.rings.clicked import ring_of_clicks  # noqa: PLC0415
    from forensics.intake import header_line, row_line  # noqa: PLC0415

    if trait not in catalogue.vocabulary.traits or catalogue.vocabulary.traits[trait].kind != "ring":
        raise InputError(Fault("", 0, "trait", f"{trait!r} is no ring of fasteners."))
    ring = ring_of_clicks(points_px, whole_ring_seen=whole_ring_seen)
    size = (photograph.width_px, photograph.height_px)
    stored = [point_to_stored(point, photograph.orientation, *size) for point in points_px]
    for x, y in stored:
        if not (0 <= x <= size[0] and 0 <= y <= size[1]):
            raise InputError(Fault("ring", message="a bolt was clicked outside the photograph."))
    left, top = (int(min(point[axis] for point in stored)) for axis in (0, 1))
    width, height = (max(1, int(max(p[a] for p in stored) + 1) - low) for a, low in ((0, left), (1, top)))
    observation = Observation(
        id=WORKBENCH,
        item=_item(folder, item, photograph.path),
        trait=trait,
        value=ring,
        provenance=Provenance(
            examiner=person.strip(),
            method=Method.PHOTOGRAPH,
            photograph=photograph.path,
            box=Box(x=left, y=top, width=width, height=height),
        ),
        note=f"{len(stored)} bolts clicked at {json.dumps([[round(x), round(y)] for x, y in stored])}",
    )
    if not person.strip():
        raise CaseError(Fault("", 0, "examiner", "a record needs the name of a person."))
    row = row_line(observation, catalogue.vocabulary)
    name = _append(folder, catalogue, observation, person, header_line(), row)
    return name, ring


def region_to_read(folder: CaseFolder, photograph: Photograph, box: Box, *, person: str) -> Box:
    """Keep a region that a person drew (upright) for the examiners; returns it in the stored frame.

    Raises
    ------
    InputError
        When it lies outside the photograph.
    """
    stored = stored_box(photograph, box)
    folder.begin_record(person)
    folder.point(photograph.path, person=person, box=stored)
    return stored


def stored_box(photograph: Photograph, box: Box) -> Box:
    """A box of the upright picture in the stored frame, cut to the picture.

    Raises
    ------
    InputError
        When nothing of it lies on the photograph.
    """
    from forensics.examine.imaging.frame import clip, to_stored  # noqa: PLC0415

    part = clip(box, *upright_size_of(photograph))
    if part is None:
        raise InputError(Fault(photograph.path, message="the region lies outside the photograph."))
    return to_stored(part, photograph.orientation, photograph.width_px, photograph.height_px)


def upright_box(photograph: Photograph, box: Box) -> Box | None:
    """A stored box as it lies in the upright picture; None when nothing of it does."""
    from forensics.examine.imaging.frame import clip, to_upright  # noqa: PLC0415

    part = clip(box, photograph.width_px, photograph.height_px)
    if part is None:
        return None
    return to_upright(part, photograph.orientation, photograph.width_px, photograph.height_px)


def upright_size_of(photograph: Photograph) -> tuple[int, int]:
    """Width and height as a person sees the photograph."""
    from forensics.examine.imaging.frame import upright_size  # noqa: PLC0415

    return upright_size(photograph.orientation, photograph.width_px, photograph.height_px)
