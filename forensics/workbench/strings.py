"""What the pages say in each language. English is the key; what has no translation is shown in English."""

from __future__ import annotations

import functools
import json
from importlib.resources import files

__all__ = ["LANGUAGES", "translated"]

LANGUAGES = {"en": "English", "uk": "Українська"}


@functools.cache
def _table(language: str) -> dict[str, str]:
    if language == "en" or language not in LANGUAGES:
        return {}
    text = files("forensics.workbench").joinpath(f"strings_{language}.json").read_text(encoding="utf-8")
    table: dict[str, str] = json.loads(text)
    return table


def translated(text: str, language: str) -> str:
    """The text in a language."""
    return _table(language).get(text, text)
