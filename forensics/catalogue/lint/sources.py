"""Checks of sources and citations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.catalogue.lint.issues import Check, Context, Issue, Severity, place
from forensics.model.catalogue import NodeValues, Statement

__all__ = [
    "FallbackFromSameCase",
    "GradeAboveSource",
    "SourceCountedTwice",
    "SourceIncomplete",
    "SourceListedTwice",
    "SourceUnused",
]


def _statements(values: NodeValues) -> Iterator[Statement]:
    yield from values.statements
    yield from values.fallback


class SourceIncomplete(Check):
    id = "source-incomplete"
    description = "A source without an address or a date cannot be looked up again."
    advice = "Add it to sources.yaml, or say in the note why there is none."

    def check(self, context: Context) -> Iterator[Issue]:
        for source in context.catalogue.sources.values():
            missing = [key for key in ("address", "date") if not getattr(source, key)]
            if missing:
                # Pages without a date exist, and books without an address: with a note that is a note.
                severity = Severity.NOTE if source.note or len(missing) == 1 else Severity.WARNING
                message = f"the source {source.id} has no {' and no '.join(missing)}."
                yield self.issue(context.entry("sources.yaml", source.id), message, severity)


class SourceListedTwice(Check):
    id = "source-listed-twice"
    description = "Two entries with one address are one source."
    advice = "Keep one entry, or give both the same same_origin."

    def check(self, context: Context) -> Iterator[Issue]:
        first: dict[str, str] = {}
        sources = context.catalogue.sources
        for source in sources.values():
            address = source.address.rstrip("/").casefold()
            if not address:
                continue
            other = first.setdefault(address, source.id)
            if other != source.id and sources[other].origin != source.origin:
                where = context.entry("sources.yaml", source.id)
                yield self.issue(where, f"the sources {other} and {source.id} have the same address.")


class SourceCountedTwice(Check):
    id = "source-counted-twice"
    severity = Severity.NOTE
    description = "Sources of one origin under one value count once; a source named twice is a slip."
    advice = "Keep the one of the better grade, or leave both for the reader: the weight is that of one."

    def check(self, context: Context) -> Iterator[Issue]:
        for node in context.nodes:
            for values in node.values:
                for statement in _statements(values):
                    yield from self._statement(context, values, statement)

    def _statement(self, context: Context, values: NodeValues, statement: Statement) -> Iterator[Issue]:
        first: dict[str, str] = {}
        for citation in statement.citations:
            origin = context.catalogue.sources[citation.source].origin
            other = first.get(origin)
            first.setdefault(origin, citation.source)
            if other == citation.source:
                message = f"{values.trait}: the source {citation.source} is named twice."
                yield self.issue(place(values), message, Severity.WARNING)
            elif other is not None:
                yield self.issue(place(values), f"{values.trait}: {other} and {citation.source} are of one origin.")


class GradeAboveSource(Check):
    id = "grade-above-source"
    description = "A citation's letter grades the source; it should not be better than the source's own reliability."
    advice = (
        "Correct the letter here, or the reliability in sources.yaml; a digit says how credible the information is."
    )

    def check(self, context: Context) -> Iterator[Issue]:
        for node in context.nodes:
            for values in node.values:
                for statement in _statements(values):
                    for citation in statement.citations:
                        letter, own = citation.grade[0], context.catalogue.sources[citation.source].reliability
                        if letter < own and own != "F":
                            message = (
                                f"{values.trait}: {citation.source} is cited as {citation.grade} and listed as {own}."
                            )
                            yield self.issue(place(values), message)


class SourceUnused(Check):
    id = "source-unused"
    severity = Severity.NOTE
    description = "A source that nothing cites."
    advice = "Cite it, or keep it for later."
    needs_whole = True

    def check(self, context: Context) -> Iterator[Issue]:
        catalogue = context.catalogue
        cited = {source for rule in catalogue.limitations for source in rule.sources}
        cited.update(source for grammar in catalogue.vocabulary.grammars.values() for source in grammar.sources)
        all_nodes: Sequence[NodeValues] = [values for node in context.nodes for values in node.values]
        cited.update(c.source for values in all_nodes for s in _statements(values) for c in s.citations)
        for source in sorted(set(catalogue.sources) - cited):
            yield self.issue(context.entry("sources.yaml", source), f"nothing cites the source {source}.")


class FallbackFromSameCase(Check):
    id = "fallback-from-same-case"
    severity = Severity.ERROR
    description = "A fallback stands in when a case is left out; it cannot rest on the same case."
    advice = "Let the fallback cite what was known before, or remove it."

    def check(self, context: Context) -> Iterator[Issue]:
        for node in context.nodes:
            for values in node.values:
                primary = {case for s in values.statements for c in s.citations for case in c.cases}
                shared = {case for s in values.fallback for c in s.citations for case in c.cases} & primary
                if shared:
                    message = f"{values.trait}: the fallback was learned from {', '.join(sorted(shared))} as well."
                    yield self.issue(place(values), message)
                elif values.fallback and not primary:
                    message = f"{values.trait}: has a fallback, but no citation that a case could leave out."
                    yield self.issue(place(values), message, Severity.WARNING)
