"""Weight of one block of dependent traits (docs/method.md 3.7).

Inside a block four things are shared. A *catalogue latent*: traits whose values rest on one source are right or wrong
together, with the smallest of their weights. An *observation latent*: records read off one photograph are readable or
not together. A *tree background*: pairs of traits that go together on munitions in general are corrected by an edge
term. And what no edge covers is *tempered* by the design effect 1 / (1 + (m - 1) rho) of m exchangeable records.

Every function broadcasts over leading axes, so that one sheet, all subsets of its traits, the replicates of the grade
bootstrap and the possible records of a trait not yet examined go through the same arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

__all__ = ["BlockForm", "Layout", "Link", "Term", "block_form", "block_log_lr", "select_columns"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_LN = 40.0
"""Sums inside a block are cut here so that exponentials stay finite."""
_SMALLEST_FACTOR = 1e-12


@dataclass(frozen=True)
class Term:
    """One record of a block (or the dates of a block, taken together over the production year).

    ratio: (H,) f/b, 0 or more; quality: q; weight: (H,) w, 0 where the hypothesis states nothing; origin: (H,) source
    group; cap: largest |ln(1 + q (f/b - 1))|; photograph: the image it was read off, if it was.
    """

    traits: tuple[str, ...]
    block: str
    ratio: Floats
    quality: float
    weight: Floats
    origin: Integers
    cap: float
    photograph: str | None = None


@dataclass(frozen=True)
class Link:
    """An edge of the background tree between two terms. log_edge: ln[b(x,y) / (b(x) b(y))]; applies: (H,)."""

    first: int
    second: int
    log_edge: float
    applies: NDArray[np.bool_]


@dataclass(frozen=True)
class Layout:
    """How the terms of a block hang together for the hypotheses in ``columns``.

    groups: term positions that share a catalogue latent, each group sorted; links: (link number, first, second).
    """

    columns: NDArray[np.intp]
    groups: tuple[tuple[int, ...], ...]
    links: tuple[tuple[int, int, int], ...]

    @property
    def members(self) -> tuple[int, ...]:
        """Every term position that says something about these hypotheses."""
        return tuple(position for group in self.groups for position in group)


@dataclass(frozen=True)
class BlockForm:
    """The terms of one block with the layouts of its hypotheses. ``shared``: term positions read off one image."""

    block: str
    terms: tuple[Term, ...]
    rho: float
    links: tuple[Link, ...]
    layouts: tuple[Layout, ...]
    shared: tuple[tuple[int, ...], ...]
    size: int


def block_form(block: str, terms: Sequence[Term], rho: float, links: Sequence[Link] = ()) -> BlockForm:
    """Work out once how the terms of a block hang together for every hypothesis.

    Parameters
    ----------
    block : str
        Id of the block.
    terms : sequence of Term
        All with arrays over the same H hypotheses.
    rho : float
        Correlation of the traits of the block that no edge covers, 0 to 1.
    links : sequence of Link
        Background edges between the terms.
    """
    size = terms[0].weight.shape[0] if terms else 0
    known = np.array([term.weight > 0 for term in terms], dtype=bool).reshape(len(terms), size)
    labels = _group_labels(terms, known)
    joined = np.array(
        [link.applies & known[link.first] & known[link.second] for link in links], dtype=np.int64
    ).reshape(len(links), size)
    kinds, inverse = np.unique(np.vstack([labels, joined]), axis=1, return_inverse=True)
    inverse = inverse.reshape(-1)
    layouts = []
    for number in range(kinds.shape[1]):
        column = kinds[:, number]
        groups: dict[int, list[int]] = {}
        for position in range(len(terms)):
            if column[position] >= 0:
                groups.setdefault(int(column[position]), []).append(position)
        present = tuple(
            (index, links[index].first, links[index].second)
            for index in range(len(links))
            if column[len(terms) + index]
        )
        layouts.append(
            Layout(np.flatnonzero(inverse == number), tuple(tuple(group) for group in groups.values()), present)
        )
    return BlockForm(block, tuple(terms), rho, tuple(links), tuple(layouts), _read_together(terms), size)


def select_columns(form: BlockForm, chosen: NDArray[np.intp]) -> BlockForm:
    """The same block over some of its hypotheses."""
    terms = [
        Term(t.traits, t.block, t.ratio[chosen], t.quality, t.weight[chosen], t.origin[chosen], t.cap, t.photograph)
        for t in form.terms
    ]
    links = [Link(link.first, link.second, link.log_edge, link.applies[chosen]) for link in form.links]
    return block_form(form.block, terms, form.rho, links)


def _group_labels(terms: Sequence[Term], known: NDArray[np.bool_]) -> Integers:
    """(m, H): the first position that shares the source group, or -1 where nothing is stated."""
    labels = np.where(known, np.arange(len(terms))[:, None], -1)
    for first, second in combinations(range(len(terms)), 2):
        one, other = terms[first].origin, terms[second].origin
        same = known[first] & known[second] & (one == other) & (one >= 0)
        labels[second] = np.where(same, np.minimum(labels[second], labels[first]), labels[second])
    return labels


def _read_together(terms: Sequence[Term]) -> tuple[tuple[int, ...], ...]:
    by_image: dict[str, list[int]] = {}
    for position, term in enumerate(terms):
        if term.photograph is not None:
            by_image.setdefault(term.photograph, []).append(position)
    return tuple(tuple(group) for _, group in sorted(by_image.items()) if len(group) > 1)


def block_log_lr(
    form: BlockForm,
    *,
    ratios: Sequence[Floats] | None = None,
    qualities: Sequence[Floats | float] | None = None,
    weights: Sequence[Floats] | None = None,
    included: Sequence[Floats] | None = None,
    link_logs: Sequence[Floats | float] | None = None,
) -> Floats:
    """ln LR of one block for every hypothesis, against the background; before the global exponent.

    Parameters
    ----------
    form : BlockForm
        The block; its own numbers are used where nothing else is given.
    ratios, weights : sequence of arrays (..., H), optional
        f/b and w of each term.
    qualities, link_logs : sequence of arrays (..., 1), optional
        q of each term, ln of each edge.
    included : sequence of arrays (..., 1), optional
        1 where the term is part of the sheet, 0 where it is left out.

    Returns
    -------
    (..., H) array
        Exactly 0 for hypotheses that state nothing about any included term.
    """
    taken = [term.ratio for term in form.terms] if ratios is None else list(ratios)
    q: list[Floats] = [
        np.asarray(value, dtype=np.float64) for value in (qualities or [term.quality for term in form.terms])
    ]
    w: list[Floats] = [term.weight for term in form.terms] if weights is None else list(weights)
    edges: list[Floats] = [
        np.asarray(value, dtype=np.float64) for value in (link_logs or [link.log_edge for link in form.links])
    ]
    readable, q = _readable(form, q, included)
    logs = [
        np.clip(np.log1p(np.maximum(q[k] * (taken[k] - 1.0), _SMALLEST_FACTOR - 1.0)), -term.cap, term.cap)
        for k, term in enumerate(form.terms)
    ]
    if included is not None:
        logs = [log * here for log, here in zip(logs, included, strict=True)]
        w = [np.where(here > 0, weight, 1.0) for weight, here in zip(w, included, strict=True)]
        edges = [
            edge * included[link.first] * included[link.second] for edge, link in zip(edges, form.links, strict=True)
        ]
    shape = np.broadcast_shapes((form.size,), *(a.shape for a in logs), *(a.shape for a in w), *(a.shape for a in q))
    result = np.zeros(shape)
    for layout in form.layouts:
        if layout.groups:
            columns = layout.columns
            numbers = _Numbers([_at(log, columns) for log in logs], [_at(a, columns) for a in w], edges, readable)
            part = _layout_log(form, layout, numbers)
            result[..., columns] = np.clip(part * _tempering(form, layout, included), -LARGEST_LN, LARGEST_LN)
    return result


@dataclass(frozen=True)
class _Numbers:
    """Of one layout: by term ln(1 + q (f/b - 1)) and w, by link its ln, by shared image how likely it is readable."""

    logs: list[Floats]
    weights: list[Floats]
    edges: list[Floats]
    readable: list[Floats]


def _at(array: Floats, columns: NDArray[np.intp]) -> Floats:
    """The columns of an array over hypotheses; an array with one column serves all of them."""
    return array if array.shape[-1] == 1 else array[..., columns]


def _readable(
    form: BlockForm, qualities: list[Floats], included: Sequence[Floats] | None
) -> tuple[list[Floats], list[Floats]]:
    """Split q of records off one image into a shared part and what is left, keeping each record's own q."""
    inner = list(qualities)
    outer: list[Floats] = []
    for group in form.shared:
        here = [np.ones(1) if included is None else included[position] for position in group]
        best = np.asarray(np.max(np.broadcast_arrays(*(qualities[p] * h for p, h in zip(group, here, strict=True))), 0))
        several = np.asarray(np.sum(np.broadcast_arrays(*here), axis=0)) > 1
        together = np.where(several & (best > 0), best, 1.0)
        outer.append(together)
        for position in group:
            inner[position] = np.minimum(qualities[position] / together, 1.0)
    return outer, inner


