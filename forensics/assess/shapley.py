"""Who carries the weight: exact Shapley values (docs/method.md 7.2).

The log10 LR of a leaf is a sum over blocks, so its Shapley values are exact inside each block. That of a node is not,
so all subsets of the records are weighed, up to twelve; above that the blocks are the players.
"""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from forensics.assess.engine import LARGEST_SUBSET_GAME, Weighing
from forensics.assess.settings import LN10
from forensics.assess.tree import Tree

__all__ = ["leaf_contributions", "node_contributions", "shapley_values"]

Floats = NDArray[np.float64]

LARGEST_NODE_GAME = 12


def shapley_values(values: Floats) -> Floats:
    """Shapley values of a game.

    Parameters
    ----------
    values : (2^m, ...) array
        Worth of every coalition; bit k of the row number is player k.

    Returns
    -------
    (m, ...) array
        Sums over players to ``values[-1] - values[0]``.
    """
    players = int(values.shape[0]).bit_length() - 1
    rows = np.arange(values.shape[0])
    sizes = np.array([int(row).bit_count() for row in rows])
    chances = np.array([factorial(k) * factorial(players - k - 1) / factorial(players) for k in range(players)])
    shares = np.zeros((players, *values.shape[1:]))
    for player in range(players):
        without = rows[(rows >> player & 1) == 0]
        gains = values[without | (1 << player)] - values[without]
        shares[player] = np.tensordot(chances[sizes[without]], gains, axes=1)
    return shares


def leaf_contributions(weighing: Weighing) -> Floats:
    """(T, H) what each record contributes to the log10 LR of each leaf; columns sum to it.

    A block with more than fourteen records is shared out in proportion to the records' own ratios.
    """
    evidence = weighing.evidence
    parts: list[Floats] = []
    row = 0
    for block in evidence.blocks:
        count = len(evidence.of_block(block))
        if count <= LARGEST_SUBSET_GAME:
            parts.append(shapley_values(weighing.subsets[block]))
        else:
            parts.append(_in_proportion(weighing.alone[row : row + count], weighing.block_logs[block]))
        row += count
    if not parts:
        return np.zeros((0, evidence.size))
    return np.concatenate(parts) * (evidence.settings.exponent / LN10)


def _in_proportion(alone: Floats, total: Floats) -> Floats:
    size = np.abs(alone)
    summed = size.sum(axis=0)
    equal = np.full_like(alone, 1.0 / len(alone))
    return np.asarray(np.where(summed > 0, size / np.where(summed > 0, summed, 1.0), equal) * total)


def node_contributions(weighing: Weighing, tree: Tree, members: NDArray[np.bool_]) -> tuple[tuple[str, float], ...]:
    """What each trait (or, above twelve, each block) contributes to the log10 LR of a node; sums to it.

    Returns
    -------
    tuple of (trait or ``block:`` id, log10)
        In canonical order.
    """
    evidence = weighing.evidence
    if not evidence.records:
        return ()
    exponent = evidence.settings.exponent
    if len(evidence.records) <= LARGEST_NODE_GAME:
        logs = np.zeros((2 ** len(evidence.records), evidence.size))
        rows, shift = np.arange(len(logs)), 0
        for block in evidence.blocks:
            subsets = weighing.subsets[block]
            logs += subsets[rows >> shift & (len(subsets) - 1)]
            shift += len(subsets).bit_length() - 1
        names = [record.trait for record in evidence.records]
    else:
        blocks = evidence.blocks
        rows = np.arange(2 ** len(blocks))
        logs = np.zeros((len(rows), evidence.size))
        for bit, block in enumerate(blocks):
            logs += (rows >> bit & 1)[:, None] * weighing.block_logs[block]
        names = [f"block:{block}" for block in blocks]
    shares = shapley_values(tree.node_log10(members, logs * exponent))
    return tuple((name, float(share)) for name, share in zip(names, shares, strict=True))
