"""The language a report is written in.

English sentences stand in the code; ``languages/<code>.yaml`` holds them in another language, keyed by the English
form (the way of gettext: a reader of the code sees the sentence, an editor sees a table of two columns). Slots are
``{named}``. A sentence that a table lacks is printed in English; a test requires that none is.

The language is set for the length of one call (``speaking``), so that every function that prints a number or a sentence
follows without being handed it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

from forensics.errors import Fault, InputError
from forensics.yamltext import YamlList, YamlMap, YamlText, parse

__all__ = ["LANGUAGES", "Language", "Table", "as_language", "counted", "current", "say", "speaking", "table"]

Language = Literal["en", "uk"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
"""What a report can be written in; the first is the language of the sentences in the code."""

_current: ContextVar[Language] = ContextVar("language of the report", default="en")


@dataclass(frozen=True)
class Table:
    """Sentences by their English form, plural forms by the English singular, and phrases that other rooms compose.

    ``phrases``: (English with ``{slots}``, translation with the same slots), in the order in which they are tried.
    ``states``: where something was made and whose it is, by the name of the state in the language.
    """

    sentences: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    phrases: tuple[tuple[str, str], ...]
    states: Mapping[str, tuple[str, ...]]


def as_language(name: str) -> Language:
    """The language with this code.

    Raises
    ------
    InputError
        For any other code.
    """
    for known in LANGUAGES:
        if name == known:
            return known
    known_codes = ", ".join(LANGUAGES)
    raise InputError(Fault("", message=f"there is no report language {name!r}.", advice=f"Choose: {known_codes}."))


def current() -> Language:
    """The language being written."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Write in a language until the end of the block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def say(english: str, /, **slots: object) -> str:
    """The sentence in the current language, its slots filled."""
    language = _current.get()
    text = english if language == "en" else table(language).sentences.get(english, english)
    return text.format_map(slots) if slots else text


def counted(number: int, one: str, many: str, /, **slots: object) -> str:
    """The sentence in the plural form that goes with a number, which fills the slot ``{n}``."""
    language = _current.get()
    forms = (one, many) if language == "en" else table(language).plurals.get(one, (one, many))
    return forms[_form(language, number, len(forms))].format_map({"n": number, **slots})


def _form(language: Language, number: int, forms: int) -> int:
    """Which plural form: CLDR's one and other in English; one, few and many in Ukrainian."""
    if language == "en" or forms < 3:
        return 0 if number == 1 else 1
    tens, units = number % 100, number % 10
    if units == 1 and tens != 11:
        return 0
    return 1 if 2 <= units <= 4 and not 12 <= tens <= 14 else 2


@functools.cache
def table(language: Language) -> Table:
    """The sentences of a language other than English, from its file."""
    name = f"{language}.yaml"
    data = files("forensics.report").joinpath("languages", name).read_bytes()
    root, faults = parse(data, f"forensics/report/languages/{name}")
    if faults or not isinstance(root, YamlMap):
        raise InputError(faults or [Fault(name, message="is not a table of sentences.")])
    sentences = {key: node.text for key, node in _entries(root, "sentences").items() if isinstance(node, YamlText)}
    phrases = {key: node.text for key, node in _entries(root, "phrases").items() if isinstance(node, YamlText)}
    return Table(sentences, _forms(root, "plurals"), tuple(phrases.items()), _forms(root, "states"))


def _forms(root: YamlMap, section: str) -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(form.text for form in node if isinstance(form, YamlText))
        for key, node in _entries(root, section).items()
        if isinstance(node, YamlList)
    }


def _entries(root: YamlMap, section: str) -> dict[str, object]:
    node = root.get(section)
    return dict(node.entries) if isinstance(node, YamlMap) else {}
