"""Two statements for many rows, the same on both databases."""

# mypy: disable-error-code="misc"

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    models,
    transaction,
)
from django.db.models import Q
from django.test.utils import isolate_apps

from loop28.kernel import sql
from tests.races import together


class Mood(models.TextChoices):
    GOOD = "good"


with isolate_apps("loop28.kernel.journal"):

    class _Sample(models.Model):
        """One column of every type the house uses."""

        key = models.CharField(max_length=20, unique=True)
        text = models.TextField()
        number = models.BigIntegerField(null=True)
        small = models.PositiveSmallIntegerField()
        flag = models.BooleanField()
        day = models.DateField(null=True)
        at = models.DateTimeField(null=True)
        data = models.JSONField(null=True, encoder=DjangoJSONEncoder)
        mood = models.CharField(max_length=4, choices=Mood, null=True)  # noqa: DJ001
        count = models.IntegerField()

        class Meta:
            app_label = "journal"
            db_table = "test_sample"
            constraints = [models.CheckConstraint(condition=Q(count__gte=0), name="count_positive")]

        def __str__(self):
            return self.key


Sample: Any = _Sample  # a model made here is none that types know


@pytest.fixture(scope="module", autouse=True)
def table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Sample)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Sample)


@pytest.fixture
def clear():
    """Django flushes the tables of its apps only."""
    yield
    Sample.objects.all().delete()


def row(key="a", **values):
    plain = {
        "text": "x",
        "number": None,
        "small": 1,
        "flag": False,
        "day": None,
        "at": None,
        "data": None,
        "mood": None,
        "count": 0,
    }
    return {"key": key, **plain, **values}


@pytest.mark.django_db
def test_every_type_comes_back_as_it_went_in():
    at = datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC)
    full = row(
        text="'\"\\ 你好\n👨‍👩‍👧 {} %s %(x)s",
        number=-(2**63),
        small=32_767,
        flag=True,
        day=date(2026, 2, 28),
        at=at,
        data={"list": [1, None, "é"], "at": at, "deep": {"true": True}},
        mood=Mood.GOOD,
        count=2**31 - 1,
    )
    (ids,) = sql.insert(Sample, [full])
    saved = Sample.objects.values(*full).get(pk=ids[0])
    assert saved == full | {"data": full["data"] | {"at": "2026-03-01T23:59:59.123Z"}}
    assert saved["mood"] == "good"


@pytest.mark.django_db
def test_nothing_stays_nothing_in_every_column_that_allows_it():
    sql.insert(Sample, [row("a"), row("b", number=5, day=date(2026, 1, 1), data=[])])
    empty, full = Sample.objects.order_by("key")
    assert (empty.number, empty.day, empty.at, empty.data) == (None, None, None, None)
    assert Sample.objects.filter(data__isnull=True).get() == empty
    assert (full.number, full.day, full.data) == (5, date(2026, 1, 1), [])


@pytest.mark.django_db
def test_the_biggest_numbers_are_exact():
    sql.insert(Sample, [row(str(n), number=2**63 - 1 - n) for n in range(3)])
    assert set(Sample.objects.values_list("number", flat=True)) == {2**63 - 1 - n for n in range(3)}


@pytest.mark.django_db
def test_a_thousand_rows_are_one_statement_in_their_order(django_assert_num_queries):
    rows = [row(f"k{n}", number=n) for n in range(1000)]
    with django_assert_num_queries(1):
        written = sql.insert(Sample, rows, returning=["id", "number"])
    assert sorted(number for _, number in written) == list(range(1000))
    assert [number for _, number in sorted(written)] == list(range(1000))
    with django_assert_num_queries(1):
        changed = sql.update(Sample, [{"id": i, "number": -n, "text": "y"} for i, n in written])
    assert changed == 1000
    assert Sample.objects.filter(text="y", number__lte=0).count() == 1000


@pytest.mark.django_db
def test_known_rows_are_left_out_and_only_new_ones_come_back():
    sql.insert(Sample, [row("a", text="old")])
    written = sql.insert(
        Sample, [row("a", text="new"), row("b"), row("b")], unique=["key"], returning=["key"]
    )
    assert written == [("b",)]
    assert Sample.objects.get(key="a").text == "old"


