"""One action: one transaction, one time, its facts, and the modules above that react."""

import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from loop28.back.people.models import Region
from loop28.kernel import clock, journal, sql
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal import facts, work
from loop28.kernel.journal.models import Entry
from tests.races import together


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted(journal.Fact):
    """A seed went into the ground."""

    line: int = 1
    member: int | None = None
    seeds: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown(journal.Fact):
    """Something came up."""

    height: int


for kind in (Planted, Grown):  # not facts of the product
    del facts.KINDS[kind.name]

FINANCE = Actor(Role.FINANCE, 3)


@journal.action
def plant(actor, *seeds, then=lambda: None):
    """Write a row and a fact for each, then do as told."""
    for number in seeds:
        Region.objects.create(code=f"S{number}", name=f"seed {number}")
    journal.record(*(Planted(seeds=number) for number in seeds))
    then()
    return journal.now()


def kinds():
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


@pytest.fixture
def listen(monkeypatch):
    """Let a function react as if it stood in a module of the house; nobody else listens."""
    monkeypatch.setattr(work, "_reactions", defaultdict(list))

    def register(module, kind, react):
        react.__module__ = f"loop28.{module}.reactions"
        journal.reacts_to(kind)(react)

    return register


@pytest.mark.django_db
def test_a_fact_is_written_with_its_actor_its_time_and_whom_it_is_about():
    at = plant(FINANCE, 5)
    entry = Entry.objects.get()
    assert (entry.kind, entry.actor, entry.at) == ("Planted", "finance:3", at)
    assert (entry.line, entry.member) == (1, None)
    assert entry.data == {"line": 1, "member": None, "seeds": 5}


@pytest.mark.django_db
def test_a_fact_without_a_line_has_none():
    @journal.action
    def grow(actor):
        journal.record(Grown(height=2))

    grow(SYSTEM)
    assert Entry.objects.get().line is None


@pytest.mark.django_db
def test_an_action_in_an_action_shares_its_time_and_its_actor():
    times = []
    outer = plant(FINANCE, 1, then=lambda: times.append(plant(SYSTEM, 2)))
    assert times == [outer]
    assert set(Entry.objects.values_list("actor", flat=True)) == {"finance:3"}


