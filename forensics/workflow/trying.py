"""A draft signature in place: what it changes before it is added."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from forensics.catalogue import Draft, load, locate
from forensics.errors import CatalogueError, Fault, ForensicsError, InputError
from forensics.model.catalogue import Catalogue
from forensics.model.result import Assessment
from forensics.workflow.assessing import AssessOptions, assess_observations
from forensics.workflow.inputs import gather, read_observations
from forensics.workflow.judging import overlap_of
from forensics.workflow.samples import sample_names, sample_path

__all__ = ["append_companions", "catalogue_with", "separability_statement", "try_draft"]

SHOWN = 12
"""More pairs than this are left to ``catalogue overlap``."""


def append_companions(draft: Draft, folder: Path) -> None:
    """Add the entries a draft brings along to the tables of a catalogue folder."""
    for entry in draft.companions:
        target = folder / entry.file
        target.parent.mkdir(parents=True, exist_ok=True)
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        gap = "" if not before or before.endswith("\n") else "\n"
        target.write_text(f"{before}{gap}{entry.text}", encoding="utf-8")


@contextmanager
def catalogue_with(draft: Draft, catalogue_path: Path | None) -> Iterator[Catalogue]:
    """The catalogue with one more file (or one replaced), in a temporary copy that goes away afterwards."""
    folder, _ = locate(catalogue_path)
    with TemporaryDirectory() as temporary:
        copy = Path(temporary) / "signatures"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("pictures", "examples"))
        # The draft replaces whatever holds the same id now, wherever it stands.
        for existing in copy.glob(f"*/*/*/{Path(draft.path).name}"):
            existing.unlink()
        append_companions(draft, copy)
        target = copy / draft.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(draft.text, encoding="utf-8")
        yield load(copy, use_cache=False)


def separability_statement(catalogue: Catalogue, type_id: str) -> str:
    """Which types the new one cannot be told from, those of its class first, and what would separate them."""
    pairs = [pair for pair in overlap_of(catalogue).pairs_not_separable() if type_id in (pair.first, pair.second)]
    if not pairs:
        return f"On an ordinary sheet {type_id} is told apart from every other type of the catalogue."
    own = catalogue.signatures[type_id].class_id
    others = [(pair.second if pair.first == type_id else pair.first, pair) for pair in pairs]
    others.sort(key=lambda item: (catalogue.signatures[item[0]].class_id != own, item[1].expected_log10_lr, item[0]))
    lines = [f"On an ordinary sheet {type_id} is not told apart from {len(pairs)} other types:"]
    if any(type_id in pair.hardly_documented for pair in pairs):
        lines.insert(
            0, f"Little is stated of {type_id} yet: not even its own sheet would speak for it by a factor of ten."
        )
    for other, pair in others[:SHOWN]:
        lines.append(f"  {other} (expected log10 LR {pair.expected_log10_lr:.2f}); {pair.missing}")
    if len(pairs) > SHOWN:
        lines.append(f"  and {len(pairs) - SHOWN} more: forensics catalogue overlap {type_id}")
    return "\n".join(lines)


def try_draft(draft: Path, cases: Path | None, catalogue_path: Path | None) -> str:
    """Score every recorded case with and without the draft; print what changed."""
    try:
        text = draft.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(Fault(str(draft), message=f"cannot be read: {error}.")) from None
    recorded = _cases(cases)
    before_catalogue = load(catalogue_path)
    place = _place(draft)
    with catalogue_with(Draft(Path(place).stem, place, text), catalogue_path) as after_catalogue:
        lines: list[str] = []
        changed = 0
        for path in recorded:
            try:
                before, after = (_assess(path, catalogue) for catalogue in (before_catalogue, after_catalogue))
            except ForensicsError as error:
                lines.append(f"{path.name}: not scored: {error}")
                continue
            difference = _difference(before, after)
            changed += difference is not None
            if difference is not None:
                lines.append(f"{path.name}: {difference}")
        type_id = Path(place).stem
        lines.append(f"{len(recorded)} cases scored again with {type_id} in place; {changed} conclusions changed.")
        lines += ["", separability_statement(after_catalogue, type_id)]
    return "\n".join(lines) + "\n"


def _place(draft: Path) -> str:
    """Where the file stands below a catalogue folder: the last four parts of its path."""
    parts = draft.resolve().parts[-4:]
    if len(parts) == 4 and parts[0] in ("types", "draft"):
        return "/".join(parts)
    raise InputError(
        Fault(
            str(draft),
            message="does not stand where a signature stands.",
            advice="Its path must end in draft/<state>/<class>/<id>.yaml, as 'forensics catalogue new' writes it.",
        )
    )


def _cases(folder: Path | None) -> list[Path]:
    if folder is None:
        return [path for name in sample_names() if (path := sample_path(name)) is not None]
    found = sorted(path.parent for path in folder.rglob("case.yaml"))
    found += sorted(path for path in folder.glob("*.csv"))
    if not found:
        advice = "Name a folder that holds case folders or trait sheets (CSV)."
        raise InputError(Fault(str(folder), message="holds no recorded case.", advice=advice))
    return found


def _assess(path: Path, catalogue: Catalogue) -> Assessment:
    gathered = gather([str(path)])
    observations = read_observations(gathered, catalogue)
    return assess_observations(
        gathered, observations, (), (), catalogue, AssessOptions(detail=False, read_photographs=False)
    )


def _difference(before: Assessment, after: Assessment) -> str | None:
    one, other = before.conclusion, after.conclusion
    if (one.outcome, one.members, one.strength) == (other.outcome, other.members, other.strength):
        return None
    was, now = (
        f"{item.outcome} at {item.level} level ({', '.join(item.members) or 'nobody'}; log10 LR {item.log10_lr:+.2f})"
        for item in (one, other)
    )
    return f"was {was}, becomes {now}"
