"""What a batch is made of: units, each one case, and what became of one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Kind", "Outcome", "Plan", "Unit", "folder_of"]

Kind = Literal["case", "files", "rows"]


@dataclass(frozen=True)
class Unit:
    """One case to assess. Small: it travels to the workers, which fetch what it names themselves.

    ``key`` tells it from every other unit of the batch and never changes between runs. ``kind``: ``case`` (a case
    folder at ``location``), ``files`` (one loose sheet or photograph at ``location``), ``rows`` (rows of the table at
    ``location``: ``headings`` of a trait sheet and numbered ``rows`` of cells).
    """

    key: str
    kind: Kind
    location: str
    case_id: str
    event_date: str | None = None
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Plan:
    """What every worker has to know: where results go, under which catalogue, with which options."""

    output: str
    catalogue_path: str | None
    catalogue_digest: str
    tool_version: str
    read_photographs: bool = True
    reviewed_only: bool = False
    full_catalogue: bool = False
    detail: bool = True
    compressed: bool = False
    into_cases: bool = False
    limit_s: float = 600.0


@dataclass(frozen=True)
class Outcome:
    """What became of one unit. ``state`` "done" has ``row`` and ``digest``, "failed" has ``reason``.

    ``ours``: whether the failure is a fault of the program rather than of the input. ``refused``: the worker would not
    begin (another catalogue or version), so nothing is recorded. ``peak_mb``: largest memory of its process so far.
    """

    key: str
    state: Literal["done", "failed"]
    seconds: float
    document: str = ""
    digest: str = ""
    reason: str = ""
    ours: bool = False
    refused: bool = False
    peak_mb: float = 0.0
    row: dict[str, object] = field(default_factory=dict)


def folder_of(key: str) -> str:
    """Where the results of a unit go, below the output: ``cases/3f/<readable name>``.

    256 folders keep any one of them short, and spread the names of an object store. A key that is no plain file name
    gets its digest behind it, so that two keys never share a folder and none leads out of it.
    """
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
    plain = re.sub(r"[^\w.\-]+", "_", key).strip("._")[:60]
    name = plain if plain and plain == key else f"{plain}-{digest[:12]}".lstrip("-")
    return f"cases/{digest[:2]}/{name}"
