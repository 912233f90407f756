"""One module for each format of the report. The closed table that chooses one is ``forensics.report.rendering``."""
