"""The report as a PDF: an extra, refused plainly where it is missing, else with the numbers of the document."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys

import pytest
from PIL import Image

from forensics.errors import ExitCode, MissingProgramError
from forensics.report import render_bytes
from forensics.report.numbers import log10_text


def test_without_the_library_the_way_out_is_named(document, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingProgramError, match="pip install") as caught:
        render_bytes(document("tochka"), "pdf")
    assert caught.value.exit_code == ExitCode.MISSING
    assert "--format html" in str(caught.value)


@pytest.mark.slow
def test_the_same_document_gives_the_same_pdf(document):
    pytest.importorskip("weasyprint", reason="the pdf extra is not installed", exc_type=(ImportError, OSError))
    assert render_bytes(document("insufficient"), "pdf") == render_bytes(document("insufficient"), "pdf")


@pytest.mark.slow
def test_the_pdf_says_what_the_document_says(document, tmp_path):
    pytest.importorskip("weasyprint", reason="the pdf extra is not installed", exc_type=(ImportError, OSError))
    told = document("kharkiv")
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(picture, "JPEG")
    data = render_bytes(told, "pdf", images={entry.path: picture.getvalue() for entry in told.photographs})
    assert data.startswith(b"%PDF-")
    assert b"/Image" in data
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    file = tmp_path / "report.pdf"
    file.write_bytes(data)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True).stdout.decode()
    for candidate in told.ranking[:3]:
        assert log10_text(candidate.log10_lr) in text
    for number in range(1, 16):
        assert f"{number}. " in text
    assert f"case {told.case.id}" in text