def _tempering(form: BlockForm, layout: Layout, included: Sequence[Floats] | None) -> Floats:
    """Design effect of the parts of the block that no edge joins."""
    if included is None:
        parts: Floats = np.asarray(float(len(layout.members) - len(layout.links)))
    else:
        parts = np.asarray(
            sum((included[p] for p in layout.members), np.zeros(1))
            - sum((included[first] * included[second] for _, first, second in layout.links), np.zeros(1))
        )
    return np.asarray(1.0 / (1.0 + (np.maximum(parts, 1.0) - 1.0) * form.rho))


def _layout_log(form: BlockForm, layout: Layout, numbers: _Numbers) -> Floats:
    """ln LR of the hypotheses of one layout, averaged over which images were readable."""
    members = frozenset(layout.members)
    images = [number for number, group in enumerate(form.shared) if members.intersection(group)]
    if not images:
        return _given_readable(layout, numbers, frozenset())
    total: Floats = np.zeros(1)
    for states in product((True, False), repeat=len(images)):
        chance: Floats = np.ones(1)
        silent: set[int] = set()
        for number, seen in zip(images, states, strict=True):
            chance = chance * (numbers.readable[number] if seen else 1.0 - numbers.readable[number])
            if not seen:
                silent.update(form.shared[number])
        total = total + chance * np.exp(_given_readable(layout, numbers, frozenset(silent)))
    return np.log(total)


