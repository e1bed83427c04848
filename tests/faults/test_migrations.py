"""kill -9 in the middle of an upgrade: nothing of it is there, and the next try completes it."""

import os
import signal
import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from tests.hold.kit import Stage

pytestmark = pytest.mark.django_db(transaction=True)
KILLED_AFTER = (150,)
"""Statements; the whole takes many more."""


@pytest.fixture
def empty(tmp_path):
    """The address of an empty database, and how to ask for the names of what is in it."""
    if connection.vendor == "sqlite":
        file = tmp_path / "empty.sqlite3"
        yield f"sqlite:///{file}", lambda: _names(closing(sqlite3.connect(file)))
        return
    cluster = os.environ["LOOP28_TEST_POSTGRES"]
    name = f"empty_{os.getpid()}"
    url = cluster.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(cluster, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield url, lambda: _names(psycopg.connect(url))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _names(link):
    with link as database:
        return {name for (name,) in database.execute(NAMES[connection.vendor])}


NAMES = {
    "sqlite": "SELECT name FROM sqlite_master",
    "postgresql": """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
""",
}


def test_an_upgrade_that_is_killed_has_not_begun_and_the_next_one_is_whole(empty):
    url, names = empty
    stage = Stage("tests.faults.stage", url)
    try:
        for after in KILLED_AFTER:
            stage.begin("migrate", after=after)
            assert stage.rest() == []
            assert stage.exit_code == signal.SIGKILL
            assert names() == set()
        stage.begin("migrate", after=0)
        assert stage.rest() == ["came through"]
    finally:
        stage.close()
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        assert names() == {name for (name,) in cursor.fetchall()}
