"""The report in Ukrainian: complete, with the numbers of the English one, and held to the same rules."""

from __future__ import annotations

import ast
import csv
import io
import re
from pathlib import Path

import pytest

from forensics.catalogue import load
from forensics.compare.wording import describe
from forensics.errors import InputError
from forensics.model.catalogue import ExpectedRing
from forensics.report import offences, quotations, render, render_bytes, word
from forensics.report.explain import explain_text
from forensics.report.language import LANGUAGES, Language, counted, say, speaking, table
from forensics.report.layout import cells
from forensics.report.numbers import log10_text, times
from forensics.report.phrases import Phrases
from forensics.report.rings import _patterns

ROOM = Path(__file__).resolve().parents[2] / "forensics" / "report"
SLOT = re.compile(r"\{(\w+)\}")
FOREIGN: tuple[Language, ...] = tuple(language for language in LANGUAGES if language != "en")


def literals(node):
    """The text a call is given, on both sides of a conditional expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [*literals(node.body), *literals(node.orelse)] if isinstance(node, ast.IfExp) else []


def sentences_in_code():
    """(sentences, English singulars) of every ``say`` and ``counted`` in the room, templates included."""
    single, plural = set(), set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                if node.func.id == "say":
                    single.update(literals(node.args[0]))
                elif node.func.id == "counted":
                    plural.update(literals(node.args[1]))
    for path in ROOM.rglob("*.j2"):
        text = path.read_text(encoding="utf-8")
        single.update(found[0] or found[1] for found in re.findall(r"\b_\((?:\"([^\"]*)\"|'([^']*)')", text))
        plural.update(re.findall(r"\bn_\([^,]+, \"([^\"]*)\"", text))
    return single, plural


@pytest.mark.parametrize("language", FOREIGN)
def test_every_sentence_is_there_in_every_language(language):
    single, plural = sentences_in_code()
    assert len(single) > 300
    assert single - table(language).sentences.keys() == set()
    assert plural - table(language).plurals.keys() == set()


@pytest.mark.parametrize("language", FOREIGN)
def test_a_translation_uses_no_slot_that_is_not_filled(language):
    words = table(language)
    extra = {"one of the {family}", "one of the {family} ({types})"}  # the family's bare name is given as well
    for english, told in [*words.sentences.items(), *words.phrases]:
        if english not in extra:
            assert set(SLOT.findall(told)) <= set(SLOT.findall(english)), english
    for english, forms in words.plurals.items():
        assert len(forms) == 3, english
        for form in forms:
            assert set(SLOT.findall(form)) <= {*SLOT.findall(english), "n", "number"}, english


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "тип"), (2, "типи"), (4, "типи"), (5, "типів"), (11, "типів"), (12, "типів"), (21, "тип"), (22, "типи"),
     (111, "типів"), (112, "типів"), (122, "типи"), (0, "типів")],
)  # fmt: skip
def test_plural_forms(number, word):
    with speaking("uk"):
        told = counted(number, "{n} catalogued type compared", "{n} catalogued types compared")
    assert told == f"порівняно {number} {word} каталогу"


def test_numbers_with_a_comma():
    with speaking("uk"):
        assert times(0.0792) == "1,2"
        assert times(4.0) == "10\u00a0000"
        assert log10_text(-1.5) == "-1,50"
    assert times(4.0) == "10,000"


def test_a_sentence_that_no_table_holds_is_left_as_it_is():
    with speaking("uk"):
        assert say("no such sentence {x}", x=1) == "no such sentence 1"


@pytest.fixture
def both(each, catalogue):
    return each, word(each, catalogue, "uk")


def ratios(text):
    """The ratios a statement gives, however they are written."""
    found = re.findall(r"(?:about|at least) ([\d.,]+) times", text)
    found += re.findall(r"(?:приблизно|щонайменше) у ([\d,\u00a0]+?) ра", text)
    return sorted(entry.replace("\u00a0", "").replace(",", "" if "about" in text or "at least" in text else ".")
                  for entry in found)  # fmt: skip


def test_the_statement_gives_the_same_ratios_in_both_languages(both):
    english, ukrainian = both
    assert ratios(english.conclusion.statement) == ratios(ukrainian.conclusion.statement)
    assert len(english.propositions) == len(ukrainian.propositions)


def test_no_number_id_or_code_differs(both):
    english, ukrainian = (document.model_dump(mode="json") for document in both)

    def leaves(node, path=()):
        if isinstance(node, dict):
            for key, value in node.items():
                yield from leaves(value, (*path, key))
        elif isinstance(node, list):
            for index, value in enumerate(node):
                yield from leaves(value, (*path, index))
        elif not isinstance(node, str):
            yield path, node

    assert dict(leaves(english)) == dict(leaves(ukrainian))
    assert ukrainian["language"] == "uk"
    for part in ("case", "observations", "bibliography", "photographs", "catalogue", "parameters"):
        assert english[part] == ukrainian[part]


def page_text(page):
    page = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_text_page_and_document_agree_in_both_languages(both):
    for document in both:
        text = " ".join(render(document, "text", verbosity=1, width=120).split())
        page = page_text(render(document, "html"))
        assert " ".join(document.conclusion.statement.split()).replace("&", "&amp;") in page
        assert " ".join(document.conclusion.statement.split()[:6]) in text
        with speaking(document.language):
            shown = [log10_text(candidate.log10_lr) for candidate in document.ranking[:3]]
        if any(candidate.evidence for candidate in document.ranking):
            for number in shown:
                assert number in page
                assert number in text


@pytest.mark.parametrize("format_", ["text", "html"])
def test_nothing_forbidden_in_ukrainian(both, format_):
    document = both[1]
    page = render(document, format_, **({"verbosity": 2, "width": 140} if format_ == "text" else {}))
    told = " ".join(page.split()) if format_ == "text" else page_text(page)
    phrases = [line.because for candidate in document.ranking for line in candidate.evidence]
    phrases += [part for c in document.ranking for line in c.evidence for part in (line.observed, line.expected)]
    assert not offences(told, quoted=[*quotations(document), *phrases])
    for candidate in document.ranking[:3]:
        assert not offences(explain_text(document, candidate.id), quoted=[*quotations(document), *phrases])


@pytest.mark.parametrize("language", FOREIGN)
def test_the_tables_themselves_say_nothing_forbidden(language):
    words = table(language)
    told = [*words.sentences.values(), *(form for forms in words.plurals.values() for form in forms)]
    told += [translation for _, translation in words.phrases]
    # What is described, not claimed: the probability that a reference value holds, a closed report of coverage.
    assert [entry for entry in told if offences(entry)] == []


def test_text_keeps_its_width_in_ukrainian(both):
    for width in (72, 100):
        lines = render(both[1], "text", verbosity=1, width=width).splitlines()
        assert not [line for line in lines if cells(line) > width]


def test_wording_twice_changes_nothing_and_english_is_not_guessed_back(both, catalogue):
    english, ukrainian = both
    assert word(ukrainian, catalogue, "uk") == ukrainian
    assert word(english, catalogue) == english
    with pytest.raises(InputError, match="Assess the case again"):
        word(ukrainian, catalogue)


def test_a_document_is_not_shown_in_a_language_it_is_not_worded_in(document):
    with pytest.raises(InputError, match="worded in 'en'"):
        render(document("tochka"), "html", language="uk")
    with pytest.raises(InputError, match="no report language"):
        render(document("tochka"), "html", language="xx")
    assert render_bytes(document("tochka"), "text", language="en") == render(document("tochka"), "text").encode()


def test_csv_keeps_its_columns_and_numbers(both):
    first, second = (list(csv.DictReader(io.StringIO(render(one, "csv"), newline=""))) for one in both)
    for column in ("id", "log10_lr", "posterior", "contribution_log10", "background", "agreement"):
        assert [row[column] for row in first] == [row[column] for row in second]


# -- the real catalogue ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    return load(None)


def test_every_trait_state_family_limitation_and_instruction_has_ukrainian(real):
    for trait in real.vocabulary.traits.values():
        assert trait.names.uk, trait.id
        assert trait.records.get("uk"), trait.id
        assert all(value.names.uk for value in trait.values), trait.id
    for entry in (*real.states.values(), *real.families.values(), *real.limitations):
        assert entry.names.uk, entry.id
    forms = table("uk").states
    assert all(state.names.uk[0] in forms for state in real.states.values())


def test_no_instruction_or_limitation_says_anything_forbidden(real):
    told = [trait.records["uk"] for trait in real.vocabulary.traits.values()]
    told += [rule.names.uk[0] for rule in real.limitations]
    assert [entry for entry in told if offences(entry)] == []


def test_every_catalogued_value_can_be_said_in_ukrainian(real):
    phrases = Phrases(real, "uk")
    nodes = (*real.signatures.values(), *real.families.values(), *real.states.values(), *real.design_patterns.values())
    for node in nodes:
        for values in node.values:
            trait = real.vocabulary.traits[values.trait]
            for statement in (*values.statements, *values.fallback):
                phrases.say(describe(statement.value, trait))
    assert phrases.unknown == set()


def test_ring_patterns_are_found_by_the_words_of_the_comparison(real):
    known = _patterns(real)
    trait = real.vocabulary.traits["igniter_bolt_ring"]
    assert known
    for words, value in known.items():
        assert isinstance(value, ExpectedRing)
        assert describe(value, trait) == words


@pytest.mark.parametrize(
    ("english", "ukrainian"),
    [
        ("20 bolts, evenly spaced", "болтів: 20, рівномірно"),
        ("18 bolts in 6 groups of 3", "болтів: 18, у 6 групах по 3"),
        ("1100 ±20 mm", "1100 ±20 мм"),
        ("920 to 950 mm; or 1100 mm (±100 between items)", "від 920 до 950 мм; або 1100 мм (±100 між виробами)"),
        ("Hangul, Latin, Cyrillic and others", "хангиль, латиниця, кирилиця та інші"),
        ('the mark "112"', 'позначка "112"'),
        ("Juche 112 = 2023", "чучхе 112 = 2023"),
        ("made 2018 to 2023", "виготовлялося від 2018 до 2023 року"),
        ("none, looked for over 60% of the place", "немає, оглянуто 60 % місця"),
    ],
)
def test_phrases(real, english, ukrainian):
    assert Phrases(real, "uk").say(english) == ukrainian


def test_an_unknown_phrase_is_kept_whole_and_remembered(real):
    phrases = Phrases(real, "uk")
    assert phrases.say("20 bolts, counted by moonlight") == "20 bolts, counted by moonlight"
    assert phrases.unknown == {"20 bolts, counted by moonlight"}
