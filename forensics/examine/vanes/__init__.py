"""Jet vanes at a nozzle: how many, at which angles."""
