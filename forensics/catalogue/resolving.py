"""From signatures as written to hypotheses: inheritance, grades turned to weights, left-out cases removed.

The tree has three floors, and a design pattern may stand beside it. A value at a type replaces the family's, a
family's the pattern's, a pattern's the state's; what is inherited loses weight by the distance:
``inheritance_state_family`` from a state, ``inheritance_pattern_type`` from a pattern, ``inheritance_family_type`` from
a family (docs/method.md 3.2). A pattern passes on what a copy is known to share with its original although nobody
measured the copy. Leaving out comes first: a node whose every citation is left out states nothing, unless it has a
fallback, and what stands above it is inherited again, exactly as if the left-out sources had never been read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from forensics.catalogue.weights import best_citation, disagreeing, fused
from forensics.model.catalogue import (
    Catalogue,
    Citation,
    DesignPattern,
    Expectation,
    Family,
    Hypothesis,
    NodeValues,
    Signature,
    State,
    Statement,
    YearWindow,
)

__all__ = ["OTHER", "UNLISTED", "Node", "incidents", "nodes", "resolve", "resolved_values", "values_learned_from"]

UNLISTED = "unlisted@"
OTHER = "other"

_Nothing: frozenset[str] = frozenset()

Node = State | DesignPattern | Family | Signature
"""Where values can stand."""


def resolve(
    catalogue: Catalogue,
    *,
    without_cases: Collection[str] = _Nothing,
    without_sources: Collection[str] = _Nothing,
    classes: Sequence[str] = (),
    states: Sequence[str] = (),
    event_year: int | None = None,
    include_drafts: bool = True,
) -> tuple[tuple[Hypothesis, ...], tuple[str, ...]]:
    """The leaves of the tree with their resolved expectations.

    Parameters
    ----------
    without_cases : incidents whose citations are left out (leave-case-out, docs/method.md 7).
    without_sources : source ids, or same-origin keys, whose citations are left out.
    classes, states : the relevant population; empty means all.
    event_year : Gregorian; a type first in service later is not of the population.
    include_drafts : whether draft signatures take part, marked by their status.

    Returns
    -------
    Listed types sorted by id, then ``unlisted@STATE`` for every catalogued state, then ``unlisted@other``; and the ids
    of the types the population leaves out. Withdrawn types are in neither.
    """
    resolver = _Resolver(catalogue, frozenset(without_cases), frozenset(without_sources))
    listed: list[Hypothesis] = []
    excluded: list[str] = []
    for signature in sorted(catalogue.signatures.values(), key=lambda signature: signature.id):
        if signature.status == "withdrawn" or (signature.status == "draft" and not include_drafts):
            continue
        if _in_population(signature, classes, states, event_year):
            listed.append(resolver.type_hypothesis(signature))
        else:
            excluded.append(signature.id)
    unlisted = [resolver.unlisted(state) for state in sorted(catalogue.states)]
    other = Hypothesis(id=f"{UNLISTED}{OTHER}", name="an unlisted design of another state", listed=False, state=OTHER)
    return (*listed, *unlisted, other), tuple(excluded)


def values_learned_from(catalogue: Catalogue, cases: Iterable[str]) -> tuple[str, ...]:
    """Values that rest, wholly or partly, on any of the cases, as ``hwasong-11a: igniter_bolt_ring``, sorted."""
    wanted = frozenset(cases)
    found = set()
    for node in nodes(catalogue):
        for values in node.values:
            statements = values.statements + values.fallback
            if any(wanted.intersection(c.cases) for statement in statements for c in statement.citations):
                found.add(f"{node.id}: {values.trait}")
    return tuple(sorted(found))


def resolved_values(
    catalogue: Catalogue,
    values: NodeValues,
    stated_at: str,
    *,
    without_cases: frozenset[str] = _Nothing,
    without_sources: frozenset[str] = _Nothing,
) -> Expectation | None:
    """One trait of one node with its weights, before any inheritance loss; None when nothing is left of it."""
    resolver = _Resolver(catalogue, without_cases, without_sources)
    return resolver.expectation(values, stated_at)


def incidents(catalogue: Catalogue) -> frozenset[str]:
    """Every incident some value was learned from, primary or fallback."""
    return frozenset(
        case
        for node in nodes(catalogue)
        for values in node.values
        for statement in values.statements + values.fallback
        for citation in statement.citations
        for case in citation.cases
    )


def nodes(catalogue: Catalogue) -> tuple[Node, ...]:
    """Every node values can stand at: states, design patterns, families, types."""
    return (
        *catalogue.states.values(),
        *catalogue.design_patterns.values(),
        *catalogue.families.values(),
        *catalogue.signatures.values(),
    )


def _in_population(signature: Signature, classes: Sequence[str], states: Sequence[str], event_year: int | None) -> bool:
    if classes and signature.class_id not in classes:
        return False
    if states and signature.state not in states:
        return False
    first = signature.service.first
    return event_year is None or first is None or first <= event_year


def _known(window: YearWindow) -> bool:
    return window.first is not None or window.last is not None


class _Resolver:
    """Resolves nodes once each; a family's values serve all its types."""

    def __init__(self, catalogue: Catalogue, without_cases: frozenset[str], without_sources: frozenset[str]) -> None:
        self.catalogue = catalogue
        self.parameters = catalogue.parameters
        self.without_cases = without_cases
        self.without_sources = without_sources
        self._own: dict[tuple[str, str], dict[str, Expectation]] = {}
        # A family and a state are inherited by many leaves: the reduced expectations are made once.
        self._inherited: dict[tuple[str, str], dict[str, Expectation]] = {}

    def type_hypothesis(self, signature: Signature) -> Hypothesis:
        expectations = {
            **self._lost("state", self.catalogue.states.get(signature.state), "inheritance_state_family"),
            **self._lost(
                "pattern", self.catalogue.design_patterns.get(signature.pattern or ""), "inheritance_pattern_type"
            ),
            **self._lost("family", self.catalogue.families.get(signature.family), "inheritance_family_type"),
            **self._of("type", signature),
        }
        return Hypothesis(
            id=signature.id,
            name=signature.name,
            listed=True,
            state=signature.state,
            family=signature.family,
            pattern=signature.pattern,
            class_id=signature.class_id,
            status=signature.status,
            production=signature.production if _known(signature.production) else signature.service,
            expectations=dict(sorted(expectations.items())),
        )

    def unlisted(self, state_id: str) -> Hypothesis:
        state = self.catalogue.states[state_id]
        expectations = self._lost("state", state, "inheritance_state_family")
        return Hypothesis(
            id=f"{UNLISTED}{state_id}",
            name=f"an unlisted design of {state.name}",
            listed=False,
            state=state_id,
            expectations=dict(sorted(expectations.items())),
        )

    def expectation(self, values: NodeValues, stated_at: str) -> Expectation | None:
        statements = self._kept(values.statements) or self._kept(values.fallback)
        if not statements:
            return None
        sources = self.catalogue.sources
        weights = disagreeing([fused(s.citations, sources, self.parameters) for s in statements])
        best = best_citation([c for statement in statements for c in statement.citations], self.parameters)
        return Expectation(
            trait=values.trait,
            statements=tuple(
                statement.model_copy(update={"weight": weight})
                for statement, weight in zip(statements, weights, strict=True)
            ),
            stated_at=stated_at,
            origin=sources[best.source].origin,
            line=values.line,
        )

    def _kept(self, statements: Sequence[Statement]) -> list[Statement]:
        if not self.without_cases and not self.without_sources:
            return list(statements)
        kept = []
        for statement in statements:
            citations = tuple(citation for citation in statement.citations if not self._left_out(citation))
            if citations:
                kept.append(statement.model_copy(update={"citations": citations}))
        return kept

    def _left_out(self, citation: Citation) -> bool:
        if self.without_cases.intersection(citation.cases):
            return True
        if not self.without_sources:
            return False
        return not self.without_sources.isdisjoint((citation.source, self.catalogue.sources[citation.source].origin))

    def _of(self, floor: str, node: Node) -> dict[str, Expectation]:
        key = (floor, node.id)
        if key not in self._own:
            # A pattern is often called like the type it comes from; where a value stands must stay clear.
            stated_at = f"pattern {node.id}" if floor == "pattern" else node.id
            resolved = ((values.trait, self.expectation(values, stated_at)) for values in node.values)
            self._own[key] = {trait: found for trait, found in resolved if found is not None}
        return self._own[key]

    def _lost(self, floor: str, node: State | DesignPattern | Family | None, loss: str) -> dict[str, Expectation]:
        """What a node passes down, every weight multiplied by one minus the loss."""
        if node is None:
            return {}
        key = (floor, node.id)
        if key not in self._inherited:
            keep = 1.0 - self.parameters[loss]
            self._inherited[key] = {
                trait: expectation.model_copy(
                    update={
                        "statements": tuple(
                            statement.model_copy(update={"weight": statement.weight * keep})
                            for statement in expectation.statements
                        )
                    }
                )
                for trait, expectation in self._of(floor, node).items()
            }
        return self._inherited[key]
