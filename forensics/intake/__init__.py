"""Trait sheets to observations, and originals registered without touching them."""

from __future__ import annotations

from forensics.intake.photographs import register_photograph
from forensics.intake.sheets import check_sheet, read_sheet
from forensics.intake.tables import read_table
from forensics.intake.templates import write_sheet, write_template

__all__ = ["check_sheet", "read_sheet", "read_table", "register_photograph", "write_sheet", "write_template"]
