"""``forensics``: words on the screen and exit codes. Each command has its own module, loaded when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from forensics import __version__
from forensics.errors import ExitCode, ForensicsError

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS: dict[str, tuple[str, str]] = {
    "assess": ("forensics.cli.assess", "Read a case or files, compare, rank, print the attribution report."),
    "examine": ("forensics.cli.examine", "Read photographs: proposed observations and annotated pictures."),
    "review": ("forensics.cli.review", "Accept, amend or reject what the machine read; settle what disagrees."),
    "workbench": ("forensics.cli.workbench", "A local page on a case: photographs, traits, ranking, report."),
    "case": ("forensics.cli.case", "Make a case folder, add to it, verify every digest."),
    "sheet": ("forensics.cli.sheet", "Write an empty trait sheet; check a filled one."),
    "next": ("forensics.cli.next_examination", "What to examine next, and what it would separate."),
    "explain": ("forensics.cli.explain", "Why a type ranks where it does, for and against."),
    "catalogue": ("forensics.cli.catalogue", "Signatures: list, show, new, lint, overlap, diff, try, coverage."),
    "batch": ("forensics.cli.batch", "Many cases: on several processors or a cluster, resumable."),
    "validate": ("forensics.cli.validate", "Score the method on simulation and on solved cases."),
    "traits": ("forensics.cli.traits", "The vocabulary: what can be observed and how to record it."),
    "schema": ("forensics.cli.schema", "Print a JSON Schema: assessment, observation, case or signature."),
    "doctor": ("forensics.cli.doctor", "What is installed, and what works without it."),
}
"""Command name to the module that holds it and the line ``--help`` shows, so that help imports nothing heavy."""


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else " See 'forensics --help'."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


EPILOG = """\b
Exit codes: 0 a type or set is named; 10 a tie set wider than one family;
11 none of the catalogued types fits; 12 too little examined; 2 the input is
wrong; 3 something needed is not installed; 1 a fault of ours."""


@click.group(cls=_LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="forensics")
def cli() -> None:
    """Missile-debris forensic attribution: who made an item, how strongly, because of which trait, on whose word.

    It says who made an item. It never says who fired it.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every deliberate error becomes a plain message and its own exit code."""
    # One thread per process: numerical libraries that spawn threads for tiny arrays only lose time.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT"):
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = cli.main(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.INPUT)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except ForensicsError as error:
        click.echo(f"forensics: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (head, less) went away: nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
