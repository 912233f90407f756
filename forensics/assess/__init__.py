"""Weight of evidence over the tree of types, families and states: blocks, open set, tie set, sensitivity, what next.

``assess`` turns comparisons into the result document; ``score_tables`` scores many tabulated sheets at once,
``SheetScorer`` and ``rank_sheets`` any number of them part by part.
"""

from forensics.assess.assessment import assess
from forensics.assess.dispute import dispute
from forensics.assess.engine import weigh
from forensics.assess.evidence import gather
from forensics.assess.ranges import Recompare
from forensics.assess.ranks import SheetRanks, rank_sheets
from forensics.assess.settings import Settings
from forensics.assess.sheets import EdgeTable, SheetScorer, score_tables
from forensics.assess.tree import Tree, build_tree

__all__ = [
    "EdgeTable",
    "Recompare",
    "Settings",
    "SheetRanks",
    "SheetScorer",
    "Tree",
    "assess",
    "build_tree",
    "dispute",
    "gather",
    "rank_sheets",
    "score_tables",
    "weigh",
]
