"""Sentences that state weight, each from one number and two propositions. ``wording`` puts them together.

The form is evidence-centric: how many times more probable the observations are under one stated proposition than under
another (ENFSI 2015).
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.model.result import Assessment, Conclusion, Node
from forensics.report.names import CatalogueNames, joined, the_state
from forensics.report.numbers import capped, range_text, ratio_text, reporting_limit, times
from forensics.report.scales import DEFAULT_SCALE, support

__all__ = [
    "CHANGES",
    "EQUAL_LOG10",
    "LONG_LIST",
    "MAKER_ONLY",
    "about",
    "headline",
    "of_family",
    "pivotal_sentences",
    "plural",
    "ratio_sentence",
    "separation",
    "strength_word",
    "the_family",
    "weight_sentence",
]

MAKER_ONLY = "This says who made the item, not who fired it."
CHANGES = "The ratio changes if the propositions, the observations or the reference values change."

EQUAL_LOG10 = 0.0213
"""Log10 of 1.05: closer to one than two figures can show."""

LONG_LIST = 4
"""How many names a sentence takes."""


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
    if log10_lr < EQUAL_LOG10:
        core = f"about as probable if {first} as if {second}"
    else:
        over = log10_lr > limit + 1e-9
        size = f"at least {times(limit)}" if over or _at_limit(log10_lr, limit) else f"about {times(log10_lr)}"
        core = f"{size} times more probable if {first} than if {second}"
    notes = []
    if _at_limit(log10_lr, limit) or log10_lr > limit:
        notes.append(f"{times(limit)} is the reporting limit")
    if interval is not None:
        notes.append(f"{range_text(interval, limit)} over the stated uncertainty")
    if scale_shown:
        inside = (capped(interval[0], limit), capped(interval[1], limit)) if interval is not None else None
        notes.append(f"{support(capped(log10_lr, limit), inside)} on the {DEFAULT_SCALE.name}")
    return f"{core} ({'; '.join(notes)})" if notes else core


def _swapped(first: str, second: str) -> tuple[str, str]:
    """The clauses the other way round; the one that now comes first names the thing, the other says "it"."""
    subject, was, rest = first.partition(" was ")
    if was and second.startswith("it was "):
        return f"{subject}{second[2:]}", f"it was {rest}"
    return second, first


def _at_limit(log10_lr: float, limit: float) -> bool:
    return abs(log10_lr - limit) <= 1e-9


def headline(conclusion: Conclusion) -> str:
    """The outcome in a few words, for the top of a view."""
    if conclusion.outcome == "insufficient":
        return "Too little was examined"
    if conclusion.outcome == "none_fits":
        return "None of the catalogued types fits"
    named = conclusion.node_name
    if conclusion.level == "pattern":
        weight = "" if conclusion.strength == "candidates_only" else f" ({strength_word(conclusion).rstrip(',')})"
        rest = "the producer is not told apart" if len(conclusion.members) > 1 else "nothing narrower is named"
        return f"{named[:1].upper()}{named[1:]}{weight}; {rest}"
    if conclusion.strength == "candidates_only" or not named:
        return "Candidates only, nothing named" if conclusion.outcome == "named" else "Not told apart: candidates only"
    where = f"{conclusion.level} level: {named}"
    return f"{strength_word(conclusion).capitalize()} at {where}"


def strength_word(conclusion: Conclusion) -> str:
    """How far the observations carry the node named."""
    return {
        "supports": "supported",
        "favours": "favoured, not established,",
        "candidates_only": "candidates only",
        "none": "nothing named",
    }[conclusion.strength]


def pivotal_sentences(assessment: Assessment) -> tuple[str, ...]:
    """What the result rests on: one sentence for each trait or source without which it would be another result."""
    limit = reporting_limit(assessment)
    sentences = []
    sensitivity = assessment.sensitivity
    for what, entries in (
        ("the ", sensitivity.leave_one_trait_out),
        ("source ", sensitivity.leave_one_source_out),
    ):
        for entry in entries:
            if not entry.pivotal:
                continue
            ratio = ratio_text(entry.log10_lr, limit)
            changed = entry.node is not None and entry.node != assessment.conclusion.node
            node = f", for {CatalogueNames(assessment).node(entry.node or '')}" if changed else ""
            if entry.node is None and assessment.conclusion.node is not None:
                node = ", and nothing would be named"
            sentences.append(f"Without {what}{entry.name} the ratio would be {about(ratio)}{node}.")
    return tuple(sentences)


def about(ratio: str) -> str:
    """``"about 300"``, but ``"at least 10,000"`` as it is."""
    return ratio if ratio.startswith("at ") else f"about {ratio}"


def separation(assessment: Assessment, names: CatalogueNames) -> str:
    """What the observations do not tell apart, and what would; empty when one type stands alone."""
    conclusion = assessment.conclusion
    members = [names.short(member) for member in conclusion.members]
    if len(members) < 2:
        return ""
    traits = [names.trait(trait) for trait in conclusion.separating_traits]
    would = (
        f"what would: {joined(traits, 'or')}"
        if traits
        else "no further trait that the catalogue documents for them would; better reference values are needed"
    )
    if len(members) == 2:
        ratio = _ratio_within(assessment)
        return f"The observations do not distinguish {members[0]} from {members[1]}{ratio}; {would}."
    return f"The observations do not distinguish {joined(members)} from one another; {would}."


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
        return " (no trait observed differs between them)"
    size = times(abs(pair[0].log10_lr - pair[1].log10_lr))
    return f" (ratio {size})" if size != "1" else " (ratio close to 1)"


def weight_sentence(assessment: Assessment, node: Node, names: CatalogueNames | None = None) -> str:
    """The sentence for one family or state of the document."""
    limit = reporting_limit(assessment)
    is_state = any(entry is node or entry.id == node.id for entry in assessment.states)
    first = (
        f"the item was made in {the_state(node.name)}"
        if is_state
        else f"the item was made as {of_family(node.name, _listed(node.members, names))}"
    )
    second = "it was made elsewhere, listed or not" if is_state else "it was made as anything else, listed or not"
    return (
        "The observations are "
        + ratio_sentence(node.log10_lr, first, second, limit=limit, interval=node.interval)
        + "."
    )


def _listed(members: Sequence[str], names: CatalogueNames | None) -> list[str]:
    return [names.type(member) for member in members if not names.is_unlisted(member)] if names is not None else []


def the_family(name: str) -> str:
    """``"Hwasong-11 family"``; a name that says so itself is left alone."""
    return name if name.lower().endswith(("family", "series")) else f"{name} family"


def plural(count: int, noun: str) -> str:
    """The noun in the number that goes with a count."""
    return noun if count == 1 else f"{noun}s"


def of_family(name: str, types: Sequence[str]) -> str:
    """What completes "made as ..." for a family; its types are listed while they are few."""
    family = the_family(name)
    if 1 < len(types) <= LONG_LIST:
        return f"one of the {family} ({joined(types, 'or')})"
    return f"one of the {family}"
