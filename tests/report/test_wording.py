"""What the sentences say, and what they must never say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forensics.report import offences, render, word
from forensics.report.names import CatalogueNames
from forensics.report.reasons import reason_sentences
from forensics.report.wording import ratio_sentence

ROOM = Path(__file__).resolve().parents[2] / "forensics" / "report"

FORBIDDEN = [
    "This fragment was identified as a Hwasong-11A.",
    "The probability that the missile is North Korean is high.",
    "The bolt ring confirms the origin.",
    "It is 95 % likely to be a KN-23.",
    "The origin was irrefutably established.",
    "The item is certainly Russian.",
    "Уламок ідентифіковано як Хвасон-11А.",
    "Обломок идентифицирован как Искандер.",
    "이 파편은 화성-11가로 식별되었다.",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_the_lint_rejects(text):
    assert offences(text)


@pytest.mark.parametrize(
    "text",
    [
        "The observations are about 300 times more probable if the missile was made as a Hwasong-11A.",
        "Спостереження приблизно у 300 разів імовірніші, якщо ракету виготовлено як Хвасон-11А.",
    ],
)
def test_the_lint_lets_the_right_form_pass(text):
    assert not offences(text)


@pytest.mark.parametrize("format_", ["text", "html"])
def test_no_view_says_what_must_not_be_said(each, format_):
    quoted = [entry.title for entry in each.bibliography] + [entry.note for entry in each.observations]
    text = render(each, format_, verbosity=2)
    text = re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.S)
    assert not offences(" ".join(re.sub(r"<[^>]+>", " ", text).split()), quoted=quoted)


@pytest.mark.parametrize("path", [*ROOM.rglob("*.j2"), ROOM / "wording.py", ROOM / "reasons.py"], ids=lambda p: p.name)
def test_no_template_says_what_must_not_be_said(path):
    text = re.sub(r"\{[{%#].*?[}%#]\}", " ", path.read_text(encoding="utf-8"), flags=re.S)
    assert not offences(text)


def test_wording_twice_changes_nothing(each, catalogue):
    assert word(each, catalogue) == each


@pytest.mark.parametrize(
    ("log10_lr", "expected"),
    [
        (2.48, "about 300 times more probable if A than if B"),
        (-2.48, "about 300 times more probable if B than if A"),
        (0.0, "about as probable if A as if B"),
        (4.0, "at least 10,000 times more probable if A than if B"),
    ],
)
def test_ratio_sentences(log10_lr, expected):
    assert ratio_sentence(log10_lr, "A", "B", limit=4.0).startswith(expected)


def test_a_band_never_stands_without_its_number():
    text = ratio_sentence(2.48, "A", "B", limit=4.0, interval=(1.7, 3.2))
    assert "moderate to strong" in text
    assert "about 300 times" in text


CODES = [
    "no_evaluable_observations",
    "no_documented_type",
    "discriminating_traits:0",
    "discriminating_traits:1",
    "worse_than_unlisted",
    "unremarkable",
    "contradicted:1",
    "contradicted:61",
    "unlisted_in_tie:RUS",
    "no_type_in_tie",
    "unlisted_elsewhere_in_tie",
    "draft_alone",
    "node_below_threshold",
]


@pytest.mark.parametrize("code", CODES)
def test_every_reason_is_a_sentence(document, code):
    (text,) = reason_sentences([code], CatalogueNames(document("kharkiv")))
    assert re.fullmatch(r"[A-Z].*\.", text)
    assert "_" not in text


def test_every_code_the_rules_can_give_has_words():
    source = (ROOM.parent / "assess" / "conclusion.py").read_text(encoding="utf-8")
    docstring = source[source.index("``reasons`` are codes") : source.index("``indistinguishable:ID|ID``")]
    given = {code.split(":")[0] for code in re.findall(r"``([a-z_]+(?::[A-Z]+)?)``", docstring)}
    assert given - {"below_threshold", "indistinguishable", "reasons"} == {code.split(":")[0] for code in CODES}


def test_an_unknown_code_never_reaches_a_reader(document):
    with pytest.raises(KeyError):
        reason_sentences(["something_new"], CatalogueNames(document("kharkiv")))


def test_the_statement_speaks_of_making_and_not_of_firing(each):
    statement = each.conclusion.statement.lower()
    assert "fired by" not in statement
    assert "made" in statement or each.conclusion.outcome == "insufficient"


def test_posteriors_stand_beside_their_priors(document):
    text = render(document("kharkiv"), "text", verbosity=1)
    heading = text.index("PRIORS AND WHAT FOLLOWS")
    assert "not part of the opinion" in text[heading : heading + 200]
    assert "posterior" not in text[:heading].lower()
