"""Numbers as typed: what is read is what was meant, and nothing a person can type breaks the reading."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import SheetError
from forensics.intake import check_sheet, read_sheet
from forensics.intake.cells import CellError
from forensics.intake.numbers import fraction, number, number_text, to_unit, whole_number
from forensics.intake.values import ValueCells, parse_value
from forensics.intake.words import Lexicon, fold, plain_text

wholes = st.integers(0, 10**9)
places = st.text("0123456789", min_size=1, max_size=6)


class TestNumber:
    """One number has many spellings; a spelling has at most one number."""

    @given(wholes, places)
    def test_a_decimal_point_and_a_comma_mean_the_same(self, whole, decimals):
        expected = Decimal(f"{whole}.{decimals}")
        assert number(f"{whole}.{decimals}") == expected
        if len(decimals) != 3 or whole == 0 or whole > 999:
            assert number(f"{whole},{decimals}") == expected

    @given(st.integers(1, 999), st.text("0123456789", min_size=3, max_size=3))
    def test_a_comma_before_three_digits_is_refused(self, whole, decimals):
        with pytest.raises(CellError, match="could be"):
            number(f"{whole},{decimals}")

    @given(wholes)
    def test_grouped_thousands(self, whole):
        assert number(f"{whole:,}".replace(",", " ")) == whole
        assert number(f"{whole:,}".replace(",", "'")) == whole
        assert number(f"{whole:,}.5") == Decimal(whole) + Decimal("0.5")
        assert number(f"{whole:,}".replace(",", ".") + ",5") == Decimal(whole) + Decimal("0.5")

    @given(wholes, wholes, wholes)
    def test_two_decimal_commas_are_refused(self, first, second, third):
        with pytest.raises(CellError):
            number(f"{first},{second},{third}")

    @given(st.floats(0, 1e11, allow_subnormal=False))
    def test_what_is_written_reads_back(self, value):
        assert float(number(number_text(value))) == value

    @given(st.text(max_size=20))
    def test_anything_else_is_refused_and_nothing_else_happens(self, text):
        for read in (number, whole_number, lambda one: fraction(one, "coverage")):
            try:
                read(plain_text(text))
            except CellError:
                continue


@given(wholes, st.sampled_from(["mm", "cm", "m", "in", "ft"]), st.sampled_from(["mm", "cm", "m"]))
def test_units_there_and_back(amount, unit, wanted):
    there = to_unit(Decimal(amount), unit, wanted)
    assert abs(to_unit(there, wanted, unit) - amount) <= Decimal(amount) * Decimal("1e-20")


def test_units_of_another_kind():
    for unit, wanted in (("kg", "mm"), ("deg", "mm"), ("mm", "furlong")):
        with pytest.raises(CellError) as caught:
            to_unit(Decimal(1), unit, wanted)
        assert caught.value.column == "unit"


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


FRAGMENTS = (
    "1100 20 0 9 , . ± - -- .. > >= < % mm cm in ( ) : ; | ~ about chord sagitta = even in 6 groups of window over "
    "0-160 angles sigma pitch ratio face outer inner deformed to до marks repeats week 12 2023 juche year w count "
    "lattice fixed or absent 이상 약 개 주 현 시 9М723 112 \" '' 1/2 e5"
)
fragments = st.lists(st.sampled_from(FRAGMENTS.split(" ")) | st.text(max_size=3), max_size=7)
COLUMNS = st.sampled_from(["", "unit", "uncertainty", "state", "coverage"])


@settings(max_examples=150, deadline=None)
@given(parts=fragments, glue=st.sampled_from(["", " "]), column=COLUMNS)
def test_no_cell_breaks_the_reading(parts, glue, column, vocabulary):
    lexicon = Lexicon(vocabulary)
    cells = {"value": glue.join(parts), **({column: " ".join(parts[:2])} if column else {})}
    for trait in vocabulary.traits.values():
        try:
            value, notes = parse_value(ValueCells(**cells), trait, lexicon)
        except CellError as refused:
            assert refused.message and refused.column in ("value", "unit", "uncertainty", "state", "coverage")
        else:
            assert value.model_validate_json(value.model_dump_json()) == value
            assert all(notes)


cells = st.sampled_from(["item", "trait", "value", ",", ";", "\t", "\n", '"', "K-1", "fin_count", "4", "#"])
contents = st.binary(max_size=300) | st.lists(cells, max_size=40).map(lambda parts: "".join(parts).encode())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents, suffix=st.sampled_from(["csv", "tsv", "yaml", "json", "xlsx", "ods", "xls"]))
def test_no_file_breaks_the_reading(content, suffix, vocabulary, tmp_path):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    found = check_sheet(path, vocabulary)
    assert all(fault.message and fault.file == str(path) for fault in found)
    try:
        assert read_sheet(path, vocabulary)
    except SheetError as error:
        assert error.faults == found
