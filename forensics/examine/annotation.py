"""A copy of the photograph with what was seen drawn on it. The original is never written to."""

from __future__ import annotations

import functools
import io
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from forensics.examine.imaging.frame import clip, point_to_upright, to_upright, upright_size
from forensics.examine.imaging.pixels import load
from forensics.model.evidence import Observation, Stroke
from forensics.model.values import Category, Chord, Measured, NotExaminable, Ring, Text, YearMark

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.ImageFont import FreeTypeFont

__all__ = ["annotate", "label_font", "picture_for_report"]

FONT_NAMES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansKR-Regular.otf",
    "NanumGothic.ttf",
    "AppleSDGothicNeo.ttc",
    "malgun.ttf",
    "UnDotum.ttf",
    "baekmuk.ttf",
    "DejaVuSans.ttf",
    "Arial.ttf",
)
"""Asked for by file name in the system's font folders; the Korean ones hold Cyrillic and Latin too."""

MARK_COLOUR = (255, 190, 0)
UNREAD_COLOUR = (120, 170, 255)
INK = (0, 0, 0)
STROKE_COLOURS = {
    "seen": (70, 230, 90),
    "missing": (235, 70, 225),
    "edge": (0, 215, 255),
    "scale": (255, 235, 60),
    "refused": (255, 110, 80),
}
"""By what a stroke shows; see ``forensics.model.evidence.Stroke``."""


