"""Charts of a batch: outcomes, strength of what is named, and how many traits it took.

``python docs/outcomes.py results/cases.csv outcomes.png`` (needs pandas and matplotlib).
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

NAMES = {
    "named": "a type or family is named",
    "tie": "a set wider than one family",
    "none_fits": "none of the catalogued types fits",
    "insufficient": "too little examined",
    "failed": "failed",
}


def main() -> None:
    """Read the table of cases and draw."""
    given, target = Path(sys.argv[1]), Path(sys.argv[2])
    cases = pd.read_parquet(given) if given.suffix == ".parquet" else pd.read_csv(given)
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4), constrained_layout=True)
    counts = cases["outcome"].value_counts().reindex(list(NAMES)).dropna()
    left.barh([NAMES[name] for name in counts.index], counts.to_numpy(), color="#4a6d8c")
    left.invert_yaxis()
    left.set_title(f"Outcome of {len(cases):,} cases")
    named = cases[cases["outcome"].isin(["named", "tie"])]
    middle.hist(named["log10_lr"].dropna(), bins=20, color="#4a6d8c")
    middle.set_xlabel("log10 likelihood ratio of what is reported")
    middle.set_title("Strength")
    for name, group in cases.groupby("outcome"):
        if name != "failed":
            sizes = group["observations"].value_counts().sort_index()
            right.plot(sizes.index, sizes.to_numpy(), marker="o", label=NAMES[name])
    right.set_xlabel("observations in the case")
    right.set_title("How much was examined")
    right.legend(fontsize=8)
    figure.savefig(target, dpi=120)


if __name__ == "__main__":
    main()
