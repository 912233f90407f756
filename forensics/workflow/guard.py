"""The process that decodes what strangers send, so that the one that assesses does not have to be the first.

``python -m forensics.workflow.guard``: started by ``guarding``, asked and answered in lines of JSON over its standard
streams. It registers one photograph at a time and decodes it to its end, with bounds on memory, on written files, on
open files and on processor time; it holds no secret, writes nothing and may be killed at any time.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from forensics.errors import InputError, MissingProgramError

__all__ = ["MEMORY_BYTES", "bound", "main"]

MEMORY_BYTES = 4_000_000_000
"""Address space of the guard: a picture of 200 megapixels at 16 bits a channel, and its copy, fit."""
OPEN_FILES = 64


def bound(memory_bytes: int = MEMORY_BYTES, written_bytes: int = 0) -> None:
    """Bound this process for good. Where the system has no such bounds (Windows) only the time limit is left.

    Parameters
    ----------
    memory_bytes
        Address space.
    written_bytes
        Largest file it may write.
    """
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415

        for kind, most in (
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_FSIZE, written_bytes),
            (resource.RLIMIT_NOFILE, OPEN_FILES),
            (resource.RLIMIT_CORE, 0),
        ):
            # A limit below ours stays as it is.
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


def _register(asked: dict[str, Any]) -> dict[str, Any]:
    from forensics.examine.imaging.pixels import load  # noqa: PLC0415
    from forensics.intake import register_photograph  # noqa: PLC0415

    path = Path(asked["path"])
    photograph = register_photograph(
        path,
        item=asked["item"],
        part=asked["part"],
        shown_as=asked["shown_as"],
        is_render=asked["is_render"],
        note=asked["note"],
    )
    if asked["whole"]:
        # The very decoding that follows outside: what survives it here survives it there, bytes being equal.
        load(path)
    return {"photograph": photograph.model_dump(mode="json")}


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return _register(asked)
    except InputError as error:
        return {"refused": [[fault.file, fault.message, fault.advice] for fault in error.faults]}
    except MissingProgramError as error:
        return {"missing": str(error)}
    except MemoryError:
        return {
            "refused": [[asked["shown_as"], "needs more memory to decode than it may have.", "Save a smaller copy."]]
        }
    except Exception as error:  # whatever a decoder stumbles over is a fault of the file
        return {"refused": [[asked["shown_as"], f"cannot be decoded: {type(error).__name__}: {error}.", ""]]}


def main() -> None:
    """Answer line by line until the input ends."""
    bound()
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints must not look like an answer
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
