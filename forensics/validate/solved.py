"""Solved cases: published incidents with an accepted answer, transcribed from the first publication.

Every case is assessed as a user would assess it, with what the catalogue learned from that very incident left out, and
every one is printed. Nothing is fitted to them. The accepted answer lies in a file of its own that no assessment reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forensics.errors import CaseError, Fault
from forensics.model.result import Assessment
from forensics.validate.metrics import upper_bound
from forensics.workflow.assessing import AssessOptions, assess_inputs
from forensics.workflow.inputs import gather
from forensics.yamltext import YamlList, YamlMap, YamlText, read

__all__ = [
    "Accepted",
    "CaseResult",
    "assess_case",
    "assess_cases",
    "case_folders",
    "cases_folder",
    "cases_text",
    "read_accepted",
    "write_cases",
]

Progress = Callable[[str, int, int], None]

ACCEPTED_FILE = "accepted.yaml"
ENOUGH_TRAITS = 3
"""Cases with fewer recorded traits are not asked whether the accepted family is among the first."""
_KEYS = frozenset({"state", "family", "members", "listed", "accepted_by", "note"})


@dataclass(frozen=True)
class Accepted:
    """The accepted answer. ``members``: catalogued types, any of which is right; ``listed``: whether there is one."""

    state: str
    family: str
    members: tuple[str, ...]
    listed: bool
    accepted_by: str
    note: str = ""


@dataclass(frozen=True)
class CaseResult:
    """One solved case. Ranks count from 1; None where the answer is not in the catalogue or not in the population.

    verdict: "right" (what is named holds the accepted answer), "wrong", "silent" (nothing is named), "open" (none fits,
    and the type is not catalogued, or nothing that was observed is known of it once this incident is left out). known:
    observed traits the accepted type states after that. own_log10: of the best accepted type; best_wrong_log10: of the
    best other leaf; state_log10, family_log10: of the accepted state and family. in_tie: whether the accepted family is
    in the tie set; wrong_state_log10: the highest ratio of a state that is not accepted; worded: whether the answer
    states its reasons.
    """

    id: str
    title: str
    accepted: Accepted
    traits: int
    known: int
    outcome: str
    level: str
    strength: str
    members: tuple[str, ...]
    named_state: str | None
    verdict: str
    rank: int | None
    family_rank: int | None
    state_rank: int | None
    own_log10: float | None
    best: str
    best_wrong_log10: float
    family_log10: float | None
    state_log10: float | None
    left_out: int
    not_scored: int
    in_tie: bool
    wrong_state_log10: float
    worded: bool


def cases_folder() -> Path | None:
    """Where the solved cases are: beside a checkout, or inside an installed wheel; None where there are none."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "images" / "cases", package / "_data" / "images" / "cases"):
        if folder.is_dir():
            return folder
    return None


def case_folders() -> tuple[Path, ...]:
    """Every solved case, sorted by id.

    Raises
    ------
    CaseError
        When the cases did not travel with this installation.
    """
    folder = cases_folder()
    found = tuple(sorted(path.parent for path in folder.glob("*/case.yaml"))) if folder is not None else ()
    if not found:
        raise CaseError(
            Fault("images/cases", message="holds no solved case.", advice="Run from a checkout or a full installation.")
        )
    return found


def read_accepted(folder: Path) -> Accepted:
    """The accepted answer of a case.

    Raises
    ------
    CaseError
        With every fault of the file.
    """
    path = folder / ACCEPTED_FILE
    if not path.is_file():
        raise CaseError(Fault(str(path), message="is missing.", advice="State the accepted answer of the case."))
    node, faults = read(path)
    found = list(faults)
    entries = node.entries if isinstance(node, YamlMap) else {}
    found += [Fault(str(path), message=f"has an unknown key {key!r}.") for key in sorted(set(entries) - _KEYS)]
    texts = {key: value.text for key, value in entries.items() if isinstance(value, YamlText)}
    for key in ("state", "family", "listed", "accepted_by"):
        if not texts.get(key):
            found.append(Fault(str(path), message=f"does not state {key!r}."))
    members = entries.get("members")
    names = tuple(item.text for item in members if isinstance(item, YamlText)) if isinstance(members, YamlList) else ()
    listed = texts.get("listed") == "yes"
    if listed and not names:
        found.append(Fault(str(path), message="names no type.", advice="List the types that are right."))
    if found:
        raise CaseError(found)
    return Accepted(texts["state"], texts["family"], names, listed, texts["accepted_by"], texts.get("note", ""))


