"""The only sentences that state weight.

Every view prints these; none makes its own. The form is evidence-centric: how many times more probable the
observations are under one stated proposition than under another (ENFSI 2015). No sentence gives the probability of a
proposition, and none names a user: the evidence says who made an item, not who fired it.
"""

from __future__ import annotations

from forensics.model.catalogue import Catalogue
from forensics.model.result import Assessment, Circularity
from forensics.report.names import joined, the_state
from forensics.report.numbers import ratio_text, reporting_limit
from forensics.report.propositions import Question
from forensics.report.reasons import reason_sentences
from forensics.report.sentences import (
    EQUAL_LOG10,
    LONG_LIST,
    MAKER_ONLY,
    about,
    of_family,
    plural,
    ratio_sentence,
    separation,
    the_family,
)

__all__ = ["word"]

_STATE_WORTH = 1.0  # below ten the state is left to the table: a weak ratio in the first paragraph would mislead
_LONG_TIE = 6


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
            "propositions": writer.question.propositions(),
            "conclusion": assessment.conclusion.model_copy(update={"statement": writer.statement()}),
            "circularity": circularity,
        }
    )


class _Writer:
    """The statement of one document."""

    def __init__(self, assessment: Assessment, catalogue: Catalogue) -> None:
        self.assessment = assessment
        self.conclusion = assessment.conclusion
        self.question = Question(assessment, catalogue)
        self.names = self.question.names
        self.noun = self.question.noun
        self.limit = reporting_limit(assessment)

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
        first, second = self.question.main_pair()
        ratio = ratio_sentence(
            conclusion.log10_lr,
            f"{self.question.subject().lower()} {first}",
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
            return self.question.of_pattern()
        if conclusion.level == "family":
            return f"the {the_family(conclusion.node_name)}"
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
        if (
            not self.question.state_apart()
            or conclusion.state_log10_lr is None
            or conclusion.state_log10_lr < _STATE_WORTH
        ):
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
        if conclusion.state_log10_lr < conclusion.log10_lr - EQUAL_LOG10 and conclusion.level in ("type", "family"):
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
        if len(bare) > LONG_LIST:
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
        first, second = self.question.main_pair()
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
            f"{scored} {plural(scored, 'observation')} could be weighed"
            if scored
            else "there is no observation that could be weighed"
        )
        return [
            f"Too little was examined to compare the propositions: {seen}.",
            *(self._reasons() if scored else ()),
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
        told = f"Candidates only: {joined([self.names.short(one) for one in members], 'or')}."
        clause = self._group(members)
        if not clause:
            return told
        ratio = ratio_sentence(
            self.conclusion.log10_lr,
            f"the {self.noun} was made as {clause}",
            "it was made as anything else, listed or not",
            limit=self.limit,
        )
        return f"{told} The observations are {ratio}."

    def _group(self, members: tuple[str, ...]) -> str:
        """The smallest group that holds all candidates, whose ratio the document states; empty where none does."""
        if len(members) == 1:
            return self.names.made_as(members[0])
        families = {candidate.family for candidate in self.assessment.ranking if candidate.id in members}
        family = families.pop() if len(families) == 1 else None
        return of_family(self.names.family(family), ()) if family is not None else ""

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
        values = f"{count} reference {plural(count, 'value')} {'was' if count == 1 else 'were'} learned from {whence}"
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
            return f"{what} is {about(without)} with or without them."
        return f"{what} is {about(without)} without them and {about(with_)} with the full catalogue."
