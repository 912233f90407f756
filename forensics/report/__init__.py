"""The result document in words and views.

``word`` fills the sentences from the numbers; ``render`` prints the document in a format; ``explain`` and
``waterfall`` give the evidence of one candidate as data; ``offences`` finds what a report must not say.
"""

from forensics.report.explain import Explanation, Reason, explain, explain_text
from forensics.report.formats.json_ import schema
from forensics.report.offences import Offence, offences, quotations
from forensics.report.rendering import FORMATS, render
from forensics.report.waterfall import Bar, waterfall
from forensics.report.wording import word

__all__ = [
    "FORMATS",
    "Bar",
    "Explanation",
    "Offence",
    "Reason",
    "explain",
    "explain_text",
    "offences",
    "quotations",
    "render",
    "schema",
    "waterfall",
    "word",
]
