"""Observations and what persons decided about them, to findings. Disagreement is a ``Conflict``, never an average."""

from __future__ import annotations

from forensics.review.disagreeing import Disagreement, disagreements
from forensics.review.reviewing import Conflict, Review, findings, review

__all__ = ["Conflict", "Disagreement", "Review", "disagreements", "findings", "review"]