def annotate(
    pixels: npt.NDArray[np.uint8], observations: Iterable[Observation], orientation: int = 1
) -> npt.NDArray[np.uint8]:
    """The upright picture with a numbered frame for each observation and a legend below.

    Parameters
    ----------
    pixels : (height, width, 3) uint8
        RGB, upright; not changed.
    observations : iterable of Observation
        Those with a box are framed; all are listed. Their boxes are in the stored frame.
    orientation : int
        EXIF orientation that leads from the stored frame to ``pixels``.

    Returns
    -------
    (height + legend, width, 3) uint8
        RGB. Without a font that holds a label's script, frames carry their numbers and the legend writes the
        characters as code points, so that nothing is drawn wrong.
    """
    canvas = np.array(pixels)
    side = max(canvas.shape[:2])
    # Turning back and forth swaps the sides in the same cases.
    stored = upright_size(orientation, canvas.shape[1], canvas.shape[0])
    thickness = max(2, side // 500)
    entries: list[tuple[str, tuple[int, int, int]]] = []
    for number, one in enumerate(observations, 1):
        colour = UNREAD_COLOUR if isinstance(one.value, NotExaminable) else MARK_COLOUR
        entries.append((f"{number}  {one.trait}: {_shown(one)}", colour))
        for stroke in one.provenance.drawing:
            _drawn(canvas, stroke, orientation, stored, thickness)
        box = one.provenance.box
        if box is None or (part := clip(box, *stored)) is None:
            continue
        place = to_upright(part, orientation, *stored)
        corner = (place.x + place.width, place.y + place.height)
        cv2.rectangle(canvas, (place.x, place.y), corner, INK, thickness + 2)
        cv2.rectangle(canvas, (place.x, place.y), corner, colour, thickness)
        _tag(canvas, f"{number} {_best(one)}".strip(), (place.x, place.y), max(14, side // 55), colour)
    return np.concatenate([canvas, _legend(entries, canvas.shape[1], max(14, side // 60))], axis=0)


def _best(one: Observation) -> str:
    """The best reading of a mark and how sure it is, to be written at its place; nothing for anything else."""
    if isinstance(one.value, Text | YearMark):
        first = one.value.readings[0]
        return f"{first.text} {first.confidence:.0%}{' listed' if first.listed else ''}"
    return "unread" if isinstance(one.value, NotExaminable) and one.trait == "marking_text" else ""


def _tag(
    canvas: npt.NDArray[np.uint8], text: str, corner: tuple[int, int], size_px: int, colour: tuple[int, int, int]
) -> None:
    """A label above a corner, moved into the picture where it would leave it."""
    font = label_font(size_px)
    words = _code_points(text) if font is None else "".join(_drawable(font, character) for character in text)
    face = font if font is not None else ImageFont.load_default(size_px)
    left, top, right, bottom = (round(value) for value in face.getbbox(words))
    patch = Image.new("RGB", (right - left + 8, bottom - top + 8), colour)
    ImageDraw.Draw(patch).text((4 - left, 4 - top), words, fill=INK, font=face)
    drawn = np.asarray(patch)[: canvas.shape[0], : canvas.shape[1]]
    x = max(0, min(corner[0], canvas.shape[1] - drawn.shape[1]))
    y = corner[1] - drawn.shape[0] if corner[1] >= drawn.shape[0] else corner[1]
    y = max(0, min(y, canvas.shape[0] - drawn.shape[0]))
    canvas[y : y + drawn.shape[0], x : x + drawn.shape[1]] = drawn


def _drawn(
    canvas: npt.NDArray[np.uint8], stroke: Stroke, orientation: int, stored: tuple[int, int], thickness: int
) -> None:
    """One line or spot with its label, in place; dark under light, so that it is seen on any ground."""
    side = max(canvas.shape[:2])
    # Far outside is no place for OpenCV's 32-bit fixed-point coordinates.
    spots = np.clip([point_to_upright(point, orientation, *stored) for point in stroke.points], -side, 3 * side)
    colour = STROKE_COLOURS[stroke.role]
    for ink, wide in ((INK, thickness + 2), (colour, thickness)):
        if len(spots) == 1:
            middle = (round(float(spots[0, 0])), round(float(spots[0, 1])))
            cv2.circle(canvas, middle, max(5, side // 120), ink, wide)
        else:
            line = np.round(spots * 8).astype(np.int32)
            cv2.polylines(canvas, [line], stroke.closed, ink, wide, cv2.LINE_AA, shift=3)
    if stroke.label:
        _labelled(canvas, stroke.label, (float(spots[0, 0]), float(spots[0, 1])), colour)


def _labelled(
    canvas: npt.NDArray[np.uint8], text: str, place: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    """Words on a dark strip beside a point, moved so that they lie inside the picture."""
    height, width = canvas.shape[:2]
    size = max(12, max(height, width) // 70)
    font = label_font(size) or ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    wide, high = int(right - left) + 8, int(bottom - top) + 8
    x = int(np.clip(place[0] + size * 0.6, 0, max(0, width - wide)))
    y = int(np.clip(place[1] - high - size * 0.4, 0, max(0, height - high)))
    strip = Image.new("RGB", (wide, high), INK)
    ImageDraw.Draw(strip).text((4 - left, 4 - top), text, fill=colour, font=font)
    part = canvas[y : y + high, x : x + wide]
    part[:] = np.asarray(strip)[: part.shape[0], : part.shape[1]]


def picture_for_report(path: Path, observations: Iterable[Observation], *, long_side_px: int = 1600) -> bytes:
    """The annotated copy as JPEG, scaled down to ``long_side_px`` at most. The same input gives the same bytes.

    Raises
    ------
    PhotographError
        The photograph cannot be read.
    """
    pixels = load(path)
    picture = Image.fromarray(annotate(pixels.rgb, observations, pixels.orientation))
    picture.thumbnail((long_side_px, long_side_px))
    written = io.BytesIO()
    picture.save(written, format="JPEG", quality=88)
    return written.getvalue()


@functools.cache
def label_font(size_px: int) -> FreeTypeFont | None:
    """The first font of ``FONT_NAMES`` that the system has, or None. Pillow searches the system's font folders."""
    for name in FONT_NAMES:
        try:
            return ImageFont.truetype(name, size_px)
        except OSError:
            continue
    return None


def _shown(one: Observation) -> str:
    value = one.value
    if isinstance(value, Text | YearMark):
        return " / ".join(f"{reading.text} ({reading.confidence:.2f})" for reading in value.readings)
    if isinstance(value, Category):
        return ", ".join(f"{name} {weight:g}" for name, weight in value.weights.items())
    if isinstance(value, NotExaminable):
        return f"not examinable: {value.reason}"
    if isinstance(value, Measured) and value.value is not None:
        plus_minus = "" if value.uncertainty is None else f" ± {value.uncertainty:g}"
        return f"{value.value:g}{plus_minus} {value.unit}" + (f" ({one.note})" if one.note else "")
    if isinstance(value, Chord):
        sagitta = f"sagitta {value.sagitta_mm:g} ± {value.sagitta_uncertainty_mm:g} mm"
        return f"chord {value.chord_mm:g} ± {value.chord_uncertainty_mm:g} mm, {sagitta}"
    words = value.model_dump_json(exclude={"kind"}, exclude_defaults=True)
    if isinstance(value, Ring) and value.angles_deg:
        sure = "" if one.confidence is None else f"; a ring with confidence {one.confidence:.2f}"
        words = f"{one.note or len(value.angles_deg)}{sure}; angles ± {value.sigma_deg:g} degrees"
    return words


def _legend(entries: list[tuple[str, tuple[int, int, int]]], width_px: int, size_px: int) -> npt.NDArray[np.uint8]:
    """Lines of text on a dark strip as wide as the picture; long ones go on in the next line."""
    if not entries:
        return np.zeros((0, width_px, 3), dtype=np.uint8)
    # About half the height wide is a Latin character; four lines say enough.
    letters = max(20, int(width_px / (0.52 * size_px)))
    entries = [
        (line, colour)
        for text, colour in entries
        for line in textwrap.wrap(text, letters, subsequent_indent="    ", max_lines=4, placeholder=" …") or [""]
    ]
    line_px = round(size_px * 1.5)
    strip = Image.new("RGB", (width_px, line_px * len(entries) + size_px), (24, 24, 24))
    draw = ImageDraw.Draw(strip)
    font = label_font(size_px)
    for row, (text, colour) in enumerate(entries):
        place = (size_px // 2, size_px // 2 + row * line_px)
        if font is None:
            draw.text(place, _code_points(text), fill=colour, font=ImageFont.load_default(size_px))
        else:
            draw.text(place, "".join(_drawable(font, character) for character in text), fill=colour, font=font)
    return np.array(strip)


def _drawable(font: FreeTypeFont, character: str) -> str:
    """The character, or its code point when the font has only its "missing" box for it."""
    if character.isascii() or bytes(font.getmask(character)) != bytes(font.getmask("\U0010fffe")):
        return character
    return _code_points(character)


def _code_points(text: str) -> str:
    return "".join(one if one.isascii() else f"<U+{ord(one):04X}>" for one in text)
