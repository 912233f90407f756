"""The only sentences that state weight.

Every view prints these; none makes its own. The form is evidence-centric: how many times more probable the
observations are under one stated proposition than under another (ENFSI 2015). No sentence gives the probability of a
proposition, and none names a user: the evidence says who made an item, not who fired it.
"""

from __future__ import annotations

from forensics.model.catalogue import Catalogue
from forensics.model.result import Assessment, Circularity
from forensics.report.language import Language, as_language, counted, say, speaking
from forensics.report.names import in_state, joined, of_state, the_family, the_state
from forensics.report.numbers import ratio_text, reporting_limit
from forensics.report.propositions import Question
from forensics.report.reasons import reason_sentences
from forensics.report.rewording import reworded
from forensics.report.sentences import (
    EQUAL_LOG10,
    LONG_LIST,
    MAKER_ONLY,
    about,
    level_word,
    of_family,
    ratio_sentence,
    separation,
)

__all__ = ["word"]

_STATE_WORTH = 1.0  # below ten the state is left to the table: a weak ratio in the first paragraph would mislead
_LONG_TIE = 6


def word(assessment: Assessment, catalogue: Catalogue, language: str = "en") -> Assessment:
    """Fill every sentence of the document from the numbers already in it.

    Fills ``propositions``, ``conclusion.statement`` and ``circularity.statement``; in another language than English
    also the names and the phrases that the document holds in English. No number, id or key changes. Whatever stood
    there before is replaced, so that wording twice gives the same document.

    Parameters
    ----------
    assessment : Assessment
        With all numbers computed.
    catalogue : Catalogue
        The catalogue it was computed with: names of types, families, patterns, states and traits.
    language : str
        ``en`` or ``uk``. A document already in another language than English keeps it.

    Raises
    ------
    InputError
        For any other language, and for a document in Ukrainian that is wanted in English (its phrases are not turned
        back).
    """
    wanted = as_language(language)
    with speaking(wanted):
        return _worded(reworded(assessment, catalogue, wanted), catalogue, wanted)


