"""What the text of a report must not say, in the languages a report may be written in.

Rejected: the transposed conditional ("probability that the missile is"), statements of identity ("identified as", "is a
Hwasong"), certainty ("conclusively"), and words that hide the two propositions ("match", "confirms"). Rule R3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from forensics.model.result import Assessment

__all__ = ["Offence", "offences", "quotations"]


@dataclass(frozen=True, order=True)
class Offence:
    """One forbidden phrase: where it starts, what was written, what is wrong with it."""

    start: int
    phrase: str
    language: str
    reason: str


_TRANSPOSED = "states the probability of a proposition; say how many times more probable the observations are"
_IDENTITY = "states identity; the observations only support one proposition over another"
_CERTAINTY = "states certainty"
_MATCH = "hides the propositions; say which value was expected and whether the observation fits it"
_CONFIRMS = "states proof; say 'supports' or 'favours', with the ratio"

_ITEM_EN = r"(?:missile|rocket|munition|weapon|item|debris|fragment|drone)"
_ITEM_UK = r"(?:ракета|боєприпас|уламок|уламки|предмет|виріб)"
_ITEM_RU = r"(?:ракета|боеприпас|обломок|обломки|предмет|изделие)"
_I = re.IGNORECASE

_FORBIDDEN: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    # English
    ("en", _TRANSPOSED, re.compile(rf"\b(?:probability|likelihood|chance|odds)\s+(?:that|of)\s+(?:the|this|it)\s*"
                                   rf"(?:{_ITEM_EN})?\s*(?:is|was|being|comes?|came)\b", _I)),
    ("en", _TRANSPOSED, re.compile(r"\d\s?(?:%|per\s?cent|percent)\s+(?:likely|probable|probability|certain|sure|"
                                   r"chance|confiden\w*)", _I)),
    ("en", _TRANSPOSED, re.compile(r"\b(?:more|less|most|very|highly|times)\s+likely\s+to\s+be\b", _I)),
    ("en", _IDENTITY, re.compile(r"\bidentif(?:ied|ies|y)\s+(?:it\s+)?as\b", _I)),
    ("en", _IDENTITY, re.compile(rf"\b{_ITEM_EN}\s+(?:is|was|are|were)\s+(?:an?|the)\b", _I)),
    ("en", _IDENTITY, re.compile(r"\b(?:is|was)\s+an?\s+(?:[A-Z][a-z]+|[A-Z]+-?\d|\d+[A-Z])")),
    ("en", _IDENTITY, re.compile(r"\bpositive\s+identification\b", _I)),
    ("en", _CERTAINTY, re.compile(r"\b(?:certainly|definitely|undoubtedly|unquestionably|conclusive(?:ly)?|"
                                  r"irrefutabl[ey]|indisputabl[ey]|undeniabl[ey]|unambiguously)\b", _I)),
    ("en", _CERTAINTY, re.compile(r"\b(?:beyond|without)\s+(?:any\s+|a\s+|all\s+)?(?:reasonable\s+)?doubt\b", _I)),
    ("en", _CONFIRMS, re.compile(r"\b(?:confirm(?:s|ed|ing)?|prove[sdn]?|proof)\b", _I)),
    ("en", _MATCH, re.compile(r"\b(?:mis)?match(?:es|ed|ing)?\b", _I)),
    # Ukrainian
    ("uk", _TRANSPOSED, re.compile(rf"ймовірність\s+того,?\s+що\s+(?:ця\s+|цей\s+|ці\s+)?{_ITEM_UK}", _I)),
    ("uk", _TRANSPOSED, re.compile(r"\d\s?(?:%|відсотк\w+)\s+(?:ймовірн|імовірн|вірогідн)\w+", _I)),
    ("uk", _TRANSPOSED, re.compile(r"(?:з|із)\s+(?:ймовірністю|імовірністю|вірогідністю)\s+\d+\s?%", _I)),
    ("uk", _IDENTITY, re.compile(r"(?:ідентифікован|впізнан|розпізнан)\w*\s+як\b", _I)),
    ("uk", _IDENTITY, re.compile(rf"\b{_ITEM_UK}\s+(?:є|—\s+це)\s", _I)),
    ("uk", _CERTAINTY, re.compile(r"\b(?:безсумнівно|беззаперечно|неспростовно|незаперечно|однозначно|безперечно|"
                                  r"поза\s+(?:всяким\s+)?сумнівом|без\s+сумніву)\b", _I)),
    ("uk", _CONFIRMS, re.compile(r"\b(?:підтверджу|підтвердж|підтверди|довед|доводить)\w*", _I)),
    ("uk", _MATCH, re.compile(r"\b(?:збіг|збіга)\w*", _I)),
    # Russian
    ("ru", _TRANSPOSED, re.compile(rf"вероятность\s+того,?\s+что\s+(?:эта\s+|этот\s+|эти\s+)?{_ITEM_RU}", _I)),
    ("ru", _TRANSPOSED, re.compile(r"\d\s?(?:%|процент\w+)\s+вероятн\w+", _I)),
    ("ru", _TRANSPOSED, re.compile(r"с\s+вероятностью\s+\d+\s?%", _I)),
    ("ru", _IDENTITY, re.compile(r"(?:идентифицирован|опознан|распознан)\w*\s+как\b", _I)),
    ("ru", _IDENTITY, re.compile(rf"\b{_ITEM_RU}\s+(?:является|—\s+это)\s", _I)),
    ("ru", _CERTAINTY, re.compile(r"\b(?:несомненно|бесспорно|неопровержимо|однозначно|безусловно|"
                                  r"вне\s+всяк\w+\s+сомнен\w+|без\s+сомнен\w+)\b", _I)),
    ("ru", _CONFIRMS, re.compile(r"\b(?:подтвержда|подтвержд|доказыва|доказан)\w*", _I)),
    ("ru", _MATCH, re.compile(r"\bсовпа(?:д|л|ст)\w*", _I)),
    # Korean
    ("ko", _TRANSPOSED, re.compile(r"일\s*(?:확률|가능성)(?:은|이)?\s*\d|(?:미사일|로켓|탄)일\s*(?:확률|가능성)")),
    ("ko", _TRANSPOSED, re.compile(r"\d\s?(?:%|퍼센트)(?:의)?\s*(?:확률|가능성)")),
    ("ko", _IDENTITY, re.compile(r"(?:으)?로\s*(?:식별|판명|확인|판정)(?:되|됐|된|함|하)")),
    ("ko", _CERTAINTY, re.compile(r"확실히|확실하|틀림없|의심의\s*여지|반박할\s*수\s*없|단정적으로|결정적으로|명백히")),
    ("ko", _CONFIRMS, re.compile(r"입증(?:되|됐|한|하)|증명(?:되|됐|한|하)|확증")),
    ("ko", _MATCH, re.compile(r"일치(?:하|한|함|합)")),
)  # fmt: skip


def offences(text: str, *, quoted: Iterable[str] = ()) -> tuple[Offence, ...]:
    """Every forbidden phrase in a text, in order of appearance.

    Parameters
    ----------
    text : str
        A template, a sentence or a whole rendered report.
    quoted : iterable of str
        Passages that are somebody else's words (titles of sources, an examiner's note): they are reported as written
        and not searched. Line breaks inside them are not seen through; give unwrapped text.
    """
    for passage in sorted({entry for entry in quoted if entry}, key=len, reverse=True):
        text = text.replace(passage, "\x00" * len(passage))
    found = {
        Offence(hit.start(), hit.group().strip(), language, reason)
        for language, reason, pattern in _FORBIDDEN
        for hit in pattern.finditer(text)
    }
    return tuple(sorted(found))


def quotations(assessment: Assessment) -> tuple[str, ...]:
    """Passages of a document that are other people's words: sources, notes, what was said about the event."""
    case = assessment.case
    found = [part for entry in assessment.bibliography for part in (entry.publisher, entry.title, entry.address)]
    found += [entry.note for entry in assessment.observations]
    found += [entry.note for entry in assessment.photographs]
    found += [case.title, case.mandate, case.population.note, *case.conditioning, *case.sources.values()]
    found += [part for item in case.items for part in (item.description, item.found)]
    return tuple(passage for passage in found if passage)
