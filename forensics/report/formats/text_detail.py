"""The long parts of the text report: every trait of the top candidates, and the full evidence."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.model.result import Assessment, Candidate, EvidenceLine, SourceEntry
from forensics.report.choice import detailed, recorded, sources_of, trait_names, weighed
from forensics.report.language import say
from forensics.report.layout import Column, Paint, cells, fit, table, wrap
from forensics.report.numbers import localised, log10_text
from forensics.report.observed import describe, place, who
from forensics.report.visible import visible

__all__ = ["evidence_in_full", "trait_table"]


def trait_table(assessment: Assessment, width: int, paint: Paint) -> list[str]:
    """Contributions in log10, one row for each observation, one column for each of the top candidates."""
    shown = detailed(assessment)[: (width - 30) // 10]
    if not shown or not any(candidate.evidence for candidate in shown):
        return []
    title, note = say("TRAIT BY TRAIT"), say("log10 each trait adds; a dot where nothing is known")
    lines = ["", f"{paint.bold(title)}  {paint.dim(fit(note, width - cells(title) - 2))}"]
    for number, candidate in enumerate(shown, 1):
        lines += wrap(visible(f"{candidate.name} ({candidate.state_name})"), width, f"  [{number}] ", "      ")
    by_observation: dict[str, dict[str, EvidenceLine]] = {}
    for candidate in shown:
        for line in weighed(candidate):
            by_observation.setdefault(line.observation, {})[candidate.id] = line
    name_width = width - 4 - 9 * len(shown)
    columns = [Column("", name_width, wraps=True), *(Column(f"[{n}]", 7, ">") for n, _ in enumerate(shown, 1))]
    rows = [
        (_label(found), *(_cell(found.get(candidate.id)) for candidate in shown)) for found in by_observation.values()
    ]
    rows.append((say("total (after dependence and caps)"), *(log10_text(candidate.log10_lr) for candidate in shown)))
    return [*lines, *table(columns, rows)]


def _label(found: dict[str, EvidenceLine]) -> str:
    line = next(iter(found.values()))
    return visible(f"{line.trait_name}: {line.observed}")


def _cell(line: EvidenceLine | None) -> str:
    return "·" if line is None or line.match == "unknown" else log10_text(line.contribution_log10)


def evidence_in_full(assessment: Assessment, width: int, paint: Paint) -> list[str]:
    """Every line of evidence of the top candidates, every observation, every cited source."""
    lines: list[str] = []
    cited = sources_of(assessment)
    for candidate in detailed(assessment):
        lines += [
            "",
            paint.bold(
                fit(visible(say("EVIDENCE: {name} ({state})", name=candidate.name, state=candidate.state_name)), width)
            ),
        ]
        for line in weighed(candidate):
            lines += _line(line, width)
    lines += _observations(assessment, width, paint)
    lines += _bibliography(assessment, cited, detailed(assessment), width, paint)
    return lines


def _line(line: EvidenceLine, width: int) -> Iterator[str]:
    place_of = say("{observation}, item {item}", observation=line.observation, item=line.item)
    head = f"{line.trait_name} [{place_of}]"
    yield from wrap(visible(head), width, f"  {log10_text(line.contribution_log10):>6}  ", " " * 10)
    room = " " * 10
    fields = (
        ("observed", line.observed),
        ("expected", line.expected or say("nothing is documented for this type")),
        ("agreement", say({"unknown": "not known"}.get(line.match, line.match))),
        ("why", line.because),
        (
            "numbers",
            say(
                "alone {alone}; quality {q}, weight {w}, likelihood {f}, background {b}; block {block}",
                alone=log10_text(line.log10_lr),
                q=_three(line.quality),
                w=_three(line.weight),
                f=_three(line.likelihood),
                b=_three(line.background),
                block=line.block,
            ),
        ),
        ("seen in", place(line.photograph, line.box)),
        ("sources", ", ".join(line.sources)),
    )
    for name, text in fields:
        if text:
            yield from wrap(visible(f"{say(name)}: {text}"), width, room, room + "  ")


def _three(value: float) -> str:
    return localised(f"{value:.3g}")


def _observations(assessment: Assessment, width: int, paint: Paint) -> list[str]:
    names = trait_names(assessment)
    kinds = recorded(assessment)
    lines: list[str] = []
    for title, entries in (
        ("OBSERVED", kinds.observed),
        ("LOOKED FOR, NOT THERE", kinds.absent),
        ("NOT EXAMINABLE (weighs nothing)", kinds.not_examinable),
    ):
        if not entries:
            continue
        lines += ["", paint.bold(say(title))]
        for entry in entries:
            name = names[entry.trait]
            mark = say(" (machine reading, not reviewed)") if entry.id in assessment.unreviewed else ""
            place_of = say("{observation}, item {item}", observation=entry.id, item=entry.item)
            head = f"{place_of}: {name}: {assessment.described.get(entry.id) or describe(entry.value)}{mark}"
            lines += wrap(visible(head), width, "  ", "      ")
            seen = place(entry.provenance.photograph, entry.provenance.box)
            more = [who(entry), seen, say("note: {note}", note=entry.note) if entry.note else ""]
            lines += wrap(visible("; ".join(part for part in more if part)), width, "      ")
    return lines


def _bibliography(
    assessment: Assessment, cited: dict[str, SourceEntry], shown: tuple[Candidate, ...], width: int, paint: Paint
) -> list[str]:
    used = {source for candidate in shown for line in candidate.evidence for source in line.sources}
    used |= {source for limitation in assessment.limitations for source in limitation.sources}
    used |= {entry.provenance.source for entry in assessment.observations if entry.provenance.source}
    if not used:
        return []
    lines = ["", f"{paint.bold(say('SOURCES'))}  {paint.dim(say('letter: reliability of the source, A to F'))}"]
    for source in sorted(used):
        entry = cited.get(source)
        if entry is None:
            own = assessment.case.sources.get(source, say("not in the bibliography"))
            lines += wrap(visible(f"{source}: {own}"), width, "  ", "      ")
            continue
        text = ", ".join(part for part in (entry.publisher, entry.title, entry.date, entry.address) if part)
        lines += wrap(visible(f"{source} ({entry.reliability}) {text}"), width, "  ", "      ")
    return lines
