r"""Marking formats as automata over the network's alphabet, and the exact probability of all texts of one.

Syntax as in ``signatures/vocabulary/grammars.yaml``: literal characters, ``\d`` digit, ``\c`` Cyrillic capital, ``\l``
Latin capital, ``\h`` Hangul syllable, ``\j`` single consonant, ``\s`` separator or nothing, ``[abc]``, ``(AB|CD)``,
``?``, ``{n}``, ``{m,n}``; and, for languages without an end, ``*`` and ``+``. Look-alikes of Latin and Cyrillic are
one letter here, spaces are nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from forensics.examine.markings.alphabet import (
    CYRILLIC,
    DIGITS,
    FINALS,
    HANGUL,
    INITIALS,
    JAMO,
    LATIN,
    MEDIALS,
    Shape,
    shapes_of,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["Automaton", "PatternError"]

SYLLABLES = INITIALS * MEDIALS * FINALS
LETTERS = HANGUL + SYLLABLES
"""Letters are numbered: the symbols (0, the blank, is none of them), then the 11,172 syllables."""

MOST_REPEATS = 40
MOST_NAMED = 40
_TWINS = "ABEKMHOPCTYXI"
SEPARATORS = "-./"


class PatternError(ValueError):
    """A pattern that cannot be read."""


def _letter(shape: Shape) -> int:
    if shape.symbol != HANGUL:
        return shape.symbol
    return HANGUL + (shape.initial * MEDIALS + shape.medial) * FINALS + shape.final


def _letters(characters: str) -> frozenset[int]:
    return frozenset(_letter(shape) for character in characters for shape in shapes_of(character))


_CLASSES = {
    "d": _letters(DIGITS),
    "c": _letters(CYRILLIC + _TWINS),
    "l": _letters(LATIN),
    "h": frozenset(range(HANGUL, LETTERS)),
    "j": _letters(JAMO),
}


@dataclass(frozen=True, eq=False)
class Automaton:
    """A deterministic automaton over letters.

    ``arcs[state]`` are (letters, next state) with no letter twice, so that every text takes one way only.
    """

    arcs: tuple[tuple[tuple[frozenset[int], int], ...], ...]
    ends: frozenset[int]
    start: int = 0

    @staticmethod
    def of(pattern: str) -> Automaton:
        """The automaton of a pattern. Raises ``PatternError`` with the place of the fault."""
        return _compiled(pattern)

    @staticmethod
    def any_of(*patterns: str) -> Automaton:
        """The automaton of all texts of several patterns."""
        builder = _Builder()
        first = builder.state()
        ends = []
        for pattern in patterns:
            begin = builder.state()
            builder.silent[first].append(begin)
            ends.append(_Parser(pattern, builder).parse(begin))
        return builder.determined(first, frozenset(ends))

    def accepts(self, state: int) -> bool:
        """Whether a text may end in this state."""
        return state in self.ends

    def step(self, state: int, shape: Shape) -> int:
        """The state after a character, -1 where there is none."""
        return self._steps[state].get(_letter(shape), -1)

    def named(self, state: int) -> tuple[Shape, ...]:
        """The characters that may follow, where they are few."""
        return self._named[state]

    def contains(self, text: str) -> bool:
        """Whether a text belongs to the language."""
        state = self.start
        for shape in shapes_of(text):
            state = self.step(state, shape)
            if state < 0:
                return False
        return self.accepts(state)

    def size(self) -> float:
        """How many texts there are, infinity where there is no end."""
        return self._size

    @cached_property
    def _steps(self) -> tuple[dict[int, int], ...]:
        return tuple({letter: to for letters, to in arcs for letter in letters} for arcs in self.arcs)

    @cached_property
    def _named(self) -> tuple[tuple[Shape, ...], ...]:
        out = []
        for arcs in self.arcs:
            letters = sorted(letter for some, _ in arcs if len(some) <= MOST_NAMED for letter in some)
            out.append(tuple(_shape(letter) for letter in letters))
        return tuple(out)

    @cached_property
    def _size(self) -> float:
        known: dict[int, float] = {}
        open_: set[int] = set()

        def count(state: int) -> float:
            if state in known:
                return known[state]
            if state in open_:
                return math.inf
            open_.add(state)
            total = float(state in self.ends) + sum(len(letters) * count(to) for letters, to in self.arcs[state])
            open_.discard(state)
            known[state] = total
            return total

        return count(self.start)

    @cached_property
    def _plan(self) -> tuple[tuple[npt.NDArray[np.intp], ...], tuple[_Flow, ...]]:
        """Which letters lead into each state, and for each arc where its letters stand there and where it left."""
        into: list[set[int]] = [set() for _ in self.arcs]
        for arcs in self.arcs:
            for letters, to in arcs:
                into[to] |= letters
        lists = tuple(np.array(sorted(letters), dtype=np.intp) for letters in into)
        flows = []
        for state, arcs in enumerate(self.arcs):
            for letters, to in arcs:
                own = np.array(sorted(letters), dtype=np.intp)
                there = np.searchsorted(lists[to], own)
                also = np.isin(own, lists[state])
                flows.append(_Flow(state, to, there, there[also], np.searchsorted(lists[state], own[also])))
        return lists, tuple(flows)

    def log_probability(self, symbols: Floats, initials: Floats, medials: Floats, finals: Floats) -> float:
        """Natural log of the sum of the CTC probabilities of all texts of the language.

        symbols : (columns, symbols) probabilities, the blank first, any syllable last; initials, medials, finals:
        (columns, letters) probabilities. ``-inf`` where no text can be read.
        """
        into, flows = self._plan
        ending = [np.zeros(len(letters)) for letters in into]  # the last column held the last letter
        resting = np.zeros(len(into))  # the last column held a blank
        resting[self.start] = 1.0
        lost = 0.0
        for column in range(len(symbols)):
            seen = _seen(symbols[column], initials[column], medials[column], finals[column])
            arriving = [values.copy() for values in ending]  # the same letter goes on
            totals = np.array([values.sum() for values in ending]) + resting
            for flow in flows:
                arriving[flow.to][flow.there] += totals[flow.origin]
                # The same letter twice needs a blank between: what ended in it cannot begin it again.
                if len(flow.repeat_from):
                    arriving[flow.to][flow.repeat_there] -= ending[flow.origin][flow.repeat_from]
            ending = [np.maximum(values, 0.0) * seen[letters] for values, letters in zip(arriving, into, strict=True)]
            resting = totals * symbols[column, 0]
            largest = max(float(resting.max()), max((float(v.max()) for v in ending if len(v)), default=0.0))
            if largest <= 0.0:
                return -math.inf
            ending = [values / largest for values in ending]
            resting = resting / largest
            lost += math.log(largest)
        total = sum(float(ending[state].sum() + resting[state]) for state in self.ends)
        return math.log(total) + lost if total > 0.0 else -math.inf


@dataclass(frozen=True, eq=False)
class _Flow:
    origin: int
    to: int
    there: npt.NDArray[np.intp]
    repeat_there: npt.NDArray[np.intp]
    repeat_from: npt.NDArray[np.intp]


def _seen(symbols: Floats, initials: Floats, medials: Floats, finals: Floats) -> Floats:
    """Probability of each letter in one column, (letters,)."""
    syllables = symbols[HANGUL] * (initials[:, None, None] * medials[None, :, None] * finals[None, None, :])
    return np.concatenate([symbols[:HANGUL], syllables.ravel()])


def _shape(letter: int) -> Shape:
    if letter < HANGUL:
        return Shape(letter)
    rest = letter - HANGUL
    return Shape(HANGUL, rest // (MEDIALS * FINALS), rest // FINALS % MEDIALS, rest % FINALS)


class _Builder:
    """States with arcs and silent arcs, made deterministic at the end."""

    def __init__(self) -> None:
        self.arcs: list[list[tuple[frozenset[int], int]]] = []
        self.silent: list[list[int]] = []

    def state(self) -> int:
        self.arcs.append([])
        self.silent.append([])
        return len(self.arcs) - 1

    def _reached(self, states: frozenset[int]) -> frozenset[int]:
        seen, open_ = set(states), list(states)
        while open_:
            for to in self.silent[open_.pop()]:
                if to not in seen:
                    seen.add(to)
                    open_.append(to)
        return frozenset(seen)

    def determined(self, start: int, ends: frozenset[int]) -> Automaton:
        first = self._reached(frozenset({start}))
        numbers: dict[frozenset[int], int] = {first: 0}
        arcs: list[tuple[tuple[frozenset[int], int], ...]] = []
        order = [first]
        while len(arcs) < len(order):
            here = order[len(arcs)]
            # Letters that lead to the same places are one arc.
            pieces: list[tuple[frozenset[int], frozenset[int]]] = []
            for letters, to in (arc for state in sorted(here) for arc in self.arcs[state]):
                rest, split = letters, []
                for known, places in pieces:
                    both = known & rest
                    split += [(known - both, places), (both, places | {to})]
                    rest = rest - both
                split.append((rest, frozenset({to})))
                pieces = [one for one in split if one[0]]
            merged: dict[frozenset[int], frozenset[int]] = {}
            for letters, places in pieces:
                target = self._reached(places)
                merged[target] = merged.get(target, frozenset()) | letters
            for target in merged:
                if target not in numbers:
                    numbers[target] = len(order)
                    order.append(target)
            arcs.append(tuple((letters, numbers[target]) for target, letters in merged.items()))
        return Automaton(tuple(arcs), frozenset(number for states, number in numbers.items() if states & ends))


class _Parser:
    def __init__(self, pattern: str, builder: _Builder) -> None:
        self.pattern, self.builder, self.place = pattern, builder, 0

    def _fault(self, message: str) -> PatternError:
        return PatternError(f"{message} at character {self.place + 1} of pattern {self.pattern!r}")

    def parse(self, begin: int) -> int:
        if not self.pattern:
            raise PatternError("the pattern is empty")
        while self.place < len(self.pattern):
            runs, least, most = self._slot()
            begin = self._repeated(begin, runs, least, most)
        return begin

    def _repeated(self, begin: int, runs: list[list[frozenset[int]]], least: int, most: int | None) -> int:
        for _ in range(least):
            begin = self._once(begin, runs)
        if most is None:
            turn = self.builder.state()
            self.builder.silent[begin].append(turn)
            self.builder.silent[self._once(turn, runs)].append(turn)
            return turn
        leaves = [begin]
        for _ in range(most - least):
            begin = self._once(begin, runs)
            leaves.append(begin)
        end = self.builder.state()
        for leave in leaves:
            self.builder.silent[leave].append(end)
        return end

    def _once(self, begin: int, runs: list[list[frozenset[int]]]) -> int:
        end = self.builder.state()
        for run in runs:
            at = begin
            for letters in run:
                after = self.builder.state()
                self.builder.arcs[at].append((letters, after))
                at = after
            self.builder.silent[at].append(end)
        return end

    def _slot(self) -> tuple[list[list[frozenset[int]]], int, int | None]:
        character = self.pattern[self.place]
        self.place += 1
        least, most = 1, 1
        if character == "\\":
            if self.place >= len(self.pattern):
                raise self._fault("a backslash with nothing after it")
            kind = self.pattern[self.place]
            self.place += 1
            if kind == "s":
                runs, least = [[_letters(SEPARATORS)]], 0
            else:
                runs = [[_CLASSES.get(kind) or _letters(kind)]]
        elif character == "[":
            runs = [[_letters(self._until("]"))]]
        elif character == "(":
            runs = [[_letters(one) for one in part if not one.isspace()] for part in self._until(")").split("|")]
        elif character in "])}|?*{":
            raise self._fault(f"{character!r} with nothing before it")
        elif character.isspace():
            runs = [[]]
        else:
            runs = [[_letters(character)]]
        if any(not letters for run in runs for letters in run):
            raise self._fault("an empty set")
        bounds = self._repeat()
        return (runs, *bounds) if bounds else (runs, least, most)

    def _until(self, closing: str) -> str:
        end = self.pattern.find(closing, self.place)
        if end < 0:
            raise self._fault(f"no closing {closing!r}")
        inner = self.pattern[self.place : end]
        self.place = end + 1
        return inner.replace("\\", "")

    def _repeat(self) -> tuple[int, int | None] | None:
        if self.place >= len(self.pattern):
            return None
        sign = self.pattern[self.place]
        if sign in "?*+":
            # A plus sign is also a mark of its own (++ on shells): it repeats only a class or a set.
            if sign == "+" and self.pattern[self.place - 1] not in "dclhj])":
                return None
            self.place += 1
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        if sign != "{":
            return None
        self.place += 1
        parts = self._until("}").split(",")
        if len(parts) > 2 or not all(part.strip().isdigit() for part in parts):
            raise self._fault("a repeat that is not {n} or {m,n}")
        least, most = int(parts[0]), int(parts[-1])
        if least > most or not 1 <= most <= MOST_REPEATS:
            raise self._fault(f"a repeat outside 0..{MOST_REPEATS}")
        return least, most


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Automaton:
    builder = _Builder()
    begin = builder.state()
    end = _Parser(pattern, builder).parse(begin)
    return builder.determined(begin, frozenset({end}))
