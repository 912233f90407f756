"""Names inside sentences: articles, lists, "made as a ..." phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from forensics.model.catalogue import Catalogue, Names
from forensics.model.result import Assessment
from forensics.report.language import current, say, table

__all__ = [
    "CatalogueNames",
    "article",
    "as_a",
    "first_name",
    "in_state",
    "joined",
    "of_state",
    "the_family",
    "the_state",
]

_SPELLED = re.compile(r"(?![A-Z][a-z]+\b)[FHLMNRSX](?![a-z])")  # letters whose name begins with a vowel sound
_VOWEL_SOUND = re.compile(r"[aeiouAEIO]|8|1[18](?!\d)|U[nm]")
_TAKES_THE = re.compile(r"^(?:[A-Z]{2,}|United|Republic|Soviet)\b")


def article(name: str) -> str:
    """``"a"`` or ``"an"`` as the name is spoken: an Iskander-M, an S-300, a 9M79, a Hwasong-11A."""
    return "an" if _SPELLED.match(name) or _VOWEL_SOUND.match(name) else "a"


def as_a(name: str) -> str:
    """The name as it completes "made as ...": with its article in English, as "an item of the type" in Ukrainian."""
    return f"{article(name)} {name}" if current() == "en" else say("an item of the type {name}", name=name)


def joined(names: Iterable[str], word: str = "and") -> str:
    """``"A"``, ``"A and B"``, ``"A, B and C"``."""
    listed = list(names)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {say(word)} {listed[-1]}"


def the_state(name: str) -> str:
    """A state's name as it stands in a sentence: the DPRK, the USSR / Russia, Ukraine."""
    return f"the {name}" if current() == "en" and _TAKES_THE.match(name) else name


def the_family(name: str, *, article: bool = False) -> str:
    """``"Hwasong-11 family"``; a name that says so itself is left alone. ``article``: ``"the Hwasong-11 family"``."""
    if current() != "en":
        return say("the family {name}", name=name)
    told = name if name.lower().endswith(("family", "series")) else f"{name} family"
    return f"the {told}" if article else told


def in_state(name: str) -> str:
    """Where something was made: ``"in the DPRK"``; in Ukrainian in the locative, ``"у КНДР"``."""
    language = current()
    if language == "en":
        return f"in {the_state(name)}"
    forms = table(language).states.get(name)
    return forms[0] if forms else say("in the state {name}", name=name)


def of_state(name: str) -> str:
    """Whose something is: ``"of the DPRK"``; in Ukrainian in the genitive."""
    language = current()
    if language == "en":
        return f"of {the_state(name)}"
    forms = table(language).states.get(name)
    return forms[1] if forms else say("of the state {name}", name=name)


class CatalogueNames:
    """Names of types, unlisted designs and traits by id, from the document first and the catalogue second."""

    def __init__(self, assessment: Assessment, catalogue: Catalogue | None = None) -> None:
        self._types: dict[str, str] = {candidate.id: candidate.name for candidate in assessment.ranking}
        self._listed = {candidate.id for candidate in assessment.ranking if candidate.listed}
        self._state_of: dict[str, str] = {candidate.id: candidate.state_name for candidate in assessment.ranking}
        self._families: dict[str, str] = {node.id: node.name for node in assessment.families}
        self._states: dict[str, str] = {node.id: node.name for node in assessment.states}
        self._patterns = {candidate.pattern for candidate in assessment.ranking if candidate.pattern}
        self._traits: dict[str, str] = {
            line.trait: line.trait_name for candidate in assessment.ranking for line in candidate.evidence
        } | {entry.trait: entry.name for entry in assessment.next}
        self._catalogue = catalogue

    def type(self, type_id: str) -> str:
        """The name of a type; its id where nobody names it."""
        if type_id in self._types:
            return self._types[type_id]
        if self._catalogue is not None and type_id in self._catalogue.signatures:
            signature = self._catalogue.signatures[type_id]
            return signature.name if current() == "en" else first_name(signature.aliases, signature.name)
        return type_id

    def state_of(self, type_id: str) -> str:
        """The name of the producing state of a type or unlisted design."""
        if type_id in self._state_of:
            return self._state_of[type_id]
        if self._catalogue is not None and type_id in self._catalogue.signatures:
            return self.state(self._catalogue.signatures[type_id].state)
        return self.state(type_id.partition("@")[2]) if "@" in type_id else ""

    def state(self, state_id: str) -> str:
        """The name of a state."""
        if state_id in self._states:
            return self._states[state_id]
        if self._catalogue is not None and state_id in self._catalogue.states:
            return self._catalogue.states[state_id].name
        return state_id

    def family(self, family_id: str) -> str:
        """The name of a family."""
        if family_id in self._families:
            return self._families[family_id]
        if self._catalogue is not None and family_id in self._catalogue.families:
            return self._catalogue.families[family_id].name
        return family_id

    def node(self, node_id: str) -> str:
        """The name of a type, family or state, whichever the id is."""
        if node_id in self._families:
            return the_family(self._families[node_id], article=True)
        if node_id in self._states:
            return say("production {in_state}", in_state=in_state(self._states[node_id]))
        if node_id in self._patterns:
            return say("a pattern that several states make")
        return self.type(node_id)

    def trait(self, trait_id: str) -> str:
        """The name of a trait in the language of the report, in English where it has none."""
        if self._catalogue is not None:
            trait = self._catalogue.vocabulary.traits.get(trait_id)
            if trait is not None and (trait.names.en or trait.names.uk):
                return first_name(trait.names, trait_id)
        return self._traits.get(trait_id, trait_id.replace("_", " "))

    def class_name(self, type_id: str) -> str:
        """The munition class of a catalogued type, in English, or nothing."""
        if self._catalogue is None or type_id not in self._catalogue.signatures:
            return ""
        class_id = self._catalogue.signatures[type_id].class_id
        names: Mapping[str, object] = self._catalogue.classes
        if class_id in names:
            english = self._catalogue.classes[class_id].en
            return english[0] if english else class_id
        return class_id

    def is_unlisted(self, type_id: str) -> bool:
        """True for a leaf that stands for designs the catalogue does not hold."""
        return "@" in type_id and type_id not in self._listed

    def made_as(self, type_id: str) -> str:
        """What completes "made as ...": ``"a Hwasong-11A"``, ``"an unlisted design of the DPRK"``."""
        if not self.is_unlisted(type_id):
            return as_a(self.type(type_id))
        if type_id.endswith("@other"):
            return say("an unlisted design of another state")
        return say("an unlisted design {of_state}", of_state=of_state(self.state_of(type_id)))

    def short(self, type_id: str) -> str:
        """The name in a list: ``"Hwasong-11A"``, ``"an unlisted design of the DPRK"``."""
        return self.made_as(type_id) if self.is_unlisted(type_id) else self.type(type_id)


def first_name(names: Names, otherwise: str) -> str:
    """The first name in the language of the report, else the English one."""
    own: tuple[str, ...] = getattr(names, current())
    return next(iter(own or names.en), otherwise)
