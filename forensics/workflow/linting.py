"""The catalogue lint with the comparison engine behind it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from forensics.catalogue import locate
from forensics.catalogue.lint.issues import Severity
from forensics.catalogue.lint.run import CHECKS, lint
from forensics.errors import Fault, InputError
from forensics.workflow.judging import EngineJudge

__all__ = ["describe_checks", "run_lint"]


def describe_checks() -> str:
    """One line a check: id, how grave, what it finds."""
    return "".join(f"{check.id:<28} {check.severity.word:<8} {check.description}\n" for check in CHECKS)


def run_lint(
    catalogue_path: Path | None, *, names: tuple[str, ...], checks: tuple[str, ...], notes: bool, quick: bool
) -> tuple[bool, str]:
    """Whether there is no error, and the issues as text, one a line, with a summary."""
    unknown = set(checks) - {check.id for check in CHECKS}
    if unknown:
        advice = "See 'forensics catalogue lint --list'."
        raise InputError([Fault("--check", message=f"there is no check {name!r}.", advice=advice) for name in unknown])
    folder, _ = locate(catalogue_path)
    judge = None if quick else (lambda catalogue: EngineJudge(catalogue, folder))
    files = tuple(_below(folder, name) for name in names)
    issues = lint(catalogue_path, judge=judge, files=files, checks=checks)
    counts = Counter(issue.severity for issue in issues)
    shown = [issue for issue in issues if notes or issue.severity > Severity.NOTE]
    lines = [str(issue) for issue in shown]
    hidden = counts[Severity.NOTE] if not notes else 0
    summary = f"{counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings, {counts[Severity.NOTE]} notes"
    lines.append(f"{summary}{' (--notes shows them)' if hidden else ''}; {len(CHECKS)} checks.")
    return counts[Severity.ERROR] == 0, "\n".join(lines) + "\n"


def _below(folder: Path, name: str) -> str:
    """A file as the lint names it: relative to the catalogue; ids and relative names stay as they are."""
    path = Path(name)
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix() if path.exists() else name
    except ValueError:
        return name
