"""``python -m forensics``."""

from forensics.cli.main import main

main()
