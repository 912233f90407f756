"""Weight of evidence over the tree of types, families and states: blocks, open set, tie set, sensitivity, what next.

``assess`` turns comparisons into the result document; ``score_tables`` scores many tabulated sheets at once.
"""

from forensics.assess.assessment import assess
from forensics.assess.engine import weigh
from forensics.assess.evidence import gather
from forensics.assess.settings import Settings
from forensics.assess.sheets import EdgeTable, score_tables
from forensics.assess.tree import Tree, build_tree

__all__ = ["EdgeTable", "Settings", "Tree", "assess", "build_tree", "gather", "score_tables", "weigh"]
