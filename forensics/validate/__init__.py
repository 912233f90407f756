"""Is the method any good: simulation from the catalogue, measures, solved cases, the validation report."""

from __future__ import annotations

from forensics.validate.report import sections_of
from forensics.validate.running import Run, run_validation
from forensics.validate.solved import CaseResult, assess_cases, cases_text, write_cases
from forensics.validate.writing import write_report

__all__ = [
    "CaseResult",
    "Run",
    "assess_cases",
    "cases_text",
    "run_validation",
    "sections_of",
    "write_cases",
    "write_report",
]
