"""Checks that ask the comparison engine: does the catalogue do what its editors say it does?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from forensics.catalogue.lint.issues import Check, Context, Issue, Severity, place
from forensics.catalogue.lint.judge import Verdict
from forensics.model.catalogue import ExampleCase, Signature

HARD_LOG10 = 0.5
"""Below this two types of one kind are near-duplicates, however little is stated of them."""

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
    description = "Types of one class or pattern that an ordinary sheet does not tell apart."
    advice = "Where public knowledge ends, declare them confusable_with each other; otherwise find the trait named."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        signatures = context.catalogue.signatures
        pairs = context.judge.not_separable() if context.judge else ()
        known = [pair for pair in pairs if pair.first in signatures and pair.second in signatures]
        left_out: Counter[str] = Counter()
        for pair in known:
            first, second = signatures[pair.first], signatures[pair.second]
            related = _related(first, second)
            if pair.hardly_documented and not (related and pair.expected_log10_lr < HARD_LOG10):
                left_out.update(pair.hardly_documented)
                continue
            message = (
                f"{first.id} and {second.id} are not told apart"
                f" (expected weight 10^{pair.expected_log10_lr:.1f}): {pair.missing}."
            )
            # Said once, at the first of the two; a declared pair is known and only noted.
            surprising = related and second.id not in first.confusable_with
            yield self.issue((first.path, 1), message, Severity.WARNING if surprising else Severity.NOTE)
        for type_id, count in sorted(left_out.items()):
            message = f"{type_id} states too little to be told from {count} other types."
            yield self.issue((signatures[type_id].path, 1), message, Severity.NOTE)


def _related(first: Signature, second: Signature) -> bool:
    """Types an examiner would weigh against each other: of one class, or of one pattern."""
    return first.class_id == second.class_id or (first.pattern is not None and first.pattern == second.pattern)


class CrowdsOut(Check):
    id = "crowds-out"
    description = "A type that makes others harder to name: with it in the catalogue they end in a tie."
    advice = "State what tells it from them, or accept the tie: declare them confusable_with each other."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            others = context.judge.crowded_out(signature.id) if context.judge else ()
            if others:
                # A declared neighbour is an accepted tie.
                accepted = set(others) <= set(signature.confusable_with)
                message = f"{signature.id} makes {', '.join(others)} harder to name."
                yield self.issue((signature.path, 1), message, Severity.NOTE if accepted else Severity.WARNING)


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
