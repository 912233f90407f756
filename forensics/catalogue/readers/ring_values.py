"""A ring pattern as written: which of its parts must be there, and which contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["RING_ADVICE", "RING_KEYS", "WrittenRing"]

RING_KEYS = ("count", "spacing", "groups", "pitch_deg", "angles_deg", "circle_to_casing")
RING_ADVICE = "Write {count: 20, spacing: even}, {count: 18, spacing: grouped, groups: 6} or {angles_deg: [0, 90]}."


@dataclass(frozen=True)
class WrittenRing:
    """A ring before it is checked. Angles in degrees; ``circle_to_casing`` a ratio of diameters."""

    count: int | None
    groups: int | None
    spacing: str | None
    angles_deg: tuple[float, ...]
    pitch_deg: tuple[float, ...]
    circle_to_casing: float | None

    @property
    def completed_count(self) -> int | None:
        """The count, or the number of angles when only these are written."""
        return len(self.angles_deg) if self.count is None and self.angles_deg else self.count

    @property
    def completed_spacing(self) -> str | None:
        """The spacing; written angles speak for themselves."""
        return "angles" if self.spacing is None and self.angles_deg else self.spacing

    def problem(self) -> str:
        """What is missing or inconsistent, as a sentence; empty when nothing is."""
        count, spacing, groups = self.completed_count, self.completed_spacing, self.groups
        pitch = self.pitch_deg
        ratio = self.circle_to_casing
        checks = (
            (count is None or not 1 <= count <= 400, "a ring needs a count from 1 to 400, or a list of angles."),
            (
                spacing not in ("even", "grouped", "angles"),
                "a ring needs a spacing: even, grouped, or angles (with angles_deg).",
            ),
            (
                (spacing == "angles") != bool(self.angles_deg) or len(self.angles_deg) not in (0, count),
                "the angles do not go with the spacing or the count.",
            ),
            (any(not 0 <= angle < 360 for angle in self.angles_deg), "an angle is not from 0 up to 360 degrees."),
            (
                (spacing == "grouped") != (groups is not None)
                or (groups is not None and (groups < 1 or (count or 0) % groups != 0)),
                "grouped spacing, and only that, needs 'groups', a number that divides the count.",
            ),
            (
                bool(pitch) and (spacing != "grouped" or len(pitch) > 2 or not 0 < pitch[0] <= pitch[-1] < 360),
                "pitch_deg is the range [low, high] of the angle between neighbours inside a group.",
            ),
            (
                ratio is not None and not 0 < ratio <= 1,
                "circle_to_casing is the bolt-circle diameter over the casing diameter, above 0 and at most 1.",
            ),
        )
        return next((sentence for wrong, sentence in checks if wrong), "")

    def plain(self) -> dict[str, Any]:
        """The plain mapping of ``ExpectedRing``; only for a ring without a problem."""
        ring: dict[str, Any] = {
            "kind": "ring",
            "count": self.completed_count,
            "spacing": self.completed_spacing,
            "angles_deg": self.angles_deg,
            "groups": self.groups,
            "circle_to_casing": self.circle_to_casing,
        }
        if self.pitch_deg:
            ring["pitch_deg"] = (self.pitch_deg[0], self.pitch_deg[-1])
        return ring
