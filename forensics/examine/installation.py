"""What is installed of what this room uses, and what works without it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from forensics.examine.annotation import label_font
from forensics.examine.tesseract import LANGUAGES, Tesseract, install_advice

__all__ = ["Installed", "doctor", "installed"]

PACKAGES = (
    (
        "opencv-python-headless",
        "finding and straightening writing; annotated pictures",
        "trait sheets are assessed as before",
    ),
    ("pytesseract", "calling Tesseract", "everything but reading markings"),
    ("pillow", "decoding photographs", "trait sheets are assessed as before"),
    ("pillow-heif", "HEIC photographs from telephones", "every other picture format"),
)

LANGUAGE_NAMES = {"eng": "English", "kor": "Korean", "rus": "Russian", "ukr": "Ukrainian"}


@dataclass(frozen=True)
class Installed:
    """One thing: whether it is there, which version, what for, what works without it, how to get it."""

    name: str
    found: bool
    version: str
    needed_for: str
    works_without: str
    advice: str = ""


def doctor(tesseract: Tesseract | None = None) -> tuple[bool, tuple[str, ...]]:
    """Whether photographs can be read for everything, and a line of text for each thing. Never raises."""
    rows = installed(tesseract)
    lines = []
    for row in rows:
        if row.found:
            lines.append(" ".join(filter(None, (row.name, row.version))))
        else:
            lines.append(f"{row.name} is missing, for {row.needed_for}. Works without it: {row.works_without}.")
            lines.append(f"  {row.advice}")
    return all(row.found for row in rows), tuple(lines)


def installed(tesseract: Tesseract | None = None) -> tuple[Installed, ...]:
    """Tesseract, its languages, the packages and a font for labels, in a fixed order. Never raises."""
    status = (tesseract or Tesseract()).status()
    rows = [
        Installed(
            "tesseract",
            status.usable,
            status.version,
            "reading markings on photographs",
            "trait sheets are assessed; photographs are listed as not read",
            "" if status.usable else f"{status.reason} {install_advice()}",
        )
    ]
    for language in LANGUAGES:
        found = language in status.languages
        rows.append(
            Installed(
                f"tesseract language {language}",
                found,
                "",
                f"markings in {LANGUAGE_NAMES[language]}",
                "markings in the other languages",
                "" if found else install_advice(),
            )
        )
    for name, needed_for, works_without in PACKAGES:
        try:
            rows.append(Installed(name, True, version(name), needed_for, works_without))
        except PackageNotFoundError:
            rows.append(Installed(name, False, "", needed_for, works_without, f"Install it with: pip install {name}"))
    font = label_font(20)
    rows.append(
        Installed(
            "font with Hangul and Cyrillic",
            font is not None and "DejaVu" not in str(font.path) and "Arial" not in str(font.path),
            "" if font is None else str(font.getname()[0]),
            "labels on annotated pictures",
            "labels are written as code points",
            "" if font is not None else "Install a Korean font, for example the Debian package fonts-nanum.",
        )
    )
    return tuple(rows)
