"""A batch from end to end: find the units, keep the ledger, work them off, write the tables."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from forensics import __version__
from forensics.batch import places
from forensics.batch.finding import find_units
from forensics.batch.ledger import LEDGER, Ledger
from forensics.batch.reporting import Form, write_tables
from forensics.batch.running import Summary, Tell, run_units
from forensics.batch.units import Plan, Unit
from forensics.errors import ExitCode
from forensics.intake import Lexicon

__all__ = ["BatchOptions", "exit_code_of", "ledger_path", "run_batch"]


@dataclass(frozen=True)
class BatchOptions:
    """What the command line may choose. ``jobs`` 0 works in this process; ``top`` 0 keeps every candidate."""

    output: str
    catalogue_path: Path | None = None
    jobs: int = 1
    scheduler: str | None = None
    read_photographs: bool = True
    reviewed_only: bool = False
    full_catalogue: bool = False
    detail: bool = True
    compressed: bool = False
    into_cases: bool = False
    limit_s: float = 600.0
    retry_failed: bool = False
    forms: tuple[Form, ...] = ("csv",)
    top: int = 10


def run_batch(inputs: Sequence[str], options: BatchOptions, tell: Tell | None = None) -> tuple[Summary, list[str]]:
    """Assess every case of the inputs and write the tables.

    Returns
    -------
    What was done, and the places of the tables (none when the run was stopped).

    Raises
    ------
    InputError
        When an input holds nothing, or the output holds the results of another catalogue, version or choice.
    """
    from forensics.catalogue import load  # noqa: PLC0415

    places.check_writable(options.output)
    catalogue = load(options.catalogue_path)
    units = find_units(inputs, Lexicon(catalogue.vocabulary))
    plan = Plan(
        output=options.output if places.is_remote(options.output) else str(Path(options.output).resolve()),
        catalogue_path=str(options.catalogue_path.resolve()) if options.catalogue_path else None,
        catalogue_digest=catalogue.digest,
        tool_version=__version__,
        read_photographs=options.read_photographs,
        reviewed_only=options.reviewed_only,
        full_catalogue=options.full_catalogue,
        detail=options.detail,
        compressed=options.compressed,
        into_cases=options.into_cases,
        limit_s=options.limit_s,
    )
    heading = {
        "tool_version": __version__,
        "catalogue": catalogue.version,
        "catalogue_digest": catalogue.digest,
        **{
            name: getattr(options, name)
            for name in ("read_photographs", "reviewed_only", "full_catalogue", "detail", "compressed")
        },
    }
    with _ledger(options.output, heading) as ledger:
        summary = run_units(
            _absolute(units),
            plan,
            ledger,
            jobs=options.jobs,
            scheduler=options.scheduler,
            retry_failed=options.retry_failed,
            tell=tell,
        )
        written: list[str] = []
        if not summary.stopped and options.forms:
            keys = {unit.key for unit in units}
            entries = [entry for key, entry in ledger.finished.items() if key in keys]
            written = write_tables(options.output, entries, options.forms, top=options.top)
    return summary, written


def _absolute(units: Sequence[Unit]) -> list[Unit]:
    """Places as a worker finds them, wherever it was started."""
    return [
        unit if unit.kind == "rows" or places.is_remote(unit.location) else replace(unit, location=_whole(unit))
        for unit in units
    ]


def _whole(unit: Unit) -> str:
    return str(Path(unit.location).absolute())


def ledger_path(output: str) -> Path:
    """Where the ledger of an output is kept while the batch runs.

    Appending line by line needs a disk of this machine: an object store cannot append. For an output elsewhere the
    ledger stands in the user's state directory and is copied to the output at the end of every run.
    """
    if not places.is_remote(output):
        return Path(output) / LEDGER
    given = os.environ.get("XDG_STATE_HOME", "")
    base = Path(given) if given and Path(given).is_absolute() else Path.home() / ".local" / "state"
    name = hashlib.sha256(output.rstrip("/").encode()).hexdigest()[:24]
    return base / "missile-forensics" / "batch" / f"{name}.jsonl"


@contextmanager
def _ledger(output: str, heading: dict[str, object]) -> Iterator[Ledger]:
    path = ledger_path(output)
    elsewhere = places.is_remote(output)
    if elsewhere and not path.exists() and places.exists(places.join(output, LEDGER)):
        # Begun on another machine: what that run finished is finished.
        path.parent.mkdir(parents=True, exist_ok=True)
        with places.fetched(places.join(output, LEDGER)) as copy:
            path.write_bytes(copy.read_bytes())
    with Ledger.open(path, heading) as ledger:
        try:
            yield ledger
        finally:
            if elsewhere:
                places.put(path, places.join(output, LEDGER))


def exit_code_of(summary: Summary) -> int:
    """0 when every case has a result, 130 when stopped, 1 when a failure is a fault of ours, else 2."""
    if summary.stopped:
        return 130
    if any(entry.get("ours") for entry in summary.failed):
        return ExitCode.INTERNAL
    return ExitCode.INPUT if summary.failed else ExitCode.NAMED


def summary_text(summary: Summary) -> str:
    """A few lines for standard output."""
    names = {
        "named": "a type or family is named",
        "tie": "a set wider than one family",
        "none_fits": "none of the catalogued types fits",
        "insufficient": "too little examined",
        "failed": "failed",
    }
    finished = sum(summary.outcomes.values())
    lines = [f"{finished:,} of {summary.total:,} cases finished, {summary.done_now:,} of them in this run."]
    lines += [f"  {summary.outcomes[kind]:>8,}  {text}" for kind, text in names.items() if kind in summary.outcomes]
    for entry in summary.failed[:20]:
        first = str(entry.get("reason", "")).splitlines()[:1]
        lines.append(f"  failed: {json.dumps(entry['key'], ensure_ascii=False)}: {first[0] if first else ''}")
    if len(summary.failed) > 20:
        lines.append(f"  and {len(summary.failed) - 20:,} more; see 'reason' in the ledger and in the table of cases")
    return "\n".join(lines) + "\n"
