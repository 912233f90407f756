"""The assessment: ranking, waterfall, why and why not, what to examine next; and the small ranking on other pages."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forensics.errors import InputError
from forensics.model.result import Assessment, Candidate
from forensics.report import Bar, Explanation, as_language, explain, waterfall
from forensics.report.choice import hardly_documented, tied, weighs, worth_examining
from forensics.report.language import say, speaking
from forensics.report.lookalikes import look_alikes
from forensics.report.numbers import log10_interval_text, log10_text, range_text, ratio_text, reporting_limit
from forensics.report.sentences import headline
from forensics.workbench.pages.answers import desk_of, page, session_of, waiting_in

__all__ = ["ROUTES"]

WIDTH = 240.0
_PANEL_ROWS = 6


@dataclass(frozen=True)
class Axis:
    """A log10 axis drawn ``WIDTH`` units wide."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        inside = min(max(value, self.low), self.high)
        return round((inside - self.low) / (self.high - self.low) * WIDTH, 1)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Whole numbers."""
        step = 1 if self.high - self.low <= 8 else 2
        return tuple(range(int(self.low), int(self.high) + 1, step))


@dataclass(frozen=True)
class Row:
    """One line of the ranking, drawn."""

    candidate: Candidate
    rank: int
    tied: bool
    undocumented: bool
    log10: str
    interval: str
    at: float
    low: float
    high: float


def _axis(values: list[float]) -> Axis:
    import math  # noqa: PLC0415

    low, high = math.floor(min([-0.5, *values])), math.ceil(max([1.0, *values]))
    return Axis(float(low), float(high))


def _rows(assessment: Assessment, most: int) -> tuple[tuple[Row, ...], Axis]:
    listed = [candidate for candidate in assessment.ranking if candidate.listed]
    shown = listed[:most]
    ends = [end for one in shown for end in (one.interval or (one.log10_lr, one.log10_lr))]
    axis = _axis([*ends, *(one.log10_lr for one in shown)])
    together = tied(assessment)
    rows = []
    for rank, one in enumerate(shown, 1):
        low, high = one.interval or (one.log10_lr, one.log10_lr)
        rows.append(
            Row(
                candidate=one,
                rank=rank,
                tied=one.id in together,
                undocumented=hardly_documented(one),
                log10=log10_text(one.log10_lr),
                interval=log10_interval_text(one.interval),
                at=axis.at(one.log10_lr),
                low=axis.at(low),
                high=axis.at(high),
            )
        )
    return tuple(rows), axis


def assessment(request: Request) -> Response:
    """The whole page, its sentences in the language of the session."""
    with speaking(as_language(session_of(request).language)):
        return _assessment(request)


def _assessment(request: Request) -> Response:
    desk, language = desk_of(request), as_language(session_of(request).language)
    reviewed_only = request.query_params.get("reviewed") == "1"
    standing = desk.standing(reviewed_only=reviewed_only, language=language)
    found = standing.assessment
    if found is None:
        return page(request, "assessment_none", fault=standing.fault)
    rows, axis = _rows(found, 12 if request.query_params.get("all") != "1" else 400)
    chosen = request.query_params.get("type") or (rows[0].candidate.id if rows else "")
    told: Explanation | None = None
    bars: tuple[Bar, ...] = ()
    with suppress(InputError):
        told, bars = explain(found, chosen), waterfall(found, chosen)
    limit = reporting_limit(found)
    scale = _axis([end for bar in bars for end in (bar.start, bar.end)]) if bars else axis
    waiting, first = waiting_in(desk)
    return page(
        request,
        "assessment",
        waiting=waiting,
        first_waiting=first,
        a=found,
        headline=headline(found.conclusion),
        standing=standing,
        reviewed_only=reviewed_only,
        rows=rows,
        axis=axis,
        width=WIDTH,
        told=told,
        bars=bars,
        scale=scale,
        alike=look_alikes(found),
        next=worth_examining(found, 8),
        without=next(
            (one for one in found.sensitivity.variants if one.name == say("without unreviewed machine readings")), None
        ),
        total=sum(candidate.listed for candidate in found.ranking),
        everything=request.query_params.get("all") == "1",
        log10=log10_text,
        log10_interval=log10_interval_text,
        ratio=lambda value: ratio_text(value, limit),
        ratios=lambda interval: range_text(interval, limit) if interval else "",
    )


def panel(request: Request) -> Response:
    """The ranking in a few lines, for the side of other pages."""
    with speaking(as_language(session_of(request).language)):
        return _panel(request)


def _panel(request: Request) -> Response:
    standing = desk_of(request).standing(language=session_of(request).language)
    found = standing.assessment
    rows, axis = _rows(found, _PANEL_ROWS) if found is not None else ((), _axis([]))
    return page(
        request,
        "part_panel",
        standing=standing,
        a=found,
        headline=headline(found.conclusion) if found is not None else "",
        weighs=found is not None and weighs(found),
        rows=rows,
        axis=axis,
        width=WIDTH,
    )


ROUTES = [
    Route("/assessment", assessment, methods=["GET"]),
    Route("/assessment/panel", panel, methods=["GET"]),
]
