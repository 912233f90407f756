"""Dates on parts, with the precision that stands there: a year, a month, a day, a week code."""

from __future__ import annotations

import re
from datetime import date

from forensics.intake.cells import CellError
from forensics.intake.numbers import as_float, number, number_text
from forensics.intake.words import Lexicon, plain_text
from forensics.model.catalogue import Trait
from forensics.model.values import DateValue

__all__ = ["parse_date"]

_ADVICE = "Write 2023, 2023-05, 2023-05-19, 19.05.2023, week 12 2023 or juche 112."
# On a date code four digits up to the recent years are a year (what the sheet asks for), beyond the plausible ones a
# YYWW code; in between they could be either. Fixed, not today's date: equal sheets are read equally.
_RECENT_YEAR = 2026
_PLAUSIBLE_YEAR = 2035
_MONTHS = {
    name: index
    for index, names in enumerate(
        (
            "january jan січень січня 1월",
            "february feb лютий лютого 2월",
            "march mar березень березня 3월",
            "april apr квітень квітня 4월",
            "may травень травня 5월",
            "june jun червень червня 6월",
            "july jul липень липня 7월",
            "august aug серпень серпня 8월",
            "september sep sept вересень вересня 9월",
            "october oct жовтень жовтня 10월",
            "november nov листопад листопада 11월",
            "december dec грудень грудня 12월",
        ),
        start=1,
    )
    for name in names.split()
}


def parse_date(text: str, trait: Trait, lexicon: Lexicon) -> tuple[DateValue, tuple[str, ...]]:
    """A date as a decimal Gregorian year at the middle of what was written, with half its width as precision.

    Traits whose id begins with ``date_code`` also take YYWW (``2312``: week 12 of 2023). Four digits that are a
    plausible year are read as the year, and the note says so.

    Returns
    -------
    The date, and notes for the reader about what was assumed.
    """
    plain = plain_text(text).strip(" .,;")
    plain = re.sub(r"(\d{4})\s*년\s*(\d{1,2})\s*월(?:\s*(\d{1,2})\s*일)?", _korean, plain)
    value, notes = _read(plain, trait, lexicon)
    low, high = trait.plausible or (1900, 2100)
    if not low <= int(value.year) <= high:
        expected = f"{number_text(low)} to {number_text(high)}"
        message = f"{int(value.year)} is outside the plausible range of {trait.id} ({expected})."
        raise CellError(message, "Check the year.")
    return value, notes


def _korean(found: re.Match[str]) -> str:
    return "-".join(part.zfill(2) for part in found.groups() if part)


def _read(plain: str, trait: Trait, lexicon: Lexicon) -> tuple[DateValue, tuple[str, ...]]:
    named = _named(plain, lexicon)
    if named is not None:
        return named, ()
    span = re.fullmatch(r"(\d{4})\s*(?:-|\.\.+|to)\s*(\d{4})", plain)
    if span and int(span[1]) < int(span[2]):
        first, last = int(span[1]), int(span[2])
        return DateValue(year=(first + last + 1) / 2, precision_years=(last + 1 - first) / 2), ()
    decimal = re.fullmatch(r"(\d{4}(?:[.,]\d+)?)\s*±\s*([\d.,]+)", plain)
    if decimal:
        return _decimal(decimal[1], decimal[2]), ()
    if re.fullmatch(r"\d{4}", plain):
        return _four_digits(plain, trait)
    return _calendar(plain), ()


def _named(plain: str, lexicon: Lexicon) -> DateValue | None:
    """Dates that say what they are: a Juche year, a year, a week."""
    week, year = lexicon.syntax("week").pattern, lexicon.syntax("year").pattern
    found = re.fullmatch(rf"(?:{lexicon.syntax('juche').pattern})\s*(\d{{1,3}})\s*년?", plain)
    if found:
        return _year(1911 + int(found[1]))
    found = re.fullmatch(rf"(?:{year})\s*(\d{{4}})|(\d{{4}})\s*(?:{year})", plain)
    if found:
        return _year(int(found[1] or found[2]))
    for pattern in (
        rf"(?:{week})\s*(?P<w>\d{{1,2}})\s*[,/ ]\s*(?P<y>\d{{4}})",
        rf"(?P<w>\d{{1,2}})\s*(?:{week})\s*(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})\s*-?\s*(?:{week})\s*(?P<w>\d{{1,2}})",
    ):
        found = re.fullmatch(pattern, plain)
        if found:
            return _week(int(found["y"]), int(found["w"]))
    return None