@pytest.mark.django_db
def test_now_stands_still_for_an_action_and_moves_on_for_the_next():
    seen = []
    first = plant(SYSTEM, 1, then=lambda: seen.extend([journal.now(), journal.now()]))
    assert seen == [first, first]
    assert first <= plant(SYSTEM, 2) <= clock.now() + timedelta(milliseconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", [journal.now, lambda: journal.record(Planted())])
def test_outside_of_an_action_there_is_no_time_and_nothing_to_record(verb):
    with pytest.raises(RuntimeError, match="must run inside an @action"):
        verb()


@pytest.mark.django_db
def test_an_error_takes_back_what_all_joined_actions_wrote():
    def fail():
        plant(SYSTEM, 2)
        raise ValueError("frost")

    with pytest.raises(ValueError, match="frost"):
        plant(SYSTEM, 1, then=fail)
    assert not Region.objects.exists()
    assert kinds() == []
    with pytest.raises(RuntimeError):
        journal.now()


@pytest.mark.django_db
def test_reactions_run_upward_once_each_with_all_facts_whoever_registered_first(listen):
    heard = []
    listen("front.tasks", Planted, lambda batch: heard.append(("tasks", len(batch))))
    listen("back.finance", Planted, lambda batch: heard.append(("finance", len(batch))))
    listen("middle.orders", Planted, lambda batch: heard.append(("orders", len(batch))))
    plant(SYSTEM, 1, 2, then=lambda: plant(SYSTEM, 3))
    assert heard == [("finance", 3), ("orders", 3), ("tasks", 3)]


@pytest.mark.django_db
def test_nobody_is_called_when_nothing_happened(listen):
    listen("front.tasks", Grown, lambda batch: pytest.fail("nothing grew"))
    plant(SYSTEM, 1)


@pytest.mark.django_db
def test_what_a_reaction_records_is_heard_above_it_in_the_same_pass(listen):
    heard: list[journal.Fact] = []
    listen("front.tasks", Grown, heard.extend)
    listen("back.finance", Planted, lambda batch: journal.record(Grown(height=len(batch))))
    plant(SYSTEM, 1, 2)
    assert heard == [Grown(height=2)]
    assert kinds() == ["Planted", "Planted", "Grown"]


@pytest.mark.django_db
@pytest.mark.parametrize("listener", ["back.finance", "back.people"])
def test_a_fact_for_a_module_that_had_its_turn_is_a_bug_and_takes_everything_back(listen, listener):
    listen(listener, Grown, lambda batch: None)
    listen("back.finance", Planted, lambda batch: journal.record(Grown(height=1)))
    with pytest.raises(RuntimeError, match="Grown was recorded after a module that listens"):
        plant(SYSTEM, 1)
    assert not Region.objects.exists()
    assert kinds() == []


@pytest.mark.django_db
def test_a_reaction_that_fails_takes_everything_back(listen):
    def refuse(batch):
        raise ValueError("frost")

    listen("front.tasks", Planted, refuse)
    with pytest.raises(ValueError, match="frost"):
        plant(SYSTEM, 1)
    assert not Region.objects.exists()


@pytest.mark.django_db
def test_a_reaction_may_act_and_its_facts_go_up_too(listen):
    heard: list[journal.Fact] = []
    listen("back.finance", Planted, lambda batch: grow(SYSTEM))
    listen("front.tasks", Grown, heard.extend)

    @journal.action
    def grow(actor):
        journal.record(Grown(height=7))

    plant(FINANCE, 1)
    assert heard == [Grown(height=7)]
    assert set(Entry.objects.values_list("actor", flat=True)) == {"finance:3"}


@pytest.mark.django_db
def test_only_a_module_of_the_house_can_listen():
    def stranger(batch):
        """Stands in no installed module."""

    with pytest.raises(RuntimeError, match="belongs to no installed module"):
        journal.reacts_to(Planted)(stranger)


@pytest.mark.django_db
def test_who_lost_a_race_does_it_again_and_it_happened_once(monkeypatch, listen):
    monkeypatch.setattr("loop28.kernel.sql.time.sleep", lambda seconds: None)
    monkeypatch.setattr(sql, "passing", lambda error: True)
    tries: list[int] = []
    heard: list[journal.Fact] = []
    listen("front.tasks", Planted, heard.extend)

    def lose():
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError

    plant(SYSTEM, 1, then=lose)
    assert len(tries) == 3
    assert len(heard) == 1
    assert kinds() == ["Planted"]


@pytest.mark.django_db
def test_a_joined_action_is_not_tried_again_by_itself(monkeypatch):
    monkeypatch.setattr("loop28.kernel.sql.time.sleep", lambda seconds: None)
    monkeypatch.setattr(sql, "passing", lambda error: True)
    inner = []

    def lose():
        inner.append(1)
        raise OperationalError

    with pytest.raises(OperationalError):
        plant(SYSTEM, 1, then=lambda: plant(SYSTEM, 2, then=lose))
    assert len(inner) == 5


@pytest.mark.django_db
def test_a_thousand_facts_are_one_statement(django_assert_max_num_queries):
    @journal.action
    def plant_many(actor):
        journal.record(*(Planted(seeds=n) for n in range(1000)))

    with django_assert_max_num_queries(4):  # PostgreSQL's clock, the facts, this test's savepoint
        plant_many(SYSTEM)
    assert Entry.objects.count() == 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE journal_entry SET kind = 'x'", "DELETE FROM journal_entry"]
)
def test_the_database_refuses_to_change_what_happened(statement):
    plant(SYSTEM, 1)
    with (
        pytest.raises(IntegrityError, match="rows of journal_entry are never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_what_comes_after_the_commit_sees_it_and_may_act_itself():
    seen = []

    def later():
        seen.extend(kinds())
        plant(SYSTEM, 2)

    plant(SYSTEM, 1, then=lambda: journal.after_commit(later))
    assert seen == ["Planted"]
    assert kinds() == ["Planted", "Planted"]


@pytest.mark.django_db(transaction=True)
def test_nothing_comes_after_a_commit_that_never_was():
    def fail():
        journal.after_commit(lambda: pytest.fail("there was no commit"))
        raise ValueError("frost")

    with pytest.raises(ValueError, match="frost"):
        plant(SYSTEM, 1, then=fail)


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_the_commit_is_logged_and_the_rest_goes_on(caplog):
    done = []

    def arrange():
        journal.after_commit(partial(divmod, 1, 0))
        journal.after_commit(lambda: done.append(1))

    plant(SYSTEM, 1, then=arrange)
    assert done == [1]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_threads_have_two_actions():
    actors = [Actor(Role.FINANCE, number) for number in (1, 2)]
    together(*[lambda a=actor: plant(a, a.id) for actor in actors])
    assert set(Entry.objects.values_list("actor", "data__seeds")) == {
        ("finance:1", 1),
        ("finance:2", 2),
    }


@pytest.mark.django_db(transaction=True)
def test_two_who_lock_each_other_out_both_succeed_in_the_end():
    rows = [Region.objects.create(code=c, name=c).pk for c in "ab"]
    both_hold_one = threading.Barrier(2)

    @journal.action
    def take(actor, *keys):
        for key in keys:
            Region.objects.select_for_update().get(pk=key)
            # SQLite lets one in after the other, and nobody comes to a second try's barrier.
            with suppress(threading.BrokenBarrierError):
                both_hold_one.wait(0.3)
        return "done"

    assert together(lambda: take(SYSTEM, *rows), lambda: take(SYSTEM, *rows[::-1])) == ["done"] * 2
