"""Likelihoods of what was recorded, under every hypothesis and under the background: one module per kind of value.

``compare`` scores findings, ``list_records`` many of one trait each by itself, ``tabulate`` lists every possible record
of one trait, ``background_edges`` says how two recorded traits of a block depend on each other in other designs.
"""

from __future__ import annotations

from forensics.compare.comparing import compare
from forensics.compare.edges import background_edges
from forensics.compare.listing import Listed, list_records
from forensics.compare.tabulating import tabulate

__all__ = ["Listed", "background_edges", "compare", "list_records", "tabulate"]