def _decimal(year: str, precision: str) -> DateValue:
    middle, half = as_float(number(year)), as_float(number(precision))
    if half <= 0 or not 1900 <= middle <= 2100:
        raise CellError(f"{year} ± {precision} is not a date.", _ADVICE)
    return DateValue(year=middle, precision_years=half)


def _four_digits(plain: str, trait: Trait) -> tuple[DateValue, tuple[str, ...]]:
    year = int(plain)
    code_year, code_week = int(plain[:2]), int(plain[2:])
    if not trait.id.startswith("date_code"):
        return _year(year), ()
    low, high = trait.plausible or (1950, _PLAUSIBLE_YEAR)
    is_code = 1 <= code_week <= 53 and low <= 2000 + code_year <= high
    if low <= year <= high:
        other = f"week {code_week} 20{code_year:02d}"
        if is_code and year > _RECENT_YEAR:
            raise CellError(
                f"{plain!r} could be a year or the YYWW code of {other}.", f"Write 'year {plain}' or '{other}'."
            )
        return _year(year), (f"read as the year {year}; write '{other}' for the YYWW code",) if is_code else ()
    if 1 <= code_week <= 53:
        century = 1900 if code_year >= 70 else 2000
        return _week(century + code_year, code_week), (f"read as YYWW: week {code_week} of {century + code_year}",)
    raise CellError(f"{plain!r} is neither a year nor a YYWW code.", _ADVICE)


def _calendar(plain: str) -> DateValue:
    # A spreadsheet hands over a month typed as 2023-05 as the first day of it: keep it as wide as a month.
    cell = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ t]\d\d:\d\d(:\d\d)?(\.\d+)?", plain)
    if cell:
        plain = cell[1].removesuffix("-01")
    named = re.fullmatch(r"(?:(\d{1,2})\.?\s+)?([^\W\d_]+|\d{1,2}월)\.?,?\s+(\d{4})", plain)
    if named and named[2] in _MONTHS:
        return _month_or_day(int(named[3]), _MONTHS[named[2]], int(named[1]) if named[1] else None)
    for pattern, names in (
        # Without a day, a dot needs a month of two digits: 2023.1 may be October cut short by a spreadsheet.
        (r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?)", ""),
        (r"(?P<y>\d{4})[./](?P<m>\d{2})", ""),
        (r"(?P<y>\d{4})[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})", ""),
        (r"(?:(?P<d>\d{1,2})[.])?(?P<m>\d{1,2})[./](?P<y>\d{4})", ""),
        (r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})", ""),
        (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", "slash"),
    ):
        found = re.fullmatch(pattern, plain)
        if found is None:
            continue
        parts = found.groupdict()
        day, month = int(parts["d"]) if parts.get("d") else None, int(parts["m"])
        if names == "slash" and day is not None:
            if day <= 12 and month <= 12 and day != month:
                message = f"{plain!r} could be day/month or month/day."
                raise CellError(
                    message, f"Write {found['y']}-{month:02d}-{day:02d} or {found['y']}-{day:02d}-{month:02d}."
                )
            day, month = (month, day) if month > 12 else (day, month)
        return _month_or_day(int(found["y"]), month, day)
    raise CellError(f"{plain!r} is not a date.", _ADVICE)


def _checked(year: int) -> int:
    if not 1900 <= year <= 2099:
        raise CellError(f"the year {year} is not between 1900 and 2099.", "Check the year.")
    return year


def _year(year: int) -> DateValue:
    return DateValue(year=_checked(year) + 0.5, precision_years=0.5)


def _month_or_day(year: int, month: int, day: int | None) -> DateValue:
    _checked(year)
    if not 1 <= month <= 12:
        raise CellError(f"there is no month {month}.", _ADVICE)
    if day is None:
        return DateValue(year=round(year + (month - 0.5) / 12, 6), precision_years=round(1 / 24, 6))
    try:
        when = date(year, month, day)
    except ValueError:
        raise CellError(f"there is no day {day} in month {month} of {year}.", _ADVICE) from None
    return _around(when, 0.5)


def _week(year: int, week: int) -> DateValue:
    try:
        thursday = date.fromisocalendar(_checked(year), week, 4)
    except ValueError:
        raise CellError(f"there is no week {week} in {year}.", _ADVICE) from None
    return _around(thursday, 3.5)


def _around(when: date, half_days: float) -> DateValue:
    days = (date(when.year + 1, 1, 1) - date(when.year, 1, 1)).days
    passed = (when - date(when.year, 1, 1)).days + 0.5
    return DateValue(year=round(when.year + passed / days, 6), precision_years=round(half_days / days, 6))
