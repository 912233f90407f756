"""The elicited numbers this room works with, read once from the parameter file by name."""

from __future__ import annotations

import math
from dataclasses import dataclass

from forensics.model.catalogue import Parameters

__all__ = ["EFFORTS", "LN10", "VISUAL_BLOCK", "Settings"]

LN10 = math.log(10.0)
VISUAL_BLOCK = "visual"
EFFORTS = ("photo", "measure", "dismantle", "laboratory")


@dataclass(frozen=True)
class Settings:
    """Numbers of the method (docs/method.md section 10).

    Logarithms are to base ten where the name says so. ``exponent`` is the global robustness exponent g;
    ``coverage_theta`` the Ewens concentration of the families of one state; ``foreign_floor`` the rate of reuse,
    planting and stray parts below which no background falls; ``quality_examined`` the quality an examination still to
    be made is reckoned with; ``cost`` the effort of one, by kind of effort.
    """

    exponent: float
    tie_delta_log10: float
    naming_log10: float
    favour_log10: float
    pattern_log10: float
    favour_share: float
    naming_share: float
    report_cap_log10: float
    trait_cap_log10: float
    visual_cap_log10: float
    foreign_floor: float
    coverage_theta: float
    unlisted_other_prior: float
    outrank_share: float
    unremarkable_log10: float
    pivotal_delta_log10: float
    leave_source_share: float
    replicates: int
    weight_concentration: float
    quality_concentration: float
    background_ln_sd: float
    likelihood_ln_sd: float
    edge_low: float
    quality_examined: float
    cost: dict[str, float]

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
            pattern_log10=math.log10(parameters["pattern_lr"]),
            favour_share=parameters["favour_share"],
            naming_share=parameters["naming_share"],
            report_cap_log10=parameters["report_cap_log10"],
            trait_cap_log10=parameters["trait_cap_log10"],
            visual_cap_log10=parameters["visual_cap_log10"],
            foreign_floor=parameters["foreign_occurrence_floor"],
            coverage_theta=parameters["state_coverage_theta"],
            unlisted_other_prior=parameters["unlisted_other_prior"],
            outrank_share=parameters["tie_outrank_share"],
            unremarkable_log10=parameters["unremarkable_log10"],
            pivotal_delta_log10=parameters["pivotal_delta_log10"],
            leave_source_share=parameters["leave_source_share"],
            replicates=round(parameters["bootstrap_replicates"]),
            weight_concentration=parameters["bootstrap_beta"],
            quality_concentration=parameters["bootstrap_quality_alpha"] + parameters["bootstrap_quality_beta"],
            background_ln_sd=parameters["bootstrap_background_ln_sd"],
            likelihood_ln_sd=parameters["bootstrap_likelihood_ln_sd"],
            edge_low=parameters["bootstrap_edge_low"],
            quality_examined=parameters["q_photograph"],
            cost={effort: parameters[f"cost_{effort}"] for effort in EFFORTS},
        )

    def cap(self, block: str) -> float:
        """The largest |ln LR| one trait of a block may reach (docs/method.md 3.8)."""
        return LN10 * (self.visual_cap_log10 if block == VISUAL_BLOCK else self.trait_cap_log10)
