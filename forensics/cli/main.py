"""Placeholder entry point, replaced with the command line."""


def main() -> None:
    """Do nothing yet."""
