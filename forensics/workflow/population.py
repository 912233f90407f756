"""The leaves a case is compared with, resolved and tabulated once and kept for the next case of the same population."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from forensics.catalogue import resolve
from forensics.model.catalogue import Catalogue, Hypothesis
from forensics.model.evidence import Case
from forensics.model.tables import TraitTable

__all__ = ["Population", "population_of"]

KEPT = 8
"""Populations kept, all of one catalogue: each is a few megabytes, and an archive holds cases of few years."""


class Population:
    """One cut of the catalogue: the leaves, the types left out of it, and the tables of its traits when asked for."""

    def __init__(
        self,
        catalogue: Catalogue,
        left_out: frozenset[str],
        classes: tuple[str, ...],
        states: tuple[str, ...],
        event_year: int | None,
    ) -> None:
        self._catalogue = catalogue
        self._event_year = event_year
        self.hypotheses: tuple[Hypothesis, ...]
        self.hypotheses, self.excluded = resolve(
            catalogue, without_cases=left_out, classes=classes, states=states, event_year=event_year
        )
        self._tables: dict[str, TraitTable | None] = {}

    def table(self, trait: str) -> TraitTable | None:
        """Every possible record of one trait; None where it has no table."""
        from forensics.compare import tabulate  # noqa: PLC0415

        if trait not in self._tables:
            self._tables[trait] = tabulate(trait, self.hypotheses, self._catalogue, event_year=self._event_year)
        return self._tables[trait]


_Key = tuple[int, frozenset[str], tuple[str, ...], tuple[str, ...], int | None]
_kept: OrderedDict[_Key, tuple[Catalogue, Population]] = OrderedDict()
_lock = Lock()


def population_of(catalogue: Catalogue, left_out: frozenset[str], case: Case) -> Population:
    """The population a case declares, under a catalogue without what was learned from some incidents."""
    chosen = (left_out, case.population.classes, case.population.states, case.event_year)
    # By identity: a catalogue with a draft laid over it has the digest of the one below. It is kept alive here, so no
    # other one gets its id.
    key: _Key = (id(catalogue), *chosen)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][1]
    made = Population(catalogue, *chosen)
    with _lock:
        if any(kept[0] is not catalogue for kept in _kept.values()):
            _kept.clear()
        _kept[key] = (catalogue, made)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made
