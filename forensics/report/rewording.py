"""A document's names and phrases in the language wanted; its sentences are ``wording``'s.

Names of traits, values, families, patterns, states and limitations come from the catalogue, what was recorded from the
observations themselves, the phrases of the rooms that compare and assess through ``phrases``. Numbers, ids and codes
stay as they are.
"""

from __future__ import annotations

from forensics.errors import Fault, InputError
from forensics.model.catalogue import Catalogue
from forensics.model.result import Assessment, Candidate, EvidenceLine, Limitation, NextExamination, Sensitivity
from forensics.report.language import Language, say
from forensics.report.names import first_name
from forensics.report.observed import describe
from forensics.report.phrases import Phrases
from forensics.report.rings import ring_figures

__all__ = ["reworded", "with_names"]


def reworded(assessment: Assessment, catalogue: Catalogue, language: Language) -> Assessment:
    """The document with every name and phrase in the language.

    Raises
    ------
    InputError
        When the document is in another language than English already.
    """
    if assessment.language not in ("en", language):
        raise InputError(
            Fault("", message=f"the document is worded in {assessment.language!r}.", advice="Assess the case again.")
        )
    if assessment.language == "en":
        assessment = assessment.model_copy(update={"rings": ring_figures(assessment, catalogue)})
    if language != assessment.language:
        assessment = _Translator(assessment, catalogue, language).document()
    return with_names(assessment, catalogue)


def with_names(assessment: Assessment, catalogue: Catalogue) -> Assessment:
    """Names of all traits that the document mentions, and what was recorded in words, in the current language."""
    vocabulary = catalogue.vocabulary.traits
    mentioned = {entry.trait for entry in assessment.observations} | {entry.trait for entry in assessment.next}
    mentioned |= {line.trait for candidate in assessment.ranking for line in candidate.evidence}
    mentioned |= {*assessment.conclusion.separating_traits} & vocabulary.keys()
    values = {
        trait: {value.id: first_name(value.names, value.id) for value in vocabulary[trait].values}
        for trait in mentioned & vocabulary.keys()
    }
    return assessment.model_copy(
        update={
            "trait_names": {
                trait: first_name(vocabulary[trait].names, trait)
                for trait in sorted(mentioned)
                if trait in vocabulary and (vocabulary[trait].names.en or vocabulary[trait].names.uk)
            },
            "part_names": {
                part: first_name(catalogue.vocabulary.parts[part], part)
                for part in sorted({entry.part for entry in assessment.photographs if entry.part})
                if part in catalogue.vocabulary.parts
            },
            "described": {
                entry.id: describe(entry.value, values.get(entry.trait)) for entry in assessment.observations
            },
        }
    )


class _Translator:
    def __init__(self, assessment: Assessment, catalogue: Catalogue, language: Language) -> None:
        self.assessment, self.catalogue = assessment, catalogue
        self.phrases = Phrases(catalogue, language)

    def document(self) -> Assessment:
        told = self.assessment
        open_set = told.not_catalogued
        leaves = tuple(leaf.model_copy(update={"name": self.state(leaf.state, leaf.name)}) for leaf in open_set.leaves)
        say_ = self.phrases.say
        return told.model_copy(
            update={
                "ranking": tuple(self.candidate(entry) for entry in told.ranking),
                "families": tuple(
                    node.model_copy(update={"name": self.family(node.id, node.name)}) for node in told.families
                ),
                "states": tuple(
                    node.model_copy(update={"name": self.state(node.id, node.name)}) for node in told.states
                ),
                "not_catalogued": open_set.model_copy(update={"leaves": leaves}),
                "conclusion": told.conclusion.model_copy(
                    update={
                        "node_name": self.node(),
                        "state_name": self.state(told.conclusion.state or "", told.conclusion.state_name),
                    }
                ),
                "readings": tuple(entry.model_copy(update={"reading": say_(entry.reading)}) for entry in told.readings),
                "not_scored": tuple((observation, say_(reason)) for observation, reason in told.not_scored),
                "unread": tuple(entry.model_copy(update={"reason": say_(entry.reason)}) for entry in told.unread),
                "sensitivity": self.sensitivity(told.sensitivity),
                "limitations": tuple(self.limitation(entry) for entry in told.limitations),
                "rings": tuple(
                    ring.model_copy(
                        update={
                            "fits": tuple(fit.model_copy(update={"pattern": say_(fit.pattern)}) for fit in ring.fits)
                        }
                    )
                    for ring in told.rings
                ),
                "next": tuple(self.next(entry) for entry in told.next),
            }
        )

    def candidate(self, candidate: Candidate) -> Candidate:
        return candidate.model_copy(
            update={
                "name": self.type(candidate.id, candidate.name)
                if candidate.listed
                else self.state(candidate.state, candidate.name),
                "family_name": self.family(candidate.family or "", candidate.family_name),
                "state_name": self.state(candidate.state, candidate.state_name),
                "evidence": tuple(self.line(line) for line in candidate.evidence),
            }
        )

    def line(self, line: EvidenceLine) -> EvidenceLine:
        return line.model_copy(
            update={
                "trait_name": self.trait(line.trait, line.trait_name),
                "observed": self.phrases.say(line.observed),
                "expected": self.phrases.say(line.expected),
                "because": self.phrases.say(line.because),
            }
        )

    def node(self) -> str:
        conclusion = self.assessment.conclusion
        node, name = conclusion.node or "", conclusion.node_name
        if conclusion.level == "pattern" and node in self.catalogue.patterns:
            return first_name(self.catalogue.patterns[node], name)
        if conclusion.level == "family":
            return self.family(node, name)
        return self.state(node, name) if conclusion.level == "state" else self.type(node, name)

    def sensitivity(self, told: Sensitivity) -> Sensitivity:
        return told.model_copy(
            update={
                "leave_one_trait_out": tuple(
                    entry.model_copy(update={"name": self.trait(entry.left_out, entry.name)})
                    for entry in told.leave_one_trait_out
                ),
                "variants": tuple(
                    entry.model_copy(
                        update={"name": self.phrases.say(entry.name), "note": self.phrases.say(entry.note)}
                    )
                    for entry in told.variants
                ),
            }
        )

    def limitation(self, entry: Limitation) -> Limitation:
        rule = next((rule for rule in self.catalogue.limitations if rule.id == entry.id), None)
        return entry if rule is None else entry.model_copy(update={"because": first_name(rule.names, entry.because)})

    def next(self, entry: NextExamination) -> NextExamination:
        trait = self.catalogue.vocabulary.traits.get(entry.trait)
        how = trait.records.get(self.phrases.language, entry.how) if trait is not None else entry.how
        return entry.model_copy(update={"name": self.trait(entry.trait, entry.name), "how": how})

    def trait(self, trait_id: str, otherwise: str) -> str:
        trait = self.catalogue.vocabulary.traits.get(trait_id)
        return first_name(trait.names, otherwise) if trait is not None else otherwise

    def type(self, type_id: str, otherwise: str) -> str:
        signature = self.catalogue.signatures.get(type_id)
        own: tuple[str, ...] = getattr(signature.aliases, self.phrases.language) if signature is not None else ()
        return next(iter(own), otherwise)

    def family(self, family_id: str, otherwise: str) -> str:
        family = self.catalogue.families.get(family_id)
        return first_name(family.names, otherwise) if family is not None else otherwise

    def state(self, state_id: str, otherwise: str) -> str:
        if state_id == "other":
            return say("another state")
        state = self.catalogue.states.get(state_id)
        return first_name(state.names, otherwise) if state is not None else otherwise
