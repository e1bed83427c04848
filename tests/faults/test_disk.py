"""A disk that is full or cannot sync: the answer says so, nothing is half done, and it goes on."""

import pytest

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
    for good in range(8):  # a commit in the rollback journal's mode takes four
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
