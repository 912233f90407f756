"""One behaviour a file: a signature fragment and a finding, and what it must weigh (tests/fixtures/compare)."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from forensics.compare import compare
from forensics.model.evidence import Method

FOLDER = Path(__file__).parents[1] / "fixtures" / "compare"
FILES = sorted(FOLDER.glob("*.yml"))


def test_there_are_behaviours() -> None:
    assert len(FILES) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_behaviour(make: SimpleNamespace, path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert case["behaviour"]
    fragment = dict(case["trait"])
    trait_id, kind = fragment.pop("id"), fragment.pop("kind")
    fragment["values"] = tuple(fragment.get("values", ()))
    catalogue = make.catalogue(
        make.trait(trait_id, kind, **fragment),
        backgrounds={trait_id: case.get("background", {})},
        grammars=case.get("grammars"),
    )
    hypotheses = []
    for name, stated in case["hypotheses"].items():
        expectations = {trait_id: (stated["value"], stated["weight"])} if "value" in stated else {}
        hypotheses.append(
            make.hypothesis(
                name,
                family=stated.get("family"),
                listed="@" not in name,
                production=tuple(stated.get("production", (None, None))),
                **expectations,
            )
        )
    findings = [
        make.finding(trait_id, value, number=number, method=Method(case.get("method", "photograph")))
        for number, value in enumerate(case["findings"])
    ]
    comparisons, not_scored = compare(findings, hypotheses, catalogue, event_year=case.get("event_year"))
    assert [reason for _, reason in not_scored] == case.get("not_scored", [])
    if "log10" not in case:
        assert comparisons == ()
        return
    got = dict(zip(case["hypotheses"], make.log10(comparisons[0]), strict=True))
    for name, expected in case["log10"].items():
        if isinstance(expected, list):
            assert expected[0] <= got[name] <= expected[1], (name, got[name])
        else:
            assert got[name] == pytest.approx(expected, abs=case.get("tolerance", 2e-4)), name
    words = dict(zip(case["hypotheses"], comparisons[0].match, strict=True))
    assert {name: words[name] for name in case.get("match", {})} == case.get("match", {})
