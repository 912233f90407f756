"""The only sentences that state weight.

Every view prints these; none makes its own. The form is evidence-centric: how many times more probable the
observations are under one stated proposition than under another (ENFSI 2015). No sentence gives the probability of a
proposition, and none names a user: the evidence says who made an item, not who fired it.
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.model.catalogue import Catalogue
from forensics.model.result import Assessment, Candidate, Circularity, Conclusion, Node, Proposition
from forensics.report.names import CatalogueNames, as_a, joined, the_state
from forensics.report.numbers import capped, range_text, ratio_text, reporting_limit, times
from forensics.report.reasons import reason_sentences
from forensics.report.scales import DEFAULT_SCALE, support

__all__ = [
    "CHANGES",
    "MAKER_ONLY",
    "headline",
    "pivotal_sentences",
    "ratio_sentence",
    "separation",
    "strength_word",
    "weight_sentence",
    "word",
]

MAKER_ONLY = "This says who made the item, not who fired it."
CHANGES = "The ratio changes if the propositions, the observations or the reference values change."

NOT_LISTED = "something that is not in the catalogue"

_EQUAL = 0.0213  # log10 1.05: closer to one than two figures can show
_STATE_WORTH = 1.0  # below ten the state is left to the table: a weak ratio in the first paragraph would mislead
_LONG_LIST = 4
_LONG_TIE = 6
_NOUNS = {"missile": "missile", "rocket": "rocket"}
_THINGS = ("rocket", "missile", "munition", "round", "bomb", "shell", "grenade", "projectile", "UAV", "conversion")


def word(assessment: Assessment, catalogue: Catalogue) -> Assessment:
    """Fill every sentence of the document from the numbers already in it.

    Fills ``propositions``, ``conclusion.statement`` and ``circularity.statement``; changes nothing else. Whatever
    stood there before is replaced, so that wording twice gives the same document.

    Parameters
    ----------
    assessment : Assessment
        With all numbers computed.
    catalogue : Catalogue
        The catalogue it was computed with: names of types, families, patterns, states and traits.
    """
    writer = _Writer(assessment, catalogue)
    circularity = assessment.circularity
    if circularity is not None:
        circularity = circularity.model_copy(update={"statement": writer.circularity(circularity)})
    return assessment.model_copy(
        update={
            "propositions": writer.propositions(),
            "conclusion": assessment.conclusion.model_copy(update={"statement": writer.statement()}),
            "circularity": circularity,
        }
    )


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
    if log10_lr < _EQUAL:
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
        return f"{named[:1].upper()}{named[1:]}{weight}; the producer is not told apart"
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
            sentences.append(f"Without {what}{entry.name} the ratio would be {_about(ratio)}{node}.")
    return tuple(sentences)


def _about(ratio: str) -> str:
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
        else "no trait that the catalogue documents for them would; better reference values are needed"
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
    first, second = ({line.observation: line.log10_lr for line in one.evidence} for one in pair)
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
        else f"the item was made as {_of_family(node.name, _listed(node.members, names))}"
    )
    second = "it was made elsewhere, listed or not" if is_state else "it was made as anything else, listed or not"
    return (
        "The observations are "
        + ratio_sentence(node.log10_lr, first, second, limit=limit, interval=node.interval)
        + "."
    )


def _listed(members: Sequence[str], names: CatalogueNames | None) -> list[str]:
    return [names.type(member) for member in members if not names.is_unlisted(member)] if names is not None else []


def _of_family(name: str, types: Sequence[str]) -> str:
    family = name if name.lower().endswith(("family", "series")) else f"{name} family"
    if 1 < len(types) <= _LONG_LIST:
        return f"one of the {family} ({joined(types, 'or')})"
    return f"one of the {family}"


class _Writer:
    """Sentences over one document."""

    def __init__(self, assessment: Assessment, catalogue: Catalogue) -> None:
        self.assessment = assessment
        self.conclusion = assessment.conclusion
        self.catalogue = catalogue
        self.names = CatalogueNames(assessment, catalogue)
        self.limit = reporting_limit(assessment)
        self.noun = self._noun()

    # -- what is compared ------------------------------------------------------------------------------------------

    def propositions(self) -> tuple[Proposition, ...]:
        """The main pair, the pair on the state, the open set, the nearest rivals, the relevant population."""
        first, second = self._main_pair()
        found = [
            Proposition(id="H1", text=_sentence(f"{self._subject()} {first}")),
            Proposition(id="H2", text=_sentence(f"{self._subject()} {second}")),
        ]
        if self._state_apart():
            state = the_state(self.conclusion.state_name)
            found.append(Proposition(id="S1", text=_sentence(f"{self._subject()} made in {state}, listed or not")))
            found.append(Proposition(id="S2", text=_sentence(f"{self._subject()} made elsewhere, listed or not")))
        if not any(NOT_LISTED in text for text in (first, second)):
            found.append(Proposition(id="U", text=_sentence(f"{self._subject()} made as {NOT_LISTED}")))
        for number, rival in enumerate(self._rivals(), 1):
            text = _sentence(f"{self._subject()} made as {self.names.made_as(rival.id)}")
            found.append(Proposition(id=f"A{number}", text=text))
        found.append(Proposition(id="population", text=self._population()))
        return tuple(found)

    def _main_pair(self) -> tuple[str, str]:
        """The predicates of the pair reported ("made as ...", "made as anything else, listed or not")."""
        conclusion = self.conclusion
        if conclusion.outcome == "none_fits":
            return f"made as {NOT_LISTED}", "made as one of the catalogued types compared"
        if conclusion.level == "state":
            return (
                f"made in {the_state(conclusion.node_name)}, as a listed type or not",
                "made elsewhere, listed or not",
            )
        if conclusion.level == "none" or conclusion.node is None:
            if 1 <= len(conclusion.members) <= 2 * _LONG_LIST:
                return f"made as {self._any_of(conclusion.members)}", "made as anything else, listed or not"
            return "made as one of the catalogued types compared", f"made as {NOT_LISTED}"
        return f"made as {self._node_phrase()}", "made as anything else, listed or not"

    def _node_phrase(self) -> str:
        conclusion = self.conclusion
        if conclusion.level == "type" and conclusion.node is not None:
            return self.names.made_as(conclusion.node)
        if conclusion.level == "pattern":
            return self._of_pattern()
        node = next((entry for entry in self.assessment.families if entry.id == conclusion.node), None)
        members = node.members if node is not None else conclusion.members
        listed = [member for member in members if not self.names.is_unlisted(member)]
        if sorted(listed) == sorted(conclusion.members) and len(listed) == len(members) and len(listed) <= _LONG_LIST:
            return self._any_of(conclusion.members)
        return _of_family(conclusion.node_name, [self.names.type(member) for member in listed])

    def _of_pattern(self) -> str:
        name = self.conclusion.node_name
        pattern = self.catalogue.patterns.get(self.conclusion.node or "")
        if pattern is not None and pattern.en:
            name = pattern.en[0]
        if name.endswith(_THINGS):
            return as_a(name)
        return as_a(f"{name} {self.noun}") if name.endswith("pattern") else f"{as_a(self.noun)} of the {name}"

    def _any_of(self, members: Sequence[str]) -> str:
        return joined([self.names.made_as(member) for member in members], "or")

    def _state_apart(self) -> bool:
        conclusion = self.conclusion
        return (
            conclusion.state is not None
            and conclusion.state_log10_lr is not None
            and conclusion.level != "state"
            and conclusion.outcome in ("named", "tie")
        )

    def _rivals(self) -> list[Candidate]:
        """The best types outside the set reported: two listed, and the best unlisted design where it is ranked."""
        inside = set(self.conclusion.members)
        outside = [candidate for candidate in self.assessment.ranking if candidate.id not in inside]
        listed = [candidate for candidate in outside if candidate.listed and candidate.known_traits > 0][:2]
        return listed + [candidate for candidate in outside if not candidate.listed][:1]

    def _population(self) -> str:
        case, catalogue = self.assessment.case, self.catalogue
        count = sum(1 for candidate in self.assessment.ranking if candidate.listed)
        declared = []
        if case.population.classes:
            classes = [
                catalogue.classes[entry].en[0] if entry in catalogue.classes and catalogue.classes[entry].en else entry
                for entry in case.population.classes
            ]
            declared.append(f"of the class {joined(classes, 'or')}")
        if case.population.states:
            states = [the_state(self.names.state(entry)) for entry in case.population.states]
            declared.append(f"made in {joined(states, 'or')}")
        if case.event_year is not None:
            declared.append(f"that could have been in use in {case.event_year}")
        scope = f"munitions {', '.join(declared)}" if declared else "no restriction was declared"
        note = f" {case.population.note}" if case.population.note else ""
        excluded = len(self.assessment.excluded_types)
        left = f"; {excluded} catalogued {_plural(excluded, 'type')} left out by it" if excluded else ""
        return (
            f"Relevant population: {scope}; {count} catalogued {_plural(count, 'type')} compared{left}; and, under "
            f"every state, designs that are not in the catalogue.{note}"
        )

    # -- what may be said ------------------------------------------------------------------------------------------

    def statement(self) -> str:
        """The conclusion, in sentences."""
        outcome = self.conclusion.outcome
        if outcome == "insufficient":
            parts = self._insufficient()
        elif outcome == "none_fits":
            parts = self._none_fits()
        else:
            parts = self._weighed()
        return " ".join(part for part in parts if part)

    def _weighed(self) -> list[str]:
        conclusion = self.conclusion
        parts = [self._weight(), self._strength(), self._state_weight(), self._distinguish(), self._undocumented()]
        if conclusion.strength == "candidates_only":
            parts.extend(self._reasons())
        return [*parts, MAKER_ONLY]

    def _weight(self) -> str:
        conclusion = self.conclusion
        if conclusion.level == "none" and conclusion.node is None and not conclusion.members:
            return ""
        first, second = self._main_pair()
        ratio = ratio_sentence(
            conclusion.log10_lr,
            f"{self._subject().lower()} {first}",
            f"it was {second}",
            limit=self.limit,
            interval=conclusion.interval,
        )
        return f"Given the stated propositions{self._leaving_out()}, the observations are {ratio}."

    def _leaving_out(self) -> str:
        circularity = self.assessment.circularity
        if circularity is None or not circularity.values_left_out or not self._reports_without(circularity):
            return ""
        if self.assessment.case.id in circularity.left_out_cases:
            return ", and leaving out reference values and reading conventions learned from this incident"
        return f", and leaving out reference values learned from {joined(circularity.left_out_cases)}"

    def _reports_without(self, circularity: Circularity) -> bool:
        reported = circularity.reported_log10_lr
        return reported is not None and abs(reported - self.conclusion.log10_lr) < 1e-9

    def _strength(self) -> str:
        conclusion = self.conclusion
        if conclusion.strength == "candidates_only":
            return "This is too little to name a type or a family."
        if conclusion.node is None:
            return ""
        what = self._node_name()
        at = f"at {conclusion.level} level"
        if conclusion.strength == "supports":
            return f"The observations support, {at}, {what}."
        return f"The observations favour, {at}, {what}; they do not establish it."

    def _node_name(self) -> str:
        conclusion = self.conclusion
        if conclusion.level == "state":
            return f"production in {the_state(conclusion.node_name)}"
        if conclusion.level == "pattern":
            return self._of_pattern()
        if conclusion.level == "family":
            return f"the {_family(conclusion.node_name)}"
        return conclusion.node_name

    def _distinguish(self) -> str:
        conclusion = self.conclusion
        text = separation(self.assessment, self.names)
        if conclusion.level != "pattern" or len(conclusion.members) < 2:
            return text
        makers: dict[str, list[str]] = {}
        for member in conclusion.members:
            makers.setdefault(self.names.state_of(member), []).append(self.names.short(member))
        listed = joined([f"{the_state(state)} ({joined(types)})" for state, types in makers.items()], "or")
        if len(makers) < 2:
            return text
        return f"The producer is not told apart: {listed}. {text}"

    def _state_weight(self) -> str:
        conclusion = self.conclusion
        if not self._state_apart() or conclusion.state_log10_lr is None or conclusion.state_log10_lr < _STATE_WORTH:
            return ""
        node = next((entry for entry in self.assessment.states if entry.id == conclusion.state), None)
        state = the_state(conclusion.state_name)
        ratio = ratio_sentence(
            conclusion.state_log10_lr,
            f"the {self.noun} was made in {state}",
            "it was made elsewhere, listed or not",
            limit=self.limit,
            interval=node.interval if node is not None else None,
        )
        text = f"The observations are {ratio}."
        if conclusion.state_log10_lr < conclusion.log10_lr - _EQUAL and conclusion.level in ("type", "family"):
            text += (
                " That ratio is the smaller one because it averages over everything catalogued as made there, most of "
                "which the observations contradict."
            )
        return text

    def _undocumented(self) -> str:
        """Types about which nothing observed here is known: they can neither be supported nor set aside."""
        ranked = [candidate for candidate in self.assessment.ranking if candidate.listed]
        near = {other for one in ranked if one.id in self.conclusion.members for other in one.confusable_with}
        bare = [candidate.name for candidate in ranked if candidate.known_traits == 0 and candidate.id in near]
        if not bare:
            return ""
        if len(bare) > _LONG_LIST:
            return (
                f"{len(bare)} catalogued types are hardly documented for what was examined here; the observations say "
                "nothing for or against them."
            )
        verb = "is" if len(bare) == 1 else "are"
        return (
            f"{joined(bare)} {verb} hardly documented for what was examined here; the observations say nothing for or "
            "against."
        )

    def _none_fits(self) -> list[str]:
        assessment = self.assessment
        count = sum(1 for candidate in assessment.ranking if candidate.listed)
        first, second = self._main_pair()
        ratio = ratio_sentence(
            assessment.not_catalogued.log10_lr,
            f"the {self.noun} was {first}",
            f"it was {second}",
            limit=self.limit,
        )
        parts = [
            f"None of the {count} catalogued types compared fits.",
            f"Given the stated propositions{self._leaving_out()}, the observations are {ratio}.",
        ]
        best = next((candidate for candidate in assessment.ranking if candidate.listed), None)
        leaves = assessment.not_catalogued.leaves
        if best is not None and leaves:
            leaf = max(leaves, key=lambda entry: entry.log10_lr)
            where = f"of {the_state(leaf.name)}" if leaf.state != "other" else "of another state"
            gap = ratio_sentence(
                leaf.log10_lr - best.log10_lr,
                f"the {self.noun} was made as an unlisted design {where}",
                f"it was made as {self.names.made_as(best.id)}, the catalogued type that comes nearest",
                limit=self.limit,
                scale_shown=False,
            )
            parts.append(f"They are {gap}.")
        return [*parts, *self._reasons(), self._advice(), MAKER_ONLY]

    def _insufficient(self) -> list[str]:
        scored = self._scored()
        seen = (
            f"{scored} {_plural(scored, 'observation')} could be weighed"
            if scored
            else "there is no observation that could be weighed"
        )
        return [
            f"Too little was examined to compare the propositions: {seen}.",
            *self._reasons(),
            self._candidates(),
            "No type, family or state is named, and none is set aside.",
            self._advice(),
        ]

    def _reasons(self) -> tuple[str, ...]:
        codes = self.conclusion.reasons
        if len(self.conclusion.members) > _LONG_TIE:
            codes = tuple(code for code in codes if not code.startswith("indistinguishable:"))
        return reason_sentences(codes, self.names)

    def _candidates(self) -> str:
        """The types that stand first where nothing may be named, so that a reader sees what it was about."""
        members = self.conclusion.members
        if self.conclusion.strength != "candidates_only" or not members or len(members) > _LONG_TIE:
            return ""
        ratio = ratio_text(self.conclusion.log10_lr, self.limit)
        return f"Candidates only: {joined([self.names.short(one) for one in members], 'or')} (ratio {ratio})."

    def _scored(self) -> int:
        return len({line.observation for candidate in self.assessment.ranking for line in candidate.evidence})

    def _advice(self) -> str:
        following = [entry.name for entry in self.assessment.next[:3]]
        return f"What would say most next: {joined(following, 'or')}." if following else ""

    def circularity(self, circularity: Circularity) -> str:
        """What the catalogue had learned from the incident, and the ratio with and without it."""
        cases = joined(circularity.left_out_cases)
        own = self.assessment.case.id in circularity.left_out_cases
        whence = (
            f"this incident ({cases})" if own and len(circularity.left_out_cases) == 1 else f"the incidents {cases}"
        )
        if not circularity.left_out_cases:
            return "No case was left out: no reference value of the catalogue was learned from this incident."
        if not circularity.values_left_out:
            return f"No reference value of the catalogue was learned from {whence}; nothing had to be left out."
        count = len(circularity.values_left_out)
        values = f"{count} reference {_plural(count, 'value')} {'was' if count == 1 else 'were'} learned from {whence}"
        pair = self._with_and_without("The ratio", circularity.full_log10_lr, circularity.reported_log10_lr)
        state = ""
        if self.conclusion.level != "state" and self.conclusion.state_name:
            state = self._with_and_without(
                f"For production in {the_state(self.conclusion.state_name)} it",
                circularity.state_full_log10_lr,
                circularity.state_reported_log10_lr,
            )
        them = "It is" if count == 1 else "They are"
        used = (
            f"{them} left out of the ratio reported."
            if self._reports_without(circularity)
            else f"{them} kept in the ratio reported, at the caller's wish: that ratio is circular."
        )
        return " ".join(part for part in (f"{values}.", used, pair, state) if part)

    def _with_and_without(self, what: str, full: float | None, reported: float | None) -> str:
        if full is None or reported is None:
            return ""
        with_, without = ratio_text(full, self.limit), ratio_text(reported, self.limit)
        if with_ == without:
            return f"{what} is {_about(without)} with or without them."
        return f"{what} is {_about(without)} without them and {_about(with_)} with the full catalogue."

    # -- the thing compared ----------------------------------------------------------------------------------------

    def _subject(self) -> str:
        return f"The {self.noun} was"

    def _noun(self) -> str:
        """``missile`` or ``rocket`` where every type reported is one, ``munition`` otherwise."""
        members = [member for member in self.conclusion.members if not self.names.is_unlisted(member)]
        kinds = {
            next((noun for key, noun in _NOUNS.items() if key in self.names.class_name(member)), "munition")
            for member in members
        }
        return kinds.pop() if len(kinds) == 1 else "munition"


def _family(name: str) -> str:
    return name if name.lower().endswith(("family", "series")) else f"{name} family"


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _sentence(text: str) -> str:
    return f"{text}."
