"""``forensics workbench``: a local page on a case."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from forensics.cli.options import catalogue_option

__all__ = ["command"]


def _person() -> str:
    try:
        return getpass.getuser()
    except OSError:
        return ""


@click.command("workbench")
@click.argument("case", required=False, type=click.Path(path_type=Path))
@click.option("--cases", type=click.Path(path_type=Path), metavar="DIR", help="Where cases lie; the current folder.")
@click.option("--person", default=_person, help="Who works at it; can be changed on the page.", show_default="the user")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="For a team: an address others can reach.")
@click.option("--password-file", type=click.Path(path_type=Path), help="With --host: its first line is the password.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="With --host: a name browsers may call it by.")
@click.option("--certificate", type=click.Path(path_type=Path), metavar="PEM", help="Serve over TLS with this.")
@click.option("--key", type=click.Path(path_type=Path), metavar="PEM", help="The certificate's private key.")
@catalogue_option
def command(
    case: Path | None,
    cases: Path | None,
    person: str,
    port: int,
    host: str,
    password_file: Path | None,
    names: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    catalogue: Path | None,
) -> None:
    """Open a local page on CASE: photographs, traits, ranking, report. Without CASE, make or choose one there.

    The address printed works once. The page works on the same files as every other command; nothing leaves this
    machine.
    """
    from forensics.workbench.serving import serve  # noqa: PLC0415

    serve(
        case,
        host=host,
        port=port,
        password_file=password_file,
        names=names,
        certificate=certificate,
        key=key,
        person=person,
        catalogue=catalogue,
        cases=cases,
        tell=click.echo,
    )
