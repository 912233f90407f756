"""The validation report as printed text, Markdown and HTML: three views of the same sections."""

from __future__ import annotations

import base64
import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Section", "render_html", "render_markdown", "render_text"]


@dataclass(frozen=True)
class Section:
    """A heading, what to read in it, a table. ``figures``: file names of pictures that belong to it."""

    title: str
    text: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    figures: tuple[str, ...] = ()


def render_text(sections: Sequence[Section], width: int = 100) -> str:
    """For the terminal: headings, wrapped text, aligned columns."""
    parts: list[str] = []
    for section in sections:
        parts.append(section.title)
        parts.append("=" * len(section.title))
        parts.append(textwrap.fill(section.text, width))
        if section.rows:
            parts.append("")
            parts.extend(_aligned(section))
        parts.append("")
    return "\n".join(parts)


def _aligned(section: Section) -> list[str]:
    lines = [section.header, *section.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(section.header))]
    if sum(widths) + 2 * len(widths) <= 150:
        return ["  ".join(cell.ljust(size) for cell, size in zip(line, widths, strict=True)).rstrip() for line in lines]
    # Too wide for a terminal: one block a row.
    label = max(len(name) for name in section.header)
    found: list[str] = []
    for row in section.rows:
        found.extend(f"{name.ljust(label)}  {cell}" for name, cell in zip(section.header, row, strict=True))
        found.append("")
    return found


def render_markdown(sections: Sequence[Section], title: str = "Validation report") -> str:
    """Markdown with the pictures linked."""
    parts = [f"# {title}", ""]
    for section in sections:
        parts += [f"## {section.title}", "", section.text, ""]
        if section.rows:
            parts.append("| " + " | ".join(section.header) + " |")
            parts.append("|" + "---|" * len(section.header))
            parts += ["| " + " | ".join(row) + " |" for row in section.rows]
            parts.append("")
        parts += [f"![{section.title}]({name})" for name in section.figures]
        parts += [""] if section.figures else []
    return "\n".join(parts)


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #bbb;padding:.25rem .5rem;text-align:left}"
    "img{max-width:100%}"
)


def render_html(
    sections: Sequence[Section], title: str = "Validation report", pictures: Mapping[str, bytes] | None = None
) -> str:
    """One self-contained page. ``pictures``: by file name, SVG; one that is not given is linked instead."""
    inside = pictures or {}

    def address(name: str) -> str:
        if name not in inside:
            return html.escape(name)
        return "data:image/svg+xml;base64," + base64.b64encode(inside[name]).decode("ascii")

    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1>"
    ]
    for section in sections:
        parts.append(f"<h2>{html.escape(section.title)}</h2><p>{html.escape(section.text)}</p>")
        if section.rows:
            head = "".join(f"<th>{html.escape(cell)}</th>" for cell in section.header)
            body = "".join(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in section.rows
            )
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
        parts += [f'<p><img src="{address(name)}" alt="{html.escape(section.title)}"></p>' for name in section.figures]
    parts.append("</body></html>\n")
    return "".join(parts)
