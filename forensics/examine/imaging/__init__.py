"""Pure functions on pixels: no trait, no observation, no external program."""
