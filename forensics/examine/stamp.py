"""What a machine reading depends on besides the photograph: these examiners, and the programs they call."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from forensics.examine.tesseract import tesseract_status
from forensics.model.evidence import Observation
from forensics.model.values import NotExaminable

__all__ = ["is_lasting", "reader_stamp"]


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """Digest over the code and the data of this room: a changed examiner must not be answered by its forerunner."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(here).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _program(path: str | None) -> str:
    return repr(tesseract_status()) if path else "no Tesseract"


def reader_stamp() -> str:
    """A text that is the same as long as the same photograph would be read the same way on this machine."""
    return f"{_code_digest()}\n{_program(shutil.which('tesseract'))}"


def is_lasting(observations: Iterable[Observation]) -> bool:
    """Whether the same would be read another time: no examiner failed, none ran out of time.

    That a program is not installed lasts until it is, and the stamp changes then.
    """
    reasons = [one.value.reason for one in observations if isinstance(one.value, NotExaminable)]
    failed = ("The examiner ", "Markings could not be read", "Markings were read by the network alone")
    return not any(reason.startswith(failed) for reason in reasons) or shutil.which("tesseract") is None
