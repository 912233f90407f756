"""A small invented catalogue and comparisons over it: numbers for the arithmetic, nothing about real missiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from forensics.assess import Settings, Tree, assess, build_tree, gather, weigh
from forensics.assess.engine import Weighing
from forensics.model.catalogue import (
    Block,
    Catalogue,
    Citation,
    Expectation,
    ExpectedCategory,
    Family,
    Hypothesis,
    LimitationRule,
    Names,
    Parameter,
    Parameters,
    Source,
    State,
    Statement,
    Trait,
    TraitKind,
    ValueName,
    Vocabulary,
)
from forensics.model.evidence import Case, Finding, Method, Observation, Provenance
from forensics.model.result import Assessment
from forensics.model.tables import Comparison, DateTable, Edge, TraitTable
from forensics.model.values import Category

DEFAULTS = {
    "global_exponent": 0.9,
    "tie_delta_log10": 1.0,
    "naming_lr": 1000.0,
    "favour_lr": 100.0,
    "pattern_lr": 10.0,
    "favour_share": 0.5,
    "naming_share": 0.9,
    "report_cap_log10": 4.0,
    "trait_cap_log10": 2.0,
    "visual_cap_log10": 1.0,
    "foreign_occurrence_floor": 0.01,
    "state_coverage_theta": 1.0,
    "unlisted_other_prior": 0.08,
    "bootstrap_replicates": 400.0,
    "range_draws": 40.0,
    "bootstrap_beta": 10.0,
    "bootstrap_quality_alpha": 28.5,
    "bootstrap_quality_beta": 1.5,
    "bootstrap_background_ln_sd": 0.35,
    "bootstrap_likelihood_ln_sd": 0.2,
    "bootstrap_edge_low": 0.5,
    "tie_outrank_share": 0.10,
    "unremarkable_log10": 0.5,
    "pivotal_delta_log10": 1.0,
    "leave_source_share": 0.25,
    "q_photograph": 0.95,
    "cost_photo": 1.0,
    "cost_measure": 2.0,
    "cost_dismantle": 5.0,
    "cost_laboratory": 10.0,
    "copied_source_eta": 0.5,
    "weight_cap": 0.98,
    **{f"reliability_{k}": v for k, v in zip("abcdef", (0.98, 0.95, 0.85, 0.6, 0.3, 0.6), strict=True)},
    **{f"credibility_{k}": v for k, v in zip("123456", (0.97, 0.9, 0.7, 0.4, 0.15, 0.5), strict=True)},
}
BLOCKS = {"body": 0.3, "aft": 0.5, "surfaces": 0.3, "marking": 0.4, "date": 0.0, "electronics": 0.5, "visual": 0.5}
TRAITS = {
    "diameter": ("body", "type", "measure"),
    "length": ("body", "type", "measure"),
    "raceway": ("body", "family", "photo"),
    "vanes": ("aft", "family", "photo"),
    "actuator": ("aft", "family", "dismantle"),
    "ring": ("aft", "family", "photo"),
    "fins": ("surfaces", "type", "photo"),
    "script": ("marking", "state", "photo"),
    "grammar": ("marking", "state", "photo"),
    "mark": ("date", "state", "photo"),
    "code": ("date", "type", "dismantle"),
    "brands": ("electronics", "state", "laboratory"),
    "likeness": ("visual", "family", "photo"),
}
# by type: producing state, family and design pattern
TYPES = {
    "alpha-1": ("AAA", "alpha", None),
    "alpha-2": ("AAA", "alpha", None),
    "beta-1": ("AAA", "beta", "grad"),
    "gamma-1": ("BBB", "gamma", "grad"),
    "gamma-2": ("BBB", "gamma", None),
    "delta-1": ("CCC", "delta", None),
}


def parameters(**changed: float) -> Parameters:
    return Parameters(
        entries={name: Parameter(value=value, provenance="elicited") for name, value in {**DEFAULTS, **changed}.items()}
    )


def vocabulary() -> Vocabulary:
    values = tuple(ValueName(id=v, names=Names(en=(v,))) for v in ("one", "two", "three"))
    return Vocabulary(
        traits={
            name: Trait(
                id=name,
                names=Names(en=(f"the {name}",)),
                kind=TraitKind.CATEGORY,
                values=values,
                part="whole_item",
                record=f"Look at the {name}.",
                block=block,
                level=level,
                effort=effort,
                survival=0.5,
            )
            for name, (block, level, effort) in TRAITS.items()
        },
        blocks={name: Block(id=name, title=name, rho=rho) for name, rho in BLOCKS.items()},
    )


def catalogue(limitations: Sequence[LimitationRule] = (), **changed: float) -> Catalogue:
    states = sorted({state for state, _, _ in TYPES.values()})
    return Catalogue(
        version="test",
        digest="0" * 64,
        path_kind="given",
        vocabulary=vocabulary(),
        sources={
            s: Source(id=s, publisher=f"publisher {s}", title=f"title {s}", reliability="B") for s in ("S1", "S2", "S3")
        },
        states={s: State(id=s, name=f"State {s}") for s in states},
        families={f: Family(id=f, name=f.title(), state=s) for s, f, _ in TYPES.values()},
        patterns={"grad": Names(en=("Grad pattern",))},
        signatures={},
        backgrounds={},
        parameters=parameters(**changed),
        limitations=tuple(limitations),
    )


def expectation(trait: str, value: str, holder: str, *, weight: float = 0.9, source: str = "S1") -> Expectation:
    return Expectation(
        trait=trait,
        statements=(
            Statement(
                value=ExpectedCategory(probabilities={value: 1.0}),
                citations=(Citation(source=source, grade="B2", basis="photographs"),),
                weight=weight,
            ),
        ),
        stated_at=holder,
        origin=source,
    )


def hypotheses(
    types: Mapping[str, tuple[str, str, str | None]] = TYPES, known: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[Hypothesis, ...]:
    """Listed types (``known``: by type, the value of each trait), then unlisted leaves."""
    listed = [
        Hypothesis(
            id=name,
            name=name.title(),
            listed=True,
            state=state,
            family=family,
            pattern=pattern,
            class_id="ballistic_missile",
            status="reviewed",
            expectations={t: expectation(t, v, name) for t, v in ((known or {}).get(name) or {}).items()},
        )
        for name, (state, family, pattern) in sorted(types.items())
    ]
    states = sorted({state for state, _, _ in types.values()})
    leaves = [
        Hypothesis(id=f"unlisted@{state}", name=f"Unlisted design of {state}", listed=False, state=state)
        for state in [*states, "other"]
    ]
    return (*listed, *leaves)


@dataclass
class Scene:
    """Comparisons in the making over the leaves of the test tree."""

    leaves: tuple[Hypothesis, ...] = field(default_factory=hypotheses)
    comparisons: list[Comparison] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def index(self, leaf: str) -> int:
        return [h.id for h in self.leaves].index(leaf)

    def observe(
        self,
        trait: str,
        ratios: Mapping[str, float],
        *,
        weight: float | Mapping[str, float] = 0.9,
        quality: float = 0.95,
        background: float = 0.05,
        origin: int | Mapping[str, int] = -1,
        photograph: str | None = None,
        dates: DateTable | None = None,
    ) -> Scene:
        """One trait. ``ratios``: f/b by leaf, state or family id; whatever is not named knows nothing of the trait.

        ``origin`` -1 gives every trait a source of its own.
        """
        size = len(self.leaves)
        own = sorted(TRAITS).index(trait) if trait in TRAITS else 50
        likelihood, weights = np.full(size, background), np.zeros(size)
        origins = np.full(size, -1, dtype=np.int64)
        for position, leaf in enumerate(self.leaves):
            key = next((k for k in (leaf.id, leaf.family, leaf.state) if k in ratios), None)
            if key is None:
                continue
            likelihood[position] = ratios[key] * background
            weights[position] = weight if isinstance(weight, float) else weight.get(leaf.id, 0.9)
            given = origin if isinstance(origin, int) else origin.get(leaf.id, -1)
            origins[position] = own if given == -1 else 100 + given
        block = TRAITS[trait][0] if trait in TRAITS else "electronics"
        observation = Observation(
            id=f"o-{trait}",
            item="1",
            trait=trait,
            value=Category(weights={"one": 1.0}),
            provenance=Provenance(
                method=Method.PHOTOGRAPH if photograph else Method.PHYSICAL, photograph=photograph, sheet="sheet.csv"
            ),
        )
        table = TraitTable(trait, block, ("one",), likelihood[None], np.array([background]), weights, origins)
        texts = tuple("fits" if w and f > background else "unknown" for w, f in zip(weights, likelihood, strict=True))
        self.comparisons.append(
            Comparison(
                (Finding(observation=observation),),
                table,
                quality,
                tuple("one" for _ in self.leaves),
                texts,
                tuple("because" for _ in self.leaves),
                dates,
            )
        )
        return self

    def link(self, first: str, second: str, log_edge: float, leaves: Sequence[str] | None = None) -> Scene:
        applies = np.array([leaves is None or h.id in leaves for h in self.leaves])
        self.edges.append(Edge(first, second, log_edge, applies))
        return self


class Make:
    """The builders of this module, for tests (a test file cannot import its conftest)."""

    types = TYPES
    blocks = BLOCKS
    defaults = DEFAULTS
    scene = staticmethod(lambda leaves=None: Scene(leaves) if leaves is not None else Scene())
    hypotheses = staticmethod(hypotheses)
    catalogue = staticmethod(catalogue)
    expectation = staticmethod(expectation)
    parameters = staticmethod(parameters)
    vocabulary = staticmethod(vocabulary)

    @staticmethod
    def settings(**changed: float) -> Settings:
        return Settings.read(parameters(**changed))

    @staticmethod
    def weighing(scene: Scene, **changed: float) -> Weighing:
        settings = Settings.read(parameters(**changed))
        return weigh(gather(scene.comparisons, scene.edges, scene.leaves, vocabulary(), settings))

    @staticmethod
    def tree(leaves: Sequence[Hypothesis], priors: Mapping[str, float] | None = None) -> Tree:
        return build_tree(sorted(leaves, key=lambda h: h.id), theta=1.0, other_prior=0.08, priors=priors)

    @staticmethod
    def assess(scene: Scene, found: Catalogue | None = None, **given: object) -> Assessment:
        given.setdefault("case", Case(id="invented", event_date="2024-01-02"))
        return assess(
            scene.comparisons,
            scene.edges,
            scene.leaves,
            found or catalogue(),
            tool_version="0",
            **given,  # type: ignore[arg-type]
        )

    @staticmethod
    def full_scene() -> Scene:
        """Five traits that favour the alpha family without telling its two types apart."""
        known = {
            name: {"ring": "one", "vanes": "one", "diameter": "one"}
            for name in ("alpha-1", "alpha-2", "beta-1", "gamma-1")
        }
        known["alpha-1"]["length"], known["alpha-2"]["length"] = "one", "two"
        return (
            Scene(hypotheses(known=known))
            .observe("script", {"AAA": 28.0, "BBB": 0.02, "CCC": 0.02})
            .observe("mark", {"AAA": 30.0, "BBB": 0.5, "CCC": 0.5})
            .observe("ring", {"alpha": 29.0, "beta": 0.0, "gamma": 0.01})
            .observe("diameter", {"alpha": 11.0, "beta": 3.0, "gamma-1": 0.1, "delta": 0.3})
            .observe("vanes", {"alpha": 2.0, "beta": 2.0, "gamma-1": 2.0, "delta": 0.0})
            .link("ring", "vanes", 0.3)
        )


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make
