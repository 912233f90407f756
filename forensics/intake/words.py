"""The words a sheet may use: columns, traits, values and syntax, in every language the vocabulary lists.

Lookups ignore case, Unicode compatibility forms, the kind of apostrophe, and whether words are joined by spaces,
underscores or hyphens. A spelling that is only close is never accepted: it is named in the advice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property

from forensics.intake.cells import CellError
from forensics.model.catalogue import Names, Trait, Vocabulary

__all__ = ["COLUMNS", "IGNORED_COLUMNS", "Lexicon", "fold", "plain_text"]

COLUMNS = (
    "item",
    "trait",
    "value",
    "unit",
    "uncertainty",
    "state",
    "coverage",
    "confidence",
    "examiner",
    "method",
    "photo",
    "note",
    "source",
)
"""Columns of a trait sheet, in the order a template writes them."""

IGNORED_COLUMNS = ("how to record", "як записати", "기록 방법")
"""Columns a template adds for the reader; what stands in them is not read back."""

# Words of the value syntax itself. The vocabulary may add to every group; it cannot take away.
_SYNTAX: dict[str, tuple[str, ...]] = {
    "about": ("about", "approximately", "approx.", "approx", "around", "circa", "ca.", "ca", "~", "≈", "близько", "약"),
    "at_least": (">=", "≥", "at least", "not less than", "from", "щонайменше", "не менше", "від", "최소", "이상"),
    "more_than": (">", "more than", "over", "above", "більше", "понад", "초과"),
    "at_most": ("<=", "≤", "at most", "not more than", "up to", "щонайбільше", "не більше", "до", "최대", "이하"),
    "less_than": ("<", "less than", "under", "below", "менше", "미만"),
    "to": ("to", "до", "부터", "and", "та", "і"),
    "between": ("between", "між"),
    "diameter_sign": ("ø", "⌀"),
    "or": ("or", "або", "чи", "또는", "혹은"),
    "deformed": ("deformed", "деформовано", "деформований", "деформована", "변형", "변형됨"),
    "intact": ("intact", "undeformed", "недеформовано", "온전"),
    "chord": ("chord", "хорда", "현"),
    "sagitta": ("sagitta", "sagittal height", "стріла", "стрілка", "활높이", "시"),
    "even": ("even", "evenly", "evenly spaced", "equally spaced", "even spaced", "рівномірно", "균등", "등간격"),
    "uneven": ("uneven", "unevenly", "irregular", "unequal", "нерівномірно", "불규칙"),
    "groups": ("groups", "group", "груп", "групах", "групи", "그룹", "묶음"),
    "bolts": ("bolts", "bolt", "holes", "hole", "болтів", "болти", "болт", "отворів", "볼트", "개"),
    "of": ("of", "of each", "по", "each"),
    "in": ("in", "у", "в"),
    "grouped": ("grouped", "in groups", "групами", "згруповано", "묶음", "그룹"),
    "angles": ("angles", "angle", "кути", "각도"),
    "window": ("window", "windows", "over", "arc", "visible", "вікно", "дуга", "у межах", "видно", "범위", "구간"),
    "sigma": ("sigma", "σ", "сигма", "시그마"),
    "pitch": ("pitch", "крок", "피치"),
    "ratio": ("ratio", "circle to casing", "відношення", "비율"),
    "count": ("count", "counted", "кількість", "개수"),
    "face": ("face", "side", "бік", "сторона", "면"),
    "outer": ("outer", "outside", "зовнішній", "зовні", "바깥쪽", "외측"),
    "inner": ("inner", "inside", "внутрішній", "зсередини", "안쪽", "내측"),
    "marks": ("marks", "marks examined", "examined marks", "examined", "позначок", "позначки", "표기"),
    "repeats": ("repeats", "repeated", "times", "повторів", "повторюється", "разів", "반복"),
    "week": ("week", "wk", "w", "тиждень", "тижд.", "주"),
    "year": ("year", "рік", "년", "연도"),
    "juche": ("juche", "чучхе", "주체"),
}

# Where the vocabulary keeps further words for a piece of syntax: group and id in words.yaml.
_FURTHER: dict[str, tuple[tuple[str, str], ...]] = {
    "about": (("qualifier", "about"),),
    "at_least": (("qualifier", "at_least"),),
    "deformed": (("condition", "deformed"),),
    "intact": (("condition", "intact"),),
    "even": (("spacing", "even"),),
    "grouped": (("spacing", "grouped"),),
    "outer": (("face", "outer"),),
    "inner": (("face", "inner"),),
}

_DEFAULT_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "state": {
        "observed": ("observed", "seen", "спостережено", "관찰됨"),
        "absent": ("absent", "відсутнє", "없음"),
        "not_examinable": ("not examinable", "not_examinable", "неможливо оглянути", "조사 불가"),
    },
    "method": {
        "physical": ("physical",),
        "photograph": ("photograph",),
        "low_resolution": ("low resolution",),
        "third_party": ("third party",),
        "automatic": ("automatic",),
    },
    "unit": {
        "mm": ("mm", "мм"),
        "cm": ("cm", "см"),
        "m": ("m", "м"),
        "in": ("in", "inch", "inches", '"', "″"),
        "pieces": ("pcs", "pieces", "pc", "шт", "шт.", "개"),
    },
    "presence": {
        "present": ("present", "yes", "seen", "true", "observed", "✓", "✔", "☑", "так", "є", "있음"),
        "absent": ("absent", "no", "false", "ні", "немає", "없음"),
    },
}


def plain_text(text: str) -> str:
    """Compatibility forms resolved, one kind of dash, apostrophe and space; lower case. For syntax, never for marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[‐‑‒–—―−]", "-", text)
    text = re.sub(r"[ʼ’‘`´]", "'", text)
    text = re.sub(r"\+\s*/?\s*-", "±", text)
    return re.sub(r"\s+", " ", text).strip()


