"""Rings of fasteners: a count, a stated pattern, or the angles seen and the arc in which they could be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from forensics.intake.cells import CellError
from forensics.intake.numbers import as_float, number, number_text, whole_number
from forensics.intake.words import Lexicon, plain_text
from forensics.model.catalogue import Trait
from forensics.model.values import Count, Ring

__all__ = ["parse_ring"]

_ADVICE = (
    "Write 20, 20 even, 18 in 6 groups, 20 even over 0-160, or angles 0 18 36 with window 0-120 "
    "(and sigma 2, face outer)."
)
DESCRIBED_SIGMA_DEG = 2.0
"""Standard uncertainty of bolts placed from a description; twice that of bolts that were measured."""

_FULL = ((0.0, 360.0),)
_N = r"-?\d+(?:[.,]\d+)?"


@dataclass
class _Clauses:
    """What stands in the cell besides the bolts themselves."""

    windows: tuple[tuple[float, float], ...] = ()
    numbers: dict[str, float] = field(default_factory=dict)
    face: str = "unknown"
    rest: str = ""


def parse_ring(text: str, trait: Trait, lexicon: Lexicon) -> tuple[Ring | Count, tuple[str, ...]]:
    """Read a ring; degrees are counter-clockwise as the viewer sees it.

    ``20``: so many counted. ``20 even``, ``20 uneven``, ``18 in 6 groups``: counted, with the spacing described in
    words. ``20 even over 0-160``: a whole ring of 20 of which the arc from 0 to 160 degrees was seen, which places the
    bolts in the arc; ``18 in 6 groups; pitch 8`` places them too. ``angles 0 18 36; window 0-60; sigma 2; face outer;
    ratio 0.8``: what was measured. ``at least 12``: a count that is a lower bound.

    Returns
    -------
    The ring, and notes for the reader about what was assumed.
    """
    plain = plain_text(text)
    at_least, bound = lexicon.take_at_ends("at_least", plain)
    if at_least:
        _, bound = lexicon.take("bolts", bound)
        return Count(count=whole_number(bound), at_least=True), ()
    clauses = _clauses(plain, lexicon)
    rest = clauses.rest
    common: dict[str, object] = {"face": clauses.face}
    if "sigma" in clauses.numbers:
        common["sigma_deg"] = clauses.numbers["sigma"]
    if "ratio" in clauses.numbers:
        common["circle_to_casing"] = clauses.numbers["ratio"]
    angles = _angles(rest, lexicon)
    if angles is not None:
        ring = _measured(angles, clauses, common)
        notes: tuple[str, ...] = ()
    else:
        ring, notes = _stated(rest, clauses, common, lexicon)
    number_of_bolts = ring.counted if ring.counted is not None else len(ring.angles_deg)
    if trait.plausible is not None and number_of_bolts > trait.plausible[1]:
        high = number_text(trait.plausible[1])
        raise CellError(f"{number_of_bolts} is more than the plausible {high} of {trait.id}.", "Check the count.")
    return ring, notes


def _clauses(plain: str, lexicon: Lexicon) -> _Clauses:
    found = _Clauses()
    windows: list[tuple[float, float]] = []

    def window(match: re.Match[str]) -> str:
        start, end = (_degrees(part) for part in (match["a"], match["b"]))
        end = end + 360 if end <= start else end
        if end - start > 360:
            raise CellError(f"the window {match['a']}-{match['b']} is more than a full circle.", _ADVICE)
        windows.append((start, end))
        return " ; "

    degree = r"\s*(?:°|deg(?:rees)?)?\s*"
    pair = rf"(?P<a>{_N}){degree}(?:-|\.\.+|to){degree}(?P<b>{_N}){degree}"
    words = lexicon.syntax("window").pattern
    rest, times = re.subn(rf"(?:{words})\s*[=:]?\s*{pair}", window, plain)
    while times:  # window 0-60, 90-120: further arcs follow directly
        rest, times = re.subn(rf"(?<=;)\s*(?:,|&|\+|and)\s*{pair}", window, rest, count=1)
    for name in ("sigma", "ratio", "pitch", "count"):
        words = lexicon.syntax(name).pattern
        clause = re.search(rf"(?:{words})\s*[=:]?\s*(?P<n>\d+(?:[.,]\d+)?)\s*(?:°|deg)?", rest)
        if clause:
            value = as_float(number(clause["n"]))
            if value <= 0:
                raise CellError(f"{name} must be larger than 0.", _ADVICE)
            found.numbers[name] = value
            rest = rest[: clause.start()] + " ; " + rest[clause.end() :]
    sides = []
    for side in ("outer", "inner"):
        seen, rest = lexicon.take(side, rest)
        sides += [side] if seen else []
    if len(sides) > 1:
        raise CellError("the face is said to be outer and inner.", "Say which face was seen.")
    found.face = sides[0] if sides else "unknown"
    _, rest = lexicon.take("face", rest)
    found.windows = tuple(sorted(windows))
    found.rest = re.sub(r"[\s;]*;[\s;]*", " ; ", rest).strip(" ;,")
    return found


def _degrees(text: str) -> float:
    value = as_float(number(text))
    if not 0 <= value <= 720:
        raise CellError(f"{text} is no angle between 0 and 360 degrees.", _ADVICE)
    return value


def _angles(rest: str, lexicon: Lexicon) -> list[float] | None:
    """The angles listed, None when the cell holds a count or a pattern instead."""
    named = re.match(rf"(?:{lexicon.syntax('angles').pattern})\s*[=:]?\s*", rest)
    body = (rest[named.end() :] if named else rest).replace("°", " ").strip(" ;,")
    if ";" in body:
        parts = body.split(";")
    elif " " in body:
        parts = [part.strip(",") for part in body.split()]
    else:
        parts = body.split(",")
    if named is None and (len(parts) < 2 or not all(re.fullmatch(_N, part.strip()) for part in parts)):
        return None
    if len(parts) == 1 and re.fullmatch(r"\d+,\d+,.*", body):
        parts = body.split(",")
    angles = [_degrees(part.strip()) for part in parts if part.strip()]
    if not angles:
        raise CellError("no angle is listed.", _ADVICE)
    turned = sorted(angle % 360 for angle in angles)
    if any(second - first < 1e-9 for first, second in pairwise(turned)):
        raise CellError("the same angle is listed twice.", "List each bolt once.")
    return turned


def _measured(angles: list[float], clauses: _Clauses, common: dict[str, object]) -> Ring:
    windows = clauses.windows
    if not windows:
        gaps = sorted(
            ((second - first) % 360 or 360.0) for first, second in zip(angles, angles[1:] + angles[:1], strict=True)
        )
        # One gap that is far wider than any other is an arc nobody saw, unless the examiner says otherwise.
        if len(angles) < 3 or gaps[-1] > 1.8 * gaps[-2]:
            message = "the bolts leave a wide gap and no window says whether that part could be seen."
            raise CellError(message, "Add the arc that was visible, like window 0-120 (window 0-360 for all of it).")
        windows = _FULL
    outside = [angle for angle in angles if not any(_inside(angle, window) for window in windows)]
    if outside:
        listed = ", ".join(number_text(angle) for angle in outside)
        raise CellError(f"the bolts at {listed} degrees lie outside the window.", "Correct the angles or the window.")
    counted = int(clauses.numbers["count"]) if "count" in clauses.numbers else None
    return Ring.model_validate({**common, "angles_deg": tuple(angles), "windows_deg": windows, "counted": counted})


def _inside(angle: float, window: tuple[float, float]) -> bool:
    start, end = window
    return start <= angle <= end or start <= angle + 360 <= end


def _stated(rest: str, clauses: _Clauses, common: dict[str, object], lexicon: Lexicon) -> tuple[Ring, tuple[str, ...]]:
    """A count, or a count whose spacing was described in words."""
    _, rest = lexicon.take("bolts", rest)
    rest = re.sub(r"[\s,]*;[\s,;]*", " ", rest)
    if not rest and "count" in clauses.numbers:
        rest = number_text(clauses.numbers["count"])
    uneven, rest = lexicon.take("uneven", rest)
    even, rest = lexicon.take("even", rest)
    rest = rest.strip(" ,")
    groups = _groups(rest, lexicon)
    grouped, rest = lexicon.take_at_ends("grouped", rest) if groups is None else (False, rest)
    if groups is None and not re.fullmatch(r"\d+(?:\.0)?", rest):
        raise CellError(f"{rest!r} does not describe a ring." if rest else "the cell describes no ring.", _ADVICE)
    count = groups[0] if groups else whole_number(rest)
    if not 1 <= count <= 400:
        raise CellError(f"a ring cannot have {count} bolts here (1 to 400).", "Check the count.")
    spacing = "uneven" if uneven else "even" if even else "grouped" if grouped else ""
    spacing = f"in {groups[1]} groups" if groups else spacing
    pitch = clauses.numbers.get("pitch")
    if pitch is not None and groups is None:
        raise CellError("a pitch is only needed for groups.", _ADVICE)
    stated: dict[str, object] = {**common, "counted": count, "stated": f"{count} {spacing}" if spacing else None}
    if _is_partial(clauses.windows) or pitch is not None:
        return _seen_in_part(count, groups, even, clauses, stated)
    return Ring.model_validate(stated), ()


def _groups(rest: str, lexicon: Lexicon) -> tuple[int, int] | None:
    """``18 in 6 groups``, ``18 bolts in 6 groups of 3``, ``6 groups of 3``: bolts and groups."""
    inside, groups, of_each = (lexicon.syntax(word).pattern for word in ("in", "groups", "of"))
    each = re.fullmatch(rf"(\d+)\s*(?:{groups})\s*(?:{of_each})\s*(\d+)", rest)
    if each:
        return int(each[1]) * int(each[2]), int(each[1])
    # Something has to stand between the two numbers, or 63 groups would be 6 bolts in 3 groups.
    between = rf"(?:\s*(?:{inside})\s*|\s*[,:]\s*|\s+)"
    found = re.fullmatch(rf"(\d+){between}(\d+)\s*(?:{groups})\s*(?:(?:{of_each})?\s*(\d+))?", rest)
    if found is None:
        return None
    count, number_of_groups = int(found[1]), int(found[2])
    size = int(found[3]) if found[3] else None
    if not number_of_groups or count % number_of_groups or size not in (None, count // number_of_groups):
        raise CellError(f"{count} bolts do not divide into these groups ({rest!r}).", "Check the numbers.")
    return count, number_of_groups


def _is_partial(windows: tuple[tuple[float, float], ...]) -> bool:
    return bool(windows) and sum(end - start for start, end in windows) < 360


def _seen_in_part(
    count: int, groups: tuple[int, int] | None, even: bool, clauses: _Clauses, stated: dict[str, object]
) -> tuple[Ring, tuple[str, ...]]:
    """A pattern stated for the whole ring of which only an arc was seen: the bolts that pattern has in the arc.

    A bare number says nothing there: it could be the bolts in the arc or those of the whole ring.
    """
    windows = clauses.windows or _FULL
    pitch = clauses.numbers.get("pitch")
    if even:
        turned = _turned(windows[0][0] + 180 / count + 360 / count * place for place in range(count))
    elif groups is not None and pitch is not None:
        size = count // groups[1]
        if pitch * (size - 1) >= 360 / groups[1]:
            raise CellError(
                f"groups of {size} with a pitch of {number_text(pitch)} degrees overlap.", "Check the pitch."
            )
        turned = _turned(
            360 / groups[1] * group + pitch * (place - (size - 1) / 2)
            for group in range(groups[1])
            for place in range(size)
        )
    else:
        message = "only part of the ring was seen, so a number alone does not say how the bolts stand."
        raise CellError(message, "List the angles seen, or write 20 even over 0-160 when the whole ring is known.")
    angles = tuple(angle for angle in turned if any(_inside(angle, window) for window in windows))
    found = {"sigma_deg": DESCRIBED_SIGMA_DEG, **stated, "angles_deg": angles, "windows_deg": windows}
    note = f"read as a full ring of {count} of which {len(angles)} lie in the arc that was seen"
    return Ring.model_validate(found), (note,)


def _turned(angles: Iterable[float]) -> list[float]:
    return sorted(round(angle % 360, 6) for angle in angles)
