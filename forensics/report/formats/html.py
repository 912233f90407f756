"""The report as one HTML file: no network, no script, the same at a desk, on a phone and on paper."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from forensics.model.evidence import Box
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
    trait_names,
    weighed,
    weighs,
    worth_examining,
)
from forensics.report.formats.json_ import render_json
from forensics.report.formats.picture import Figure, figure
from forensics.report.lookalikes import look_alikes
from forensics.report.names import CatalogueNames
from forensics.report.numbers import (
    log10_interval_text,
    log10_text,
    percent,
    probability,
    range_text,
    ratio_text,
    reporting_limit,
)
from forensics.report.observed import describe, place, who
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


def _axis(values: list[float]) -> _Axis:
    import math  # noqa: PLC0415

    low, high = math.floor(min([0.0, *values])), math.ceil(max([1.0, *values]))
    return _Axis(float(low), float(high))


def render_html(assessment: Assessment, images: Mapping[str, bytes] | None = None) -> str:
    """The whole report as one self-contained page.

    Parameters
    ----------
    images : mapping of photograph path to bytes, optional
        The originals, or copies that a browser shows upright. What a browser cannot show (TIFF, HEIC) and what is not
        given is listed without a picture.

    Returns
    -------
    str
        HTML 5, UTF-8. Everything that came from a sheet, a photograph or a catalogue is escaped, and characters that
        hide or reorder text are printed as code points. The content security policy allows nothing from outside.
    """
    from markupsafe import Markup  # noqa: PLC0415

    css = files("forensics.report.formats").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(f"\n{css}".encode()).digest()).decode("ascii")
    document = render_json(assessment)
    annex = document.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    page = _environment().get_template("report.html.j2")
    return page.render(
        a=assessment,
        css=Markup("\n" + css),  # noqa: S704 -- our own style sheet, not input
        style_hash=digest,
        annex=Markup(annex),  # noqa: S704 -- no character that ends a script element is left in it
        annex_sha256=hashlib.sha256(document.encode("utf-8")).hexdigest(),
        figures=_figures(assessment, images or {}),
        **_content(assessment),
    )


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    def shown(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("forensics.report", "formats"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "log10": log10_text,
        "log10_interval": log10_interval_text,
        "probability": probability,
        "percent": percent,
        "describe": describe,
        "place": place,
        "who": who,
        "link": _link,
        "weighed": weighed,
        "agreement": _AGREEMENT,
    }
    return environment


def _link(address: str) -> str:
    """The address if a browser may follow it, nothing otherwise (``javascript:`` and the like)."""
    return address if address.startswith(("https://", "http://")) else ""


def _content(assessment: Assessment) -> dict[str, Any]:
    limit = reporting_limit(assessment)
    names = CatalogueNames(assessment)
    leader = leading(assessment)
    shown = detailed(assessment) if weighs(assessment) else ()
    kinds = recorded(assessment)
    bars = waterfall(assessment, leader.id) if leader is not None and leader.evidence else ()
    return {
        "headline": headline(assessment.conclusion),
        "pivotal": pivotal_sentences(assessment),
        "missing": incomplete(assessment),
        "separation": separation(assessment, names),
        "maker_only": MAKER_ONLY,
        "changes": CHANGES,
        "limit": limit,
        "scale": DEFAULT_SCALE,
        "names": names,
        "traits": trait_names(assessment),
        "leader": leader,
        "shown": shown,
        "tied": tied(assessment),
        "weighs": weighs(assessment),
        "kinds": kinds,
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
        "photograph_number": {photograph.path: n for n, photograph in enumerate(assessment.photographs, 1)},
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
        SourceEntry(id=source, publisher="", title="not in the bibliography", date="", address="", reliability="")
        for source in used - set(known) - set(own)
    ]
    named = [
        SourceEntry(id=key, publisher="", title=text, date="", address="", reliability="")
        for key, text in own.items()
        if key not in known
    ]
    return sorted([*known.values(), *named, *extra], key=lambda entry: entry.id)


def _figures(assessment: Assessment, images: Mapping[str, bytes]) -> dict[str, Figure | None]:
    boxes: dict[str, dict[str, Box]] = {}
    for entry in assessment.observations:
        if entry.provenance.photograph is not None and entry.provenance.box is not None:
            boxes.setdefault(entry.provenance.photograph, {})[entry.id] = entry.provenance.box
    return {
        photograph.path: figure(photograph, images[photograph.path], tuple(boxes.get(photograph.path, {}).items()))
        if photograph.path in images
        else None
        for photograph in assessment.photographs
    }