def assess_cases(
    *, catalogue_path: Path | None = None, folders: Sequence[Path] | None = None, progress: Progress | None = None
) -> tuple[CaseResult, ...]:
    """Assess every solved case.

    Raises
    ------
    InputError
        When a case or the catalogue has faults.
    """
    chosen = tuple(folders) if folders is not None else case_folders()
    results = []
    for number, folder in enumerate(chosen):
        if progress is not None:
            progress("solved cases", number, len(chosen))
        results.append(assess_case(folder, catalogue_path=catalogue_path))
    if progress is not None:
        progress("solved cases", len(chosen), len(chosen))
    return tuple(results)


def assess_case(folder: Path, *, catalogue_path: Path | None = None) -> CaseResult:
    """Assess one solved case as a user would, then compare with the accepted answer."""
    gathered = gather([str(folder)])
    options = AssessOptions(catalogue_path=catalogue_path, read_photographs=False, detail=False)
    return compare_with_accepted(assess_inputs(gathered, options), read_accepted(folder))


def compare_with_accepted(assessment: Assessment, accepted: Accepted) -> CaseResult:
    """What an assessment got right of the accepted answer."""
    conclusion = assessment.conclusion
    listed = [candidate for candidate in assessment.ranking if candidate.listed]
    own = [candidate for candidate in listed if candidate.id in accepted.members]
    others = [candidate.log10_lr for candidate in assessment.ranking if candidate.id not in accepted.members]
    best_own = max((candidate.log10_lr for candidate in own), default=None)
    families = {node.id: node.log10_lr for node in assessment.families}
    states = {node.id: node.log10_lr for node in assessment.states}
    family_members = {candidate.id for candidate in listed if candidate.family == accepted.family}
    family_members |= set(accepted.members)
    return CaseResult(
        id=assessment.case.id,
        title=assessment.case.title,
        accepted=accepted,
        traits=len({observation.trait for observation in assessment.observations}),
        known=max((candidate.known_traits for candidate in own), default=0),
        outcome=conclusion.outcome,
        level=conclusion.level,
        strength=conclusion.strength,
        members=conclusion.members,
        named_state=conclusion.state,
        verdict=_verdict(assessment, accepted, any(candidate.known_traits > 0 for candidate in own)),
        rank=_rank([candidate.log10_lr for candidate in listed], best_own),
        family_rank=_rank(list(families.values()), families.get(accepted.family)),
        state_rank=_rank(list(states.values()), states.get(accepted.state)),
        own_log10=best_own,
        best=assessment.ranking[0].id,
        best_wrong_log10=max(others, default=0.0),
        family_log10=families.get(accepted.family),
        state_log10=states.get(accepted.state),
        left_out=len(assessment.circularity.values_left_out) if assessment.circularity is not None else 0,
        not_scored=len(assessment.not_scored),
        in_tie=bool(set(conclusion.members) & family_members),
        wrong_state_log10=max((value for state, value in states.items() if state != accepted.state), default=0.0),
        worded=bool(conclusion.statement and conclusion.reasons),
    )


def _rank(values: list[float], own: float | None) -> int | None:
    return None if own is None else 1 + sum(value > own + 1e-9 for value in values)


def _verdict(assessment: Assessment, accepted: Accepted, known: bool) -> str:
    conclusion = assessment.conclusion
    if conclusion.outcome == "insufficient":
        return "silent"
    if conclusion.outcome == "none_fits":
        return "wrong" if accepted.listed and known else "open"
    if conclusion.level == "state":
        return "right" if conclusion.node == accepted.state else "wrong"
    return "right" if set(conclusion.members) & set(accepted.members) else "wrong"


