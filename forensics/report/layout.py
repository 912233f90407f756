"""Lines of text in terminal cells: widths, wrapping, columns, bars. Pure functions over strings.

A Hangul syllable or a Han character takes two cells, a combining mark none; everything is measured in cells, so that
columns stay straight in every script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Column", "Paint", "cells", "diverging", "fit", "interval_bar", "pad", "table", "wrap"]

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_WORD = re.compile(r"[^ \t\r\n]+")  # a no-break space holds a number together
_PLAIN = re.compile(
    r"[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u203e\u2500-\u25cf]*"
)


def cells(text: str) -> int:
    """How many terminal cells a line takes; colour codes take none."""
    text = _ANSI.sub("", text)
    if _PLAIN.fullmatch(text):
        return len(text)
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"} or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def fit(text: str, width: int) -> str:
    """The text cut to a width, an ellipsis showing that it was."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for char in text:
        size = _width(char)
        if used + size > width - 1:
            break
        kept.append(char)
        used += size
    return "".join(kept).rstrip() + "…"


def pad(text: str, width: int, align: str = "<") -> str:
    """The text filled to a width with spaces; ``align`` is ``<`` or ``>``. Longer text is left as it is."""
    space = " " * max(0, width - cells(text))
    return space + text if align == ">" else text + space


def wrap(text: str, width: int, indent: str = "", hang: str | None = None) -> list[str]:
    """Lines no wider than ``width`` cells, the first after ``indent``, the others after ``hang``.

    Words that are longer than a line, and scripts written without spaces, are broken inside.
    """
    hang = indent if hang is None else hang
    lines: list[str] = []
    current, lead = "", indent
    for word in _WORD.findall(text):
        room = width - cells(lead)
        candidate = f"{current} {word}" if current else word
        if cells(candidate) <= room:
            current = candidate
            continue
        if current:
            lines.append(lead + current)
            lead = hang
            room = width - cells(lead)
        rest = word
        while cells(rest) > room:
            head = _head(rest, room)
            lines.append(lead + head)
            rest = rest[len(head) :]
            lead = hang
            room = width - cells(lead)
        current = rest
    if current or not lines:
        lines.append(lead + current)
    return [line.rstrip() for line in lines]


def _head(word: str, room: int) -> str:
    used = 0
    for index, char in enumerate(word):
        used += _width(char)
        if used > max(1, room):
            return word[: max(1, index)]
    return word


@dataclass(frozen=True)
class Column:
    """One column of a table: title, width in cells, alignment; ``wraps`` breaks long text instead of cutting it."""

    title: str
    width: int
    align: str = "<"
    wraps: bool = False


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], *, indent: str = "  ", gap: str = "  "
) -> list[str]:
    """A table without rules: a header line (none if no column has a title), then a line or several for each row."""
    lines = []
    if any(column.title for column in columns):
        lines.append(indent + gap.join(pad(fit(c.title, c.width), c.width, c.align) for c in columns))
    for row in rows:
        parts = [
            wrap(cell, column.width) if column.wraps else [fit(cell, column.width)]
            for column, cell in zip(columns, row, strict=True)
        ]
        for number in range(max(len(part) for part in parts)):
            line = gap.join(
                pad(part[number] if number < len(part) else "", column.width, column.align)
                for column, part in zip(columns, parts, strict=True)
            )
            lines.append(indent + line)
    return [line.rstrip() for line in lines]


def interval_bar(
    value: float, interval: tuple[float, float] | None, axis: tuple[float, float], width: int, zero: str = "┊"
) -> str:
    """A point with its interval on an axis (lowest, highest; log10), ``width`` cells; zero is marked."""
    low, high = axis
    if high <= low or width < 2:
        return ""

    def at(x: float) -> int:
        return round((min(max(x, low), high) - low) / (high - low) * (width - 1))

    line = [" "] * width
    if low <= 0 <= high:
        line[at(0.0)] = zero
    if interval is not None:
        for index in range(at(interval[0]), at(interval[1]) + 1):
            line[index] = "─"
    line[at(value)] = "●"
    return "".join(line)


def diverging(value: float, scale: float, half: int) -> str:
    """A bar from the middle: to the right for a positive value, to the left for a negative one.

    ``2 * half + 1`` cells wide; ``scale`` is the value that fills one half.
    """
    size = min(half, round(abs(value) / scale * half)) if scale > 0 else 0
    if size == 0 and abs(value) >= 0.005:
        size = 1
    if value < 0:
        return " " * (half - size) + "▒" * size + "┊" + " " * half
    return " " * half + "┊" + "█" * size + " " * (half - size)


@dataclass(frozen=True)
class Paint:
    """Colour for a terminal that wants it; otherwise nothing."""

    on: bool = False

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text

    def bold(self, text: str) -> str:
        """Emphasis."""
        return self._wrap("1", text)

    def dim(self, text: str) -> str:
        """Secondary text."""
        return self._wrap("2", text)

    def supports(self, text: str) -> str:
        """Weight for."""
        return self._wrap("36", text)

    def against(self, text: str) -> str:
        """Weight against."""
        return self._wrap("33", text)
