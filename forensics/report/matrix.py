"""The separability matrix as a picture: which types can be told apart on ordinary debris."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["matrix_svg"]

CELL_PX = 10
LABEL_PX = 200
HEAD_PX = 70
GUIDE_EVERY = 5
"""A pale line every so many rows leads the eye to the name."""
SHADES = ("#1b1b3a", "#6a51a3", "#cbb8dd")
"""Nothing separates the pair, not told apart, barely told apart. What is told apart stays white."""
HARDLY = "#f3efe6"


def matrix_svg(
    ids: Sequence[str],
    values: Sequence[Sequence[float]],
    order: Sequence[int],
    limit_log10: float,
    *,
    documented: int | None = None,
) -> str:
    """Draw the matrix, hard pairs dark, pairs that are told apart white.

    Parameters
    ----------
    ids
        H type ids.
    values
        (H, H) expected log10 LR, symmetric.
    order
        Indices in the order of drawing, hard pairs beside each other.
    limit_log10
        Pairs below this are not separable; they get the two darkest shades.
    documented
        How many of ``order``, from the start, are types an ordinary sheet speaks for; the rest are set apart as hardly
        documented. None: all.
    """
    count = len(order) if documented is None else documented
    size = len(order) * CELL_PX
    top = HEAD_PX + LABEL_PX
    width, height = LABEL_PX + size + 20, top + size + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="9" role="img">',
        "<title>Expected weight of evidence between each pair of types</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _legend(LABEL_PX, limit_log10, hardly=count < len(order)),
    ]
    if count < len(order):
        edge = count * CELL_PX
        parts.append(
            f'<path d="M{LABEL_PX + edge} {top}h{size - edge}v{size}h{-size}v{edge - size}h{edge}z" fill="{HARDLY}"/>'
        )
    parts += [_guides(size, top)]
    for row, first in enumerate(order):
        y = top + row * CELL_PX
        name = escape(ids[first])
        parts.append(f'<text x="{LABEL_PX - 4}" y="{y + 8}" text-anchor="end">{name}</text>')
        x = LABEL_PX + row * CELL_PX
        parts.append(f'<text transform="translate({x + 8} {top - 4}) rotate(-90)">{name}</text>')
        parts.append(f'<rect x="{x}" y="{y}" width="{CELL_PX}" height="{CELL_PX}" fill="#dddddd"/>')
        for column, second in enumerate(order):
            shade = None if row == column else _shade(values[first][second], limit_log10)
            if shade is not None:
                said = f"{name} and {escape(ids[second])}: {values[first][second]:.2f}"
                parts.append(
                    f'<rect x="{LABEL_PX + column * CELL_PX}" y="{y}" width="{CELL_PX}" height="{CELL_PX}" '
                    f'fill="{shade}"><title>{said}</title></rect>'
                )
    parts.append("</svg>\n")
    return "\n".join(parts)


def _steps(limit: float) -> tuple[float, ...]:
    return limit / 4, limit, 1.5 * limit


def _shade(value: float, limit: float) -> str | None:
    return next((shade for shade, step in zip(SHADES, _steps(limit), strict=True) if value < step), None)


def _guides(size: int, top: int) -> str:
    lines = [
        f"M{LABEL_PX} {top + place}h{size}M{LABEL_PX + place} {top}v{size}"
        for place in range(0, size + 1, GUIDE_EVERY * CELL_PX)
    ]
    return f'<path d="{"".join(lines)}" stroke="#e6e6e6" stroke-width="1" fill="none"/>'


def _legend(x: int, limit: float, *, hardly: bool) -> str:
    close, apart, clear = _steps(limit)
    words = [
        (SHADES[0], f"below {close:g}: nothing separates them"),
        (SHADES[1], f"below {apart:g}: not told apart"),
        (SHADES[2], f"below {clear:g}: barely told apart"),
        ("#ffffff", "told apart"),
    ]
    if hardly:
        words.append((HARDLY, "hardly documented: nothing much is stated of one of the two"))
    parts = [
        f'<text x="{x}" y="22" font-size="15" font-weight="bold">Which types an ordinary sheet tells apart</text>',
        f'<text x="{x}" y="38" font-size="11">Expected log10 LR between each pair, over the traits that normally '
        "survive; types that are hard to tell apart stand beside each other.</text>",
    ]
    for number, (shade, text) in enumerate(words):
        left = x + number * 200
        parts.append(f'<rect x="{left}" y="50" width="12" height="12" fill="{shade}" stroke="#999999"/>')
        parts.append(f'<text x="{left + 17}" y="60" font-size="11">{escape(text)}</text>')
    return "".join(parts)
