"""Write the golden texts anew: ``python tests/report/refresh.py``. Read the difference before keeping it."""

from __future__ import annotations

from pathlib import Path

from documents import DOCUMENTS

from forensics.report import render

for name, make in DOCUMENTS.items():
    target = Path(__file__).with_name("golden") / f"{name}.txt"
    target.write_text(render(make(), "text", verbosity=2, width=80), encoding="utf-8")
    print(target.name)
