"""Sentences that state weight, each from one number and two propositions. ``wording`` puts them together.

The form is evidence-centric: how many times more probable the observations are under one stated proposition than under
another (ENFSI 2015).
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.model.result import Assessment, Conclusion, Node
from forensics.report.language import counted, current, say
from forensics.report.names import CatalogueNames, in_state, joined, the_family
from forensics.report.numbers import capped, range_text, ratio_text, reporting_limit, times
from forensics.report.scales import DEFAULT_SCALE, support

__all__ = [
    "CHANGES",
    "EQUAL_LOG10",
    "LONG_LIST",
    "MAKER_ONLY",
    "about",
    "headline",
    "level_word",
    "of_family",
    "pivotal_sentences",
    "ratio_sentence",
    "separation",
    "strength_word",
    "weight_sentence",
]

MAKER_ONLY = "This says who made the item, not who fired it."
CHANGES = "The ratio changes if the propositions, the observations or the reference values change."

EQUAL_LOG10 = 0.0213
"""Log10 of 1.05: closer to one than two figures can show."""

LONG_LIST = 4
"""How many names a sentence takes."""

_LONGEST_LIST = 8

_WAS = {"en": " was ", "uk": " виготовлено "}
"""What joins a thing to the proposition about it, in a clause."""


def ratio_sentence(
    log10_lr: float,
    first: str,
    second: str,
    *,
    limit: float,
    interval: tuple[float, float] | None = None,
    scale_shown: bool = True,
) -> str:
    """``"about 300 times more probable if <first> than if <second> (120 to 900 over the stated uncertainty; ...)"``.

    ``first`` and ``second`` are clauses ("the missile was made as a Hwasong-11A"). A ratio below one is put the other
    way round; one above the limit is printed as the limit. The band of the verbal scale never stands without the
    number and both clauses.
    """
    if log10_lr < 0:
        first, second = _swapped(first, second)
        log10_lr = -log10_lr
        interval = (-interval[1], -interval[0]) if interval is not None else None
    if log10_lr < EQUAL_LOG10 or times(log10_lr) == "1":
        core = say("about as probable if {first} as if {second}", first=first, second=second)
    else:
        over = log10_lr > limit + 1e-9 or _at_limit(log10_lr, limit)
        size = _times_more(times(limit) if over else times(log10_lr))
        form = "at least {times} more probable if {first} than if {second}"
        if not over:
            form = "about {times} more probable if {first} than if {second}"
        core = say(form, times=size, first=first, second=second)
    notes = []
    if _at_limit(log10_lr, limit) or log10_lr > limit:
        notes.append(say("{limit} is the reporting limit", limit=times(limit)))
    if interval is not None:
        notes.append(say("{range} over the stated uncertainty", range=range_text(interval, limit)))
    if scale_shown:
        inside = (capped(interval[0], limit), capped(interval[1], limit)) if interval is not None else None
        words = support(capped(log10_lr, limit), inside)
        notes.append(say("{support} on the {scale}", support=words, scale=say(DEFAULT_SCALE.name)))
    return f"{core} ({'; '.join(notes)})" if notes else core


def _times_more(number: str) -> str:
    """``"220 times"``; in Ukrainian in the form that goes with the number."""
    digits = "".join(char for char in number if char.isdigit())
    whole = all(char not in number for char in ".,") or current() == "en"
    if not whole:
        return say("{number} times, a fraction", number=number)
    return counted(int(digits or 0), "{number} time", "{number} times", number=number)


def _swapped(first: str, second: str) -> tuple[str, str]:
    """The clauses the other way round; the one that now comes first names the thing, the other says "it"."""
    was = _WAS[current()]
    subject, found, rest = first.partition(was)
    pronoun, also, other = second.partition(was)
    if found and also and " " not in pronoun:
        return f"{subject}{was}{other}", f"{pronoun}{was}{rest}"
    return second, first


def _at_limit(log10_lr: float, limit: float) -> bool:
    return abs(log10_lr - limit) <= 1e-9


def level_word(level: str) -> str:
    """``"family level"``, as it follows "at"."""
    return say(f"{level} level")


def headline(conclusion: Conclusion) -> str:
    """The outcome in a few words, for the top of a view."""
    if conclusion.outcome == "insufficient":
        return say("Too little was examined")
    if conclusion.outcome == "none_fits":
        return say("None of the catalogued types fits")
    named = conclusion.node_name
    if conclusion.level == "pattern":
        told = conclusion.strength == "candidates_only"
        weight = "" if told else f" ({strength_word(conclusion).rstrip(',')})"
        rest = say("the producer is not told apart" if len(conclusion.members) > 1 else "nothing narrower is named")
        return f"{named[:1].upper()}{named[1:]}{weight}; {rest}"
    if conclusion.strength == "candidates_only" or not named:
        outcome = conclusion.outcome == "named"
        return say("Candidates only, nothing named" if outcome else "Not told apart: candidates only")
    strength = strength_word(conclusion)
    where = level_word(conclusion.level)
    return say("{strength} at {level}: {name}", strength=strength[:1].upper() + strength[1:], level=where, name=named)


def strength_word(conclusion: Conclusion) -> str:
    """How far the observations carry the node named."""
    return say(
        {
            "supports": "supported",
            "favours": "favoured, not established,",
            "candidates_only": "candidates only",
            "none": "nothing named",
        }[conclusion.strength]
    )


def pivotal_sentences(assessment: Assessment) -> tuple[str, ...]:
    """What the result rests on: one sentence for each trait or source without which it would be another result."""
    limit = reporting_limit(assessment)
    sentences = []
    sensitivity = assessment.sensitivity
    names = CatalogueNames(assessment)
    for form, entries in (
        ("Without the {name} the ratio would be {about}", sensitivity.leave_one_trait_out),
        ("Without source {name} the ratio would be {about}", sensitivity.leave_one_source_out),
    ):
        for entry in entries:
            if not entry.pivotal:
                continue
            text = say(form, name=entry.name, about=about(ratio_text(entry.log10_lr, limit)))
            if entry.node is None and assessment.conclusion.node is not None:
                text = say("{text}, and nothing would be named", text=text)
            elif entry.node is not None and entry.node != assessment.conclusion.node:
                text = say("{text}, for {node}", text=text, node=names.node(entry.node))
            sentences.append(f"{text}.")
    return tuple(sentences)


def about(ratio: str) -> str:
    """``"about 300"``, but ``"at least 10,000"`` as it is."""
    if ratio.startswith((say("at least {number}", number=""), say("at most {number}", number=""))):
        return ratio
    return say("about {number}", number=ratio)


def separation(assessment: Assessment, names: CatalogueNames) -> str:
    """What the observations do not tell apart, and what would; empty when one type stands alone."""
    conclusion = assessment.conclusion
    members = [names.short(member) for member in conclusion.members]
    if len(members) < 2:
        return ""
    traits = [names.trait(trait) for trait in conclusion.separating_traits]
    would = (
        say("what would: {traits}", traits=joined(traits, "or"))
        if traits
        else say("no further trait that the catalogue documents for them would; better reference values are needed")
    )
    if len(members) == 2:
        return say(
            "The observations do not distinguish {first} from {second}{ratio}; {would}.",
            first=members[0],
            second=members[1],
            ratio=_ratio_within(assessment),
            would=would,
        )
    more = len(members) - _LONGEST_LIST
    if more > 1:
        members = [*members[:_LONGEST_LIST], counted(more, "{n} other", "{n} others")]
    return say(
        "The observations do not distinguish {names} from one another; {would}.", names=joined(members), would=would
    )


def _ratio_within(assessment: Assessment) -> str:
    """The ratio of the two tied types; no digits where nothing observed could tell them apart (docs/method.md 5.3)."""
    by_id = {candidate.id: candidate for candidate in assessment.ranking}
    pair = [by_id[member] for member in assessment.conclusion.members if member in by_id]
    if len(pair) != 2:
        return ""
    first, second = (
        {line.observation: (line.log10_lr, line.contribution_log10) for line in one.evidence} for one in pair
    )
    if first == second:
        return say(" (no trait observed differs between them)")
    size = times(abs(pair[0].log10_lr - pair[1].log10_lr))
    return say(" (ratio {number})", number=size) if size != "1" else say(" (ratio close to 1)")


def weight_sentence(assessment: Assessment, node: Node, names: CatalogueNames | None = None) -> str:
    """The sentence for one family or state of the document."""
    limit = reporting_limit(assessment)
    is_state = any(entry is node or entry.id == node.id for entry in assessment.states)
    if is_state:
        first = say("the item was made {in_state}", in_state=in_state(node.name))
        second = say("it was made elsewhere, listed or not")
    else:
        first = say("the item was made as {what}", what=of_family(node.name, _listed(node.members, names)))
        second = say("it was made as anything else, listed or not")
    ratio = ratio_sentence(node.log10_lr, first, second, limit=limit, interval=node.interval)
    return say("The observations are {ratio}.", ratio=ratio)


def _listed(members: Sequence[str], names: CatalogueNames | None) -> list[str]:
    return [names.type(member) for member in members if not names.is_unlisted(member)] if names is not None else []


def of_family(name: str, types: Sequence[str]) -> str:
    """What completes "made as ..." for a family; its types are listed while they are few."""
    family = the_family(name)
    if 1 < len(types) <= LONG_LIST:
        return say("one of the {family} ({types})", family=family, name=name, types=joined(types, "or"))
    return say("one of the {family}", family=family, name=name)
