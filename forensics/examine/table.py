"""The closed table of examiners. To add one: one module beside this, one line here."""

from __future__ import annotations

from forensics.examine.examiner import Brief, Examiner, ExaminerEntry

__all__ = ["EXAMINERS"]


def _markings(brief: Brief) -> Examiner:
    # Inside, because an examiner brings OpenCV with it and the table is read to list what there is.
    from forensics.examine.markings.examiner import MarkingsExaminer  # noqa: PLC0415

    return MarkingsExaminer(brief)


def _outline(brief: Brief) -> Examiner:
    from forensics.examine.outline.examiner import OutlineExaminer  # noqa: PLC0415

    return OutlineExaminer(brief)


def _rings(brief: Brief) -> Examiner:
    from forensics.examine.rings.examiner import RingsExaminer  # noqa: PLC0415

    return RingsExaminer(brief)


EXAMINERS: tuple[ExaminerEntry, ...] = (
    ExaminerEntry(
        "markings", "marking_text", frozenset({"marking_script", "year_mark", "date_code_newest"}), _markings
    ),
    ExaminerEntry("outline", "body_diameter_mm", frozenset(), _outline),
    ExaminerEntry("rings", "igniter_bolt_ring", frozenset({"flange_bolt_ring"}), _rings),
)
"""In the order they are run."""
