"""``forensics schema``: the published JSON Schemas."""

from __future__ import annotations

import json
from pathlib import Path

import click

from forensics.cli.options import catalogue_option, write_output

__all__ = ["command"]


@click.command("schema")
@click.argument("name", type=click.Choice(["assessment", "observation", "case", "signature"]))
@catalogue_option
def command(name: str, catalogue: Path | None) -> None:
    """Print a JSON Schema. 'signature' is for editors that complete the keys of a catalogue file."""
    if name == "signature":
        from forensics.catalogue import load, signature_schema  # noqa: PLC0415

        document = signature_schema(load(catalogue))
    else:
        from forensics.report import schema  # noqa: PLC0415

        document = schema(name)
    write_output(json.dumps(document, ensure_ascii=False, indent=2) + "\n", None)
