"""What one type's very own mark says about its neighbours."""

from __future__ import annotations

import numpy as np

from forensics.compare.text import _floored


def test_a_format_that_fits_never_speaks_against_a_producer():
    """The literal string fits 10^6 times better than chance, the bare format 10^2 times, another script worse."""
    values, raised = _floored(np.array([1.0, 1e-4, 1e-9]), 1e-6, 0.01)
    ratios = values / raised
    assert ratios[0] == 100.0
    assert ratios[1] == 1.0
    assert np.isclose(ratios[2], 1e-3)


def test_below_the_bound_nothing_changes():
    values, raised = _floored(np.array([0.5, 0.02, 0.001]), 0.01, 0.01)
    assert raised == 0.01
    assert values.tolist() == [0.5, 0.02, 0.001]
