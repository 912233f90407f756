"""Is the method any good: simulation from the catalogue, measures, solved cases, the validation report."""

from __future__ import annotations

from forensics.validate.report import sections_of
from forensics.validate.running import Run, run_validation
from forensics.validate.writing import write_report

__all__ = ["Run", "run_validation", "sections_of", "write_report"]
