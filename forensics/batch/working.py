"""What a worker does with one unit. Runs in a process of its own, here or on another machine.

A worker gets places and digests, never pictures. Before its first unit it checks that it is the same version with the
same catalogue as the one that sent the work, and holds every numerical library to one thread.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gzip
import hashlib
import io
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from forensics import __version__
from forensics.batch import places
from forensics.batch.units import Outcome, Plan, Unit, folder_of
from forensics.errors import ForensicsError, InputError
from forensics.intake import Lexicon, read_cells
from forensics.model.catalogue import Catalogue
from forensics.model.evidence import Case
from forensics.model.result import Assessment
from forensics.workflow.assessing import AssessOptions, assess_gathered, assess_observations, save_results
from forensics.workflow.inputs import Gathered, gather

__all__ = ["DOCUMENT", "ONE_THREAD", "assess_unit", "begin_worker", "peak_mb"]

DOCUMENT = "assessment.json"
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
}
"""Set before a worker imports anything: the batch itself is what is parallel. Tesseract inherits its limit."""

# Pillow's limits and the captured warnings are one for a process: a worker with several threads takes turns.
_one_at_a_time = threading.Lock()


def begin_worker() -> None:
    """Set up a process of this machine for work: Ctrl-C is the business of whoever sent the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@lru_cache(maxsize=2)
def _catalogue(path: str | None, digest: str) -> tuple[Catalogue, Lexicon]:
    from forensics.catalogue import load  # noqa: PLC0415

    catalogue = load(Path(path) if path else None)
    if catalogue.digest != digest:
        raise _WrongCatalogueError(f"this worker has the catalogue {catalogue.digest[:16]}, wanted is {digest[:16]}")
    return catalogue, Lexicon(catalogue.vocabulary)


class _WrongCatalogueError(Exception):
    pass


@lru_cache(maxsize=1)
def _limit_threads() -> object:
    """Hold libraries to one thread, also those already loaded: on a cluster they may be, before we are asked."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    cv2 = sys.modules.get("cv2")
    if cv2 is not None:
        cv2.setNumThreads(1)
    return threadpool_limits(1)


def peak_mb() -> float:
    """Largest resident memory of this process so far, in MB; 0 where the system does not say."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0)


def assess_unit(unit: Unit, plan: Plan) -> Outcome:
    """Assess one unit and write its document. Never raises: whatever goes wrong is the outcome."""
    with _one_at_a_time:
        start = time.perf_counter()
        refused = _refusal(plan)
        if refused is not None:
            return Outcome(unit.key, "failed", 0.0, reason=refused, refused=True)
        try:
            with _ended_after(plan.limit_s):
                document, digest, assessment = _assessed(unit, plan)
        except InputError as error:
            return _failed(unit, start, str(error), ours=False)
        except ForensicsError as error:
            return _failed(unit, start, str(error), ours=True)
        except MemoryError:
            return _failed(unit, start, "needs more memory than there is", ours=False)
        except Exception as error:  # one bad case never stops the rest
            where = traceback.extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
            return _failed(unit, start, text, ours=True)
        seconds = round(time.perf_counter() - start, 3)
        row = _row(assessment)
        return Outcome(unit.key, "done", seconds, document, digest, peak_mb=round(peak_mb()), row=row)


def _refusal(plan: Plan) -> str | None:
    if plan.tool_version != __version__:
        return f"this worker runs version {__version__}, wanted is {plan.tool_version}"
    try:
        _catalogue(plan.catalogue_path, plan.catalogue_digest)
    except _WrongCatalogueError as error:
        return str(error)
    except ForensicsError as error:
        return f"this worker cannot read the catalogue: {error}"
    _limit_threads()
    return None


def _failed(unit: Unit, start: float, reason: str, *, ours: bool) -> Outcome:
    seconds = round(time.perf_counter() - start, 3)
    return Outcome(unit.key, "failed", seconds, reason=reason[:2000], ours=ours, peak_mb=round(peak_mb()))


@contextlib.contextmanager
def _ended_after(limit_s: float) -> Iterator[None]:
    """End this process when the limit passes. A decoder that hangs in C code hears no signal and no exception."""
    if limit_s <= 0:
        yield
        return
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(limit_s, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _assessed(unit: Unit, plan: Plan) -> tuple[str, str, Assessment]:
    """The name of the document below the output, its digest, and what it says."""
    from forensics.report import render  # noqa: PLC0415

    catalogue, lexicon = _catalogue(plan.catalogue_path, plan.catalogue_digest)
    options = AssessOptions(
        reviewed_only=plan.reviewed_only,
        full_catalogue=plan.full_catalogue,
        read_photographs=plan.read_photographs,
        detail=plan.detail,
    )
    if unit.kind == "rows":
        assessment = _assess_rows(unit, catalogue, lexicon, options)
    else:
        with places.fetched(unit.location) as path:
            gathered = _with_stable_names(gather([str(path)]), unit, path)
            assessment = assess_gathered(gathered, catalogue, options)
            if plan.into_cases and not places.is_remote(unit.location):
                faults = save_results(gathered, assessment)
                if faults:
                    raise InputError(faults)
    data = render(assessment, "json").encode()
    digest = hashlib.sha256(data).hexdigest()
    name = f"{folder_of(unit.key)}/{DOCUMENT}"
    if plan.compressed:
        name, data = f"{name}.gz", _packed(data)
    places.write_whole(places.join(plan.output, name), data)
    return name, digest, assessment


def _assess_rows(unit: Unit, catalogue: Catalogue, lexicon: Lexicon, options: AssessOptions) -> Assessment:
    observations = read_cells(unit.headings, unit.rows, lexicon, stem=unit.case_id, shown_as=unit.location)
    case = Case(id=unit.case_id, event_date=unit.event_date)
    return assess_observations(Gathered(case, (), ()), observations, (), (), catalogue, options)


def _with_stable_names(gathered: Gathered, unit: Unit, path: Path) -> Gathered:
    """A loose file is shown by its key, so that neither the folder it lies in nor a copy of it changes a byte."""
    if unit.kind != "files":
        return gathered
    case = gathered.case.model_copy(update={"id": unit.case_id})
    shown = {path: unit.key}
    return Gathered(case, gathered.sheets, gathered.photographs, gathered.folder, gathered.decisions, shown)


def _packed(data: bytes) -> bytes:
    target = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=6, mtime=0) as stream:
        stream.write(data)
    return target.getvalue()


def _row(assessment: Assessment) -> dict[str, object]:
    """What the ledger says of a finished case: enough to list and count without opening its document."""
    conclusion = assessment.conclusion
    return {
        "case": assessment.case.id,
        "outcome": conclusion.outcome,
        "level": conclusion.level,
        "node": conclusion.node,
        "log10_lr": conclusion.log10_lr,
        "state": conclusion.state,
        "unread": len(assessment.unread),
    }
