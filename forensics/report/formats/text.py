"""The report for a terminal or a text file: verdict first, then why, then what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.model.result import Assessment, Candidate, EvidenceLine, Node
from forensics.report.choice import (
    TOP,
    detailed,
    differences,
    hardly_documented,
    incomplete,
    leading,
    listed,
    not_weighed,
    readings_for,
    tied,
    unlisted,
    weighed,
    weighs,
    worth_examining,
)
from forensics.report.examinations import gains
from forensics.report.firmness import firmness
from forensics.report.formats.text_detail import evidence_in_full, trait_table
from forensics.report.language import counted, say
from forensics.report.layout import Column, Paint, cells, diverging, fit, interval_bar, pad, table, wrap
from forensics.report.lookalikes import look_alikes
from forensics.report.names import CatalogueNames
from forensics.report.numbers import (
    log10_interval_text,
    log10_text,
    percent,
    range_text,
    ratio_text,
    reporting_limit,
)
from forensics.report.sentences import CHANGES, MAKER_ONLY, headline, pivotal_sentences
from forensics.report.visible import visible

__all__ = ["DEFAULT_WIDTH", "render_text"]

DEFAULT_WIDTH = 80
_NARROWEST = 72
_WIDEST = 140
_NODES_SHOWN = 3
FURTHER = 6
"""Further members of a tie set that are named; the rest are counted."""


def render_text(assessment: Assessment, *, verbosity: int = 0, width: int | None = None, colour: bool = False) -> str:
    """The report as text.

    Parameters
    ----------
    verbosity : int
        0 the report; 1 also a table of every trait for the top candidates and the priors; 2 also the full evidence with
        photograph, box and sources.
    width : int, optional
        Terminal cells to use, 72 to 140; 80 when not given. The text is the same at every width, wrapped differently.
    colour : bool
        ANSI colour. Off, the text holds no escape sequence at all.
    """
    view = _View(assessment, max(_NARROWEST, min(_WIDEST, width or DEFAULT_WIDTH)), Paint(colour))
    lines = [line.rstrip() for line in view.lines()]
    if verbosity >= 1:
        lines += trait_table(assessment, view.width, view.paint)
        lines += view.priors()
    if verbosity >= 2:
        lines += evidence_in_full(assessment, view.width, view.paint)
    lines += view.footer()
    return "\n".join(lines) + "\n"


class _View:
    def __init__(self, assessment: Assessment, width: int, paint: Paint) -> None:
        self.assessment = assessment
        self.width = width
        self.paint = paint
        self.limit = reporting_limit(assessment)
        self.names = CatalogueNames(assessment)

    def lines(self) -> Iterator[str]:
        yield from self.verdict()
        yield from self.candidates()
        yield from self.look_alikes()
        yield from self.levels()
        yield from self.traits()
        yield from self.not_told_apart()
        yield from self.bullets(say("HOW FIRM THIS IS"), list(firmness(self.assessment)))
        yield from self.following()
        yield from self.inputs()
        yield from self.propositions()
        yield from self.bullets(say("LIMITATIONS"), [entry.because for entry in self.assessment.limitations])

    # -- building blocks -------------------------------------------------------------------------------------------

    def heading(self, title: str, note: str = "") -> Iterator[str]:
        yield ""
        text = self.paint.bold(title)
        yield f"{text}  {self.paint.dim(fit(note, self.width - cells(title) - 2))}" if note else text

    def prose(self, text: str, indent: str = "", hang: str | None = None) -> list[str]:
        return wrap(visible(text), self.width, indent, hang)

    def bullets(self, title: str, entries: list[str]) -> Iterator[str]:
        if not entries:
            return
        yield from self.heading(title)
        for entry in entries:
            yield from self.prose(entry, "  - ", "    ")

    # -- the blocks ------------------------------------------------------------------------------------------------

    def verdict(self) -> Iterator[str]:
        assessment = self.assessment
        case = assessment.case
        yield self.paint.bold(fit(say("Origin assessment of case {case}", case=visible(case.id)), self.width))
        about = [
            entry for entry in (case.title, case.place, case.event_date or say("date of event not known")) if entry
        ]
        yield from self.prose(", ".join(about))
        yield "━" * self.width
        yield self.paint.bold(fit(visible(headline(assessment.conclusion)), self.width))
        yield ""
        yield from self.prose(assessment.conclusion.statement)
        rests = pivotal_sentences(assessment)
        if rests:
            yield ""
            for sentence in rests:
                yield from self.prose(sentence, "  ", "    ")
        if assessment.circularity is not None and assessment.circularity.statement:
            yield ""
            yield from self.prose(assessment.circularity.statement)
        if assessment.unreviewed:
            yield ""
            yield from self.prose(self.unreviewed())
        if assessment.unread:
            yield ""
            yield from self.prose(self.unread())
        missing = incomplete(assessment)
        if missing:
            yield ""
            yield from self.prose(say("This report is incomplete: {missing}.", missing="; ".join(missing)))
        yield "━" * self.width

    def unread(self) -> str:
        return counted(
            len(self.assessment.unread),
            "{n} input could not be read and did not enter the assessment: see COULD NOT BE READ.",
            "{n} inputs could not be read and did not enter the assessment: see COULD NOT BE READ.",
        )

    def unreviewed(self) -> str:
        text = counted(
            len(self.assessment.unreviewed),
            "{n} machine reading that nobody has reviewed counts, at a lower weight.",
            "{n} machine readings that nobody has reviewed count, at a lower weight.",
        )
        for variant in self.assessment.sensitivity.variants:
            if variant.name == say("without unreviewed machine readings"):
                ratio = ratio_text(variant.log10_lr, self.limit)
                text += " " + say("Without unreviewed machine readings the ratio would be {ratio}.", ratio=ratio)
        return text

    def candidates(self) -> Iterator[str]:
        types = listed(self.assessment)
        if not types:
            return
        if not weighs(self.assessment):
            yield from self.heading(say("CANDIDATES"))
            text = counted(
                len(types),
                "{n} type compared; nothing observed speaks for or against it",
                "{n} types compared; nothing observed favours one over another",
            )
            yield from self.prose(text, "  ")
            return
        yield from self.heading(say("CANDIDATES"), say("log10 LR against an unlisted design made elsewhere"))
        members = tied(self.assessment)
        shown = [*types[:TOP], *unlisted(self.assessment)[:1]]
        low = min([0.0, *(min(entry.log10_lr, *(entry.interval or (0.0,))) for entry in shown)])
        high = max([1.0, *(max(entry.log10_lr, *(entry.interval or (0.0,))) for entry in shown)])
        name_width = 24 if self.width < 100 else 34
        bar_width = self.width - name_width - 39
        interval = pad(fit(say("interval"), 14), 14)
        title = f"{'':5}{pad('', name_width)} {'log10':>6}  {interval}  {pad('', bar_width)}  {say('traits')}"
        yield self.paint.dim(title)
        for rank, candidate in enumerate(shown, 1):
            mark = "=" if candidate.id in members else " "
            number = str(rank) if candidate.listed else "-"
            name = candidate.name if candidate.listed else say("unlisted: {state}", state=candidate.state_name)
            bar = interval_bar(candidate.log10_lr, candidate.interval, (low, high), bar_width)
            known = say("none") if hardly_documented(candidate) else str(candidate.known_traits)
            yield (
                f"{mark} {number:>2} {pad(fit(visible(name), name_width), name_width)} "
                f"{log10_text(candidate.log10_lr):>6}  {pad(log10_interval_text(candidate.interval), 14)}  "
                f"{pad(bar, bar_width)}  {known if candidate.listed else '':>6}"
            )
        yield from self.candidate_notes(types, members)

    def candidate_notes(self, types: tuple[Candidate, ...], members: frozenset[str]) -> Iterator[str]:
        if members:
            further = [entry.name for entry in types[TOP:] if entry.id in members]
            more = say(" and {n} more", n=len(further) - FURTHER) if len(further) > FURTHER else ""
            also = say("; so are {names}", names=", ".join(further[:FURTHER]) + more) if further else ""
            yield from self.prose(say("= not told apart by the observations") + also, "  ", "    ")
        bare = [candidate.name for candidate in types[:TOP] if hardly_documented(candidate)]
        if bare:
            yield from self.prose(say("none: hardly documented; the observations say nothing for or against it"), "  ")
        rest = len(types) - TOP
        if rest > 0:
            text = counted(
                rest,
                "{n} further type compared, in the JSON document",
                "{n} further types compared, in the JSON document",
            )
            yield from self.prose(text, "  ")
        yield from self.prose(say("traits: how many of those observed are documented for the type"), "  ")

    def look_alikes(self) -> Iterator[str]:
        found = look_alikes(self.assessment)
        if not found or not weighs(self.assessment):
            return
        yield from self.heading(say("LOOK-ALIKES"), say("and what speaks against them here"))
        for entry in found:
            name = fit(visible(entry.candidate.name), 34)
            against = "; ".join(
                f"{line.trait_name} ({log10_text(line.contribution_log10)}: "
                + say("{observed}; expected {expected}", observed=line.observed, expected=line.expected)
                + ")"
                for line in entry.against
            )
            yield from self.prose(f"{name}  log10 {log10_text(entry.candidate.log10_lr)}: {against}", "  ", "    ")

    def levels(self) -> Iterator[str]:
        assessment = self.assessment
        nodes = [("family", node) for node in assessment.families[:_NODES_SHOWN]]
        nodes += [("state", node) for node in assessment.states[:_NODES_SHOWN]]
        if nodes and weighs(self.assessment):
            yield from self.heading(say("FAMILIES AND STATES"), say("each against everything outside it"))
            name = self.width - 56
            columns = [
                Column("", name, wraps=True),
                Column("log10", 6, ">"),
                Column(say("ratio"), 16, ">"),
                Column(say("interval"), 25),
            ]
            yield from table(columns, [self.level(kind, node) for kind, node in nodes])
        open_set = assessment.not_catalogued
        yield from self.heading(say("NOT IN THE CATALOGUE"))
        ratio = ratio_text(open_set.log10_lr, self.limit)
        yield from self.prose(
            say(
                "against all catalogued types: log10 {log10}, ratio {ratio}",
                log10=log10_text(open_set.log10_lr, self.limit),
                ratio=ratio,
            ),
            "  ",
        )
        leaves = sorted(open_set.leaves, key=lambda leaf: -leaf.log10_lr)[:_NODES_SHOWN]
        if leaves:
            parts = [
                f"{say('another state') if leaf.state == 'other' else leaf.name} {log10_text(leaf.log10_lr)}"
                for leaf in leaves
            ]
            text = say("unlisted designs by state: {states}", states="; ".join(parts))
            yield from self.prose(text, "  ", "    ")

    def level(self, kind: str, node: Node) -> tuple[str, str, str, str]:
        interval = range_text(node.interval, self.limit) if node.interval is not None else ""
        name = visible(f"{say(kind)}: {node.name}")
        return name, log10_text(node.log10_lr, self.limit), ratio_text(node.log10_lr, self.limit), interval

    def traits(self) -> Iterator[str]:
        leader = leading(self.assessment)
        if leader is None or not leader.evidence:
            return
        yield from self.heading(say("FOR AND AGAINST {name}", name=visible(leader.name)), say("log10 each trait adds"))
        lines = [line for line in weighed(leader) if line.match != "unknown"]
        silent = [line for line in weighed(leader) if line.match == "unknown"]
        scale = max((abs(line.contribution_log10) for line in lines), default=0.0)
        half = 8 if self.width < 100 else 12
        for line in lines:
            yield from self.trait(line, scale, half)
        if silent:
            names = ", ".join(dict.fromkeys(line.trait_name for line in silent))
            yield from self.prose(say("observed, but not documented for it: {names}", names=names), "  ", "    ")
        readings = readings_for(self.assessment, leader.id)
        if readings:
            texts = [f"{reading.reading} ({percent(reading.weight)})" for reading in readings]
            text = say("readings of the mark, if it was made so: {readings}", readings="; ".join(texts))
            yield from self.prose(text, "  ", "    ")

    def trait(self, line: EvidenceLine, scale: float, half: int) -> Iterator[str]:
        name_width = 22 if self.width < 100 else 30
        value = line.contribution_log10
        bar = diverging(value, scale, half)
        coloured = self.paint.supports(bar) if value >= 0 else self.paint.against(bar)
        name = pad(fit(visible(line.trait_name), name_width), name_width)
        lead = f"  {name} {log10_text(value):>6} {coloured} "
        room = self.width - (name_width + 2 * half + 12)
        told = say("{observed}; expected {expected}", observed=line.observed, expected=line.expected)
        text = told if line.expected else line.observed
        first, *others = wrap(visible(text), room)
        yield lead + first
        for other in others:
            yield " " * (name_width + 2 * half + 12) + other

    def not_told_apart(self) -> Iterator[str]:
        members = tied(self.assessment)
        if not members:
            return
        shown = [candidate for candidate in detailed(self.assessment) if candidate.id in members and candidate.evidence]
        differing = differences(shown)
        if not differing:
            return
        yield from self.heading(say("NOT TOLD APART"), say("the traits observed that weigh differently on them, log10"))
        for trait, cells_of in differing:
            told = "; ".join(f"{names} {weight}" for names, weight in cells_of)
            yield from self.prose(f"{trait}: {told}", "  ", "    ")

    def propositions(self) -> Iterator[str]:
        if not self.assessment.propositions:
            return
        yield from self.heading(
            say("PROPOSITIONS"), say("what is compared; every type, family and state against the rest")
        )
        for entry in self.assessment.propositions:
            lead = "" if entry.id == "population" else f"{entry.id}  "
            yield from self.prose(entry.text, f"  {lead}", "      ")

    def following(self) -> Iterator[str]:
        entries = worth_examining(self.assessment, TOP)
        if not entries:
            return
        yield from self.heading(say("EXAMINE NEXT"), say("gain in bits: type / family / state"))
        for entry in entries:
            name = pad(fit(visible(entry.name), self.width - 40), self.width - 40)
            yield f"  {name}  {gains(entry)}  {say(entry.effort):>12}"
            yield from self.prose(entry.how, "      ")
            if entry.separates:
                separates = ", ".join(self.names.short(one) for one in entry.separates)
                yield from self.prose(say("separates {names}", names=separates), "      ")

    def inputs(self) -> Iterator[str]:
        yield from self.bullets(
            say("COULD NOT BE READ"), [f"{entry.path}: {entry.reason}" for entry in self.assessment.unread]
        )
        told = [f"{title}: {reason}" for title, reason in not_weighed(self.assessment)]
        yield from self.bullets(say("NOT WEIGHED"), told)

    def priors(self) -> list[str]:
        """Posteriors, each in one row with the prior that made it; outside the opinion."""
        from forensics.report.numbers import probability  # noqa: PLC0415

        assessment = self.assessment
        lines = list(self.heading(say("PRIORS AND WHAT FOLLOWS FROM THEM"), say("not part of the opinion")))
        rows = [
            (visible(node.name), probability(node.prior), probability(node.posterior))
            for node in (*assessment.states[:_NODES_SHOWN], *assessment.families[:_NODES_SHOWN])
        ]
        open_set = assessment.not_catalogued
        rows.append((say("not in the catalogue"), probability(open_set.prior), probability(open_set.posterior)))
        columns = [Column("", self.width - 34), Column(say("prior"), 12, ">"), Column(say("posterior"), 12, ">")]
        lines += table(columns, rows)
        sweep = assessment.sensitivity.prior_sweep
        if sweep:
            told = "; ".join(
                say("{prior} gives {posterior}", prior=probability(prior), posterior=probability(after))
                for prior, after in sweep
            )
            lines += self.prose(say("for what is reported, a prior of {pairs}", pairs=told), "  ", "    ")
        return lines

    def footer(self) -> list[str]:
        assessment = self.assessment
        stamp = assessment.catalogue
        lines = ["", "─" * self.width]
        lines += self.prose(f"{say(MAKER_ONLY)} {say(CHANGES)}")
        lines += self.prose(
            say(
                "{tool}; catalogue {version} ({signatures} signatures, {kind}), digest {digest}; "
                "parameters {parameters}",
                tool=f"{assessment.tool.name} {assessment.tool.version}",
                version=stamp.version,
                signatures=stamp.signatures,
                kind=say(stamp.path_kind),
                digest=stamp.digest[:16],
                parameters=assessment.parameters[:16],
            )
        )
        return lines
