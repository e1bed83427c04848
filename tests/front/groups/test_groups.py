"""Groups take messages in exactly once, and send them out exactly once."""

import random
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loop28.front.groups import actions, queries, sending
from loop28.front.groups.chat import Incoming, Outbound
from loop28.front.groups.models import ActiveDay, Group, HourCount, Message, Outgoing
from loop28.kernel import journal
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.kernel.journal.models import Entry
from tests.line_kit import local, people, region

pytestmark = pytest.mark.django_db(transaction=True)
NOON = local(1, 12)


@pytest.fixture
def group():
    (host,) = people(1, "店主")
    return actions.open_group(
        SYSTEM, name="群", host=host, region=region().pk, zone="Asia/Shanghai"
    )


def message(group, member, key, at=NOON, text="好"):
    return Incoming("house", key, group.pk, member, text, at)


def outbound(group, key, text="大家好"):
    return Outbound(key, group.pk, text, NOON)


def test_a_message_is_taken_in_once_however_often_and_in_which_order_it_comes(group):
    (member,) = people(1)
    batch = [message(group, member, str(n), NOON + timedelta(minutes=n)) for n in range(50)]
    assert actions.receive(SYSTEM, batch[:30]) == 30
    shuffled = random.Random(1).sample([*batch, *batch], 100)
    assert actions.receive(SYSTEM, shuffled) == 20
    assert actions.receive(SYSTEM, batch) == 0
    assert Message.objects.count() == 50
    assert Entry.objects.filter(kind="MessageReceived").count() == 50


def test_what_people_wrote_is_counted_by_local_hour_and_day(group):
    one, two = people(2)
    late = local(1, 23, 59)
    actions.receive(
        SYSTEM,
        [
            message(group, one, "1", late),
            message(group, two, "2", late),
            message(group, one, "3", late + timedelta(minutes=2)),
        ],
    )
    actions.receive(SYSTEM, [message(group, one, "4", late)])
    first, second = date(2026, 3, 2), date(2026, 3, 3)
    assert queries.by_hour([group.pk]) == {
        (group.pk, first, 23): 3,
        (group.pk, second, 0): 1,
    }
    assert queries.active_by_day([group.pk]) == {(group.pk, first): 2, (group.pk, second): 1}


def test_the_programme_and_the_host_do_not_count_as_activity(group):
    host = Incoming("house", "h", group.pk, group.host_id, "早", NOON, as_host=True)
    actions.receive(SYSTEM, [message(group, None, "p"), host])
    assert not HourCount.objects.exists()
    assert not ActiveDay.objects.exists()


def test_every_change_raises_the_version_for_those_inside_and_none_for_others(group):
    inside, outside = people(2)
    actions.join(SYSTEM, group.pk, [inside])
    before = queries.version(group.pk, inside)
    actions.receive(SYSTEM, [message(group, inside, "1")])
    assert queries.version(group.pk, inside) == before + 1
    assert queries.version(group.pk, outside) is None
    assert queries.messages(Actor(Role.MEMBER, outside), group.pk) == []


def test_unread_is_what_came_since(group):
    (member,) = people(1)
    actions.join(SYSTEM, group.pk, [member])
    actor = Actor(Role.MEMBER, member)
    actions.receive(SYSTEM, [message(group, None, str(n)) for n in range(3)])
    assert queries.unread(actor, [group.pk]) == {group.pk: 3}
    actions.read_up_to(actor, group.pk, queries.messages(actor, group.pk)[1].pk)
    assert queries.unread(actor, [group.pk]) == {group.pk: 1}


