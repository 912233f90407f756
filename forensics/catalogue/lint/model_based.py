"""Checks that ask the comparison engine: does the catalogue do what its editors say it does?"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.catalogue.lint.issues import Check, Context, Issue, Severity, place
from forensics.catalogue.lint.judge import Verdict
from forensics.model.catalogue import ExampleCase

__all__ = ["BoundReached", "CounterexampleFits", "CrowdsOut", "ExampleDiffers", "NotSeparable"]


class ExampleDiffers(Check):
    id = "example-differs"
    severity = Severity.ERROR
    description = "An example that does not come out as stated."
    advice = "'forensics explain' shows why; correct the values, or what the example states."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            for number, example in enumerate(signature.examples):
                verdict = context.judge.verdict(example.case) if context.judge else None
                if verdict is None:
                    continue
                for message in _differences(signature.id, example, verdict):
                    yield self.issue((signature.path, context.line(signature.path, "examples", number)), message)


def _differences(type_id: str, example: ExampleCase, verdict: Verdict) -> Iterator[str]:
    if example.outcome is not None and verdict.outcome != example.outcome:
        yield f"{example.case} comes out as {verdict.outcome}, not as {example.outcome}."
    elif example.members and set(verdict.members) != set(example.members):
        yield f"{example.case} names {', '.join(verdict.members) or 'nothing'}, not {', '.join(example.members)}."
    elif not example.members and example.outcome is None and type_id not in verdict.members:
        yield f"{example.case} does not name {type_id}."


class CounterexampleFits(Check):
    id = "counterexample-fits"
    severity = Severity.ERROR
    description = "A counterexample in which the excluded type is named after all."
    advice = "Find the trait that should tell them apart; 'forensics catalogue diff' lists them."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            for number, example in enumerate(signature.counterexamples):
                verdict = context.judge.verdict(example.case) if context.judge else None
                for excluded in (example.excludes or (signature.id,)) if verdict else ():
                    if verdict is not None and excluded in verdict.members:
                        where = (signature.path, context.line(signature.path, "counterexamples", number))
                        yield self.issue(where, f"{example.case} names {excluded}.")


class NotSeparable(Check):
    id = "not-separable"
    description = "Types that an ordinary sheet of traits that normally survive does not tell apart."
    advice = "Expected where public knowledge ends; otherwise find the trait named."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        signatures = context.catalogue.signatures
        for pair in context.judge.not_separable() if context.judge else ():
            first, second = signatures.get(pair.first), signatures.get(pair.second)
            if first is None or second is None:
                continue
            missing = f" Stated for one only: {', '.join(pair.would_separate[:3])}." if pair.would_separate else ""
            message = (
                f"{first.id} and {second.id} are not told apart"
                f" (expected weight 10^{pair.expected_log10_lr:.1f}).{missing}"
            )
            # Said once, at the first of the two; a declared pair is known and only noted.
            declared = second.id in first.confusable_with
            yield self.issue((first.path, 1), message, Severity.NOTE if declared else Severity.WARNING)


class CrowdsOut(Check):
    id = "crowds-out"
    description = "A type that makes others harder to name: with it in the catalogue they end in a tie."
    advice = "State what tells it from them, or accept the tie."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            others = context.judge.crowded_out(signature.id) if context.judge else ()
            if others:
                yield self.issue((signature.path, 1), f"{signature.id} makes {', '.join(others)} harder to name.")


class BoundReached(Check):
    id = "bound-reached"
    description = "A value so rare that one finding of it would exceed what a single trait may carry."
    advice = "Nothing is lost, the bound holds; check the background rate in population.yaml."
    severity = Severity.NOTE
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        judge = context.judge
        if judge is None:
            return
        for signature in context.types:
            for values in signature.values:
                strongest = judge.strongest_log10(signature.id, values.trait)
                if strongest is not None and strongest > judge.trait_bound_log10:
                    message = (
                        f"{values.trait}: up to 10^{strongest:.1f} before the bound 10^{judge.trait_bound_log10:.1f}."
                    )
                    yield self.issue(place(values), message)
