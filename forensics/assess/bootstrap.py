"""Grade bootstrap (docs/method.md 7.4): what the result would be under other defensible grades.

Every replicate draws the weight of each stated value from Beta(k w, k (1 - w)), the quality of each record from
Beta(n q, n (1 - q)), shifts ln b and ln f by centred normal amounts, and scales the edges by a uniform one. A value
that several types inherit from one node is one value: it is drawn once.

Each quantity has a random stream of its own, seeded by its name: neither the order of traits or types nor adding one
changes any other draw.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.assess.blocks import BlockForm, block_log_lr, select_columns
from forensics.assess.engine import Weighing
from forensics.assess.settings import LN10, Settings
from forensics.model.catalogue import Hypothesis

__all__ = ["Replicates", "replicate"]

Floats = NDArray[np.float64]
_ValueName = tuple[str, str, float, float]

SEED = 20240102


@dataclass(frozen=True)
class Replicates:
    """log_lr: (B, H) ln LR of the leaves in every replicate, exponent included."""

    log_lr: Floats

    def interval(self, values_log10: Floats) -> tuple[float, float]:
        """5 % and 95 % points of a (B,) array."""
        low, high = np.quantile(values_log10, (0.05, 0.95))
        return float(low), float(high)

    def leaf_intervals(self) -> Floats:
        """(2, H) 5 % and 95 % points of every leaf, log10."""
        return np.asarray(np.quantile(self.log_lr, (0.05, 0.95), axis=0) / LN10)

    def outranking(self, top: int, share: float) -> frozenset[int]:
        """Leaves ranked above leaf ``top`` in more than this share of the replicates."""
        above = (self.log_lr > self.log_lr[:, [top]] + 1e-12).mean(axis=0)
        return frozenset(np.flatnonzero(above > share).tolist())


def _stream(*name: object) -> np.random.Generator:
    digest = hashlib.sha256("\x1f".join(str(part) for part in (SEED, *name)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def replicate(weighing: Weighing) -> Replicates:
    """Weigh the evidence again under drawn grades.

    Parameters
    ----------
    weighing : Weighing
        The evidence as weighed; its settings say how many replicates and how wide the draws.
    """
    evidence = weighing.evidence
    total = np.zeros((evidence.settings.replicates, evidence.size))
    for block in evidence.blocks:
        form = weighing.forms[block]
        if form.terms:
            total += _block_replicates(form, evidence.hypotheses, evidence.settings)
    return Replicates(total * evidence.settings.exponent)


def _block_replicates(form: BlockForm, hypotheses: tuple[Hypothesis, ...], settings: Settings) -> Floats:
    """(B, H) ln LR of one block; leaves that say the same are weighed once."""
    count = settings.replicates
    names = _value_names(form, hypotheses)
    first, which = _profiles(form, names)
    ratios, qualities, weights = [], [], []
    for position, term in enumerate(form.terms):
        stream = _stream("record", *term.traits)
        quality = np.ones((count, 1))
        if term.quality < 1.0:
            spread = settings.quality_concentration
            quality = stream.beta(spread * term.quality, spread * (1.0 - term.quality), (count, 1))
        shift = -stream.normal(0.0, settings.background_ln_sd, (count, 1))
        likelihood, weight = np.zeros((count, len(first))), np.zeros((count, len(first)))
        drawn: dict[_ValueName, tuple[Floats, Floats]] = {}
        for column, h in enumerate(first):
            name = names[position][h]
            if name is None:
                continue
            if name not in drawn:
                drawn[name] = _draw_value(form.block, name, _source(hypotheses[h], term.traits), settings)
            likelihood[:, column], weight[:, column] = drawn[name]
        ratios.append(term.ratio[first] * np.exp(shift + likelihood))
        qualities.append(quality)
        weights.append(weight)
    edges = [
        link.log_edge
        * _stream("edge", *form.terms[link.first].traits, *form.terms[link.second].traits).uniform(
            settings.edge_low, 1.0, (count, 1)
        )
        for link in form.links
    ]
    reduced = select_columns(form, first)
    logs = block_log_lr(reduced, ratios=ratios, qualities=qualities, weights=weights, link_logs=edges)
    return np.asarray(logs[:, which])


def _value_names(form: BlockForm, hypotheses: tuple[Hypothesis, ...]) -> list[list[_ValueName | None]]:
    """By term and hypothesis what makes its value the same value: trait, node, weight in its group, f/b."""
    return [
        [
            (term.traits[0], holder, float(weight), float(ratio)) if weight > 0 else None
            for holder, weight, ratio in zip(held, weighed, term.ratio, strict=True)
        ]
        for term, held, weighed in zip(form.terms, _holders(form, hypotheses), _group_weights(form), strict=True)
    ]


def _profiles(form: BlockForm, names: list[list[_ValueName | None]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """One hypothesis for each distinct set of stated values, and which of them stands for each hypothesis."""
    layout_of = np.zeros(form.size, dtype=np.intp)
    for number, layout in enumerate(form.layouts):
        layout_of[layout.columns] = number
    seen: dict[tuple[object, ...], int] = {}
    first: list[int] = []
    which = np.zeros(form.size, dtype=np.intp)
    for h in range(form.size):
        profile = (int(layout_of[h]), *(column[h] for column in names))
        if profile not in seen:
            seen[profile] = len(first)
            first.append(h)
        which[h] = seen[profile]
    return np.array(first, dtype=np.intp), which


def _draw_value(
    block: str, name: tuple[str, str, float, float], source: str, settings: Settings
) -> tuple[Floats, Floats]:
    """(B,) shift of ln f and (B,) w of one stated value. Traits of one source group draw the same w."""
    trait, holder, weight, ratio = name
    shift = _stream("value", trait, holder, repr(ratio)).normal(0.0, settings.likelihood_ln_sd, settings.replicates)
    if weight >= 1.0:
        return shift, np.ones(settings.replicates)
    shared = (block, holder, source) if source else (block, holder, trait)
    stream = _stream("weight", *shared, repr(weight))
    spread = settings.weight_concentration
    return shift, stream.beta(spread * weight, spread * (1.0 - weight), settings.replicates)


def _holders(form: BlockForm, hypotheses: tuple[Hypothesis, ...]) -> list[list[str]]:
    """By term and hypothesis, the node the value stands at: the leaf itself where several nodes are in one group."""
    held = [[_stated_at(hypothesis, term.traits) for hypothesis in hypotheses] for term in form.terms]
    for layout in form.layouts:
        for group in layout.groups:
            if len(group) < 2:
                continue
            for h in layout.columns:
                if len({held[position][h] for position in group}) > 1:
                    for position in group:
                        held[position][h] = hypotheses[h].id
    return held


def _stated_at(hypothesis: Hypothesis, traits: tuple[str, ...]) -> str:
    nodes = {hypothesis.expectations[trait].stated_at for trait in traits if trait in hypothesis.expectations}
    return nodes.pop() if len(nodes) == 1 else hypothesis.id


def _source(hypothesis: Hypothesis, traits: tuple[str, ...]) -> str:
    """The source group of a value by name, so that its draw does not depend on how groups are numbered."""
    return next((hypothesis.expectations[trait].origin for trait in traits if trait in hypothesis.expectations), "")


def _group_weights(form: BlockForm) -> list[Floats]:
    """w of each term, lowered to the smallest of its source group."""
    weights = [term.weight.copy() for term in form.terms]
    for layout in form.layouts:
        for group in layout.groups:
            smallest = np.min([weights[position][layout.columns] for position in group], axis=0)
            for position in group:
                weights[position][layout.columns] = smallest
    return weights
