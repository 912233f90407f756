"""What every page can reach: how it is served, who is in, which case is open."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from forensics.workbench.desk import Desk
from forensics.workbench.guard import Limits
from forensics.workbench.sessions import Sessions

__all__ = ["Settings", "Workbench"]


@dataclass(frozen=True)
class Settings:
    """How the pages are served."""

    hosts: tuple[str, ...]
    person: str = ""
    catalogue: Path | None = None
    cases: Path | None = None
    limits: Limits = field(default_factory=Limits)
    secure: bool = False
    announce: Callable[[str], None] | None = None


class Workbench:
    """What every page can reach: sessions, settings, and the case that is open (None before one is chosen)."""

    def __init__(self, settings: Settings, sessions: Sessions, folder: Path | None = None) -> None:
        self.settings = settings
        self.sessions = sessions
        self.desk: Desk | None = None
        if folder is not None:
            self.open(folder)

    def open(self, folder: Path) -> Desk:
        """Open a case in place of the one that is open."""
        desk = Desk(folder, self.settings.catalogue, person=self.settings.person)
        if self.desk is not None:
            self.desk.close()
        self.desk = desk
        _log_into(desk.hidden)
        return desk

    def close(self) -> None:
        """End what runs beside the pages."""
        if self.desk is not None:
            self.desk.close()


def _log_into(folder: Path) -> None:
    """Refusals also go to a file beside the case, so that they can be read later."""
    log = logging.getLogger("forensics.workbench")
    for handler in [one for one in log.handlers if isinstance(one, logging.FileHandler)]:
        log.removeHandler(handler)
        handler.close()
    try:
        handler = logging.FileHandler(folder / "refusals.log", encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
