"""The casing's edge round a ring of fasteners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.imaging.arcs import EdgeEllipse

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["casing_edge"]


def casing_edge(ring: Floats, edges: Sequence[EdgeEllipse], *, most: float = 3.2) -> EdgeEllipse | None:
    """The outermost edge concentric with a ring: the casing's, or the plate's when the casing is not in view.

    Parameters
    ----------
    ring : (5,)
        Ellipse of the ring.
    edges : sequence of EdgeEllipse
        In the same pixels.
    most : float
        Largest casing, as a multiple of the ring.
    """
    best, chosen = 0.0, None
    for one in edges:
        grown = one.ellipse[2] / ring[2]
        apart = float(np.hypot(one.ellipse[0] - ring[0], one.ellipse[1] - ring[1])) / ring[2]
        shape = abs(one.ellipse[3] / one.ellipse[2] - ring[3] / ring[2])
        # A casing behind the plate, as on a dome, is shifted along the tilt.
        slack = (0.12 + 0.35 * float(np.sqrt(max(0.0, 1 - (ring[3] / ring[2]) ** 2)))) * grown
        if not (1.08 < grown < most and apart < slack and shape < 0.16 and one.share * one.inside > 0.3):
            continue
        # Well seen and well centred first, then the outer one.
        worth = (one.share * one.inside) ** 2 * (1 - apart / slack) * (1 - shape / 0.16) * float(np.sqrt(grown))
        if worth > best:
            best, chosen = worth, one
    return chosen
