"""``forensics doctor``: what is installed."""

from __future__ import annotations

import click

from forensics.cli.options import write_output
from forensics.errors import ExitCode

__all__ = ["command"]


@click.command("doctor")
def command() -> int:
    """Say what is installed, which Tesseract with which languages, and what works without them.

    Exit code 3 when something needed to read photographs is missing.
    """
    from forensics.workflow.diagnosis import diagnose  # noqa: PLC0415

    complete, text = diagnose()
    write_output(text, None)
    return 0 if complete else ExitCode.MISSING
