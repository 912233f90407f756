"""What to examine next: expected gain of information of traits not yet observed (docs/method.md 6).

For a trait not observed, every possible record is weighed together with what is known; the gain is the mutual
information, in bits, between the record and the type, the family or the state under the flat prior. Ranking is by
chance to survive times gain at type level over effort. A trait's table is taken at the marginal background: that of a
pair with an observed trait is not tabulated for records not yet made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.assess.blocks import BlockForm, Term, block_form, block_log_lr, select_columns
from forensics.assess.engine import Weighing
from forensics.assess.settings import LN10
from forensics.assess.tree import Tree
from forensics.model.catalogue import Vocabulary
from forensics.model.result import NextExamination
from forensics.model.tables import TraitTable

__all__ = ["Gain", "expected_gain", "next_examinations"]

Floats = NDArray[np.float64]

LEAST_GAIN_BITS = 0.001
SEPARATES_LOG10 = 0.3
"""Expected |log10 LR| of a pair, under either type in turn, from which a trait is said to set the pair apart."""
RIVALS = 3
LONGEST_LIST = 8


@dataclass(frozen=True)
class Gain:
    """Bits a trait is expected to give at three levels. ``predictive``: (X, H) p(x | leaf, what is known)."""

    type_bits: float
    family_bits: float
    state_bits: float
    predictive: Floats


def next_examinations(
    weighing: Weighing,
    tree: Tree,
    tables: Mapping[str, TraitTable],
    vocabulary: Vocabulary,
    rivals: Sequence[int],
) -> tuple[NextExamination, ...]:
    """Traits worth examining, the most useful first.

    Parameters
    ----------
    tables : mapping
        By trait, every possible record, with hypotheses in the order given to ``assess``.
    rivals : sequence of int
        Leaves (canonical order) to set apart, the best first.
    """
    settings = weighing.evidence.settings
    scored = {record.trait for record in weighing.evidence.records}
    found = []
    for name in sorted(tables):
        trait = vocabulary.traits.get(name)
        if name in scored or trait is None or not (tables[name].weight > 0).any():
            continue
        gain = expected_gain(weighing, tree, tables[name])
        if gain.type_bits < LEAST_GAIN_BITS:
            continue
        found.append(
            NextExamination(
                trait=name,
                name=trait.names.en[0] if trait.names.en else name,
                how=trait.record,
                effort=trait.effort,
                gain_type_bits=gain.type_bits,
                gain_family_bits=gain.family_bits,
                gain_state_bits=gain.state_bits,
                value=trait.survival * gain.type_bits / settings.cost[trait.effort],
                separates=_separates(weighing, gain.predictive, rivals),
            )
        )
    return tuple(sorted(found, key=lambda entry: (-round(entry.value, 9), entry.trait)))


def expected_gain(weighing: Weighing, tree: Tree, table: TraitTable) -> Gain:
    """Mutual information between the record of a trait not observed and type, family and state.

    Never negative: the predictive distribution of every leaf is normalised over the possible records.
    """
    predictive = _predictive(weighing, table)
    posterior = tree.reference_posterior(weighing.log_lr)
    joint = predictive * posterior
    families = [hypothesis.family or hypothesis.id for hypothesis in tree.hypotheses]
    states = [hypothesis.state for hypothesis in tree.hypotheses]
    return Gain(
        _mutual_bits(joint), _mutual_bits(_merged(joint, families)), _mutual_bits(_merged(joint, states)), predictive
    )


def _merged(joint: Floats, nodes: Sequence[str]) -> Floats:
    """(X, V) joint probabilities of records and nodes."""
    number = {node: k for k, node in enumerate(sorted(set(nodes)))}
    merged = np.zeros((len(number), joint.shape[0]))
    np.add.at(merged, np.array([number[node] for node in nodes]), joint.T)
    return merged.T


def _mutual_bits(joint: Floats) -> float:
    expected = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(joint > 0, joint * np.log2(joint / np.where(expected > 0, expected, 1.0)), 0.0)
    return max(0.0, float(terms.sum()))


def _predictive(weighing: Weighing, table: TraitTable) -> Floats:
    """(X, H) p(x | leaf, evidence): background times the factor the record would add, normalised over records."""
    evidence = weighing.evidence
    settings = evidence.settings
    background = table.background / table.background.sum()
    weight, origin = table.weight[evidence.order], table.origin[evidence.order]
    predictive = np.repeat(background[:, None], evidence.size, axis=1)
    stated = np.flatnonzero(weight > 0)
    ratio = table.likelihood[:, evidence.order[stated]] / table.background[:, None]
    term = Term(
        (table.trait,),
        table.block,
        ratio[0],
        settings.quality_examined,
        weight[stated],
        origin[stated],
        settings.cap(table.block),
    )
    factor = _joined(weighing, term, stated, ratio) * settings.exponent
    raised = background[:, None] * np.exp(factor - factor.max(axis=0, keepdims=True))
    predictive[:, stated] = raised / raised.sum(axis=0, keepdims=True)
    return predictive


def _joined(weighing: Weighing, term: Term, stated: NDArray[np.intp], ratio: Floats) -> Floats:
    """(X, S) ln LR of the trait's block with each possible record added to what the block holds."""
    known = weighing.forms.get(term.block)
    if known is None or any(len(other.traits) > 1 for other in known.terms) or _dated(weighing, term.block):
        form, ratios = _alone(term, weighing), [ratio]
    else:
        reduced = select_columns(known, stated)
        form = block_form(term.block, [*reduced.terms, term], reduced.rho, reduced.links)
        ratios = [*(other.ratio for other in reduced.terms), ratio]
    return block_log_lr(form, ratios=ratios)


def _dated(weighing: Weighing, block: str) -> bool:
    """Dates are joined over the latent year, which a table of one trait does not hold: it is weighed by itself."""
    return any(record.dates is not None for record in weighing.evidence.of_block(block))


def _alone(term: Term, weighing: Weighing) -> BlockForm:
    return block_form(term.block, [term], weighing.evidence.rho.get(term.block, 0.0))


def _separates(weighing: Weighing, predictive: Floats, rivals: Sequence[int]) -> tuple[str, ...]:
    """Ids of the rivals the trait is expected to set apart from the best of them, the first eight."""
    if len(rivals) < 2:
        return ()
    logs = np.log(np.maximum(predictive[:, list(rivals)], 1e-300)) / LN10
    best = predictive[:, rivals[0]]
    apart = []
    for number, rival in enumerate(rivals[1:], start=1):
        size = np.abs(logs[:, 0] - logs[:, number])
        if 0.5 * float((best + predictive[:, rival]) @ size) >= SEPARATES_LOG10:
            apart.append(weighing.evidence.hypotheses[rival].id)
    return tuple(apart[:LONGEST_LIST])
