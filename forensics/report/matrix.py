"""The separability matrix as a picture: which types can be told apart on ordinary debris."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["matrix_svg"]

CELL_PX = 9
LABEL_PX = 190


def matrix_svg(ids: Sequence[str], values: Sequence[Sequence[float]], order: Sequence[int], limit_log10: float) -> str:
    """Draw the matrix, hard pairs dark.

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
    """
    size = len(order) * CELL_PX
    width, height = LABEL_PX + size + 20, LABEL_PX + size + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="8" role="img">',
        "<title>Expected weight of evidence between each pair of types</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for row, first in enumerate(order):
        y = LABEL_PX + row * CELL_PX
        name = escape(ids[first])
        parts.append(f'<text x="{LABEL_PX - 4}" y="{y + 7}" text-anchor="end">{name}</text>')
        parts.append(f'<text transform="translate({y + 7} {LABEL_PX - 4}) rotate(-90)">{name}</text>')
        for column, second in enumerate(order):
            if row == column:
                continue
            shade = _shade(values[first][second], limit_log10)
            if shade is None:
                continue
            x = LABEL_PX + column * CELL_PX
            parts.append(
                f'<rect x="{x}" y="{y}" width="{CELL_PX}" height="{CELL_PX}" fill="{shade}">'
                f"<title>{name} and {escape(ids[second])}: {values[first][second]:.2f}</title></rect>"
            )
    parts.append(_legend(LABEL_PX, LABEL_PX + size + 20, limit_log10))
    parts.append("</svg>\n")
    return "\n".join(parts)


SHADES = ("#1b1b3a", "#4a3f8c", "#9a7fc0", "#d9c8e6")


def _shade(value: float, limit: float) -> str | None:
    steps = (limit / 4, limit, 2 * limit, 3 * limit)
    return next((shade for shade, step in zip(SHADES, steps, strict=True) if value < step), None)


def _legend(x: int, y: int, limit: float) -> str:
    words = (
        f"below {limit / 4:g}: nothing separates them",
        f"below {limit:g}: not told apart on an ordinary sheet",
        f"below {2 * limit:g}",
        f"below {3 * limit:g}",
    )
    parts = [f'<text x="{x}" y="{y - 4}">Expected log10 LR over traits that normally survive</text>']
    for number, (shade, text) in enumerate(zip(SHADES, words, strict=True)):
        left = x + number * 190
        parts.append(f'<rect x="{left}" y="{y + 4}" width="10" height="10" fill="{shade}"/>')
        parts.append(f'<text x="{left + 14}" y="{y + 12}">{escape(text)}</text>')
    return "".join(parts)
