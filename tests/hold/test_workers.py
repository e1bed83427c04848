"""Several workers on the same lines, and one that stands still: every beat once and in order."""

import signal
import threading
import time

import pytest
from django.db import connection

from loop28.front.groups import actions as groups
from loop28.front.groups.models import Message, Outgoing
from loop28.front.lines import beats
from loop28.front.lines.models import Beat
from loop28.front.packets.models import Packet
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import Entry
from tests.hold.kit import assert_books_are_exact, packet_beat, undelivered
from tests.line_kit import group, live_until, local, open_line, seated
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def moved(clock):
    """The clock stands still unless a test moves it."""
    return clock


def fired(line):
    """The beats of a line that were recorded as due, in order."""
    entries = Entry.objects.filter(kind="BeatDue", line=line.pk).order_by("id")
    return [data["beat"] for data in entries.values_list("data", flat=True)]


def due_until(line, moment):
    rows = Beat.objects.filter(line=line, by_host=False, due_at__lte=moment)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True))


def test_two_workers_on_the_same_lines_do_every_beat_once_and_in_order(moved):
    of = [open_line(code=f"R{n}") for n in range(6)]
    Beat.objects.update(grace=None)
    for line in of:
        seated(line, 3)
    for moment in [local(1, 9), local(1, 12, 30), local(1, 20), local(2, 20), local(5, 21)]:
        moved(moment)
        together(*[lambda m=moment: run_due(m)] * 3)
        run_due(moment)  # what one had locked, the others left alone
    moved(local(5, 22))
    together(*[lambda: run_due(local(5, 22))] * 3)
    run_due(local(5, 22))
    for line in of:
        assert fired(line) == due_until(line, local(6, 0))
        said = Message.objects.filter(group__phase__line=line, kind="packet").count()
        assert said == Packet.objects.filter(line=line).count() == 4
    assert not Outgoing.objects.filter(sent_at=None).exists()
    assert Entry.objects.filter(kind="PhaseClosed").count() == 12
    assert_books_are_exact()


def test_workers_that_deliver_at_the_same_time_keep_each_groups_order(moved, monkeypatch):
    monkeypatch.setattr(groups, "BATCH", 4)
    line = open_line()
    with undelivered():
        moved(local(1, 20))
        run_due(local(1, 20))
    first_holds, second_done = threading.Event(), threading.Event()

    def linger(execute, statement, *arguments):
        if statement.startswith('SELECT "groups_group"."id"'):  # the messages are chosen by now
            first_holds.set()
            second_done.wait(0.5)  # on SQLite the second cannot even begin: go on without it
        return execute(statement, *arguments)

    def first():
        with connection.execute_wrapper(linger):
            groups.deliver(SYSTEM)

    def second():
        first_holds.wait()
        groups.deliver(SYSTEM)
        second_done.set()

    together(first, second)
    while groups.deliver(SYSTEM):
        pass
    said = Message.objects.filter(group=group(line)).order_by("id")
    planned = Outgoing.objects.filter(group=group(line)).order_by("id")
    assert [m.external_id for m in said] == [m.key for m in planned]
    assert len(said) == 8


def test_what_comes_late_comes_in_the_lines_order(moved):
    line = open_line()
    Beat.objects.update(grace=None)
    moved(local(2, 10))
    run_due(local(2, 10))
    said = Message.objects.filter(group=group(line)).order_by("id")
    assert list(said.values_list("ref", flat=True)) == due_until(line, local(2, 10))


def test_a_line_that_cannot_be_done_does_not_stop_the_others(moved):
    sick, sound = open_line(code="HD"), open_line(code="HN")
    beat = packet_beat(sick, "sick", local(1, 8))
    Beat.objects.filter(id=beat.pk).update(payload={})  # a bug of ours, in one line's calendar
    packet_beat(sound, "sound", local(1, 8))
    moved(local(1, 8))
    with pytest.raises(KeyError):
        run_due(local(1, 8))
    assert Packet.objects.get().line_id == sound.pk


def test_cards_that_hosts_never_send_do_not_keep_other_lines_waiting(moved, monkeypatch):
    forgotten, fresh = open_line(code="HD"), open_line(code="HN")
    Beat.objects.filter(line=forgotten).update(by_host=True, grace=None)
    monkeypatch.setattr(beats, "LINES", 1)
    moved(local(1, 9))
    run_due(local(1, 9))
    assert fired(fresh) == due_until(fresh, local(1, 9))
    assert len(fired(fresh)) == 1


class TestAStoppedWorker:
    """Only PostgreSQL lets others go on: on SQLite one process writes, and waits for nobody."""

    @pytest.fixture(autouse=True)
    def postgres_only(self, transactional_db):
        if connection.vendor != "postgresql":
            pytest.skip("on SQLite one worker is supported")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")  # who waits for the stopped one has failed
        yield
        connection.close()

    @pytest.fixture
    def held_and_free(self):
        """Two lines; when the first line's packet is due, nothing of the second one is."""
        held, free = open_line(code="HD"), open_line(code="HN")
        seated(held, 2), seated(free, 2)
        live_until(local(0, 23))
        packet_beat(held, "held", local(1, 7))
        packet_beat(free, "free", local(1, 8))
        return held, free

    @pytest.mark.parametrize(
        "before",
        ['UPDATE "lines_beat"', 'INSERT INTO "packets_share"', 'INSERT INTO "groups_message"'],
    )
    def test_holds_its_own_lines_only_and_ends_its_work_when_it_wakes(
        self, stages, held_and_free, before
    ):
        held, free = held_and_free
        stage = stages[0]
        stage.begin("stop", at=local(1, 7).isoformat(), before=before, patience_ms=0)
        assert stage.hear() == "stops"
        live_until(local(1, 8, 30))
        assert fired(held) == ([] if "message" not in before else due_until(held, local(1, 7)))
        assert fired(free) == due_until(free, local(1, 8, 30))
        stage.send(signal.SIGCONT)
        assert stage.rest() == ["ends its work", "goes on"]
        live_until(local(1, 8, 31))
        assert fired(held) == due_until(held, local(1, 8, 30))
        assert Message.objects.filter(kind="packet").count() == 2
        assert_books_are_exact()

    def test_whose_patience_is_over_wakes_up_to_find_its_work_done(self, stages, held_and_free):
        held, _ = held_and_free
        stage, at = stages[0], local(1, 7)
        before = 'INSERT INTO "journal_entry"'
        stage.begin("stop", at=at.isoformat(), before=before, patience_ms=300)
        assert stage.hear() == "stops"
        end = time.monotonic() + 20
        while not fired(held):
            assert time.monotonic() < end
            time.sleep(0.05)
            live_until(local(1, 7))
        stage.send(signal.SIGCONT)
        assert stage.rest() == ["is thrown out", "goes on"]
        live_until(local(1, 8, 30))
        assert fired(held) == due_until(held, local(1, 8, 30))
        assert Message.objects.filter(kind="packet").count() == 2
        assert_books_are_exact()
