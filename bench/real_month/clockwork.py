"""A month's time for processes that know nothing of it: their database shows it to them all.

What they ask for is PostgreSQL's clock, a function; here another of this name stands before it.
"""

import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from loop28.front.lines import schedule
from loop28.kernel import clock
from loop28.rehearsal.stage import Clockwork

PATIENCE = 300.0
"""Seconds in which workers do what is due at one moment, on a machine with much else to do."""

LOOK_EVERY = 0.05  # seconds

_CLOCK = (
    "CREATE SCHEMA rehearsed",
    "CREATE TABLE rehearsed.hand AS SELECT NULL::timestamptz AS at",
    "CREATE FUNCTION rehearsed.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
    "'SELECT coalesce((SELECT at FROM rehearsed.hand), pg_catalog.clock_timestamp())'",
)


def install() -> None:
    """Give this process's database a clock that can be set; who connects from now on sees it."""
    database = connection.settings_dict["NAME"]
    path = "search_path = rehearsed, pg_catalog, public"
    with connection.cursor() as cursor:
        for statement in (*_CLOCK, f'ALTER DATABASE "{database}" SET {path}'):
            cursor.execute(statement)


class SharedClockwork(Clockwork):
    """The clock of the database is moved, and workers elsewhere do what is due.

    ``meanwhile`` is called again and again while they have beats to do.
    """

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile

    def move_to(self, moment: datetime | None) -> None:
        """Set the clock for everybody, or with None give it back."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE rehearsed.hand SET at = %s", [moment])
        super().move_to(moment) if moment else clock.move_to(None)

    def do_due(self, moment: datetime) -> datetime | None:
        """Wait until the workers have done every beat that is due."""
        end = time.monotonic() + PATIENCE
        while due := schedule.backlog(moment).due:
            if time.monotonic() > end:
                raise TimeoutError(f"{due} beats that fell due at {moment:%F %T} are not done")
            self._meanwhile()
            time.sleep(LOOK_EVERY)
        return schedule.next_due(moment)
