"""The case folder: what it says, its originals, what the stages write, and the record of custody."""

from __future__ import annotations

from forensics.casefile.custody import CustodyRecord, read_chain
from forensics.casefile.editing import CaseFacts
from forensics.casefile.folder import CaseFolder, new_case, open_case
from forensics.casefile.verifying import Discrepancy

__all__ = ["CaseFacts", "CaseFolder", "CustodyRecord", "Discrepancy", "new_case", "open_case", "read_chain"]
