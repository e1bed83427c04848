"""The loop asks every job, sleeps until the next is due, and outlives one that fails."""

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import OperationalError

from loop28.kernel import clock
from loop28.kernel.jobs import batches, job, loop, pulse, run_due, work_until

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def jobs(monkeypatch):
    monkeypatch.setattr(loop, "_jobs", [])


def test_jobs_run_in_order_and_the_earliest_wish_counts():
    asked = []

    def first(now):
        asked.append(("first", now))
        return LATER

    def second(now):
        asked.append(("second", now))

    job(first)
    job(second)
    job(lambda now: SOON)
    assert run_due(NOW) == SOON
    assert asked == [("first", NOW), ("second", NOW)]


def test_without_wishes_there_is_no_next_time():
    job(lambda now: None)
    assert run_due(NOW) is None


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_logged_asked_again_and_does_not_stop_the_others(caplog, monkeypatch):
    monkeypatch.setattr(loop, "NAP", timedelta(milliseconds=1))
    stop, tries, others = threading.Event(), [], []

    def fail(now):
        tries.append(now)
        raise ValueError("poison")

    def go_on(now):
        others.append(now)
        if len(others) == 3:
            stop.set()

    job(fail)
    job(go_on)
    work_until(stop, "one")
    assert len(tries) == len(others) == 3
    assert "poison" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_waited_for(caplog, monkeypatch):
    monkeypatch.setattr(loop, "NAP", timedelta(milliseconds=1))
    stop, times = threading.Event(), []

    def now():
        times.append(1)
        if len(times) < 3:
            raise OperationalError("away")
        stop.set()
        return NOW

    monkeypatch.setattr("loop28.kernel.clock.now", now)
    work_until(stop, "one")
    assert "the database does not answer" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_no_job_waits_in_vain_for_a_database_of_which_another_saw_that_it_is_away(
    caplog, monkeypatch
):
    monkeypatch.setattr(loop, "NAP", timedelta(milliseconds=1))
    stop, rounds = threading.Event(), []

    def fail(now):
        rounds.append("fails")
        if len(rounds) < 3:
            raise OperationalError from psycopg.errors.AdminShutdown()

    def go_on(now):
        rounds.append("goes on")
        stop.set()

    job(fail)
    job(go_on)
    work_until(stop, "one")
    assert rounds == ["fails", "fails", "fails", "goes on"]
    assert "the database does not answer" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_comes_round_says_so_until_it_ends(monkeypatch):
    monkeypatch.setattr(loop, "NAP", timedelta(milliseconds=1))
    stop, seen = threading.Event(), []

    def look(now):
        seen.append(pulse.all_alive(now))
        if seen[-1]:
            stop.set()

    job(look)
    work_until(stop, "one")
    assert seen == [False, True]
    assert not pulse.all_alive(clock.now())
    assert pulse.signs() == {}


@pytest.mark.django_db
def test_its_sign_is_written_now_and_then_and_soon_too_old():
    pulse.beat("one", NOW)
    pulse.beat("one", NOW + pulse.EVERY / 2)
    assert pulse.signs() == {"one": NOW}
    pulse.beat("one", NOW + pulse.EVERY)
    assert pulse.signs() == {"one": NOW + pulse.EVERY}
    assert pulse.all_alive(NOW + pulse.EVERY + pulse.SILENCE)
    assert not pulse.all_alive(NOW + pulse.EVERY + pulse.SILENCE + timedelta(seconds=1))


@pytest.mark.django_db
def test_a_clock_that_was_set_back_neither_hides_nor_invents_a_sign():
    pulse.beat("one", NOW)
    before = NOW - timedelta(hours=1)
    assert not pulse.all_alive(before)
    pulse.beat("one", before)
    assert pulse.all_alive(before)


@pytest.mark.django_db
def test_a_worker_that_is_stuck_is_seen_beside_one_that_works_until_nobody_waits_for_it():
    pulse.beat("stuck", NOW)
    later = NOW + pulse.SILENCE + pulse.EVERY
    pulse.beat("at work", later)
    assert not pulse.all_alive(later)
    assert list(pulse.signs()) == ["stuck", "at work"]
    pulse.beat("at work", NOW + pulse.FORGOTTEN)
    assert not pulse.all_alive(NOW + pulse.FORGOTTEN)
    end = NOW + pulse.FORGOTTEN + pulse.EVERY
    pulse.beat("at work", end)
    assert pulse.signs() == {"at work": end}


def test_outside_of_a_worker_everything_that_is_due_is_done():
    left = [3, 2, 1, 0]
    batches(lambda: left.pop(0))
    assert left == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_to_end_does_so_after_the_batch_however_much_is_due():
    stop, done = threading.Event(), []

    def endless():
        done.append("batch")
        if len(done) == 3:
            stop.set()
        return True

    def after(now):
        done.append("another job")

    job(lambda now: batches(endless))
    job(after)
    work_until(stop, "one")
    assert done == ["batch"] * 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_has_much_to_do_is_seen_to_live():
    stop, left = threading.Event(), [True, False]

    def much(now):
        batches(lambda: left.pop(0))
        assert pulse.signs().keys() == {"one"}
        stop.set()

    job(much)
    work_until(stop, "one")
    assert left == []
