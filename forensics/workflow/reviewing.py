"""What of a case waits for a person: machine readings, disagreements; and what persons decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from forensics.casefile import CaseFolder, open_case
from forensics.errors import CaseError, Fault, InputError
from forensics.model.catalogue import Catalogue, Trait
from forensics.model.evidence import Decision, Finding, Method, Observation, Photograph, UnreadInput
from forensics.model.values import NotExaminable, TraitValue
from forensics.workflow.assessing import Progress
from forensics.workflow.inputs import Gathered, gather, read_observations, register
from forensics.workflow.readings import read_photographs

__all__ = [
    "Docket",
    "Entry",
    "Standing",
    "amended_value",
    "decide",
    "docket",
    "docket_json",
    "docket_text",
    "find_entry",
    "open_for_review",
]

Standing = Literal["recorded", "unreviewed", "accepted", "amended", "rejected", "conflict"]
"""``recorded``: on a sheet, so its examiner stands behind it. ``unreviewed``: read by a machine."""

Action = Literal["accept", "amend", "reject", "comment"]


@dataclass(frozen=True)
class Entry:
    """One observation and where it stands. ``finding`` is None when persons rejected it."""

    observation: Observation
    standing: Standing
    finding: Finding | None
    decisions: tuple[Decision, ...] = ()
    disagrees_with: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a person has something to decide."""
        unread = isinstance(self.observation.value, NotExaminable)
        return (
            self.standing == "conflict" or bool(self.disagrees_with) or (self.standing == "unreviewed" and not unread)
        )


@dataclass(frozen=True)
class Docket:
    """Every observation of a case, in the order of the sheets and photographs.

    ``not_read``: photographs no machine has read yet. ``without_observation``: decisions that hang in the air, because
    a stage was rerun or a sheet was changed.
    """

    entries: tuple[Entry, ...]
    photographs: tuple[Photograph, ...]
    unread: tuple[UnreadInput, ...]
    not_read: tuple[str, ...] = ()
    without_observation: tuple[Decision, ...] = ()

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """What a person has to decide, in order."""
        return tuple(entry for entry in self.entries if entry.waits)


def docket(
    folder: Path,
    catalogue: Catalogue,
    progress: Progress | None = None,
    *,
    kept_only: bool = False,
    registered: tuple[tuple[Photograph, ...], tuple[UnreadInput, ...]] | None = None,
) -> Docket:
    """Read a case (its photographs too, unless ``kept_only``) and apply what persons decided.

    Raises
    ------
    InputError
        With every fault of the case and its sheets.
    """
    gathered = gather([str(folder)])
    if gathered.folder is None:
        raise CaseError(Fault(str(folder), message="is no case folder.", advice="Make one: forensics case new"))
    observations = read_observations(gathered, catalogue) if gathered.sheets or gathered.photographs else ()
    photographs, unread = registered if registered is not None else register(gathered)
    readings = read_photographs(gathered, photographs, catalogue, progress, kept_only=kept_only)
    return _docket(gathered, (*observations, *readings.observations), readings.photographs, unread, readings.not_read)


def _docket(
    gathered: Gathered,
    observations: tuple[Observation, ...],
    photographs: tuple[Photograph, ...],
    unread: tuple[UnreadInput, ...],
    not_read: tuple[str, ...],
) -> Docket:
    from forensics.review import review  # noqa: PLC0415

    result = review(observations, gathered.decisions)
    found = {finding.observation.id: finding for finding in result.findings}
    conflicting = {conflict.observation for conflict in result.conflicts}
    apart = {one: group.observations for group in result.disagreements for one in group.observations}
    entries: list[Entry] = []
    for observation in observations:
        own = tuple(one for one in gathered.decisions if one.observation == observation.id)
        finding = found.get(observation.id)
        others = tuple(one for one in apart.get(observation.id, ()) if one != observation.id)
        standing = _standing(observation, finding, observation.id in conflicting)
        entries.append(Entry(observation, standing, finding, own, others))
    return Docket(tuple(entries), photographs, unread, not_read, result.without_observation)


def _standing(observation: Observation, finding: Finding | None, conflict: bool) -> Standing:
    if conflict:
        return "conflict"
    if finding is None:
        return "rejected"
    if finding.decided_by is not None:
        return "accepted" if finding.observation.value == observation.value else "amended"
    return "unreviewed" if observation.provenance.method is Method.AUTOMATIC else "recorded"