def _given_readable(layout: Layout, numbers: _Numbers, silent: frozenset[int]) -> Floats:
    """ln of the product over source groups of 1 + w (R - 1), edges between groups taken exactly."""
    group_of = {position: number for number, group in enumerate(layout.groups) for position in group}
    sums: list[Floats] = []
    for group in layout.groups:
        live = [numbers.logs[position] for position in group if position not in silent]
        sums.append(np.asarray(sum(live[1:], live[0]) if live else np.zeros(1)))
    crossing: list[tuple[int, int, Floats]] = []
    for index, first, second in layout.links:
        if first in silent or second in silent:
            continue
        one, other = group_of[first], group_of[second]
        if one == other:
            sums[one] = sums[one] - numbers.edges[index]
        else:
            crossing.append((one, other, numbers.edges[index]))
    weights = [_smallest([numbers.weights[position] for position in group]) for group in layout.groups]
    clipped = [np.clip(total, -LARGEST_LN, LARGEST_LN) for total in sums]
    entangled = sorted({number for one, other, _ in crossing for number in (one, other)})
    result: Floats = np.zeros(1)
    for number, (total, weight) in enumerate(zip(clipped, weights, strict=True)):
        if number not in entangled:
            result = result + np.log1p(weight * np.expm1(total))
    if entangled:
        result = result + _entangled_log(entangled, clipped, weights, crossing)
    return result


def _smallest(arrays: list[Floats]) -> Floats:
    result = arrays[0]
    for array in arrays[1:]:
        result = np.minimum(result, array)
    return result


def _entangled_log(
    entangled: list[int], sums: list[Floats], weights: list[Floats], crossing: list[tuple[int, int, Floats]]
) -> Floats:
    """ln of the sum over which source groups hold; an edge between two groups counts only where both hold."""
    total: Floats = np.zeros(1)
    for states in product((True, False), repeat=len(entangled)):
        holding = {number for number, holds in zip(entangled, states, strict=True) if holds}
        factor: Floats = np.ones(1)
        for number in entangled:
            if number in holding:
                factor = factor * (weights[number] * np.exp(sums[number]))
            else:
                factor = factor * (1.0 - weights[number])
        exponent: Floats = np.zeros(1)
        for one, other, edge in crossing:
            if one in holding and other in holding:
                exponent = exponent - edge
        total = total + factor * np.exp(exponent)
    return np.log(total)
