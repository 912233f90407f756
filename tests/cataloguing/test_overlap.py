"""The separability matrix says what the engine does on ordinary sheets."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess.settings import Settings
from forensics.assess.sheets import score_tables
from forensics.catalogue import load, resolve
from forensics.catalogue.overlap import EXAMINED_QUALITY, Overlap, measure_overlap
from forensics.workflow.judging import tables_of
from forensics.workflow.separating import overlap_csv, overlap_picture, overlap_text

SHEETS = 4000


@pytest.fixture(scope="module")
def catalogue():
    return load()


@pytest.fixture(scope="module")
def tables(catalogue):
    return tables_of(catalogue)


@pytest.fixture(scope="module")
def overlap(catalogue, tables) -> Overlap:
    return measure_overlap(resolve(catalogue)[0], tables, catalogue)


def engine_mean(catalogue, tables, first: str, second: str) -> float:
    """Mean log10 LR of the true type over the other on drawn sheets, both directions averaged, by the engine itself."""
    hypotheses, _ = resolve(catalogue)
    rows = {hypothesis.id: row for row, hypothesis in enumerate(hypotheses)}
    a, b = rows[first], rows[second]
    chosen = [table for table in tables.values() if table.weight[a] > 0 or table.weight[b] > 0]
    rng = np.random.default_rng(1)
    survival = np.array([catalogue.vocabulary.traits[table.trait].survival for table in chosen])
    means = []
    for true, other in ((a, b), (b, a)):
        codes = np.full((SHEETS, len(chosen)), -1, dtype=np.int32)
        for column, table in enumerate(chosen):
            law = table.background + EXAMINED_QUALITY * table.weight[true] * (
                table.likelihood[:, true] - table.background
            )
            codes[:, column] = rng.choice(len(law), size=SHEETS, p=np.maximum(law, 0) / np.maximum(law, 0).sum())
        codes[rng.random(codes.shape) >= survival] = -1
        scores = score_tables(
            codes,
            chosen,
            [EXAMINED_QUALITY] * len(chosen),
            settings=Settings.read(catalogue.parameters),
            rho={block.id: block.rho for block in catalogue.vocabulary.blocks.values()},
        )
        means.append(float((scores[:, true] - scores[:, other]).mean()))
    return sum(means) / 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("hwasong-11a", "9m723"),
        ("hwasong-11a", "hwasong-11b"),
        ("9m79-1", "kn-02"),
        ("9m22u", "r-122"),
        ("5v55", "48n6"),
        ("of-540", "dprk-152mm-shell"),
        ("geran-2", "shahed-136"),
        ("kh-22", "kh-32"),
        ("9m133", "javelin"),
    ],
)
def test_expected_weight_agrees_with_drawn_sheets(catalogue, tables, overlap, first, second) -> None:
    expected = overlap.separation(first, second).expected_log10_lr
    drawn = engine_mean(catalogue, tables, first, second)
    assert expected == pytest.approx(drawn, rel=0.15, abs=0.15)
    # What is called not separable stays within the tie distance on drawn sheets, and the other way round.
    if abs(drawn - overlap.threshold_log10) > 0.25:
        assert (expected < overlap.threshold_log10) == (drawn < overlap.threshold_log10)


def test_the_matrix_is_symmetric_with_an_empty_diagonal(overlap) -> None:
    assert np.allclose(overlap.matrix, overlap.matrix.T)
    assert np.all(overlap.matrix >= 0)
    assert np.allclose(np.diag(overlap.matrix), 0)
    assert np.allclose(sum(overlap.per_trait.values()).clip(min=0), overlap.matrix, atol=1e-9)


def test_a_pair_says_by_what_and_what_is_missing(overlap) -> None:
    pair = overlap.separation("hwasong-11a", "9m723")
    assert "igniter_bolt_ring" in dict(pair.by)
    twins = overlap.separation("emad", "shahab-3")
    assert twins.expected_log10_lr < 0.01
    assert twins.missing.startswith("stated for neither: ")


def test_hardly_documented_types_are_named_and_their_pairs_left_out() -> None:
    text = overlap_text(None, type_id=None, limit=5)
    assert "hardly documented" in text
    assert "syrian-volcano" in text.splitlines()[-1]
    assert overlap_text(None, type_id="syrian-volcano", limit=None).startswith(
        ("1", "2", "3", "4", "5", "6", "7", "8", "9")
    )


def test_picture_and_table_are_the_same_every_time() -> None:
    picture = overlap_picture(None)
    assert picture == overlap_picture(None)
    assert picture.startswith("<svg")
    assert "told apart" in picture
    table = overlap_csv(None)
    assert table.splitlines()[0] == "first,second,expected_log10_lr,strongest_trait"
