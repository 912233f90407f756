"""What some checks must ask the comparison engine, which lives in other rooms: whoever wires the rooms supplies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from forensics.catalogue.overlap import Separation

__all__ = ["Judge", "Verdict"]


@dataclass(frozen=True)
class Verdict:
    """How a recorded case came out: the conclusion and the ids of the ranking, best first."""

    outcome: str
    members: tuple[str, ...]
    ranking: tuple[str, ...] = ()


class Judge(Protocol):
    """The comparison engine over one catalogue, as the checks need it."""

    @property
    def trait_bound_log10(self) -> float:
        """The bound of one trait's weight, log10."""

    def verdict(self, case: str) -> Verdict | None:
        """Assess a recorded case (a path as written in a signature); None when it cannot be found or read."""

    def not_separable(self) -> Sequence[Separation]:
        """Pairs that an ordinary sheet of normally surviving traits does not tell apart, hardest first."""

    def crowded_out(self, type_id: str) -> Sequence[str]:
        """Types that a full sheet of their own would name without ``type_id`` in the catalogue, and no longer does."""

    def strongest_log10(self, type_id: str, trait_id: str) -> float | None:
        """Greatest weight the stated value could carry before the bound, log10; None when the type states none."""
