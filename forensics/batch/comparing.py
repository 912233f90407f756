"""What changed between two sets of results, and why: which traits weigh differently, which signatures were edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.batch import places
from forensics.batch.ledger import LEDGER, read_ledger
from forensics.batch.reporting import document_of
from forensics.errors import Fault, InputError

__all__ = ["Change", "Comparison", "compare_results", "comparison_text", "read_results"]

Document = Mapping[str, Any]
Entries = Mapping[str, Mapping[str, Any]]

SMALL_LOG10 = 0.1
"""A trait whose weight moved less than this (a factor of 1.26) did not change a conclusion by itself."""
_SHOWN = 6


@dataclass(frozen=True)
class Change:
    """One case whose conclusion is another now. ``because``: lines in words, the weightiest first."""

    key: str
    before: str
    after: str
    kind: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two sets of results. ``same``: cases with the same conclusion; ``only_before``, ``only_after``: keys."""

    headings: tuple[Mapping[str, Any], Mapping[str, Any]]
    same: int
    moved: int
    changes: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    signatures: tuple[tuple[str, int], ...]


def read_results(output: str) -> tuple[Mapping[str, Any], Entries]:
    """Heading and lines of a finished or unfinished set of results.

    Raises
    ------
    InputError
        When there is no ledger.
    """
    place = places.join(output, LEDGER)
    if not places.exists(place):
        advice = "Give the folder that an earlier 'forensics batch ... -o' wrote."
        raise InputError(Fault(output, message="holds no results of a batch.", advice=advice))
    with places.fetched(place) as path:
        return read_ledger(Path(path))