def test_what_was_said_before_one_came_is_not_unread(group):
    before, late = people(2)
    actions.join(SYSTEM, group.pk, [before])
    actions.receive(SYSTEM, [message(group, None, "1"), message(group, None, "2")])
    actions.join(SYSTEM, group.pk, [before, late])
    unread = [queries.unread(Actor(Role.MEMBER, m), [group.pk]) for m in (before, late)]
    assert unread == [{group.pk: 2}, {}]
    assert len(queries.messages(Actor(Role.MEMBER, late), group.pk)) == 2
    actions.receive(SYSTEM, [message(group, None, "3")])
    assert queries.unread(Actor(Role.MEMBER, late), [group.pk]) == {group.pk: 1}


def test_what_was_said_while_one_was_away_is_not_unread(group):
    (member,) = people(1)
    actor = Actor(Role.MEMBER, member)
    actions.join(SYSTEM, group.pk, [member])
    actions.leave(SYSTEM, group.pk, [member])
    actions.receive(SYSTEM, [message(group, None, "1")])
    actions.join(SYSTEM, group.pk, [member])
    assert queries.unread(actor, [group.pk]) == {}


def test_a_sent_message_leaves_right_after_the_commit_and_once(group):
    actions.send(SYSTEM, [outbound(group, "a"), outbound(group, "b")])
    actions.send(SYSTEM, [outbound(group, "a")])
    assert actions.deliver(SYSTEM) == 0
    assert list(Message.objects.values_list("external_id", flat=True)) == ["a", "b"]


def test_what_was_committed_but_not_sent_is_sent_by_the_next_worker(group, monkeypatch):
    monkeypatch.setattr(journal, "after_commit", lambda do: None)  # died right here
    actions.send(SYSTEM, [outbound(group, "a")])
    assert not Message.objects.exists()
    assert actions.deliver(SYSTEM) == 1
    assert Message.objects.get().text == "大家好"


def test_a_platform_that_fails_keeps_the_message_in_the_outbox(group, monkeypatch):
    def broken(name):
        raise ConnectionError(name)

    monkeypatch.setattr(sending, "platform", broken)
    actions.send(SYSTEM, [outbound(group, "a")])
    assert Outgoing.objects.get().sent_at is None
    assert queries.waiting(SYSTEM) == 1


def test_two_workers_send_each_message_once(group, monkeypatch):
    monkeypatch.setattr(journal, "after_commit", lambda do: None)
    actions.send(SYSTEM, [outbound(group, str(n)) for n in range(200)])

    def work():
        actions.deliver(SYSTEM)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    actions.deliver(SYSTEM)  # what came after the other's messages was left to the next look
    assert Message.objects.count() == 200
    assert not Outgoing.objects.filter(sent_at=None).exists()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_a_database_can_hold_comes_back_as_it_was(group, text):
    safe = text.encode("utf-8", "ignore").decode().replace("\0", "")
    actions.receive(SYSTEM, [message(group, group.host_id, f"t{hash(text)}", text=safe)])
    assert Message.objects.get(external_id=f"t{hash(text)}").text == safe


def test_a_thousand_messages_cost_a_handful_of_statements(group, django_assert_max_num_queries):
    members = people(100)
    batch = [message(group, members[n % 100], str(n)) for n in range(1000)]
    with django_assert_max_num_queries(20):
        actions.receive(SYSTEM, batch)


def test_leaving_keeps_what_was_said_and_coming_back_opens_it_again(group):
    (member,) = people(1)
    actions.join(SYSTEM, group.pk, [member])
    actions.receive(SYSTEM, [message(group, member, "1")])
    actions.leave(SYSTEM, group.pk, [member])
    assert queries.present(group.pk, [member]) == set()
    actions.join(SYSTEM, group.pk, [member])
    assert [m.text for m in queries.messages(Actor(Role.MEMBER, member), group.pk)] == ["好"]


def test_a_call_is_pinned_until_it_is_taken_down(group):
    call = Outbound("c", group.pk, "打1", NOON, kind="call")
    actions.send(SYSTEM, [call])
    assert Group.objects.get(pk=group.pk).pinned.text == "打1"
    actions.unpin(SYSTEM, group.pk)
    assert Group.objects.get(pk=group.pk).pinned is None
