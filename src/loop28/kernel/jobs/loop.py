"""The worker's loop."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, close_old_connections

from loop28.kernel import clock, logs, sql
from loop28.kernel.jobs import pulse

logger = logging.getLogger(__name__)

Job = Callable[[datetime], datetime | None]

_jobs: list[Job] = []

# Another process may have planned something earlier than what this one knows: look once a second.
NAP = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Worker:
    """This process as a worker: what it is called, and whether it is to end."""

    name: str
    stop: threading.Event


_worker: _Worker | None = None
"""None where none works."""


def job(run: Job) -> Job:
    """Register ``run(now)``: it does what is due and says when it next wants to be called."""
    _jobs.append(run)
    return run


def run_due(now: datetime) -> datetime | None:
    """Run every job once; the earliest time at which one of them has something to do."""
    return _earliest([run(now) for run in _jobs])


def batches(do: Callable[[], object]) -> None:
    """Call ``do``, each time one transaction, until it says that nothing is left.

    However much is due, a worker that is to end does so after a batch, and one that works is seen
    to live.
    """
    while do():
        if _worker is None:
            continue
        if _worker.stop.is_set():
            return
        pulse.beat(_worker.name, clock.now())


def work_until(stop: threading.Event, name: str) -> None:
    """Work until ``stop`` is set; a database that is away is waited for.

    Who gives the same name again, after a worker was killed, is that worker.
    """
    global _worker
    _worker = _Worker(name, stop)
    try:
        _work_until(stop, name)
        with suppress(Error):  # whoever looks sees anyway that the database is away
            pulse.end(name)
    finally:
        _worker = None


def _work_until(stop: threading.Event, name: str) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            now = clock.now()
            wish = _earliest([_patiently(run, now, stop) for run in _jobs])
            pulse.beat(name, now)
            rest = NAP if wish is None else min(NAP, max(timedelta(), wish - clock.now()))
        except Error:
            logger.exception("the database does not answer")
            rest = NAP
        stop.wait(rest.total_seconds())


def _patiently(run: Job, now: datetime, stop: threading.Event) -> datetime | None:
    """A job that fails is logged and asked again: the others must not stand still with it.

    But none of them can do anything without the database, and each would wait for it in vain.
    """
    if stop.is_set():
        return None
    with logs.about(job=f"{run.__module__}.{run.__name__}"):
        try:
            return run(now)
        except Exception as error:
            if isinstance(error, Error) and sql.away(error):
                raise
            logger.exception("a job failed")
            return now + NAP


def _earliest(wishes: Sequence[datetime | None]) -> datetime | None:
    return min((wish for wish in wishes if wish is not None), default=None)
