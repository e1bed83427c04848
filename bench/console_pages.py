"""What pages cost with a month of full lines, and with the lines of ten months.

CPU and not the clock on the wall: the machine is shared, and one page at a time that waits for
nothing takes as long as it keeps a processor busy.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from django.core.cache import cache
from django.db import connection

from bench.month import Month
from bench.pages import Page, pages
from bench.results import percentile

SMALL = {"people": 6, "weeks": 1, "rounds": 1}


def measure(people: int = 500, weeks: int = 36, rounds: int = 20) -> dict[str, float]:
    """Milliseconds of CPU within which 95 of 100 answers of the slowest page come, and of each.

    24 lines run (`Month`); then so many weeks of lines that ended come before them: 240 lines. A
    page is asked for in this process, through all middleware, after it was asked for once; what
    PostgreSQL's process does for it counts.
    """
    month = Month(people)
    line = month.running[2]
    one = _asked(pages(line), rounds)
    month.ten_times(weeks)
    ten = _asked(pages(line), rounds)
    return {
        "value": max(percentile(times, 95) for times in one.values()),
        "with_ten_times_the_data": max(percentile(times, 95) for times in ten.values()),
        "grows_by_at_most": max(median(ten[page]) / median(one[page]) for page in one),
        **{f"{page}_ms": percentile(times, 95) for page, times in one.items()},
        **{f"{page}_ms_of_ten": percentile(times, 95) for page, times in ten.items()},
    }


def _asked(of: list[Page], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by page."""
    cache.clear()
    database = _database()
    found: dict[str, list[float]] = {}
    for page in of:
        answer = page.browser.get(page.address)
        assert answer.status_code < 400, (page.address, answer.status_code)
        found[page.name] = [_milliseconds(page, database) for _ in range(rounds)]
    return found


def _milliseconds(page: Page, database: Callable[[], float]) -> float:
    before = process_time() + database()
    page.browser.get(page.address)
    return (process_time() + database() - before) * 1000


def _database() -> Callable[[], float]:
    """Seconds of CPU that PostgreSQL's process for this connection has used; SQLite has none."""
    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        spent = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(spent.read_text().split()[0]) / 1e9
