"""The report as one HTML file: no network, no script, the same at a desk, on a phone and on paper."""

from __future__ import annotations

import base64
import functools
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from forensics.model.result import Assessment, Candidate, SourceEntry
from forensics.report.choice import (
    detailed,
    hardly_documented,
    incomplete,
    leading,
    not_weighed,
    readings_for,
    recorded,
    sources_of,
    tied,
    weighed,
    weighs,
    worth_examining,
)
from forensics.report.escaping import escaping_templates
from forensics.report.formats.json_ import render_json
from forensics.report.formats.page_view import PageView
from forensics.report.language import counted, say
from forensics.report.lookalikes import look_alikes
from forensics.report.names import CatalogueNames
from forensics.report.numbers import (
    localised,
    log10_interval_text,
    log10_text,
    probability,
    range_text,
    ratio_text,
    reporting_limit,
)
from forensics.report.observed import place, where, who
from forensics.report.scales import DEFAULT_SCALE
from forensics.report.sentences import CHANGES, MAKER_ONLY, headline, pivotal_sentences, separation, weight_sentence
from forensics.report.visible import visible
from forensics.report.waterfall import waterfall

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render_html"]

_CHART_WIDTH = 240.0
_NEXT_SHOWN = 12
_AGREEMENT = {"fits": "fits", "partly": "fits in part", "differs": "differs", "unknown": "not documented"}


@dataclass(frozen=True)
class _Axis:
    """A log10 axis drawn ``_CHART_WIDTH`` units wide, with a tick at every whole number."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value stands, in units from the left."""
        inside = min(max(value, self.low), self.high)
        return round((inside - self.low) / (self.high - self.low) * _CHART_WIDTH, 1)

    @property
    def ticks(self) -> tuple[int, ...]:
        step = 1 if self.high - self.low <= 8 else 2
        return tuple(range(int(self.low), int(self.high) + 1, step))

    @property
    def low_text(self) -> str:
        return f"{self.low:g}"

    @property
    def high_text(self) -> str:
        return f"+{self.high:g}"


def _axis(values: list[float]) -> _Axis:
    low, high = math.floor(min([0.0, *values])), math.ceil(max([1.0, *values]))
    return _Axis(float(low), float(high))


def render_html(assessment: Assessment, images: Mapping[str, bytes] | None = None) -> str:
    """The whole report as one self-contained page, in the language of the document.

    Parameters
    ----------
    images : mapping of photograph path to bytes, optional
        The originals, or copies that a browser shows upright. What a browser cannot show (TIFF, HEIC) and what is not
        given is listed without a picture. A region that something was read from stands under ``path#xywh=x,y,w,h``.

    Returns
    -------
    str
        HTML 5, UTF-8. Everything that came from a sheet, a photograph or a catalogue is escaped, and characters that
        hide or reorder text are printed as code points. The content security policy allows nothing from outside.
    """
    from markupsafe import Markup  # noqa: PLC0415

    css = _style(assessment)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    document = render_json(assessment)
    annex = document.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    page = _environment().get_template("page/page.html.j2")
    text = page.render(
        a=assessment,
        css=Markup(css),  # noqa: S704 -- our own style sheet, input in it is escaped
        style_hash=digest,
        annex=Markup(annex),  # noqa: S704 -- no character that ends a script element is left in it
        annex_sha256=hashlib.sha256(document.encode("utf-8")).hexdigest(),
        **_content(assessment, images or {}),
    )
    return f"{text}\n"


def _style(assessment: Assessment) -> str:
    """The style sheet, and what stands in the margins of a printed page."""
    css = files("forensics.report.formats").joinpath("report.css").read_text(encoding="utf-8")
    head = _css_text(say("Origin assessment, case {case}", case=visible(assessment.case.id)))
    foot = _css_text(
        f"{assessment.tool.name} {assessment.tool.version}, {say('catalogue')} {assessment.catalogue.version}"
    )
    page, of = _css_text(say("page ")), _css_text(say(" of "))
    margins = (
        f"@page {{ @top-left {{ content: {head}; }} @top-right {{ content: {_css_text(say('draft until signed'))}; }} "
        f"@bottom-left {{ content: {foot}; }} "
        f"@bottom-right {{ content: {page} counter(page) {of} counter(pages); }} }}\n"
    )
    return f"\n{css}{margins}"


