"""Strict YAML: every scalar as text, every node with its line; duplicates, anchors and tags refused.

Catalogues, cases and sheets come from strangers. Nothing here guesses types (``NO`` is a country, ``0123`` a serial),
expands an alias (so an alias bomb is refused, not expanded) or constructs anything but mappings, lists and text.
Reading keeps every fault of a file instead of stopping at the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from forensics.errors import Fault

__all__ = ["MAX_BYTES", "MAX_DEPTH", "YamlList", "YamlMap", "YamlNode", "YamlText", "parse", "plain", "read"]

MAX_BYTES = 4_000_000
"""A file larger than this is no case, sheet or signature written by a person."""
MAX_DEPTH = 40

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlText:
    """A scalar, exactly as written. ``is_null`` for an empty plain scalar or ``null``/``~``."""

    text: str
    line: int
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class YamlList:
    items: tuple[YamlNode, ...]
    line: int

    def __iter__(self) -> Iterator[YamlNode]:
        return iter(self.items)


@dataclass(frozen=True)
class YamlMap:
    """A mapping with text keys in the order written; ``key_lines`` has the line of each key."""

    entries: dict[str, YamlNode]
    key_lines: dict[str, int]
    line: int

    def get(self, key: str) -> YamlNode | None:
        return self.entries.get(key)


YamlNode = YamlText | YamlList | YamlMap


def read(path: Path, shown_as: str | None = None) -> tuple[YamlNode | None, list[Fault]]:
    """Read one YAML file.

    Returns the root node (None for an empty or unreadable file) and every fault found.
    """
    name = shown_as or str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"is {size / 1e6:.1f} MB; a file of this kind is at most {MAX_BYTES / 1e6:.0f} MB."
            return None, [Fault(name, message=message, advice="Split it, or check that it is the right file.")]
        data = path.read_bytes()
    except OSError as error:
        return None, [Fault(name, message=f"cannot be read: {error.strerror or error}.")]
    return parse(data, name)


def parse(data: bytes, name: str) -> tuple[YamlNode | None, list[Fault]]:
    """Parse YAML bytes (UTF-8, or UTF-16 with a byte-order mark)."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [Fault(name, line, message="is not UTF-8 text.", advice="Save it as UTF-8 and try again.")]
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or "not readable as YAML")
        return None, [Fault(name, mark.line + 1 if mark else 0, message=f"is not valid YAML: {problem}.")]
    finally:
        loader.dispose()
    if root is None:
        return None, []
    faults: list[Fault] = []
    seen: set[int] = set()
    return _convert(root, name, faults, seen, 0), faults


def _convert(node: yaml.Node, name: str, faults: list[Fault], seen: set[int], depth: int) -> YamlNode:
    line = node.start_mark.line + 1
    # An aliased node is the same object reached twice: refusing it here costs nothing, expanding it may cost all.
    if id(node) in seen or depth > MAX_DEPTH:
        what = "uses an anchor and alias (&, *)" if id(node) in seen else f"is nested deeper than {MAX_DEPTH} levels"
        faults.append(Fault(name, line, message=f"{what}, which is not allowed here.", advice="Write it out."))
        return YamlText("", line)
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.startswith("tag:yaml.org,2002:python"):
            faults.append(Fault(name, line, message=f"uses the tag {node.tag!r}, which is not allowed here."))
        return YamlText(node.value, line, quoted=node.style in ("'", '"', "|", ">"))
    if not isinstance(node, yaml.MappingNode | yaml.SequenceNode) or node.tag not in (
        "tag:yaml.org,2002:map",
        "tag:yaml.org,2002:seq",
    ):
        faults.append(Fault(name, line, message=f"uses the tag {node.tag!r}, which is not allowed here."))
        return YamlText("", line)
    if isinstance(node, yaml.SequenceNode):
        return YamlList(tuple(_convert(item, name, faults, seen, depth + 1) for item in node.value), line)
    entries: dict[str, YamlNode] = {}
    key_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(Fault(name, key_line, message="has a key that is not plain text."))
            continue
        key = key_node.value
        value = _convert(value_node, name, faults, seen, depth + 1)
        if key in entries:
            message = f"has the key {key!r} twice (first on line {key_lines[key]})."
            faults.append(Fault(name, key_line, message=message, advice="Keep one of them."))
            continue
        entries[key] = value
        key_lines[key] = key_line
    return YamlMap(entries, key_lines, line)


def plain(node: YamlNode | None) -> object:
    """The node as dictionaries, lists, text and None, for validation by a typed model."""
    if node is None:
        return None
    if isinstance(node, YamlText):
        return None if node.is_null else node.text
    if isinstance(node, YamlList):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}
