"""Which types can be told apart: the overlap of the whole catalogue, and the difference of two types."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from forensics.catalogue import load
from forensics.catalogue.overlap import DOCUMENTED_LOG10, Overlap
from forensics.workflow.judging import overlap_of

__all__ = ["overlap_csv", "overlap_picture", "overlap_text"]


def overlap_text(catalogue_path: Path | None, *, type_id: str | None, limit: int | None) -> str:
    """The pairs that are hardest to tell apart, with what would separate them.

    Types that are hardly documented cannot be told from many others; without a limit or a type their pairs are listed
    too.
    """
    overlap = overlap_of(load(catalogue_path))
    pairs = overlap.pairs_not_separable()
    if type_id is not None:
        pairs = tuple(pair for pair in pairs if type_id in (pair.first, pair.second))
    everything = type_id is not None or limit is None
    listed = pairs if everything else tuple(pair for pair in pairs if not pair.hardly_documented)
    shown = listed if limit is None else listed[:limit]
    whose = f" of {type_id}" if type_id else ""
    lines = [
        f"{len(listed)} pairs{whose} are not told apart on an ordinary sheet "
        f"(expected log10 LR below {overlap.threshold_log10:g} over traits that normally survive).",
        "",
    ]
    for pair in shown:
        by = ", ".join(f"{trait} {value:.2f}" for trait, value in pair.by[:3]) or "nothing both state"
        lines.append(f"{pair.expected_log10_lr:5.2f}  {pair.first} and {pair.second}")
        lines.append(f"       by: {by}; {pair.missing}")
    if len(shown) < len(listed):
        lines += ["", f"{len(listed) - len(shown)} more; --all shows them."]
    if not everything:
        lines += ["", *_hardly(overlap, len(pairs) - len(listed))]
    return "\n".join(lines) + "\n"


def _hardly(overlap: Overlap, left_out: int) -> list[str]:
    """Which types nothing much is stated of, and how many pairs that makes."""
    names = [name for name, own in zip(overlap.ids, overlap.own_log10, strict=True) if own < DOCUMENTED_LOG10]
    if not names:
        return []
    return [
        f"{len(names)} types are hardly documented: not even an ordinary sheet of their own would speak for them by a "
        f"factor of ten. {left_out} pairs with one of them are left out here; --all lists them.",
        f"  {', '.join(names)}",
    ]


def overlap_picture(catalogue_path: Path | None) -> str:
    """The clustered matrix as SVG, hardly documented types set apart at the end."""
    from forensics.report.matrix import matrix_svg  # noqa: PLC0415

    overlap = overlap_of(load(catalogue_path))
    values = [[float(value) for value in row] for row in overlap.matrix]
    clustered = overlap.clustered_order()
    known = [index for index in clustered if overlap.own_log10[index] >= DOCUMENTED_LOG10]
    order = (*known, *(index for index in clustered if index not in known))
    return matrix_svg(overlap.ids, values, order, overlap.threshold_log10, documented=len(known))


def overlap_csv(catalogue_path: Path | None) -> str:
    """Every pair on a row: ids, expected log10 LR, the strongest trait."""
    overlap = overlap_of(load(catalogue_path))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["first", "second", "expected_log10_lr", "strongest_trait"])
    for first in range(len(overlap.ids)):
        for second in range(first + 1, len(overlap.ids)):
            strongest = max(overlap.per_trait, key=lambda trait: overlap.per_trait[trait][first, second])
            writer.writerow(
                [
                    overlap.ids[first],
                    overlap.ids[second],
                    f"{overlap.matrix[first, second]:.3f}",
                    strongest if overlap.per_trait[strongest][first, second] > 0.005 else "",
                ]
            )
    return target.getvalue()