def compare_results(before: str, after: str, keys: Iterable[str] | None = None) -> Comparison:
    """Compare case by case. Documents are opened only where the lines of the two ledgers differ.

    Parameters
    ----------
    keys
        Cases to look at; all of both when None.
    """
    old_heading, old = read_results(before)
    new_heading, new = read_results(after)
    wanted = set(old) | set(new) if keys is None else set(keys)
    changes: list[Change] = []
    signatures: Counter[str] = Counter()
    same = moved = 0
    for key in sorted(wanted & set(old) & set(new)):
        first, second = old[key], new[key]
        if first.get("digest") and first.get("digest") == second.get("digest"):
            same += 1
            continue
        if _said(first) == _said(second):
            same += 1
            moved += first["state"] == "done" and first["row"]["log10_lr"] != second["row"]["log10_lr"]
            continue
        because, edited = _reasons(before, after, first, second)
        signatures.update(edited)
        changes.append(Change(key, _phrase(first), _phrase(second), _kind(first, second), tuple(because)))
    return Comparison(
        (old_heading, new_heading),
        same,
        moved,
        tuple(changes),
        tuple(sorted(wanted & set(old) - set(new))),
        tuple(sorted(wanted & set(new) - set(old))),
        tuple(sorted(signatures.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _said(entry: Mapping[str, Any]) -> tuple[object, ...]:
    if entry["state"] != "done":
        return ("failed", entry.get("reason"))
    row = entry["row"]
    return tuple(row[name] for name in ("outcome", "level", "node", "state"))


def _kind(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    return " -> ".join("failed" if one["state"] != "done" else str(one["row"]["outcome"]) for one in (first, second))


def _phrase(entry: Mapping[str, Any]) -> str:
    if entry["state"] != "done":
        return f"failed: {str(entry.get('reason', ''))[:120]}"
    row = entry["row"]
    node = f" {row['level']} {row['node']}" if row["node"] else ""
    state = f", state {row['state']}" if row["state"] else ""
    return f"{row['outcome']}{node} (log10 LR {row['log10_lr']:.2f}{state})"


def _reasons(
    before: str, after: str, first: Mapping[str, Any], second: Mapping[str, Any]
) -> tuple[list[str], set[str]]:
    """Lines in words, and the signatures that say something else now about what this case shows."""
    if first["state"] != "done" or second["state"] != "done":
        return [], set()
    old, new = document_of(before, first), document_of(after, second)
    lines: list[str] = []
    if old["tool"]["version"] != new["tool"]["version"]:
        lines.append(f"the program is version {new['tool']['version']} instead of {old['tool']['version']}")
    if old["parameters"] != new["parameters"]:
        lines.append("parameters of the method changed")
    lines += _population(old, new)
    lines += _observations(old, new)
    weights, edited = _weights(old, new)
    return lines + weights, edited


def _population(old: Document, new: Document) -> Iterator[str]:
    gone = sorted(set(old["population"]) - set(new["population"]))
    come = sorted(set(new["population"]) - set(old["population"]))
    if come:
        yield f"compared with these types for the first time: {_some(come)}"
    if gone:
        yield f"no longer compared with: {_some(gone)}"


def _observations(old: Document, new: Document) -> Iterator[str]:
    def recorded(document: Document) -> Counter[str]:
        return Counter(f"{one['item']} {one['trait']} {one['value']}" for one in document["observations"])

    earlier, later = recorded(old), recorded(new)
    if earlier != later:
        added, gone = (later - earlier).total(), (earlier - later).total()
        yield f"the observations themselves differ: {added} new or changed, {gone} gone or changed"


def _weights(old: Document, new: Document) -> tuple[list[str], set[str]]:
    """Traits that weigh differently for the types either conclusion is about, or that rank first."""
    earlier, later = _evidence(old), _evidence(new)
    edited = {
        candidate
        for (candidate, trait), line in later.items()
        if (candidate, trait) in earlier and _stated(earlier[candidate, trait]) != _stated(line)
    }
    edited |= {candidate for candidate, _ in set(later) ^ set(earlier) if candidate in _ids(old) & _ids(new)}
    about = [*_leading(old), *_leading(new)]
    moves: list[tuple[float, str]] = []
    for candidate in dict.fromkeys(about):
        for trait in sorted({t for c, t in {*earlier, *later} if c == candidate}):
            line, then = later.get((candidate, trait)), earlier.get((candidate, trait))
            was, now = (0.0 if one is None else float(one["log10_lr"]) for one in (then, line))
            if abs(now - was) < SMALL_LOG10:
                continue
            said = ""
            if then is not None and line is not None and then["expected"] != line["expected"]:
                said = f"; the signature said {then['expected']!r}, now {line['expected']!r}"
            elif then is not None and line is not None and _stated(then) != _stated(line):
                said = "; its sources or their grades changed"
            elif then is not None and line is not None:
                said = "; what other munitions show changed"
            moves.append((abs(now - was), f"{trait} for {candidate}: log10 LR {was:+.2f} -> {now:+.2f}{said}"))
    moves.sort(key=lambda move: (-move[0], move[1]))
    return [text for _, text in moves], edited


def _leading(document: Document) -> list[str]:
    """The type that ranks first, and the members of what is named when they are few."""
    ranking = [candidate["id"] for candidate in document["ranking"][:2]]
    members = document["conclusion"]["members"]
    return [*ranking, *(members if len(members) <= _SHOWN else [])]


def _ids(document: Document) -> set[str]:
    return {candidate["id"] for candidate in document["ranking"]}


def _evidence(document: Document) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {
        (candidate["id"], line["trait"]): line for candidate in document["ranking"] for line in candidate["evidence"]
    }


def _stated(line: Mapping[str, Any]) -> tuple[object, ...]:
    """What a signature contributes to a line of evidence."""
    return line["expected"], line["weight"], tuple(line["sources"])


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest


def comparison_text(comparison: Comparison, *, shown: int = 50) -> str:
    """The comparison for a terminal. ``shown``: changed cases printed; 0 prints all."""
    old, new = comparison.headings
    lines = []
    if old.get("catalogue_digest") != new.get("catalogue_digest"):
        lines.append(
            f"Catalogue {old.get('catalogue')} ({str(old.get('catalogue_digest'))[:12]}) -> "
            f"{new.get('catalogue')} ({str(new.get('catalogue_digest'))[:12]})"
        )
    else:
        lines.append(f"The same catalogue, {new.get('catalogue')} ({str(new.get('catalogue_digest'))[:12]}).")
    lines.append(
        f"{len(comparison.changes):,} conclusions changed, {comparison.same:,} stayed "
        f"({comparison.moved:,} of these with another weight)."
    )
    for kind, count in sorted(Counter(change.kind for change in comparison.changes).items()):
        lines.append(f"  {count:>6,}  {kind}")
    if comparison.signatures:
        lines.append("Signatures that say something else about these cases (cases each touches):")
        lines += [f"  {count:>6,}  {name}" for name, count in comparison.signatures[:20]]
    for names, what in ((comparison.only_before, "only before"), (comparison.only_after, "only now")):
        if names:
            lines.append(f"{len(names):,} cases {what}: {_some(list(names))}")
    chosen = comparison.changes[:shown] if shown else comparison.changes
    for change in chosen:
        lines += ["", change.key, f"  before  {change.before}", f"  now     {change.after}"]
        lines += [f"  because {reason}" for reason in change.because[:_SHOWN]]
        if len(change.because) > _SHOWN:
            lines.append(f"          and {len(change.because) - _SHOWN} smaller reasons")
        if not change.because:
            lines.append("  because no single reason stands out; compare the two documents")
    if len(chosen) < len(comparison.changes):
        lines += ["", f"{len(comparison.changes) - len(chosen):,} more changed cases are not shown (--all shows them)."]
    return "\n".join(lines) + "\n"
