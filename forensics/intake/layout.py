"""A sheet ready to be written in any format."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.intake.words import Lexicon
from forensics.model.catalogue import Trait

__all__ = ["Layout"]


@dataclass(frozen=True)
class Layout:
    """A sheet ready to be written in any format.

    ``headings`` by column id; ``rows`` by column id; ``traits`` the trait of each row; ``hints`` what to do in each row
    (empty for a sheet of observations); ``words`` the closed lists offered in a column.
    """

    lexicon: Lexicon
    headings: dict[str, str]
    rows: tuple[dict[str, str], ...]
    traits: tuple[Trait, ...]
    hints: tuple[str, ...]
    hint_heading: str
    words: dict[str, tuple[str, ...]]
