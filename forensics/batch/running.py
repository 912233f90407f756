"""The driver: gives out units, records what comes back, survives workers that die, stops cleanly.

Work goes out through the executor of joblib (its ``loky`` processes: spawned, recycled when their memory grows, ended
when idle) or that of a Dask cluster. Both speak ``concurrent.futures``, where each unit has a future of its own: when
a worker dies one unit fails, not the batch. (``joblib.Parallel`` and its Dask backend give up the whole call and do
not say which unit it was.)
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field, replace
from typing import Any

from forensics.batch.ledger import Ledger
from forensics.batch.units import Outcome, Plan, Unit
from forensics.batch.working import ONE_THREAD, assess_unit, begin_worker
from forensics.errors import Fault, ForensicsError, InputError, MissingProgramError

__all__ = ["LostClusterError", "Summary", "Tell", "processors", "run_units"]

Tell = Callable[[int, int, int, float], None]
"""Called with finished, failed, all, and units a second of this run."""

AHEAD = 2
"""Units given out for each worker: one it works on, one that waits for it."""
_LOOK_S = 1.0
_ANSWER_S = 30


class LostClusterError(ForensicsError):
    """The scheduler of the cluster went away. What was finished is in the ledger."""


@dataclass
class Summary:
    """What a run did. ``outcomes``: counts over the whole ledger by outcome, ``failed`` among them."""

    total: int
    resumed: int
    stopped: bool = False
    seconds: float = 0.0
    failed: list[dict[str, Any]] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    peak_mb: float = 0.0

    @property
    def done_now(self) -> int:
        """Units finished in this run."""
        return sum(self.outcomes.values()) - self.resumed


def run_units(
    units: Sequence[Unit],
    plan: Plan,
    ledger: Ledger,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    retry_failed: bool = False,
    tell: Tell | None = None,
) -> Summary:
    """Assess every unit that the ledger does not hold, in any order; each ends as one line of the ledger.

    Parameters
    ----------
    jobs
        Processes on this machine; 0 works in this very process (for a debugger, and for ``memory://``).
    scheduler
        Address of a Dask scheduler; its workers do the work instead.
    retry_failed
        Also units that failed before; their new line stands after the old one.

    Raises
    ------
    InputError
        When a worker has another catalogue or version, or the ledger cannot be written.
    LostClusterError
        When the scheduler goes away.
    """
    keys = {unit.key for unit in units}
    before = {key: entry for key, entry in ledger.finished.items() if key in keys}
    settled = {key for key, entry in before.items() if entry["state"] == "done" or not retry_failed}
    summary = Summary(len(units), len(settled))
    todo = deque(unit for unit in units if unit.key not in settled)
    recorder = _Recorder(ledger, summary, len(units), len(settled), _failed_among(before, settled), tell)
    start = time.perf_counter()
    try:
        if not todo:
            pass
        elif scheduler is not None:
            _on_cluster(todo, plan, scheduler, recorder)
        elif jobs == 0:
            _in_this_process(todo, plan, recorder)
        else:
            _on_this_machine(todo, plan, jobs, recorder)
    except KeyboardInterrupt:
        summary.stopped = True
    summary.seconds = time.perf_counter() - start
    for key in keys:
        entry = ledger.finished.get(key)
        if entry is None:
            continue
        if entry["state"] == "failed":
            summary.failed.append(entry)
        kind = "failed" if entry["state"] == "failed" else str(entry["row"]["outcome"])
        summary.outcomes[kind] = summary.outcomes.get(kind, 0) + 1
        summary.peak_mb = max(summary.peak_mb, float(entry.get("peak_mb", 0.0)))
    summary.failed.sort(key=lambda entry: str(entry["key"]))
    return summary


def _failed_among(before: dict[str, dict[str, Any]], settled: set[str]) -> int:
    return sum(before[key]["state"] == "failed" for key in settled)


class _Recorder:
    """Puts outcomes into the ledger and says how far the batch is."""

    def __init__(
        self, ledger: Ledger, summary: Summary, total: int, resumed: int, failed: int, tell: Tell | None
    ) -> None:
        self._ledger, self._total, self._tell = ledger, total, tell
        self._resumed = resumed
        self._finished, self._failed = resumed, failed
        self._start = time.perf_counter()
        self.say()

    def say(self) -> None:
        if self._tell is not None:
            spent = max(time.perf_counter() - self._start, 1e-9)
            self._tell(self._finished, self._failed, self._total, (self._finished - self._resumed) / spent)

    def record(self, outcome: Outcome) -> None:
        if outcome.refused:
            advice = "Give every worker the same version and the same catalogue (--catalogue), then run this again."
            raise InputError(Fault("worker", message=f"{outcome.reason}.", advice=advice))
        self._ledger.append(outcome)
        self._finished += 1
        self._failed += outcome.state == "failed"
        self.say()


def _in_this_process(todo: deque[Unit], plan: Plan, recorder: _Recorder) -> None:
    for unit in todo:
        recorder.record(assess_unit(unit, replace(plan, limit_s=0.0)))


def _on_this_machine(todo: deque[Unit], plan: Plan, jobs: int, recorder: _Recorder) -> None:
    """Processes of this machine. A dead one breaks the pool; what it may have been working on is then tried alone."""
    while todo:
        suspects = _pool_until_broken(todo, plan, jobs, recorder)
        for unit in suspects:
            if _pool_until_broken(deque([unit]), plan, 1, recorder):
                recorder.record(_died(unit, plan))


def _died(unit: Unit, plan: Plan) -> Outcome:
    limit = f" or was ended after the limit of {plan.limit_s:g} s" if plan.limit_s > 0 else ""
    reason = f"its process died twice without an answer: it crashed, ran out of memory{limit}"
    return Outcome(unit.key, "failed", 0.0, reason=reason)


def _pool_until_broken(todo: deque[Unit], plan: Plan, jobs: int, recorder: _Recorder) -> list[Unit]:
    """Work ``todo`` off. Returns nothing, or when a process died the units that were given out and not answered."""
    from joblib.externals.loky import ProcessPoolExecutor  # noqa: PLC0415
    from joblib.externals.loky.process_executor import BrokenProcessPool  # noqa: PLC0415

    pool = ProcessPoolExecutor(max_workers=jobs, timeout=300, initializer=begin_worker, env=dict(ONE_THREAD))
    clean = False
    try:
        unanswered = _Window(plan, pool, jobs * AHEAD, recorder, broken=(BrokenProcessPool,)).work_off(todo)
        clean = not unanswered
        return unanswered
    finally:
        pool.shutdown(wait=clean, kill_workers=not clean)


class _Window:
    """A window of units in work with an executor: as many as keep every worker busy, and no more.

    ``broken``: what futures raise when the whole pool died. ``given_up``: what one raises when its unit cost too many
    workers. ``alive``: raises when there is nobody left to work.
    """

    def __init__(
        self,
        plan: Plan,
        pool: Executor,
        size: int,
        recorder: _Recorder,
        *,
        broken: tuple[type[BaseException], ...] = (),
        given_up: tuple[type[BaseException], ...] = (),
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._plan, self._pool, self._size, self._recorder = plan, pool, size, recorder
        self._broken, self._given_up, self._alive = broken, given_up, alive
        self._running: dict[Future[Outcome], Unit] = {}
        self._stopping = False

    def work_off(self, todo: deque[Unit]) -> list[Unit]:
        """Keep the window full until all is answered. When the pool breaks: the units it did not answer.

        Raises
        ------
        KeyboardInterrupt
            After the first Ctrl-C, once what was in work has ended; at the second, at once.
        """
        while (todo and not self._stopping) or self._running:
            try:
                if not self._turn(todo):
                    return self._unanswered()
            except self._broken:
                return self._unanswered()
            except KeyboardInterrupt:
                if self._stopping:
                    raise
                self._stopping = True
                for future in [future for future in self._running if future.cancel()]:
                    del self._running[future]
        if self._stopping:
            raise KeyboardInterrupt
        return []

    def _turn(self, todo: deque[Unit]) -> bool:
        """Fill the window and take what was answered; False when an answer says that the pool is broken."""
        while todo and not self._stopping and len(self._running) < self._size:
            self._running[self._pool.submit(assess_unit, todo[0], self._plan)] = todo[0]
            todo.popleft()
        answered, _ = wait(self._running, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
        self._alive()
        for future in answered:
            try:
                outcome = future.result()
            except self._broken:
                return False
            except self._given_up:
                reason = "every worker that was given it died: it crashes, needs too much memory or takes too long"
                outcome = Outcome(self._running[future].key, "failed", 0.0, reason=reason)
            self._recorder.record(outcome)
            del self._running[future]
        if not answered:
            self._recorder.say()
        return True

    def _unanswered(self) -> list[Unit]:
        """Record what was answered all the same; the rest."""
        rest: list[Unit] = []
        silent: tuple[type[BaseException], ...] = (*self._broken, TimeoutError)
        for future, unit in self._running.items():
            try:
                self._recorder.record(future.result(timeout=_ANSWER_S))
            except silent:
                rest.append(unit)
        return rest


def _on_cluster(todo: deque[Unit], plan: Plan, scheduler: str, recorder: _Recorder) -> None:
    """Workers of a Dask cluster. Dask itself gives a dead worker's unit to another, up to its allowed failures."""
    if not re.fullmatch(r"(tcp|tls|ws|wss|ucx|inproc)://\S+", scheduler):
        advice = "Write it as the scheduler prints it: tcp://host:8786."
        raise InputError(Fault("--scheduler", message=f"{scheduler!r} is no address of a scheduler.", advice=advice))
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415
    except ImportError:
        raise MissingProgramError(
            "--scheduler needs the packages dask and distributed (pip install 'missile-forensics[cluster]'); "
            "--jobs works without them."
        ) from None
    with _quiet(), contextlib.ExitStack() as stack:
        try:
            client = stack.enter_context(Client(scheduler, timeout=_ANSWER_S, set_as_default=False))  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            advice = "Start one with 'dask scheduler' and workers with 'dask worker ADDRESS --nthreads 1'."
            raise InputError(Fault(scheduler, message=f"no scheduler answers: {error}.", advice=advice)) from None

        def lost() -> LostClusterError:
            advice = "Everything finished is in the ledger; start it and run this again."
            return LostClusterError(f"{scheduler}: the scheduler went away. {advice}")

        def alive() -> None:
            if client.status != "running":
                raise lost()

        workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        pool = client.get_executor(pure=False)
        try:
            size = max(8, workers * AHEAD)
            _Window(plan, pool, size, recorder, given_up=(KilledWorker,), alive=alive).work_off(todo)
        except (CancelledError, OSError):  # CommClosedError is an OSError
            raise lost() from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own log repeats every lost connection; what matters is said once, by us."""
    import logging  # noqa: PLC0415

    names = ("distributed.client", "distributed.core", "distributed.comm", "distributed.batched")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def processors() -> int:
    """Processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
