"""What is compared: the pair of propositions reported, the others, and the relevant population.

Every type, family, pattern and state against everything outside it is fixed before anything is scored; which pair is
reported is settled by the naming rules (docs/method.md 5.3).
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.model.catalogue import Catalogue
from forensics.model.result import Assessment, Candidate, Proposition
from forensics.report.choice import weighs
from forensics.report.language import counted, current, say
from forensics.report.names import CatalogueNames, as_a, first_name, in_state, joined, the_state
from forensics.report.sentences import LONG_LIST, of_family

__all__ = ["NOT_LISTED", "Question"]

NOT_LISTED = "something that is not in the catalogue"

_NOUNS = {"missile": "missile", "rocket": "rocket"}
_THINGS = ("rocket", "missile", "munition", "round", "bomb", "shell", "grenade", "projectile", "UAV", "conversion")


class Question:
    """The propositions of one document, in words.

    ``noun``: ``missile`` or ``rocket`` where every type reported is one, ``munition`` otherwise.
    """

    def __init__(self, assessment: Assessment, catalogue: Catalogue) -> None:
        self.assessment = assessment
        self.conclusion = assessment.conclusion
        self.catalogue = catalogue
        self.names = CatalogueNames(assessment, catalogue)
        self.noun = self._noun()

    def propositions(self) -> tuple[Proposition, ...]:
        """The main pair, the pair on the state, the open set, the nearest rivals, the relevant population."""
        first, second = self.main_pair()
        found = [
            Proposition(id="H1", text=self._sentence(first)),
            Proposition(id="H2", text=self._sentence(second)),
        ]
        if self.state_apart():
            made = say("made {in_state}, listed or not", in_state=in_state(self.conclusion.state_name))
            found.append(Proposition(id="S1", text=self._sentence(made)))
            found.append(Proposition(id="S2", text=self._sentence(say("made elsewhere, listed or not"))))
        unlisted = say("made as {what}", what=say(NOT_LISTED))
        if unlisted not in (first, second):
            found.append(Proposition(id="U", text=self._sentence(unlisted)))
        for number, rival in enumerate(self._rivals(), 1):
            text = self._sentence(say("made as {what}", what=self.names.made_as(rival.id)))
            found.append(Proposition(id=f"A{number}", text=text))
        found.append(Proposition(id="population", text=self._population()))
        return tuple(found)

    def main_pair(self) -> tuple[str, str]:
        """The predicates of the pair reported ("made as ...", "made as anything else, listed or not")."""
        conclusion = self.conclusion
        if conclusion.outcome == "none_fits":
            return say("made as {what}", what=say(NOT_LISTED)), say("made as one of the catalogued types compared")
        if conclusion.level == "state":
            return (
                say("made {in_state}, as a listed type or not", in_state=in_state(conclusion.node_name)),
                say("made elsewhere, listed or not"),
            )
        anything_else = say("made as anything else, listed or not")
        if conclusion.level == "none" or conclusion.node is None:
            if 1 <= len(conclusion.members) <= 2 * LONG_LIST:
                return say("made as {what}", what=self._any_of(conclusion.members)), anything_else
            return say("made as one of the catalogued types compared"), say("made as {what}", what=say(NOT_LISTED))
        return say("made as {what}", what=self._node_phrase()), anything_else

    def _node_phrase(self) -> str:
        conclusion = self.conclusion
        if conclusion.level == "type" and conclusion.node is not None:
            return self.names.made_as(conclusion.node)
        if conclusion.level == "pattern":
            return self.of_pattern()
        node = next((entry for entry in self.assessment.families if entry.id == conclusion.node), None)
        members = node.members if node is not None else conclusion.members
        listed = [member for member in members if not self.names.is_unlisted(member)]
        if sorted(listed) == sorted(conclusion.members) and len(listed) == len(members) and len(listed) <= LONG_LIST:
            return self._any_of(conclusion.members)
        return of_family(conclusion.node_name, [self.names.type(member) for member in listed])

    def of_pattern(self) -> str:
        """The pattern as it completes "made as ...": ``"a 122 mm Grad pattern rocket"``."""
        name = self.conclusion.node_name
        pattern = self.catalogue.patterns.get(self.conclusion.node or "")
        if pattern is not None:
            name = first_name(pattern, name)
        if current() != "en":
            return say("an item of the pattern {name}", name=name)
        if name.endswith(_THINGS):
            return as_a(name)
        return as_a(f"{name} {self.noun}") if name.endswith("pattern") else f"{as_a(self.noun)} of the {name}"

    def _any_of(self, members: Sequence[str]) -> str:
        return joined([self.names.made_as(member) for member in members], "or")

    def state_apart(self) -> bool:
        """The state is a comparison of its own, beside the pair reported."""
        conclusion = self.conclusion
        return (
            conclusion.state is not None
            and conclusion.state_log10_lr is not None
            and conclusion.level != "state"
            and conclusion.outcome in ("named", "tie")
        )

    def _rivals(self) -> list[Candidate]:
        """The best types outside the set reported: two listed, and the best unlisted design where it is ranked."""
        if not weighs(self.assessment):
            return []
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
                first_name(catalogue.classes[entry], entry) if entry in catalogue.classes else entry
                for entry in case.population.classes
            ]
            declared.append(say("of the class {classes}", classes=joined(classes, "or")))
        if case.population.states:
            states = [the_state(self.names.state(entry)) for entry in case.population.states]
            declared.append(say("made in {states}", states=joined(states, "or")))
        if case.event_year is not None:
            declared.append(say("that could have been in use in {year}", year=case.event_year))
        scope = (
            say("munitions {restrictions}", restrictions=", ".join(declared))
            if declared
            else say("no restriction was declared")
        )
        note = f" {case.population.note}" if case.population.note else ""
        excluded = len(self.assessment.excluded_types)
        left = (
            "; " + counted(excluded, "{n} catalogued type left out by it", "{n} catalogued types left out by it")
            if excluded
            else ""
        )
        compared = counted(count, "{n} catalogued type compared", "{n} catalogued types compared")
        text = (
            "Relevant population: {scope}; {compared}{left}; and, under every state, designs that are not in the "
            "catalogue."
        )
        return say(text, scope=scope, compared=compared, left=left) + note

    def clause(self, predicate: str) -> str:
        """The thing and what is said of it, inside a sentence: ``"the missile was made in Ukraine"``."""
        return say(f"the {self.noun} was {{predicate}}", predicate=predicate)

    def it(self, predicate: str) -> str:
        """The same of a thing just named: ``"it was made elsewhere"``."""
        return (
            say(f"it, the {self.noun}, was {{predicate}}", predicate=predicate)
            if current() != "en"
            else (f"it was {predicate}")
        )

    def _sentence(self, predicate: str) -> str:
        text = self.clause(predicate)
        return f"{text[:1].upper()}{text[1:]}."

    def _noun(self) -> str:
        """``missile`` or ``rocket`` where every type reported is one, ``munition`` otherwise."""
        members = [member for member in self.conclusion.members if not self.names.is_unlisted(member)]
        kinds = {
            next((noun for key, noun in _NOUNS.items() if key in self.names.class_name(member)), "munition")
            for member in members
        }
        return kinds.pop() if len(kinds) == 1 else "munition"
