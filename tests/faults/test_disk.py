"""A disk that is full or cannot sync: the answer says so, nothing is half done, and it goes on."""

from contextlib import contextmanager

import pytest
from django.db import connection

from loop28.back.people import actions as people
from loop28.kernel.access import SYSTEM
from loop28.middle.orders.models import Order
from tests.factories import member

pytestmark = pytest.mark.django_db(transaction=True)
NOW = "2026-03-04T08:33:00+08:00"


def test_a_full_disk_takes_nothing_in_by_halves_and_goes_on_when_there_is_room(computer, deeds):
    some, refused = _on_their_own(deeds)[:20], set()
    for room in (0, 60_000, 100_000):
        script = [(NOW, "leave_room", [room]), *some, (NOW, "leave_room", [None]), *some]
        answers = computer.use(script)
        first, then = answers[1:21], answers[22:]
        assert "SQLITE_FULL" in first
        for told, later in zip(first, then, strict=True):
            assert told in {later, "SQLITE_FULL"}
        refused.add(first.count("SQLITE_FULL"))
        computer.boot()
        assert computer.look_back(some) == (then, []), f"with room for {room} bytes"
        computer.install()
    assert len(refused) > 1, "it never filled up in the middle"


def test_when_a_sync_fails_nothing_is_acknowledged_that_is_not_there(computer, deeds):
    some = _on_their_own(deeds)[:8]
    for good in (0, 1, 2, 3, 5):  # a commit to the rollback journal takes four
        answers = computer.use([(NOW, "break_syncs", [good, 3]), *some, *some])
        first, then = answers[1:9], answers[9:]
        assert "SQLITE_IOERR_FSYNC" in first
        for told, later in zip(first, then, strict=True):
            assert told in {later, "SQLITE_IOERR_FSYNC"}
        computer.boot()
        assert computer.look_back(some) == (then, []), f"when sync {good} was the first to fail"
        computer.install()


def _on_their_own(deeds):
    """Those that do not need what another one brought."""
    return [deed for deed in deeds if deed[1] != "cash"]


def test_a_machine_whose_order_finds_no_room_is_told_when_to_come_again(client, sqlite_full):
    key, seller = people.make_key(SYSTEM, "shop"), member()
    order = {"shop": "s", "member": seller.pk, "yuan": "1.00", "paid_at": NOW}
    body = {"orders": [order | {"id": f"{n:060}"} for n in range(500)]}
    headers = {"authorization": f"Bearer {key}"}

    def send():
        return client.post("/api/orders", body, content_type="application/json", headers=headers)

    with sqlite_full():
        refused = send()
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert Order.objects.count() == 0
    taken = send()
    assert {one["outcome"] for one in taken.json()["results"]} == {"new"}
    assert Order.objects.count() == 500


@pytest.fixture
def sqlite_full():
    """While it is open the database may not grow."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL looks after its own disk")

    @contextmanager
    def full():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    return full
