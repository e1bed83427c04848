"""What the database says about this installation, read when it is asked for.

The numbers are the same whichever process reads them, and on every machine that serves.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from math import inf

from django.db import Error, connection
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from loop28.back.finance import queries as finance
from loop28.front.groups import backlog
from loop28.front.lines import schedule
from loop28.front.watch import queries as watch
from loop28.kernel import clock
from loop28.kernel.jobs import pulse


class State(Collector):
    """Whether the database answers; and if it does, what waits in it and for how long.

    An age is infinite where the thing never happened, so that an alert on it goes off.
    """

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("loop28_program", "This program", {"version": version("loop28")})
        try:
            found = list(_read())
        except Error:
            connection.close()
            found = []
        yield _gauge("database_up", "1 while the database answers", bool(found))
        yield from found


def _read() -> Iterator[Metric]:
    now = clock.now()
    yield from _beats(now)
    yield from _messages(now)
    audit, night = finance.last_audit(), watch.last_night()
    for name, what, since in (
        (
            "worker_silent",
            "the most silent worker came round",
            min(pulse.signs().values(), default=None),
        ),
        ("audit_age", "the books were audited", audit.at if audit else None),
        ("watch_age", "the watch went round", night.at if night else None),
    ):
        age = _seconds(since, now) if since else inf
        yield _gauge(f"{name}_seconds", f"How long ago {what}", age)
    differences = audit.data["differences"] if audit else 0
    yield _gauge("audit_differences", "What the last audit found", differences)


def _beats(now: datetime) -> Iterator[Metric]:
    found = schedule.backlog(now)
    yield _gauge("beats_due", "Beats the worker has to fire now", found.due)
    yield _gauge("beats_late", "Those of them that are overdue by more than a minute", found.late)
    yield _gauge("beats_failed", "Beats that could not be done and wait for a person", found.failed)
    age = _seconds(found.oldest, now) if found.oldest else 0
    yield _gauge("beats_oldest_seconds", "How long the oldest beat has been due", age)


def _messages(now: datetime) -> Iterator[Metric]:
    outbox, notices = backlog.outbox(), backlog.notices()
    for name, what, found in (("outbox", "messages", outbox), ("notices", "notices", notices)):
        yield _gauge(f"{name}_waiting", f"How many {what} have not left", found.count)
        age = _seconds(found.oldest, now) if found.oldest else 0
        yield _gauge(f"{name}_oldest_seconds", f"How long the oldest of these {what} waits", age)
    yield _gauge("outbox_given_up", "Messages that wait for a person", outbox.given_up)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"loop28_{name}", what, value=value)


def _seconds(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds()
