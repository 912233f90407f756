"""Why one candidate ranks where it does: for, against, and what would have fitted."""

from __future__ import annotations

from forensics.model.base import Frozen
from forensics.model.result import Assessment, EvidenceLine
from forensics.report.choice import candidate_of, hardly_documented, leading, listed, readings_for, sources_of, weighed
from forensics.report.language import say, speaking
from forensics.report.layout import wrap
from forensics.report.names import as_a, of_state
from forensics.report.numbers import log10_interval_text, log10_text, percent, reporting_limit
from forensics.report.sentences import MAKER_ONLY, ratio_sentence
from forensics.report.visible import visible

__all__ = ["Explanation", "Reason", "explain", "explain_text"]


class Reason(Frozen):
    """One trait for, against or silent on a candidate, beside the leading one. Weights in log10.

    ``would_have_fitted``: the value the catalogue expects, given where the observation differs from it.
    """

    observation: str
    item: str
    trait: str
    trait_name: str
    observed: str
    expected: str
    contribution_log10: float
    leader_contribution_log10: float | None
    leader_expected: str
    would_have_fitted: str
    because: str
    sources: tuple[str, ...]


class Explanation(Frozen):
    """The evidence for and against one candidate, heaviest first, compared with the leading candidate."""

    candidate: str
    name: str
    state_name: str
    rank: int
    of: int
    log10_lr: float
    interval: tuple[float, float] | None
    leader: str | None
    leader_name: str
    behind_leader_log10: float
    hardly_documented: bool
    summary: str
    supporting: tuple[Reason, ...]
    opposing: tuple[Reason, ...]
    silent: tuple[Reason, ...]
    readings: tuple[tuple[str, float], ...]


def explain(assessment: Assessment, candidate_id: str) -> Explanation:
    """The evidence of one candidate as data.

    Parameters
    ----------
    candidate_id : str
        Id of a candidate of the ranking, listed or not.

    Raises
    ------
    InputError
        When the document ranks no such candidate.
    """
    with speaking(assessment.language):
        return _explained(assessment, candidate_id)


def _explained(assessment: Assessment, candidate_id: str) -> Explanation:
    candidate = candidate_of(assessment, candidate_id)
    leader = leading(assessment)
    other = leader if leader is not None and leader.id != candidate.id else None
    lines_of_leader = {line.observation: line for line in other.evidence} if other is not None else {}
    reasons = [_reason(line, lines_of_leader.get(line.observation)) for line in weighed(candidate)]
    silent = [reason for reason in reasons if reason.contribution_log10 == 0.0]
    ranked = [entry.id for entry in (listed(assessment) if candidate.listed else assessment.ranking)]
    limit = reporting_limit(assessment)
    unlisted = "an unlisted design {of_state}"
    design = as_a(candidate.name) if candidate.listed else say(unlisted, of_state=of_state(candidate.state_name))
    ratio = ratio_sentence(
        candidate.log10_lr,
        say("the item was made as {what}", what=design),
        say("it was made as {what}", what=say("an unlisted design of another state")),
        limit=limit,
        interval=candidate.interval,
        scale_shown=False,
    )
    return Explanation(
        candidate=candidate.id,
        name=candidate.name,
        state_name=candidate.state_name,
        rank=ranked.index(candidate.id) + 1,
        of=len(ranked),
        log10_lr=candidate.log10_lr,
        interval=candidate.interval,
        leader=other.id if other is not None else None,
        leader_name=other.name if other is not None else "",
        behind_leader_log10=other.log10_lr - candidate.log10_lr if other is not None else 0.0,
        hardly_documented=hardly_documented(candidate),
        summary=say("The observations are {ratio}.", ratio=ratio),
        supporting=tuple(reason for reason in reasons if reason.contribution_log10 > 0),
        opposing=tuple(reason for reason in reasons if reason.contribution_log10 < 0),
        silent=tuple(silent),
        readings=tuple((entry.reading, entry.weight) for entry in readings_for(assessment, candidate.id)),
    )


