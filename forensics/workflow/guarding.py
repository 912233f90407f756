"""Our end of ``guard``: one photograph at a time, each within a time limit; a guard that dies is replaced.

A file that crashes a decoder, hangs it or makes it ask for all the memory there is costs the guard, which is started
again, and becomes a fault of the file. Only bytes that the guard decoded to their end are decoded outside it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

import forensics
from forensics.errors import Fault, MissingProgramError, PhotographError
from forensics.model.evidence import Photograph

__all__ = ["LIMIT_S", "Guard", "register_guarded"]

LIMIT_S = 60.0
"""Wall seconds one photograph may take. Fifty megapixels take two on an idle core; the rest is for a busy machine."""
_LIMIT_S_PER_BYTE = 1e-6
_LONGEST_ANSWER = 1_000_000


class Guard:
    """One guard process and the conversation with it. Threads take turns.

    Parameters
    ----------
    command
        What to start; another program for tests.
    limit_s
        Wall seconds for one photograph, besides one for each megabyte of it.
    """

    def __init__(self, command: tuple[str, ...] | None = None, limit_s: float = LIMIT_S) -> None:
        # -P: the folder we were started in, which may be a stranger's case, is no place to import from.
        self._command = command or (sys.executable, "-P", "-m", "forensics.workflow.guard")
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def register(
        self,
        path: Path,
        *,
        item: str = "",
        part: str | None = None,
        shown_as: str | None = None,
        is_render: bool = False,
        note: str = "",
        whole: bool = True,
    ) -> Photograph:
        """``forensics.intake.register_photograph`` in the guard; ``whole``: decode every pixel there as well.

        Raises
        ------
        PhotographError
            When it cannot be read, or when reading it ended the guard or took too long.
        MissingProgramError
            When a decoder is not installed.
        """
        file = shown_as or Path(path).name
        asked = {
            "path": os.fspath(Path(path).absolute()),
            "item": item,
            "part": part,
            "shown_as": file,
            "is_render": is_render,
            "note": note,
            "whole": whole,
        }
        size = 0
        with contextlib.suppress(OSError):
            size = path.stat().st_size
        with self._lock:
            answer = self._ask(asked, file, self._limit_s + size * _LIMIT_S_PER_BYTE)
        if "missing" in answer:
            raise MissingProgramError(str(answer["missing"]))
        if "refused" in answer:
            raise PhotographError(
                [Fault(name, message=what, advice=advice) for name, what, advice in answer["refused"]]
            )
        return Photograph.model_validate(answer["photograph"])

    def close(self) -> None:
        """End the process; the next question starts another."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        with contextlib.suppress(OSError):
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _started(self) -> subprocess.Popen[bytes]:
        # After a fork the process belongs to our parent, and so does the conversation.
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.close()
        package = str(Path(forensics.__file__).resolve().parents[1])
        beside = os.environ.get("PYTHONPATH", "")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (package, beside))),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._owner = os.getpid()
        return self._process

    def _ask(self, asked: dict[str, Any], file: str, limit_s: float) -> dict[str, Any]:
        try:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            line = _line_within(process.stdout, limit_s)
        except TimeoutError:
            self.close()
            what = f"took longer than {limit_s:.0f} s to decode and was given up."
            raise PhotographError(
                Fault(file, message=what, advice="Save it again from the camera, or a copy.")
            ) from None
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            raise PhotographError(Fault(file, message=self._end(), advice="Keep it, and export a copy as JPEG or PNG."))
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    def _end(self) -> str:
        """What became of the guard, in words; it is cleared away."""
        process = self._process
        code = None
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(5)
        self.close()
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                return f"ended the process that decodes it ({signal.Signals(-code).name})."
        return "ended the process that decodes it."


def _line_within(stream: IO[bytes], limit_s: float) -> bytes:
    """One line, or what there was of it when the other side ended; ``TimeoutError`` when it did not come in time."""
    until = time.monotonic() + limit_s
    read = b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(stream, selectors.EVENT_READ)
        while not read.endswith(b"\n") and len(read) < _LONGEST_ANSWER:
            left = until - time.monotonic()
            if left <= 0 or not waiting.select(left):
                raise TimeoutError
            part = os.read(stream.fileno(), 65536)
            if not part:
                break
            read += part
    return read


_guard = Guard()
atexit.register(_guard.close)


def register_guarded(path: Path, **described: Any) -> Photograph:
    """Register a photograph in the guard of this process (``Guard.register``); the guard is started when first needed.

    On Windows, where pipes cannot be waited for this way, it is registered in this process.
    """
    if sys.platform == "win32":
        from forensics.intake import register_photograph  # noqa: PLC0415

        described.pop("whole", None)
        return register_photograph(path, **described)
    return _guard.register(path, **described)
