"""Densities and distribution functions of mixtures of Student and log-normal parts, with scipy.special alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtr, stdtr

from forensics.compare.stated import Floats

__all__ = ["LogNormals", "Students"]


@dataclass(frozen=True)
class Students:
    """Weighted Student parts: location, scale and weight of each (all (P,)), nu degrees of freedom."""

    location: Floats
    scale: Floats
    weight: Floats
    nu: float

    def density(self, x: Floats) -> Floats:
        """(..., ) density at x, summed over the parts."""
        z = (np.asarray(x)[..., None] - self.location) / self.scale
        constant = np.exp(gammaln((self.nu + 1) / 2) - gammaln(self.nu / 2)) / np.sqrt(self.nu * np.pi)
        parts = constant * (1.0 + z * z / self.nu) ** (-(self.nu + 1) / 2) / self.scale
        total: Floats = parts @ self.weight
        return total

    def below(self, x: Floats) -> Floats:
        """Probability below x, summed over the parts; x may be infinite."""
        z = (np.asarray(x)[..., None] - self.location) / self.scale
        total: Floats = stdtr(self.nu, z) @ self.weight
        return total


@dataclass(frozen=True)
class LogNormals:
    """Weighted log-normal parts: mean and spread of the logarithm, and weight of each (all (P,))."""

    ln_mean: Floats
    ln_sd: Floats
    weight: Floats

    def density(self, x: Floats) -> Floats:
        """Density at x > 0, summed over the parts; 0 at x <= 0."""
        x = np.asarray(x, dtype=np.float64)
        positive = np.maximum(x, 1e-300)
        z = (np.log(positive)[..., None] - self.ln_mean) / self.ln_sd
        parts = np.exp(-0.5 * z * z) / (self.ln_sd * np.sqrt(2 * np.pi))
        total: Floats = np.where(x > 0, (parts @ self.weight) / positive, 0.0)
        return total

    def below(self, x: Floats) -> Floats:
        """Probability below x, summed over the parts; x may be infinite."""
        x = np.asarray(x, dtype=np.float64)
        with np.errstate(divide="ignore"):
            z = (np.log(np.maximum(x, 0.0))[..., None] - self.ln_mean) / self.ln_sd
        total: Floats = ndtr(z) @ self.weight
        return total
