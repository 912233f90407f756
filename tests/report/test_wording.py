"""What the sentences say, and what they must never say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forensics.report import offences, quotations, render, word
from forensics.report.names import CatalogueNames
from forensics.report.reasons import reason_sentences
from forensics.report.sentences import ratio_sentence

ROOM = Path(__file__).resolve().parents[2] / "forensics" / "report"

FORBIDDEN = [
    "This fragment was identified as a Hwasong-11A.",
    "The probability that the missile is North Korean is high.",
    "the chance that it was made there",
    "95 percent certain",
    "It is 95 % likely to be a KN-23.",
    "It is 300 times more likely to be a Hwasong.",
    "The missile is a Hwasong-11A.",
    "It is an Iskander.",
    "A positive identification was made.",
    "The item is certainly Russian.",
    "This shows conclusively who made it.",
    "The origin was irrefutably established.",
    "established beyond reasonable doubt",
    "The bolt ring confirms the origin.",
    "The ring proves it.",
    "The ring matches the catalogue.",
    "a mismatch",
    "Ймовірність того, що ракета виготовлена там, висока.",
    "95 % ймовірності",
    "Із ймовірністю 95 % це ракета.",
    "Уламок ідентифіковано як Хвасон-11А.",
    "Ракета є північнокорейською.",
    "Це безсумнівно вона.",
    "Кільце підтверджує походження.",
    "Маркування збігається.",
    "Вероятность того, что ракета произведена там, высока.",
    "95 % вероятности",
    "с вероятностью 95 %",
    "Обломок идентифицирован как Искандер.",
    "Ракета является иранской.",
    "Это неопровержимо.",
    "Кольцо подтверждает происхождение.",
    "Маркировка совпадает.",
    "미사일일 확률이 높다",
    "95 % 확률",
    "이 파편은 화성-11가로 식별되었다.",
    "틀림없이 북한제이다",
    "북한제임이 입증되었다",
    "볼트 배열이 일치한다",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_the_lint_rejects(text):
    assert offences(text)


@pytest.mark.parametrize(
    "text",
    [
        "The observations are about 300 times more probable if the missile was made as a Hwasong-11A.",
        "The observations support, at family level, the Hwasong-11 family; they do not establish it.",
        "The score against the trait reference_match is low.",
        "관찰 결과는 약 300배 더 개연성이 있다.",
        "Наблюдения примерно в 300 раз вероятнее, если ракета изготовлена как Хвасон-11А.",
        "Спостереження приблизно у 300 разів імовірніші, якщо ракету виготовлено як Хвасон-11А.",
    ],
)
def test_the_lint_lets_the_right_form_pass(text):
    assert not offences(text)


@pytest.mark.parametrize("format_", ["text", "html"])
def test_no_view_says_what_must_not_be_said(each, format_):
    text = render(each, format_, verbosity=2)
    text = re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.S)
    assert not offences(" ".join(re.sub(r"<[^>]+>", " ", text).split()), quoted=quotations(each))


@pytest.mark.parametrize(
    "path",
    [*ROOM.rglob("*.j2"), *(ROOM / f"{name}.py" for name in ("wording", "sentences", "propositions", "reasons"))],
    ids=lambda p: p.name,
)
def test_no_template_says_what_must_not_be_said(path):
    text = re.sub(r"\{[{%#].*?[}%#]\}", " ", path.read_text(encoding="utf-8"), flags=re.S)
    assert not offences(text)


def test_quoted_words_are_their_authors(document):
    text = "Title: Experts confirm the origin. The ring confirms it."
    assert len(offences(text)) == 2
    (left,) = offences(text, quoted=["Experts confirm the origin."])
    assert text[left.start :].startswith("confirms")


def test_quotations_hold_what_others_said(document):
    told = quotations(document("kharkiv"))
    assert "Handwritten Korean character on missile debris" in told
    assert "two chords, tape along the seam" in told
    assert document("kharkiv").conclusion.statement not in told


STATEMENTS = {
    "kharkiv": [
        "leaving out reference values and reading conventions learned from this incident",
        "about 670 times more probable if the missile was made as a Hwasong-11A, a Hwasong-11B or a Hwasong-11C than",
        "280 to 2,400 over the stated uncertainty; moderately strong to strong support",
        "favour, at family level, the Hwasong-11 family; they do not establish it",
        "do not distinguish Hwasong-11A, Hwasong-11B and Hwasong-11C",
        "about 1,100 times more probable if the missile was made in the DPRK",
        "not who fired it",
    ],
    "tochka": [
        "at least 10,000 times",
        "10,000 is the reporting limit",
        "made as a 9M79-1 Tochka-U",
        "support, at type level",
    ],
    "none_fits": [
        "None of the 2 catalogued types compared fits.",
        "about 7 times more probable if the munition was made as something that is not in the catalogue",
        "than if it was made as an Iskander-M 9M723, the catalogued type that comes nearest",
    ],
    "insufficient": ["Too little was examined", "No type, family or state is named, and none is set aside."],
    "pattern_tie": [
        "made as a 122 mm Grad pattern rocket",
        "The producer is not told apart: the USSR / Russia (9M22U), Iran (Arash) or the DPRK (R-122).",
        "what would: marking text or body material",
    ],
    "type_candidates": [
        "This is too little to name a type or a family.",
        "an unlisted design of the DPRK",
        "1/2.6 to 80",
    ],
}


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_statements(document, name):
    statement = document(name).conclusion.statement
    for phrase in STATEMENTS[name]:
        assert phrase in statement


def test_a_pair_that_nothing_observed_separates_gets_no_ratio(document, catalogue):
    told = document("pattern_tie")
    conclusion = told.conclusion.model_copy(update={"members": ("9m22u", "arash"), "level": "none", "node": None})
    statement = word(told.model_copy(update={"conclusion": conclusion}), catalogue).conclusion.statement
    assert "9M22U from Arash (no trait observed differs between them)" in statement


def test_a_pair_that_differs_gets_its_ratio(document, catalogue):
    told = document("kharkiv")
    conclusion = told.conclusion.model_copy(update={"members": ("hwasong-11a", "hwasong-11b")})
    statement = word(told.model_copy(update={"conclusion": conclusion}), catalogue).conclusion.statement
    assert "Hwasong-11A from Hwasong-11B (ratio 1.2)" in statement
    assert "made as one of the Hwasong-11 family (Hwasong-11A, Hwasong-11B or Hwasong-11C)" in statement


def test_candidates_of_one_family_get_a_sentence_with_both_propositions(document, catalogue):
    told = document("kharkiv")
    conclusion = told.conclusion.model_copy(
        update={"outcome": "insufficient", "level": "none", "node": None, "strength": "candidates_only", "reasons": ()}
    )
    statement = word(told.model_copy(update={"conclusion": conclusion}), catalogue).conclusion.statement
    assert "Candidates only: Hwasong-11A, Hwasong-11B or Hwasong-11C. The observations are about 670 times" in statement
    assert "made as one of the Hwasong-11 family than if it was made as anything else" in statement


def test_circularity_says_which_ratio_is_reported(document, catalogue):
    told = document("kharkiv")
    assert "3 reference values were learned from this incident" in told.circularity.statement
    assert "about 670 without them and about 3,000 with the full catalogue" in told.circularity.statement
    kept = told.conclusion.model_copy(update={"log10_lr": 3.48, "uncapped_log10_lr": 3.48})
    full = word(told.model_copy(update={"conclusion": kept}), catalogue)
    assert "that ratio is circular" in full.circularity.statement
    assert "leaving out" not in full.conclusion.statement


def test_propositions_are_a_pair_with_alternatives_and_a_population(each):
    ids = [entry.id for entry in each.propositions]
    assert ids[:2] == ["H1", "H2"]
    assert ids[-1] == "population"
    texts = " ".join(entry.text for entry in each.propositions)
    assert "not in the catalogue" in texts
    assert len(set(ids)) == len(ids)


def test_every_band_stands_with_number_and_propositions(each):
    """A sentence with a verbal band holds a ratio and an "if ... than if ..."."""
    for sentence in re.split(r"(?<=\.) (?=[A-Z])", each.conclusion.statement):
        if "ENFSI" in sentence:
            assert re.search(r"(?:about|at least) [\d,.]+ times more probable if .* than if", sentence)


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
