"""``forensics traits``: the vocabulary."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.options import catalogue_option, write_output

__all__ = ["command"]


@click.command("traits")
@click.argument("trait", required=False)
@catalogue_option
def command(trait: str | None, catalogue: Path | None) -> None:
    """List what can be observed; with an id, how to record it, its values and its names."""
    from forensics.workflow.cataloguing import describe_trait, list_traits  # noqa: PLC0415

    write_output(describe_trait(trait, catalogue) if trait else list_traits(catalogue), None)
