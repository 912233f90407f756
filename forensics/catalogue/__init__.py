"""The signature catalogue: YAML to checked types, resolving of inheritance and grades, checks, drafts, views.

Checks live in ``forensics.catalogue.lint``, separability in ``forensics.catalogue.overlap`` (it needs numpy).
"""

from forensics.catalogue.drafting import (
    Draft,
    Question,
    draft_from_answers,
    draft_from_rows,
    draft_from_type,
    questions,
)
from forensics.catalogue.editor_schema import signature_schema
from forensics.catalogue.knowledge import CoverageRow, StatedTrait, coverage, stated_traits
from forensics.catalogue.loading import load
from forensics.catalogue.location import locate
from forensics.catalogue.resolving import incidents, resolve, values_learned_from
from forensics.catalogue.separating import TraitDifference, difference

__all__ = [
    "CoverageRow",
    "Draft",
    "Question",
    "StatedTrait",
    "TraitDifference",
    "coverage",
    "difference",
    "draft_from_answers",
    "draft_from_rows",
    "draft_from_type",
    "incidents",
    "load",
    "locate",
    "questions",
    "resolve",
    "signature_schema",
    "stated_traits",
    "values_learned_from",
]
