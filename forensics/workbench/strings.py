"""What the pages say in each language. English is the key; what has no translation is shown in English."""

from __future__ import annotations

from forensics.workbench.strings_uk import UKRAINIAN

__all__ = ["LANGUAGES", "translated"]

LANGUAGES = {"en": "English", "uk": "Українська"}
_TABLES: dict[str, dict[str, str]] = {"uk": UKRAINIAN}


def translated(text: str, language: str) -> str:
    """The text in a language."""
    return _TABLES.get(language, {}).get(text, text)
