"""What does not leave is tried again, given up, and never stops what has nothing to do with it."""

from datetime import timedelta

import pytest

from loop28.front.groups import actions, outbox, queries, refusals, sending
from loop28.front.groups.chat import NotSent, Outbound, platform
from loop28.front.groups.models import Group, Message, Outgoing
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from tests.factories import region, staff
from tests.line_kit import local, moving_clock, people
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)
NOON = local(1, 12)


@pytest.fixture
def at():
    with moving_clock() as move:
        move(NOON)
        yield move


@pytest.fixture
def two(at):
    (host,) = people(1, "店主")
    place = region()
    return [
        actions.open_group(SYSTEM, name=name, host=host, region=place.pk, zone=place.zone).pk
        for name in ("一群", "二群")
    ]


@pytest.fixture
def picky(monkeypatch):
    """A platform that takes no text with «坏» in it."""
    house = platform("house")

    class Picky:
        def send(self, messages):
            if any("坏" in message.text for message in messages):
                raise NotSent("too bad")
            house.send(messages)

    monkeypatch.setattr(sending, "platform", lambda name: Picky())


def send(group, *texts):
    wanted = [Outbound(f"{group}:{text}", group, text, clock.now()) for text in texts]
    actions.send(SYSTEM, wanted)


def said(group):
    return [m.text for m in Message.objects.filter(group=group).order_by("id")]


def test_what_follows_a_failure_waits_and_other_groups_go_on(two, picky):
    here, there = two
    send(here, "一", "坏", "二")
    send(there, "三")
    assert (said(here), said(there)) == (["一"], ["三"])
    failing = Outgoing.objects.get(text="坏")
    assert (failing.tries, failing.error) == (1, "too bad")
    assert failing.next_at == NOON + timedelta(minutes=1)
    assert queries.waiting(SYSTEM) == 2


def test_it_is_given_up_after_its_tries_and_then_the_group_goes_on(two, picky, at):
    here, _ = two
    send(here, "坏", "二")
    for minutes in (1, 3, 7):
        at(NOON + timedelta(minutes=minutes, seconds=-1))
        assert actions.deliver(SYSTEM) == 0
        at(NOON + timedelta(minutes=minutes))
        assert actions.deliver(SYSTEM) == 0
    assert Outgoing.objects.get(text="坏").tries == 4
    at(NOON + timedelta(minutes=15))
    actions.deliver(SYSTEM)
    actions.deliver(SYSTEM)
    lost = Outgoing.objects.get(text="坏")
    assert (lost.tries, lost.given_up_at, lost.given_up_by) == (5, clock.now(), "")
    assert said(here) == ["二"]
    assert Entry.objects.get(kind="SendingGivenUp").data["tries"] == 5
    assert queries.stuck(two, clock.now())[here][0] == 1  # until a person settles it


def test_a_person_has_it_tried_again_or_gives_it_up(two, picky, monkeypatch):
    here, _ = two
    send(here, "坏", "坏透")
    first, second = Outgoing.objects.order_by("id")
    boss = staff(Role.REGION_MANAGER, Group.objects.get(id=here).region).actor
    outbox.give_up(boss, second.pk)
    second.refresh_from_db()
    assert second.given_up_by == str(boss)
    assert not queries.stuck([here], clock.now() - timedelta(minutes=1))
    monkeypatch.undo()
    outbox.try_again(boss, first.pk)
    assert said(here) == ["坏"]
    for act in (outbox.try_again, outbox.give_up):
        for row in (first, second):
            with pytest.raises(refusals.NotWaiting):
                act(boss, row.pk)


def test_trying_everything_again_brings_back_what_the_house_gave_up(two, picky, monkeypatch):
    here, _ = two
    send(here, "坏")
    Outgoing.objects.update(given_up_at=clock.now(), tries=5, next_at=None)
    monkeypatch.undo()
    outbox.try_all(SYSTEM)
    assert said(here) == ["坏"]


def test_only_who_runs_lines_there_settles_messages(two, picky):
    send(two[0], "坏")
    row = Outgoing.objects.get()
    with pytest.raises(NotAllowed):
        outbox.give_up(staff(Role.AUDITOR).actor, row.pk)
    with pytest.raises(NotAllowed):
        outbox.give_up(Actor(Role.MEMBER, 1), row.pk)
    with pytest.raises(Outgoing.DoesNotExist):
        outbox.give_up(staff(Role.REGION_MANAGER, region("HN")).actor, row.pk)


def test_giving_up_twice_at_once_is_one_fact(two, picky):
    send(two[0], "坏")
    row = Outgoing.objects.get()
    outcomes = together(*[lambda: outbox.give_up(SYSTEM, row.pk)] * 2)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "NotWaiting"]
    assert Entry.objects.filter(kind="SendingGivenUp").count() == 1


def test_an_error_of_our_own_is_no_failure_of_the_platform(two, monkeypatch):
    class Broken:
        def send(self, messages):
            raise ValueError

    monkeypatch.setattr(sending, "platform", lambda name: Broken())
    send(two[0], "一")
    with pytest.raises(ValueError):  # noqa: PT011 - the very one
        actions.deliver(SYSTEM)
    assert Outgoing.objects.get().tries == 0
