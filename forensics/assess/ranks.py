"""The short answer for very many sheets: the leading leaves and the ratios of some nodes, nothing else kept.

A million sheets over 170 leaves are 680 MB of ratios; what is worth keeping of them is a tenth of that. Sheets are
scored part by part (``SheetScorer.spans``), reduced at once, and the ratios forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.assess.settings import LN10
from forensics.assess.sheets import CHUNK, SheetScorer
from forensics.assess.tree import Tree

__all__ = ["SheetRanks", "rank_sheets"]

Floats = NDArray[np.float64]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]

LEADING = 5


@dataclass(frozen=True)
class SheetRanks:
    """leaves: (N, L) int16 indices of the leading leaves, best first; log10_lr: (N, L) float32 their log10 LR.

    nodes: (N, K) float32 log10 LR of each node asked for against everything outside it, under the tree's prior.
    """

    leaves: NDArray[np.int16]
    log10_lr: Scores
    nodes: Scores


def rank_sheets(
    scorer: SheetScorer,
    codes: NDArray[np.integer[Any]],
    tree: Tree,
    *,
    nodes: Sequence[Mask] = (),
    leading: int = LEADING,
    threads: int = 1,
) -> SheetRanks:
    """Score sheets and keep the leading leaves and the ratios of some nodes.

    Parameters
    ----------
    codes : (N, T) integers
        Row of each trait's table that the sheet records, -1 where it is not recorded.
    tree : Tree
        Over the scorer's leaves, in the same order.
    nodes : sequence of (H,) masks
        Leaves of each node whose ratio is wanted.
    leading : int
        How many leaves to keep.
    threads : int
        Working threads. The result does not depend on it.
    """
    size = len(tree.hypotheses)
    kept = min(leading, size)
    places = np.empty((len(codes), kept), dtype=np.int16)
    ratios = np.empty((len(codes), kept), dtype=np.float32)
    of_nodes = np.zeros((len(codes), len(nodes)), dtype=np.float32)
    weights = _node_weights(tree, nodes)

    def reduce(job: tuple[int, Scores]) -> None:
        at, scores = job
        rows = slice(at, at + len(scores))
        order = np.argpartition(scores, size - kept, axis=1)[:, size - kept :] if kept < size else _all(scores)
        values = np.take_along_axis(scores, order, axis=1)
        # Equal ratios keep the order of the leaves: by ratio downwards, then by index.
        ranked = np.lexsort((order, -values), axis=1)
        places[rows] = np.take_along_axis(order, ranked, axis=1)
        ratios[rows] = np.take_along_axis(values, ranked, axis=1)
        if nodes:
            scaled = np.exp((scores - scores.max(axis=1, keepdims=True)) * np.float32(LN10))
            sums = scaled @ weights
            of_nodes[rows] = np.log10(sums[:, : len(nodes)] / sums[:, len(nodes) :])

    with ThreadPoolExecutor(max(1, threads)) as pool:
        for start, part in scorer.spans(codes, threads=threads):
            jobs = [(start + at, part[at : at + CHUNK]) for at in range(0, len(part), CHUNK)]
            if threads > 1:
                list(pool.map(reduce, jobs))
            else:
                for job in jobs:
                    reduce(job)
    return SheetRanks(places, ratios, of_nodes)


def _all(scores: Scores) -> NDArray[np.intp]:
    return np.tile(np.arange(scores.shape[1]), (len(scores), 1))


def _node_weights(tree: Tree, nodes: Sequence[Mask]) -> Scores:
    """(H, 2K) prior inside each node, then outside it; each column sums to 1, as in ``Tree.nodes_log10``."""
    size = len(tree.hypotheses)
    columns = np.zeros((size, 2 * len(nodes)), dtype=np.float32)
    for number, members in enumerate(nodes):
        for place, mask in ((number, members), (len(nodes) + number, ~members)):
            prior = np.where(mask, tree.prior, 0.0)
            columns[:, place] = prior / prior.sum() if prior.sum() > 0 else 1.0 / size
    return columns
