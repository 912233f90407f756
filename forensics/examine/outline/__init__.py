"""Casing edges and diameters."""
