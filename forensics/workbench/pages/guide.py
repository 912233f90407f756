"""What to photograph and how: drawings of ours, a sentence each, and the part it is about."""

from __future__ import annotations

__all__ = ["GUIDE"]

GUIDE: tuple[tuple[str, str, str], ...] = (
    (
        "whole",
        "The whole piece, with a scale beside it",
        "Step back until all of it is in the picture; put a ruler or a marker of known size in its plane.",
    ),
    (
        "ring",
        "Bolt rings straight from the front",
        "Hold the camera on the axis of the ring; every bolt sharp, the edge of the casing in the picture.",
    ),
    (
        "nozzle",
        "The nozzle and the jet vanes",
        "Along the axis, then from the side; each vane and its actuator once on its own.",
    ),
    (
        "marking",
        "Every marking twice",
        "Once so that it fills the picture, once from further off; light it from the side when it is stamped.",
    ),
    (
        "fin",
        "Fins, wings and hinges",
        "Flat on, with the root and the tip; the folding joint and its curve from the end.",
    ),
    ("wall", "The edge of the wall", "Across a clean break, with a ruler on it: thickness and material."),
    ("board", "Boards and components", "Lid off, before anything is cleaned; then each label and date code close up."),
    ("label", "Labels and plates", "Square on, no flash; do not wipe handwriting before it is photographed."),
)
"""Key of the drawing, heading, advice."""
