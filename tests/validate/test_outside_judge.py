"""Our measures against ``lir``: its recorded figures always, the package itself where it is installed."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from forensics.validate.metrics import cross_entropy, split_cllr

sys.path.insert(0, str(Path(__file__).parent))
from lir_figures import GOLDEN, PRIORS_LOG10, of_lir, sets

RECORDED = json.loads(GOLDEN.read_text(encoding="utf-8"))
HERE = importlib.util.find_spec("lir") is not None


def compare(figures: dict[str, object], h1: np.ndarray, h2: np.ndarray) -> None:
    total, least, loss = split_cllr(h1, h2)
    assert total == pytest.approx(figures["cllr"], abs=1e-9)
    assert least == pytest.approx(figures["cllr_min"], abs=1e-9)
    assert loss == pytest.approx(figures["cllr_cal"], abs=1e-9)
    assert cross_entropy(h1, h2, np.array(PRIORS_LOG10)) == pytest.approx(np.array(figures["cross_entropy"]), abs=1e-9)


@pytest.mark.parametrize("name", sorted(sets()))
def test_recorded_figures(name: str) -> None:
    assert RECORDED["prior_log10_odds"] == list(PRIORS_LOG10)
    compare(RECORDED["sets"][name], *sets()[name])


@pytest.mark.skipif(
    not HERE, reason="lir is not installed here (541 MB, an environment of its own; see lir_figures.py)"
)
@pytest.mark.parametrize("name", sorted(sets()))
def test_the_package_itself(name: str) -> None:
    compare(of_lir(*sets()[name]), *sets()[name])


def test_the_check_can_fail() -> None:
    h1, h2 = sets()["by hand"]
    with pytest.raises(AssertionError):
        compare(RECORDED["sets"]["by hand"], h1 * 1.01, h2)