@pytest.mark.django_db
def test_counters_are_added_to_the_row_that_is_there():
    sql.insert(Sample, [row("a", count=5, text="old")])
    rows = [row("a", count=2, text="new"), row("b", count=3)]
    sql.insert(Sample, rows, unique=["key"], add=["count"])
    assert dict(Sample.objects.values_list("key", "count")) == {"a": 7, "b": 3}
    assert Sample.objects.get(key="a").text == "old"


@pytest.mark.django_db
@pytest.mark.parametrize("unique", [[], ["key"]])
def test_any_other_broken_constraint_fails_loudly_and_writes_nothing(unique):
    for wrong in (row("bad", count=-1), row("bad", text=None)):
        with pytest.raises(IntegrityError):
            _alone(lambda wrong=wrong: sql.insert(Sample, [row("good"), wrong], unique=unique))
    assert not Sample.objects.exists()


@pytest.mark.django_db
def test_a_known_key_without_unique_fails_loudly():
    sql.insert(Sample, [row("a")])
    with pytest.raises(IntegrityError):
        _alone(lambda: sql.insert(Sample, [row("b"), row("a")]))


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_never_cut():
    long = "长" * 21
    try:
        _alone(lambda: sql.insert(Sample, [row(long)]))
    except DatabaseError:
        assert connection.vendor == "postgresql"
    else:  # SQLite knows no lengths: it keeps the text as it is
        assert Sample.objects.get().key == long


@pytest.mark.django_db
def test_rows_with_different_fields_are_a_bug():
    odd = row("b")
    del odd["text"]
    for rows in ([row("a"), odd], [odd, row("a")]):
        with pytest.raises(ValueError, match="name different fields"):
            sql.insert(Sample, rows)


@pytest.mark.django_db
def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert sql.insert(Sample, []) == []
        assert sql.update(Sample, []) == 0


@pytest.mark.django_db
def test_update_sets_adds_and_empties_by_any_key():
    sql.insert(Sample, [row("a", count=5, number=1), row("b", count=5), row("c", count=5)])
    rows = [
        {"key": "a", "count": 2, "number": None, "data": {"x": 1}},
        {"key": "b", "count": -5, "number": 9, "data": None},
        {"key": "unknown", "count": 1, "number": 9, "data": None},
    ]
    assert sql.update(Sample, rows, key="key", add=["count"]) == 2
    saved = Sample.objects.order_by("key").values_list("count", "number", "data")
    assert list(saved) == [(7, None, {"x": 1}), (0, 9, None), (5, None, None)]


