"""Numbers into the result document; every sentence in it is left to the report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.assess.bootstrap import Replicates
from forensics.assess.conclusion import Verdict
from forensics.assess.engine import Weighing
from forensics.assess.evidence import Record
from forensics.assess.shapley import leaf_contributions
from forensics.assess.ties import indistinguishable, separating_traits
from forensics.assess.tree import OTHER, Tree
from forensics.model.catalogue import Catalogue, Hypothesis, Parameters
from forensics.model.result import (
    Candidate,
    Conclusion,
    EvidenceLine,
    Leaf,
    Node,
    NotCatalogued,
    Proposition,
    ReadingWeight,
    SourceEntry,
)

__all__ = ["Pieces", "parameters_digest", "rounded"]

Floats = NDArray[np.float64]

OTHER_NAME = "another state"
SIGNIFICANT_DIGITS = 9


def rounded(value: float | Floats) -> float:
    """A number as the document holds it: nine significant digits, no negative zero.

    Sums that differ in the last bit between machines print the same.
    """
    return float(f"{float(value):.{SIGNIFICANT_DIGITS}g}") + 0.0


def parameters_digest(parameters: Parameters) -> str:
    """SHA-256 over names and values of the parameters."""
    text = json.dumps({name: entry.value for name, entry in parameters.entries.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Pieces:
    """The parts of the result document that hold numbers, made from one weighing."""

    def __init__(
        self, weighing: Weighing, tree: Tree, verdict: Verdict, replicates: Replicates, catalogue: Catalogue
    ) -> None:
        self.weighing, self.tree, self.verdict = weighing, tree, verdict
        self.replicates, self.catalogue = replicates, catalogue
        self.hypotheses = weighing.evidence.hypotheses
        self.posterior = tree.posterior(weighing.log_lr)
        self.log10 = weighing.log10_lr
        self.known = weighing.known.sum(axis=0)
        self.documented: NDArray[np.bool_] = np.asarray(weighing.own.any(axis=0), dtype=bool)

    # -- leaves ----------------------------------------------------------------------------------------------------

    def ranking(self) -> tuple[Candidate, ...]:
        """Every leaf, the most probable observations first; equal ones by id."""
        contributions = leaf_contributions(self.weighing)
        low, high = self.replicates.leaf_intervals()
        order = sorted(range(len(self.hypotheses)), key=lambda h: (-rounded(self.log10[h]), self.hypotheses[h].id))
        return tuple(self._candidate(h, contributions[:, h], (float(low[h]), float(high[h]))) for h in order)

    def _candidate(self, h: int, contributions: Floats, interval: tuple[float, float]) -> Candidate:
        leaf = self.hypotheses[h]
        return Candidate(
            id=leaf.id,
            name=leaf.name,
            listed=leaf.listed,
            family=leaf.family,
            family_name=self._family_name(leaf.family),
            state=leaf.state,
            state_name=self.state_name(leaf.state),
            pattern=leaf.pattern,
            log10_lr=rounded(self.log10[h]),
            interval=(rounded(interval[0]), rounded(interval[1])),
            posterior=rounded(self.posterior[h]),
            prior=rounded(self.tree.prior[h]),
            known_traits=int(self.known[h]),
            status=leaf.status,
            confusable_with=self._confusable(leaf.id),
            evidence=tuple(
                self._line(record, h, float(self.weighing.alone[row, h]), float(contributions[row]))
                for row, record in enumerate(self.weighing.evidence.records)
            ),
        )

    def _confusable(self, leaf_id: str) -> tuple[str, ...]:
        signature = self.catalogue.signatures.get(leaf_id)
        return signature.confusable_with if signature is not None else ()

    def _line(self, record: Record, h: int, alone: float, contribution: float) -> EvidenceLine:
        comparison = record.comparison
        given = int(self.weighing.evidence.order[h])
        observation = comparison.findings[0].observation
        trait = self.catalogue.vocabulary.traits.get(record.trait)
        return EvidenceLine(
            observation=observation.id,
            item=observation.item,
            trait=record.trait,
            trait_name=trait.names.en[0] if trait is not None and trait.names.en else record.trait,
            observed=comparison.table.labels[0] if comparison.table.labels else "",
            expected=comparison.expected[given],
            match=comparison.match[given],
            log10_lr=rounded(alone),
            contribution_log10=rounded(contribution),
            block=record.block,
            because=comparison.because[given],
            quality=rounded(record.quality),
            weight=rounded(record.weight[h]),
            likelihood=rounded(record.likelihood[h]),
            background=rounded(record.background),
            sources=_cited(self.hypotheses[h], record.trait),
            photograph=observation.provenance.photograph,
            box=observation.provenance.box,
        )

    def _family_name(self, family: str | None) -> str:
        if family is None:
            return ""
        return self.catalogue.families[family].name if family in self.catalogue.families else family

    def state_name(self, state: str) -> str:
        """The name of a state; "another state" for the rest of the world."""
        if state == OTHER:
            return OTHER_NAME
        return self.catalogue.states[state].name if state in self.catalogue.states else state

    # -- nodes -----------------------------------------------------------------------------------------------------

    def families(self) -> tuple[Node, ...]:
        """Families with a listed member, the best supported first."""
        chosen = {name: mask for name, mask in self.tree.families.items() if (mask & self.tree.listed).any()}
        return self._nodes(chosen, {name: self._family_name(name) for name in chosen})

    def states(self) -> tuple[Node, ...]:
        """States, their unlisted designs included, the best supported first."""
        return self._nodes(self.tree.states, {name: self.state_name(name) for name in self.tree.states})

    def _nodes(self, masks: dict[str, NDArray[np.bool_]], names: dict[str, str]) -> tuple[Node, ...]:
        ids = list(masks)
        if not ids:
            return ()
        ratios = self.tree.nodes_log10([masks[i] for i in ids], self.weighing.log_lr)
        low, high = np.quantile(
            self.tree.nodes_log10([masks[i] for i in ids], self.replicates.log_lr), (0.05, 0.95), axis=0
        )
        nodes = []
        for k, node in enumerate(ids):
            spread = self.tree.range(masks[node], self.weighing.log_lr)
            nodes.append(
                Node(
                    id=node,
                    name=names[node],
                    members=tuple(self.hypotheses[h].id for h in np.flatnonzero(masks[node])),
                    log10_lr=rounded(ratios[k]),
                    interval=(rounded(low[k]), rounded(high[k])),
                    best_in_best_out=rounded(spread.best_in_best_out),
                    worst_in_best_out=rounded(spread.worst_in_best_out),
                    posterior=rounded(self.posterior[masks[node]].sum()),
                    prior=rounded(self.tree.prior[masks[node]].sum()),
                )
            )
        return tuple(sorted(nodes, key=lambda node: (-node.log10_lr, node.id)))

    def not_catalogued(self) -> NotCatalogued:
        """The open-set proposition, against the listed types together."""
        unlisted = ~self.tree.listed
        leaves = [
            Leaf(
                state=self.hypotheses[h].state,
                name=self.state_name(self.hypotheses[h].state),
                log10_lr=rounded(self.log10[h]),
                posterior=rounded(self.posterior[h]),
            )
            for h in np.flatnonzero(unlisted)
        ]
        return NotCatalogued(
            log10_lr=rounded(self.tree.node_log10(unlisted, self.weighing.log_lr)),
            posterior=rounded(self.posterior[unlisted].sum()),
            prior=rounded(self.tree.prior[unlisted].sum()),
            leaves=tuple(sorted(leaves, key=lambda leaf: (-leaf.log10_lr, leaf.state))),
        )

    # -- conclusion ------------------------------------------------------------------------------------------------

    def members(self) -> list[int]:
        """Documented types of the tie set, best first; none where no catalogued type fits."""
        if self.verdict.outcome == "none_fits":
            return []
        return [h for h in self.verdict.tie if self.hypotheses[h].listed and self.documented[h]]

    def conclusion(self) -> Conclusion:
        """What may be said, capped at the reporting limit."""
        verdict = self.verdict
        cap = self.weighing.evidence.settings.report_cap_log10
        members = self.members()
        drawn = self.tree.node_log10(verdict.members, self.replicates.log_lr)
        low, high = self.replicates.interval(drawn)
        state_lr = None
        if verdict.state is not None:
            state_lr = min(cap, float(self.tree.node_log10(self.tree.states[verdict.state], self.weighing.log_lr)))
        alike = [
            "indistinguishable:" + "|".join(self.hypotheses[h].id for h in group)
            for group in indistinguishable(self.weighing, members)
        ]
        scored = {record.trait for record in self.weighing.evidence.records}
        return Conclusion(
            outcome=verdict.outcome,
            level=verdict.level,
            node=verdict.node,
            node_name=self._node_name(verdict),
            members=tuple(self.hypotheses[h].id for h in members),
            strength=verdict.strength,
            statement="",
            log10_lr=rounded(min(verdict.log10_lr, cap)),
            uncapped_log10_lr=rounded(verdict.log10_lr),
            capped=verdict.log10_lr > cap,
            interval=(rounded(min(low, cap)), rounded(min(high, cap))) if verdict.members.any() else None,
            state=verdict.state,
            state_name=self.state_name(verdict.state) if verdict.state else "",
            state_log10_lr=None if state_lr is None else rounded(state_lr),
            reasons=(*verdict.reasons, *alike),
            separating_traits=separating_traits(self.hypotheses, members, scored),
        )

    def _node_name(self, verdict: Verdict) -> str:
        if verdict.node is None:
            return ""
        if verdict.level == "type":
            return next(leaf.name for leaf in self.hypotheses if leaf.id == verdict.node)
        if verdict.level == "pattern":
            names = self.catalogue.patterns.get(verdict.node)
            return names.en[0] if names is not None and names.en else verdict.node
        return self._family_name(verdict.node) if verdict.level == "family" else self.state_name(verdict.node)

    def propositions(self) -> tuple[Proposition, ...]:
        """What is compared, as ids: the reported node against everything else, its state, and the open set."""
        verdict = self.verdict
        ids = []
        if verdict.node is not None:
            ids += [f"in:{verdict.level}:{verdict.node}", f"out:{verdict.level}:{verdict.node}"]
        elif verdict.tie:
            ids += ["in:set", "out:set"]
        if verdict.state is not None and verdict.level != "state":
            ids += [f"in:state:{verdict.state}", f"out:state:{verdict.state}"]
        ids += ["listed", "unlisted"]
        return tuple(Proposition(id=name, text="") for name in ids)

    def readings(self) -> tuple[ReadingWeight, ...]:
        """Weights of competing readings under the types of the tie set and the unlisted designs."""
        shown = {self.hypotheses[h].id for h in self.members()[:10]}
        shown |= {leaf.id for leaf in self.hypotheses if not leaf.listed and self._concerns(leaf)}
        return tuple(
            ReadingWeight(hypothesis=name, reading=reading, weight=rounded(weight))
            for record in self.weighing.evidence.records
            for name in sorted(record.comparison.readings)
            if name in shown
            for reading, weight in sorted(
                record.comparison.readings[name].items(), key=lambda pair: (-pair[1], pair[0])
            )
        )

    def _concerns(self, leaf: Hypothesis) -> bool:
        states = {self.hypotheses[h].state for h in self.verdict.tie} | {OTHER, self.verdict.state}
        return leaf.state in states

    def bibliography(self, also: Iterable[str] = ()) -> tuple[SourceEntry, ...]:
        """Every source a used value rests on, and those given, by id; ids the catalogue does not hold are left out."""
        used = {
            source
            for record in self.weighing.evidence.records
            for h in np.flatnonzero(record.known)
            for source in _cited(self.hypotheses[h], record.trait)
        } | set(also)
        sources = self.catalogue.sources
        return tuple(
            SourceEntry(
                id=name,
                publisher=sources[name].publisher,
                title=sources[name].title,
                date=sources[name].date,
                address=sources[name].address,
                reliability=sources[name].reliability,
            )
            for name in sorted(used & sources.keys())
        )

    def rivals(self, count: int) -> Sequence[int]:
        """Leaves an examination should set apart: the tie set, or the best documented types where it holds one."""
        members = self.members()
        if len(members) >= 2:
            return members
        ranked = sorted(
            (h for h in range(len(self.hypotheses)) if self.tree.listed[h] and self.documented[h]),
            key=lambda h: (-rounded(self.log10[h]), self.hypotheses[h].id),
        )
        return ranked[: count + 1]


def _cited(leaf: Hypothesis, trait: str) -> tuple[str, ...]:
    expectation = leaf.expectations.get(trait)
    if expectation is None:
        return ()
    return tuple(
        dict.fromkeys(citation.source for statement in expectation.statements for citation in statement.citations)
    )
