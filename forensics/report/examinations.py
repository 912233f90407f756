"""What to examine next, as a page of its own."""

from __future__ import annotations

from forensics.model.result import Assessment
from forensics.report.layout import wrap
from forensics.report.names import joined
from forensics.report.visible import visible

__all__ = ["next_examinations_text"]


def next_examinations_text(assessment: Assessment, *, limit: int | None = 10, width: int = 80) -> str:
    """The traits worth examining, most useful first: what they would tell apart, how to record them, what they cost.

    Gains are expected bits of information at type, family and state level under the reference prior; the order is
    gain times the chance that the feature survived, divided by effort.
    """
    names = {candidate.id: candidate.name for candidate in assessment.ranking}
    entries = assessment.next if limit is None else assessment.next[:limit]
    if not entries:
        return "No further trait of the vocabulary would be expected to change anything.\n"
    lines = [
        f"What to examine next, case {visible(assessment.case.id)}",
        "gain in bits: type / family / state; effort: photo, measure, dismantle, laboratory",
        "",
    ]
    for number, entry in enumerate(entries, start=1):
        gains = f"{entry.gain_type_bits:.2f} / {entry.gain_family_bits:.2f} / {entry.gain_state_bits:.2f}"
        lines.append(f"{number:>2}. {visible(entry.name)} ({entry.trait})   {gains}   {entry.effort}")
        lines += wrap(visible(entry.how), width, "    ")
        if entry.separates:
            told = joined([visible(names.get(one, one)) for one in entry.separates])
            lines += wrap(f"would help to tell apart {told}", width, "    ")
    if limit is not None and len(assessment.next) > limit:
        lines += ["", f"{len(assessment.next) - limit} more; --all shows them."]
    return "\n".join(lines) + "\n"
