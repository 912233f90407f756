"""Rings of fasteners: found, straightened, read bolt by bolt."""