@pytest.mark.django_db
def test_an_update_that_breaks_a_constraint_changes_nothing():
    sql.insert(Sample, [row("a", count=1), row("b", count=1)])
    with pytest.raises(IntegrityError):
        _alone(
            lambda: sql.update(
                Sample,
                [{"key": "a", "count": -1}, {"key": "b", "count": -2}],
                key="key",
                add=["count"],
            )
        )
    assert set(Sample.objects.values_list("count", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_of_many_writers_of_one_key_one_is_new(clear):
    answers = together(
        *[lambda: sql.insert(Sample, [row("a"), row("b")], unique=["key"], returning=["key"])] * 4
    )
    assert sorted(map(len, answers)) == [0, 0, 0, 2]


@pytest.mark.django_db(transaction=True)
def test_counters_of_many_writers_are_all_counted(clear):
    together(*[lambda: sql.insert(Sample, [row(count=1)], unique=["key"], add=["count"])] * 8)
    assert Sample.objects.get().count == 8


def _alone(work):
    with transaction.atomic():
        return work()


class _CauseError(Exception):
    def __init__(self, **said):
        vars(self).update(said)


def _error(**cause):
    error = OperationalError("no")
    error.__cause__ = _CauseError(**cause)
    return error


@pytest.mark.parametrize(
    ("cause", "passes"),
    [
        ({"sqlstate": "40001"}, True),
        ({"sqlstate": "40P01"}, True),
        ({"sqlite_errorname": "SQLITE_BUSY"}, True),
        ({"sqlite_errorname": "SQLITE_BUSY_SNAPSHOT"}, True),
        ({"sqlstate": "57P01"}, False),
        ({"sqlite_errorname": "SQLITE_FULL"}, False),
        ({}, False),
    ],
)
def test_only_lost_races_and_locks_pass_by_themselves(cause, passes):
    assert sql.passing(_error(**cause)) is passes


@pytest.mark.parametrize(
    ("cause", "is_away"),
    [
        ({"sqlstate": "57P01"}, True),  # shut down
        ({"sqlstate": "53300"}, True),  # too many connections
        ({"sqlstate": "53100"}, True),  # its disk is full
        ({"sqlstate": "25P03"}, True),  # was idle for too long
        ({"sqlstate": None}, True),  # the driver lost the connection
        ({"sqlite_errorname": "SQLITE_FULL"}, True),
        ({"sqlite_errorname": "SQLITE_IOERR_FSYNC"}, True),
        ({"sqlstate": "40001"}, False),
        ({"sqlstate": "57014"}, False),  # cancelled: it took too long
        ({"sqlstate": "42P01"}, False),  # no such table
        ({"sqlite_errorname": "SQLITE_ERROR"}, False),
        ({"sqlite_errorname": "SQLITE_BUSY"}, False),
    ],
)
def test_a_database_that_cannot_be_reached_or_written_is_away(cause, is_away):
    assert sql.away(_error(**cause)) is is_away


def test_an_error_without_a_cause_is_a_bug_and_not_a_database_that_is_away():
    assert not sql.away(OperationalError("no"))


def test_what_passes_is_not_tried_for_longer_than_somebody_waits(monkeypatch):
    times = iter([0.0, 0.1, sql.PATIENCE + 0.1])
    monkeypatch.setattr("loop28.kernel.sql.time.monotonic", lambda: next(times))
    monkeypatch.setattr("loop28.kernel.sql.time.sleep", lambda seconds: None)
    tries = []

    def work():
        tries.append(1)
        raise _error(sqlite_errorname="SQLITE_BUSY")

    with pytest.raises(OperationalError):
        sql.retried(work)
    assert len(tries) == 2


def test_what_passes_is_tried_five_times_and_then_told(monkeypatch):
    monkeypatch.setattr("loop28.kernel.sql.time.sleep", lambda seconds: None)
    tries = []

    def work(answer, *, fails):
        tries.append(answer)
        if len(tries) <= fails:
            raise _error(sqlstate="40001")
        return answer

    assert sql.retried(work, "done", fails=4) == "done"
    tries.clear()
    with pytest.raises(OperationalError):
        sql.retried(work, "done", fails=5)
    assert len(tries) == 5


def test_what_does_not_pass_is_not_tried_again():
    tries = []

    def work():
        tries.append(1)
        raise _error(sqlite_errorname="SQLITE_FULL")

    with pytest.raises(OperationalError):
        sql.retried(work)
    assert tries == [1]


@pytest.mark.parametrize("wanted", [[], [1], [2, 1, 2], [*range(2, 40_000), -(2**40), 2**62]])
def test_among_asks_for_any_number_of_numbers_at_once(db, wanted):
    rows = [row(key=f"k{number}", number=number) for number in (1, 2, 3)]
    sql.insert(Sample, rows)
    found = Sample.objects.filter(sql.among("number", wanted), count__gte=0)
    assert set(found.values_list("number", flat=True)) == {1, 2, 3} & set(wanted)


@pytest.mark.parametrize(
    "wanted", [[("k1", 1)], [("k1", 2)], [("k2", 2), ("k2", 2), *((f"k{n}", n) for n in range(9))]]
)
def test_agreeing_asks_for_any_number_of_keys_of_several_columns_at_once(db, wanted):
    sql.insert(Sample, [row(key=f"k{number}", number=number) for number in (1, 2, 3)])
    found = Sample.objects.filter(sql.Agreeing(("key", "number"), wanted), count__gte=0)
    there = {("k1", 1), ("k2", 2), ("k3", 3)}
    assert set(found.values_list("key", "number")) == there & set(wanted)


@pytest.mark.django_db
def test_a_time_is_stored_as_the_orm_stores_it_whatever_its_zone():
    here = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    there = here.astimezone(ZoneInfo("Asia/Shanghai"))
    sql.insert(Sample, [row(key="a", at=here), row(key="b", at=there)])
    assert Sample.objects.filter(at=here).count() == 2
