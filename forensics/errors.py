"""What can go wrong, and the exit code each kind of fault owns.

::

    ForensicsError                 1   a fault of ours
    ├── InputError                 2   the input is wrong; carries every fault found in one run
    │   ├── SheetError             2   a trait sheet
    │   ├── PhotographError        2   a photograph
    │   ├── CaseError              2   a case folder
    │   └── CatalogueError         2   the signature catalogue
    └── MissingProgramError        3   something needed is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

__all__ = [
    "CaseError",
    "CatalogueError",
    "ExitCode",
    "Fault",
    "ForensicsError",
    "InputError",
    "MissingProgramError",
    "PhotographError",
    "SheetError",
]


class ExitCode(IntEnum):
    """What a command tells the shell. Published in the README; others script against it."""

    NAMED = 0
    INTERNAL = 1
    INPUT = 2
    MISSING = 3
    TIE = 10
    NONE_FITS = 11
    INSUFFICIENT = 12


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with an input: where it is, what it is, what to do about it.

    ``row`` counts as a person counts in a spreadsheet or an editor: the first line is 1.
    """

    file: str
    row: int = 0
    column: str = ""
    message: str = ""
    advice: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f":{self.row}"
        if self.column:
            place += f" [{self.column}]"
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} {self.advice}" if self.advice else text


class ForensicsError(Exception):
    """Base of every error this package raises on purpose."""

    exit_code: ExitCode = ExitCode.INTERNAL


class InputError(ForensicsError):
    """The input is wrong. ``faults`` holds every fault found, not only the first."""

    exit_code = ExitCode.INPUT

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SheetError(InputError):
    """A trait sheet cannot be used as it is."""


class PhotographError(InputError):
    """A photograph cannot be read."""


class CaseError(InputError):
    """A case folder is missing something, is not writable, or was altered."""


class CatalogueError(InputError):
    """The signature catalogue has faults."""


class MissingProgramError(ForensicsError):
    """An external program or package is not installed.

    The message names the program, what needs it, how to install it, and what works without it.
    """

    exit_code = ExitCode.MISSING
