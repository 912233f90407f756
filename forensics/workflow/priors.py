"""Prior weights given by the user: a YAML mapping of state, family or type ids to positive numbers."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import Fault, InputError
from forensics.model.catalogue import Catalogue
from forensics.yamltext import YamlMap, YamlText, read

__all__ = ["read_priors"]


def read_priors(path: Path | None, catalogue: Catalogue) -> dict[str, float] | None:
    """Read ``--priors``; the weights are relative and are renormalised among siblings.

    Raises
    ------
    InputError
        With every unknown id and every weight that is not a number above zero.
    """
    if path is None:
        return None
    root, faults = read(path)
    if not isinstance(root, YamlMap):
        faults.append(
            Fault(str(path), message="is not a mapping of ids to weights.", advice="Write lines such as 'DPRK: 0.2'.")
        )
        raise InputError(faults)
    known = {*catalogue.states, *catalogue.families, *catalogue.signatures, "other"}
    priors: dict[str, float] = {}
    for key, node in root.entries.items():
        line = root.key_lines[key]
        if key not in known:
            advice = "See 'forensics catalogue list' for the ids."
            faults.append(Fault(str(path), line, message=f"{key!r} is no state, family or type.", advice=advice))
            continue
        weight = _positive(node.text) if isinstance(node, YamlText) else None
        if weight is None:
            faults.append(Fault(str(path), line, key, "has no weight above zero.", "Write a number such as 0.2."))
            continue
        priors[key] = weight
    if faults:
        raise InputError(faults)
    return priors


def _positive(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < 1e9 else None
