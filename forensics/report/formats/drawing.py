"""Rings as SVG: what was seen, and a pattern laid over it. Colours are attributes, so that paper shows them too."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from forensics.model.result import RingFigure, RingFit

__all__ = ["ring_svg"]

SIZE = 220
MIDDLE = SIZE / 2
RADIUS = 78.0
SPOT = 6.0
SEEN, PLACE, MISSING, HIDDEN, LINE = "#1a1d21", "#1f5f8b", "#a3541c", "#8a929a", "#c3c9cf"
_FULL = 359.99


def ring_svg(figure: RingFigure, fit: RingFit | None, title: str, description: str) -> str:
    """The ring seen face on, 0 degrees at the right, angles counter-clockwise.

    Without ``fit``: the fasteners as recorded. With it: its places as circles around them, empty places in view
    crossed, those out of view dashed, and a stroke from each unexplained fastener.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ring" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" '
        f'height="{SIZE}" role="img" aria-label="{escape(title)}. {escape(description)}">',
        f'<circle class="ring-line" cx="{MIDDLE:g}" cy="{MIDDLE:g}" r="{RADIUS:g}" fill="none" stroke="{LINE}"/>',
        *_hidden_arcs(figure.windows_deg),
        f'<path class="ring-line" d="M{MIDDLE - 5:g} {MIDDLE:g}h10M{MIDDLE:g} {MIDDLE - 5:g}v10" stroke="{LINE}"/>',
    ]
    unexplained: set[int] = set()
    if fit is not None:
        parts += _places(fit)
        unexplained = {index for index, gap in enumerate(fit.residuals_deg) if gap is None}
    for index, angle in enumerate(figure.angles_deg):
        parts.append(_seen(angle, measured=figure.measured, unexplained=index in unexplained))
    return "".join([*parts, "</svg>"])


def _at(angle_deg: float, radius: float = RADIUS) -> tuple[float, float]:
    turn = math.radians(angle_deg)
    return round(MIDDLE + radius * math.cos(turn), 2), round(MIDDLE - radius * math.sin(turn), 2)


def _seen(angle: float, *, measured: bool, unexplained: bool) -> str:
    x, y = _at(angle)
    fill = f'fill="{SEEN}"' if measured else f'fill="none" stroke="{SEEN}" stroke-width="2"'
    spot = f'<circle class="{"ring-seen" if measured else "ring-stated"}" cx="{x}" cy="{y}" r="{SPOT:g}" {fill}/>'
    if not unexplained:
        return spot
    (x0, y0), (x1, y1) = _at(angle, RADIUS + 11), _at(angle, RADIUS + 24)
    line = f'x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"'
    return f'{spot}<line class="ring-missing" {line} stroke="{MISSING}" stroke-width="3"/>'


def _places(fit: RingFit) -> Iterable[str]:
    missing, hidden = set(fit.missing_deg), set(fit.hidden_deg)
    for place in fit.places_deg:
        x, y = _at(place)
        if place in hidden:
            style = f'class="ring-hidden" stroke="{HIDDEN}" stroke-dasharray="3 2.5"'
        elif place in missing:
            style = f'class="ring-missing" stroke="{MISSING}"'
        else:
            style = f'class="ring-place" stroke="{PLACE}"'
        yield f'<circle {style} cx="{x}" cy="{y}" r="{SPOT + 4:g}" fill="none" stroke-width="1.75"/>'
        if place in missing:
            reach = SPOT - 1
            size = f"{2 * reach:g}"
            cross = f"M{x - reach:g} {y - reach:g}l{size} {size}m0 -{size}l-{size} {size}"
            yield f'<path class="ring-missing" d="{cross}" stroke="{MISSING}" stroke-width="1.75" fill="none"/>'


def _hidden_arcs(windows: Sequence[tuple[float, float]]) -> Iterable[str]:
    """The arcs out of view as a broad pale band."""
    for start, end in _gaps(windows):
        (x0, y0), (x1, y1) = _at(start), _at(end)
        large = 1 if end - start > 180 else 0
        path = f"M{x0} {y0}A{RADIUS:g} {RADIUS:g} 0 {large} 0 {x1} {y1}"
        band = f'stroke="{LINE}" stroke-width="16" stroke-opacity="0.55"'
        yield f'<path class="ring-band" d="{path}" fill="none" {band}/>'


def _gaps(windows: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """What the windows leave of the circle: (start, end), end above start, at most a full turn."""
    spans: list[tuple[float, float]] = []
    for start, end in windows:
        if end - start >= _FULL:
            return []
        low = start % 360.0
        spans += [(low, low + (end - start))]
    if not spans:
        return []
    spans.sort()
    gaps = []
    reach = spans[0][1]
    for low, high in [*spans[1:], (spans[0][0] + 360.0, spans[0][1] + 360.0)]:
        if low - reach > 0.5:
            gaps.append((reach, low))
        reach = max(reach, high)
    return gaps
