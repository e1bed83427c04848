"""What the processes of this installation counted since `loop28 serve` began.

Each process counts for itself. Where `loop28 serve` gave them a folder (PROMETHEUS_MULTIPROC_DIR)
they count in files in it, and whoever is asked adds all of them up, those that ended included.
"""

import logging
import os

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_own = CollectorRegistry()

REQUESTS = Counter(
    "loop28_requests",
    "Requests that were answered",
    ["route", "method", "status"],
    registry=_own,
)
SECONDS = Histogram(
    "loop28_request_seconds",
    "How long a request took from its arrival at the pages to its answer",
    ["route"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)
FACTS = Counter(
    "loop28_facts",
    "Facts that machines told, by what became of them; poison is what the product failed on",
    ["outcome"],
    registry=_own,
)
LOGGED = Counter(
    "loop28_log_lines",
    "Lines of the log that say that something went wrong",
    ["logger", "level"],
    registry=_own,
)


class Counting(logging.Handler):
    """Counts what is logged, so that an alert can tell somebody to read it."""

    def emit(self, record: logging.LogRecord) -> None:
        LOGGED.labels(record.name, record.levelname.lower()).inc()


def registry() -> CollectorRegistry:
    """A registry with what all processes counted."""
    together = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    else:
        together.register(_own)
    return together