def fold(text: str) -> str:
    """The key under which a word is looked up."""
    return re.sub(r"[\s_\-]+", "_", plain_text(text)).strip("_")


def _bounded(name: str) -> str:
    """A pattern for a word of the syntax. Hangul is written without spaces, so only alphabets get word borders."""
    pattern = re.escape(plain_text(name)).replace(r"\ ", r"\s+")
    if any("가" <= letter <= "힣" for letter in name):
        return pattern
    before = r"(?<![^\W\d_])" if name[0].isalpha() else ""
    after = r"(?![^\W\d_])" if name[-1].isalpha() else ""
    return before + pattern + after


class Lexicon:
    """Every accepted word of one vocabulary, folded once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._syntax: dict[str, re.Pattern[str]] = {}
        self._values: dict[str, dict[str, set[str]]] = {}

    @cached_property
    def columns(self) -> dict[str, set[str]]:
        """Column ids by folded name."""
        known = {column: (column,) for column in COLUMNS}
        table = _index({column: Names(en=names) for column, names in known.items()})
        for key, ids in _index(self.vocabulary.columns).items():
            table.setdefault(key, set()).update(ids)
        return table

    @cached_property
    def traits(self) -> dict[str, set[str]]:
        """Trait ids by folded name."""
        return _index({trait.id: trait.names for trait in self.vocabulary.traits.values()})

    @cached_property
    def _words(self) -> dict[str, dict[str, set[str]]]:
        groups: dict[str, dict[str, set[str]]] = {}
        for group in {*_DEFAULT_WORDS, *self.vocabulary.words}:
            defaults = {word: Names(en=names) for word, names in _DEFAULT_WORDS.get(group, {}).items()}
            table = _index(defaults)
            for key, ids in _index(self.vocabulary.words.get(group, {})).items():
                table.setdefault(key, set()).update(ids)
            groups[group] = table
        return groups

    def trait(self, text: str) -> Trait:
        """The trait a cell names; ``CellError`` with the nearest spelling otherwise."""
        found = self._one(self.traits, text, "trait", "trait", "See 'forensics traits' for the list.")
        return self.vocabulary.traits[found]

    def trait_id(self, text: str) -> str | None:
        """The id of the trait a name means, None when it means none or several."""
        found = self.traits.get(fold(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def column(self, text: str) -> str | None:
        """The column a heading names, None when it names none."""
        found = self.columns.get(fold(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def column_advice(self, text: str) -> str:
        """What to do about a heading that names no column."""
        near = self._near(self.columns, text)
        start = f"Did you mean {' or '.join(repr(name) for name in near)}? " if near else ""
        return f"{start}Columns are: {', '.join(COLUMNS)}. A column whose heading begins with # is not read."

    def word(self, group: str, text: str) -> str | None:
        """The id of a word of a closed list, None when unknown."""
        found = self._words.get(group, {}).get(fold(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def required_word(self, group: str, text: str, column: str) -> str:
        """The id of a word of a closed list; ``CellError`` with the list otherwise."""
        table = self._words.get(group, {})
        ids = sorted({word for ids in table.values() for word in ids})
        return self._one(table, text, group, column, f"Use one of: {', '.join(ids)}.")

    def value(self, trait: Trait, text: str) -> str | None:
        """The value id a word names in the closed list of a trait, None when unknown or ambiguous."""
        found = self._value_table(trait).get(fold(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def required_value(self, trait: Trait, text: str) -> str:
        """The value id a word names in the closed list of a trait; ``CellError`` otherwise."""
        ids = [value.id for value in trait.values]
        shown = ", ".join(ids[:12]) + (", …" if len(ids) > 12 else "")
        return self._one(self._value_table(trait), text, f"value of {trait.id}", "value", f"Use one of: {shown}.")

    def _value_table(self, trait: Trait) -> dict[str, set[str]]:
        if trait.id not in self._values:
            self._values[trait.id] = _index({value.id: value.names for value in trait.values})
        return self._values[trait.id]

    def syntax(self, word: str) -> re.Pattern[str]:
        """A pattern (no groups) that finds a word of the value syntax in ``plain_text``, longest spelling first."""
        if word not in self._syntax:
            names = list(_SYNTAX[word])
            for group, word_id in _FURTHER.get(word, ()):
                further = self.vocabulary.words.get(group, {}).get(word_id)
                names.extend(further.all() if further else ())
            ordered = sorted(dict.fromkeys(names), key=lambda name: (-len(name), name))
            self._syntax[word] = re.compile("|".join(_bounded(name) for name in ordered))
        return self._syntax[word]

    def take(self, word: str, text: str) -> tuple[bool, str]:
        """Whether a word of the syntax occurs in ``text``, and the text without it.

        A semicolon stays in its place, so that the numbers on both sides never run together.
        """
        shorter, times = self.syntax(word).subn(" ; ", text)
        return times > 0, re.sub(r"\s+", " ", shorter).strip(" ;") if times else text

    def take_at_ends(self, word: str, text: str) -> tuple[bool, str]:
        """Like ``take``, for a word that qualifies what it precedes (or, in Korean, follows)."""
        pattern = self.syntax(word).pattern
        shorter, times = re.subn(rf"^\s*(?:{pattern})\s*|\s*(?:{pattern})\s*$", "", text)
        return times > 0, shorter

    def _near(self, table: Mapping[str, Iterable[str]], text: str) -> list[str]:
        close = get_close_matches(fold(text), list(table), n=3, cutoff=0.8)
        return sorted({word for key in close for word in table[key]})

    def _one(self, table: Mapping[str, set[str]], text: str, what: str, column: str, otherwise: str) -> str:
        found = table.get(fold(text), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            choices = " or ".join(sorted(found))
            raise CellError(f"{text!r} is the name of more than one {what}.", f"Write {choices}.", column)
        near = self._near(table, text)
        advice = f"Did you mean {' or '.join(near)}? {otherwise}" if near else otherwise
        raise CellError(f"{text!r} is not a known {what}.", advice, column)


def _index(names: Mapping[str, Names]) -> dict[str, set[str]]:
    """Ids by folded name. An id always means itself, even when another entry has a name that folds to it."""
    table: dict[str, set[str]] = {}
    for word_id, entry in names.items():
        for name in entry.all():
            table.setdefault(fold(name), set()).add(word_id)
    for word_id in names:
        table[fold(word_id)] = {word_id}
    return table
