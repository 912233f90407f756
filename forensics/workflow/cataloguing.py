"""Questions about the catalogue, answered in text."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from pathlib import Path

from forensics.catalogue import coverage, difference, load, locate, stated_traits
from forensics.errors import Fault, InputError
from forensics.model.catalogue import Catalogue, Names, Signature, Trait, TraitKind
from forensics.workflow.inputs import gather, read_observations

__all__ = [
    "coverage_csv",
    "coverage_text",
    "describe_trait",
    "describe_type",
    "difference_text",
    "find_type",
    "list_traits",
    "list_types",
    "require_type",
]


def list_types(catalogue_path: Path | None, *, state: str | None = None, class_id: str | None = None) -> str:
    """One line a type, grouped by state and class."""
    catalogue = load(catalogue_path)
    lines: list[str] = []
    for state_id in sorted(catalogue.states, key=lambda key: catalogue.states[key].name):
        if state is not None and state_id.casefold() != state.casefold():
            continue
        chosen = [
            signature
            for signature in catalogue.signatures.values()
            if signature.state == state_id and (class_id is None or signature.class_id == class_id)
        ]
        if not chosen:
            continue
        lines.append(f"{catalogue.states[state_id].name} ({state_id})")
        for signature in sorted(chosen, key=lambda item: (item.class_id, item.id)):
            stated = len(signature.values)
            draft = "" if signature.status in ("reviewed", "validated") else f" [{signature.status}]"
            lines.append(f"  {signature.id:<24} {signature.class_id:<24} {stated:>2} traits  {signature.name}{draft}")
    if not lines:
        raise InputError(
            Fault("catalogue list", message="no type is left by these filters.", advice="Leave one of them out.")
        )
    total = len(catalogue.signatures)
    lines.append(f"{total} types in the catalogue, version {catalogue.version}, digest {catalogue.digest[:16]}")
    return "\n".join(lines) + "\n"


def find_type(wanted: str, catalogue_path: Path | None) -> str | None:
    """The id of a type from its id or any of its names, in any case; None when there is none or several."""
    folded = wanted.casefold()
    catalogue = load(catalogue_path)
    if wanted in catalogue.signatures:
        return wanted
    found = [
        signature.id
        for signature in catalogue.signatures.values()
        if folded in {name.casefold() for name in (signature.id, signature.name, *signature.aliases.all())}
    ]
    return found[0] if len(found) == 1 else None


def require_type(wanted: str, catalogue_path: Path | None) -> str:
    """Like ``find_type``, with near names in the error."""
    from difflib import get_close_matches  # noqa: PLC0415

    found = find_type(wanted, catalogue_path)
    if found is None:
        near = get_close_matches(wanted, load(catalogue_path).signatures, n=3)
        advice = f"Near: {', '.join(near)}." if near else "See 'forensics catalogue list'."
        raise InputError(Fault("TYPE", message=f"there is no type {wanted!r} in the catalogue.", advice=advice))
    return found


def describe_type(wanted: str, catalogue_path: Path | None) -> str:
    """Everything the catalogue expects of a type: values, weights, sources, where each value stands."""
    catalogue = load(catalogue_path)
    signature = catalogue.signatures[require_type(wanted, catalogue_path)]
    rows = stated_traits(catalogue, signature.id)
    lines = [*_heading(signature, catalogue), ""]
    for row in rows:
        values = " or ".join(text for text, _ in row.expected)
        cited = ", ".join(f"{source} ({grade})" for source, grade in row.sources)
        inherited = f"; stated at {row.stated_at}" if row.inherited else ""
        lines.append(f"  {row.trait:<26} {values}  [weight {row.weight:.2f}; {cited}{inherited}]")
    stated = {row.trait for row in rows}
    unknown = [trait for trait in catalogue.vocabulary.traits if trait not in stated]
    lines += ["", f"Nothing is stated for: {', '.join(unknown)}", "", "Sources"]
    lines += [_source_line(catalogue, source) for source in sorted({key for row in rows for key, _ in row.sources})]
    return "\n".join(lines) + "\n"


def _heading(signature: Signature, catalogue: Catalogue) -> list[str]:
    family = catalogue.families.get(signature.family)
    service = f"{signature.service.first or '?'} to {signature.service.last or 'today'}"
    return [
        f"{signature.name} ({signature.id})",
        f"  also: {', '.join(signature.aliases.all()) or 'no other names'}",
        f"  made in: {catalogue.states[signature.state].name}; family: {family.name if family else signature.family}; "
        f"class: {signature.class_id}; in service: {service}; status: {signature.status}",
        f"  easily confused with: {', '.join(signature.confusable_with) or 'nothing stated'}",
        *([f"  note: {signature.note}"] if signature.note else []),
    ]


def _source_line(catalogue: Catalogue, source_id: str) -> str:
    source = catalogue.sources[source_id]
    where = source.address or "no address (background)"
    return f"  {source_id}: {source.publisher}, {source.title}, {source.date or 'undated'}. {where}"


def difference_text(first: str, second: str, inputs: tuple[str, ...], catalogue_path: Path | None) -> str:
    """The traits that separate two types; with a case, which of them it already has."""
    catalogue = load(catalogue_path)
    one, other = require_type(first, catalogue_path), require_type(second, catalogue_path)
    recorded = _recorded_traits(inputs, catalogue)
    titles = {
        "separates": "Separates them",
        "one_side": "Stated for one only",
        "shared": "Stated for both, and much the same",
    }
    lines = [f"{one} and {other}"]
    rows = difference(catalogue, one, other)
    for kind, title in titles.items():
        chosen = [row for row in rows if row.kind == kind]
        if not chosen:
            continue
        lines += ["", title]
        for row in chosen:
            seen = " [in this case]" if row.trait in recorded else ""
            lines.append(f"  {row.trait:<26} {row.first or 'not stated'}  |  {row.second or 'not stated'}{seen}")
    if not any(row.kind == "separates" for row in rows):
        lines += ["", "No trait that both state separates them: on public knowledge they are not told apart."]
    return "\n".join(lines) + "\n"


def _recorded_traits(inputs: tuple[str, ...], catalogue: Catalogue) -> frozenset[str]:
    if not inputs:
        return frozenset()
    observations = read_observations(gather(inputs), catalogue)
    return frozenset(observation.trait for observation in observations if observation.state != "not_examinable")


def coverage_text(catalogue_path: Path | None) -> str:
    """One line a type: how many traits are sourced, weak, unknown, and which the class would want next."""
    catalogue = load(catalogue_path)
    rows = coverage(catalogue)
    by_class: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_class[row.class_id].update(trait for trait, known in row.traits.items() if known != "unknown")
    lines = [f"{'type':<26} {'sourced':>7} {'weak':>5} {'unknown':>8}   known of others in its class, not of it"]
    for row in sorted(rows, key=lambda item: (item.state, item.class_id, item.type_id)):
        missing = [
            trait
            for trait, count in by_class[row.class_id].most_common()
            if row.traits[trait] == "unknown" and count >= 2
        ]
        counts = f"{row.count('sourced'):>7} {row.count('weak'):>5} {row.count('unknown'):>8}"
        lines.append(f"{row.type_id:<26} {counts}   {', '.join(missing[:4]) or '-'}")
    sourced, weak = (sum(row.count(known) for row in rows) for known in ("sourced", "weak"))
    lines.append(f"{len(rows)} types: {sourced} sourced values (weight at least .8), {weak} weaker ones.")
    return "\n".join(lines) + "\n"


def coverage_csv(catalogue_path: Path | None) -> str:
    """The whole table, a row a type and a column a trait."""
    rows = coverage(load(catalogue_path))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    traits = list(rows[0].traits) if rows else []
    writer.writerow(["type", "state", "class", "status", *traits])
    for row in rows:
        writer.writerow([row.type_id, row.state, row.class_id, row.status, *(row.traits[trait] for trait in traits)])
    return target.getvalue()


def list_traits(catalogue_path: Path | None) -> str:
    """One line a trait, by block."""
    vocabulary = load(catalogue_path).vocabulary
    lines: list[str] = []
    for block in vocabulary.blocks.values():
        members = [trait for trait in vocabulary.traits.values() if trait.block == block.id]
        if not members:
            continue
        lines.append(f"{block.title} ({block.id})")
        for trait in members:
            unit = f", {trait.unit}" if trait.unit else ""
            lines.append(f"  {trait.id:<28} {trait.kind.value}{unit:<6} {_first(trait.names)}")
    return "\n".join(lines) + "\n"


def describe_trait(wanted: str, catalogue_path: Path | None) -> str:
    """How to record one trait, its values and its names in every language."""
    from difflib import get_close_matches  # noqa: PLC0415

    folder, _ = locate(catalogue_path)
    vocabulary = load(catalogue_path).vocabulary
    folded = wanted.casefold().replace(" ", "_").replace("-", "_")
    trait = vocabulary.traits.get(folded) or next(
        (
            candidate
            for candidate in vocabulary.traits.values()
            if wanted.casefold() in {name.casefold() for name in candidate.names.all()}
        ),
        None,
    )
    if trait is None:
        near = get_close_matches(folded, vocabulary.traits, n=3)
        advice = f"Near: {', '.join(near)}." if near else "See 'forensics traits'."
        raise InputError(Fault("TRAIT", message=f"there is no trait {wanted!r}.", advice=advice))
    lines = [
        f"{trait.id}: {_first(trait.names)}",
        f"  {trait.record}",
        f"  kind: {trait.kind.value}{f' in {trait.unit}' if trait.unit else ''}; block: {trait.block}; "
        f"says most about the {trait.level}; effort: {trait.effort}",
        *(f"  picture: {path}" for path in _pictures(trait, folder)),
    ]
    if trait.plausible is not None:
        lines.append(f"  plausible: {trait.plausible[0]:g} to {trait.plausible[1]:g}")
    lines += [f"  {language}: {', '.join(names)}" for language, names in _by_language(trait.names)]
    for value in trait.values:
        described = f": {value.description}" if value.description else ""
        lines.append(f"    {value.id}{described} ({', '.join(value.names.all())})")
        if value.picture is not None:
            lines.append(f"      picture: {folder / value.picture}")
    return "\n".join(lines) + "\n"


def _pictures(trait: Trait, folder: Path) -> list[Path]:
    """Drawings of the trait; a ring has one for each spacing, which lie beside each other."""
    if trait.picture is None:
        return []
    picture = folder / trait.picture
    if trait.kind is not TraitKind.RING:
        return [picture]
    return sorted(picture.parent.glob(f"{picture.name.partition('.')[0]}.*.svg"))


def _first(names: Names) -> str:
    return names.en[0] if names.en else ""


def _by_language(names: Names) -> list[tuple[str, tuple[str, ...]]]:
    return [(language, found) for language in ("en", "uk", "ko") if (found := getattr(names, language))]
