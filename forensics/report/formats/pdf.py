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
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as error:  # OSError: the package is there, the library beneath it is not
        raise MissingProgramError(_INSTALL) from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    inside_only = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)  # a report opens no address
    written: bytes = HTML(string=page, url_fetcher=inside_only).write_pdf(pdf_identifier=b"forensics")
    return written
