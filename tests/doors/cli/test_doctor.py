import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from django.db import connection

from loop28.back.finance import actions as finance
from loop28.back.ledger.models import Account
from loop28.doors.cli import doctor, main
from loop28.doors.cli.tables import Tables
from loop28.front.lines import beats
from loop28.front.privacy import actions as privacy
from loop28.front.privacy import register
from loop28.front.watch import jobs
from loop28.kernel.access import SYSTEM
from loop28.kernel.clock import now
from loop28.kernel.jobs import pulse
from loop28.middle.members import actions as members
from tests.line_kit import local, moving_clock, open_line

pytestmark = pytest.mark.django_db


def examined(name):
    return next(finding for finding in doctor.examine() if finding.name == name)


def run():
    return CliRunner().invoke(main.commands(), ["doctor"])


@pytest.fixture
def clock(db):
    with moving_clock() as move:
        yield move


@pytest.fixture
def healthy(clock):
    pulse.beat("web-1", now())
    finance.note_audit(SYSTEM, 0)


def test_all_is_well_where_a_worker_comes_round_and_the_books_are_clean(healthy):
    answer = run()
    assert answer.exit_code == 0
    assert "BAD" not in answer.stdout
    assert ("SQLite" if connection.vendor == "sqlite" else "PostgreSQL") in answer.stdout


def test_a_worker_that_is_gone_is_bad_and_the_cure_is_told(healthy, clock):
    clock(now() + timedelta(minutes=5))
    answer = run()
    assert answer.exit_code == 1
    assert "web-1 last came round 5 minutes ago" in answer.stdout
    assert "Start `loop28 serve`" in answer.stdout
    pulse.end("web-1")
    assert examined("worker").found == "none runs"


def test_a_worker_that_is_stuck_beside_one_that_works_is_bad_and_named(healthy, clock):
    assert examined("worker").found == "1 come round"
    clock(now() + timedelta(minutes=5))
    pulse.beat("web-2", now())
    stuck = examined("worker")
    assert stuck.state is doctor.State.BAD
    assert stuck.found == "web-1 last came round 5 minutes ago"


def test_a_register_of_the_erased_that_nobody_can_write_is_bad(healthy, settings, tmp_path):
    settings.ERASED = tmp_path / "erased"
    assert examined("register").state is doctor.State.GOOD
    settings.ERASED = tmp_path / "not mounted" / "erased"
    found = examined("register")
    assert found.state is doctor.State.BAD
    assert found.found.endswith("cannot be written")
    assert "A backup would bring them back" in found.cure


def test_who_is_erased_and_not_in_the_register_is_bad(healthy, settings, tmp_path):
    settings.ERASED = tmp_path / "erased"
    member = members.register(SYSTEM, "欧阳芳华", adult=True, consent=True)
    privacy.erase(SYSTEM, [member.pk])
    found = examined("register")
    assert found.state is doctor.State.BAD
    assert found.found.startswith("1 who were erased")
    register.write_down()
    assert examined("register").state is doctor.State.GOOD


def test_a_watch_that_did_not_go_round_is_worth_a_look(healthy, clock):
    assert examined("watch").found == "never went round"
    assert examined("watch").state is doctor.State.WARN
    clock(local(2, 3, 1))
    jobs.watch(now())
    clock(local(2, 3, 6))
    found = examined("watch")
    assert found.state is doctor.State.GOOD
    assert found.found == "went round 5 minutes ago: 0 new cases, 0 chains red"
    clock(local(5, 3))
    assert examined("watch").state is doctor.State.WARN


def test_books_that_differ_are_bad_old_or_no_audits_are_worth_a_look(healthy, clock):
    assert examined("books").state is doctor.State.GOOD
    clock(now() + timedelta(days=3))
    assert examined("books").state is doctor.State.WARN
    finance.note_audit(SYSTEM, 2)
    assert examined("books").state is doctor.State.BAD


def test_the_audit_itself_is_remembered(healthy):
    Account.objects.create(owner="member:1", kind="wallet", closed=True)
    assert CliRunner().invoke(main.commands(), ["audit"]).exit_code == 1
    assert examined("books").found.startswith("differences: 1")


def test_overdue_beats_are_counted_with_the_age_of_the_oldest(clock):
    open_line()
    clock(local(1, 10))
    assert examined("beats").state is doctor.State.BAD
    beats.fire_due(SYSTEM)
    assert examined("beats").state is doctor.State.GOOD


@pytest.mark.parametrize("state", [Tables.NONE, Tables.OLD, Tables.NEW])
def test_nothing_is_said_of_what_needs_tables_when_they_are_others(monkeypatch, state):
    monkeypatch.setattr(doctor, "tables", lambda: state)
    found = list(doctor.examine())
    assert found[-1].name == "tables"
    assert found[-1].state is doctor.State.BAD


@pytest.mark.parametrize(
    ("free", "state"),
    [(100, doctor.State.BAD), (1000, doctor.State.WARN), (5000, doctor.State.GOOD)],
)
def test_a_disk_that_fills_up_is_told_in_time(monkeypatch, free, state):
    usage = shutil.disk_usage("/")._replace(free=free * doctor.MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda where: usage)
    assert examined("disk").state is state


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its own folder")
def test_the_disk_of_the_database_counts_wherever_it_lies(monkeypatch, tmp_path):
    def usage(where):
        return Free(10 if where == tmp_path else 5000 * doctor.MIB)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "db"))
    assert examined("disk").state is doctor.State.BAD


class Free(NamedTuple):
    free: int


@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_forget_commits_is_bad():
    careless = {"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit=off"}
    assert examined("database").state is doctor.State.GOOD
    with connection.cursor() as cursor:
        cursor.execute(careless[connection.vendor])
    try:
        assert examined("database").state is doctor.State.BAD
    finally:
        connection.close()
