"""The table of checks, and one run of all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path

from forensics.catalogue.folder import read_files
from forensics.catalogue.lint.issues import Check, Context, Issue, Severity
from forensics.catalogue.lint.judge import Judge
from forensics.catalogue.lint.model_based import (
    BoundReached,
    CounterexampleFits,
    CrowdsOut,
    ExampleDiffers,
    NotSeparable,
)
from forensics.catalogue.lint.naming import (
    AliasInTwoFiles,
    LookAlikeLetters,
    NameInTwoEntries,
    NamesMissing,
    SentencesMissing,
    WordsMissing,
)
from forensics.catalogue.lint.sources import (
    FallbackFromSameCase,
    GradeAboveSource,
    SourceCountedTwice,
    SourceIncomplete,
    SourceListedTwice,
    SourceUnused,
)
from forensics.catalogue.lint.traits import (
    EdgeOutsideBlock,
    GrammarExample,
    LonelyTrait,
    UnitNotInName,
    UnusedTrait,
    ValueAboveItsLevel,
)
from forensics.catalogue.lint.upkeep import (
    ConfusableNotMutual,
    DraftExpired,
    DraftWithoutOwner,
    ExampleMissing,
    ExampleNotFound,
    Stub,
    WindowBeforeService,
)
from forensics.catalogue.loading import Reading, read_catalogue
from forensics.catalogue.location import locate
from forensics.model.catalogue import Catalogue

__all__ = ["CHECKS", "SCHEMA", "lint"]

SCHEMA = "schema"
"""Id under which the faults of loading appear: path and id, unknown traits, values and sources, ranges, grades."""

CHECKS: tuple[Check, ...] = (
    FallbackFromSameCase(),
    GradeAboveSource(),
    SourceCountedTwice(),
    SourceIncomplete(),
    SourceListedTwice(),
    SourceUnused(),
    AliasInTwoFiles(),
    LookAlikeLetters(),
    NameInTwoEntries(),
    NamesMissing(),
    WordsMissing(),
    SentencesMissing(),
    ConfusableNotMutual(),
    DraftExpired(),
    DraftWithoutOwner(),
    ExampleMissing(),
    ExampleNotFound(),
    Stub(),
    WindowBeforeService(),
    EdgeOutsideBlock(),
    GrammarExample(),
    LonelyTrait(),
    UnitNotInName(),
    UnusedTrait(),
    ValueAboveItsLevel(),
    ExampleDiffers(),
    CounterexampleFits(),
    NotSeparable(),
    CrowdsOut(),
    BoundReached(),
)


def lint(
    path: Path | None = None,
    *,
    today: date | None = None,
    judge: Callable[[Catalogue], Judge] | None = None,
    files: Collection[str] = (),
    checks: Collection[str] = (),
) -> tuple[Issue, ...]:
    """Every issue of a catalogue, by file and line.

    Parameters
    ----------
    path : folder of the catalogue; None for the one that comes with the program.
    today : the day drafts are judged by; the current one when None.
    judge : makes the engine that the model-based checks ask, from a catalogue without faults; None leaves them out.
    files : report only issues of these files (relative paths or type ids); empty reports all.
    checks : run only these, by id; empty runs all. Faults of loading are always reported.
    """
    folder, kind = locate(path)
    reading = read_catalogue(read_files(folder), kind)
    engine = judge(reading.catalogue) if judge is not None and not reading.faults else None
    context = Context(reading, folder, today or date.today(), engine)
    issues = _faults(reading)
    for check in CHECKS:
        if (not checks or check.id in checks) and not (check.needs_whole and reading.faults):
            issues.update(check.check(context))
    wanted = frozenset(files)
    return tuple(sorted(issue for issue in issues if not wanted or wanted & {issue.file, Path(issue.file).stem}))


def _faults(reading: Reading) -> set[Issue]:
    return {
        Issue(
            fault.file,
            fault.row,
            SCHEMA,
            Severity.ERROR,
            f"{fault.column}: {fault.message}" if fault.column else fault.message,
            fault.advice,
        )
        for fault in reading.faults
    }
