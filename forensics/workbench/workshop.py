"""The parent's end of ``inspector``: one request at a time, each within a time limit; who exceeds it is replaced."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import forensics
from forensics.errors import Fault, InputError

__all__ = ["Workshop"]


class Workshop:
    """A process that decodes. Thread-safe; a new one is started when there is none."""

    def __init__(self, limit_s: float = 60.0) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str] = queue.Queue()

    def ask(self, do: str, *, limit_s: float | None = None, **details: object) -> dict[str, Any]:
        """What the process answers.

        Raises
        ------
        InputError
            When it refuses, takes too long, needs too much, or dies: the file is to blame, and is not used.
        """
        request = json.dumps({"do": do, **details})
        with self._lock:
            process = self._running()
            line = ""
            with suppress(OSError, ValueError, queue.Empty):
                assert process.stdin is not None
                process.stdin.write(request + "\n")
                process.stdin.flush()
                line = self._answers.get(timeout=limit_s or self._limit_s)
            if not line:
                self._end()
                raise InputError(Fault("", message="could not be decoded within the limits of time and memory."))
        answer: dict[str, Any] = json.loads(line)
        if "refused" in answer:
            raise InputError(Fault("", message=str(answer["refused"])))
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._answers = queue.Queue()
            environment = {
                name: value
                for name, value in os.environ.items()
                if name in ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "XDG_CACHE_HOME", "SYSTEMROOT", "TMPDIR")
            }
            environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
            # -P: the folder we were started in, which may be a stranger's case, is no place to import from.
            package = str(Path(forensics.__file__).resolve().parents[1])
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, (package, environment.get("PYTHONPATH", ""))))
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "forensics.workbench.inspector"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=environment,
            )
            threading.Thread(target=_relay, args=(self._process, self._answers), daemon=True).start()
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            with suppress(OSError):
                self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if stream is not None:
                        stream.close()
            self._process = None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()


def _relay(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    with suppress(OSError, ValueError):
        assert process.stdout is not None
        for line in process.stdout:
            answers.put(line)
    answers.put("")
