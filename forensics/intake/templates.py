"""Writing sheets: a template to fill in, or observations as a sheet a person can go on with.

CSV, YAML and JSON here; XLSX and ODS with their drop-down lists in ``office``, imported only when asked for. Equal
input gives equal bytes in every format.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from forensics.errors import Fault, SheetError
from forensics.intake.identify import FORMATS, SheetFormat
from forensics.intake.layout import Layout
from forensics.intake.words import COLUMNS, IGNORED_COLUMNS, Lexicon
from forensics.intake.written import written_row
from forensics.model.catalogue import Names, Trait, TraitKind, Vocabulary
from forensics.model.evidence import Observation

__all__ = ["EXAMPLES", "Language", "write_sheet", "write_template"]

Language = Literal["en", "uk", "ko"]
_LANGUAGES: tuple[Language, ...] = ("en", "uk", "ko")

EXAMPLES: dict[TraitKind, str] = {
    TraitKind.MEASURED: "1100 ± 20; 900-950; >1000; about 1100; chord 400 ± 1 sagitta 38 ± 1",
    TraitKind.CATEGORY: "one value of the list; two that cannot be told apart: a | b",
    TraitKind.COUNT: "4; at least 2 (coverage: how much of the place could be seen, 0 to 1)",
    TraitKind.PRESENCE: "present; or state: absent, with the coverage",
    TraitKind.RING: "20; 20 even; 18 in 6 groups; angles 0 18 36; window 0-60; sigma 2",
    TraitKind.TEXT: "the mark as it stands; several readings: 9М723:0.6 | 9M7Z3:0.3",
    TraitKind.YEAR_MARK: "112; marks 12 (bare numbers looked at); repeats 3",
    TraitKind.DATE: "2023; 2023-05; 19.05.2023; week 12 2023",
    TraitKind.SCORE: "family:0.8 | other-family:0.3",
}


def write_template(
    path: Path,
    vocabulary: Vocabulary,
    traits: Iterable[str] | None = None,
    *,
    item: str = "",
    language: Language = "en",
) -> None:
    """Write a trait sheet to fill in, one row per trait, each with the sentence how to record it.

    Parameters
    ----------
    path
        The format follows the ending: ``.csv``, ``.xlsx``, ``.ods``, ``.yaml`` or ``.json``. XLSX and ODS get drop-down
        lists for traits, units, states, methods and the values of closed lists.
    traits
        Trait ids, in the order wanted; every trait of the vocabulary when left out.
    item
        Exhibit number to fill in.
    language
        Of the headings, trait names and words, where the vocabulary has a name in it; what is read back is the same.

    Raises
    ------
    SheetError
        When the ending is unknown, a trait is unknown, the file exists or cannot be written.
    """
    wanted = list(vocabulary.traits) if traits is None else list(traits)
    unknown = [name for name in wanted if name not in vocabulary.traits]
    if unknown:
        raise SheetError([Fault(str(path), message=f"there is no trait {name!r}.") for name in unknown])
    lexicon = Lexicon(vocabulary)
    chosen = tuple(vocabulary.traits[name] for name in wanted)
    rows = tuple(
        {
            key: text
            for key, text in (("item", item), ("trait", _trait_name(trait, lexicon, language)), ("unit", trait.unit))
            if text
        }
        for trait in chosen
    )
    hints = tuple(f"{trait.record} [{EXAMPLES[trait.kind]}]" for trait in chosen)
    _write(Path(path), _layout(lexicon, rows, chosen, hints, language))


def write_sheet(path: Path, observations: Sequence[Observation], vocabulary: Vocabulary) -> None:
    """Write observations as a sheet that reads back to the same items, traits, values and provenance.

    Raises
    ------
    SheetError
        When an observation has a trait the vocabulary lacks, the file exists or cannot be written.
    """
    unknown = sorted({one.trait for one in observations if one.trait not in vocabulary.traits})
    if unknown:
        raise SheetError([Fault(str(path), message=f"there is no trait {name!r}.") for name in unknown])
    lexicon = Lexicon(vocabulary)
    rows = tuple(written_row(one, lexicon) for one in observations)
    traits = tuple(vocabulary.traits[one.trait] for one in observations)
    _write(Path(path), _layout(lexicon, rows, traits, (), "en"))


def _layout(
    lexicon: Lexicon,
    rows: tuple[dict[str, str], ...],
    traits: tuple[Trait, ...],
    hints: tuple[str, ...],
    language: Language,
) -> Layout:
    vocabulary = lexicon.vocabulary
    headings = {
        column: _name_of(column, vocabulary.columns.get(column), language, lexicon.column) for column in COLUMNS
    }
    words = {
        group: tuple(
            _name_of(word, names, language, partial(lexicon.word, group))
            for word, names in vocabulary.words.get(group, {}).items()
        )
        for group in ("state", "method", "unit", "presence")
    }
    words["trait"] = tuple(_trait_name(trait, lexicon, language) for trait in vocabulary.traits.values())
    hint_heading = IGNORED_COLUMNS[_LANGUAGES.index(language)]
    return Layout(lexicon, headings, rows, traits, hints, hint_heading, words)


def _name_of(word: str, names: Names | None, language: Language, read: Callable[[str], str | None]) -> str:
    """The first name in the language that reads back to the word; in English the id itself."""
    offered: tuple[str, ...] = getattr(names, language, ()) if names is not None and language != "en" else ()
    return next((name for name in offered if read(name) == word), word.replace("_", " "))


def _trait_name(trait: Trait, lexicon: Lexicon, language: Language) -> str:
    if language == "en":
        return trait.id
    names: tuple[str, ...] = getattr(trait.names, language)
    return next((name for name in names if lexicon.trait_id(name) == trait.id), trait.id)


def _write(path: Path, layout: Layout) -> None:
    kind = FORMATS.get(path.suffix.lower())
    if kind is None or path.suffix.lower() in (".txt", ".xlsm"):
        advice = "Use .xlsx, .ods, .csv, .yaml or .json."
        raise SheetError(Fault(str(path), message=f"has the ending {path.suffix!r}.", advice=advice))
    data = _bytes(kind, layout, "\t" if path.suffix.lower() == ".tsv" else ",")
    try:
        if path.exists():
            message = "exists already."
            raise SheetError(Fault(str(path), message=message, advice="Name another file; nothing was changed."))
        handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            temporary.chmod(0o644)
            temporary.rename(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}."
        raise SheetError(Fault(str(path), message=message, advice="Name a place where you may write.")) from None


def _bytes(kind: SheetFormat, layout: Layout, delimiter: str) -> bytes:
    if kind == "csv":
        return _delimited(layout, delimiter)
    if kind == "yaml":
        return _yaml(layout)
    if kind == "json":
        return _json(layout)
    from forensics.intake.office import ods_bytes, xlsx_bytes  # noqa: PLC0415  half a second

    return xlsx_bytes(layout) if kind == "xlsx" else ods_bytes(layout)


def _delimited(layout: Layout, delimiter: str) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    hints = [layout.hint_heading] if layout.hints else []
    writer.writerow([*layout.headings.values(), *hints])
    for index, row in enumerate(layout.rows):
        hint = [_guarded(layout.hints[index])] if layout.hints else []
        writer.writerow([*(_guarded(row.get(column, "")) for column in layout.headings), *hint])
    # With a byte-order mark, or Excel takes Cyrillic and Hangul for an 8-bit encoding.
    return target.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    """A spreadsheet runs what begins with = + - @; an apostrophe keeps it text, and is taken off on reading."""
    return f"'{cell}" if re.match(r"'*[=+\-@]", cell) else cell


def _yaml(layout: Layout) -> bytes:
    lines = ["observations:"]
    for index, row in enumerate(layout.rows):
        lines += [f"  # {layout.hints[index]}"] if layout.hints else []
        columns = ("item", "trait", "value", "unit", "state") if layout.hints else tuple(row)
        cells = [f"{_scalar(layout.headings[column])}: {_scalar(row.get(column, ''))}" for column in columns]
        lines += [f"  - {cells[0]}", *(f"    {cell}" for cell in cells[1:])]
    return ("\n".join(lines if layout.rows else ["observations: []"]) + "\n").encode()


def _scalar(text: str) -> str:
    if re.fullmatch(r"[^\W\d]\w*(?: \w+)*", text) and text.lower() != "null":
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(
        letter if letter.isprintable() else f"\\U{ord(letter):08X}" if ord(letter) > 0xFFFF else f"\\u{ord(letter):04X}"
        for letter in quoted
    )


def _json(layout: Layout) -> bytes:
    entries: list[dict[str, str]] = []
    for index, row in enumerate(layout.rows):
        columns = ("item", "trait", "value", "unit", "state") if layout.hints else tuple(row)
        entry = {layout.headings[column]: row.get(column, "") for column in columns}
        entries.append(entry | ({layout.hint_heading: layout.hints[index]} if layout.hints else {}))
    return (json.dumps({"observations": entries}, ensure_ascii=False, indent=1) + "\n").encode()
