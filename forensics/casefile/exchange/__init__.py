"""Handing a case over and taking one back: BagIt bags (RFC 8493), ZIP archives, CASE/UCO descriptions."""

from __future__ import annotations

from forensics.casefile.exchange.bagging import write_archive, write_bag
from forensics.casefile.exchange.caseuco import case_uco
from forensics.casefile.exchange.importing import Imported, import_case

__all__ = ["Imported", "case_uco", "import_case", "write_archive", "write_bag"]
