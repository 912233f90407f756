"""Ring patterns as Fourier coefficients: a catalogue pattern, every regular ring, groups of unknown pitch."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.model.catalogue import ExpectedRing

__all__ = ["REGULAR_COUNTS", "Variants", "grid_size", "regular_rings", "variants"]

Complex = NDArray[np.complex128]

REGULAR_COUNTS = tuple(range(2, 73))
"""Sizes of regular rings the background ranges over."""

MAX_PITCHES = 33


def grid_size(sigma_deg: float) -> int:
    """Rotation steps of a full turn: fine enough for the angular error, at least half-degree steps."""
    for size in (720, 1440, 2880):
        if size >= 640.0 / sigma_deg:
            return size
    return 5760


def _coefficients(angles_deg: tuple[float, ...], grid: int) -> Complex:
    order = np.arange(grid // 2 + 1)
    phase = np.exp(-1j * np.outer(order, np.deg2rad(np.array(angles_deg))))
    coefficients: Complex = phase.sum(axis=1)
    return coefficients


class Variants:
    """The pitches (or the one layout) that a catalogue pattern may have, each equally likely.

    coefficients: (K, grid / 2 + 1). chiral: whether the mirror image differs.
    """

    def __init__(self, coefficients: Complex, *, chiral: bool) -> None:
        self.coefficients = coefficients
        self.chiral = chiral


@lru_cache(maxsize=8)
def regular_rings(grid: int) -> Variants:
    """The regular rings of ``REGULAR_COUNTS``, one row each."""
    order = np.arange(grid // 2 + 1)
    rows = [np.where(order % count == 0, float(count), 0.0) for count in REGULAR_COUNTS]
    return Variants(np.array(rows, dtype=np.complex128), chiral=False)


def _grouped_angles(value: ExpectedRing, pitch: float) -> tuple[float, ...]:
    groups = value.groups or 1
    members = value.count // groups
    offsets = (np.arange(members) - (members - 1) / 2) * pitch
    centres = np.arange(groups) * 360.0 / groups
    return tuple(float(angle) for angle in (centres[:, None] + offsets[None, :]).ravel())


@lru_cache(maxsize=256)
def _variants(
    count: int,
    spacing: str,
    groups: int | None,
    pitch_deg: tuple[float, float] | None,
    angles_deg: tuple[float, ...],
    grid: int,
    pitch_step: float,
) -> Variants:
    if spacing == "angles":
        return Variants(_coefficients(angles_deg, grid)[None, :], chiral=True)
    members = count // (groups or count)
    if spacing == "even" or members == 1:
        even = tuple(360.0 * k / count for k in range(count))
        return Variants(_coefficients(even, grid)[None, :], chiral=False)
    between = 360.0 / (groups or 1)
    low, high = pitch_deg or (0.2 * between / members, 0.95 * between / members)
    steps = 1 if high <= low else min(MAX_PITCHES, max(2, int(np.ceil((high - low) / pitch_step))))
    pitches = low + (high - low) * (np.arange(steps) + 0.5) / steps
    pattern = ExpectedRing(count=count, spacing="grouped", groups=groups)
    rows = [_coefficients(_grouped_angles(pattern, float(pitch)), grid) for pitch in pitches]
    return Variants(np.array(rows), chiral=False)


def variants(value: ExpectedRing, grid: int, sigma_deg: float) -> Variants:
    """The layouts of a catalogue pattern.

    The pitch inside a group, when it is not known, runs over its range in steps of about half the angular error.
    """
    step = 2.0 ** round(np.log2(max(sigma_deg, 0.25) / 2))
    return _variants(value.count, value.spacing, value.groups, value.pitch_deg, value.angles_deg, grid, step)
