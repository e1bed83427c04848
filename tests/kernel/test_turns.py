"""Writers of one process take turns before SQLite, and none of them is stuck for it."""

import threading
import time

import pytest
from django.db import connection, transaction

from loop28.kernel import journal, turns
from loop28.kernel.access import SYSTEM
from loop28.kernel.journal.models import RehearsalMark
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)


@journal.action
def write(actor, during=lambda: None):
    RehearsalMark.objects.get_or_create(id=1)
    during()


def asked_while_another_writes():
    """What somebody asked the database for while an action of this process was not over."""
    inside, over = threading.Event(), threading.Event()
    asked = []

    def note(execute, sql, *more):
        asked.append(sql)
        return execute(sql, *more)

    def hold():
        inside.set()
        over.wait()

    def first():
        write(SYSTEM, during=hold)

    def second():
        inside.wait()
        with connection.execute_wrapper(note):
            write(SYSTEM)

    def looks():
        inside.wait()
        time.sleep(0.1)
        seen = len(asked)
        over.set()
        return seen

    *done, seen = together(first, second, looks)
    assert done == [None, None]
    assert asked
    return seen


def test_who_waits_for_another_writer_leaves_sqlite_alone_meanwhile():
    assert bool(asked_while_another_writes()) == (connection.vendor == "postgresql")


def test_who_waited_long_asks_without_a_turn(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    assert asked_while_another_writes()


def test_who_writes_already_needs_no_turn(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 60)  # longer than SQLite waits
    inside, waits = threading.Event(), threading.Event()

    def note(execute, *more):
        waits.set()
        return execute(*more)

    def first():
        with transaction.atomic():
            inside.set()
            waits.wait()
            write(SYSTEM)

    def second():
        inside.wait()
        with connection.execute_wrapper(note):
            write(SYSTEM)

    assert together(first, second) == [None, None]


def test_a_turn_ends_with_an_error():
    with pytest.raises(ValueError, match="no"), turns.in_turn():
        raise ValueError("no")
    assert together(lambda: write(SYSTEM)) == [None]


def test_what_is_done_after_a_commit_may_write_at_once(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 60)
    started = time.monotonic()
    write(SYSTEM, during=lambda: journal.after_commit(lambda: write(SYSTEM)))
    assert time.monotonic() - started < 30
