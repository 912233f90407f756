"""What a person might use instead, over the same tabulated sheets.

Every engine takes (N, T) coded sheets and gives (N, H) log10 ratios against "something else" over the leaves of the
bench (listed types and unlisted designs); engines without a notion of unlisted designs give them minus infinity.
"""

from __future__ import annotations

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.naive_bayes import CategoricalNB

from forensics.validate.bench import Bench

__all__ = ["ENGINES"]


def ours(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """Grades, source groups, tempering, open set."""
    return bench.score(codes) / np.log(10.0)


def naive_product(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """Every catalogue value trusted, traits multiplied; unknown values cancel; unlisted designs score 1."""
    total = np.zeros((len(codes), len(bench.hypotheses)))
    for column, table in enumerate(bench.tables):
        ratio = np.log10(np.maximum(table.likelihood, 1e-6) / table.background[:, None])
        ratio[:, table.weight <= 0] = 0.0
        known = codes[:, column] >= 0
        total[known] += ratio[codes[known, column]]
    return total


def _modal(bench: Bench) -> list[np.ndarray]:
    """By trait (X, H) whether a record agrees with what the leaf states: at least a tenth as likely as its mode."""
    return [
        (table.likelihood >= 0.1 * table.likelihood.max(axis=0)) & (table.weight > 0)[None, :] for table in bench.tables
    ]


def _agreements(bench: Bench, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, H) numbers of recorded traits that agree and that differ."""
    agree = np.zeros((len(codes), len(bench.hypotheses)))
    differ = np.zeros_like(agree)
    for column, (table, fits) in enumerate(zip(bench.tables, _modal(bench), strict=True)):
        rows = codes[:, column] >= 0
        same = fits[codes[rows, column]]
        agree[rows] += same
        differ[rows] += ~same & (table.weight > 0)[None, :]
    return agree, differ


def fellegi_sunter(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """Record linkage with fixed m = 0.9 and u = how often another listed type agrees; no term frequencies."""
    total = np.zeros((len(codes), len(bench.hypotheses)))
    for column, (table, fits) in enumerate(zip(bench.tables, _modal(bench), strict=True)):
        stating = table.weight > 0
        modes = table.likelihood[:, stating].argmax(axis=0)
        chance = float(np.clip(fits[modes][:, stating].mean(), 0.02, 0.85))
        rows = codes[:, column] >= 0
        same = fits[codes[rows, column]]
        weights = np.where(same, np.log10(0.9 / chance), np.log10(0.1 / (1 - chance)))
        total[rows] += np.where(stating[None, :], weights, 0.0)
    return np.where(bench.listed[None, :], total, -np.inf)


def categorical_nb(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """scikit-learn CategoricalNB, 40 rows a type drawn from its stated values, gaps imputed by the commonest value."""
    rng = np.random.default_rng(0)
    listed = np.flatnonzero(bench.listed)
    repeats = 40
    rows = np.full((len(listed) * repeats, len(bench.tables)), np.nan)
    for column, table in enumerate(bench.tables):
        for place, leaf in enumerate(listed):
            if table.weight[leaf] > 0:
                law = table.likelihood[:, leaf] / table.likelihood[:, leaf].sum()
                rows[place * repeats : (place + 1) * repeats, column] = rng.choice(len(law), size=repeats, p=law)
    imputer = SimpleImputer(strategy="most_frequent", keep_empty_features=True)
    labels = np.repeat(listed, repeats)
    sizes = [len(table.background) for table in bench.tables]
    model = CategoricalNB(min_categories=sizes, fit_prior=False).fit(imputer.fit_transform(rows).astype(int), labels)
    given = np.where(codes >= 0, codes, np.nan).astype(float)
    log10 = model.predict_joint_log_proba(imputer.transform(given).astype(int)) / np.log(10.0)
    total = np.full((len(codes), len(bench.hypotheses)), -np.inf)
    # Posteriors under a flat prior: what the classifier itself would report.
    total[:, listed] = log10 - np.logaddexp.reduce(log10 * np.log(10.0), axis=1, keepdims=True) / np.log(10.0)
    return total


def rules(bench: Bench, codes: np.ndarray) -> np.ndarray:
    """Rules as of a file scanner: a type is hit when 3 recorded traits (or all, if fewer) agree and none differs."""
    agree, differ = _agreements(bench, codes)
    recorded = (codes >= 0).sum(axis=1, keepdims=True)
    hit = (agree >= np.minimum(3, recorded)) & (differ == 0)
    return np.where(bench.listed[None, :], np.where(hit, 1.0 + agree, 0.1 * (agree - differ)), -np.inf)


ENGINES = {
    "this method": (ours, True),
    "naive product": (naive_product, True),
    "Fellegi-Sunter, written out": (fellegi_sunter, True),
    "CategoricalNB, imputed": (categorical_nb, True),
    "3-of-m rules, written out": (rules, False),
}
"""Name to (function, whether its numbers are meant as ratios)."""
