"""The packages themselves, set up as a person who knows them would: splink, pyAgrum, YARA-X.

Each is imported where it is used; ``requirements.txt`` beside this file names them. An engine takes (N, T) coded sheets
and gives (N, H) log10 ratios, minus infinity for leaves it does not know.
"""

from __future__ import annotations

import numpy as np
from engines import _modal

from forensics.validate.bench import Bench

__all__ = ["PACKAGES"]

TOLERANCE_BINS = 8
"""A measurement within so many bins of the stated one (about 15 %) counts as close."""


def splink_fixed(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """splink 5 on DuckDB: every sheet against every type, exact and close levels, m = 0.9, u from the types."""
    import pandas as pd  # noqa: PLC0415
    import splink.comparison_level_library as cll  # noqa: PLC0415
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import Linker, SettingsCreator  # noqa: PLC0415
    from splink.internals.duckdb.database_api import DuckDBAPI  # noqa: PLC0415

    listed = np.flatnonzero(bench.listed)
    left: dict[str, object] = {"unique_id": [f"s{n}" for n in range(len(codes))]}
    right: dict[str, object] = {"unique_id": [f"t{n}" for n in listed]}
    comparisons = []
    for column, table in enumerate(bench.tables):
        name = f"c{column}"
        modes = np.where(table.weight[listed] > 0, table.likelihood[:, listed].argmax(axis=0), -1)
        left[name] = pd.array(np.where(codes[:, column] >= 0, codes[:, column], 0), dtype="Int64")
        left[name][codes[:, column] < 0] = pd.NA
        right[name] = pd.array(np.where(modes >= 0, modes, 0), dtype="Int64")
        right[name][modes < 0] = pd.NA
        known = modes[modes >= 0]
        reach = TOLERANCE_BINS if bench.measured[column] else 0
        near = np.abs(known[:, None] - known[None, :]) <= reach
        chance = float(np.clip(near.mean(), 0.02, 0.85))
        close = f"abs({name}_l - {name}_r) <= {reach}"
        comparisons.append(
            cl.CustomComparison(
                output_column_name=name,
                comparison_levels=[
                    cll.NullLevel(name),
                    cll.CustomLevel(close).configure(m_probability=0.9, u_probability=chance),
                    cll.ElseLevel().configure(m_probability=0.1, u_probability=1 - chance),
                ],
            )
        )
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=["1=1"],
        probability_two_random_records_match=1 / len(listed),
        retain_matching_columns=False,
    )
    database = DuckDBAPI()
    frames = [
        database.register(pd.DataFrame(part), dataset_display_name=name)
        for name, part in (("sheets", left), ("types", right))
    ]
    linker = Linker(frames, settings, log_level=40)
    found = linker.inference.predict(threshold_match_probability=None).as_pandas_dataframe()
    total = np.full((len(codes), len(bench.hypotheses)), -np.inf)
    prior = np.log2(1 / (len(listed) - 1))
    one, other = found["unique_id_l"].to_numpy(), found["unique_id_r"].to_numpy()
    swapped = np.array([name.startswith("t") for name in one])
    sheet = np.where(swapped, other, one)
    kind = np.where(swapped, one, other)
    rows, columns = (np.array([int(name[1:]) for name in part]) for part in (sheet, kind))
    total[rows, columns] = (found["match_weight"].to_numpy() - prior) * np.log10(2.0)
    return total


def bayesian_network(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """pyAgrum: one node for the type (with "something else"), one for each trait, tables as the catalogue has them."""
    import pyagrum as gum  # noqa: PLC0415

    listed = np.flatnonzero(bench.listed)
    size = len(listed) + 1
    network = gum.BayesNet("debris")
    network.add(gum.LabelizedVariable("made_as", "", [*(f"t{n}" for n in listed), "else"]))
    network.cpt("made_as").fillWith([1 / size] * size)
    for column, table in enumerate(bench.tables):
        name = f"c{column}"
        network.add(gum.LabelizedVariable(name, "", len(table.background)))
        network.addArc("made_as", name)
        law = np.column_stack([table.likelihood[:, listed], table.background]).T
        network.cpt(name)[:] = np.maximum(law, 1e-6) / np.maximum(law, 1e-6).sum(axis=1, keepdims=True)
    engine = gum.LazyPropagation(network)
    engine.addTarget("made_as")
    total = np.full((len(codes), len(bench.hypotheses)), -np.inf)
    unlisted = np.flatnonzero(~bench.listed)
    for row, sheet in enumerate(codes.tolist()):
        engine.setEvidence({f"c{column}": code for column, code in enumerate(sheet) if code >= 0})
        posterior = np.maximum(engine.posterior("made_as").toarray(), 1e-300)
        total[row, listed] = np.log10(posterior[:-1])
        total[row, unlisted] = np.log10(posterior[-1])
    return total


def yara_rules(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """YARA-X: a rule a type, one string for each value it may show, "3 of them" (all where it states fewer)."""
    import yara_x  # noqa: PLC0415

    listed = np.flatnonzero(bench.listed)
    fits = _modal(bench)
    rules = []
    for leaf in listed:
        strings = []
        for column in range(len(bench.tables)):
            rows = np.flatnonzero(fits[column][:, leaf])
            if rows.size:
                either = "|".join(str(row) for row in rows)
                strings.append(f"    $c{column} = /\\[c{column}=({either})\\]/")
        if strings:
            body = "\n".join(strings)
            rules.append(f"rule t{leaf} {{\n  strings:\n{body}\n  condition: {min(3, len(strings))} of them\n}}")
    scanner = yara_x.Scanner(yara_x.compile("\n".join(rules)))
    total = np.where(bench.listed[None, :], 0.0, -np.inf) * np.ones((len(codes), 1))
    for row, sheet in enumerate(codes.tolist()):
        text = "".join(f"[c{column}={code}]" for column, code in enumerate(sheet) if code >= 0)
        for rule in scanner.scan(text.encode()).matching_rules:
            total[row, int(rule.identifier[1:])] = 1.0 + sum(bool(pattern.matches) for pattern in rule.patterns)
    return total


PACKAGES = {
    "splink 5, fixed m and u": ("splink", splink_fixed, True),
    "Bayesian network (pyAgrum)": ("pyagrum", bayesian_network, True),
    "n-of-m rules (YARA-X)": ("yara_x", yara_rules, False),
}
"""Name to (module, function, whether its numbers are meant as ratios)."""
