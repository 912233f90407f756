"""Text that came from a sheet, a photograph or a catalogue, made safe to print.

Whoever writes a sheet must not be able to move the cursor, recolour, reorder or hide what a reader sees. Control
characters, escape sequences and bidirectional overrides are therefore printed as their code points. Nothing is
dropped: a reader sees that something was there.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["visible"]

_LINE_ENDS = re.compile(r"\s*(?:\r\n|[\n\r\v\f\x85\u2028\u2029])\s*")
_SUSPECT = re.compile(
    r"[^ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u3131-\u3163\u3165-\u318e\u4e00-\u9fff\uac00-\ud7a3]"
)
_KEPT_FORMAT = frozenset("\u200c")  # the zero-width non-joiner is spelling in Persian
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters that print as nothing
_LONGEST_COMBINING = 3


def visible(text: str) -> str:
    """One line of text with nothing hidden in it.

    Line ends become `` ¶ ``, tabs a space; characters that print as nothing, reorder the line or command a terminal
    become ``⟨U+202E⟩``. More than three combining marks on one letter are printed as code points too.
    """
    if not _SUSPECT.search(text):
        return text
    text = _LINE_ENDS.sub(" ¶ ", text).replace("\t", " ")
    out: list[str] = []
    combining = 0
    for char in text:
        combining = combining + 1 if unicodedata.combining(char) else 0
        hidden = (unicodedata.category(char) in _HIDDEN and char not in _KEPT_FORMAT) or char in _BLANK_LETTERS
        out.append(f"⟨U+{ord(char):04X}⟩" if hidden or combining > _LONGEST_COMBINING else char)
    return "".join(out)
