"""Family votes, the Ewens floor, elicited conventions, the lifted background."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.compare import compare
from forensics.compare.background import concentration, elicited_law, lift
from forensics.compare.stated import number_origins, state_values


def test_concentration_trusts_the_elicited_value_in_small_samples_and_the_sample_in_large_ones(
    make: SimpleNamespace,
) -> None:
    assert concentration(9, 9, 20.0, make.parameters()) == 20.0
    assert concentration(5, 1, None, make.parameters()) == 4.0
    # 60 families with 5 distinct values: the solution of sum theta / (theta + i) = 5 lies near 1.1
    assert 1.0 < concentration(60, 5, 4.0, make.parameters()) < 2.0
    assert concentration(60, 60, 4.0, make.parameters()) > 50


def _category(value: str, weight: float = 0.9) -> tuple[dict[str, object], float]:
    return {"kind": "category", "probabilities": {value: 1.0}}, weight


def test_one_vote_per_family_split_over_its_distinct_values(make: SimpleNamespace) -> None:
    trait = make.trait("form", "category", values=("a", "b"))
    hypotheses = [
        make.hypothesis("h1", family="f", form=_category("a")),
        make.hypothesis("h2", family="f", form=_category("a", 0.4)),
        make.hypothesis("h3", family="f", form=_category("b")),
        make.hypothesis("h4", family="g", form=_category("a")),
        make.hypothesis("unlisted@DPRK", listed=False, form=_category("b")),
    ]
    stated = state_values(trait, hypotheses, make.catalogue(trait), number_origins(hypotheses))
    assert stated.families == 2
    assert stated.votes.sum(axis=0).tolist() == [1.5, 0.5]


def test_conventions_of_states_are_never_averaged_from_the_catalogue(make: SimpleNamespace) -> None:
    scripts = ("hangul", "cyrillic", "latin", "han")
    rates = {"hangul": 0.015, "cyrillic": 0.12, "latin": 0.6}
    trait = make.trait("marking_script", "category", values=scripts, level="state")
    catalogue = make.catalogue(trait, backgrounds={"marking_script": {"rates": rates}})
    finding = make.finding("marking_script", {"kind": "category", "weights": {"hangul": 1.0}})

    def background(count: int) -> float:
        hypotheses = [make.hypothesis(f"h{n}", marking_script=_category("hangul")) for n in range(count)]
        return float(compare([finding], hypotheses, catalogue)[0][0].table.background[0])

    assert background(1) == background(12)
    # 0.015 of the marks are Hangul; one in sixty of the rest is taken for it
    assert background(1) == pytest.approx(0.015 * 0.95 + 0.985 * 0.05 / 3, rel=0.02)


def test_a_value_inherited_from_a_state_does_not_vote(make: SimpleNamespace) -> None:
    trait = make.trait("form", "category", values=("a", "b"))
    hypotheses = [
        make.hypothesis("h1", form=_category("a"), stated_at="DPRK"),
        make.hypothesis("h2", form=_category("b")),
    ]
    stated = state_values(trait, hypotheses, make.catalogue(trait), number_origins(hypotheses))
    assert stated.families == 1
    assert stated.known.all()


def test_a_value_unique_to_one_family_is_bounded_by_the_ewens_floor(make: SimpleNamespace) -> None:
    names = tuple(f"v{n}" for n in range(40))
    catalogue = make.catalogue(
        make.trait("form", "category", values=names),
        backgrounds={"form": {"theta": 4}},
        category_accuracy_physical=1.0,
    )
    hypotheses = [make.hypothesis(f"h{n}", form=_category(f"v{n}")) for n in range(9)]
    finding = make.finding("form", {"kind": "category", "weights": {"v0": 1.0}}, method="physical")
    table = compare([finding], hypotheses, catalogue)[0][0].table
    assert table.likelihood[0, 0] / table.background[0] == pytest.approx((9 + 4) / (1 + 4 / 40), rel=1e-9)


def test_elicited_law_spreads_what_is_left() -> None:
    law = elicited_law(("a", "b", "c"), {"a": 0.6})
    assert law.tolist() == pytest.approx([0.6, 0.2, 0.2])
    assert elicited_law(("a", "b"), {"a": 1.0}).tolist() == pytest.approx([0.99, 0.01])
    assert elicited_law(("a", "b"), {}).tolist() == pytest.approx([0.5, 0.5])


@settings(max_examples=60, deadline=None)
@given(
    raw=st.lists(st.floats(0, 1), min_size=2, max_size=30).filter(lambda values: sum(values) > 1e-3),
    heights=st.lists(st.floats(0, 1), min_size=30, max_size=30),
)
def test_lifting_keeps_the_sum_and_the_floor(raw: list[float], heights: list[float]) -> None:
    background = np.array(raw) / sum(raw)
    ceiling = np.array(heights[: len(raw)])
    lifted = lift(background, ceiling, 0.01)
    assert lifted.sum() == pytest.approx(1.0, abs=1e-12)
    assert (lifted >= 0.01 * ceiling - 1e-12).all()


def test_leaving_a_family_out_rebuilds_the_background(make: SimpleNamespace) -> None:
    catalogue = make.catalogue(make.trait("form", "category", values=("a", "b")), backgrounds={"form": {"theta": 2}})
    hypotheses = [make.hypothesis("h1", form=_category("a")), make.hypothesis("h2", form=_category("b"))]
    finding = make.finding("form", {"kind": "category", "weights": {"a": 1.0}})
    both = compare([finding], hypotheses, catalogue)[0][0].table.background[0]
    without = compare([finding], hypotheses[1:], catalogue)[0][0].table.background[0]
    assert without < both
