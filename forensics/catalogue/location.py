"""Where the catalogue is: a folder given, the checkout's, or the one inside the installed package.

Never depends on the working directory or on an environment variable: the same command reads the same catalogue.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from forensics.errors import CatalogueError, Fault

__all__ = ["PathKind", "locate"]

PathKind = Literal["checkout", "installed", "given"]

_PACKAGE = Path(__file__).resolve().parent.parent
_LANDMARK = Path("vocabulary") / "traits.yaml"


def locate(path: Path | None = None, *, package: Path = _PACKAGE) -> tuple[Path, PathKind]:
    """Find the folder of the catalogue.

    Parameters
    ----------
    path : a folder the user names; taken as it is. None: the checkout's ``signatures/`` beside the package, else the
        copy inside the installed package.
    package : folder of the ``forensics`` package; for tests.

    Returns
    -------
    The absolute folder and which of the three it is.

    Raises
    ------
    CatalogueError
        If the folder given is no catalogue, or none is found.
    """
    if path is not None:
        folder = Path(path).expanduser()
        if not folder.is_dir():
            what = "is a file, not a folder" if folder.exists() else "does not exist"
            advice = "Give the folder that holds vocabulary/, sources.yaml and types/."
            raise CatalogueError(Fault(str(path), message=f"{what}.", advice=advice))
        if not (folder / _LANDMARK).is_file():
            advice = f"Give the folder that holds {_LANDMARK.as_posix()}; copy signatures/ to start one."
            raise CatalogueError(Fault(str(path), message="is not a signature catalogue.", advice=advice))
        return folder.resolve(), "given"
    checkout = package.parent / "signatures"
    if (checkout / _LANDMARK).is_file():
        return checkout, "checkout"
    installed = package / "_data" / "signatures"
    if (installed / _LANDMARK).is_file():
        return installed, "installed"
    advice = "Install the package again, or name a catalogue folder with --catalogue."
    raise CatalogueError(Fault("signatures", message="the signature catalogue was not found.", advice=advice))
