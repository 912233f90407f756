"""A workbench on a case of its own, asked without a browser; and the pictures and sheets that tests bring in."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("workbench_materials", Path(__file__).with_name("materials.py"))
assert _SPEC is not None and _SPEC.loader is not None
_materials = importlib.util.module_from_spec(_SPEC)
sys.modules["workbench_materials"] = _materials
_SPEC.loader.exec_module(_materials)
HOST, ORIGIN = _materials.HOST, _materials.ORIGIN

pytest.importorskip("starlette", reason="the extra [workbench] is not installed")
pytest.importorskip("httpx2", reason="httpx2 is not installed")

from starlette.testclient import TestClient  # noqa: E402

from forensics.casefile import new_case  # noqa: E402
from forensics.model.evidence import Item  # noqa: E402
from forensics.workbench import desk as desk_module  # noqa: E402
from forensics.workbench.application import build  # noqa: E402
from forensics.workbench.guard import Limits  # noqa: E402
from forensics.workbench.sessions import Password, Sessions  # noqa: E402
from forensics.workbench.state import Settings, Workbench  # noqa: E402
from forensics.workbench.workshop import Workshop  # noqa: E402


@dataclass
class Bench:
    """A browser's session with a workbench."""

    client: TestClient
    workbench: Workbench
    sessions: Sessions
    path: Path
    csrf: str = ""

    def enter(self) -> None:
        """Come in with a fresh token."""
        answer = self.client.get(f"/enter?token={self.sessions.new_token()}")
        assert answer.status_code == 200
        page = self.client.get("/case", follow_redirects=True)
        found = re.search(r'data-token="([^"]+)"', page.text)
        assert found is not None
        self.csrf = found[1]

    def post(self, address: str, headers: dict[str, str] | None = None, **form: object):
        """Post a form as our own pages do."""
        data = {"csrf": self.csrf, **{name: str(value) for name, value in form.items()}}
        return self.client.post(address, data=data, headers={"Origin": ORIGIN, "X-Forensics": "1", **(headers or {})})

    def upload(self, name: str, data: bytes, **form: str):
        """Send one file; returns what the page would show of it."""
        answer = self.client.post(
            "/case/upload",
            data={"csrf": self.csrf, **form},
            files=[("files", (name, data, "application/octet-stream"))],
            headers={"Origin": ORIGIN, "X-Forensics": "1"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["files"]

    def another(self) -> Bench:
        """A second browser on the same case."""
        client = TestClient(self.client.app, base_url=ORIGIN, raise_server_exceptions=True)
        other = Bench(client, self.workbench, self.sessions, self.path)
        other.enter()
        return other


@pytest.fixture(scope="session")
def shared_workshop(tmp_path_factory) -> Iterator[Workshop]:
    """One process that decodes, for all tests: starting one takes longer than most of them."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    workshop = Workshop(limit_s=120)
    yield workshop
    workshop.close()
    patch.undo()


@pytest.fixture
def make_bench(tmp_path, monkeypatch, shared_workshop) -> Iterator:
    """``make_bench(limits=…, password=…)``: a workbench on an empty case."""
    with monkeypatch.context() as patch:
        patch.setattr(shared_workshop, "close", lambda: None)
        patch.setattr(desk_module, "Workshop", lambda limit_s: shared_workshop)
        yield from _benches(tmp_path, patch)


def _benches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    made: list[Bench] = []

    def make(*, limits: Limits | None = None, password: str | None = None, reads: bool = False) -> Bench:
        path = tmp_path / f"case{len(made)}"
        new_case(path, "t-1", items=[Item(id="1")], person="Olha")
        sessions = Sessions("Olha", Password.of(password) if password else None)
        workbench = Workbench(Settings(hosts=(HOST,), person="Olha", limits=limits or Limits()), sessions, path)
        if not reads and workbench.desk is not None:
            monkeypatch.setattr(workbench.desk.job, "start", lambda only=None: None)
        bench = Bench(TestClient(build(workbench), base_url=ORIGIN), workbench, sessions, path)
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.client.close()
        bench.workbench.close()


@pytest.fixture
def bench(make_bench) -> Bench:
    """A workbench somebody has entered."""
    made = make_bench()
    made.enter()
    return made
