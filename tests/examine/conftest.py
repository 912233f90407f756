"""Pictures drawn at test time, and programs named tesseract that misbehave."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from forensics.examine.annotation import label_font
from forensics.examine.tesseract import Tesseract, tesseract_status
from forensics.model.evidence import Photograph


@pytest.fixture
def registered() -> Callable[..., Photograph]:
    """The registration of a file, as intake would make it."""

    def register(path: Path, *, orientation: int = 1, item: str = "A-1") -> Photograph:
        with Image.open(path) as image:
            width, height = image.size
        content = path.read_bytes()
        return Photograph(
            path=path.name,
            sha256=hashlib.sha256(content).hexdigest(),
            bytes=len(content),
            format="PNG",
            width_px=width,
            height_px=height,
            orientation=orientation,
            item=item,
        )

    return register


@pytest.fixture
def written() -> Callable[..., np.ndarray]:
    """A grey picture with lines of text at given places, on a slightly uneven ground."""

    def write(
        lines: list[tuple[str, tuple[int, int]]],
        *,
        size: tuple[int, int] = (900, 600),
        font_px: int = 60,
        ink: int = 25,
        paper: int = 205,
    ) -> np.ndarray:
        font = label_font(font_px)
        if font is None or not isinstance(font, ImageFont.FreeTypeFont):
            pytest.skip("no font with Hangul and Cyrillic on this system")
        noise = np.random.default_rng(5).normal(0, 3, (size[1], size[0]))
        ground = np.linspace(0, 12, size[0])[None, :] + noise + paper
        image = Image.fromarray(np.uint8(np.clip(ground, 0, 255)))
        draw = ImageDraw.Draw(image)
        for text, place in lines:
            draw.text(place, text, font=font, fill=ink)
        return np.asarray(image)

    return write


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Tesseract]:
    """A shell script in Tesseract's place. ``reading``: what it does when asked to read; $2 is the output's base."""

    def make(
        reading: str,
        *,
        version: str = "tesseract 5.3.0",
        languages: tuple[str, ...] = ("eng", "kor", "rus", "ukr"),
        timeout_s: float = 20.0,
    ) -> Tesseract:
        path = tmp_path / "tesseract"
        listed = "\\n".join(("List of available languages in x:", *languages))
        path.write_text(
            "#!/bin/sh\n"
            f'case "$1" in --version) echo "{version}"; exit 0;; --list-langs) printf "{listed}\\n"; exit 0;; esac\n'
            f"{reading}\n",
            encoding="utf-8",
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return Tesseract(str(path), timeout_s=timeout_s, crop_timeout_s=0.0)

    return make


@pytest.fixture
def real_tesseract() -> Tesseract:
    """The installed program; the test is skipped with the reason when it is not there."""
    status = tesseract_status()
    if not status.usable or status.missing_languages:
        pytest.skip(status.reason or f"language data missing: {', '.join(status.missing_languages)}")
    return Tesseract()


@pytest.fixture
def tsv() -> Callable[..., str]:
    """Shell that writes a TSV answer of words (page, confidence as written, text)."""

    def answer(*words: tuple[int, str, str]) -> str:
        header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
        rows = [f"5\t{page}\t1\t1\t1\t1\t0\t0\t9\t9\t{confidence}\t{text}" for page, confidence, text in words]
        return "cat > \"$2.tsv\" <<'END'\n" + "\n".join((header, *rows)) + "\nEND"

    return answer
