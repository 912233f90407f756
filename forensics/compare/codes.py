"""What a mark could say: every plausible parse of years, date codes, triplets and indexes, none of them chosen.

These are words beside a reading for the person who checks it. The weight of a mark is computed elsewhere, from the
formats and calendars of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from forensics.compare.alphabet import fold
from forensics.compare.calendars import year_readings
from forensics.compare.grammar import GrammarSyntaxError, compile_pattern, probability
from forensics.model.catalogue import Grammar

__all__ = ["meanings"]

FIRST_YEAR, LAST_YEAR = 1930, 2045
_CALENDAR = re.compile(r"주체|JUCHE|ЧУЧХЕ|民國|民国|MINGUO|พ\.?ศ|SHAMSI|ه\.?ش|년|ГОД|YEAR", re.IGNORECASE)
MOST = 8


def meanings(text: str, grammars: Mapping[str, Grammar]) -> tuple[str, ...]:
    """In words, everything that a mark could say; empty where it follows nothing known.

    Parameters
    ----------
    text : str
        As it stands on the item.
    grammars : mapping of str to Grammar
        The catalogue's formats.
    """
    bare = re.sub(r"\s+", "", text)
    dated = bare.isdigit() or _CALENDAR.search(text) is not None
    found = [one.label for one in year_readings(text, FIRST_YEAR, LAST_YEAR)] if dated else []
    found += _date_codes(bare)
    found += _triplets(bare)
    found += [grammar.meaning.rstrip(".") for _, grammar in sorted(grammars.items()) if follows(text, grammar)]
    return tuple(dict.fromkeys(found))[:MOST]


def follows(text: str, grammar: Grammar) -> bool:
    """Whether a reading follows a format to the letter, look-alikes folded, separators left out or not."""
    try:
        slots = compile_pattern(grammar.pattern)
    except GrammarSyntaxError:
        return False
    folded = fold(text)
    return bool(folded) and probability(slots, folded, (1.0,) * len(folded), 0.0, 0.0) > 0.0


def _date_codes(bare: str) -> list[str]:
    """Year and week of electronic components, four digits; both orders where both are possible."""
    found = re.fullmatch(r"(\d\d)(\d\d)", bare)
    if found is None:
        return []
    out = []
    for year, week, order in ((found[1], found[2], "year and week"), (found[2], found[1], "week and year")):
        if 1 <= int(week) <= 53 and 1970 <= (full := _full_year(year)) <= LAST_YEAR:
            out.append(f"date code, {order}: week {int(week)} of {full}")
    return out


def _triplets(bare: str) -> list[str]:
    """Three groups of digits: lot, year and plant stand in every order."""
    found = re.fullmatch(r"(\d{1,4})[-/.](\d{1,3})[-/.](\d{1,4})", bare)
    if found is None:
        return []
    one, two, three = found.groups()
    out = []
    if len(two) == 2:
        out.append(f"lot {one}, year {_full_year(two)}, plant {three}")
        out.append(f"plant {one}, year {_full_year(two)}, lot {three}")
    if len(three) == 2:
        out.append(f"plant {one}, lot {two}, year {_full_year(three)}")
        out.append(f"lot {one}, plant {two}, year {_full_year(three)}")
    if len(one) == 2 and len(three) <= 3:
        out.append(f"year {_full_year(one)}, then {two} and {three}")
    if len(three) in (2, 4) and 1 <= int(one) <= 31 and 1 <= int(two) <= 12:
        year = int(three) if len(three) == 4 else _full_year(three)
        if FIRST_YEAR <= year <= LAST_YEAR:
            out.append(f"day {int(one)}, month {int(two)}, year {year}")
    return out


def _full_year(two_digits: str) -> int:
    """The year of two digits in a window that ends in 2039."""
    number = int(two_digits)
    return 2000 + number if number < 40 else 1900 + number