def _worded(assessment: Assessment, catalogue: Catalogue, language: Language) -> Assessment:
    writer = _Writer(assessment, catalogue)
    circularity = assessment.circularity
    if circularity is not None:
        circularity = circularity.model_copy(update={"statement": writer.circularity(circularity)})
    return assessment.model_copy(
        update={
            "language": language,
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

    def _undecided(self) -> tuple[str, ...]:
        """Why nothing narrower is named, and what would decide it, where the result leaves that open."""
        conclusion = self.conclusion
        if conclusion.strength == "candidates_only":
            return (*self._reasons(), "" if conclusion.separating_traits else self._advice())
        if conclusion.level != "state":
            return ()
        narrower = say("Which type or family it belongs to, the observations do not say.")
        return (narrower, "" if conclusion.separating_traits else self._advice())

    def _weighed(self) -> list[str]:
        parts = [self._weight(), self._strength(), self._state_weight(), self._distinguish(), self._undocumented()]
        return [*parts, *self._undecided(), say(MAKER_ONLY)]

    def _weight(self) -> str:
        conclusion = self.conclusion
        if conclusion.level == "none" and conclusion.node is None and not conclusion.members:
            return ""
        first, second = self.question.main_pair()
        ratio = ratio_sentence(
            conclusion.log10_lr,
            self.question.clause(first),
            self.question.it(second),
            limit=self.limit,
            interval=conclusion.interval,
        )
        return self._given(ratio)

    def _given(self, ratio: str) -> str:
        text = "Given the stated propositions{leaving_out}, the observations are {ratio}."
        return say(text, leaving_out=self._leaving_out(), ratio=ratio)

    def _leaving_out(self) -> str:
        circularity = self.assessment.circularity
        if circularity is None or not circularity.values_left_out or not self._reports_without(circularity):
            return ""
        if self.assessment.case.id in circularity.left_out_cases:
            return say(", and leaving out reference values and reading conventions learned from this incident")
        return say(", and leaving out reference values learned from {cases}", cases=joined(circularity.left_out_cases))

    def _reports_without(self, circularity: Circularity) -> bool:
        reported = circularity.reported_log10_lr
        return reported is not None and abs(reported - self.conclusion.log10_lr) < 1e-9

    def _strength(self) -> str:
        conclusion = self.conclusion
        if conclusion.strength == "candidates_only":
            return say("This is too little to name a type or a family.")
        if conclusion.node is None:
            return ""
        what, level = self._node_name(), level_word(conclusion.level)
        if conclusion.strength == "supports":
            return say("The observations support, at {level}, {what}.", level=level, what=what)
        return say("The observations favour, at {level}, {what}; they do not establish it.", level=level, what=what)

    def _node_name(self) -> str:
        conclusion = self.conclusion
        if conclusion.level == "state":
            return say("production {in_state}", in_state=in_state(conclusion.node_name))
        if conclusion.level == "pattern":
            return self.question.of_pattern()
        if conclusion.level == "family":
            return the_family(conclusion.node_name, article=True)
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
        return say("The producer is not told apart: {producers}. {text}", producers=listed, text=text)

    def _state_weight(self) -> str:
        conclusion = self.conclusion
        if (
            not self.question.state_apart()
            or conclusion.state_log10_lr is None
            or conclusion.state_log10_lr < _STATE_WORTH
        ):
            return ""
        node = next((entry for entry in self.assessment.states if entry.id == conclusion.state), None)
        ratio = ratio_sentence(
            conclusion.state_log10_lr,
            self.question.clause(say("made {in_state}", in_state=in_state(conclusion.state_name))),
            self.question.it(say("made elsewhere, listed or not")),
            limit=self.limit,
            interval=node.interval if node is not None else None,
        )
        text = say("The observations are {ratio}.", ratio=ratio)
        if conclusion.state_log10_lr < conclusion.log10_lr - EQUAL_LOG10 and conclusion.level in ("type", "family"):
            text += " " + say(
                "That ratio is the smaller one because it averages over everything catalogued as made there, most of "
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
            return counted(
                len(bare),
                "{n} catalogued type is hardly documented for what was examined here; the observations say nothing "
                "for or against it.",
                "{n} catalogued types are hardly documented for what was examined here; the observations say nothing "
                "for or against them.",
            )
        return counted(
            len(bare),
            "{names} is hardly documented for what was examined here; the observations say nothing for or against.",
            "{names} are hardly documented for what was examined here; the observations say nothing for or against.",
            names=joined(bare),
        )

    def _none_fits(self) -> list[str]:
        assessment = self.assessment
        count = sum(1 for candidate in assessment.ranking if candidate.listed)
        first, second = self.question.main_pair()
        ratio = ratio_sentence(
            assessment.not_catalogued.log10_lr,
            self.question.clause(first),
            self.question.it(second),
            limit=self.limit,
        )
        parts = [
            counted(
                count,
                "The {n} catalogued type compared does not fit.",
                "None of the {n} catalogued types compared fits.",
            ),
            self._given(ratio),
        ]
        best = next((candidate for candidate in assessment.ranking if candidate.listed), None)
        leaves = assessment.not_catalogued.leaves
        if best is not None and leaves:
            leaf = max(leaves, key=lambda entry: entry.log10_lr)
            where = of_state(leaf.name) if leaf.state != "other" else say("of another state")
            nearest = "made as {what}, the catalogued type that comes nearest"
            gap = ratio_sentence(
                leaf.log10_lr - best.log10_lr,
                self.question.clause(say("made as an unlisted design {of_state}", of_state=where)),
                self.question.it(say(nearest, what=self.names.made_as(best.id))),
                limit=self.limit,
                scale_shown=False,
            )
            parts.append(say("They are {ratio}.", ratio=gap))
        return [*parts, *self._reasons(), self._advice(), say(MAKER_ONLY)]

    def _insufficient(self) -> list[str]:
        scored = self._scored()
        seen = (
            counted(scored, "{n} observation could be weighed", "{n} observations could be weighed")
            if scored
            else say("there is no observation that could be weighed")
        )
        return [
            say("Too little was examined to compare the propositions: {seen}.", seen=seen),
            *(self._reasons() if scored else ()),
            self._candidates(),
            say("No type, family or state is named, and none is set aside."),
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
        told = say("Candidates only: {names}.", names=joined([self.names.short(one) for one in members], "or"))
        clause = self._group(members)
        if not clause:
            return told
        ratio = ratio_sentence(
            self.conclusion.log10_lr,
            self.question.clause(say("made as {what}", what=clause)),
            self.question.it(say("made as anything else, listed or not")),
            limit=self.limit,
        )
        return told + " " + say("The observations are {ratio}.", ratio=ratio)

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
        return say("What would say most next: {traits}.", traits=joined(following, "or")) if following else ""

    def circularity(self, circularity: Circularity) -> str:
        """What the catalogue had learned from the incident, and the ratio with and without it."""
        if not circularity.left_out_cases:
            return say("No case was left out: no reference value of the catalogue was learned from this incident.")
        cases = joined(circularity.left_out_cases)
        own = self.assessment.case.id in circularity.left_out_cases
        alone = own and len(circularity.left_out_cases) == 1
        whence = say("this incident ({cases})" if alone else "the incidents {cases}", cases=cases)
        if not circularity.values_left_out:
            text = "No reference value of the catalogue was learned from {whence}; nothing had to be left out."
            return say(text, whence=whence)
        count = len(circularity.values_left_out)
        values = counted(
            count,
            "{n} reference value was learned from {whence}.",
            "{n} reference values were learned from {whence}.",
            whence=whence,
        )
        used = (
            counted(count, "It is left out of the ratio reported.", "They are left out of the ratio reported.")
            if self._reports_without(circularity)
            else counted(
                count,
                "It is kept in the ratio reported, at the caller's wish: that ratio is circular.",
                "They are kept in the ratio reported, at the caller's wish: that ratio is circular.",
            )
        )
        pair = self._with_and_without(say("The ratio"), circularity.full_log10_lr, circularity.reported_log10_lr)
        state = ""
        if self.conclusion.level != "state" and self.conclusion.state_name:
            state = self._with_and_without(
                say("For production {in_state} it", in_state=in_state(self.conclusion.state_name)),
                circularity.state_full_log10_lr,
                circularity.state_reported_log10_lr,
            )
        return " ".join(part for part in (values, used, pair, state) if part)

    def _with_and_without(self, what: str, full: float | None, reported: float | None) -> str:
        if full is None or reported is None:
            return ""
        with_, without = about(ratio_text(full, self.limit)), about(ratio_text(reported, self.limit))
        if with_ == without:
            return say("{what} is {ratio} with or without them.", what=what, ratio=without)
        text = "{what} is {without} without them and {full} with the full catalogue."
        return say(text, what=what, without=without, full=with_)
