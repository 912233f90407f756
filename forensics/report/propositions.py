"""What is compared: the pair of propositions reported, the others, and the relevant population.

Every type, family, pattern and state against everything outside it is fixed before anything is scored; which pair is
reported is settled by the naming rules (docs/method.md 5.3).
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.model.catalogue import Catalogue
from forensics.model.result import Assessment, Candidate, Proposition
from forensics.report.choice import weighs
from forensics.report.names import CatalogueNames, as_a, joined, the_state
from forensics.report.sentences import LONG_LIST, of_family, plural

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
            Proposition(id="H1", text=_sentence(f"{self.subject()} {first}")),
            Proposition(id="H2", text=_sentence(f"{self.subject()} {second}")),
        ]
        if self.state_apart():
            state = the_state(self.conclusion.state_name)
            found.append(Proposition(id="S1", text=_sentence(f"{self.subject()} made in {state}, listed or not")))
            found.append(Proposition(id="S2", text=_sentence(f"{self.subject()} made elsewhere, listed or not")))
        if not any(NOT_LISTED in text for text in (first, second)):
            found.append(Proposition(id="U", text=_sentence(f"{self.subject()} made as {NOT_LISTED}")))
        for number, rival in enumerate(self._rivals(), 1):
            text = _sentence(f"{self.subject()} made as {self.names.made_as(rival.id)}")
            found.append(Proposition(id=f"A{number}", text=text))
        found.append(Proposition(id="population", text=self._population()))
        return tuple(found)

    def main_pair(self) -> tuple[str, str]:
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
            if 1 <= len(conclusion.members) <= 2 * LONG_LIST:
                return f"made as {self._any_of(conclusion.members)}", "made as anything else, listed or not"
            return "made as one of the catalogued types compared", f"made as {NOT_LISTED}"
        return f"made as {self._node_phrase()}", "made as anything else, listed or not"

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
        if pattern is not None and pattern.en:
            name = pattern.en[0]
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
        left = f"; {excluded} catalogued {plural(excluded, 'type')} left out by it" if excluded else ""
        return (
            f"Relevant population: {scope}; {count} catalogued {plural(count, 'type')} compared{left}; and, under "
            f"every state, designs that are not in the catalogue.{note}"
        )

    def subject(self) -> str:
        """``"The missile was"``."""
        return f"The {self.noun} was"

    def _noun(self) -> str:
        """``missile`` or ``rocket`` where every type reported is one, ``munition`` otherwise."""
        members = [member for member in self.conclusion.members if not self.names.is_unlisted(member)]
        kinds = {
            next((noun for key, noun in _NOUNS.items() if key in self.names.class_name(member)), "munition")
            for member in members
        }
        return kinds.pop() if len(kinds) == 1 else "munition"


def _sentence(text: str) -> str:
    return f"{text}."
