"""Long work beside the pages: one reading of photographs at a time, watched and stoppable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Progress", "ReadingJob"]


@dataclass
class Progress:
    """How far a job is. ``total`` is 0 before it is known."""

    running: bool = False
    done: int = 0
    total: int = 0
    stopped: bool = False
    failed: str = ""
    unread: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the page."""
        return {
            "running": self.running,
            "done": self.done,
            "total": self.total,
            "stopped": self.stopped,
            "failed": self.failed,
            "unread": self.unread,
        }


class ReadingJob:
    """The process that reads photographs. Asked for again while it runs, it runs once more afterwards."""

    def __init__(self, folder: Path, catalogue: Path | None) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._again: list[str | None] = []
        self.progress = Progress()

    def start(self, only: str | None = None) -> None:
        """Read the whole case, or one photograph of it."""
        with self._lock:
            if self.progress.running:
                if only not in self._again:
                    self._again.append(only)
                return
            self.progress = Progress(running=True)
            command = [sys.executable, "-m", "forensics.workbench.reading", str(self._folder)]
            command += ["--catalogue", str(self._catalogue)] if self._catalogue else []
            command += ["--only", only] if only else []
            self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env={**os.environ, "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"},
                start_new_session=True,
            )
            threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()

    def _watch(self, process: subprocess.Popen[str]) -> None:
        finished = False
        assert process.stdout is not None
        with suppress(OSError, ValueError):
            for line in process.stdout:
                said = json.loads(line)
                self.progress.done = said.get("done", self.progress.done)
                self.progress.total = said.get("total", self.progress.total)
                finished = finished or bool(said.get("finished"))
                self.progress.failed = said.get("failed", self.progress.failed)
                self.progress.unread = said.get("unread", self.progress.unread)
        process.wait()
        with suppress(OSError):
            process.stdout.close()
        with self._lock:
            self.progress.running = False
            if not finished and not self.progress.stopped:
                self.progress.failed = self.progress.failed or "the reader ended without a word"
            again, self._again = self._again, []
            stopped = self.progress.stopped
        if again and not stopped:
            self.start(None if None in again else again[0])
            for one in again[1:]:
                self.start(one)

    def stop(self) -> None:
        """End it; what it has read so far is kept."""
        with self._lock:
            self._again = []
            if self._process is not None and self._process.poll() is None:
                self.progress.stopped = True
                _end_group(self._process)

    close = stop


def _end_group(process: subprocess.Popen[str]) -> None:
    """The process and the programs it called."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 15)
        else:
            process.terminate()
