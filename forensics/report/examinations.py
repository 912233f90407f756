"""What to examine next, as a page of its own."""

from __future__ import annotations

from forensics.model.result import Assessment, NextExamination
from forensics.report.language import counted, say, speaking
from forensics.report.layout import wrap
from forensics.report.names import joined
from forensics.report.numbers import localised
from forensics.report.visible import visible

__all__ = ["gains", "next_examinations_text"]


def next_examinations_text(assessment: Assessment, *, limit: int | None = 10, width: int = 80) -> str:
    """The traits worth examining, most useful first: what they would tell apart, how to record them, what they cost.

    Gains are expected bits of information at type, family and state level under the reference prior; the order is
    gain times the chance that the feature survived, divided by effort.
    """
    with speaking(assessment.language):
        return _text(assessment, limit, width)


def _text(assessment: Assessment, limit: int | None, width: int) -> str:
    names = {candidate.id: candidate.name for candidate in assessment.ranking}
    entries = assessment.next if limit is None else assessment.next[:limit]
    if not entries:
        return say("No further trait of the vocabulary would be expected to change anything.") + "\n"
    lines = [
        say("What to examine next, case {case}", case=visible(assessment.case.id)),
        say("gain in bits: type / family / state; effort: photo, measure, dismantle, laboratory"),
        "",
    ]
    for number, entry in enumerate(entries, start=1):
        lines.append(f"{number:>2}. {visible(entry.name)} ({entry.trait})   {gains(entry)}   {say(entry.effort)}")
        lines += wrap(visible(entry.how), width, "    ")
        if entry.separates:
            told = joined([visible(names.get(one, one)) for one in entry.separates])
            lines += wrap(say("would help to tell apart {names}", names=told), width, "    ")
    if limit is not None and len(assessment.next) > limit:
        lines += ["", counted(len(assessment.next) - limit, "{n} more; --all shows it.", "{n} more; --all shows them.")]
    return "\n".join(lines) + "\n"


def gains(entry: NextExamination) -> str:
    """``"0.12 / 0.03 / 0.01"``: bits at type, family and state level."""
    numbers = (entry.gain_type_bits, entry.gain_family_bits, entry.gain_state_bits)
    return " / ".join(localised(f"{number:.2f}") for number in numbers)
