"""A month's time for processes that know nothing of it: their database shows it to them all.

What they ask for is PostgreSQL's clock, a function; here another of this name stands before it.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from multiprocessing.connection import Connection

from django.db import connection

from loop28.front.lines import schedule
from loop28.rehearsal.stage import Clockwork

PATIENCE = 300.0
"""Seconds in which workers do what is due at one moment, on a machine with much else to do."""

LOOK_EVERY = 0.1  # seconds

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


def show(moment: datetime | None) -> None:
    """Set the clock for everybody, or with None give it back."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rehearsed.hand SET at = %s", [moment])


def conduct(players: Sequence[Connection], passes: Callable[[datetime], None]) -> None:
    """Let time pass until nobody plays any more, for all as it does for the slowest.

    ``passes`` is told the earliest moment that anybody waits for; they go on when it returns.
    """
    playing, waiting = set(players), dict[Connection, datetime]()
    while playing:
        for player in playing - waiting.keys():
            try:
                waiting[player] = player.recv()
            except EOFError:
                playing.remove(player)
        if not playing:
            return
        now = min(waiting.values())
        passes(now)
        for player in [one for one, wish in waiting.items() if wish == now]:
            del waiting[player]
            player.send(None)


def done(moment: datetime, meanwhile: Callable[[], object]) -> None:
    """Wait until the workers have done every beat that is due at a moment."""
    end = time.monotonic() + PATIENCE
    while due := schedule.backlog(moment).due:
        if time.monotonic() > end:
            raise TimeoutError(f"{due} beats that fell due at {moment:%F %T} are not done")
        meanwhile()
        time.sleep(LOOK_EVERY)


class SharedClockwork(Clockwork):
    """A player's: whoever conducts moves the clock, and waits for the workers to do what is due."""

    def __init__(self, conductor: Connection) -> None:
        self._conductor = conductor

    def move_to(self, moment: datetime) -> None:
        """Wait until everybody has come so far."""
        self._conductor.send(moment)
        self._conductor.recv()
        super().move_to(moment)

    def do_due(self, moment: datetime) -> datetime | None:
        """It was done before the clock was seen to show it."""
        return schedule.next_due(moment)
