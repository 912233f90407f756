"""Two hypotheses in dispute: where they stand, and what would tell them apart, as a page of its own."""

from __future__ import annotations

from forensics.model.catalogue import Catalogue
from forensics.model.result import Dispute
from forensics.report.language import counted, current, say
from forensics.report.layout import wrap
from forensics.report.names import first_name
from forensics.report.numbers import times
from forensics.report.visible import visible

__all__ = ["dispute_text"]

EQUAL_LOG10 = 0.05
"""A ratio closer to one than this is told as equal."""


def dispute_text(found: Dispute, catalogue: Catalogue, *, limit: int | None = 10, width: int = 80) -> str:
    """The standing of the two, then the traits most worth examining, the best value first."""
    first = visible(_node_name(catalogue, found.first, found.first_name))
    second = visible(_node_name(catalogue, found.second, found.second_name))
    lines = wrap(say("{first} or {second}", first=first, second=second), width, "")
    if abs(found.log10_ratio) < EQUAL_LOG10:
        standing = say(
            "What was observed is as probable if the item was made as {first} as if it was made as {second}.",
            first=first,
            second=second,
        )
    else:
        ahead, behind = (first, second) if found.log10_ratio > 0 else (second, first)
        standing = say(
            "What was observed is about {ratio} times more probable if the item was made as {first} than as {second}.",
            ratio=times(abs(found.log10_ratio)),
            first=ahead,
            second=behind,
        )
    lines += ["", *wrap(standing, width, "")]
    entries = found.examinations if limit is None else found.examinations[:limit]
    if not entries:
        nothing = say("No further trait that the catalogue documents for them would tell them apart.")
        return "\n".join([*lines, "", *wrap(nothing, width, "")]) + "\n"
    intro = say("What would tell them apart, with the factor by which each is expected to speak for the true one:")
    lines += ["", *wrap(intro, width, ""), ""]
    for number, entry in enumerate(entries, start=1):
        factors = say(
            "{one} if the first, {other} if the second",
            one=times(entry.log10_if_first),
            other=times(entry.log10_if_second),
        )
        trait = catalogue.vocabulary.traits.get(entry.trait)
        name = entry.name if trait is None else first_name(trait.names, entry.name)
        how = entry.how if trait is None else trait.records.get(current(), entry.how)
        lines.append(f"{number:>2}. {visible(name)} ({entry.trait})   {factors}   {say(entry.effort)}")
        lines += wrap(visible(how), width, "    ")
    more = 0 if limit is None else len(found.examinations) - limit
    if more > 0:
        lines += ["", counted(more, "{n} more; --all shows it.", "{n} more; --all shows them.")]
    return "\n".join(lines) + "\n"


def _node_name(catalogue: Catalogue, node: str, otherwise: str) -> str:
    if current() == "en":
        return otherwise
    if node in catalogue.signatures:
        own: tuple[str, ...] = getattr(catalogue.signatures[node].aliases, current())
        return next(iter(own), otherwise)
    if node in catalogue.families:
        return first_name(catalogue.families[node].names, otherwise)
    return first_name(catalogue.states[node].names, otherwise) if node in catalogue.states else otherwise
