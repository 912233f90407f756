"""The closed table of report formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from forensics.errors import Fault, InputError
from forensics.model.result import Assessment

__all__ = ["FORMATS", "render"]


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


_TABLE: dict[str, Callable[[Assessment, _Wish], str]] = {"text": _text, "json": _json, "html": _html, "csv": _csv}

FORMATS = tuple(_TABLE)


def render(
    assessment: Assessment,
    format: str,  # noqa: A002 -- the word callers and the command line use
    *,
    verbosity: int = 0,
    width: int | None = None,
    colour: bool = False,
    images: Mapping[str, bytes] | None = None,
) -> str:
    """The result document in one of the formats ``text``, ``json``, ``html``, ``csv``.

    Parameters
    ----------
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
        For any other format.
    """
    if format not in _TABLE:
        known = ", ".join(FORMATS)
        raise InputError(Fault("", message=f"there is no report format {format!r}.", advice=f"Choose one of: {known}."))
    return _TABLE[format](assessment, _Wish(verbosity, width, colour, images))
