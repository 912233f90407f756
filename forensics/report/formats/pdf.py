"""The page on paper: the HTML report through WeasyPrint, an extra that is not needed for anything else."""

from __future__ import annotations

import logging

from forensics.errors import MissingProgramError

__all__ = ["print_page"]

_INSTALL = (
    "A PDF needs WeasyPrint, which is not installed: pip install 'missile-forensics[pdf]' (and, on Debian or Ubuntu, "
    "apt install libpango-1.0-0 libpangoft2-1.0-0). Without it, write --format html and print that page from a browser."
)


def print_page(page: str) -> bytes:
    """The page as a PDF. The same page gives the same bytes on one machine with the same fonts.

    Raises
    ------
    MissingProgramError
        When WeasyPrint, or the Pango library it draws text with, is not installed.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415
    except (ImportError, OSError) as error:  # OSError: the package is there, the library beneath it is not
        raise MissingProgramError(_INSTALL) from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    written: bytes = HTML(string=page, url_fetcher=_nothing_from_outside).write_pdf(
        pdf_identifier=b"forensics", uncompressed_pdf=False
    )
    return written


def _nothing_from_outside(url: str, *_: object, **__: object) -> dict[str, object]:
    """Only what the page carries inside itself is drawn; no address is opened."""
    from weasyprint import default_url_fetcher  # noqa: PLC0415

    if not url.startswith("data:"):
        raise ValueError(f"a report opens no address: {url[:80]}")
    fetched: dict[str, object] = default_url_fetcher(url)
    return fetched
