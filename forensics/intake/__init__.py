"""Trait sheets to observations, and originals registered without touching them."""

from __future__ import annotations

from forensics.intake.photographs import register_photograph
from forensics.intake.polyglots import reason_polyglot
from forensics.intake.sheets import check_sheet, read_cells, read_sheet
from forensics.intake.sidecar import find_sidecar, is_sidecar, read_sidecar
from forensics.intake.single import header_line, read_form, read_value, row_line
from forensics.intake.tables import read_table
from forensics.intake.templates import write_sheet, write_template
from forensics.intake.words import Lexicon

__all__ = [
    "Lexicon",
    "check_sheet",
    "find_sidecar",
    "header_line",
    "is_sidecar",
    "read_cells",
    "read_form",
    "read_sheet",
    "read_sidecar",
    "read_table",
    "read_value",
    "reason_polyglot",
    "register_photograph",
    "row_line",
    "write_sheet",
    "write_template",
]
