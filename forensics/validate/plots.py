"""Pictures of a validation run: cost against prior odds, Tippett curves, calibration. Matplotlib is an extra."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from forensics.errors import MissingProgramError
from forensics.validate.metrics import cross_entropy, exceeding, pav_log10
from forensics.validate.running import Run
from forensics.validate.study import LEVELS, ScenarioStudy

__all__ = ["draw_figures"]

INSTALL = "python -m pip install 'missile-forensics[validate]'"


def _prepare_matplotlib() -> None:
    try:
        import matplotlib as mpl  # noqa: PLC0415
    except ImportError:
        raise MissingProgramError(
            f"Matplotlib is not installed; the pictures of the validation report need it. Install it: {INSTALL}. "
            "Without it: forensics validate without -o prints every table, and --no-figures writes the report."
        ) from None
    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "forensics"


def draw_figures(run: Run, folder: Path, *, suffix: str = "svg") -> tuple[str, ...]:
    """Draw every picture of a run into a folder.

    Returns
    -------
    File names, sorted.

    Raises
    ------
    MissingProgramError
        When Matplotlib is not installed.
    """
    _prepare_matplotlib()
    from matplotlib.figure import Figure  # noqa: PLC0415

    names = []
    for kind, draw in (("cost", _cost), ("tippett", _tippett), ("calibration", _calibration)):
        columns = 1 if kind == "calibration" else len(LEVELS)
        figure = Figure(figsize=(4.2 * columns, 3.4 * len(run.studies)), layout="constrained")
        axes = figure.subplots(len(run.studies), columns, squeeze=False)
        for row, study in enumerate(run.studies):
            draw(axes[row], study)
        name = f"{kind}.{suffix}"
        # A fixed hash salt and no date: the same run gives the same bytes.
        metadata = {"Date": None} if suffix == "svg" else {}
        figure.savefig(folder / name, metadata=metadata)
        names.append(name)
    return tuple(sorted(names))


def _cost(axes: Any, study: ScenarioStudy) -> None:
    odds = np.linspace(-3, 3, 61)
    for axis, level in zip(axes, LEVELS, strict=True):
        h1, h2, w1, w2 = study.tallies[level, "all"].arrays()
        nothing = np.zeros(1)
        axis.plot(odds, cross_entropy(nothing, nothing, odds), "k:", label="saying nothing")
        axis.plot(odds, cross_entropy(h1, h2, odds, w1, w2), "C3", label="as given")
        best1, best2 = pav_log10(h1, h2, w1, w2)
        finite = [np.clip(best, -30, 30) for best in (best1, best2)]
        axis.plot(odds, cross_entropy(finite[0], finite[1], odds, w1, w2), "C0--", label="best calibration")
        axis.set(
            title=f"{study.scenario.id}, {level}", xlabel="prior log10 odds", ylabel="empirical cross-entropy, bits"
        )
    axes[0].legend(fontsize=8)


def _tippett(axes: Any, study: ScenarioStudy) -> None:
    grid = np.linspace(-4, 6, 301)
    for axis, level in zip(axes, LEVELS, strict=True):
        h1, h2, w1, w2 = study.tallies[level, "all"].arrays()
        axis.semilogy(grid, np.maximum(exceeding(h1, grid, w1), 1e-7), "C0", label="true proposition")
        axis.semilogy(grid, np.maximum(exceeding(h2, grid, w2), 1e-7), "C3", label="false proposition")
        axis.semilogy(grid[grid >= 0], 10.0 ** -grid[grid >= 0], "k:", label="Turing's bound")
        axis.set(title=f"{study.scenario.id}, {level}", xlabel="log10 LR", ylabel="share above", ylim=(1e-6, 1.5))
    axes[0].legend(fontsize=8)


def _calibration(axes: Any, study: ScenarioStudy) -> None:
    axis = axes[0]
    axis.plot([0, 1], [0, 1], "k:")
    axis.plot(study.calibration.stated, study.calibration.observed, "C0o-")
    axis.set(
        title=study.scenario.id,
        xlabel="posterior of the leading leaf",
        ylabel="how often it was the true one",
        xlim=(0, 1),
        ylim=(0, 1),
    )