def _css_text(text: str) -> str:
    """A CSS string: everything but letters, digits, spaces and plain punctuation as its code point."""
    return '"' + "".join(char if char.isalnum() or char in " .,:-+/" else f"\\{ord(char):06x} " for char in text) + '"'


@functools.cache
def _environment() -> Environment:
    environment = escaping_templates("forensics.report", "formats")
    environment.globals |= {
        "_": say,
        "n_": counted,
        "log10": log10_text,
        "log10_interval": log10_interval_text,
        "probability": probability,
        "short": lambda value: localised(f"{value:.2g}"),
        "bits": lambda value: localised(f"{value:.2f}"),
        "place": place,
        "where": where,
        "who": who,
        "link": _link,
        "weighed": weighed,
        "agreement": _AGREEMENT,
    }
    return environment


def _link(address: str) -> str:
    """The address if a browser may follow it, nothing otherwise (``javascript:`` and the like)."""
    return address if address.startswith(("https://", "http://")) else ""


def _content(assessment: Assessment, images: Mapping[str, bytes]) -> dict[str, Any]:
    limit = reporting_limit(assessment)
    names = CatalogueNames(assessment)
    leader = leading(assessment)
    shown = detailed(assessment) if weighs(assessment) else ()
    bars = waterfall(assessment, leader.id) if leader is not None and leader.evidence else ()
    return {
        "view": PageView(assessment, images),
        "headline": headline(assessment.conclusion),
        "pivotal": pivotal_sentences(assessment),
        "missing": incomplete(assessment),
        "separation": separation(assessment, names),
        "maker_only": say(MAKER_ONLY),
        "changes": say(CHANGES),
        "limit": limit,
        "scale": DEFAULT_SCALE,
        "names": names,
        "leader": leader,
        "shown": shown,
        "tied": tied(assessment),
        "weighs": weighs(assessment),
        "kinds": recorded(assessment),
        "alike": look_alikes(assessment),
        "next": worth_examining(assessment, _NEXT_SHOWN),
        "not_weighed": not_weighed(assessment),
        "hardly_documented": hardly_documented,
        "bars": bars,
        "bar_axis": _axis([end for bar in bars for end in (bar.start, bar.end)]),
        "rank_axis": _axis(_extent(assessment)),
        "readings": readings_for(assessment, leader.id) if leader is not None else (),
        "ratio": lambda value: ratio_text(value, limit),
        "ratios": lambda interval: range_text(interval, limit) if interval is not None else "",
        "state_sentences": [weight_sentence(assessment, node, names) for node in assessment.states[:3]],
        "family_sentences": [weight_sentence(assessment, node, names) for node in assessment.families[:3]],
        "cited": _cited(assessment, shown),
    }


def _extent(assessment: Assessment) -> list[float]:
    return [
        value
        for candidate in assessment.ranking
        for value in (candidate.log10_lr, *(candidate.interval if candidate.interval is not None else ()))
    ]


def _cited(assessment: Assessment, shown: tuple[Candidate, ...]) -> list[SourceEntry]:
    """Every source in the bibliography, and an entry for each one cited that it does not hold."""
    known = sources_of(assessment)
    used = {source for candidate in shown for line in candidate.evidence for source in line.sources}
    used |= {source for limitation in assessment.limitations for source in limitation.sources}
    own = assessment.case.sources
    extra = [
        SourceEntry(id=source, publisher="", title=say("not in the bibliography"), date="", address="", reliability="")
        for source in used - set(known) - set(own)
    ]
    named = [
        SourceEntry(id=key, publisher="", title=text, date="", address="", reliability="")
        for key, text in own.items()
        if key not in known
    ]
    return sorted([*known.values(), *named, *extra], key=lambda entry: entry.id)
