"""Years, codes, look-elsewhere, component dates, production windows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from forensics.compare import compare
from forensics.compare.calendars import bare_number, year_readings
from forensics.compare.dates import calendar_year_kernel, date_cells, mark_parts
from forensics.compare.production import year_prior
from forensics.compare.stated import number_origins, state_values

DPRK_MARKS = {
    "kind": "dates",
    "calendars": {"juche": 0.42, "gregorian": 0.03},
    "codes": [{"text": "112", "probability": 0.10, "meaning": "February 11 plant"}],
}
PLANT = "plant code: February 11 plant"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("112", {("juche", 2023), ("minguo", 2023)}),
        ("89", {("juche", 2000), ("minguo", 2000), ("gregorian_2", 1989)}),
        ("2019", {("gregorian", 2019)}),
        ("1402", {("persian", 2023)}),
        ("2566", {("buddhist", 2023)}),
        ("주체 112", {("juche", 2023)}),
        ("民國 99", {("minguo", 2010)}),
        ("A-112-7", set()),
        ("517", set()),
        ("05", {("gregorian_2", 2005)}),
    ],
)
def test_every_calendar_a_number_could_be_read_in(text: str, expected: set[tuple[str, int]]) -> None:
    found = {(reading.calendar, reading.year) for reading in year_readings(text, 1940, 2024)}
    assert found == expected


def test_bare_numbers() -> None:
    assert bare_number(" 112년 ") == "112"
    assert bare_number("007") == "7"
    assert bare_number("12-34") is None
    assert bare_number("ㅈ") is None


def _mark(text: str = "112", **more: object) -> dict[str, object]:
    return {"kind": "year_mark", "readings": [{"text": text}], **more}


def _case(make: SimpleNamespace, **parameters: float) -> tuple[object, list[object]]:
    catalogue = make.catalogue(
        make.trait("year_mark", "year_mark", level="state", block="date"),
        make.trait("date_code_newest", "date", block="date"),
        make.trait("use_by_date", "date", block="date"),
        **parameters,
    )
    return catalogue, [
        make.hypothesis("korean", production=(2018, None), year_mark=(DPRK_MARKS, 0.9)),
        make.hypothesis("korean-old", production=(1985, 1999), year_mark=(DPRK_MARKS, 0.9)),
        make.hypothesis("new", production=(2019, None)),
        make.hypothesis("old", production=(1970, 1989)),
        make.hypothesis("unlisted@DPRK", listed=False, year_mark=(DPRK_MARKS, 0.8)),
        make.hypothesis("unlisted@other", listed=False, state="other"),
    ]


@pytest.mark.parametrize(("marks", "expected"), [(1, 185), (3, 62), (10, 19), (30, 7), (50, 4)])
def test_look_elsewhere(make: SimpleNamespace, marks: int, expected: float) -> None:
    """ "112" alone for a design with P(2023) = .25, against marks without any convention."""
    catalogue, hypotheses = _case(
        make, marks_examined_floor=1.0, juche_elsewhere=0.0, gregorian_elsewhere=0.0, foreign_occurrence_floor=0.0
    )
    trait = catalogue.vocabulary.traits["year_mark"]
    stated = state_values(trait, hypotheses, catalogue, number_origins(hypotheses))
    value = make.recorded(_mark(examined_marks=marks))
    parts = mark_parts(value, stated, np.array([2022, 2023]), catalogue)
    likelihood = 0.75 * parts.of_values[0, :, 0].sum() + 0.25 * parts.of_values[0, :, 1].sum()
    assert likelihood / (marks / 900) == pytest.approx(expected, rel=0.07, abs=0.5)


def test_an_unrecorded_number_of_marks_counts_as_ten_and_few_as_four(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)

    def background(**more: object) -> float:
        finding = make.finding("year_mark", _mark(**more))
        return float(compare([finding], hypotheses, catalogue, event_year=2024)[0][0].table.background[0])

    assert background() == background(examined_marks=10)
    assert background(examined_marks=1) == background(examined_marks=4)
    assert background(examined_marks=40) > background() > background(examined_marks=4)


def test_readings_of_112(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    finding = make.finding("year_mark", _mark())
    comparison = compare([finding], hypotheses, catalogue, event_year=2024)[0][0]
    korean = comparison.readings["korean"]
    assert set(korean) >= {"Juche 112 = 2023", PLANT}
    assert sum(korean.values()) == pytest.approx(1.0, abs=0.02)
    assert 0.3 < korean["Juche 112 = 2023"] < 0.8
    assert korean[PLANT] > 0.15
    # an old type cannot bear the year 2023: the plant stays
    old = comparison.readings["korean-old"]
    assert old[PLANT] > 0.8
    elsewhere = comparison.readings["unlisted@other"]
    assert PLANT not in elsewhere
    assert elsewhere["serial or other number"] > 0.4
    assert make.log10(comparison)[0] > 0.7
    assert make.ratios(comparison)[5] == 1.0


def test_component_dates_settle_the_reading(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    mark = make.finding("year_mark", _mark(), number=1)

    def juche(year: float) -> float:
        code = make.finding("date_code_newest", {"kind": "date", "year": year}, number=2)
        comparisons, _ = compare([mark, code], hypotheses, catalogue, event_year=2024)
        marks = next(c for c in comparisons if c.table.trait == "year_mark")
        return float(marks.readings["korean"]["Juche 112 = 2023"])

    assert juche(2023.0) > juche(2018.0)


def test_juche_years_end_and_begin(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    stated = state_values(catalogue.vocabulary.traits["year_mark"], hypotheses, catalogue, number_origins(hypotheses))
    years = np.arange(1980, 2027)

    def juche(text: str, year: int) -> float:
        parts = mark_parts(make.recorded(_mark(text)), stated, years, catalogue)
        row = [n for n, label in enumerate(parts.labels) if label.startswith("Juche")]
        return float(parts.of_values[0, row, year - 1980].sum()) if row else 0.0

    assert juche("112", 2023) == pytest.approx(0.42)
    assert juche("112", 2022) == 0.0
    assert juche("80", 1991) == 0.0
    assert 0 < juche("115", 2026) < 0.2


def test_two_digit_marks_keep_both_readings(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    finding = make.finding("year_mark", _mark("89"))
    readings = compare([finding], hypotheses, catalogue, event_year=2024)[0][0].readings["korean-old"]
    assert {"Juche 89 = 2000", "Gregorian year 1989"} <= set(readings)


def test_a_mark_on_several_assemblies_is_one_trait_with_more_quality(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    once = compare([make.finding("year_mark", _mark())], hypotheses, catalogue, event_year=2024)[0]
    thrice = compare([make.finding("year_mark", _mark(repeats=3))], hypotheses, catalogue, event_year=2024)[0]
    rows = [make.finding("year_mark", _mark(), number=n, item=f"part{n}") for n in range(3)]
    by_rows = compare(rows, hypotheses, catalogue, event_year=2024)[0]
    assert len(by_rows) == 1
    assert once[0].quality < thrice[0].quality <= 0.98
    assert make.log10(by_rows[0])[0] == pytest.approx(make.log10(thrice[0])[0])
    assert make.log10(thrice[0])[0] - make.log10(once[0])[0] < 0.1


def test_newest_component_bounds_production(make: SimpleNamespace) -> None:
    catalogue, hypotheses = _case(make)
    findings = [
        make.finding("date_code_newest", {"kind": "date", "year": 2021.0}, number=1),
        make.finding("date_code_newest", {"kind": "date", "year": 2023.0}, number=2),
    ]
    comparisons, not_scored = compare(findings, hypotheses, catalogue, event_year=2024)
    assert not_scored == (("o001", "a newer date of the same kind is scored instead"),)
    log10 = make.log10(comparisons[0])
    assert log10[2] > 0.1
    assert log10[3] < -0.7
    assert log10[5] == 0.0
    assert comparisons[0].match[5] == "unknown"
    assert comparisons[0].dates is not None


def test_date_kernel_sums_to_one_and_keeps_the_order(make: SimpleNamespace) -> None:
    years = np.arange(2000, 2024)
    for use_by in (False, True):
        cells = date_cells(years, use_by=use_by)
        kernel = calendar_year_kernel(years, cells, use_by=use_by, parameters=make.parameters())
        assert np.allclose(kernel.sum(axis=1), 1.0, atol=1e-12)
        late = kernel[10, cells > 2010].sum()
        assert late == pytest.approx(2e-4, rel=0.01) if not use_by else late > 0.9


def test_production_after_the_event_is_impossible_and_edges_are_soft(make: SimpleNamespace) -> None:
    _, hypotheses = _case(make)
    years, prior, elsewhere = year_prior(hypotheses, 2024, make.parameters())
    assert years[-1] == 2024
    assert np.allclose(prior.sum(axis=0), 1.0, atol=1e-12)
    assert elsewhere.sum() == pytest.approx(1.0)
    assert np.array_equal(prior[:, 5], elsewhere)
    at = {int(year): number for number, year in enumerate(years)}
    assert 0 < prior[at[2017], 0] < prior[at[2018], 0] < prior[at[2023], 0]
    undated = year_prior(hypotheses, None, make.parameters())[0]
    assert undated[-1] > 2024


def test_joint_evidence_over_the_year_is_not_a_product(make: SimpleNamespace) -> None:
    """The tables given to the assessment reproduce the marginal of each record and share the years."""
    catalogue, hypotheses = _case(make)
    findings = [
        make.finding("year_mark", _mark(), number=1),
        make.finding("date_code_newest", {"kind": "date", "year": 2023.0}, number=2),
    ]
    comparisons, _ = compare(findings, hypotheses, catalogue, event_year=2024)
    for comparison in comparisons:
        dates = comparison.dates
        assert dates is not None
        assert comparison.table.background[0] == pytest.approx(float(dates.background_prior @ dates.background))
        marginal = (dates.prior * dates.likelihood).sum(axis=0)
        known = comparison.table.weight > 0
        assert comparison.table.likelihood[0, known] == pytest.approx(marginal[known])
    silent = hypotheses.index(next(h for h in hypotheses if h.id == "unlisted@other"))
    codes, marks = comparisons
    product = codes.dates.prior[:, silent] * codes.dates.likelihood[:, silent] * marks.dates.likelihood[:, silent]
    reference = codes.dates.background_prior * codes.dates.background * marks.dates.background
    assert np.array_equal(product, reference)
