"""What the README shows is what the command prints.

``python tests/cli/test_readme.py`` rewrites the README's output blocks.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- output: forensics (?P<command>.+?) -->\n```text\n)(?P<text>.*?)(```\n<!-- end -->)", re.S)
LAST_LINE = re.compile(r"^FOR AND AGAINST", re.M)
"""The README shows the report up to the per-trait bars."""


def printed(command):
    """The head of what a command prints, as the README shows it."""
    result = subprocess.run(
        [sys.executable, "-m", "forensics", *command.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    text = result.stdout
    end = LAST_LINE.search(text)
    return text[: end.start()].rstrip() + "\n" if end else text


def test_readme_shows_what_the_command_prints():
    found = list(BLOCK.finditer(README.read_text(encoding="utf-8")))
    assert found
    for block in found:
        assert block["text"] == printed(block["command"])


def test_the_sheet_in_the_readme_is_in_order(forensics, tmp_path):
    block = re.search(r"```csv\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    (tmp_path / "sheet.csv").write_text(block[1], encoding="utf-8")
    run = forensics("sheet", "check", "sheet.csv")
    assert run.code == 0, run.err
    assert "4 observations" in run.out


def refresh():
    """Rewrite the blocks."""
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda m: m[1] + printed(m["command"]) + m[4], text), encoding="utf-8")


if __name__ == "__main__":
    refresh()
