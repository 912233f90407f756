"""Options and habits that commands share: where results go, how progress and faults are shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from forensics.errors import Fault, InputError

__all__ = [
    "Progress",
    "catalogue_option",
    "echo_faults",
    "language_option",
    "output_format",
    "progress",
    "write_output",
]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


def catalogue_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--catalogue DIR`` for every command that compares."""
    return click.option(
        "--catalogue",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Another signature catalogue than the one that comes with the package.",
    )(function)


LANGUAGES = ("en", "uk")  # forensics.report.LANGUAGES; stands here so that --help imports nothing


def language_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--language`` for every command that writes sentences. Never taken from the locale: same input, same bytes."""
    return click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        envvar="FORENSICS_LANGUAGE",
        default="en",
        show_default=True,
        show_envvar=True,
        help="Language of the report.",
    )(function)


def output_format(given: str | None, output: Path | None, formats: tuple[str, ...]) -> str:
    """The format asked for, or the one the output file's name says, or text."""
    if given:
        return given
    if output is not None:
        suffix = output.suffix.lower().lstrip(".")
        suffix = {"htm": "html", "txt": "text"}.get(suffix, suffix)
        if suffix in formats:
            return suffix
    return formats[0]


def write_output(text: str | bytes, output: Path | None) -> None:
    """Print, or write the file whole or not at all."""
    if output is None:
        if isinstance(text, bytes) and sys.stdout.isatty():
            raise click.UsageError("A PDF is nothing for a terminal: name a file with -o.")
        click.echo(text, nl=isinstance(text, str) and not text.endswith("\n"))
        return
    temporary = output.with_name(f".{output.name}.part")
    try:
        temporary.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(
            Fault(
                str(output),
                message=f"cannot be written: {error.strerror}.",
                advice="Name a file in a folder that exists and may be written to.",
            )
        ) from None
    click.echo(f"Written: {output}", err=True)


def echo_faults(faults: Iterable[Fault]) -> None:
    """Every fault on its own line of standard error."""
    for fault in faults:
        click.echo(f"forensics: {fault}", err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress line on standard error, silent when that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    width = 0

    def show(what: str, done: int, total: int) -> None:
        nonlocal width
        line = f"{what} {done}/{total}"
        sys.stderr.write("\r" + line.ljust(width))
        sys.stderr.flush()
        width = max(width, len(line))

    try:
        yield show
    finally:
        if width:
            sys.stderr.write("\r" + " " * width + "\r")
            sys.stderr.flush()
