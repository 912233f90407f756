"""Write the example sheet of every signature from its own values, and record how it comes out.

    python images/tools/make_examples.py            write signatures/examples/<id>.csv for types that have none
    python images/tools/make_examples.py --all      write all of them anew
    python images/tools/make_examples.py --record   assess every sheet and write outcome and members into the signature

A sheet holds what the type, its family and its pattern state, each with the value expected most often; of what only
the state is known for, the script. It is no real item, and says so in every row. An example that comes out as a tie or
as too little is recorded as that: it shows where public knowledge ends.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from forensics.catalogue import load, locate, resolve
from forensics.model.catalogue import (
    Catalogue,
    ExpectedCategory,
    ExpectedCount,
    ExpectedDates,
    ExpectedMeasure,
    ExpectedPresence,
    ExpectedRing,
    ExpectedText,
    ExpectedValue,
    Hypothesis,
    Trait,
)

COLUMNS = (
    *("item", "trait", "value", "unit", "uncertainty", "state"),
    *("coverage", "confidence", "examiner", "method", "photo", "note"),
)
NOTE = "built from the signature; not a real item"
INSTRUMENT = 0.004
"""Relative uncertainty of the measurements, at least 0.2 of the unit for lengths."""
YEARS_AFTER_FIRST = 5
JUCHE_OFFSET = 1911
MOST_MEMBERS = 12
"""A longer tie set is recorded by its outcome alone: it changes with every type that is added."""


def rows_of(hypothesis: Hypothesis, catalogue: Catalogue) -> list[dict[str, str]]:
    """The rows of the sheet, by trait."""
    rows = []
    for trait_id, expectation in sorted(hypothesis.expectations.items()):
        if expectation.stated_at == hypothesis.state and trait_id != "marking_script":
            continue
        trait = catalogue.vocabulary.traits[trait_id]
        best = max(expectation.statements, key=lambda statement: statement.weight)
        value, uncertainty = recorded(best.value, hypothesis, catalogue)
        if not value:
            continue
        row = {"item": "EX-1", "trait": trait_id, "value": value, "unit": unit_of(trait), "uncertainty": uncertainty}
        row |= {"state": "observed", "examiner": "catalogue example", "method": "physical", "note": NOTE}
        if value == "absent":
            row |= {"value": "", "state": "absent", "coverage": "1"}
        rows.append(row)
    return rows


def unit_of(trait: Trait) -> str:
    return trait.unit or ""


def recorded(value: ExpectedValue, hypothesis: Hypothesis, catalogue: Catalogue) -> tuple[str, str]:
    """Value and uncertainty as an examiner would write them; empty where the value cannot be written down."""
    text, uncertainty = "", ""
    match value:
        case ExpectedMeasure():
            centre = value.mean if value.mean is not None else ((value.low or 0) + (value.high or 0)) / 2
            text, uncertainty = f"{centre:.6g}", f"{max(0.2 if centre > 20 else 0, INSTRUMENT * centre):.2g}"
        case ExpectedCategory() | ExpectedCount():
            text = str(max(value.probabilities, key=lambda key: value.probabilities[key]))
        case ExpectedPresence():
            text = "present" if value.probability >= 0.5 else "absent"
        case ExpectedRing():
            text = f"{value.count} {value.spacing}" if value.spacing != "angles" else ""
        case ExpectedText():
            text = mark(value, catalogue)
        case ExpectedDates():
            text = year(value, hypothesis)
    return text, uncertainty


def mark(value: ExpectedText, catalogue: Catalogue) -> str:
    """The most frequent string, or the first example of the most frequent format."""
    grammars = catalogue.vocabulary.grammars
    offers = [(weight, text) for text, weight in value.strings.items()]
    offers += [(weight, grammars[key].examples[0]) for key, weight in value.grammars.items() if grammars[key].examples]
    return max(offers, key=lambda offer: offer[0])[1] if offers else ""


def year(value: ExpectedDates, hypothesis: Hypothesis) -> str:
    """A year soon after production began, in the producer's usual calendar."""
    first = hypothesis.production.first
    calendar = max(value.calendars, key=lambda key: value.calendars[key]) if value.calendars else ""
    if first is None or not calendar:
        return ""
    made = first + YEARS_AFTER_FIRST
    if calendar == "juche":
        return str(max(made, 1998) - JUCHE_OFFSET)
    return f"{made % 100:02d}" if calendar == "gregorian_2" else str(made)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def record(folder: Path, catalogue: Catalogue) -> dict[str, str]:
    """Assess each sheet and write what it comes out as into its signature; the outcome by type."""
    from forensics.workflow.judging import EngineJudge  # noqa: PLC0415

    judge = EngineJudge(catalogue, folder)
    outcomes = {}
    for signature in catalogue.signatures.values():
        case = f"signatures/examples/{signature.id}.csv"
        verdict = judge.verdict(case)
        if verdict is None:
            continue
        outcomes[signature.id] = f"{verdict.outcome}: {', '.join(verdict.members)}"
        entry = f"  - {{case: {case}, outcome: {verdict.outcome}"
        if verdict.outcome != "insufficient" and len(verdict.members) <= MOST_MEMBERS:
            entry += f", members: [{', '.join(verdict.members)}]"
        enter(folder / signature.path, case, entry + "}")
    return outcomes


def enter(path: Path, case: str, entry: str) -> None:
    """Put the entry in the place of the one there is, or at the end of the list of examples."""
    text = path.read_text(encoding="utf-8")
    old = re.compile(rf"^  - \{{case: {re.escape(case)}[,}}].*$", re.MULTILINE)
    if old.search(text):
        text = old.sub(lambda _: entry, text)
    elif re.search(r"^examples:$", text, re.MULTILINE):
        text = re.sub(r"^examples:$", lambda _: f"examples:\n{entry}", text, flags=re.MULTILINE)
    else:
        text = f"{text.rstrip()}\nexamples:\n{entry}\n"
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    folder, _ = locate(None)
    catalogue = load(None)
    if "--record" in arguments:
        for type_id, outcome in record(folder, catalogue).items():
            print(f"{type_id}: {outcome}")
        return 0
    written = 0
    for hypothesis in resolve(catalogue)[0]:
        path = folder / "examples" / f"{hypothesis.id}.csv"
        if not hypothesis.listed or (path.exists() and "--all" not in arguments):
            continue
        rows = rows_of(hypothesis, catalogue)
        if rows:
            write(path, rows)
            written += 1
    print(f"{written} sheets written to {folder.name}/examples.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
