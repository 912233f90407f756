"""What a file may refer to: every id the other files define, known before any value is checked.

An id counts as known as soon as it has a key, even if its own entry is faulty: one mistake in the vocabulary should be
one complaint, not one in every signature. A table that could not be read at all is None and is not checked against.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from forensics.catalogue.readers.fields import Complaints, as_text, quoted
from forensics.model.catalogue import Catalogue, Trait
from forensics.yamltext import YamlNode

__all__ = ["References", "as_reference", "as_references", "references_of"]


@dataclass
class References:
    """Ids by table. ``traits`` holds the traits that were read well, ``trait_ids`` all that have a key."""

    traits: dict[str, Trait] = field(default_factory=dict)
    trait_values: dict[str, frozenset[str]] = field(default_factory=dict)
    trait_ids: Collection[str] | None = None
    blocks: Collection[str] | None = None
    grammars: Collection[str] | None = None
    parts: Collection[str] | None = None
    sources: Collection[str] | None = None
    states: Collection[str] | None = None
    families: Collection[str] | None = None
    family_states: dict[str, str] = field(default_factory=dict)
    patterns: Collection[str] | None = None
    classes: Collection[str] | None = None
    types: Collection[str] | None = None


def references_of(catalogue: Catalogue) -> References:
    """What a new file may refer to in a catalogue that is already loaded."""
    vocabulary = catalogue.vocabulary
    return References(
        traits=dict(vocabulary.traits),
        trait_values={trait.id: frozenset(value.id for value in trait.values) for trait in vocabulary.traits.values()},
        trait_ids=vocabulary.traits,
        blocks=vocabulary.blocks,
        grammars=vocabulary.grammars,
        parts=vocabulary.parts,
        sources=catalogue.sources,
        states=catalogue.states,
        families=catalogue.families,
        family_states={family.id: family.state for family in catalogue.families.values()},
        patterns=catalogue.patterns,
        classes=catalogue.classes,
        types=catalogue.signatures,
    )


def as_reference(
    complaints: Complaints, node: YamlNode | None, known: Collection[str] | None, what: str, at: str
) -> str | None:
    """An id that must be one of ``known`` (None: not checked, because that table could not be read)."""
    text = as_text(complaints, node, at)
    if text is None or known is None or text in known:
        return text
    assert node is not None
    complaints.unknown(node, what, text, known, at)
    return None


def as_references(
    complaints: Complaints, nodes: tuple[YamlNode, ...], known: Collection[str] | None, what: str, at: str
) -> tuple[str, ...]:
    """Ids that must all be known, each once."""
    found: dict[str, None] = {}
    for node in nodes:
        text = as_reference(complaints, node, known, what, at)
        if text is None:
            continue
        if text in found:
            complaints.add(node, f"{what} {quoted(text)} stands here twice.", "Keep one.", at)
        found[text] = None
    return tuple(found)
