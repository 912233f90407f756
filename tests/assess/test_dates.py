"""Dates over the latent production year."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess.dates import DateRecord, date_term
from forensics.model.tables import DateTable

YEARS = np.arange(2018, 2026)


def record(trait, likelihood, background, *, weight=(0.9, 0.9), quality=0.95, prior=None, photograph=None):
    prior = np.full((8, 2), 1 / 8) if prior is None else prior
    table = DateTable(YEARS, prior, np.full(8, 1 / 8), np.asarray(likelihood, dtype=float), np.asarray(background))
    return DateRecord(trait, table, np.array(weight), np.array([3, 4]), quality, photograph)


def year_2023(strength):
    """(8, 2): the mark says 2023 with this probability under the first hypothesis, anything under the second."""
    likelihood = np.full((8, 2), 0.01)
    likelihood[5, 0] = strength
    return likelihood


def weigh(records):
    term = date_term(records, block="date", floor=0.01, cap=2 * np.log(10))
    return 1 + term.quality * term.weight * (term.ratio - 1)


def test_one_record_is_the_core_identity():
    mark = record("mark", year_2023(0.42), np.full(8, 0.01))
    f = (0.42 + 7 * 0.01) / 8
    assert weigh([mark])[0] == pytest.approx(1 + 0.95 * 0.9 * (f / 0.01 - 1))
    assert weigh([mark])[1] == pytest.approx(1.0)


def test_two_records_agreeing_on_a_year_are_worth_more_than_their_product():
    mark = record("mark", year_2023(0.42), np.full(8, 0.01), quality=1.0, weight=(1.0, 1.0))
    code = record("code", year_2023(0.42), np.full(8, 0.01), quality=1.0, weight=(1.0, 1.0))
    joint = (0.42**2 + 7 * 0.01**2) / 8 / 0.01**2
    assert weigh([mark, code])[0] == pytest.approx(min(joint, 100.0))
    assert joint > weigh([mark])[0] * weigh([code])[0]


def test_records_contradicting_each_other_are_worth_less_than_their_product():
    other = np.full((8, 2), 0.01)
    other[1, 0] = 0.42
    mark = record("mark", year_2023(0.42), np.full(8, 0.01), quality=1.0, weight=(1.0, 1.0))
    code = record("code", other, np.full(8, 0.01), quality=1.0, weight=(1.0, 1.0))
    assert weigh([mark, code])[0] < weigh([mark])[0] * weigh([code])[0]


def test_a_record_a_hypothesis_knows_nothing_about_adds_exactly_nothing_to_it():
    mark = record("mark", year_2023(0.42), np.full(8, 0.01))
    code = record("code", np.full((8, 2), 0.2), np.full(8, 0.05), weight=(0.0, 0.9))
    together, alone = weigh([mark, code]), weigh([mark])
    assert together[0] == pytest.approx(alone[0], rel=1e-12)
    assert together[1] != pytest.approx(alone[1])


def test_the_joint_background_has_the_foreign_occurrence_floor():
    mark = record("mark", np.full((8, 2), 0.5), np.full(8, 1e-6))
    term = date_term([mark], block="date", floor=0.01, cap=1e9)
    assert 1 + term.quality * (term.ratio[0] - 1) <= 100.0 + 1e-9


def test_an_unreadable_record_says_nothing():
    mark = record("mark", year_2023(0.42), np.full(8, 0.01))
    useless = record("code", year_2023(0.9), np.full(8, 0.01), quality=1e-12)
    assert weigh([mark, useless])[0] == pytest.approx(weigh([mark])[0], rel=1e-6)


def test_records_off_one_photograph_fail_together():
    mark = record("mark", year_2023(0.42), np.full(8, 0.05), photograph="p")
    code = record("code", year_2023(0.42), np.full(8, 0.05), photograph="p")
    apart = record("code", year_2023(0.42), np.full(8, 0.05), photograph="q")
    joint = (0.42**2 + 7 * 0.01**2) / 8 / 0.05**2
    assert weigh([mark, code])[0] == pytest.approx(1 + 0.9 * 0.95 * (joint - 1))
    assert weigh([mark, code])[0] > weigh([mark, apart])[0]


def test_years_must_agree():
    mark = record("mark", year_2023(0.42), np.full(8, 0.01))
    table = DateTable(YEARS[1:], mark.table.prior[1:], np.full(7, 1 / 7), mark.table.likelihood[1:], np.full(7, 0.01))
    with pytest.raises(ValueError, match="different years"):
        date_term(
            [mark, DateRecord("code", table, mark.weight, mark.origin, 0.9, None)], block="date", floor=0.01, cap=9
        )
