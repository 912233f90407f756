"""The result as a table: one row for each candidate and trait, for a spreadsheet or a statistics program."""

from __future__ import annotations

import csv
import io

from forensics.model.evidence import Box
from forensics.model.result import Assessment, Candidate, EvidenceLine
from forensics.report.choice import tied
from forensics.report.visible import visible

__all__ = ["COLUMNS", "render_csv"]

COLUMNS = (
    "case",
    "rank",
    "id",
    "name",
    "listed",
    "tied",
    "family",
    "state",
    "log10_lr",
    "interval_low",
    "interval_high",
    "prior",
    "posterior",
    "known_traits",
    "item",
    "observation",
    "trait",
    "trait_name",
    "observed",
    "expected",
    "agreement",
    "trait_log10_lr",
    "contribution_log10",
    "block",
    "quality",
    "weight",
    "likelihood",
    "background",
    "because",
    "sources",
    "photograph",
    "box",
)

# A spreadsheet runs a cell that starts with one of these, full-width forms included.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def render_csv(assessment: Assessment, *, byte_order_mark: bool = False) -> str:
    """RFC 4180: comma, CRLF, quoted where needed, one header row.

    Numbers are written in full, so that they read back as the numbers of the JSON document; log10 throughout. The last
    rows are the designs that are not in the catalogue. Text that a spreadsheet would run as a formula is preceded by an
    apostrophe.

    Parameters
    ----------
    byte_order_mark : bool
        Begin with U+FEFF, which Excel needs to read UTF-8.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    members = tied(assessment)
    ranked = {candidate.id for candidate in assessment.ranking}
    for rank, candidate in enumerate(assessment.ranking, 1):
        for line in candidate.evidence or (None,):
            writer.writerow(_row(assessment, rank, candidate, candidate.id in members, line))
    for leaf in assessment.not_catalogued.leaves:
        if f"unlisted@{leaf.state}" not in ranked:
            writer.writerow(_open_row(assessment, f"unlisted@{leaf.state}", leaf.name, leaf.state, leaf.log10_lr))
    node = assessment.not_catalogued
    odds = (repr(node.prior), repr(node.posterior))
    name = "not in the catalogue"
    writer.writerow(_open_row(assessment, "not_catalogued", name, "", node.log10_lr, prior_and_posterior=odds))
    return ("\ufeff" if byte_order_mark else "") + target.getvalue()


def _row(assessment: Assessment, rank: int, candidate: Candidate, tie: bool, line: EvidenceLine | None) -> list[str]:
    interval = candidate.interval
    row = [
        _text(assessment.case.id),
        str(rank),
        _text(candidate.id),
        _text(candidate.name),
        _yes(candidate.listed),
        _yes(tie),
        _text(candidate.family_name),
        _text(candidate.state_name),
        repr(candidate.log10_lr),
        repr(interval[0]) if interval is not None else "",
        repr(interval[1]) if interval is not None else "",
        repr(candidate.prior),
        repr(candidate.posterior),
        str(candidate.known_traits),
    ]
    if line is None:
        return row + [""] * (len(COLUMNS) - len(row))
    return [
        *row,
        _text(line.item),
        _text(line.observation),
        _text(line.trait),
        _text(line.trait_name),
        _text(line.observed),
        _text(line.expected),
        line.match,
        repr(line.log10_lr),
        repr(line.contribution_log10),
        _text(line.block),
        repr(line.quality),
        repr(line.weight),
        repr(line.likelihood),
        repr(line.background),
        _text(line.because),
        _text(" ".join(line.sources)),
        _text(line.photograph or ""),
        _box(line.box),
    ]


def _open_row(
    assessment: Assessment,
    node_id: str,
    name: str,
    state: str,
    log10_lr: float,
    *,
    prior_and_posterior: tuple[str, str] = ("", ""),
) -> list[str]:
    # The document states a prior only for the open set as a whole; a posterior never stands without one.
    row = [
        _text(assessment.case.id),
        "",
        _text(node_id),
        _text(name),
        "no",
        "no",
        "",
        _text(state),
        repr(log10_lr),
        "",
        "",
    ]
    row.extend(prior_and_posterior)
    return row + [""] * (len(COLUMNS) - len(row))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _box(box: Box | None) -> str:
    return f"{box.x},{box.y},{box.width},{box.height}" if box is not None else ""


def _text(value: str) -> str:
    """A text cell with nothing hidden in it and nothing a spreadsheet would run."""
    shown = visible(value)
    return f"'{shown}" if value.lstrip().startswith(_FORMULA) or shown.startswith(_FORMULA) else shown
