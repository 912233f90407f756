"""The validation report on disk: Markdown, HTML, JSON, pictures."""

from __future__ import annotations

import json
from pathlib import Path

from forensics.errors import Fault, InputError
from forensics.validate.plots import draw_figures
from forensics.validate.rendering import render_html, render_markdown
from forensics.validate.report import figures_document, sections_of
from forensics.validate.running import Run

__all__ = ["write_report", "write_texts"]


def write_report(run: Run, folder: Path, *, figures: bool = True) -> tuple[Path, ...]:
    """Write ``validation.md``, ``.html`` (self-contained), ``.json`` and the pictures into a folder, made if need be.

    Raises
    ------
    InputError
        When the folder cannot be written to.
    MissingProgramError
        When pictures are wanted and Matplotlib is not installed.
    """
    _make(folder)
    names = draw_figures(run, folder) if figures else ()
    sections = sections_of(run, names)
    pictures = {name: (folder / name).read_bytes() for name in names}
    texts = {
        "validation.md": render_markdown(sections),
        "validation.html": render_html(sections, pictures=pictures),
        "validation.json": json.dumps(figures_document(run), ensure_ascii=False, indent=2, sort_keys=True) + "\n",
    }
    return (*write_texts(texts, folder), *(folder / name for name in names))


def write_texts(texts: dict[str, str], folder: Path) -> tuple[Path, ...]:
    """Write several files, each whole or not at all; raises InputError where one cannot be written."""
    _make(folder)
    written = []
    for name in sorted(texts):
        path = folder / name
        temporary = folder / f".{name}.part"
        try:
            temporary.write_text(texts[name], encoding="utf-8", newline="")
            temporary.replace(path)
        except OSError as error:
            raise InputError(_fault(path, error)) from None
        written.append(path)
    return tuple(written)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(_fault(folder, error)) from None


def _fault(path: Path, error: OSError) -> Fault:
    return Fault(str(path), message=f"cannot be written: {error.strerror}.", advice="Name a folder you may write to.")