def find_entry(found: Docket, name: str) -> Entry:
    """The entry of an id, or of the beginning of one when only one begins so.

    Raises
    ------
    InputError
        When there is none, or more than one.
    """
    exact = [entry for entry in found.entries if entry.observation.id == name]
    near = exact or [entry for entry in found.entries if entry.observation.id.startswith(name)]
    if len(near) != 1:
        what = "is the beginning of several ids" if near else "is no observation of this case"
        shown = ", ".join(entry.observation.id for entry in near[:5])
        advice = f"They are: {shown}." if near else "See 'forensics review CASE --list'."
        raise InputError(Fault("", message=f"{name!r} {what}.", advice=advice))
    return near[0]


def amended_value(text: str, trait: Trait, catalogue: Catalogue) -> TraitValue:
    """A value written as it would be in the cell of a sheet: ``1100 ± 20``, ``a | b``, ``absent``.

    Raises
    ------
    InputError
        Saying what is wrong and what to write.
    """
    from forensics.intake import read_value  # noqa: PLC0415

    return read_value(text, trait, catalogue.vocabulary)


def decide(
    folder: CaseFolder,
    entry: Entry,
    action: Action,
    *,
    person: str,
    value: TraitValue | None = None,
    comment: str = "",
    settles: bool = False,
) -> Decision:
    """Record what a person decided. A case without a custody record begins one.

    Raises
    ------
    CaseError
        When nobody is named, or it cannot be written.
    """
    if not person.strip():
        raise CaseError(Fault("", message="a decision needs the name of a person.", advice="Give one: --person NAME"))
    folder.begin_record(person)
    if action == "amend" and value == entry.observation.value:
        action, value = "accept", None
    return folder.decide(entry.observation.id, action, person=person, value=value, comment=comment, settles=settles)


def open_for_review(path: Path, person: str) -> CaseFolder:
    """The case, with what an interrupted run left recorded."""
    folder = open_case(path)
    if folder.managed and folder.writable:
        folder.recover(person)
    return folder


def docket_text(found: Docket, *, everything: bool) -> str:
    """A few lines an entry; those that wait for a person first named, then counted."""
    from forensics.report.observed import describe, place, who  # noqa: PLC0415

    shown = found.entries if everything else found.waiting
    lines: list[str] = []
    for entry in shown:
        observation = entry.observation
        now = entry.finding.observation.value if entry.finding is not None else observation.value
        lines.append(f"{observation.id}  {entry.standing}")
        lines.append(f"  {observation.trait} of item {observation.item or '-'}: {describe(now)}")
        where = place(observation.provenance.photograph, observation.provenance.box)
        lines.append(f"  {'; '.join(part for part in (who(observation), where) if part)}")
        if entry.disagrees_with:
            lines.append(f"  does not go together with {', '.join(entry.disagrees_with)}")
        lines += [f"  {_told(decision)}" for decision in entry.decisions]
    lines += [f"not read yet: {name}" for name in found.not_read]
    lines += [f"{entry.path}: {entry.reason}" for entry in found.unread]
    lines += [f"decided, but not there any more: {decision.observation}" for decision in found.without_observation]
    waiting = len(found.waiting)
    lines.append(f"{waiting} of {len(found.entries)} observations wait for a person.")
    return "\n".join(lines) + "\n"


def _told(decision: Decision) -> str:
    from forensics.report.observed import describe  # noqa: PLC0415

    value = f" to {describe(decision.value)}" if decision.value is not None else ""
    settles = ", settling the disagreement" if decision.settles else ""
    comment = f": {decision.comment}" if decision.comment else ""
    return f"{decision.at} {decision.person}: {decision.action}{value}{settles}{comment}"


def docket_json(found: Docket, *, everything: bool) -> str:
    """The same as JSON: one object an entry, with the observation as recorded and the value that holds."""
    shown: Sequence[Entry] = found.entries if everything else found.waiting
    document = {
        "entries": [
            {
                "id": entry.observation.id,
                "standing": entry.standing,
                "waits": entry.waits,
                "disagrees_with": list(entry.disagrees_with),
                "observation": entry.observation.model_dump(mode="json"),
                "value": None if entry.finding is None else entry.finding.observation.value.model_dump(mode="json"),
                "decisions": [decision.model_dump(mode="json") for decision in entry.decisions],
            }
            for entry in shown
        ],
        "not_read": list(found.not_read),
        "unread": [entry.model_dump(mode="json") for entry in found.unread],
        "without_observation": [decision.model_dump(mode="json") for decision in found.without_observation],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
