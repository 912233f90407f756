"""Checks of names: languages, scripts, doubles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from forensics.catalogue.lint.issues import Check, Context, Issue, Severity, place
from forensics.model.catalogue import ExpectedText, Names, Signature

__all__ = [
    "AliasInTwoFiles",
    "LookAlikeLetters",
    "NameInTwoEntries",
    "NamesMissing",
    "SentencesMissing",
    "WordsMissing",
]

_WORD = re.compile(r"\w+")
_INDEX_IN_LATIN = re.compile(r"\d{1,2}[ABCEHIKMOPTXY]{1,2}\d{1,3}\w?")
_CYRILLIC_LISTS = ("uk", "ru")


class NamesMissing(Check):
    id = "names-missing"
    severity = Severity.NOTE
    description = "A type without a Ukrainian or Korean name cannot be found under it."
    advice = "Add the name to aliases as the press or the museum of that language writes it."

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            missing = [language for language in ("uk", "ko") if not getattr(signature.aliases, language)]
            if missing:
                where = (signature.path, context.line(signature.path, "aliases"))
                yield self.issue(where, f"{signature.id} has no name in {' and '.join(missing)}.")


class WordsMissing(Check):
    id = "words-missing"
    description = "A sheet in Ukrainian or Korean needs every word of the vocabulary in that language."
    advice = "Add the names that examiners use."

    def check(self, context: Context) -> Iterator[Issue]:
        for file, keys, names in _vocabulary_names(context):
            missing = [language for language in ("en", "uk", "ko") if not getattr(names, language)]
            if missing:
                yield self.issue(
                    (file, context.line(file, *keys)), f"{keys[-1]} has no name in {' and '.join(missing)}."
                )


class SentencesMissing(Check):
    id = "sentences-missing"
    description = "A report in Ukrainian needs every limitation and every recording instruction in that language."
    advice = "Write the sentence: under names of the limitation, or as record_uk of the trait."

    def check(self, context: Context) -> Iterator[Issue]:
        catalogue = context.catalogue
        for rule in catalogue.limitations:
            if not rule.names.uk:
                file = f"limitations/{rule.id}.yaml"
                yield self.issue((file, context.line(file, "because")), f"{rule.id} has no sentence in uk.")
        for trait in catalogue.vocabulary.traits.values():
            if not trait.records.get("uk"):
                file = "vocabulary/traits.yaml"
                yield self.issue((file, context.line(file, trait.id)), f"{trait.id} has no record_uk.")


def _vocabulary_names(context: Context) -> Iterator[tuple[str, tuple[str, ...], Names]]:
    """File, keys and names of every entry of the vocabulary that has names."""
    catalogue, vocabulary = context.catalogue, context.catalogue.vocabulary
    for trait in vocabulary.traits.values():
        yield "vocabulary/traits.yaml", (trait.id,), trait.names
        for value in trait.values:
            yield "vocabulary/values.yaml", (trait.id, value.id), value.names
    tables = {
        "parts": vocabulary.parts,
        "columns": vocabulary.columns,
        "classes": catalogue.classes,
        "patterns": catalogue.patterns,
    }
    for name, table in tables.items():
        for key, names in table.items():
            yield f"vocabulary/{name}.yaml", (key,), names
    for group, words in vocabulary.words.items():
        for key, names in words.items():
            yield "vocabulary/words.yaml", (group, key), names


def folded(name: str) -> str:
    """A name as a reader of sheets compares it: case, spaces, hyphens and width do not matter."""
    normal = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in normal if character.isalnum()) or normal


class AliasInTwoFiles(Check):
    id = "alias-in-two-files"
    description = "A name that two types share finds neither."
    advice = "Keep it at the type the sources mean, or make it longer."

    def check(self, context: Context) -> Iterator[Issue]:
        first: dict[str, Signature] = {}
        for signature in context.types:
            for name in dict.fromkeys((signature.id, signature.name, *signature.aliases.all())):
                key = folded(name)
                other = first.setdefault(key, signature) if key else signature
                if other is not signature:
                    where = (signature.path, context.line(signature.path, "aliases"))
                    yield self.issue(where, f"the name {name!r} is also a name of {other.id} ({other.path}).")


class NameInTwoEntries(Check):
    id = "name-in-two-entries"
    severity = Severity.ERROR
    description = "Two traits, or two values of one trait, under one name: a sheet that uses it cannot be read."
    advice = "Change one of the names."

    def check(self, context: Context) -> Iterator[Issue]:
        first: dict[tuple[str, ...], tuple[str, ...]] = {}
        for file, keys, names in _vocabulary_names(context):
            scope = (file, *keys[:-1])
            for name in {folded(name): name for name in (keys[-1], *names.all())}.values():
                other = first.setdefault((*scope, folded(name)), keys)
                if other != keys:
                    yield self.issue(
                        (file, context.line(file, *keys)), f"{name!r} names both {other[-1]} and {keys[-1]}."
                    )


def _scripts(word: str) -> set[str]:
    found: set[str] = set()
    for character in word:
        if character.isalpha():
            name = unicodedata.name(character, "")
            found.update(script for script in ("LATIN", "CYRILLIC") if name.startswith(script))
    return found


class LookAlikeLetters(Check):
    id = "look-alike-letters"
    description = (
        "Latin letters that look like Cyrillic ones inside an index: it will not be found when typed properly."
    )
    advice = "Retype the index: in uk and ru in Cyrillic letters, in en and name in Latin ones."

    def check(self, context: Context) -> Iterator[Issue]:
        for signature in context.types:
            for language in ("name", "en", "uk", "ko", "ru", "fa", "zh"):
                names = (signature.name,) if language == "name" else getattr(signature.aliases, language)
                keys = ("name",) if language == "name" else ("aliases", language)
                for name in names:
                    yield from self._name(context, signature.path, keys, name, language)
        for where, mark in (*_marks(context), *_grammar_examples(context)):
            if any(len(_scripts(word)) > 1 for word in _WORD.findall(mark)):
                yield self.issue(where, f"the mark {mark!r} mixes Latin and Cyrillic letters.")

    def _name(self, context: Context, file: str, keys: tuple[str, ...], name: str, language: str) -> Iterator[Issue]:
        where = (file, context.line(file, *keys))
        words = _WORD.findall(name)
        if any(len(_scripts(word)) > 1 for word in words):
            yield self.issue(where, f"{name!r} mixes Latin and Cyrillic letters in one word.")
        elif language in ("name", "en") and any("CYRILLIC" in _scripts(word) for word in words):
            yield self.issue(where, f"{name!r} is written in Cyrillic letters.")
        elif language in _CYRILLIC_LISTS and any(_INDEX_IN_LATIN.fullmatch(word) for word in words):
            yield self.issue(where, f"the index in {name!r} is written in Latin letters.")


def _marks(context: Context) -> Iterator[tuple[tuple[str, int], str]]:
    for node in context.nodes:
        for values in node.values:
            for statement in values.statements:
                if isinstance(statement.value, ExpectedText):
                    yield from ((place(values), mark) for mark in statement.value.strings)


def _grammar_examples(context: Context) -> Iterator[tuple[tuple[str, int], str]]:
    file = "vocabulary/grammars.yaml"
    for grammar in context.catalogue.vocabulary.grammars.values():
        yield from (((file, context.line(file, grammar.id, "examples")), example) for example in grammar.examples)
