"""The signature catalogue: YAML to checked types, resolving of inheritance and grades, checks, drafts, views."""

from forensics.catalogue.loading import load
from forensics.catalogue.location import locate
from forensics.catalogue.resolving import resolve, values_learned_from

__all__ = ["load", "locate", "resolve", "values_learned_from"]
