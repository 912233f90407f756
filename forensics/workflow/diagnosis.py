"""What is installed, and what works without it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from forensics import __version__
from forensics.errors import ForensicsError

__all__ = ["diagnose"]

PACKAGES = ("numpy", "scipy", "scikit-learn", "pandas")


def diagnose() -> tuple[bool, str]:
    """Whether everything needed to read photographs is there, and a page of text."""
    from forensics.catalogue import load  # noqa: PLC0415
    from forensics.examine import doctor  # noqa: PLC0415

    lines = [f"forensics {__version__} on Python {platform.python_version()}, {platform.system()} {platform.machine()}"]
    for package in PACKAGES:
        try:
            lines.append(f"  {package} {version(package)}")
        except PackageNotFoundError:
            lines.append(f"  {package} is not installed")
    try:
        catalogue = load()
        lines.append(
            f"Catalogue {catalogue.version} ({catalogue.path_kind}): {len(catalogue.signatures)} types, "
            f"{len(catalogue.sources)} sources, digest {catalogue.digest[:16]}"
        )
    except ForensicsError as error:
        lines.append(f"Catalogue: {error}")
    complete, programs = doctor()
    lines.extend(programs)
    lines.append("Nothing here needs the network.")
    return complete, "\n".join(lines) + "\n"
