"""Missile-debris forensic attribution: who made an item, how strongly, because of which trait, on whose word."""

__all__ = ["__version__"]

__version__ = "0.1.0"
