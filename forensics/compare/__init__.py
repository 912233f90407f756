"""Likelihoods of what was recorded, under every hypothesis and under the background: one module per kind of value.

``compare`` scores findings, ``tabulate`` lists every possible record of one trait, ``background_edges`` says how two
recorded traits of a block depend on each other in other designs.
"""

from __future__ import annotations

from forensics.compare.comparing import compare
from forensics.compare.edges import background_edges
from forensics.compare.tabulating import tabulate

__all__ = ["background_edges", "compare", "tabulate"]
