"""What the page shows of photographs, readings and rings, prepared for its templates."""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forensics.model.evidence import Box, Method, Observation, Photograph
from forensics.model.result import Assessment, ReadingWeight, RingFigure, RingFit
from forensics.model.values import Category, NotExaminable, Text, YearMark
from forensics.report.choice import trait_names
from forensics.report.formats.drawing import ring_svg
from forensics.report.formats.picture import Figure, figure, read_header
from forensics.report.language import counted, say
from forensics.report.names import CatalogueNames
from forensics.report.numbers import localised, log10_text, percent
from forensics.report.observed import describe
from forensics.report.visible import visible

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["PageView", "region_key"]

_ALTERNATIVES = 5
STROKE_COLOURS = {
    "seen": "#0b7d3e",
    "missing": "#c2185b",
    "edge": "#1f5f8b",
    "scale": "#8a6d00",
    "refused": "#5a626b",
}


def region_key(photograph: str, box: Box) -> str:
    """The key of a copy of a region among the pictures handed to a page."""
    return f"{photograph}#xywh={box.x},{box.y},{box.width},{box.height}"


@dataclass(frozen=True)
class MachineReading:
    """One machine reading with the pixels it was made from; ``uri`` is empty where no copy was handed in."""

    observation: Observation
    uri: str
    width: int
    height: int
    alternative: str
    alternatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class RingPanel:
    """A ring as seen, or with one pattern over it: a drawing, its title, what it shows in words."""

    svg: Markup
    title: str
    words: str


@dataclass(frozen=True)
class RingView:
    """A ring observation: its photograph's region, its panels, a sentence."""

    observation: Observation
    uri: str
    width: int
    height: int
    alternative: str
    panels: tuple[RingPanel, ...]
    words: str


