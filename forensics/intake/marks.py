"""Marks copied from an item: text as it stands, and bare numbers that may be years."""

from __future__ import annotations

import re
import unicodedata

from forensics.intake.cells import CellError
from forensics.intake.numbers import fraction, number_text
from forensics.intake.words import Lexicon, plain_text
from forensics.model.values import Reading, Text, YearMark

__all__ = ["clean_text", "parse_text", "parse_year_mark", "written_reading"]

# Overrides and isolates of the direction of writing: they make a cell show something else than it holds.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_CONFIDENCE = re.compile(
    r"(?P<text>.+?)\s*:\s*(?P<confidence>(?:0?[.,]\d+|[01][.,]\d*|\d{1,3}(?:[.,]\d+)?\s*%))\s*", re.S
)
_DATE_CELL = re.compile(r"\d{4}-\d\d-\d\d 00:00:00")


def clean_text(text: str, column: str) -> str:
    """The text of a cell, composed (NFC), without invisible characters; hidden direction changes are refused."""
    if _DIRECTION.search(text):
        raise CellError(
            "the text holds characters that change the direction of writing.", "Type it again by hand.", column
        )
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = re.sub(r"[\t\r\n\v\f\u0085\u2028\u2029]+", " ", text)
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co") for letter in text):
        raise CellError("the text holds control characters.", "Type it again by hand.", column)
    return text.strip()


def parse_text(text: str, lexicon: Lexicon) -> Text:
    """One mark. Competing readings are separated by ``|``, each with an optional ``:confidence``.

    A reading in double quotes is taken as it stands, whatever it holds. The confidence is written with a decimal
    mark or a percent sign (``:0.7``, ``:70%``), so that a colon in the mark itself stays part of it. A question mark
    or an "or" between readings is the examiner's, not the item's, and is refused unless quoted.
    """
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    if "?" in bare:
        advice = "Write how sure you are instead, like 9М723:0.5 | 9М728:0.3, or quote a mark that has one."
        raise CellError("the question mark would be taken for part of the mark.", advice)
    if re.search(rf"\s(?:{lexicon.syntax('or').pattern})\s", bare, re.IGNORECASE):
        advice = "Write | between readings, or quote a mark that holds the word."
        raise CellError("two readings stand in one.", advice)
    return Text(readings=_readings(text))


def parse_year_mark(text: str, lexicon: Lexicon) -> tuple[YearMark, tuple[str, ...]]:
    """A bare number as it stands: ``112``, with ``marks 12`` distinct numbers examined and ``repeats 3``."""
    rest = text
    counts: dict[str, int] = {}
    for name in ("marks", "repeats"):
        words = lexicon.syntax(name).pattern
        found = re.search(rf"[;,]?\s*(?:{words})\s*[=:]?\s*(?P<n>\d+)\s*", rest, re.IGNORECASE)
        if found:
            counts[name] = int(found["n"])
            if counts[name] < 1:
                raise CellError(f"{name} must be at least 1.", "Write 112; marks 12; repeats 3.")
            rest = rest[: found.start()] + rest[found.end() :]
    readings = _readings(rest.strip(" ;,"))
    for reading in readings:
        if not re.fullmatch(r"\d{1,6}", reading.text):
            advice = "Write the digits as they stand, like 112; other marks go under marking_text."
            raise CellError(f"{reading.text!r} is not a bare number.", advice)
    mark = YearMark(
        readings=tuple(
            reading.model_copy(update={"text": "".join(str(unicodedata.digit(digit)) for digit in reading.text)})
            for reading in readings
        ),
        examined_marks=counts.get("marks"),
        repeats=counts.get("repeats", 1),
    )
    notes = () if "marks" in counts else ("how many other bare numbers were looked at is not recorded",)
    return mark, notes


def _readings(text: str) -> tuple[Reading, ...]:
    if _DATE_CELL.fullmatch(text):
        advice = "Format the cell as text and type the mark again."
        raise CellError(f"the spreadsheet turned the mark into a date ({text}).", advice)
    readings = [_reading(part) for part in _split(text)]
    if len({reading.text for reading in readings}) < len(readings):
        raise CellError("one reading is given twice.", "Give each reading once.")
    # Best first, as the model wants it; readings of equal confidence keep the order they were written in.
    return tuple(sorted(readings, key=lambda reading: -reading.confidence))


def _split(text: str) -> list[str]:
    parts = re.findall(r'(?:\s*"(?:[^"]|"")*"[^|]*|[^|]*)(?:\||$)', text)
    parts = [part.removesuffix("|").strip() for part in parts]
    if len(parts) > 1 and not parts[-1] and not text.rstrip().endswith("|"):
        parts.pop()
    if not all(parts):
        raise CellError(f"{text!r} has an empty reading.", "Write a reading on both sides of |.")
    return parts


def _reading(part: str) -> Reading:
    quoted = re.fullmatch(r'"((?:[^"]|"")*)"\s*(?::\s*(.+))?', part, re.S)
    if quoted:
        text = quoted[1].replace('""', '"')
        confidence = 1.0 if quoted[2] is None else fraction(plain_text(quoted[2]), "value")
    else:
        found = _CONFIDENCE.fullmatch(part)
        text = found["text"] if found else part
        confidence = fraction(plain_text(found["confidence"]), "value") if found else 1.0
    if not text.strip():
        raise CellError("a reading is empty.", "Write what stands on the item.")
    if len(text) > 200:
        raise CellError(f"the mark has {len(text)} characters; one mark has at most 200.", "Split it into marks.")
    return Reading(text=text, confidence=confidence)


def written_reading(reading: Reading) -> str:
    """A reading as a sheet writes it, quoted where it would be read as something else."""
    # Words stay bare only where none of them can be syntax: anything but digits and letters of one word is quoted.
    plain = re.fullmatch(r"\S(?:[^|\":;,=?]*\S)?", reading.text) is not None and not re.search(
        r"[|\":;,=?]|\s[^\W\d_]+\s", reading.text
    )
    text = reading.text if plain else '"' + reading.text.replace('"', '""') + '"'
    if reading.confidence == 1.0:
        return text
    confidence = number_text(reading.confidence)
    return f"{text}:{confidence if '.' in confidence else confidence + '.0'}"
