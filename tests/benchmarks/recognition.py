"""Every signature on cases made from its own values: which types are overtaken, by which, because of which weights.

    python tests/benchmarks/recognition.py [--draws 6] [--share 0.5] [--within-class] [--show 40]

A type is overtaken when a type ranked above it differs from the record in a trait it states itself.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict

from forensics.catalogue import load
from forensics.validate.recognition import Overtaking, Recognition, recognise_all


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=6)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--within-class", action="store_true")
    parser.add_argument("--show", type=int, default=40, help="how many overtakings to print in full")
    parser.add_argument("types", nargs="*", help="type ids; all of them otherwise")
    given = parser.parse_args()
    catalogue = load()
    started = time.perf_counter()
    found = list(
        recognise_all(
            catalogue,
            draws=given.draws,
            share=given.share,
            only=given.types or None,
            within_class=given.within_class,
            seed=given.seed,
        )
    )
    spent = time.perf_counter() - started
    cases = len(found)
    overtaken = [entry for entry in found if entry.overtaken_by]
    pairs = [(entry, rival) for entry in overtaken for rival in entry.overtaken_by]
    print(f"{len({entry.type_id for entry in found})} types, {cases} cases, {spent:.1f} s")
    print(
        f"first, alone or level with another: {sum(e.rank == 1 for e in found)} ({_share(e.rank == 1 for e in found)})"
    )
    print(f"among the first three: {_share(e.rank <= 3 for e in found)}")
    print(f"within 10 of the best (the tie distance): {_share(e.behind_log10 <= 1.0 for e in found)}")
    print(f"overtaken by a type that differs: {len(overtaken)} cases of {len({e.type_id for e in overtaken})} types,")
    print(f"  by more than 10 times: {sum(any(r.by_log10 > 1 for r in e.overtaken_by) for e in overtaken)} cases")
    print(f"  by a declared confusable: {sum(r.declared for _, r in pairs)} of {len(pairs)} pairs")
    print()
    _by_reason(pairs)
    _by_type(overtaken)
    _by_pattern(found, catalogue)
    print("\nThe widest gaps in full (weight w and log10 LR alone: true type | type above)")
    for entry, rival in sorted(pairs, key=lambda pair: -pair[1].by_log10)[: given.show]:
        _print(entry, rival)


def _share(flags: object) -> str:
    values = list(flags)  # type: ignore[call-overload]
    return f"{sum(values) / max(len(values), 1):.1%}"


def _reason(rival: Overtaking) -> str:
    """What lifts the type above, in one word each.

    ``own values``: the true type's own traits sum to less than nothing; ``grades``: where both fit, the type above is
    the better sourced; ``narrower``: it states a narrower or rarer value; the differing trait was too weakly sourced
    to outweigh that.
    """
    gain = [r.alone_above_log10 - r.alone_log10 for r in rival.traits if not r.differs]
    loss = [r.alone_above_log10 - r.alone_log10 for r in rival.traits if r.differs]
    if sum(gain) + sum(loss) <= 0:
        return "blocks: the sum of single traits favours the true type"
    fitting = [r for r in rival.traits if r.match_above == "fits" and r.match == "fits"]
    better = [r for r in fitting if r.weight_above > r.weight + 0.02]
    if any(r.match == "differs" for r in rival.traits):
        return "own value: the true type's own record does not fit it (wide or disputed value)"
    if better:
        return "grades: the type above is better sourced where both fit"
    return "values: the type above states a rarer or narrower value"


def _by_reason(pairs: list[tuple[Recognition, Overtaking]]) -> None:
    print("Why (pairs)")
    for reason, number in Counter(_reason(rival) for _, rival in pairs).most_common():
        print(f"  {number:5d}  {reason}")
    differing = Counter(trait for _, rival in pairs for trait in rival.differing)
    print("Traits in which the type above differs and was not stopped (pairs)")
    for trait, number in differing.most_common(12):
        weights = [r.weight_above for _, rival in pairs for r in rival.traits if r.trait == trait]
        print(f"  {number:5d}  {trait}, median weight there {sorted(weights)[len(weights) // 2]:.2f}")


def _by_type(overtaken: list[Recognition]) -> None:
    print("\nBy type: cases overtaken, widest gap, by which")
    grouped: dict[str, list[Recognition]] = defaultdict(list)
    for entry in overtaken:
        grouped[entry.type_id].append(entry)
    worst = {name: max(r.by_log10 for e in entries for r in e.overtaken_by) for name, entries in grouped.items()}
    for name in sorted(grouped, key=lambda key: (-worst[key], key)):
        above = Counter(rival.above for entry in grouped[name] for rival in entry.overtaken_by)
        listed = ", ".join(f"{rival} ({number})" for rival, number in above.most_common(4))
        print(f"  {name:32s} {len(grouped[name]):2d}  10^{worst[name]:.2f}  {listed}")


def _by_pattern(found: list[Recognition], catalogue: object) -> None:
    signatures = catalogue.signatures  # type: ignore[attr-defined]
    table: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    for entry in found:
        own = signatures[entry.type_id].pattern or signatures[entry.type_id].class_id
        best = signatures[entry.best].pattern or signatures[entry.best].class_id
        total[own] += 1
        if entry.rank > 1:
            table[own, best] += 1
    print("\nConfusion by design pattern (class where a type has no pattern): cases in which another type is first")
    for (own, best), number in table.most_common(25):
        print(f"  {number:4d} of {total[own]:4d}  {own}  ->  {best}")


def _print(entry: Recognition, rival: Overtaking) -> None:
    mark = "declared" if rival.declared else "not declared"
    print(f"\n{entry.type_id} below {rival.above} by 10^{rival.by_log10:.2f} ({mark}; rank {entry.rank})")
    for row in rival.traits:
        print(
            f"    {row.trait:24s} {row.block:12s} {row.match:8s}|{row.match_above:8s}"
            f" w {row.weight:.2f}|{row.weight_above:.2f}  {row.alone_log10:+.2f}|{row.alone_above_log10:+.2f}"
        )


if __name__ == "__main__":
    main()
