"""axe-core over the report in headless Chromium, and the size of a report with twenty photographs.

    python tests/benchmarks/accessibility.py [--axe FOLDER]

``--axe`` (or the variable AXE_CORE) names the folder that holds ``axe.min.js``, for example ``node_modules/axe-core``
after ``npm install axe-core`` somewhere outside the repository. Without it, or without Chromium, the checks are skipped
and the reason is said; the sizes are printed all the same. Prints figures; it is no test.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from forensics.report import render
from forensics.workflow.assessing import AssessOptions, assess_inputs
from forensics.workflow.inputs import gather
from forensics.workflow.reporting import report_pictures

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ("kharkiv-2024-01-02", "tochka-tail", "bare-fragment")
WIDTHS = {"desktop": 1150, "telephone": 390}
CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=60000",
)
RUN = (
    "axe.run(document, {resultTypes: ['violations', 'incomplete']}).then(r => {"
    "const out = document.createElement('pre'); out.id = 'axe-result';"
    "const told = list => list.map(v => ({id: v.id, impact: v.impact, nodes: v.nodes.slice(0, 3).map(n => n.html)}));"
    "out.textContent = btoa(unescape(encodeURIComponent(JSON.stringify("
    "{violations: told(r.violations), incomplete: r.incomplete.map(v => v.id),"
    " wide: document.documentElement.scrollWidth - window.innerWidth}))));"
    "document.body.append(out);});"
)


def with_axe(page: str, axe: str) -> str:
    """The page with the checker in it; its content policy would (rightly) not let it run."""
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    return page.replace("</body>", f"<script>{axe}</script><script>{RUN}</script></body>")


def checked(page: str, axe: str, chromium: str, width: int) -> dict[str, object]:
    """What axe found at one width."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(with_axe(page, axe), encoding="utf-8")
        command = [chromium, *CHROMIUM, f"--user-data-dir={folder}/profile", f"--window-size={width},1200"]
        run = subprocess.run([*command, "--dump-dom", file.as_uri()], capture_output=True, timeout=300, check=False)
    found = re.search(rb'<pre id="axe-result">([^<]*)</pre>', run.stdout)
    if found is None:
        raise SystemExit("axe gave no result")
    result: dict[str, object] = json.loads(base64.b64decode(found.group(1)))
    return result


def reports() -> dict[str, str]:
    """The three samples in both languages, as a person gets them."""
    pages = {}
    for sample in SAMPLES:
        gathered = gather([str(ROOT / "images" / "samples" / sample)])
        for language in ("en", "uk"):
            document = assess_inputs(gathered, AssessOptions(language=language))
            pages[f"{sample} {language}"] = render(document, "html", images=report_pictures(document, gathered))
    return pages


def twenty_photographs() -> None:
    """Size of the page for twenty photographs of 12 megapixels, of noise and edges (worse for JPEG than debris is)."""
    rng = np.random.default_rng(20)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        small = Image.fromarray(rng.normal(128, 40, (375, 500, 3)).clip(0, 255).astype(np.uint8))
        large = np.asarray(small.resize((4000, 3000), Image.Resampling.BICUBIC))
        pixels = large + rng.integers(0, 12, large.shape, dtype=np.uint8)
        for number in range(20):
            target = io.BytesIO()
            Image.fromarray(np.roll(pixels, 37 * number, axis=1)).save(target, "JPEG", quality=92)
            path = Path(folder) / f"IMG_{number:04}.jpg"
            path.write_bytes(target.getvalue())
            files.append(str(path))
        gathered = gather(files)
        document = assess_inputs(gathered, AssessOptions(read_photographs=False))
        start = time.process_time()
        page = render(document, "html", images=report_pictures(document, gathered))
        seconds = time.process_time() - start
        originals = sum(Path(file).stat().st_size for file in files)
    sizes = f"originals {originals / 1e6:.1f} MB, report {len(page.encode()) / 1e6:.1f} MB"
    print(f"20 photographs of 12 megapixels: {sizes}, {seconds:.1f} s of processor time", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--axe", type=Path, default=os.environ.get("AXE_CORE"), help="folder that holds axe.min.js")
    chosen = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    pages = reports()
    for name, page in pages.items():
        print(f"{name}: {len(page.encode()) / 1e6:.2f} MB", flush=True)
    twenty_photographs()
    script = Path(chosen.axe) / "axe.min.js" if chosen.axe else None
    if chromium is None or script is None or not script.is_file():
        missing = "Chromium is not installed" if chromium is None else "axe-core is not there (--axe FOLDER)"
        print(f"accessibility skipped: {missing}")
        return
    axe = script.read_text(encoding="utf-8")
    for name, page in pages.items():
        for device, width in WIDTHS.items():
            found = checked(page, axe, chromium, width)
            violations = found["violations"]
            print(f"{name}, {device} ({width} px): {len(violations)} violations, undecided {found['incomplete']}, "
                  f"{found['wide']} px wider than the screen", flush=True)  # fmt: skip
            for violation in violations:
                print(f"  {violation['impact']} {violation['id']}: {violation['nodes']}")


if __name__ == "__main__":
    main()
