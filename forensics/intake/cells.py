"""Why one cell is not accepted, before it is known which file and row it stands in."""

from __future__ import annotations

__all__ = ["CellError"]


class CellError(ValueError):
    """A cell that cannot be read: what is wrong, what to write instead, and in which column when not ``value``."""

    def __init__(self, message: str, advice: str = "", column: str = "value") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.column = column
