"""Writers of one process take turns on SQLite, which would have each of them ask again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE = 10
"""Seconds after which somebody goes on without a turn, and asks the database as ever."""

_turn = threading.RLock()  # what an action does after its commit may be an action, too


@contextmanager
def in_turn() -> Iterator[None]:
    """Let one of this process write at a time, as SQLite does anyway.

    Whoever finds it locked sleeps and asks again, each time later, while others come and find it
    free: under load some waited for seconds. Here somebody who waits is woken at once; who that is,
    is not promised. Who writes already needs no turn. PostgreSQL wakes who waits by itself.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    mine = _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turn.release()