def cases_text(results: Sequence[CaseResult]) -> str:
    """Every case on a line, failures first, then counts with what so few cases can show."""
    lines = ["Solved cases: published incidents, each assessed without what the catalogue learned from it", ""]
    order = {"wrong": 0, "open": 1, "right": 2, "silent": 3}
    header = (
        "case",
        "traits",
        "known",
        "verdict",
        "outcome",
        "accepted",
        "rank",
        "family",
        "state",
        "log10 LR state",
        "first",
    )
    rows: list[tuple[str, ...]] = [header]
    for entry in sorted(results, key=lambda entry: (order[entry.verdict], entry.id)):
        accepted = "/".join(entry.accepted.members) if entry.accepted.listed else f"{entry.accepted.family}, not listed"
        outcome = f"{entry.outcome} {entry.level}" if entry.outcome in ("named", "tie") else entry.outcome
        rows.append(
            (
                entry.id,
                str(entry.traits),
                str(entry.known),
                entry.verdict,
                outcome,
                accepted,
                *("-" if rank is None else str(rank) for rank in (entry.rank, entry.family_rank, entry.state_rank)),
                "-" if entry.state_log10 is None else f"{entry.state_log10:+.2f}",
                entry.best,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines += ["  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines += ["", *_summary(results), "", _CAUTION]
    return "\n".join(lines) + "\n"


_CAUTION = """\
So few cases can refute a method, not certify it: with no error in 30 the error rate may still be 10 per cent
(95 % bound). Ranks count exact ties in favour of the case. "known": observed traits the accepted type still
states with this incident left out. "silent": nothing is named, the ranking still counts. "open": none fits,
and the type is not catalogued or nothing observed is known of it."""


def _summary(results: Sequence[CaseResult]) -> list[str]:
    listed = [entry for entry in results if entry.accepted.listed]
    said = [entry for entry in results if entry.verdict in ("right", "wrong")]
    wrong = [entry for entry in results if entry.verdict == "wrong"]

    def share(number: int, whole: int) -> str:
        return f"{number} of {whole}" + (f" ({number / whole:.0%})" if whole else "")

    known = [entry for entry in listed if entry.known]
    rich = [entry for entry in listed if entry.traits >= ENOUGH_TRAITS]
    kept = [entry for entry in rich if entry.in_tie or (entry.family_rank or 99) <= 3]
    strong = [entry for entry in results if entry.wrong_state_log10 >= 3.0]
    unworded = [entry for entry in results if entry.verdict in ("silent", "open") and not entry.worded]
    return [
        f"a wrong state at a ratio of 1000 or more: {share(len(strong), len(results))} (wanted: none);"
        f" highest ratio of a wrong state 10^{max((entry.wrong_state_log10 for entry in results), default=0.0):+.2f}",
        f"accepted family in the tie set or among the first three, of cases with three or more traits:"
        f" {share(len(kept), len(rich))} (wanted: 85 %)",
        f"answers without a name that do not say why: {share(len(unworded), len(results))} (wanted: none)",
        f"{len(results)} cases; something is said in {len(said)}, wrong in {share(len(wrong), len(said))}"
        f" (95 % upper bound {upper_bound(len(wrong), len(said)):.0%})",
        f"accepted type first: {share(sum(e.rank == 1 for e in listed), len(listed))},"
        f" among the first three: {share(sum((e.rank or 99) <= 3 for e in listed), len(listed))}",
        "the same where something observed is still known of it:"
        f" first {share(sum(e.rank == 1 for e in known), len(known))},"
        f" first three {share(sum((e.rank or 99) <= 3 for e in known), len(known))},"
        f" state first {share(sum(e.state_rank == 1 for e in known), len(known))}",
        f"accepted family first: {share(sum(e.family_rank == 1 for e in listed), len(listed))};"
        f" accepted state first: {share(sum(e.state_rank == 1 for e in listed), len(listed))}",
        f"ratio of the accepted state above 1: {share(sum((e.state_log10 or 0) > 0 for e in listed), len(listed))};"
        f" below 1/10: {share(sum((e.state_log10 or 0) < -1 for e in listed), len(listed))}",
        f"cases the catalogue learned from, assessed without those values: {sum(e.left_out > 0 for e in results)}",
    ]


def write_cases(results: Sequence[CaseResult], folder: Path) -> tuple[Path, ...]:
    """Write ``cases.txt`` and ``cases.json`` into a folder; raises InputError where it cannot be written to."""
    from dataclasses import asdict  # noqa: PLC0415

    from forensics.validate.writing import write_texts  # noqa: PLC0415

    document = {"schema": "forensics.validation-cases/1", "cases": [asdict(entry) for entry in results]}
    texts = {
        "cases.txt": cases_text(results),
        "cases.json": json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n",
    }
    return write_texts(texts, folder)
