"""What a check is given, what it looks like, and what it says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from forensics.catalogue.lint.judge import Judge
from forensics.catalogue.loading import Reading
from forensics.catalogue.resolving import Node, nodes, resolve
from forensics.model.catalogue import Catalogue, Hypothesis, NodeValues, Signature
from forensics.yamltext import YamlList, YamlMap, YamlNode

__all__ = ["Check", "Context", "Issue", "Severity"]


class Severity(IntEnum):
    """How much it matters. An error must be repaired before the signature can be relied on."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, order=True)
class Issue:
    """One thing to look at: where, which check, how grave, what it is and what to do."""

    file: str
    line: int
    check: str
    severity: Severity
    message: str
    advice: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{place}: {self.severity.word} [{self.check}] {self.message}"
        return f"{text} {self.advice}" if self.advice else text


@dataclass(frozen=True)
class Context:
    """The catalogue with the YAML behind it, for checks that say on which line something stands.

    ``today`` is given, so that the same catalogue on the same day yields the same issues. ``judge`` answers what only
    the comparison engine knows; None where no engine is at hand.
    """

    reading: Reading = field(repr=False)
    folder: Path
    today: date
    judge: Judge | None = None

    @property
    def catalogue(self) -> Catalogue:
        return self.reading.catalogue

    @cached_property
    def types(self) -> tuple[Signature, ...]:
        """Every type that is not withdrawn."""
        return tuple(s for s in self.catalogue.signatures.values() if s.status != "withdrawn")

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Everything values can stand at, withdrawn types left out."""
        return tuple(node for node in nodes(self.catalogue) if not _withdrawn(node))

    @cached_property
    def hypotheses(self) -> dict[str, Hypothesis]:
        """Listed types with their resolved expectations."""
        return {h.id: h for h in resolve(self.catalogue)[0] if h.listed}

    def line(self, file: str, *keys: str | int) -> int:
        """The line of a nested key, or of the innermost key on the way that exists."""
        node: YamlNode | None = self.reading.documents.get(file)
        line = 1 if node is not None else 0
        for key in keys:
            if isinstance(node, YamlMap) and isinstance(key, str) and key in node.entries:
                line, node = node.key_lines[key], node.entries[key]
            elif isinstance(node, YamlList) and isinstance(key, int) and key < len(node.items):
                node = node.items[key]
                line = node.line
            else:
                break
        return line

    def entry(self, table: str, key: str) -> tuple[str, int]:
        """File and line of an entry of a table that may be split over a folder."""
        prefix = table.removesuffix(".yaml") + "/"
        for file, node in self.reading.documents.items():
            if (file == table or file.startswith(prefix)) and isinstance(node, YamlMap) and key in node.entries:
                return file, node.key_lines[key]
        return table, 0


def _withdrawn(node: Node) -> bool:
    return isinstance(node, Signature) and node.status == "withdrawn"


def place(values: NodeValues) -> tuple[str, int]:
    """File and line of a value."""
    file, _, line = values.line.rpartition(":")
    return (file, int(line)) if line.isdigit() else (values.line, 0)


class Check(ABC):
    """One check. ``needs_whole``: it would mislead on a catalogue of which parts could not be read."""

    id: ClassVar[str]
    severity: ClassVar[Severity] = Severity.WARNING
    description: ClassVar[str]
    advice: ClassVar[str]
    needs_whole: ClassVar[bool] = False

    @abstractmethod
    def check(self, context: Context) -> Iterator[Issue]:
        """Every issue this check finds."""

    def issue(self, where: tuple[str, int], message: str, severity: Severity | None = None) -> Issue:
        """An issue of this check at a place."""
        return Issue(*where, self.id, severity or self.severity, message, self.advice)