def _reason(line: EvidenceLine, of_leader: EvidenceLine | None) -> Reason:
    return Reason(
        observation=line.observation,
        item=line.item,
        trait=line.trait,
        trait_name=line.trait_name,
        observed=line.observed,
        expected=line.expected,
        contribution_log10=line.contribution_log10,
        leader_contribution_log10=of_leader.contribution_log10 if of_leader is not None else None,
        leader_expected=of_leader.expected if of_leader is not None else "",
        would_have_fitted=line.expected if line.match in ("differs", "partly") else "",
        because=line.because,
        sources=line.sources,
    )


def explain_text(assessment: Assessment, candidate_id: str, *, width: int = 80) -> str:
    """The same, to read: at most ``width`` cells wide, one final newline."""
    with speaking(assessment.language):
        return _text(assessment, candidate_id, width)


def _text(assessment: Assessment, candidate_id: str, width: int) -> str:
    told = explain(assessment, candidate_id)
    place = say("place {rank} of {number}", rank=told.rank, number=told.of)
    lines = wrap(visible(f"{told.name} ({told.state_name}), {place}"), width)
    interval = log10_interval_text(told.interval)
    ratio = f"{log10_text(told.log10_lr)}{f' ({interval})' if interval else ''}"
    lines += [*wrap(say("log10 LR against an unlisted design made elsewhere: {ratio}", ratio=ratio), width), ""]
    lines += wrap(visible(told.summary), width)
    if told.hardly_documented:
        lines += wrap(
            say("Nothing observed in this case is documented for it: it can be neither supported nor set aside."),
            width,
        )
    if told.leader is not None:
        gap = ratio_sentence(
            told.behind_leader_log10,
            say("the item was made as {what}", what=as_a(told.leader_name)),
            say("it was made as {what}", what=as_a(told.name)),
            limit=reporting_limit(assessment),
            scale_shown=False,
        )
        lines += wrap(visible(say("Beside the leading candidate, they are {ratio}.", ratio=gap)), width)
    cited = sources_of(assessment)
    for title, reasons in (("For", told.supporting), ("Against", told.opposing), ("Silent", told.silent)):
        if reasons:
            lines += ["", say(title)]
            for reason in reasons:
                lines += _told(reason, told, width)
    if told.readings:
        lines += ["", say("Readings of the mark")]
        for reading, weight in told.readings:
            lines += wrap(visible(reading), width, f"  {percent(weight):>6}  ", " " * 10)
    used = [source for reason in (*told.supporting, *told.opposing, *told.silent) for source in reason.sources]
    if used:
        lines += ["", say("Sources")]
        for source in sorted(set(used)):
            entry = cited.get(source)
            text = (
                f"{entry.publisher}, {entry.title}, {entry.date}".rstrip(", ")
                if entry is not None
                else say("not listed")
            )
            lines += wrap(visible(text), width, f"  {visible(source)}  ", "      ")
    return "\n".join([*lines, "", *wrap(say(MAKER_ONLY), width)]) + "\n"


def _told(reason: Reason, told: Explanation, width: int) -> list[str]:
    head = visible(f"{reason.trait_name}: {reason.observed}")
    lines = wrap(head, width, f"  {log10_text(reason.contribution_log10):>6}  ", " " * 10)
    if reason.would_have_fitted:
        lines += wrap(visible(say("would have fitted: {value}", value=reason.would_have_fitted)), width, " " * 10)
    elif reason.expected:
        lines += wrap(visible(say("expected: {value}", value=reason.expected)), width, " " * 10)
    else:
        lines += wrap(say("nothing is documented for this type"), width, " " * 10)
    if reason.leader_contribution_log10 is not None:
        beside = f"{told.leader_name}: {log10_text(reason.leader_contribution_log10)}"
        expected = ", " + say("expected: {value}", value=reason.leader_expected) if reason.leader_expected else ""
        lines += wrap(visible(beside + expected), width, " " * 10)
    if reason.because:
        lines += wrap(visible(reason.because), width, " " * 10)
    if reason.sources:
        lines += wrap(visible(say("sources: {sources}", sources=", ".join(reason.sources))), width, " " * 10)
    return lines
