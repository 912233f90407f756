"""A small catalogue of its own: the parameters of the method's table of defaults, traits and hypotheses by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter

from forensics.model.catalogue import (
    Background,
    Basis,
    Block,
    Catalogue,
    Citation,
    Expectation,
    ExpectedValue,
    Grammar,
    Hypothesis,
    Names,
    Parameter,
    Parameters,
    State,
    Statement,
    Trait,
    ValueName,
    Vocabulary,
    YearWindow,
)
from forensics.model.evidence import Finding, Method, Observation, Provenance
from forensics.model.tables import Comparison
from forensics.model.values import TraitValue

DEFAULTS = {
    "q_physical": 0.98,
    "q_photograph": 0.95,
    "q_low_resolution": 0.85,
    "q_third_party": 0.80,
    "q_automatic": 0.70,
    "category_accuracy_physical": 0.98,
    "category_accuracy_photograph": 0.95,
    "category_accuracy_low_resolution": 0.85,
    "category_accuracy_third_party": 0.90,
    "category_accuracy_automatic": 0.85,
    "category_similar_share": 0.75,
    "script_false_positive_examiner": 0.02,
    "script_false_positive_automatic": 0.10,
    "presence_sensitivity": 0.95,
    "presence_false_sighting": 0.01,
    "count_error_4": 0.03,
    "count_error_8": 0.05,
    "count_error_20": 0.10,
    "count_error_more": 0.20,
    "ring_grouped_share": 0.1,
    "ring_spacing_accuracy": 0.95,
    "text_other_marks": 0.3,
    "text_recognised": 0.95,
    "text_best_character": 0.99,
    "text_worst_character": 0.5,
    "gregorian_two_digits": 0.5,
    "persian_elsewhere": 0.01,
    "minguo_elsewhere": 0.003,
    "buddhist_elsewhere": 0.002,
    "juche_after_2024": 0.2,
    "theta_default": 4.0,
    "theta_minimum": 1.0,
    "theta_maximum": 100.0,
    "theta_families_minimum": 10.0,
    "likeness_reference_weight": 0.9,
    "likeness_steepness": 3.0,
    "ring_detection": 0.93,
    "ring_clutter_per_deg": 0.002,
    "ring_mirror": 0.5,
    "ring_regular_share": 0.7,
    "student_nu": 5.0,
    "wide_component_share": 0.08,
    "wide_component_scale": 0.06,
    "measure_floor": 0.003,
    "deformation_share": 0.02,
    "kde_bandwidth_ln": 0.25,
    "kde_share": 0.6,
    "class_ln_sd": 0.7,
    "foreign_occurrence_floor": 0.01,
    "trait_cap_log10": 2.0,
    "visual_cap_log10": 1.0,
    "edge_dirichlet": 3.0,
    "juche_elsewhere": 0.005,
    "gregorian_elsewhere": 0.35,
    "marks_examined_default": 10.0,
    "marks_examined_floor": 4.0,
    "date_code_lag_years": 1.5,
    "date_code_violation": 2e-4,
    "stock_age_mean_years": 3.0,
    "stock_fresh_share": 0.5,
    "window_edge_years": 0.7,
    "window_wide_share": 0.03,
    "window_wide_first": 1965.0,
    "window_weight": 0.9,
    "text_insertion": 0.01,
    "text_deletion": 0.02,
}

EXPECTED: TypeAdapter[ExpectedValue] = TypeAdapter(ExpectedValue)
RECORDED: TypeAdapter[TraitValue] = TypeAdapter(TraitValue)
CITATION = Citation(source="S1", grade="B2", basis=Basis.DEBRIS)
FILLED = {"measured": "mm"}


def _parameters(**changed: float) -> Parameters:
    return Parameters(entries={n: Parameter(value=v, provenance="elicited") for n, v in (DEFAULTS | changed).items()})


def _trait(
    trait_id: str, kind: str, *, values: Mapping[str, Any] | tuple[str, ...] = (), level: str = "family", **more: Any
) -> Trait:
    listed = values if isinstance(values, Mapping) else dict.fromkeys(values, ())
    return Trait.model_validate(
        {
            "id": trait_id,
            "names": Names(en=(trait_id,)),
            "kind": kind,
            "unit": FILLED.get(kind),
            "values": tuple(
                ValueName(id=name, names=Names(en=(name.replace("_", " "),)), similar=tuple(similar))
                for name, similar in listed.items()
            ),
            "part": "body",
            "record": "Record it.",
            "block": "body",
            "level": level,
            "effort": "photo",
            "survival": 0.5,
            **more,
        }
    )


def _catalogue(
    *traits: Trait,
    backgrounds: Mapping[str, Mapping[str, Any]] | None = None,
    grammars: Mapping[str, str] | None = None,
    edges: tuple[tuple[str, str], ...] = (),
    states: tuple[str, ...] = ("DPRK", "RUS"),
    **parameters: float,
) -> Catalogue:
    return Catalogue(
        version="1",
        digest="0" * 64,
        path_kind="given",
        vocabulary=Vocabulary(
            traits={trait.id: trait for trait in traits},
            blocks={"body": Block(id="body", title="Body", rho=0.3, edges=edges)},
            grammars={
                name: Grammar(id=name, pattern=pattern, script="any", meaning="")
                for name, pattern in (grammars or {}).items()
            },
        ),
        sources={},
        states={state: State(id=state, name=state) for state in states},
        families={},
        signatures={},
        backgrounds={n: Background.model_validate({"trait": n, **b}) for n, b in (backgrounds or {}).items()},
        parameters=_parameters(**parameters),
    )


def _hypothesis(
    name: str,
    *,
    family: str | None = None,
    state: str = "DPRK",
    listed: bool = True,
    production: tuple[int | None, int | None] = (None, None),
    class_id: str | None = None,
    stated_at: str | None = None,
    **expectations: Any,
) -> Hypothesis:
    """A hypothesis; each expectation is (value, weight) or a list of such pairs."""
    resolved = {}
    for trait, stated in expectations.items():
        pairs = stated if isinstance(stated, list) else [stated]
        statements = tuple(
            Statement(value=EXPECTED.validate_python(value), citations=(CITATION,), weight=weight)
            for value, weight in pairs
        )
        resolved[trait] = Expectation(
            trait=trait, statements=statements, stated_at=stated_at or name, origin=f"origin-{name}"
        )
    return Hypothesis(
        id=name,
        name=name,
        listed=listed,
        state=state,
        family=family or (name if listed else None),
        class_id=class_id,
        production=YearWindow(first=production[0], last=production[1]),
        expectations=resolved,
    )


def _finding(
    trait: str,
    value: Mapping[str, Any] | TraitValue,
    *,
    number: int = 1,
    item: str = "A",
    method: Method = Method.PHOTOGRAPH,
    confidence: float | None = None,
    reviewed: bool = True,
) -> Finding:
    recorded = RECORDED.validate_python(value) if isinstance(value, Mapping) else value
    return Finding(
        observation=Observation(
            id=f"o{number:03d}",
            item=item,
            trait=trait,
            value=recorded,
            provenance=Provenance(method=method),
            confidence=confidence,
        ),
        reviewed=reviewed,
    )


def _ratios(comparison: Comparison) -> list[float]:
    """Likelihood ratio of each hypothesis by the core identity, 1 + q w (f / b - 1)."""
    table = comparison.table
    weighed = comparison.quality * table.weight * (table.likelihood[0] / table.background[0] - 1.0)
    return [1.0 + float(value) for value in weighed]


def _log10(comparison: Comparison) -> list[float]:
    return [math.log10(ratio) for ratio in _ratios(comparison)]


Build = Callable[..., Any]


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Builders: parameters, trait, catalogue, hypothesis, finding; ratios and log10 of a comparison."""
    return SimpleNamespace(
        parameters=_parameters,
        trait=_trait,
        catalogue=_catalogue,
        hypothesis=_hypothesis,
        finding=_finding,
        ratios=_ratios,
        log10=_log10,
        expected=EXPECTED.validate_python,
        recorded=RECORDED.validate_python,
    )
