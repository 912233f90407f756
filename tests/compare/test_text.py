"""Marking text: grammars, the forward sum, look-alikes, competing readings, the floor."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.compare import compare
from forensics.compare.alphabet import SCRIPT_WEIGHTS, fold, length_log_probability, marking_log_probability
from forensics.compare.comparing import _independent
from forensics.compare.grammar import GrammarSyntaxError, compile_pattern, literal, probability
from forensics.compare.records import quality_of
from forensics.model.evidence import Finding, Method, Observation, Provenance
from forensics.model.values import Reading, Text

GRAU = r"9[МБ]7\d\d"


def _ratio(pattern: str, text: str, confidence: float = 0.95) -> float:
    """log10 of the probability of a reading under a format over the background, before any floor."""
    seen = fold(text)
    under = probability(compile_pattern(pattern), seen, (confidence,) * len(seen), 0.01, 0.02)
    return math.log10(under) - marking_log_probability(seen, SCRIPT_WEIGHTS, given_script=False) / math.log(10)


def test_order_of_the_toy_readings() -> None:
    """A true index before a misread one before a truncated one before something else."""
    exact, misread, truncated, other = (_ratio(GRAU, text) for text in ("9M723", "9M7Z3", "9M23", "KX41P"))
    assert exact > misread > truncated > other
    assert exact > 3
    assert other < -3


def test_latin_and_cyrillic_look_alikes_are_one_both_ways() -> None:
    assert _ratio(GRAU, "9M723") == _ratio(GRAU, "9М723")
    assert _ratio(r"BAT\d\d", "ВАТ85") == _ratio(r"ВАТ\d\d", "BAT85")
    assert fold("аВс – 1") == fold("ABC - 1")


@pytest.mark.parametrize(
    ("pattern", "follows", "fails"),
    [
        (r"\j{1,2}\s?\d{2,8}", ("ㅈ 12345", "ㅅㄱ 1030303", "ㅈ-204"), ("방-122", "112", "Ш91579")),
        (r"\h{2,4}\s?\d{1,2}\h", ("순타지-2신", "비저-7류"), ("시8-80-53", "LOT 12")),
        (r"\d{1,2}(번|호)", ("1번", "4호"), ("112", "1025")),
        (r"\c\d{5}", ("Ш91579",), ("9M723", "ㅈ12345")),
        (r"\l{3}\d{2}\l\d{3}-\d{3}", ("BAT85K002-003",), ("3-86-12",)),
    ],
)
def test_patterns_tell_what_follows_them(pattern: str, follows: tuple[str, ...], fails: tuple[str, ...]) -> None:
    least = min(_ratio(pattern, text) for text in follows)
    assert least > 1.5
    assert max(_ratio(pattern, text) for text in fails) < min(least - 1, 1.5)


def test_a_mark_in_a_rare_script_fits_no_foreign_format() -> None:
    """Substituting every letter must not be likelier than the mark is at all."""
    assert _ratio(r"\c\c-7\c", "비저-7류") < 0


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "empty"),
        ("?A", "nothing before"),
        ("[AB", "no closing"),
        ("[]", "empty set"),
        ("A{x}", "not {n}"),
        ("A{3,2}", "outside"),
        ("A{999}", "outside"),
        ("AB\\", "nothing after"),
        ("A]", "without its opening"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_why(pattern: str, message: str) -> None:
    with pytest.raises(GrammarSyntaxError, match=message):
        compile_pattern(pattern)


def test_forward_sum_is_a_probability() -> None:
    """Over every string of up to four characters of a tiny alphabet the law stays below 1 and near it."""
    slots = compile_pattern("AB")
    total = sum(
        probability(slots, "".join(text), (1.0,) * length, 0.0, 0.02)
        for length in range(5)
        for text in itertools.product("AB1", repeat=length)
    )
    assert total == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet="0123456789ABCМБ-ㅈ방", min_size=1, max_size=10), confidence=st.floats(0, 1))
def test_no_reading_has_a_probability_above_one(text: str, confidence: float) -> None:
    seen = fold(text)
    value = probability(compile_pattern(GRAU), seen, (confidence,) * len(seen), 0.01, 0.02)
    assert 0.0 <= value <= 1.0
    assert marking_log_probability(seen, SCRIPT_WEIGHTS, given_script=True) <= 0.0


def test_lengths_sum_to_one() -> None:
    assert sum(math.exp(length_log_probability(length)) for length in range(1, 201)) == pytest.approx(1.0)


def test_literals_are_as_sharp_as_formats_can_be() -> None:
    assert probability(literal("9М723"), "9M723", (0.99,) * 5, 0.01, 0.02) == pytest.approx(
        (0.97 * 0.99) ** 5, rel=0.01
    )


def _case(make: SimpleNamespace, **more: object) -> tuple[object, list[object]]:
    catalogue = make.catalogue(
        make.trait("marking_text", "text"),
        make.trait("marking_script", "category", values=("hangul", "cyrillic", "latin"), level="state"),
        make.trait("year_mark", "year_mark"),
        grammars={"grau": GRAU, "jamo": r"\j{1,2}\s?\d{2,8}"},
        backgrounds={"marking_text": {"theta": 10}},
        **more,
    )
    marks = {"kind": "text", "grammars": {"grau": 1.0}}
    korean = {"kind": "text", "grammars": {"jamo": 0.7}, "strings": {"방-122": 0.3}}
    return catalogue, [
        make.hypothesis("russian", marking_text=(marks, 0.9)),
        make.hypothesis("korean", marking_text=(korean, 0.9)),
        make.hypothesis("unlisted@other", listed=False),
    ]


def _text(*readings: tuple[str, float]) -> dict[str, object]:
    return {"kind": "text", "readings": [{"text": text, "confidence": confidence} for text, confidence in readings]}


def test_an_index_is_worth_no_more_than_the_bound(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    table = compare([make.finding("marking_text", _text(("9М723", 1.0)))], hypotheses, catalogue)[0][0].table
    # two families, theta 10: a copying design would bear the mark too
    assert table.likelihood[0, 0] / table.background[0] == pytest.approx(12.0, rel=0.01)
    several = [make.finding("marking_text", _text((f"9М7{n}3", 1.0)), number=n) for n in range(5)]
    table = compare(several, hypotheses, catalogue)[0][0].table
    assert table.likelihood[0, 0] / table.background[0] <= 100.0


def test_an_unknown_mark_is_weak_evidence_against(make: SimpleNamespace) -> None:
    """The formats on file are never all formats in use."""
    catalogue, hypotheses = _case(make)
    ratios = make.ratios(compare([make.finding("marking_text", _text(("KX41P", 1.0)))], hypotheses, catalogue)[0][0])
    assert 0.3 < ratios[0] < 0.8
    assert ratios[2] == 1.0


def test_competing_readings_are_a_mixture(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)

    def ratio(*readings: tuple[str, float]) -> float:
        table = compare([make.finding("marking_text", _text(*readings))], hypotheses, catalogue)[0][0].table
        return float(table.likelihood[0, 0] / table.likelihood[0, 1])

    sure, torn, other = ratio(("9М723", 1.0)), ratio(("9М723", 0.5), ("KX41P", 0.5)), ratio(("KX41P", 1.0))
    assert sure > torn > other
    assert ratio(("KX41P", 0.5), ("9М723", 0.5)) == pytest.approx(torn, rel=1e-9)


def test_a_mark_given_as_a_year_does_not_feed_the_text_as_well(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    year = {"kind": "year_mark", "readings": [{"text": "112"}]}
    findings = [
        make.finding("year_mark", year, number=1),
        make.finding("marking_text", _text(("112", 1.0)), number=2),
        make.finding("marking_text", _text(("112", 1.0)), number=3, item="B"),
    ]
    comparisons, not_scored = compare(findings, hypotheses, catalogue)
    reasons = dict(not_scored)
    assert "one physical mark feeds one trait" in reasons["o002"]
    assert [c.findings[0].observation.id for c in comparisons if c.table.trait == "marking_text"] == ["o003"]


def test_script_counts_once(make: SimpleNamespace) -> None:
    """With the script scored as a trait of its own, the text is taken given its script."""
    catalogue, _ = _case(make, foreign_occurrence_floor=0.0, trait_cap_log10=30.0)
    script = make.hypothesis(
        "korean2",
        marking_text=({"kind": "text", "grammars": {"jamo": 1.0}}, 0.9),
        marking_script=({"kind": "category", "probabilities": {"hangul": 1.0}}, 0.9),
    )
    unlisted = [script.model_copy(update={"listed": False})]
    mark = make.finding("marking_text", _text(("ㅈ 12345", 1.0)), number=1)
    hangul = make.finding("marking_script", {"kind": "category", "weights": {"hangul": 1.0}}, number=2)
    alone = compare([mark], unlisted, catalogue)[0][0].table
    beside = next(c for c in compare([mark, hangul], unlisted, catalogue)[0] if c.table.trait == "marking_text").table
    gain = math.log10(alone.likelihood[0, 0] / alone.background[0])
    assert gain - math.log10(beside.likelihood[0, 0] / beside.background[0]) == pytest.approx(
        -math.log10(SCRIPT_WEIGHTS["hangul"]), abs=0.05
    )


def test_what_only_a_list_brought_up_is_no_evidence():
    """A reading from a list of known marks is left out of a mark, and a mark of such readings alone is not scored."""
    listed = Reading(text="9М723", confidence=0.9, listed=True)
    free = Reading(text="112", confidence=0.9)
    finding = Finding(
        observation=Observation(
            id="a",
            item="1",
            trait="t",
            value=Text(readings=(free, listed)),
            provenance=Provenance(method=Method.AUTOMATIC),
        )
    )
    assert _independent(finding).observation.value.readings == (free,)
    alone = finding.model_copy(
        update={"observation": finding.observation.model_copy(update={"value": Text(readings=(listed,))})}
    )
    assert _independent(alone) == alone


def test_doubt_about_the_whole_reading_lowers_the_quality_of_a_machine_reading():
    def quality(confidence, characters):
        reading = Reading(text="112", confidence=confidence, character_confidences=characters)
        observation = Observation(
            id="a",
            item="1",
            trait="t",
            value=Text(readings=(reading,)),
            provenance=Provenance(method=Method.AUTOMATIC),
        )
        return quality_of(Finding(observation=observation, reviewed=False), {"q_automatic": 0.7})

    assert quality(0.5, (0.9, 0.9, 0.9)) == pytest.approx(0.35)
    assert quality(0.5, ()) == pytest.approx(0.7)
    assert quality(1.0, (0.9, 0.9, 0.9)) == pytest.approx(0.7)
