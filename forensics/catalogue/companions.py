"""What a draft brings along when it is the first of its state, its family or its source: entries for those tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forensics.catalogue.readers.fields import Complaints
from forensics.catalogue.readers.nodes import read_families, read_states
from forensics.catalogue.readers.references import References, references_of
from forensics.catalogue.readers.tables import read_sources
from forensics.catalogue.writing import written_mapping, written_text
from forensics.errors import Fault
from forensics.model.catalogue import Catalogue
from forensics.yamltext import YamlNode, parse

__all__ = ["SOURCE_FIELDS", "Companion", "Companions", "companions_of"]

SOURCE_FIELDS = ("publisher", "title", "date", "address", "language", "reliability")
"""What a new source needs said of it; publisher, title and reliability are required."""

Reader = Callable[[Complaints, YamlNode | None], dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Companion:
    """One entry to add to a table: the file below the catalogue folder, the id, and the text to append."""

    file: str
    id: str
    text: str


@dataclass(frozen=True)
class Companions:
    """The new entries, what the draft may refer to with them in place, and what is wrong with them."""

    entries: tuple[Companion, ...]
    references: References
    faults: tuple[Fault, ...]


def companions_of(catalogue: Catalogue, answers: Mapping[str, str], sources: Sequence[Mapping[str, str]]) -> Companions:
    """New entries for a state, a family and sources the catalogue does not have.

    Parameters
    ----------
    answers : ``state`` with ``state_name``, ``family`` with ``family_name``. A state or family without a name of its
        own is no new one, but a slip, and is left to the reader of the draft to refuse.
    sources : for each source, ``id`` and ``SOURCE_FIELDS``; those already catalogued are passed over.
    """
    references = references_of(catalogue)
    entries: list[Companion] = []
    faults: list[Fault] = []

    def enter(file: str, key: str, body: Mapping[str, str], reader: Reader) -> bool:
        text = f"{written_text(key)}: {written_mapping({k: written_text(v) for k, v in body.items() if v})}\n"
        root, found = parse(text.encode(), file)
        complaints = Complaints(file)
        reader(complaints, root)
        # The lines are those of the entry alone, not of the file it will stand in.
        faults.extend(replace(fault, row=0) for fault in (*found, *complaints.faults))
        if not found and not complaints.faults:
            entries.append(Companion(file, key, text))
        return not found and not complaints.faults

    state, family = answers.get("state", ""), answers.get("family", "")
    if state and state not in catalogue.states and answers.get("state_name"):
        body = {"name": answers["state_name"]}
        if enter(f"states/{state.lower()}.yaml", state, body, lambda c, r: read_states(c, r, references)):
            references.states = {*catalogue.states, state}
    if family and family not in catalogue.families and answers.get("family_name") and state:
        body = {"name": answers["family_name"], "state": state}
        if enter(f"families/{state.lower()}.yaml", family, body, lambda c, r: read_families(c, r, references)):
            references.families = {*catalogue.families, family}
            references.family_states = references.family_states | {family: state}
    known = set(catalogue.sources)
    for source in sources:
        key = source.get("id", "")
        body = {name: source.get(name, "") for name in SOURCE_FIELDS}
        if key in known or not any(body.values()):
            continue
        known.add(key)
        enter("sources/drafts.yaml", key, body, read_sources)
    references.sources = known
    return Companions(tuple(entries), references, tuple(faults))
