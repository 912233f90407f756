"""The process in which the examiners read a case's photographs: low priority, progress, stopped at any time."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path


def main(arguments: list[str]) -> None:
    """``CASE [--catalogue DIR] [--only FILE]``; progress as lines of JSON."""
    from forensics.errors import ForensicsError  # noqa: PLC0415
    from forensics.workflow.readings import read_case  # noqa: PLC0415

    with suppress(OSError, AttributeError):
        os.nice(5)
    options = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    catalogue = options.get("--catalogue")
    answers = sys.stdout
    sys.stdout = sys.stderr

    def tell(**what: object) -> None:
        answers.write(json.dumps(what) + "\n")
        answers.flush()

    try:
        unread = read_case(
            Path(arguments[0]),
            Path(catalogue) if catalogue else None,
            lambda _what, done, total: tell(done=done, total=total),
            only=options.get("--only"),
        )
        tell(finished=True, unread=list(unread))
    except ForensicsError as error:
        tell(finished=True, failed=str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
