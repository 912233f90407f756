"""Checks of traits, values and grammars against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forensics.catalogue.lint.issues import Check, Context, Issue, Severity, place
from forensics.catalogue.readers.grammars import read_pattern
from forensics.model.catalogue import DesignPattern, Family, NodeValues, State

__all__ = ["EdgeOutsideBlock", "GrammarExample", "LonelyTrait", "UnitNotInName", "UnusedTrait", "ValueAboveItsLevel"]


class LonelyTrait(Check):
    id = "lonely-trait"
    severity = Severity.NOTE
    description = "A trait that only one node states carries no comparison with another type."
    advice = "Find the same trait of a type it is confusable with."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        stated: dict[str, list[NodeValues]] = defaultdict(list)
        for node in context.nodes:
            for values in node.values:
                stated[values.trait].append(values)
        for trait, several in sorted(stated.items()):
            if len(several) == 1:
                yield self.issue(place(several[0]), f"no other file states {trait}.")


class UnusedTrait(Check):
    id = "unused-trait"
    severity = Severity.NOTE
    description = "A trait of the vocabulary that no signature states weighs nothing in any case."
    advice = "State it somewhere, or leave it for later."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        stated = {values.trait for node in context.nodes for values in node.values}
        for trait in context.catalogue.vocabulary.traits.values():
            if trait.id not in stated and trait.kind.value not in ("date", "score"):
                where = ("vocabulary/traits.yaml", context.line("vocabulary/traits.yaml", trait.id))
                yield self.issue(where, f"no signature states {trait.id}.")


class ValueAboveItsLevel(Check):
    id = "value-above-its-level"
    severity = Severity.NOTE
    description = "A value stated above the level its trait varies at: the types below may well differ."
    advice = "Move it to the types the source speaks of."

    def check(self, context: Context) -> Iterator[Issue]:
        floors = {"state": 0, "family": 1, "type": 2}
        for node in context.nodes:
            floor = 0 if isinstance(node, State) else 1 if isinstance(node, Family | DesignPattern) else 2
            for values in node.values:
                level = context.catalogue.vocabulary.traits[values.trait].level
                # One floor up is ordinary: variants of a family share much. A whole state rarely shares a diameter.
                if floors[level] - floor > 1:
                    yield self.issue(
                        place(values), f"{values.trait} varies by {level} and is stated for all of {node.id}."
                    )


class UnitNotInName(Check):
    id = "unit-not-in-name"
    description = "The unit belongs into the id of a measured trait, so that nobody records inches."
    advice = "Let the id end in _ and the unit."

    def check(self, context: Context) -> Iterator[Issue]:
        for trait in context.catalogue.vocabulary.traits.values():
            if trait.kind.value == "measured" and trait.unit and not trait.id.endswith(f"_{trait.unit.casefold()}"):
                where = ("vocabulary/traits.yaml", context.line("vocabulary/traits.yaml", trait.id))
                yield self.issue(where, f"{trait.id} is measured in {trait.unit}.")


class EdgeOutsideBlock(Check):
    id = "edge-outside-block"
    severity = Severity.ERROR
    description = "An edge joins two traits of one block; between blocks independence is assumed."
    advice = "Remove the edge, or move a trait to the block."

    def check(self, context: Context) -> Iterator[Issue]:
        vocabulary = context.catalogue.vocabulary
        for block in vocabulary.blocks.values():
            for number, pair in enumerate(block.edges):
                outside = [t for t in pair if t in vocabulary.traits and vocabulary.traits[t].block != block.id]
                if outside:
                    where = (
                        "vocabulary/blocks.yaml",
                        context.line("vocabulary/blocks.yaml", block.id, "edges", number),
                    )
                    yield self.issue(where, f"{' and '.join(outside)} is not of the block {block.id}.")


class GrammarExample(Check):
    id = "grammar-example"
    severity = Severity.ERROR
    description = "A grammar must read its examples and must not read its counterexamples."
    advice = "Correct the pattern or the example."

    def check(self, context: Context) -> Iterator[Issue]:
        file = "vocabulary/grammars.yaml"
        for grammar in context.catalogue.vocabulary.grammars.values():
            pattern = read_pattern(grammar.pattern)
            for example in grammar.examples:
                if not pattern.reads(example):
                    where = (file, context.line(file, grammar.id, "examples"))
                    yield self.issue(where, f"{grammar.id} does not read its example {example!r}.")
            for example in grammar.counterexamples:
                if pattern.reads(example):
                    where = (file, context.line(file, grammar.id, "counterexamples"))
                    yield self.issue(where, f"{grammar.id} reads its counterexample {example!r}.")
