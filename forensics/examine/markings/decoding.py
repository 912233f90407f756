"""From the network's columns to texts: the best reading, several readings, and how probable a given text is.

Connectionist temporal classification (Graves and others 2006): a text's probability is the sum over all ways to
spread its characters over the columns, with blanks between. Sums here are exact; only ``beam`` looks at a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from forensics.examine.markings.alphabet import BLANK, HANGUL, Shape, shapes_of, spelled
from forensics.examine.markings.automaton import Automaton

if TYPE_CHECKING:
    import numpy.typing as npt

    from forensics.examine.markings.network import Frames

    Floats = npt.NDArray[np.float64]

__all__ = ["Character", "Reading", "beam", "best", "score", "score_pattern"]

NEVER = -1e30
LEAST_SYMBOL = -9.0
"""Natural log of the probability under which a beam does not look at a symbol in a column."""

MOST_SYMBOLS = 12
MOST_LETTERS = 4
MOST_SYLLABLES = 12


@dataclass(frozen=True)
class Character:
    """One character of a reading: its text, natural log of its highest probability in a column, and that column."""

    text: str
    log_probability: float
    column: int


@dataclass(frozen=True)
class Reading:
    """A text, spelled with Latin twins and without spaces, and the natural log of its probability given the crop.

    ``log_probability`` of ``beam`` is exact for each text that it returns.
    """

    text: str
    log_probability: float
    characters: tuple[Character, ...]


def best(frames: Frames) -> Reading:
    """The text of the likeliest symbol in each column. Quick; ``beam`` may know a likelier text."""
    numbers = frames.symbols.argmax(axis=1)
    shapes: list[Shape] = []
    last = BLANK
    for column, number in enumerate(numbers):
        if number == HANGUL:
            own = Shape(HANGUL, *(int(part[column].argmax()) for part in _letters(frames)))
            if last != HANGUL:
                shapes.append(own)
            elif _syllable(frames, column, own) > _syllable(frames, column, shapes[-1]) + 1.0:
                # Two syllables with no blank between; the same syllable over several columns wavers less than this.
                shapes.append(own)
        elif number not in (BLANK, last):
            shapes.append(Shape(int(number)))
        last = int(number)
    return _readings(frames, [tuple(shapes)])[0]


def beam(frames: Frames, width: int = 16, automaton: Automaton | None = None) -> tuple[Reading, ...]:
    """Likely texts, the likeliest first, by prefix search; of an automaton's language only, if one is given.

    Parameters
    ----------
    frames : of one crop.
    width : how many beginnings of texts are followed; so many texts are returned at most.
    automaton : whose texts are looked at. Without one every text is.
    """
    start = automaton.start if automaton else 0
    # Beginning of a text to: where the automaton stands, log-probability ending in a blank, and in its last character.
    beginnings: dict[tuple[Shape, ...], tuple[int, float, float]] = {(): (start, 0.0, NEVER)}
    for column in range(len(frames)):
        beginnings = _extended(frames, column, beginnings, automaton, width)
    found = [
        text
        for text, (state, blank, character) in beginnings.items()
        if (automaton is None or automaton.accepts(state)) and max(blank, character) > NEVER / 2
    ]
    readings = _readings(frames, found)
    return tuple(sorted(readings, key=lambda one: (-one.log_probability, one.text))[:width])


def _extended(
    frames: Frames,
    column: int,
    beginnings: dict[tuple[Shape, ...], tuple[int, float, float]],
    automaton: Automaton | None,
    width: int,
) -> dict[tuple[Shape, ...], tuple[int, float, float]]:
    blank_now = float(frames.symbols[column, BLANK])
    likely = _likely(frames, column)
    states: dict[tuple[Shape, ...], int] = {}
    blanks: dict[tuple[Shape, ...], float] = {}
    characters: dict[tuple[Shape, ...], float] = {}

    def add(table: dict[tuple[Shape, ...], float], text: tuple[Shape, ...], state: int, value: float) -> None:
        states[text] = state
        table[text] = float(np.logaddexp(table.get(text, NEVER), value))

    for text, (state, blank, character) in beginnings.items():
        add(blanks, text, state, float(np.logaddexp(blank, character)) + blank_now)
        if text:
            add(characters, text, state, character + _one(frames, column, text[-1]))
        for shape, value in likely if automaton is None else _allowed(frames, column, likely, automaton, state):
            follows = state if automaton is None else automaton.step(state, shape)
            if follows < 0:
                continue
            before = blank if text and shape == text[-1] else float(np.logaddexp(blank, character))
            add(characters, (*text, shape), follows, before + value)
    rank = {text: np.logaddexp(blanks.get(text, NEVER), characters.get(text, NEVER)) for text in states}
    kept = sorted(rank, key=lambda text: -rank[text])[: 2 * width]
    return {text: (states[text], blanks.get(text, NEVER), characters.get(text, NEVER)) for text in kept}


def _allowed(
    frames: Frames, column: int, likely: list[tuple[Shape, float]], automaton: Automaton, state: int
) -> list[tuple[Shape, float]]:
    """The likely characters, and those few that this place of the automaton calls for by name."""
    named = automaton.named(state)
    known = {shape for shape, _ in likely}
    return likely + [(shape, _one(frames, column, shape)) for shape in named if shape not in known]


def _likely(frames: Frames, column: int) -> list[tuple[Shape, float]]:
    row = frames.symbols[column]
    out: list[tuple[Shape, float]] = []
    for number in np.argsort(-row)[: MOST_SYMBOLS + 1]:
        if number == BLANK or row[number] < LEAST_SYMBOL:
            continue
        if number != HANGUL:
            out.append((Shape(int(number)), float(row[number])))
            continue
        tops = [np.argsort(-part[column])[:MOST_LETTERS] for part in _letters(frames)]
        combined = [
            (
                Shape(HANGUL, int(i), int(m), int(f)),
                float(
                    row[HANGUL]
                    + sum(part[column][letter] for part, letter in zip(_letters(frames), (i, m, f), strict=True))
                ),
            )
            for i in tops[0]
            for m in tops[1]
            for f in tops[2]
        ]
        combined.sort(key=lambda one: -one[1])
        out.extend(one for one in combined[:MOST_SYLLABLES] if one[1] > 1.5 * LEAST_SYMBOL)
    return out


def score(frames: Frames, texts: Sequence[str]) -> Floats:
    """Natural log of the probability of each text given the crop, exact, (texts,).

    Spaces do not count, look-alikes of Latin and Cyrillic are one. The empty text is that nothing is written.
    """
    return _scored(frames, [shapes_of(text) for text in texts])


def _scored(frames: Frames, texts: Sequence[tuple[Shape, ...]]) -> Floats:
    if not texts:
        return np.zeros(0)
    own: dict[Shape, int] = {shape: 0 for text in texts for shape in text}
    for number, shape in enumerate(own, 1):
        own[shape] = number
    columns = np.column_stack([frames.symbols[:, BLANK], *(_column(frames, shape) for shape in own)]).astype(np.float64)
    longest = max(map(len, texts))
    # States: blank, first character, blank, second character, ... blank.
    labels = np.zeros((len(texts), 2 * longest + 1), dtype=np.intp)
    for row, text in enumerate(texts):
        labels[row, 1 : 2 * len(text) : 2] = [own[shape] for shape in text]
    skips = np.zeros(labels.shape, dtype=bool)
    skips[:, 2:] = (labels[:, 2:] != 0) & (labels[:, 2:] != labels[:, :-2])
    alpha = np.full(labels.shape, NEVER)
    alpha[:, 0] = 0.0
    started = np.full(labels.shape, NEVER)
    for column in range(len(columns)):
        came = alpha.copy()
        if column:
            came[:, 1:] = np.logaddexp(came[:, 1:], alpha[:, :-1])
            came[:, 2:] = np.where(skips[:, 2:], np.logaddexp(came[:, 2:], alpha[:, :-2]), came[:, 2:])
        else:
            came = started
            came[:, 0] = 0.0
            came[:, 1:2] = 0.0
        alpha = came + columns[column][labels]
    lengths = np.array([2 * len(text) for text in texts])
    rows = np.arange(len(texts))
    ends = np.logaddexp(alpha[rows, lengths], np.where(lengths > 0, alpha[rows, np.maximum(lengths - 1, 0)], NEVER))
    return np.asarray(ends, dtype=np.float64)


def score_pattern(frames: Frames, automaton: Automaton) -> float:
    """Natural log of the probability that the text is one of an automaton's language, exact.

    The sum over every text of the language, without listing them: the state of the sum is where the automaton stands
    and which character was read last. ``automaton.size()`` says how many texts share it.
    """
    return automaton.log_probability(
        np.exp(frames.symbols.astype(np.float64)), *(np.exp(part.astype(np.float64)) for part in _letters(frames))
    )


def _letters(frames: Frames) -> tuple[Any, Any, Any]:
    return frames.initials, frames.medials, frames.finals


def _syllable(frames: Frames, column: int, shape: Shape) -> float:
    return float(
        frames.initials[column, shape.initial]
        + frames.medials[column, shape.medial]
        + frames.finals[column, shape.final]
    )


def _one(frames: Frames, column: int, shape: Shape) -> float:
    value = float(frames.symbols[column, shape.symbol])
    return value + _syllable(frames, column, shape) if shape.symbol == HANGUL else value


def _column(frames: Frames, shape: Shape) -> npt.NDArray[np.float32]:
    values = frames.symbols[:, shape.symbol]
    if shape.symbol != HANGUL:
        return values
    return np.asarray(
        values + frames.initials[:, shape.initial] + frames.medials[:, shape.medial] + frames.finals[:, shape.final]
    )


def _readings(frames: Frames, texts: Sequence[tuple[Shape, ...]]) -> list[Reading]:
    values = _scored(frames, texts)
    return [
        Reading(spelled(text), float(value), _characters(frames, text))
        for text, value in zip(texts, values, strict=True)
    ]


def _characters(frames: Frames, text: tuple[Shape, ...]) -> tuple[Character, ...]:
    """Each character where the likeliest way to spread the text over the columns has it most clearly."""
    if not text:
        return ()
    labels: list[Shape | None] = [None]
    for shape in text:
        labels += [shape, None]
    columns = np.stack([frames.symbols[:, BLANK] if one is None else _column(frames, one) for one in labels], axis=1)
    count, states = columns.shape
    value = np.full(states, NEVER)
    value[:2] = columns[0, :2]
    came = np.zeros((count, states), dtype=np.intp)
    for at in range(1, count):
        options = np.full((3, states), NEVER)
        options[0] = value
        options[1, 1:] = value[:-1]
        for state in range(3, states, 2):
            if labels[state] != labels[state - 2]:
                options[2, state] = value[state - 2]
        came[at] = options.argmax(axis=0)
        value = options.max(axis=0) + columns[at]
    state = states - 1 if states == 1 or value[-1] >= value[-2] else states - 2
    found: dict[int, tuple[float, int]] = {}
    for at in range(count - 1, -1, -1):
        if labels[state] is not None:
            here = (float(columns[at, state]), at)
            found[state] = max(found.get(state, (NEVER, at)), here)
        state -= int(came[at, state])
    return tuple(
        Character(spelled((shape,)), *found.get(2 * number + 1, (NEVER, 0))) for number, shape in enumerate(text)
    )
