"""Texts out of columns: the sums are probabilities, and every way to them says the same."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.examine.markings.alphabet import (
    FINALS,
    HANGUL,
    INITIALS,
    MEDIALS,
    SYMBOLS,
    UNKNOWN,
    Shape,
    letters_of,
    shapes_of,
    spelled,
    syllable,
)
from forensics.examine.markings.automaton import Automaton, PatternError
from forensics.examine.markings.decoding import beam, best, score, score_pattern
from forensics.examine.markings.network import Frames

NEVER = -80.0


def frames_of(columns: list[dict[str, float]]) -> Frames:
    """Columns with the given probabilities of characters ("" the blank); all syllables share the letters of one."""
    count = len(columns)
    symbols = np.full((count, HANGUL + 1), NEVER, np.float32)
    parts = [np.full((count, size), NEVER, np.float32) for size in (INITIALS, MEDIALS, FINALS)]
    for part in parts:
        part[:, 0] = 0.0
    for at, column in enumerate(columns):
        for character, value in column.items():
            if character and "가" <= character <= "힣":
                symbols[at, HANGUL] = np.log(value)
                for part, letter in zip(parts, letters_of(character), strict=True):
                    part[at] = NEVER
                    part[at, letter] = 0.0
            else:
                number = shapes_of(character)[0].symbol if character else 0
                symbols[at, number] = np.log(value)
    return Frames(symbols, *parts)


def random_frames(seed: int, columns: int, characters: str) -> Frames:
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(columns):
        share = rng.dirichlet(np.full(len(characters) + 1, 0.7)) + 1e-6
        share /= share.sum()
        rows.append(dict(zip(["", *characters], share, strict=True)))
    return frames_of(rows)


def dense_frames(seed: int, columns: int) -> Frames:
    """Something everywhere, as a network gives it."""
    rng = np.random.default_rng(seed)
    parts = []
    for size in (HANGUL + 1, INITIALS, MEDIALS, FINALS):
        part = rng.normal(0, 3, (columns, size))
        parts.append((part - np.log(np.exp(part).sum(1, keepdims=True))).astype(np.float32))
    return Frames(*parts)


def every_text(characters: str, longest: int) -> list[str]:
    return ["".join(one) for length in range(longest + 1) for one in product(characters, repeat=length)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_the_probabilities_of_all_texts_make_one(seed: int, columns: int) -> None:
    frames = random_frames(seed, columns, "1가ㅈ")
    assert np.exp(score(frames, every_text("1가ㅈ", columns))).sum() == pytest.approx(1.0, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.permutations(["1", "11", "1가", "가1", "", "ㅈ1ㅈ", "777777777"]))
def test_the_order_of_candidates_changes_nothing(seed: int, texts: list[str]) -> None:
    frames = random_frames(seed, 6, "1가ㅈ")
    alone = [float(score(frames, [text])[0]) for text in texts]
    assert score(frames, texts) == pytest.approx(alone, rel=1e-9)


def brute(frames: Frames, text: str) -> float:
    """Probability of a text by listing every way through the columns."""
    wanted, total = shapes_of(text), 0.0
    choices = [None, *dict.fromkeys(wanted)]
    for way in product(choices, repeat=len(frames)):
        read, last = [], None
        for one in way:
            if one is not None and one != last:
                read.append(one)
            last = one
        if tuple(read) != wanted:
            continue
        value = 0.0
        for at, one in enumerate(way):
            number = 0 if one is None else one.symbol
            value += float(frames.symbols[at, number])
            if number == HANGUL:
                value += float(
                    frames.initials[at, one.initial] + frames.medials[at, one.medial] + frames.finals[at, one.final]
                )
        total += np.exp(value)
    return float(total)


@pytest.mark.parametrize("text", ["", "1", "11", "방1", "가각", "가가", "9М7"])
def test_the_score_is_the_sum_over_all_ways(text: str) -> None:
    frames = dense_frames(3, 5)
    assert np.exp(score(frames, [text])[0]) == pytest.approx(brute(frames, text), rel=1e-4)


def test_a_text_too_long_for_the_columns_is_impossible() -> None:
    frames = dense_frames(3, 3)
    values = score(frames, ["1234", "112", "123"])
    assert values[0] < -1e20  # four characters in three columns
    assert values[1] < -1e20  # a character twice needs a blank between
    assert values[2] > -200


def test_twins_and_spaces_are_one() -> None:
    frames = dense_frames(5, 12)
    values = score(frames, ["9М723", "9M723", "9 M 7 23", "9м723"])
    assert np.ptp(values) == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_the_beam_gives_exact_values_and_holds_the_best(seed: int) -> None:
    frames = random_frames(seed, 5, "1가ㅈ")
    readings = beam(frames, 60)
    texts = every_text("1가ㅈ", 5)
    values = score(frames, texts)
    assert readings[0].text == texts[int(np.argmax(values))]
    assert [one.log_probability for one in readings] == pytest.approx(
        list(score(frames, [one.text for one in readings])), abs=1e-9
    )
    assert readings[0].log_probability >= best(frames).log_probability - 1e-9
    assert len({one.text for one in readings}) == len(readings)


def test_best_reads_what_stands_there_and_says_where() -> None:
    reading = best(
        frames_of(
            [{"": 1}, {"방": 0.9, "": 0.1}, {"방": 0.9, "": 0.1}, {"": 1}, {"1": 0.8, "": 0.2}, {"2": 0.6, "": 0.4}]
        )
    )
    assert reading.text == "방12"
    assert [(one.text, one.column) for one in reading.characters] == [("방", 2), ("1", 4), ("2", 5)]
    assert np.exp([one.log_probability for one in reading.characters]) == pytest.approx([0.9, 0.8, 0.6], abs=1e-3)


def test_two_syllables_without_a_blank_between_are_two() -> None:
    assert best(frames_of([{"제": 1}, {"호": 1}, {"호": 1}])).text == "제호"


PATTERNS = [
    r"\d{1,3}",
    r"[1ㅈ]가?1",
    r"(11|가1|1ㅈ1)",
    r"1\s?1",
    r"\j{1,2}\s\d{1,2}",
    r"\h\d",
    r"1?1?1?",
    r"가{2,3}",
    r"\h{1,2}",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_pattern_is_the_sum_of_its_texts(pattern: str, seed: int) -> None:
    automaton = Automaton.of(pattern)
    frames = random_frames(seed, 5, "1가ㅈ-")
    texts = [text for text in every_text("1가ㅈ-", 5) if automaton.contains(text)]
    assert texts
    wanted = np.log(np.exp(score(frames, texts)).sum())
    assert score_pattern(frames, automaton) == pytest.approx(wanted, abs=1e-3)


def test_a_pattern_of_everything_has_probability_one() -> None:
    everything = Automaton.of(r"(\h|x)*".replace(r"(\h|x)*", r"\h*"))
    hangul_only = frames_of([{"가": 0.5, "": 0.5}] * 6)
    assert score_pattern(hangul_only, everything) == pytest.approx(0.0, abs=1e-5)
    assert everything.size() == np.inf


def test_the_beam_keeps_to_an_automaton() -> None:
    frames = dense_frames(11, 14)
    automaton = Automaton.of(r"방-?\d{3}")
    readings = beam(frames, 8, automaton)
    assert readings
    assert all(automaton.contains(one.text) for one in readings)


def test_sizes_and_languages() -> None:
    assert Automaton.of(r"\d{2}").size() == 100
    assert Automaton.of(r"(12|1\2|12)").size() == 1
    assert Automaton.of(r"\h").size() == 11172
    both = Automaton.any_of(r"\d{1,3}", r"1\d\d")
    assert both.size() == 1110
    grau = Automaton.of(r"9М\d{2,4}\c{0,2}-?\d?\c?")
    assert all(grau.contains(text) for text in ("9М723", "9M723", "9М79-1", "9М38М1"))
    assert not any(grau.contains(text) for text in ("9Д131", "KX41P", "", "9М"))
    assert Automaton.of("(---|--|+++|++)").contains("+++")
    assert Automaton.of(r"LOT\s?(NO)?\s?\d{1,4}").contains("LOT NO 5")


@pytest.mark.parametrize("pattern", ["", r"\d{3", r"[", "?", r"\d{3,2}", "[]"])
def test_a_broken_pattern_says_where(pattern: str) -> None:
    with pytest.raises(PatternError, match="pattern"):
        Automaton.of(pattern)


def test_shapes_fold_and_spell() -> None:
    assert spelled(shapes_of("9м723 – 방 ㅈ№3")) == "9M723-방ㅈ№3"
    assert shapes_of("中国号 12")[:2] == (Shape(SYMBOLS.index(UNKNOWN)), Shape(SYMBOLS.index("1")))
    assert spelled(shapes_of("\u1112")) == "ㅎ"


@given(st.integers(0xAC00, 0xD7A3))
def test_every_syllable_is_its_letters(code: int) -> None:
    assert syllable(*letters_of(chr(code))) == chr(code)
