"""The result document in words and views.

``word`` fills the sentences from the numbers, in English or Ukrainian; ``render`` prints the document in a format,
``render_bytes`` also as a PDF; ``explain`` and ``waterfall`` give the evidence of one candidate as data; ``offences``
finds what a report must not say.
"""

from forensics.report.explain import Explanation, Reason, explain, explain_text
from forensics.report.formats.json_ import schema
from forensics.report.language import LANGUAGES, as_language
from forensics.report.offences import Offence, offences, quotations
from forensics.report.rendering import FORMATS, TEXT_FORMATS, render, render_bytes
from forensics.report.waterfall import Bar, waterfall
from forensics.report.wording import word

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "TEXT_FORMATS",
    "Bar",
    "Explanation",
    "Offence",
    "Reason",
    "as_language",
    "explain",
    "explain_text",
    "offences",
    "quotations",
    "render",
    "render_bytes",
    "schema",
    "waterfall",
    "word",
]
