"""A prepared query brings what the same query brings, and writes its SQL once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loop28.kernel import sql
from loop28.kernel.journal.models import Entry
from loop28.kernel.prepared import prepared
from tests.races import together

AT = datetime(2026, 3, 1, tzinfo=UTC)
KINDS = ["a", "b", "c"]


def entries(ids):
    return Entry.objects.filter(sql.among("id", ids)).order_by("id")


def instants(line, kinds):
    rows = Entry.objects.filter(sql.among("kind", kinds), line=line, member__isnull=True)
    return rows.order_by("id").values_list("at", "kind")


def keyed(keys):
    rows = Entry.objects.filter(sql.Agreeing(("kind", "line"), keys))
    return rows.order_by("id").values_list("id", flat=True)


BUILDS: list[Any] = [entries, instants, keyed]
QUERIES: Any = {build: prepared(build) for build in BUILDS}


@pytest.fixture
def ids(db):
    rows = [
        {
            "kind": kind,
            "at": AT + timedelta(hours=n),
            "actor": "system",
            "line": n,
            "data": {"n": n},
        }
        for n in range(4)
        for kind in KINDS
    ]
    return [number for (number,) in sql.insert(Entry, rows)]


lines = st.integers(0, 5)
kinds = st.sampled_from([*KINDS, "d"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines), lines, st.sets(kinds), st.sets(st.tuples(kinds, lines)))
def test_it_brings_what_the_query_brings_whatever_the_values(ids, places, line, some, keys):
    numbers = [number for place, number in enumerate(ids) if place in places]
    for build, values in ((entries, [numbers]), (instants, [line, some]), (keyed, [keys])):
        assert QUERIES[build](*values) == list(build(*values))


def test_its_rows_are_whole(ids):
    (row,) = QUERIES[entries]([ids[4]])
    assert (row.kind, row.at, row.data) == ("b", AT + timedelta(hours=1), {"n": 1})


def test_the_query_is_written_once(ids):
    times = []

    @prepared
    def counted(numbers):
        times.append(1)
        return entries(numbers)

    assert [len(counted(ids[:n])) for n in (1, 3, 0)] == [1, 3, 0]
    assert len(times) == 1


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection():
    sql.insert(Entry, [{"kind": "a", "at": AT, "actor": "system", "line": 1, "data": {}}])
    asked = prepared(keyed)
    (number,) = asked([("a", 1)])
    assert together(*[lambda: asked([("a", 1)])] * 4) == [[number]] * 4
    connection.close()
    assert asked([("a", 1)]) == [number]


def test_it_takes_its_values_by_their_places(ids):
    with pytest.raises(TypeError):
        QUERIES[entries](ids=ids)
