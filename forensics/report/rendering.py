"""The closed table of report formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from forensics.errors import Fault, InputError
from forensics.model.result import Assessment
from forensics.report.language import as_language, speaking

__all__ = ["FORMATS", "TEXT_FORMATS", "render", "render_bytes"]


@dataclass(frozen=True)
class _Wish:
    verbosity: int
    width: int | None
    colour: bool
    images: Mapping[str, bytes] | None


def _text(assessment: Assessment, wish: _Wish) -> str:
    from forensics.report.formats.text import render_text  # noqa: PLC0415

    return render_text(assessment, verbosity=wish.verbosity, width=wish.width, colour=wish.colour)


def _json(assessment: Assessment, wish: _Wish) -> str:
    from forensics.report.formats.json_ import render_json  # noqa: PLC0415

    return render_json(assessment)


def _csv(assessment: Assessment, wish: _Wish) -> str:
    from forensics.report.formats.csv_ import render_csv  # noqa: PLC0415

    return render_csv(assessment)


def _html(assessment: Assessment, wish: _Wish) -> str:
    from forensics.report.formats.html import render_html  # noqa: PLC0415

    return render_html(assessment, wish.images or {})


def _pdf(assessment: Assessment, wish: _Wish) -> bytes:
    from forensics.report.formats.pdf import print_page  # noqa: PLC0415

    return print_page(_html(assessment, wish))


_TABLE: dict[str, Callable[[Assessment, _Wish], str]] = {"text": _text, "json": _json, "html": _html, "csv": _csv}

TEXT_FORMATS = tuple(_TABLE)
"""Formats that are text; ``render`` gives them as a string."""

FORMATS = (*TEXT_FORMATS, "pdf")


def render(
    assessment: Assessment,
    format: str,  # noqa: A002 -- the word callers and the command line use
    *,
    language: str | None = None,
    verbosity: int = 0,
    width: int | None = None,
    colour: bool = False,
    images: Mapping[str, bytes] | None = None,
) -> str:
    """The result document in one of the formats ``text``, ``json``, ``html``, ``csv``, in the language it is worded in.

    Parameters
    ----------
    language : str, optional
        ``en`` or ``uk``, for a caller who wants to be sure: a document worded in another language is refused. Reword
        it first: ``word(document, catalogue, "uk")``.
    verbosity, width, colour
        For ``text`` only.
    images : mapping of photograph path to bytes, optional
        For ``html`` only: the originals, or copies that a browser shows upright, to embed.

    Returns
    -------
    str
        Ends with a line end. The same document and options give the same text.

    Raises
    ------
    InputError
        For any other format, and for a language that is not the document's.
    """
    if format not in _TABLE:
        known = ", ".join(TEXT_FORMATS)
        advice = "It is no text: ask render_bytes for it." if format in FORMATS else f"Choose one of: {known}."
        raise InputError(Fault("", message=f"there is no report format {format!r} in text.", advice=advice))
    _same_language(assessment, language)
    with speaking(assessment.language):
        return _TABLE[format](assessment, _Wish(verbosity, width, colour, images))


def render_bytes(
    assessment: Assessment,
    format: str,  # noqa: A002 -- the word callers and the command line use
    *,
    language: str | None = None,
    verbosity: int = 0,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """The same as a file: every format of ``render`` in UTF-8, and ``pdf``.

    Raises
    ------
    InputError
        For any other format, and for a language that is not the document's.
    MissingToolError
        For ``pdf`` where the library that prints it is not installed.
    """
    if format != "pdf":
        return render(assessment, format, language=language, verbosity=verbosity, images=images).encode("utf-8")
    _same_language(assessment, language)
    with speaking(assessment.language):
        return _pdf(assessment, _Wish(verbosity, None, False, images))


def _same_language(assessment: Assessment, language: str | None) -> None:
    if language is None or as_language(language) == assessment.language:
        return
    raise InputError(
        Fault(
            "",
            message=f"the document is worded in {assessment.language!r}, not in {language!r}.",
            advice="Assess again with this language, or reword the document first.",
        )
    )
