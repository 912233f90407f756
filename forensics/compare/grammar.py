r"""Marking formats: the slot syntax of ``grammars.yaml`` and the exact probability of a reading under a format.

Syntax: literal characters; ``\d`` digit, ``\c`` Cyrillic capital, ``\l`` Latin capital, ``\h`` Hangul syllable, ``\j``
Hangul compatibility consonant, ``\s`` a separator or nothing, ``[abc]`` a set, ``(AB|CD)`` alternatives of literal
strings; ``?``, ``{n}`` and ``{m,n}`` repeat the slot before them; a backslash takes any other character literally.

The probability of a reading is the forward sum of a pair hidden Markov model: every slot emits its character rightly,
as a look-alike, or as any other; characters may be lost or added on the way (docs/method.md 3.4 K6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from forensics.compare.alphabet import (
    CYRILLIC,
    DIGIT_SHARES,
    DIGITS,
    HANGUL,
    JAMO,
    LATIN,
    SEPARATOR,
    SEPARATORS,
    Alphabet,
    character_probability,
    fold,
    ordinary,
)

__all__ = ["GrammarSyntaxError", "Slot", "compile_pattern", "literal", "probability", "share_of_marks"]

_CLASSES = {"d": DIGITS, "c": CYRILLIC, "l": LATIN, "h": HANGUL, "j": JAMO}

OTHER_CHARACTERS = 60
"""Characters over which the errors that are no look-alikes are spread; a rarer character is no likelier as an error
than it is at all, else a mark in a rare script would fit any format better than chance."""

MOST_REPEATS = 40


class GrammarSyntaxError(ValueError):
    """A pattern of ``grammars.yaml`` that cannot be read, with what is wrong and where."""


@dataclass(frozen=True, eq=False)  # compared by identity: compiled once, then looked up often
class Slot:
    """One place of a format: alternatives, each a run of alphabets, taken ``least`` to ``most`` times."""

    alternatives: tuple[tuple[Alphabet, ...], ...]
    least: int = 1
    most: int = 1


def _one_of(characters: str) -> Alphabet:
    return Alphabet(frozenset(fold(character) or character for character in characters))


@lru_cache(maxsize=4096)
def literal(text: str) -> tuple[Slot, ...]:
    """A literal string as slots, look-alikes folded."""
    return tuple(Slot(((_one_of(character),),)) for character in fold(text))


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def _fault(self, message: str) -> GrammarSyntaxError:
        return GrammarSyntaxError(f"{message} at character {self.place + 1} of pattern {self.pattern!r}")

    def slots(self) -> tuple[Slot, ...]:
        found: list[Slot] = []
        while self.place < len(self.pattern):
            character = self.pattern[self.place]
            if character in "?{":
                if not found:
                    raise self._fault("a repeat with nothing before it")
                least, most = self._repeat()
                found[-1] = Slot(found[-1].alternatives, least, most)
            else:
                found.append(self._slot(character))
        if not found:
            raise GrammarSyntaxError("the pattern is empty")
        return tuple(found)

    def _slot(self, character: str) -> Slot:
        self.place += 1
        if character == "\\":
            if self.place >= len(self.pattern):
                raise self._fault("a backslash with nothing after it")
            kind = self.pattern[self.place]
            self.place += 1
            if kind == "s":
                return Slot(((SEPARATOR,),), 0, 1)
            return Slot(((_CLASSES.get(kind) or _one_of(kind),),))
        if character == "[":
            inner = self._until("]")
            if not inner:
                raise self._fault("an empty set")
            return Slot(((_one_of(inner),),))
        if character == "(":
            inner = self._until(")")
            runs = tuple(tuple(_one_of(c) for c in fold(part)) for part in inner.split("|"))
            if not any(runs):
                raise self._fault("empty alternatives")
            return Slot(runs)
        if character in "]})|":
            raise self._fault(f"{character!r} without its opening")
        return Slot(((_one_of(character),),))

    def _until(self, closing: str) -> str:
        end = self.pattern.find(closing, self.place)
        if end < 0:
            raise self._fault(f"no closing {closing!r}")
        inner = self.pattern[self.place : end]
        self.place = end + 1
        return inner.replace("\\", "")

    def _repeat(self) -> tuple[int, int]:
        if self.pattern[self.place] == "?":
            self.place += 1
            return 0, 1
        self.place += 1
        bounds = self._until("}").split(",")
        if len(bounds) > 2 or not all(bound.strip().isdigit() for bound in bounds):
            raise self._fault("a repeat that is not {n} or {m,n}")
        least, most = int(bounds[0]), int(bounds[-1])
        if least > most or most < 1 or most > MOST_REPEATS:
            raise self._fault(f"a repeat outside 0..{MOST_REPEATS}")
        return least, most


@lru_cache(maxsize=2048)
def compile_pattern(pattern: str) -> tuple[Slot, ...]:
    """Read a pattern of ``grammars.yaml``. Raises ``GrammarSyntaxError`` with the place of the fault."""
    return _Reader(pattern).slots()


@lru_cache(maxsize=65536)
def _emission(alphabet: Alphabet, seen: str, confidence: float) -> float:
    """Probability that a slot of this alphabet is read as ``seen``, by a reader right with ``confidence``."""
    size = alphabet.size
    inside = 1.0 if seen in alphabet else 0.0
    alike = alphabet.mistaken_for(seen)
    wrong = 0.5 * (1.0 - confidence)
    other = min(1.0 / OTHER_CHARACTERS, ordinary(seen))
    return (inside * confidence + alike * wrong + (size - inside) * wrong * other) / size


class _Forward:
    """Forward sums over one folded reading."""

    def __init__(self, text: str, confidences: tuple[float, ...], insertion: float, deletion: float) -> None:
        self.text = text
        self.confidences = confidences
        self.deletion = deletion
        self.match = 1.0 - insertion - deletion
        # a separator more or less is a habit of transcribers rather than an error
        self.insertion = [
            0.1 / len(SEPARATORS)
            if character in SEPARATORS
            else insertion * min(1.0 / OTHER_CHARACTERS, ordinary(character))
            for character in text
        ]
        self._emissions: dict[Alphabet, list[float]] = {}

    def _emits(self, alphabet: Alphabet) -> list[float]:
        known = self._emissions.get(alphabet)
        if known is None:
            known = [
                self.match * _emission(alphabet, character, confidence)
                for character, confidence in zip(self.text, self.confidences, strict=True)
            ]
            self._emissions[alphabet] = known
        return known

    def through(self, entry: list[float], alphabet: Alphabet) -> list[float]:
        emits, insertion, deletion = self._emits(alphabet), self.insertion, self.deletion
        leave = [0.0] * len(entry)
        carried = 0.0
        last = len(entry) - 1
        for place, value in enumerate(entry):
            carried = value + (carried * insertion[place - 1] if place else 0.0)
            if carried:
                leave[place] += carried * deletion
                if place < last:
                    leave[place + 1] += carried * emits[place]
        return leave

    def over(self, entry: list[float], slot: Slot) -> list[float]:
        choices = slot.most - slot.least + 1
        out = [0.0] * len(entry)
        for repeat in range(slot.most + 1):
            if repeat >= slot.least:
                out = [total + value / choices for total, value in zip(out, entry, strict=True)]
            if repeat < slot.most:
                entry = self._once(entry, slot)
        return out

    def _once(self, entry: list[float], slot: Slot) -> list[float]:
        if len(slot.alternatives) == 1:
            return self._run(entry, slot.alternatives[0])
        out = [0.0] * len(entry)
        for run in slot.alternatives:
            leave = self._run(list(entry), run)
            out = [total + value / len(slot.alternatives) for total, value in zip(out, leave, strict=True)]
        return out

    def _run(self, entry: list[float], run: tuple[Alphabet, ...]) -> list[float]:
        for alphabet in run:
            entry = self.through(entry, alphabet)
        return entry

    def total(self, slots: tuple[Slot, ...]) -> float:
        entry = [1.0] + [0.0] * len(self.text)
        for slot in slots:
            entry = self.over(entry, slot)
        tail = 0.0
        for place, value in enumerate(entry):
            tail = value + (tail * self.insertion[place - 1] if place else 0.0)
        return tail


@lru_cache(maxsize=65536)
def probability(
    slots: tuple[Slot, ...], text: str, confidences: tuple[float, ...], insertion: float, deletion: float
) -> float:
    """Probability of a folded reading under a format: the exact pair-HMM forward sum.

    text: folded; confidences: one per character, 0..1; insertion, deletion: probabilities per slot.
    """
    return _Forward(text, confidences, insertion, deletion).total(slots)


@lru_cache(maxsize=4096)
def share_of_marks(slots: tuple[Slot, ...], script: str) -> float:
    """Roughly how often a random mark in one script, of the right length, follows a format."""
    return sum(weight * _share(slots, script, digits) for digits, weight in DIGIT_SHARES)


def _share(slots: tuple[Slot, ...], script: str, digit_share: float) -> float:
    share = 1.0
    for slot in slots:
        chance = sum(math.prod(_chance(alphabet, script, digit_share) for alphabet in run) for run in slot.alternatives)
        share *= min(1.0, chance) ** slot.least
    return share


def _chance(alphabet: Alphabet, script: str, digit_share: float) -> float:
    """Probability that a character of some mark lies in an alphabet."""
    if alphabet.listed:
        return min(1.0, sum(character_probability(c, script, digit_share) for c in sorted(alphabet.listed)))
    return (1 - digit_share) * (0.9 if script == "hangul" else 1e-3)
