"""How numbers, bands and names are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.report.names import as_a, joined, the_state
from forensics.report.numbers import log10_text, percent, probability, range_text, ratio_text, times
from forensics.report.scales import SCALES, band, support

LIMIT = 4.0


@pytest.mark.parametrize(
    ("log10_lr", "expected"),
    [
        (0.0, "1"),
        (0.08, "1.2"),
        (1.0, "10"),
        (1.55, "35"),
        (2.83, "670"),
        (2.999, "990"),
        (3.0, "1,000"),
        (3.07, "1,100"),
    ],
)
def test_two_significant_figures_at_most(log10_lr, expected):
    assert times(log10_lr) == expected


@given(st.floats(0.0, 4.0))
def test_a_printed_ratio_never_claims_more_than_the_number(log10_lr):
    printed = float(times(log10_lr).replace(",", ""))
    assert printed <= 10**log10_lr * (1 + 1e-6)
    assert printed >= 10**log10_lr * 0.9
    assert len(times(log10_lr).replace(",", "").replace(".", "").strip("0")) <= 2


@given(st.floats(-4.0, 4.0), st.floats(0.0, 2.0))
def test_a_printed_interval_contains_the_interval(low, width):
    def read(text):
        return 1 / float(text[2:].replace(",", "")) if text.startswith("1/") else float(text.replace(",", ""))

    high = min(4.0, low + width)
    first, last = range_text((low, high), LIMIT).split(" to ")
    assert read(first) <= 10**low * (1 + 1e-6)
    assert read(last) >= 10**high * (1 - 1e-6)


@pytest.mark.parametrize(
    ("log10_lr", "expected"),
    [(-1.55, "1/35"), (4.0, "10,000"), (4.2, "at least 10,000"), (-5.0, "at most 1/10,000"), (-0.001, "1"), (0.0, "1")],
)
def test_ratios_in_a_cell(log10_lr, expected):
    assert ratio_text(log10_lr, LIMIT) == expected


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [(0.0, None, "0.00"), (-0.001, None, "0.00"), (2.834, None, "+2.83"), (4.6, 4.0, "> +4"), (-4.6, 4.0, "< -4")],
)
def test_logarithms(value, limit, expected):
    assert log10_text(value, limit) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (0.5, "0.50"),
        (0.9964, "0.996"),
        (0.99996, "> 0.9999"),
        (0.00001, "< 0.0001"),
        (0.03, "0.03"),
    ],
)
def test_probabilities(value, expected):
    assert probability(value) == expected


@given(st.floats(0.0001, 0.9999))
def test_a_doubt_is_never_rounded_away(value):
    assert probability(value) not in {"0", "1", "0.00", "1.00", "1.0"}


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.51, "51 %"), (0.999, "> 99 %"), (1.0, "100 %")]
)
def test_percent(share, expected):
    assert percent(share) == expected


@pytest.mark.parametrize(
    ("log10_lr", "words"),
    [
        (0.5, "weak"),
        (0.999, "weak"),
        (1.0, "moderate"),
        (2.0, "moderately strong"),
        (2.9999999999, "strong"),
        (3.0, "strong"),
        (4.0, "very strong"),
        (6.5, "extremely strong"),
    ],
)
def test_the_bands_of_the_default_scale(log10_lr, words):
    """ENFSI 2015: 2-10, 10-100, 100-1000, 1000-10,000, 10,000-1,000,000, above."""
    found = band(log10_lr)
    assert found is not None
    assert found.words == words


def test_one_supports_neither_side():
    assert band(0.0) is None
    assert support(0.0) == "no support either way"


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((2.45, 3.38), "moderately strong to strong support"),
        ((2.1, 2.9), "moderately strong support"),
        ((-0.4, 2.9), "from weak support for the other proposition to moderately strong support"),
    ],
)
def test_an_interval_that_crosses_bands_prints_both(interval, expected):
    assert support(2.5, interval) == expected


def test_every_scale_ascends_and_is_cited():
    for scale in SCALES.values():
        bounds = [entry.from_log10 for entry in scale.bands]
        assert bounds == sorted(set(bounds))
        assert scale.citation


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hwasong-11A", "a Hwasong-11A"),
        ("Iskander-M 9M723", "an Iskander-M 9M723"),
        ("9M79-1 Tochka-U", "a 9M79-1 Tochka-U"),
        ("S-300", "an S-300"),
        ("M142", "an M142"),
        ("R-122", "an R-122"),
        ("KN-25", "a KN-25"),
        ("122 mm Grad pattern rocket", "a 122 mm Grad pattern rocket"),
        ("82 mm mortar bomb", "an 82 mm mortar bomb"),
        ("Shahed-136", "a Shahed-136"),
        ("UAV", "a UAV"),
        ("Unha-3", "an Unha-3"),
    ],
)
def test_articles(name, expected):
    assert as_a(name) == expected


def test_lists_and_states():
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"], "or") == "a, b or c"
    assert the_state("DPRK") == "the DPRK"
    assert the_state("United States") == "the United States"
    assert the_state("North Korea") == "North Korea"
