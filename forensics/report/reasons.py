"""The reason codes of a conclusion, in words. ``forensics.assess.conclusion`` says when each code is given."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.report.language import counted, current, say
from forensics.report.names import CatalogueNames, joined, of_state

__all__ = ["reason_sentences"]

_PLAIN = {
    "no_evaluable_observations": "Nothing that was recorded could be weighed.",
    "no_documented_type": "No catalogued type is documented for any trait observed that belongs to a design.",
    "worse_than_unlisted": (
        "A design that is not in the catalogue explains the observations better than the best documented type does."
    ),
    "unremarkable": (
        "The best documented type explains the observations hardly better than a design that is not in the catalogue."
    ),
    "no_type_in_tie": "No documented type comes near the best explanation.",
    "unlisted_elsewhere_in_tie": (
        "A design of a producer that is not in the catalogue explains the observations about as well."
    ),
    "node_below_threshold": "No type, family or state reaches the ratio from which on something is named.",
    "draft_alone": "The best type is a draft signature, which is never named alone.",
}
_SHOWN_STATES = 3
_SHOWN_ALIKE = 4


def reason_sentences(codes: Iterable[str], names: CatalogueNames) -> tuple[str, ...]:
    """One sentence for each reason worth reading, in the order given; unlisted designs share one sentence.

    Raises
    ------
    KeyError
        For a code that is not known: a code must never reach a reader.
    """
    sentences: list[str] = []
    states: list[str] = []
    for code in codes:
        kind, _, argument = code.partition(":")
        if kind == "unlisted_in_tie":
            if argument != "other":
                states.append(argument)
        elif kind == "discriminating_traits":
            sentences.append(_discriminating(int(argument)))
        elif kind == "contradicted":
            sentences.append(_contradicted(int(argument)))
        elif kind == "indistinguishable":
            sentences.extend(_alike(argument.split("|"), names))
        elif kind != "below_threshold":  # the threshold of one level; node_below_threshold sums them up
            sentences.append(say(_PLAIN[kind]))
    if states:
        sentences.append(_unlisted(states, names))
    return tuple(sentences)


def _discriminating(count: int) -> str:
    if count == 0:
        return say("None of the traits observed tells catalogued types apart; at least two that do are needed.")
    return say("Only one of the traits observed tells catalogued types apart; at least two are needed.")


def _contradicted(count: int) -> str:
    return counted(
        count,
        "The one type documented well enough to be really compared is contradicted by what was observed.",
        "Each of the {n} types documented well enough to be really compared is contradicted by what was observed.",
    )


def _alike(ids: list[str], names: CatalogueNames) -> list[str]:
    if len(ids) > _SHOWN_ALIKE:
        return []
    return [say("Nothing observed could tell {names} apart.", names=joined([names.short(one) for one in ids]))]


def _unlisted(states: list[str], names: CatalogueNames) -> str:
    shown = [of_state(names.state(one)) for one in states[:_SHOWN_STATES]]
    if current() == "en":
        shown = [shown[0], *(entry.removeprefix("of ") for entry in shown[1:])]
    if len(states) > _SHOWN_STATES:
        shown.append(say("other states"))
    return say(
        "Designs {of_states} that are not in the catalogue explain the observations about as well.",
        of_states=joined(shown, "or"),
    )
