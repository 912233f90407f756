"""A catalogue folder to a checked ``Catalogue``: every fault of every file in one run, or a clean one.

Reading goes in the order of reference: names and sources, then traits, then nodes, then signatures, so that a reader
knows every id before it checks a value. The digest over all files decides whether the cached result of an earlier
run may be used instead.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import ValidationError

from forensics import __version__
from forensics.catalogue import cache
from forensics.catalogue.folder import CatalogueFiles, read_files
from forensics.catalogue.location import PathKind, locate
from forensics.catalogue.readers.fields import Complaints
from forensics.catalogue.readers.grammars import read_grammars
from forensics.catalogue.readers.nodes import read_families, read_patterns, read_states
from forensics.catalogue.readers.references import References
from forensics.catalogue.readers.signatures import read_signature
from forensics.catalogue.readers.tables import read_limitation, read_parameters, read_population, read_sources
from forensics.catalogue.readers.vocabulary import (
    read_blocks,
    read_name_groups,
    read_name_table,
    read_traits_table,
    read_value_names,
)
from forensics.errors import CatalogueError, Fault
from forensics.model.base import Frozen
from forensics.model.catalogue import (
    Background,
    Block,
    Catalogue,
    DesignPattern,
    Family,
    Grammar,
    LimitationRule,
    Names,
    Parameter,
    Parameters,
    Signature,
    Source,
    State,
    Trait,
    Vocabulary,
)
from forensics.yamltext import YamlMap, YamlNode, parse

__all__ = ["Reading", "load", "read_catalogue"]

_REQUIRED = (
    "vocabulary/traits.yaml",
    "vocabulary/values.yaml",
    "vocabulary/blocks.yaml",
    "vocabulary/parts.yaml",
    "vocabulary/classes.yaml",
    "sources.yaml",
    "parameters.yaml",
    "states.yaml",
    "families.yaml",
)
_OPTIONAL = (
    "vocabulary/grammars.yaml",
    "vocabulary/patterns.yaml",
    "vocabulary/columns.yaml",
    "vocabulary/words.yaml",
    "population.yaml",
    "patterns.yaml",
)
_DIVISIBLE = ("sources.yaml", "states.yaml", "families.yaml", "patterns.yaml")
"""Tables that may also be several files in a folder of that name, as ``families/rus.yaml``."""
_PART_PATH = re.compile(r"(sources|states|families|patterns)/[^/]+\.yaml")
_SIGNATURE_PATH = re.compile(r"(types|draft)/[^/]+/[^/]+/[^/]+\.yaml")
_LIMITATION_PATH = re.compile(r"limitations/[^/]+\.yaml")

Plain = dict[str, Any]
Model = TypeVar("Model", bound=Frozen)


@dataclass(frozen=True)
class Reading:
    """What a folder yielded: the catalogue of everything that is in order, every fault, and the YAML behind it.

    ``documents``: root node of each file by relative path, for checks that need lines.
    """

    catalogue: Catalogue
    faults: tuple[Fault, ...]
    documents: dict[str, YamlNode] = field(repr=False)


def load(path: Path | None = None, *, use_cache: bool = True) -> Catalogue:
    """Load the signature catalogue.

    Parameters
    ----------
    path : folder of the catalogue; None for the one that comes with the program (see ``locate``).
    use_cache : read and write the digest-checked cache in the user's cache directory.

    Raises
    ------
    CatalogueError
        With every fault of every file, each with file and line.
    """
    folder, kind = locate(path)
    files = read_files(folder)
    if use_cache and not files.faults:
        cached = cache.fetch(files.digest)
        if cached is not None:
            return cached.model_copy(update={"path_kind": kind})
    reading = read_catalogue(files, kind)
    if reading.faults:
        raise CatalogueError(reading.faults)
    if use_cache:
        cache.store(reading.catalogue)
    return reading.catalogue


def read_catalogue(files: CatalogueFiles, kind: PathKind) -> Reading:
    """Read every file, keeping what is in order and every fault of what is not."""
    # Tens of thousands of small nodes and no cycles: the collector would only walk them again and again.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return _Reader(files).read(kind)
    finally:
        if was_enabled:
            gc.enable()


class _Reader:
    """One pass over the files, in the order of reference."""

    def __init__(self, files: CatalogueFiles) -> None:
        self.files = files
        self.faults: list[Fault] = list(files.faults)
        self.documents: dict[str, YamlNode] = {}
        self.known = References()
        self.parsed: set[str] = set()

    def read(self, kind: PathKind) -> Reading:
        known = self.known
        signature_paths = self._paths()
        known.types = self._type_ids(signature_paths)
        for name in _REQUIRED + _OPTIONAL:
            for part in self._parts(name):
                self._parse(part)
        known.sources = self._ids("sources.yaml")
        known.states = self._ids("states.yaml")
        known.families = self._ids("families.yaml")
        known.trait_ids = self._ids("vocabulary/traits.yaml")
        known.blocks = self._ids("vocabulary/blocks.yaml")
        known.grammars = self._ids("vocabulary/grammars.yaml") or ()
        known.parts = self._ids("vocabulary/parts.yaml")
        known.classes = self._ids("vocabulary/classes.yaml")
        known.patterns = self._ids("vocabulary/patterns.yaml") or ()
        vocabulary = self._vocabulary()
        sources = self._table("sources.yaml", Source, read_sources)
        parameters = self._table("parameters.yaml", Parameter, read_parameters)
        backgrounds = self._table("population.yaml", Background, lambda c, r: read_population(c, r, known))
        states = self._table("states.yaml", State, lambda c, r: read_states(c, r, known))
        families = self._table("families.yaml", Family, lambda c, r: read_families(c, r, known))
        design_patterns = self._table("patterns.yaml", DesignPattern, lambda c, r: read_patterns(c, r, known))
        known.family_states = {family.id: family.state for family in families.values()}
        signatures = self._signatures(signature_paths)
        limitations = self._limitations()
        catalogue = Catalogue(
            version=f"{__version__}+{self.files.digest[:12]}",
            digest=self.files.digest,
            path_kind=kind,
            vocabulary=vocabulary,
            sources=sources,
            states=states,
            families=families,
            patterns=self._names("vocabulary/patterns.yaml", "pattern"),
            design_patterns=design_patterns,
            classes=self._names("vocabulary/classes.yaml", "class"),
            signatures=signatures,
            backgrounds=backgrounds,
            parameters=Parameters(entries=parameters),
            limitations=limitations,
        )
        return Reading(catalogue, tuple(sorted(set(self.faults))), self.documents)

    def _paths(self) -> list[str]:
        """Paths of signatures; complains about files in places nothing is read from, and about missing ones."""
        paths = []
        for name in self.files.contents:
            if _SIGNATURE_PATH.fullmatch(name):
                paths.append(name)
            elif name not in _REQUIRED + _OPTIONAL and not (
                _LIMITATION_PATH.fullmatch(name) or _PART_PATH.fullmatch(name)
            ):
                advice = "A signature lives at types/<state>/<class>/<id>.yaml or draft/<state>/<class>/<id>.yaml."
                self.faults.append(Fault(name, message="is not in a place the catalogue reads.", advice=advice))
        refused = {fault.file for fault in self.files.faults}
        for name in _REQUIRED:
            if name not in refused and not any(part in self.files.contents for part in self._parts(name)):
                self.faults.append(Fault(name, message="is missing."))
        return paths

    def _type_ids(self, paths: list[str]) -> frozenset[str]:
        by_id: dict[str, str] = {}
        for path in paths:
            type_id = PurePosixPath(path).stem
            if type_id in by_id:
                advice = f"It is also at {by_id[type_id]}; keep one."
                self.faults.append(Fault(path, message=f"the type {type_id!r} exists twice.", advice=advice))
            by_id[type_id] = path
        return frozenset(by_id)

    def _parse(self, name: str) -> YamlNode | None:
        if name in self.parsed:
            return self.documents.get(name)
        self.parsed.add(name)
        data = self.files.contents.get(name)
        if data is None:
            return None
        root, faults = parse(data, name)
        self.faults += faults
        if root is not None:
            self.documents[name] = root
        return root

    def _parts(self, name: str) -> list[str]:
        """The files of a table: the one of that name, and those in the folder of that name where that is allowed."""
        if name not in _DIVISIBLE:
            return [name]
        prefix = name.removesuffix(".yaml") + "/"
        return [name, *(path for path in self.files.contents if path.startswith(prefix))]

    def _ids(self, name: str) -> frozenset[str] | None:
        """Every id a table has a key for; None when no file of it could be read, or one of them could not."""
        parts = [part for part in self._parts(name) if part in self.files.contents]
        roots = [self.documents.get(part) for part in parts]
        if not parts or not all(isinstance(root, YamlMap) for root in roots):
            return None
        return frozenset(key for root in roots if isinstance(root, YamlMap) for key in root.entries)

    def _validated(self, model: type[Model], plain: object, file: str, line: int) -> Model | None:
        """The typed model. A refusal here means a reader let something through; it is a fault all the same."""
        try:
            return model.model_validate(plain)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                place = _place(plain, detail["loc"])
                at = ".".join(str(step) for step in detail["loc"])
                where = place.rpartition(":")[2]
                self.faults.append(Fault(file, int(where) if where.isdigit() else line, at, f"{detail['msg']}."))
            return None

    def _table(
        self, name: str, model: type[Model], reader: Callable[[Complaints, YamlNode | None], dict[str, Plain]]
    ) -> dict[str, Model]:
        found: dict[str, Model] = {}
        where: dict[str, str] = {}
        for part in self._parts(name):
            root = self._parse(part)
            complaints = Complaints(part)
            entries = reader(complaints, root)
            lines = root.key_lines if isinstance(root, YamlMap) else {}
            for key, plain in entries.items():
                if key in where:
                    complaints.add(lines.get(key, 0), f"{key!r} is also in {where[key]}.", "Keep one.", key)
                where[key] = part
                typed = self._validated(model, plain, part, lines.get(key, 0))
                if typed is not None:
                    found[key] = typed
            self.faults += complaints.faults
        return found

    def _names(self, name: str, what: str) -> dict[str, Names]:
        return self._table(name, Names, lambda complaints, root: read_name_table(complaints, root, what))

    def _vocabulary(self) -> Vocabulary:
        known = self.known
        complaints = Complaints("vocabulary/values.yaml")
        values = read_value_names(complaints, self._parse(complaints.file), self.files.pictures)
        value_lines = self.documents.get(complaints.file)
        if known.trait_ids is not None and isinstance(value_lines, YamlMap):
            for trait, line in value_lines.key_lines.items():
                if trait not in known.trait_ids:
                    complaints.add(line, f"unknown trait {trait!r}.", at=trait)
        self.faults += complaints.faults
        known.traits = self._table(
            "vocabulary/traits.yaml",
            Trait,
            lambda c, r: read_traits_table(c, r, known, values, pictures=self.files.pictures),
        )
        known.trait_values = {
            trait.id: frozenset(value.id for value in trait.values) for trait in known.traits.values()
        }
        words = Complaints("vocabulary/words.yaml")
        groups = read_name_groups(words, self._parse(words.file))
        self.faults += words.faults
        return Vocabulary(
            traits=known.traits,
            blocks=self._table("vocabulary/blocks.yaml", Block, lambda c, r: read_blocks(c, r, known)),
            grammars=self._table("vocabulary/grammars.yaml", Grammar, lambda c, r: read_grammars(c, r, known)),
            parts=self._names("vocabulary/parts.yaml", "part"),
            columns=self._names("vocabulary/columns.yaml", "column"),
            words={
                group: {word: Names.model_validate(names) for word, names in table.items()}
                for group, table in groups.items()
            },
        )

    def _signatures(self, paths: list[str]) -> dict[str, Signature]:
        found: dict[str, Signature] = {}
        for path in paths:
            before = len(self.faults)
            root = self._parse(path)
            if root is None and len(self.faults) > before:
                continue
            complaints = Complaints(path)
            plain = read_signature(complaints, root, self.known)
            self.faults += complaints.faults
            if plain is not None:
                signature = self._validated(Signature, plain, path, 1)
                if signature is not None:
                    found[signature.id] = signature
        return dict(sorted(found.items()))

    def _limitations(self) -> tuple[LimitationRule, ...]:
        found: list[LimitationRule] = []
        for path in self.files.contents:
            if not _LIMITATION_PATH.fullmatch(path):
                continue
            before = len(self.faults)
            root = self._parse(path)
            if root is None and len(self.faults) > before:
                continue
            complaints = Complaints(path)
            plain = read_limitation(complaints, root, self.known)
            self.faults += complaints.faults
            rule = None if plain is None else self._validated(LimitationRule, plain, path, 1)
            if rule is not None:
                found.append(rule)
        return tuple(found)


def _place(plain: object, location: tuple[int | str, ...]) -> str:
    """The innermost ``line`` on the way to a place in a plain mapping; empty when there is none."""
    place = ""
    for step in location:
        if isinstance(plain, dict):
            place = str(plain.get("line", place))
            plain = plain.get(step)
        elif isinstance(plain, list | tuple) and isinstance(step, int) and step < len(plain):
            plain = plain[step]
        else:
            break
    return place
