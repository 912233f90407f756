"""The elicited numbers this room works with, read once from the parameter file by name."""

from __future__ import annotations

import math
from dataclasses import dataclass

from forensics.model.catalogue import Parameters

__all__ = ["LN10", "VISUAL_BLOCK", "Settings"]

LN10 = math.log(10.0)
VISUAL_BLOCK = "visual"


@dataclass(frozen=True)
class Settings:
    """Numbers of the method (inference.md section 10).

    Logarithms are to base ten where the name says so. ``exponent`` is the global robustness exponent g;
    ``coverage_theta`` the Ewens concentration of the families of one state; ``foreign_floor`` the rate of reuse,
    planting and stray parts below which no background falls.
    """

    exponent: float
    tie_delta_log10: float
    naming_log10: float
    favour_log10: float
    report_cap_log10: float
    trait_cap_log10: float
    visual_cap_log10: float
    foreign_floor: float
    coverage_theta: float
    unlisted_other_prior: float
    replicates: int
    weight_concentration: float

    @classmethod
    def read(cls, parameters: Parameters) -> Settings:
        """Take the numbers from a parameter file.

        Raises
        ------
        KeyError
            When the file does not state one of them.
        """
        return cls(
            exponent=parameters["global_exponent"],
            tie_delta_log10=parameters["tie_delta_log10"],
            naming_log10=math.log10(parameters["naming_lr"]),
            favour_log10=math.log10(parameters["favour_lr"]),
            report_cap_log10=parameters["report_cap_log10"],
            trait_cap_log10=parameters["trait_cap_log10"],
            visual_cap_log10=parameters["visual_cap_log10"],
            foreign_floor=parameters["foreign_occurrence_floor"],
            coverage_theta=parameters["state_coverage_theta"],
            unlisted_other_prior=parameters["unlisted_other_prior"],
            replicates=round(parameters["bootstrap_replicates"]),
            weight_concentration=parameters["bootstrap_beta"],
        )

    def cap(self, block: str) -> float:
        """The largest |ln LR| one trait of a block may reach (inference.md 3.8)."""
        return LN10 * (self.visual_cap_log10 if block == VISUAL_BLOCK else self.trait_cap_log10)
