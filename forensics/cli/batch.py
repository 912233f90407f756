"""``forensics batch``: many cases."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from forensics.cli.options import catalogue_option, write_output

__all__ = ["command"]

EPILOG = """\b
Exit codes: 0 every case has a result, whatever its outcome; 2 the input is
wrong, or some cases failed on theirs (the ledger says why); 1 some cases
failed by a fault of ours, or the cluster went away; 3 something needed is
not installed; 130 stopped by Ctrl-C. Running the same command again goes on
where it stopped."""


@click.command("batch", epilog=EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="DIR|GLOB|LIST|TABLE...")
@click.option("-o", "--output", required=True, metavar="DIR", help="Where ledger, documents and tables go.")
@click.option("--jobs", type=click.IntRange(0), metavar="N", help="Processes here; one a processor when not given.")
@click.option("--scheduler", metavar="ADDRESS", help="Work on a Dask cluster: tcp://host:8786.")
@click.option("--compare", metavar="OLD", help="Print what changed against the results in OLD, and why.")
@click.option("--all", "show_all", is_flag=True, help="With --compare: print every changed case.")
@click.option(
    "--tables",
    type=click.Choice(("csv", "parquet", "both", "none")),
    default="csv",
    show_default=True,
    help="Tables of cases, candidates and evidence.",
)
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="Candidates a case; 0: all.")
@click.option("--bulk", is_flag=True, help="Score a flat TABLE as a stream: ranking.parquet, nothing is named.")
@click.option(
    "--nodes",
    type=click.Choice(("states", "families", "all")),
    default="states",
    show_default=True,
    help="With --bulk: whose ratios to keep.",
)
@click.option("--retry-failed", is_flag=True, help="Try cases that failed again.")
@click.option("--case-limit", type=float, default=600.0, show_default=True, help="Seconds one case may take; 0: any.")
@click.option("--compressed", is_flag=True, help="Documents as .json.gz, about a tenth of the size.")
@click.option("--brief", is_flag=True, help="Without sensitivity and next examinations: twice as fast.")
@click.option("--into-cases", is_flag=True, help="Write the results into the case folders as well, as assess does.")
@click.option("--reviewed-only", is_flag=True, help="Leave out machine readings that nobody has reviewed.")
@click.option("--full-catalogue", is_flag=True, help="Keep values learned from the very case (circular).")
@click.option("--no-photographs", is_flag=True, help="Do not read photographs; list them only.")
@catalogue_option
def command(
    inputs: tuple[str, ...],
    output: str,
    jobs: int | None,
    scheduler: str | None,
    compare: str | None,
    show_all: bool,
    tables: str,
    top: int,
    bulk: bool,
    nodes: str,
    retry_failed: bool,
    case_limit: float,
    compressed: bool,
    brief: bool,
    into_cases: bool,
    reviewed_only: bool,
    full_catalogue: bool,
    no_photographs: bool,
    catalogue: Path | None,
) -> int:
    """Assess every case folder, every loose photograph or sheet, or every case of a big table.

    DIR holds case folders, photographs or sheets, at any depth; GLOB is a pattern in quotes; LIST a text file (.txt)
    with one place a line, or - for standard input; TABLE a Parquet or CSV file with a column 'case', in long form (one
    observation a row) or wide form (one case a row, one column a trait). All of them, and -o, may be addresses that
    fsspec knows, such as s3://bucket/cases; nothing that is not named is contacted.

    Each finished case is one line of the ledger in the output. Run the same command again after a crash: what is in
    the ledger is not done twice, and nothing is lost.
    """
    from forensics.batch.running import processors  # noqa: PLC0415

    if bulk:
        return _bulk(inputs, output, catalogue, jobs or processors(), top, nodes)
    from forensics.batch.batch import BatchOptions, exit_code_of, run_batch, summary_text  # noqa: PLC0415

    options = BatchOptions(
        output=output,
        catalogue_path=catalogue,
        jobs=processors() if jobs is None else jobs,
        scheduler=scheduler,
        read_photographs=not no_photographs,
        reviewed_only=reviewed_only,
        full_catalogue=full_catalogue,
        detail=not brief,
        compressed=compressed,
        into_cases=into_cases,
        limit_s=case_limit,
        retry_failed=retry_failed,
        forms={"csv": ("csv",), "parquet": ("parquet",), "both": ("csv", "parquet"), "none": ()}[tables],  # type: ignore[arg-type]
        top=top,
    )
    with _rate() as tell:
        summary, written = run_batch(inputs, options, tell)
    write_output(summary_text(summary), None)
    for place in written:
        click.echo(f"Written: {place}", err=True)
    if compare is not None and not summary.stopped:
        from forensics.batch.comparing import compare_results, comparison_text  # noqa: PLC0415

        write_output(comparison_text(compare_results(compare, output), shown=0 if show_all else 50), None)
    return exit_code_of(summary)


def _bulk(inputs: tuple[str, ...], output: str, catalogue_path: Path | None, threads: int, top: int, nodes: str) -> int:
    if len(inputs) != 1:
        raise click.UsageError("--bulk scores one table at a time.")
    from forensics.batch.bulk import score_table  # noqa: PLC0415
    from forensics.catalogue import load  # noqa: PLC0415

    with _rate("rows") as tell:
        done = score_table(
            inputs[0],
            output,
            load(catalogue_path),
            leading=top or 5,
            nodes=nodes,  # type: ignore[arg-type]
            threads=threads,
            tell=tell,
        )
    spent = sum(done.seconds.values())
    lines = [f"{done.rows:,} rows against {done.leaves} types and unlisted designs in {spent:.1f} s."]
    lines += [f"  {seconds:8.1f} s  {what}" for what, seconds in done.seconds.items()]
    lines.append(f"Weighed: {', '.join(done.traits) or 'nothing'}.")
    if done.silent:
        lines.append(f"Weighs nothing, because no type has a sourced value for it: {', '.join(done.silent)}.")
    lines.append("Ratios are against an unlisted design elsewhere. Nothing is named: assess a case to have that said.")
    write_output("\n".join(lines) + "\n", None)
    click.echo(f"Written: {done.place}", err=True)
    return 0


@contextmanager
def _rate(what: str = "cases") -> Iterator[Callable[[int, int, int, float], None] | None]:
    """A line on standard error with rate and remaining time; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    width = 0
    last = 0.0

    def tell(finished: int, failed: int, total: int, rate: float) -> None:
        nonlocal width, last
        now = time.monotonic()
        if now - last < 0.2 and finished < total:
            return
        last = now
        line = f"{finished:,}/{total:,} {what}"
        if failed:
            line += f", {failed:,} failed"
        if rate > 0:
            line += f", {rate:.1f} a second, {_duration((total - finished) / rate)} left"
        sys.stderr.write("\r" + line.ljust(width))
        sys.stderr.flush()
        width = max(width, len(line))

    try:
        yield tell
    finally:
        if width:
            sys.stderr.write("\r" + " " * width + "\r")
            sys.stderr.flush()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