class PageView:
    """Figures and their words for one document; made anew for each page."""

    stroke_colours = STROKE_COLOURS

    def __init__(self, assessment: Assessment, images: Mapping[str, bytes]) -> None:
        self.assessment, self.images = assessment, images
        self.names = CatalogueNames(assessment)
        self.traits = trait_names(assessment)
        self.number_of = {entry.id: number for number, entry in enumerate(assessment.observations, 1)}
        self.photograph_number = {entry.path: number for number, entry in enumerate(assessment.photographs, 1)}

    # -- words -----------------------------------------------------------------------------------------------------

    def described(self, entry: Observation) -> str:
        """What was recorded, in words."""
        return self.assessment.described.get(entry.id) or describe(entry.value)

    def part(self, part: str) -> str:
        """The name of a part of a munition."""
        return self.assessment.part_names.get(part, part.replace("_", " "))

    def listed(self, type_ids: Iterable[str]) -> str:
        """Names of types in a row."""
        return ", ".join(self.names.short(one) for one in type_ids)

    def leaves(self) -> str:
        """Unlisted designs by state with their weight."""
        return "; ".join(f"{leaf.name} {log10_text(leaf.log10_lr)}" for leaf in self.assessment.not_catalogued.leaves)

    def readings(self, readings: Iterable[ReadingWeight]) -> str:
        """Readings of a mark with their weights."""
        return "; ".join(f"{entry.reading} ({percent(entry.weight)})" for entry in readings)

    @property
    def contributions(self) -> list[tuple[str, float]]:
        """Shapley values of the reported ratio by the name of the trait, heaviest first."""
        entries = sorted(self.assessment.sensitivity.contributions, key=lambda entry: -abs(entry[1]))
        return [
            (self.traits.get(name) or say("block {name}", name=name.removeprefix("block:")), value)
            for name, value in entries
        ]

    @property
    def variant_notes(self) -> bool:
        """Whether any stated assumption carries a note."""
        return any(entry.note for entry in self.assessment.sensitivity.variants)

    @property
    def not_examined(self) -> str:
        """Traits that the catalogue documents and of which nothing is recorded."""
        recorded = {entry.trait for entry in self.assessment.observations}
        return ", ".join(entry.name for entry in self.assessment.next if entry.trait not in recorded)

    # -- pictures --------------------------------------------------------------------------------------------------

    @functools.cached_property
    def figures(self) -> dict[str, Figure | None]:
        """Each photograph with the regions and strokes of the observations made on it."""
        found: dict[str, Figure | None] = {}
        for photograph in self.assessment.photographs:
            own = [e for e in self.assessment.observations if e.provenance.photograph == photograph.path]
            boxes = tuple((str(self.number_of[e.id]), e.provenance.box) for e in own if e.provenance.box is not None)
            strokes = tuple(stroke for entry in own for stroke in entry.provenance.drawing)
            data = self.images.get(photograph.path)
            found[photograph.path] = figure(photograph, data, boxes, strokes) if data is not None else None
        return found

    def alternative(self, photograph: Photograph, number: int) -> str:
        """What stands for the picture where it cannot be seen."""
        parts = [say("Photograph {number}", number=number)]
        if photograph.part:
            parts.append(say("shows {part}", part=self.part(photograph.part)))
        read = [e for e in self.assessment.observations if e.provenance.photograph == photograph.path]
        parts += [
            f"{self.number_of[entry.id]} {self.traits[entry.trait]}: {self.described(entry)}" for entry in read[:12]
        ]
        return visible("; ".join(parts))

    def _region(self, entry: Observation) -> tuple[str, int, int]:
        place = entry.provenance
        if place.photograph is None or place.box is None:
            return "", 0, 0
        data = self.images.get(region_key(place.photograph, place.box))
        header = read_header(data) if data is not None else None
        if data is None or header is None:
            return "", 0, 0
        uri = f"data:{header.media_type};base64,{base64.b64encode(data).decode('ascii')}"
        return uri, header.width_px, header.height_px

    @functools.cached_property
    def machine_readings(self) -> list[MachineReading]:
        """What was read by machine from a region, with competing readings, in the order of the observations."""
        ringed = {entry.observation for entry in self.assessment.rings}
        found = []
        for entry in self.assessment.observations:
            provenance = entry.provenance
            if provenance.method is not Method.AUTOMATIC or provenance.box is None or entry.id in ringed:
                continue
            if isinstance(entry.value, NotExaminable):
                continue
            alternatives: tuple[tuple[str, float], ...] = ()
            if isinstance(entry.value, Text | YearMark):
                ordered = sorted(entry.value.readings, key=lambda reading: -reading.confidence)
                alternatives = tuple((reading.text, reading.confidence) for reading in ordered[:_ALTERNATIVES])
            elif isinstance(entry.value, Category) and len(entry.value.weights) > 1:
                alternatives = ()
            told = visible(
                say("Region read as {trait}: {value}", trait=self.traits[entry.trait], value=self.described(entry))
            )
            found.append(MachineReading(entry, *self._region(entry), told, alternatives))
        return found

    # -- rings -----------------------------------------------------------------------------------------------------

    @functools.cached_property
    def rings(self) -> list[RingView]:
        """Every ring observed, rectified, and the two leading contradicting patterns over it."""
        by_id = {entry.id: entry for entry in self.assessment.observations}
        found = []
        for ring in self.assessment.rings:
            entry = by_id.get(ring.observation)
            if entry is None:
                continue
            uri, width, height = self._region(entry)
            told = visible(
                say("Region read as {trait}: {value}", trait=self.traits[entry.trait], value=self.described(entry))
            )
            panels = tuple(self._panels(entry, ring)) if ring.angles_deg else ()
            found.append(RingView(entry, uri, width, height, told, panels, self._ring_words(entry, ring)))
        return found

    def _panels(self, entry: Observation, ring: RingFigure) -> Iterable[RingPanel]:
        from markupsafe import Markup  # noqa: PLC0415

        title = say("As recorded")
        words = self.described(entry)
        svg = ring_svg(ring, None, visible(title), visible(words))
        yield RingPanel(Markup(svg), title, words)  # noqa: S704 -- drawn by us, text in it escaped
        for fit in ring.fits:
            words = fit_words(ring, fit)
            types = [self.names.short(one) for one in fit.types[:3]]
            more = f" (+{len(fit.types) - 3})" if len(fit.types) > 3 else ""
            told = f"{', '.join(types)}{more}. {words}"
            svg = ring_svg(ring, fit, visible(fit.pattern), visible(words))
            yield RingPanel(Markup(svg), fit.pattern, told)  # noqa: S704 -- the same

    def _ring_words(self, entry: Observation, ring: RingFigure) -> str:
        told = self.described(entry)
        if not ring.angles_deg:
            return f"{told}. " + say("Neither angles nor a spacing are recorded, so there is nothing to draw.")
        if not ring.measured:
            return f"{told}. " + say("No angle was measured: the drawing stands for the number and spacing as stated.")
        return told


def fit_words(ring: RingFigure, fit: RingFit) -> str:
    """How a pattern lies over a ring: explained and unexplained fasteners, empty places, residuals."""
    explained = [abs(gap) for gap in fit.residuals_deg if gap is not None]
    parts = [
        say("{n} of {total} fasteners explained", n=len(explained), total=len(fit.residuals_deg)),
        counted(len(fit.missing_deg), "{n} place in view is empty", "{n} places in view are empty"),
        counted(len(fit.hidden_deg), "{n} place is out of view", "{n} places are out of view"),
    ]
    if explained and fit.rms_deg is not None and ring.measured:
        parts.append(
            say(
                "residuals: r.m.s. {rms}°, largest {largest}°",
                rms=localised(f"{fit.rms_deg:.1f}"),
                largest=localised(f"{max(explained):.1f}"),
            )
        )
    return "; ".join(parts)
