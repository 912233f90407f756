"""Checks of the catalogue: one small class each, a closed table of them, issues as values, all in one run."""

from forensics.catalogue.lint.issues import Check, Context, Issue, Severity
from forensics.catalogue.lint.judge import Judge, Verdict
from forensics.catalogue.lint.run import CHECKS, lint

__all__ = ["CHECKS", "Check", "Context", "Issue", "Judge", "Severity", "Verdict", "lint"]
