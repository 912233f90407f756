"""Measured quantities (K4): values, intervals, bounds, several records, and chord with sagitta of a fragment.

Under a catalogue value: a Student law around it, wide enough for the measurement, the spread between items and a
floor, with a second wide part for "measured another feature". In other designs: a kernel density over the families'
means on the logarithm, mixed with the log-normal prior of the class.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forensics.compare.background import background_entry, copy_cat, foreign_floor, theta_of
from forensics.compare.records import Record, Scored, best_quality, joint_column
from forensics.compare.stated import Floats, Stated
from forensics.compare.student import LogNormals, Students
from forensics.model.catalogue import Catalogue, ExpectedMeasure, Parameters
from forensics.model.values import Chord, Measured

__all__ = [
    "DEFAULT_RELATIVE_UNCERTAINTY",
    "background_law",
    "diameter_from_chord",
    "score",
    "score_points",
    "value_law",
]

DEFAULT_RELATIVE_UNCERTAINTY = 0.01
"""Standard uncertainty, relative, of a measurement recorded without one."""

INTERVAL_PARTS = 24
"""Parts by which a uniform catalogue interval is represented."""


def diameter_from_chord(
    chord: float, sagitta: float, chord_uncertainty: float, sagitta_uncertainty: float
) -> tuple[float, float]:
    """Diameter of a circular section and its standard uncertainty, for display only (scoring uses the sagitta).

    All in one unit. ``R = c^2 / 8s + s / 2``, uncertainty by first-order propagation.
    """
    radius = chord**2 / (8 * sagitta) + sagitta / 2
    by_sagitta = 0.5 - chord**2 / (8 * sagitta**2)
    by_chord = chord / (4 * sagitta)
    spread = math.hypot(by_sagitta * sagitta_uncertainty, by_chord * chord_uncertainty)
    return 2 * radius, 2 * spread


def _means(value: ExpectedMeasure) -> tuple[Floats, float]:
    """Locations of the parts of a catalogue value, and the spread of each between items."""
    if value.mean is not None:
        return np.array([value.mean]), value.between_sd
    low, high = value.low or 0.0, value.high or 0.0
    width = (high - low) / INTERVAL_PARTS
    middles: Floats = low + width * (np.arange(INTERVAL_PARTS, dtype=np.float64) + 0.5)
    return middles, math.hypot(value.between_sd, width / math.sqrt(12))


def value_law(value: ExpectedMeasure, uncertainty: float, relative: float, parameters: Parameters) -> Students:
    """Law of the record under one catalogue value (docs/method.md 3.4 K4).

    uncertainty: standard uncertainty of the measurement in its unit; relative: further uncertainty as a part of the
    true value (deformation, or an instrument's percentage).
    """
    means, between = _means(value)
    size = np.abs(means)
    scale = np.sqrt(uncertainty**2 + between**2 + (relative**2 + parameters["measure_floor"] ** 2) * size**2)
    scale = np.maximum(scale, 1e-9)
    wide = parameters["wide_component_share"]
    count = means.size
    return Students(
        location=np.concatenate([means, means]),
        scale=np.concatenate([scale, scale + parameters["wide_component_scale"] * size]),
        weight=np.concatenate([np.full(count, (1 - wide) / count), np.full(count, wide / count)]),
        nu=parameters["student_nu"],
    )


def _typical(value: ExpectedMeasure) -> float:
    return value.mean if value.mean is not None else 0.5 * ((value.low or 0.0) + (value.high or 0.0))


def _prior(stated: Stated, catalogue: Catalogue) -> tuple[float, float]:
    """Mean and spread of the class prior on the logarithm; one class alone in the population has its own."""
    entry = background_entry(catalogue, stated.trait.id)
    low, high = stated.trait.plausible or (0.0, 0.0)
    spread = entry.ln_sd.get("any", catalogue.parameters["class_ln_sd"])
    only = stated.classes[0] if len(stated.classes) == 1 else "any"
    for name in (only, "any"):
        if name in entry.ln_mean:
            return entry.ln_mean[name], entry.ln_sd.get(name, spread)
    if entry.ln_mean:
        means = np.array([entry.ln_mean[name] for name in sorted(entry.ln_mean)])
        spreads = np.array([entry.ln_sd.get(name, spread) for name in sorted(entry.ln_mean)])
        return float(means.mean()), float(np.sqrt(means.var() + (spreads**2).mean()))
    if low > 0 and high > low:
        return 0.5 * (math.log(low) + math.log(high)), max((math.log(high) - math.log(low)) / 4, 0.2)
    known = [math.log(_typical(v)) for v in stated.values if isinstance(v, ExpectedMeasure) and _typical(v) > 0]
    return (float(np.mean(known)) if known else 0.0), max(spread, 1.0)


def background_law(stated: Stated, uncertainty: float, relative: float, catalogue: Catalogue) -> LogNormals:
    """Law of the record in other designs (docs/method.md 3.3).

    A kernel density over family means, bandwidth on the logarithm, and the class prior, both widened by the
    measurement; log-normal parts, so that the law integrates to 1.
    """
    parameters = catalogue.parameters
    ln_mean, ln_sd = _prior(stated, catalogue)
    share = parameters["kde_share"] if stated.families else 0.0
    means, weights = [ln_mean], [1.0 - share]
    spreads = [ln_sd]
    votes = stated.votes.sum(axis=0)
    for index, value in enumerate(stated.values):
        if votes[index] > 0 and isinstance(value, ExpectedMeasure):
            means.append(math.log(max(_typical(value), 1e-9)))
            spreads.append(parameters["kde_bandwidth_ln"])
            weights.append(share * float(votes[index]) / stated.families)
    centres = np.array(means)
    widening = np.minimum(uncertainty / np.exp(centres), 1.0) ** 2 + relative**2 + parameters["measure_floor"] ** 2
    return LogNormals(ln_mean=centres, ln_sd=np.sqrt(np.array(spreads) ** 2 + widening), weight=np.array(weights))


@dataclass(frozen=True)
class _Bounds:
    low: float
    high: float


def _uncertainty(record: Record) -> tuple[float, float]:
    """Standard uncertainty in the unit of the value, and the part relative to the true value."""
    value = record.value
    if isinstance(value, Measured) and value.uncertainty is not None:
        return value.uncertainty, 0.0
    if isinstance(value, Measured) and value.value is None:
        return 0.0, 0.0
    return 0.0, DEFAULT_RELATIVE_UNCERTAINTY


def _relative(record: Record, parameters: Parameters) -> tuple[float, float]:
    uncertainty, relative = _uncertainty(record)
    if isinstance(record.value, Measured) and record.value.deformed:
        relative = math.hypot(relative, parameters["deformation_share"])
    return uncertainty, relative


def _bounds(value: Measured) -> _Bounds | None:
    if value.value is not None:
        return None
    return _Bounds(-math.inf if value.low is None else value.low, math.inf if value.high is None else value.high)


def _one(record: Record, value: Measured, stated: Stated, catalogue: Catalogue) -> tuple[Floats, float]:
    """A single record in closed form: (V,) under the stated values, and under the generic law."""
    uncertainty, relative = _relative(record, catalogue.parameters)
    bounds = _bounds(value)
    generic_law = background_law(stated, uncertainty, relative, catalogue)
    laws = [
        value_law(v, uncertainty, relative, catalogue.parameters)
        for v in stated.values
        if isinstance(v, ExpectedMeasure)
    ]
    if bounds is None:
        point = np.array(value.value)
        generic = float(generic_law.density(point))
        values = np.array([float(law.density(point)) for law in laws])
    else:
        ends = np.array([bounds.low, bounds.high])
        generic = float(np.diff(generic_law.below(ends))[0])
        values = np.array([float(np.diff(law.below(ends))[0]) for law in laws])
    return values, generic


def _kernel(record: Record, diameters: Floats, parameters: Parameters) -> Floats:
    """Likelihood of a record given the true value, on a grid of true values.

    A chord with its sagitta is scored in measurement space: the sagitta expected for the chord on a circle of that
    diameter, against the sagitta measured. A circle narrower than the chord is impossible.
    """
    value = record.value
    nu = parameters["student_nu"]
    if isinstance(value, Chord):
        radius = 0.5 * diameters
        possible = radius > 0.5 * value.chord_mm
        root = np.sqrt(np.maximum(radius**2 - value.chord_mm**2 / 4, 1e-9))
        expected = radius - root
        by_chord = value.chord_mm / (4 * root)
        by_diameter = 0.5 * np.abs(1.0 - radius / root)
        relative = parameters["deformation_share"] if value.deformed else 0.0
        scale = np.sqrt(
            value.sagitta_uncertainty_mm**2
            + (np.minimum(by_chord, 1e3) * value.chord_uncertainty_mm) ** 2
            + (np.minimum(by_diameter, 1e3) * relative * diameters) ** 2
        )
        scale = np.maximum(scale, 1e-6)
        ones = np.ones(1)
        z = (value.sagitta_mm - expected) / scale
        unit = Students(np.zeros(1), ones, ones, nu)
        return np.where(possible, unit.density(z) / scale, 0.0)
    if not isinstance(value, Measured):
        raise TypeError("a measured value is needed")
    uncertainty, relative = _relative(record, parameters)
    scale = np.sqrt(uncertainty**2 + (relative * diameters) ** 2 + (parameters["measure_floor"] * diameters) ** 2)
    unit = Students(np.zeros(1), np.ones(1), np.ones(1), nu)
    bounds = _bounds(value)
    if bounds is None:
        return unit.density((float(value.value or 0.0) - diameters) / scale) / scale
    low = unit.below((bounds.low - diameters) / scale)
    return unit.below((bounds.high - diameters) / scale) - low


def _grid(records: Sequence[Record], stated: Stated, parameters: Parameters) -> Floats:
    """True values to sum over: fine where the records and the catalogue values are, coarse elsewhere."""
    points: list[Floats] = []
    centres: list[float] = []
    for record in records:
        value = record.value
        if isinstance(value, Chord):
            centre, spread = diameter_from_chord(
                value.chord_mm, value.sagitta_mm, value.chord_uncertainty_mm, value.sagitta_uncertainty_mm
            )
        elif isinstance(value, Measured) and value.value is not None:
            uncertainty, relative = _relative(record, parameters)
            centre = abs(value.value)
            spread = math.hypot(uncertainty, (relative + parameters["measure_floor"]) * centre)
        else:
            continue
        centres.append(centre)
        points.append(centre + spread * np.linspace(-10, 10, 401))
    for stated_value in stated.values:
        if isinstance(stated_value, ExpectedMeasure):
            means, between = _means(stated_value)
            centres.extend(means.tolist())
            for mean in means:
                points.append(mean + math.hypot(between, 0.003 * mean) * np.linspace(-6, 6, 49))
    middle = [centre for centre in centres if centre > 0] or [1.0]
    points.append(np.geomspace(min(middle) / 12, max(middle) * 12, 801))
    grid = np.unique(np.concatenate(points))
    return grid[grid > 0]


def _steps(grid: Floats) -> Floats:
    """Trapezoid weights of an uneven grid."""
    gaps = np.diff(grid)
    steps = np.zeros_like(grid)
    steps[:-1] += 0.5 * gaps
    steps[1:] += 0.5 * gaps
    return steps


def _on_grid(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> tuple[Floats, float]:
    """Several records, or a chord: sum over the true value on a grid."""
    parameters = catalogue.parameters
    grid = _grid(records, stated, parameters)
    steps = _steps(grid)
    prior = background_law(stated, 0.0, 0.0, catalogue).density(grid) * steps
    prior /= prior.sum()
    columns = [_kernel(record, grid, parameters) for record in records]
    joint = joint_column(columns, records, prior)
    values = []
    for value in stated.values:
        if isinstance(value, ExpectedMeasure):
            weights = value_law(value, 0.0, 0.0, parameters).density(grid) * steps
            values.append(float(weights @ joint) / max(float(weights.sum()), 1e-12))
    return np.array(values), float(prior @ joint)


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"


def _observed(records: Sequence[Record]) -> str:
    parts = []
    for record in records:
        value = record.value
        if isinstance(value, Chord):
            diameter, spread = diameter_from_chord(
                value.chord_mm, value.sagitta_mm, value.chord_uncertainty_mm, value.sagitta_uncertainty_mm
            )
            text = (
                f"chord {_number(value.chord_mm)} and sagitta {_number(value.sagitta_mm)} mm "
                f"(diameter {diameter:.0f} ±{spread:.0f} mm)"
            )
        elif isinstance(value, Measured) and value.value is not None:
            margin = f" ±{_number(value.uncertainty)}" if value.uncertainty is not None else ""
            text = f"{_number(value.value)}{margin} {value.unit}"
        elif isinstance(value, Measured) and value.low is not None and value.high is not None:
            text = f"{_number(value.low)} to {_number(value.high)} {value.unit}"
        elif isinstance(value, Measured) and value.low is not None:
            text = f"at least {_number(value.low)} {value.unit}"
        elif isinstance(value, Measured) and value.high is not None:
            text = f"at most {_number(value.high)} {value.unit}"
        else:
            continue
        parts.append(f"{text} on deformed metal" if value.deformed else text)
    return "; ".join(dict.fromkeys(parts))


def score_points(points: Floats, stated: Stated, catalogue: Catalogue) -> tuple[Floats, Floats]:
    """Many single measurements without a stated uncertainty at once: what ``score`` gives for each alone.

    points: (X,) in the canonical unit. Gives (V, X) under the stated values and (X,) in other designs.
    """
    parameters = catalogue.parameters
    relative = DEFAULT_RELATIVE_UNCERTAINTY
    generic = background_law(stated, 0.0, relative, catalogue).density(points)
    measures = [value for value in stated.values if isinstance(value, ExpectedMeasure)]
    values = np.array([value_law(value, 0.0, relative, parameters).density(points) for value in measures])
    values = values.reshape(len(measures), points.size)
    background = generic
    entry = background_entry(catalogue, stated.trait.id)
    if entry.theta is not None:
        background = copy_cat(values, generic, stated, theta_of(stated, entry, parameters))
    if measures:
        background = np.maximum(background, foreign_floor(parameters) * values.max(axis=0))
    return values, np.maximum(background, float(np.finfo(float).tiny))


def score(records: Sequence[Record], stated: Stated, catalogue: Catalogue) -> Scored:
    """Likelihood (density in the unit of the record) of the records of one measured trait."""
    only = records[0].value
    if len(records) == 1 and isinstance(only, Measured):
        values, generic = _one(records[0], only, stated, catalogue)
    else:
        values, generic = _on_grid(records, stated, catalogue)
    background = generic
    entry = background_entry(catalogue, stated.trait.id)
    if entry.theta is not None:
        background = float(
            copy_cat(values[:, None], np.array([generic]), stated, theta_of(stated, entry, catalogue.parameters))[0]
        )
    if values.size:
        background = max(background, foreign_floor(catalogue.parameters) * float(values.max()))
    return Scored(
        values=values,
        background=max(background, float(np.finfo(float).tiny)),
        quality=best_quality(records),
        observed=_observed(records),
    )
