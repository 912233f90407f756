"""Templates in which nothing from a case, a sheet or a catalogue becomes markup or stays invisible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.report.visible import visible

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["escaping_templates"]


def escaping_templates(package: str, folder: str) -> Environment:
    """Templates of a folder of a package: everything escaped, control characters shown, unknown names refused."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    def shown(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
