"""One module for each page, in the order of the work."""
