"""What the real-size month stands on: a clock for all, and a judge who misses nothing."""

from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe
from threading import Thread

import pytest
from django.db import connection, transaction

from bench.real_month import clockwork, judge
from loop28.front.groups.models import Message
from loop28.front.lines import jobs
from loop28.front.lines.models import Beat
from loop28.kernel import clock
from loop28.kernel.journal.models import Entry
from tests.line_kit import live_until, local, moving_clock, open_line, seated

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("the month is lived on PostgreSQL")


@pytest.mark.django_db
def test_a_database_shows_the_time_that_was_set_until_it_is_given_back(postgresql):
    clockwork.install()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = rehearsed, pg_catalog, public")
    clockwork.show(NOON)
    assert [clock.now() for _ in range(2)] == [NOON, NOON]
    clockwork.show(None)
    assert clock.now() > NOON + timedelta(days=1)


def test_time_passes_for_all_as_for_the_slowest():
    wishes = {"early": [9, 10, 12], "late": [10, 11]}
    lived: list[tuple[int, str]] = []
    pipes, players = [], []
    for name, hours in wishes.items():
        ours, theirs = Pipe()
        players.append(Thread(target=_follow, args=(theirs, name, hours, lived)))
        pipes.append(ours)
    for player in players:
        player.start()
    clockwork.conduct(pipes, lambda now: lived.append((now.hour, "shown")))
    for player in players:
        player.join()
    assert [hour for hour, who in lived if who == "shown"] == [9, 10, 11, 12]
    assert sorted(lived, key=lambda one: one[0]) == lived
    assert {one for one in lived if one[1] != "shown"} == {
        (hour, name) for name, hours in wishes.items() for hour in hours
    }


def _follow(conductor, name, hours, lived):
    for hour in hours:
        conductor.send(NOON.replace(hour=hour))
        conductor.recv()
        lived.append((hour, name))
    conductor.close()


@pytest.mark.django_db(transaction=True)
def test_who_moves_the_clock_waits_until_the_beats_are_done():
    with moving_clock() as move:
        open_line()
        move(local(1, 9))
        clockwork.done(local(1, 9), meanwhile=lambda: jobs.fire_beats(local(1, 9)))
        left = Beat.objects.filter(state="planned", by_host=False, due_at__lte=local(1, 9))
        assert not left.exists()


@pytest.mark.django_db(transaction=True)
def test_the_judge_names_every_beat_that_was_not_done_once(postgresql):
    with moving_clock():
        line, _ = open_line(), open_line(code="HN")
        seated(line, 3)
        live_until(local(3, 12))
        assert judge.wrongs(clock.now()) == []
        assert judge.counts()["lines"] == 2
        assert judge.counts()["done_by_workers"] > 0
        for plant, said in _planted(line):
            with transaction.atomic():
                plant()
                assert said in " ".join(judge.wrongs(clock.now()))
                transaction.set_rollback(True)
        assert judge.wrongs(clock.now()) == []


def _planted(line):
    done = Beat.objects.filter(line=line, state="done", by_host=False)
    spoken = done.exclude(kind="packet").exclude(payload__text="")
    talk = spoken.filter(kind="talk").first()
    said = Message.objects.filter(ref=spoken[0].pk, group__phase__line=line)
    again = {"platform": "house", "as_host": False, "at": NOON, "group_id": talk.phase.group_id}
    words = {"kind": "talk", "text": talk.payload["text"]}

    def told(kind):
        data = {"line": line.pk, "beat": spoken[0].pk}
        return lambda: Entry.objects.create(kind=kind, at=NOON, actor="system", data=data)

    def set_to(**values):
        return lambda: Beat.objects.filter(id=spoken[0].pk).update(**values)

    return [
        (set_to(state="planned"), "not done"),
        (set_to(state="failed"), "failed"),
        (set_to(state="skipped"), "skipped, and not a host's"),
        (set_to(done_at=spoken[0].due_at - timedelta(seconds=1)), "too early"),
        (set_to(kind="packet"), "a packet not once"),
        (set_to(by_host=True), "done by hand not once"),
        (told("BeatDue"), "fired not once"),
        (told("HandBeatDone"), "done by hand not once"),
        (told("BeatSkipped"), "skipped not once"),
        (said.delete, "said not once"),
        (lambda: said.update(ref=None), "said not once"),
        (
            lambda: Message.objects.create(external_id="x", ref=talk.pk, **words, **again),
            "said not once",
        ),
        (lambda: Message.objects.create(external_id="x", **words, **again), "was said 2 times"),
        (
            lambda: Beat.objects.filter(line=line, state="planned").last().delete(),
            "different numbers of beats",
        ),
    ]
