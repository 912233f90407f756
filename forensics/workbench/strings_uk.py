"""The pages in Ukrainian."""

UKRAINIAN: dict[str, str] = {}
