"""Many sheets at once give the numbers of one sheet at a time."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.assess import EdgeTable, SheetScorer, build_tree, gather, rank_sheets, score_tables, weigh
from forensics.assess import sheets as bulk
from forensics.model.evidence import Finding, Observation, Provenance
from forensics.model.tables import Comparison, Edge, TraitTable
from forensics.model.values import Count

SPEC = [
    ("diameter", "body", 12),
    ("length", "body", 7),
    ("raceway", "body", 3),
    ("vanes", "aft", 4),
    ("actuator", "aft", 5),
    ("ring", "aft", 6),
    ("script", "marking", 4),
    ("brands", "electronics", 3),
]


def tables_of(leaves, seed):
    rng = np.random.default_rng(seed)
    size = len(leaves)
    tables = []
    for name, block, rows in SPEC:
        weight = np.where(rng.random(size) < 0.7, rng.choice([0.4, 0.7, 0.9], size), 0.0)
        weight[[h.id == "unlisted@other" for h in leaves]] = 0.0
        background = rng.dirichlet(np.full(rows, 2.0)) * 0.9 + 0.1 / rows
        likelihood = rng.dirichlet(np.full(rows, 0.3), size).T
        likelihood = np.where(weight > 0, likelihood, background[:, None])
        origin = np.where(weight > 0, rng.integers(0, 3, size), -1)
        tables.append(
            TraitTable(name, block, tuple(str(x) for x in range(rows)), likelihood, background, weight, origin)
        )
    return tables


def one_sheet(make, leaves, tables, codes, qualities, edges):
    observation = Observation(id="o", item="1", trait="t", value=Count(count=1), provenance=Provenance())
    texts = ("",) * len(leaves)
    comparisons = [
        Comparison(
            (Finding(observation=observation),),
            TraitTable(t.trait, t.block, ("x",), t.likelihood[[code]], t.background[[code]], t.weight, t.origin),
            quality,
            texts,
            texts,
            texts,
        )
        for t, code, quality in zip(tables, codes, qualities, strict=True)
        if code >= 0
    ]
    code_of = {t.trait: code for t, code in zip(tables, codes, strict=True)}
    found = [
        Edge(e.first, e.second, float(e.log_edge[code_of[e.first], code_of[e.second]]), e.applies)
        for e in edges
        if code_of[e.first] >= 0 and code_of[e.second] >= 0
    ]
    return weigh(gather(comparisons, found, leaves, make.vocabulary(), make.settings())).log10_lr


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_batch_equals_single(make, seed):
    leaves = sorted(make.hypotheses(), key=lambda h: h.id)
    tables = tables_of(leaves, seed)
    rng = np.random.default_rng(seed + 100)
    codes = np.array(
        [[rng.integers(0, rows) if rng.random() < 0.6 else -1 for _, _, rows in SPEC] for _ in range(60)],
        dtype=np.int32,
    )
    qualities = [0.95, 0.98, 0.85, 0.7, 0.95, 0.95, 0.0, 0.8]
    known = {t.trait: t.weight > 0 for t in tables}
    edges = [
        EdgeTable("vanes", "actuator", rng.normal(0, 0.4, (4, 5)), known["vanes"] & known["actuator"]),
        EdgeTable("diameter", "raceway", rng.normal(0, 0.4, (12, 3)), known["diameter"] & known["raceway"]),
    ]
    scores = score_tables(codes, tables, qualities, settings=make.settings(), rho=make.blocks, edges=edges, chunk=17)
    assert scores.dtype == np.float32
    for row, code in enumerate(codes):
        single = one_sheet(make, leaves, tables, code, qualities, edges)
        assert np.abs(scores[row] - single).max() < 1e-5


def test_chunks_do_not_matter(make):
    leaves = sorted(make.hypotheses(), key=lambda h: h.id)
    tables = tables_of(leaves, 5)
    rng = np.random.default_rng(0)
    codes = np.stack([rng.integers(-1, rows, 200) for _, _, rows in SPEC], axis=1).astype(np.int32)
    given = {"settings": make.settings(), "rho": make.blocks}
    qualities = [0.9] * len(tables)
    assert np.array_equal(
        score_tables(codes, tables, qualities, chunk=200, **given),
        score_tables(codes, tables, qualities, chunk=7, **given),
    )


def test_an_empty_sheet_scores_zero_and_a_bad_code_is_refused(make):
    leaves = sorted(make.hypotheses(), key=lambda h: h.id)
    tables = tables_of(leaves, 5)
    given = {"settings": make.settings(), "rho": make.blocks}
    codes = np.full((2, len(tables)), -1, dtype=np.int32)
    assert (score_tables(codes, tables, [0.9] * len(tables), **given) == 0).all()
    codes[0, 0] = 12
    with pytest.raises(ValueError, match="not a row"):
        score_tables(codes, tables, [0.9] * len(tables), **given)


def drawn(tables, number, seed=0):
    rng = np.random.default_rng(seed)
    return np.stack([rng.integers(-1, len(t.background), number) for t in tables], axis=1).astype(np.int16)


@pytest.mark.parametrize("limit", ["LARGEST_INDEX", "REMEMBERED_BYTES"])
def test_what_is_not_remembered_is_weighed_all_the_same(make, monkeypatch, limit):
    leaves = sorted(make.hypotheses(), key=lambda h: h.id)
    tables = tables_of(leaves, 5)
    given = {"settings": make.settings(), "rho": make.blocks}
    codes = drawn(tables, 300)
    whole = score_tables(codes, tables, [0.9] * len(tables), **given)
    monkeypatch.setattr(bulk, limit, 50)
    monkeypatch.setattr(bulk, "SPAN", 64)
    assert np.array_equal(whole, score_tables(codes, tables, [0.9] * len(tables), **given))


def test_parts_and_threads_give_the_same_and_a_scorer_may_be_fed_again(make, monkeypatch):
    monkeypatch.setattr(bulk, "SPAN", 50)
    leaves = sorted(make.hypotheses(), key=lambda h: h.id)
    tables = tables_of(leaves, 7)
    scorer = SheetScorer(tables, [0.9] * len(tables), settings=make.settings(), rho=make.blocks)
    codes = drawn(tables, 220)
    whole = scorer.score(codes)
    assert np.array_equal(whole, scorer.score(codes, chunk=11, threads=2))
    parts = [(start, part.copy()) for start, part in scorer.spans(codes)]
    assert [start for start, _ in parts] == [0, 50, 100, 150, 200]
    assert np.array_equal(whole, np.concatenate([part for _, part in parts]))


def test_ranks_keep_the_leading_leaves_and_the_ratios_of_nodes(make):
    leaves = sorted(make.hypotheses(), key=lambda h: h.id)
    tables = tables_of(leaves, 11)
    scorer = SheetScorer(tables, [0.9] * len(tables), settings=make.settings(), rho=make.blocks)
    tree = build_tree(leaves, theta=1.0, other_prior=0.08)
    codes = drawn(tables, 150)
    nodes = list(tree.states.values())
    ranks = rank_sheets(scorer, codes, tree, nodes=nodes, leading=3, threads=2)
    scores = scorer.score(codes)
    for row, score in enumerate(scores):
        order = sorted(range(len(score)), key=lambda leaf: (-score[leaf], leaf))[:3]
        assert np.array_equal(score[ranks.leaves[row]], score[order])
        assert list(ranks.log10_lr[row]) == list(score[order])
    expected = tree.nodes_log10(nodes, scores.astype(float) * np.log(10.0))
    assert np.abs(ranks.nodes - expected).max() < 1e-4
