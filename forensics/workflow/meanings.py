"""What machine-read marks could say, written beside them for the person who checks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forensics.model.catalogue import Grammar
from forensics.model.evidence import Observation
from forensics.model.values import Text, YearMark

__all__ = ["with_meanings"]


def with_meanings(observations: Iterable[Observation], grammars: Mapping[str, Grammar]) -> tuple[Observation, ...]:
    """The observations, each mark's note with every plausible parse of its best reading; none is chosen."""
    from forensics.compare.codes import meanings  # noqa: PLC0415

    out = []
    for one in observations:
        if isinstance(one.value, Text | YearMark) and one.value.readings:
            said = meanings(one.value.readings[0].text, grammars)
            if said:
                note = "; ".join(filter(None, (one.note, f"could be: {'; '.join(said)}")))
                one = one.model_copy(update={"note": note})  # noqa: PLW2901
        out.append(one)
    return tuple(out)
