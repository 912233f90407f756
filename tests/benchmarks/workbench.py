"""How a case of 200 photographs of 12 megapixels opens in the workbench.

Prints: bytes and seconds to the first byte and to the end of each page, before and after the small copies are made; the
memory of the server and of the processes beside it; CPU seconds a small copy, a registration and a tile take. With
Chromium: the time until the page can be used and the frames drawn while scrolling through it. The obvious
alternative, a page that shows the originals themselves, would carry all of their bytes, which are printed too.

Timings on a busy machine say little; CPU seconds of the processes are printed beside them.

    python tests/benchmarks/workbench.py [--photographs 200] [--browser]
"""

from __future__ import annotations

import argparse
import http.client
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from forensics.casefile import new_case
from forensics.model.evidence import Item

WIDTH, HEIGHT = 4000, 3000


def photographs(folder: Path, count: int) -> list[Path]:
    """Pictures of 12 megapixels that differ in a few bytes; one is drawn and the rest carry another comment."""
    rng = np.random.default_rng(1)
    ground = rng.integers(60, 190, (HEIGHT // 20, WIDTH // 20, 3), dtype=np.uint8)
    image = Image.fromarray(ground).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    noise = rng.normal(0, 6, (HEIGHT, WIDTH, 1))
    image = Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
    paths = []
    written = io.BytesIO()
    image.save(written, format="JPEG", quality=88)
    data = written.getvalue()
    for number in range(count):
        comment = f"photograph {number}".encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        path = folder / f"IMG_{number:04d}.jpg"
        path.write_bytes(data[:2] + segment + data[2:])
        paths.append(path)
    return paths


class Asked:
    """A session with the server."""

    def __init__(self, address: str) -> None:
        found = re.fullmatch(r"http://([^/]+)(/.*)", address)
        assert found is not None
        self.host = found[1]
        self.cookie = ""
        _, headers, _, _ = self.get(found[2])
        self.cookie = headers["set-cookie"].partition(";")[0]

    def get(self, path: str) -> tuple[int, dict[str, str], bytes, tuple[float, float]]:
        """Status, headers, body, and seconds to the first byte and to the last."""
        connection = http.client.HTTPConnection(self.host, timeout=300)
        start = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": self.cookie} if self.cookie else {})
        answer = connection.getresponse()
        first = time.perf_counter() - start
        body = answer.read()
        whole = time.perf_counter() - start
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body, (first, whole)


def memory(server: psutil.Process) -> str:
    """Resident megabytes of the server and of the processes beside it."""
    beside = [one.memory_info().rss / 1e6 for one in server.children(recursive=True)]
    return f"server {server.memory_info().rss / 1e6:.0f} MB, beside it {', '.join(f'{one:.0f}' for one in beside)} MB"


def cpu(server: psutil.Process) -> float:
    """CPU seconds of the server and of the processes beside it."""
    times = [server.cpu_times(), *(one.cpu_times() for one in server.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def measure(case: Path, count: int, browser: bool) -> None:
    """Start the command and ask it."""
    command = [sys.executable, "-m", "forensics", "workbench", str(case), "--person", "bench"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = next(line.strip() for line in process.stdout if line.startswith("http"))
    server = psutil.Process(process.pid)
    try:
        asked = Asked(address)
        print(f"just started: {memory(server)}")
        for page in ("/photographs", "/case", "/photographs"):
            before = cpu(server)
            status, _, body, (first, whole) = asked.get(page)
            print(
                f"{page:<14} {status}  {len(body) / 1e3:6.0f} kB  first byte {first:.2f} s, whole {whole:.2f} s "
                f"(CPU of all processes meanwhile {cpu(server) - before:.2f} s)"
            )
        _, _, body, _ = asked.get("/photographs")
        small = re.findall(rb'src="(/pictures/[0-9a-f]+/thumbnail\.jpg\?v=[0-9a-f]+)"', body)
        print(f"small copies on the page: {len(small)}, loaded lazily")
        before, start = cpu(server), time.perf_counter()
        total = 0
        for name in small:
            total += len(asked.get(name.decode())[2])
        print(
            f"all {len(small)} small copies: {time.perf_counter() - start:.1f} s, CPU {cpu(server) - before:.1f} s "
            f"({(cpu(server) - before) / max(1, len(small)) * 1e3:.0f} ms each with registration), "
            f"{total / 1e6:.1f} MB; the originals are "
            f"{sum(path.stat().st_size for path in (case / 'photographs').iterdir()) / 1e6:.0f} MB"
        )
        print(f"then: {memory(server)}")
        identity = small[0].split(b"/")[2].decode()
        start = time.perf_counter()
        asked.get(f"/pictures/{identity}/frame.json")
        opened = time.perf_counter() - start
        tiles = [(3, 0, 0), (2, 0, 0), (2, 1, 0), (0, 3, 2)]
        start = time.perf_counter()
        for level, x, y in tiles:
            asked.get(f"/pictures/{identity}/{level}/{x}/{y}.jpg")
        each = (time.perf_counter() - start) / len(tiles)
        print(f"one photograph of 12 megapixels: decoded in {opened:.2f} s, then {each * 1e3:.0f} ms a tile")
        print(f"then: {memory(server)}")
        if browser:
            with_browser(f"http://{asked.host}", asked.cookie)
    finally:
        process.terminate()
        process.wait()


SCROLL = """
const done = arguments[arguments.length - 1];
const times = []; let last = performance.now(); const end = document.documentElement.scrollHeight;
function step(now) {
  times.push(now - last); last = now; window.scrollBy(0, 60);
  if (window.scrollY + innerHeight < end - 5 && times.length < 600) requestAnimationFrame(step);
  else {
    times.sort((a, b) => a - b);
    const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))];
    done([times.length, at(.5), at(.95), at(1)]);
  }
}
requestAnimationFrame(step);
"""


def with_browser(address: str, cookie: str) -> None:
    """Until the page can be used, and frames while scrolling."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workbench"))
    from browsing import Browser, reason_no_browser  # noqa: PLC0415

    if reason_no_browser():
        print(reason_no_browser())
        return
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(Path(folder))
        try:
            browser.go(f"{address}/static/workbench.css")
            name, _, value = cookie.partition("=")
            browser.driver.add_cookie({"name": name, "value": value})
            browser.go(f"{address}/photographs")
            timing = (
                "const t = performance.getEntriesByType('navigation')[0];"
                "return [t.responseEnd, t.domInteractive, t.loadEventEnd]"
            )
            response, interactive, loaded = browser.driver.execute_script(timing)
            print(f"Chromium: response {response:.0f} ms, can be used {interactive:.0f} ms, loaded {loaded:.0f} ms")
            frames, median, slow, slowest = browser.driver.execute_async_script(SCROLL)
            print(f"scrolling: {frames} frames, median {median:.1f} ms, 95th {slow:.1f} ms, slowest {slowest:.0f} ms")
            heap = browser.driver.execute_script(
                "return performance.memory ? performance.memory.usedJSHeapSize / 1e6 : 0"
            )
            print(f"memory of the page's script: {heap:.0f} MB")
        finally:
            browser.close()


def main() -> None:
    """Make a case, measure it, throw it away."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=int, default=200)
    parser.add_argument("--browser", action="store_true")
    chosen = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        case = new_case(Path(folder) / "case", "bench", items=[Item(id="1")], person="bench")
        source = Path(folder) / "source"
        source.mkdir()
        case.add(photographs(source, chosen.photographs), item="1", person="bench")
        print(
            f"{chosen.photographs} photographs of {WIDTH * HEIGHT / 1e6:.0f} megapixels; load {os.getloadavg()[0]:.1f}"
        )
        measure(case.path, chosen.photographs, chosen.browser)


if __name__ == "__main__":
    main()
