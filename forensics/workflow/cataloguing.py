"""Questions about the catalogue, answered in text."""

from __future__ import annotations

from pathlib import Path

from forensics.catalogue import load, resolve
from forensics.errors import Fault, InputError
from forensics.model.catalogue import Catalogue, Hypothesis, Names, Signature, Trait

__all__ = ["describe_trait", "describe_type", "find_type", "list_traits", "list_types", "require_type"]


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
    hypotheses, _ = resolve(catalogue)
    hypothesis = next(leaf for leaf in hypotheses if leaf.id == signature.id)
    lines = [*_heading(signature, catalogue), ""]
    used: set[str] = set()
    for trait_id, trait in catalogue.vocabulary.traits.items():
        lines.extend(_expectation_lines(trait_id, trait, hypothesis, used))
    unknown = [trait for trait in catalogue.vocabulary.traits if trait not in hypothesis.expectations]
    lines += ["", f"Nothing is stated for: {', '.join(unknown)}", "", "Sources"]
    lines += [_source_line(catalogue, source) for source in sorted(used)]
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


def _expectation_lines(trait_id: str, trait: Trait, hypothesis: Hypothesis, used: set[str]) -> list[str]:
    from forensics.compare.wording import describe  # noqa: PLC0415

    expectation = hypothesis.expectations.get(trait_id)
    if expectation is None:
        return []
    lines: list[str] = []
    for statement in expectation.statements:
        cited = ", ".join(f"{citation.source} ({citation.grade}, {citation.basis})" for citation in statement.citations)
        used.update(citation.source for citation in statement.citations)
        inherited = "" if expectation.stated_at == hypothesis.id else f", stated at {expectation.stated_at}"
        value = describe(statement.value, trait)
        lines.append(f"  {trait_id:<26} {value}  [weight {statement.weight:.2f}; {cited}{inherited}]")
    return lines


def _source_line(catalogue: Catalogue, source_id: str) -> str:
    source = catalogue.sources[source_id]
    where = source.address or "no address (background)"
    return f"  {source_id}: {source.publisher}, {source.title}, {source.date or 'undated'}. {where}"


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
    ]
    if trait.plausible is not None:
        lines.append(f"  plausible: {trait.plausible[0]:g} to {trait.plausible[1]:g}")
    lines += [f"  {language}: {', '.join(names)}" for language, names in _by_language(trait.names)]
    for value in trait.values:
        described = f": {value.description}" if value.description else ""
        lines.append(f"    {value.id}{described} ({', '.join(value.names.all())})")
    return "\n".join(lines) + "\n"


def _first(names: Names) -> str:
    return names.en[0] if names.en else ""


def _by_language(names: Names) -> list[tuple[str, tuple[str, ...]]]:
    return [(language, found) for language in ("en", "uk", "ko") if (found := getattr(names, language))]
