"""Checks of how a signature is kept: drafts, examples, windows, stubs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from forensics.catalogue.lint.issues import Check, Context, Issue, Severity

__all__ = [
    "ConfusableNotMutual",
    "DraftExpired",
    "DraftWithoutOwner",
    "ExampleMissing",
    "ExampleNotFound",
    "Stub",
    "WindowBeforeService",
]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class ConfusableNotMutual(Check):
    id = "confusable-not-mutual"
    description = "If A is easily taken for B, then B for A."
    advice = "Add it there, or remove it here."

    def check(self, context: Context) -> Iterator[Issue]:
        signatures = context.catalogue.signatures
        for signature in context.types:
            for other in signature.confusable_with:
                if other in signatures and signature.id not in signatures[other].confusable_with:
                    where = (signature.path, context.line(signature.path, "confusable_with"))
                    message = f"{signature.id} is confusable with {other}, but not the other way round."
                    # Nobody edits reviewed files for a draft: that is done when it is promoted.
                    severity = Severity.NOTE if signature.status == "draft" else self.severity
                    yield self.issue(where, message, severity)


class ExampleMissing(Check):
    id = "example-missing"
    description = "A signature without an example case has never been tried."
    advice = "Record a case (a solved one, or one built from its own values) and name it under examples."

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            if signature.status == "draft" or signature.examples or not signature.values:
                continue
            severity = Severity.ERROR if signature.status == "validated" else Severity.WARNING
            yield self.issue((signature.path, 1), f"{signature.id} is {signature.status} and has no example.", severity)


class ExampleNotFound(Check):
    id = "example-not-found"
    severity = Severity.ERROR
    description = "An example or counterexample whose case does not exist, or lies outside the collection."
    advice = (
        "Give the path from the catalogue (examples/name.csv) or from the folder that holds it (images/samples/name)."
    )

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            for key, cases in (("examples", signature.examples), ("counterexamples", signature.counterexamples)):
                for number, case in enumerate(cases):
                    problem = _problem(context.folder, case.case)
                    if problem:
                        where = (signature.path, context.line(signature.path, key, number))
                        yield self.issue(where, f"the case {case.case!r} {problem}.")


def _problem(folder: Path, case: str) -> str:
    """What is wrong with the path of a case, taken from the catalogue folder or from the folder that holds it."""
    path = PurePosixPath(case)
    root = folder.resolve().parent
    if path.is_absolute() or ".." in path.parts or not (root / path).resolve().is_relative_to(root):
        return "leads out of the collection"
    return "" if (root / path).exists() or (folder / path).exists() else "does not exist"


class DraftExpired(Check):
    id = "draft-expired"
    description = "A draft past its date of review, or with a date nobody can read."
    advice = "Review it: promote it, renew the date, or withdraw it. Write review_by: 2027-06-30."

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            if signature.status != "draft":
                continue
            where = (signature.path, context.line(signature.path, "review_by"))
            due = _date(signature.review_by)
            if not signature.review_by:
                yield self.issue(where, f"the draft {signature.id} has no date of review.")
            elif due is None:
                yield self.issue(where, f"{signature.review_by!r} is not a date.")
            elif due < context.today:
                yield self.issue(where, f"the draft {signature.id} was to be reviewed by {signature.review_by}.")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


class DraftWithoutOwner(Check):
    id = "draft-without-owner"
    description = "A draft nobody answers for stays a draft."
    advice = "Write owner: and a name or a desk."

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            if signature.status == "draft" and not signature.owner:
                yield self.issue(
                    (signature.path, context.line(signature.path, "status")), f"{signature.id} has no owner."
                )


class WindowBeforeService(Check):
    id = "window-before-service"
    severity = Severity.ERROR
    description = "A production window that ends before the type entered service, or begins after it left."
    advice = "Check both windows."

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            production, service = signature.production, signature.service
            where = (signature.path, context.line(signature.path, "production"))
            if production.last is not None and service.first is not None and production.last < service.first:
                yield self.issue(where, f"production ends in {production.last}, service begins in {service.first}.")
            if production.first is not None and service.last is not None and production.first > service.last:
                yield self.issue(where, f"production begins in {production.first}, service ends in {service.last}.")


class Stub(Check):
    id = "stub"
    severity = Severity.NOTE
    description = "A type that states no value of its own cannot be told from the rest of its family."
    advice = "'forensics catalogue coverage' lists what to find out."

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            if not signature.values:
                yield self.issue((signature.path, 1), f"{signature.id} states nothing of its own.")
