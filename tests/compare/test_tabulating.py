"""Tables of every possible record."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest

from forensics.compare import background_edges, compare, tabulate

KINDS = {
    "fin_form": (
        {"kind": "category", "probabilities": {"lattice": 0.9}},
        {"kind": "category", "probabilities": {"fixed": 1.0}},
    ),
    "marking_script": (
        {"kind": "category", "probabilities": {"hangul": 0.62, "latin": 0.2}},
        {"kind": "category", "probabilities": {"cyrillic": 0.9}},
    ),
    "fin_count": ({"kind": "count", "probabilities": {4: 1.0}}, {"kind": "count", "probabilities": {6: 0.5, 8: 0.5}}),
    "raceway": ({"kind": "presence", "probability": 1.0}, {"kind": "presence", "probability": 0.1}),
    "diameter": ({"kind": "measured", "mean": 1100, "between_sd": 60}, {"kind": "measured", "low": 700, "high": 850}),
    "igniter": (
        {"kind": "ring", "count": 20, "spacing": "even"},
        {"kind": "ring", "count": 18, "spacing": "grouped", "groups": 6},
    ),
    "marking_text": (
        {"kind": "text", "grammars": {"grau": 1.0}},
        {"kind": "text", "grammars": {"jamo": 0.5}, "strings": {"방-122": 0.5}},
    ),
    "year_mark": (
        {
            "kind": "dates",
            "calendars": {"juche": 0.42, "gregorian": 0.03},
            "codes": [
                {"text": "112", "probability": 0.1, "meaning": "plant"},
                {"text": "A7", "probability": 0.05, "meaning": "x"},
            ],
        },
        {"kind": "dates", "calendars": {"gregorian": 0.3, "gregorian_2": 0.3, "persian": 0.1}},
    ),
    "date_code_newest": (None, None),
    "use_by_date": (None, None),
}


def _case(make: SimpleNamespace) -> tuple[object, list[object]]:
    level = {"level": "state"}
    catalogue = make.catalogue(
        make.trait("fin_form", "category", values=("lattice", "fixed", "folding")),
        make.trait("marking_script", "category", values=("hangul", "cyrillic", "latin"), **level),
        make.trait("fin_count", "count"),
        make.trait("raceway", "presence"),
        make.trait("diameter", "measured"),
        make.trait("igniter", "ring"),
        make.trait("marking_text", "text"),
        make.trait("year_mark", "year_mark", **level),
        make.trait("date_code_newest", "date"),
        make.trait("use_by_date", "date"),
        make.trait("reference_match", "score"),
        grammars={"grau": r"9[МБ]7\d\d", "jamo": r"\j\s?\d{2,8}"},
        backgrounds={
            "marking_script": {"rates": {"hangul": 0.015, "cyrillic": 0.12, "latin": 0.6}},
            "diameter": {"theta": 5, "ln_mean": {"any": 6.4}, "ln_sd": {"any": 0.7}},
        },
        edges=(("fin_form", "fin_count"),),
    )
    one = {trait: (pair[0], 0.9) for trait, pair in KINDS.items() if pair[0]}
    two = {trait: (pair[1], 0.7) for trait, pair in KINDS.items() if pair[1]}
    return catalogue, [
        make.hypothesis("one", production=(2018, None), **one),
        make.hypothesis("two", production=(1980, 1999), **two),
        make.hypothesis("hardly-documented"),
        make.hypothesis("unlisted@other", listed=False, state="other"),
    ]


@pytest.mark.parametrize("trait", sorted(KINDS))
@pytest.mark.parametrize("event_year", [2024, None])
def test_columns_sum_to_one(make: SimpleNamespace, trait: str, event_year: int | None) -> None:
    catalogue, hypotheses = _case(make)
    table = tabulate(trait, hypotheses, catalogue, event_year=event_year)
    assert table is not None
    assert table.likelihood.shape == (len(table.labels), 4)
    assert np.abs(table.likelihood.sum(axis=0) - 1.0).max() < 1e-9
    assert abs(table.background.sum() - 1.0) < 1e-9
    assert (table.background > 0).all()
    assert (table.likelihood >= 0).all()
    assert np.array_equal(table.likelihood[:, 3], table.background)
    assert table.weight[3] == 0.0
    assert table.origin[3] == -1
    assert len(set(table.labels)) == len(table.labels)
    known = table.weight > 0
    assert known[:2].all()
    assert (table.likelihood[:, known] / table.background[:, None]).max() <= 100 + 1e-6
    # the mixture with any q and w is a law again, and the mean ratio under the background is 1
    ratio = 1 + 0.9 * table.weight * (table.likelihood / table.background[:, None] - 1)
    assert np.allclose(table.background @ ratio, 1.0, atol=1e-9)


@pytest.mark.parametrize(
    ("trait", "label", "value"),
    [
        ("fin_form", "lattice", {"kind": "category", "weights": {"lattice": 1.0}}),
        ("marking_script", "hangul", {"kind": "category", "weights": {"hangul": 1.0}}),
        ("fin_count", "4", {"kind": "count", "count": 4}),
        ("raceway", "seen", {"kind": "presence"}),
        ("raceway", "looked for and not there", {"kind": "absent", "coverage": 1.0}),
        ("igniter", "20 even", {"kind": "ring", "counted": 20, "stated": "20 even"}),
    ],
)
def test_a_table_and_a_comparison_say_the_same(
    make: SimpleNamespace, trait: str, label: str, value: dict[str, object]
) -> None:
    catalogue, hypotheses = _case(make)
    table = tabulate(trait, hypotheses, catalogue)
    row = table.labels.index(label)
    compared = compare([make.finding(trait, value)], hypotheses, catalogue)[0][0].table
    assert table.likelihood[row] / table.background[row] == pytest.approx(
        compared.likelihood[0] / compared.background[0], rel=0.02
    )


def test_a_year_in_the_table_weighs_as_in_the_comparison(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    table = tabulate("year_mark", hypotheses, catalogue, event_year=2024)
    for text in ("112", "85"):
        finding = make.finding("year_mark", {"kind": "year_mark", "readings": [{"text": text}]})
        compared = compare([finding], hypotheses, catalogue, event_year=2024)[0][0].table
        row = table.labels.index(text)
        assert np.log10(table.likelihood[row, :2] / table.background[row]) == pytest.approx(
            np.log10(compared.likelihood[0, :2] / compared.background[0]), abs=0.25
        )


def test_nothing_to_tabulate(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    assert tabulate("no_such_trait", hypotheses, catalogue) is None
    assert tabulate("reference_match", hypotheses, catalogue) is None
    assert tabulate("fin_count", hypotheses[2:], catalogue) is None
    assert tabulate("date_code_newest", hypotheses[2:], catalogue) is None


def test_measured_bins_are_about_a_hundred_and_twenty(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    assert 100 <= len(tabulate("diameter", hypotheses, catalogue).labels) <= 125


def _pairs(make: SimpleNamespace, together: bool) -> tuple[object, list[object]]:
    """Families whose fin form and count go together, or do not."""
    catalogue, _ = _case(make)
    hypotheses = []
    for number in range(12):
        form = "lattice" if number % 2 else "fixed"
        many = (number % 2 == 1) if together else (number % 4 < 2)
        hypotheses.append(
            make.hypothesis(
                f"h{number}",
                fin_form=({"kind": "category", "probabilities": {form: 1.0}}, 0.9),
                fin_count=({"kind": "count", "probabilities": {8 if many else 4: 1.0}}, 0.9),
            )
        )
    hypotheses.append(make.hypothesis("half", fin_count=({"kind": "count", "probabilities": {4: 1.0}}, 0.9)))
    return catalogue, hypotheses


def _edge(make: SimpleNamespace, together: bool, form: str, count: int) -> object:
    catalogue, hypotheses = _pairs(make, together)
    findings = [
        make.finding("fin_form", {"kind": "category", "weights": {form: 1.0}}, number=1),
        make.finding("fin_count", {"kind": "count", "count": count}, number=2),
    ]
    comparisons, _ = compare(findings, hypotheses, catalogue)
    (edge,) = background_edges(comparisons, hypotheses, catalogue)
    return edge


def test_traits_that_go_together_elsewhere_are_not_two_surprises(make: SimpleNamespace) -> None:
    assert _edge(make, True, "lattice", 8).log_edge > 0.3
    assert _edge(make, True, "lattice", 4).log_edge < -0.3
    assert abs(_edge(make, False, "lattice", 8).log_edge) < 0.15


def test_an_edge_applies_only_where_both_values_are_known(make: SimpleNamespace) -> None:
    edge = _edge(make, True, "lattice", 8)
    assert (edge.first, edge.second) == ("fin_form", "fin_count")
    assert edge.applies.tolist() == [True] * 12 + [False]


def test_the_pair_background_is_a_law(make: SimpleNamespace) -> None:
    """Given one record, the predictive law of the other sums to 1 (IPF)."""
    total = 0.0
    catalogue, hypotheses = _pairs(make, True)
    counts = tabulate("fin_count", hypotheses, catalogue)
    for row, label in enumerate(counts.labels):
        total += counts.background[row] * np.exp(_edge(make, True, "lattice", int(label)).log_edge)
    # the range of counts considered grows with the count recorded, hence not to the last digit
    assert total == pytest.approx(1.0, abs=1e-3)


def test_no_edge_without_both_records(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _pairs(make, True)
    comparisons, _ = compare([make.finding("fin_count", {"kind": "count", "count": 4})], hypotheses, catalogue)
    assert background_edges(comparisons, hypotheses, catalogue) == ()


def test_a_sheet_against_many_hypotheses_is_fast(make: SimpleNamespace) -> None:
    """A generous bound, so that a busy machine passes and a lost vectorisation does not."""
    catalogue, hypotheses = _case(make)
    many = [h.model_copy(update={"id": f"{h.id}-{n}", "family": f"f{n}"}) for n in range(42) for h in hypotheses]
    findings = [
        make.finding("fin_form", {"kind": "category", "weights": {"lattice": 1.0}}, number=1),
        make.finding("fin_count", {"kind": "count", "count": 4}, number=2),
        make.finding("diameter", {"kind": "measured", "value": 1100, "uncertainty": 20, "unit": "mm"}, number=3),
        make.finding("igniter", {"kind": "ring", "angles_deg": [18.0 * n for n in range(20)]}, number=4),
        make.finding("marking_text", {"kind": "text", "readings": [{"text": "ㅈ 12345"}]}, number=5),
        make.finding("year_mark", {"kind": "year_mark", "readings": [{"text": "112"}]}, number=6),
    ]
    compare(findings, many, catalogue, event_year=2024)
    start = time.process_time()
    compare(findings, many, catalogue, event_year=2024)
    assert time.process_time() - start < 0.5
