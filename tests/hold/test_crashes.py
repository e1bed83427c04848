"""A crash before any statement of a hot action changes nothing, and the next try is good."""

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from loop28.back.finance import actions as finance
from loop28.front.groups import actions as groups
from loop28.front.lines import actions as lines
from loop28.front.lines import beats
from loop28.front.lines.models import Beat
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.front.rewards import actions as rewards
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment
from loop28.kernel import chance
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.members.actions import NewMember
from loop28.middle.orders import actions as orders
from loop28.middle.orders.rules import ReportedOrder
from tests.front.tasks import kit
from tests.hold.kit import (
    assert_books_are_exact,
    breaking,
    differing,
    give_ids_out_again,
    picture,
    undelivered,
)
from tests.line_kit import invitation, live_until, local, open_line, says, seated
from tests.races import Died

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(clock):
    """Four messages of a talk wait in the outbox."""
    open_line()
    live_until(local(1, 19, 29))
    clock(local(1, 19, 45))
    with undelivered():
        beats.fire_due(SYSTEM)
    return lambda: groups.deliver(SYSTEM)


def claim(clock):
    """The last free shares of a packet, by more people than there are, one of whom had theirs."""
    line = open_line()
    members = seated(line, 12)
    live_until(local(1, 12, 30))
    packet = Packet.objects.get().pk
    packets.claim(SYSTEM, packet, members[:5])
    return lambda: packets.claim(SYSTEM, packet, members[4:])


def receive(clock):
    """A batch with opt-ins, chatter and a message twice, in a group that was called."""
    line = open_line()
    members = seated(line, 4)
    live_until(local(2, 20, 1))
    said = [says(line, m, text, local(2, 20)) for m in members for text in ("打1", "红包呢？")]
    return lambda: groups.receive(SYSTEM, [*said, said[0]])


def opt_in(clock):
    """The button."""
    line = open_line()
    (member,) = seated(line, 1)
    live_until(local(2, 20, 1))
    return lambda: lines.opt_in(Actor(Role.MEMBER, member), line.pk)


def screen_late(clock):
    """The operator lets in somebody for whom tasks are open already."""
    line = open_line()
    members = seated(line, 2)
    live_until(local(3, 9))
    return lambda: lines.let_in(SYSTEM, line.pk, members)


def welcome(clock):
    """Strangers come, more than there are seats."""
    line = open_line(size=2)
    door = invitation(line)
    people = [NewMember(name=f"新人{n}", adult=True, consent=True) for n in range(3)]
    return lambda: lines.welcome(SYSTEM, [lines.Newcomer(door, person) for person in people])


def leave(clock):
    """Somebody leaves a full line, and the first who waits moves up."""
    line = open_line(size=2)
    first, *_ = seated(line, 3)
    return lambda: lines.leave(SYSTEM, line.pk, first)


def fire_packets(clock):
    """Beats of two lines after an hour of downtime; one of them cannot pay its packet."""
    rich = open_line()
    poor = open_line(code="HN", budget_fen=1)
    seated(rich, 2), seated(poor, 2)
    clock(local(1, 13))
    return lambda: beats.fire_due(SYSTEM)


def fire_tasks(clock):
    """Tasks open for those who passed."""
    line = open_line()
    members = seated(line, 3)
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, members)
    live_until(local(3, 8, 29))
    clock(local(3, 8, 30))
    return lambda: beats.fire_due(SYSTEM)


def graduate(clock):
    """The last beat: a phase is closed, owners are made, a notice is written."""
    _, members = _trained(clock)
    _sell(members[0], at=local(5, 10))
    live_until(local(5, 20, 59))
    clock(local(5, 21))
    return lambda: beats.fire_due(SYSTEM)


def by_hand(clock):
    """The host sends a card."""
    line = open_line()
    live_until(local(2, 19, 10))
    beat = Beat.objects.get(line=line, key="d2-evening")
    return lambda: beats.do_by_hand(Actor(Role.MEMBER, line.host_id), beat.pk, "今晚见")


def expire(clock):
    """What nobody opened goes back."""
    line = open_line()
    members = seated(line, 2)
    live_until(local(1, 12, 30))
    packets.claim(SYSTEM, Packet.objects.get().pk, members)
    clock(local(1, 15))
    return lambda: packets.expire_due(SYSTEM)


def check_in(clock):
    """A check-in that completes a task and pays."""
    line, members = _trained(clock)
    live_until(local(3, 9))
    return lambda: kit.check_in(Actor(Role.MEMBER, members[0]), line.pk)


def tick(clock):
    """The host confirms tasks of several members."""
    line, _ = _trained(clock)
    live_until(local(4, 9))
    mine = Assignment.objects.filter(task="own-words").order_by("id")
    ids = list(mine.values_list("id", flat=True))
    return lambda: tasks.tick(Actor(Role.MEMBER, line.host_id), ids)


def sell(clock):
    """First orders: tasks done, rewards held, an owner made."""
    _, members = _trained(clock)
    live_until(local(5, 9))
    return lambda: _sell(*members, at=local(5, 9))


def refund(clock):
    """An order of which the reward is still held goes back."""
    _, members = _trained(clock)
    live_until(local(5, 9))
    _sell(*members, at=local(5, 9))
    clock(local(6, 9))
    return lambda: _sell(*members, at=local(5, 9), refunded_at=local(6, 9))


def release(clock):
    """Held rewards whose refund window is over become their members'."""
    _, members = _trained(clock)
    live_until(local(5, 9))
    _sell(*members, at=local(5, 9))
    clock(local(5, 9) + timedelta(days=7))
    return lambda: rewards.release_due(SYSTEM)


def fund(clock):
    """Money comes, and rewards that waited for it are paid."""
    line, members = _trained(clock, budget_fen=2000)
    live_until(local(3, 14, 31))
    line_left = 2000 - 1200 + 1200  # the third packet expired and came back
    rewards.grant(SYSTEM, [rewards.Grant("big", line.pk, members[0], "money", line_left + 500)])
    return lambda: finance.fund(SYSTEM, line.pk, 5000, "more")


def cash(clock):
    """A member asks for money."""
    line = open_line()
    (member,) = seated(line, 1)
    rewards.grant(SYSTEM, [rewards.Grant("fee", line.pk, member, "money", 500)])
    me = Actor(Role.MEMBER, member)
    return lambda: finance.ask_payout(me, 300, "王小明", "6222", "once", adult=True)


def _trained(clock, **terms):
    line = open_line(**terms)
    members = seated(line, 2)
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, members)
    live_until(local(3, 8, 30))
    return line, members


def _sell(*members, at, refunded_at=None):
    refunded = 2990 if refunded_at else 0
    return orders.report(
        SYSTEM,
        [
            ReportedOrder(
                shop="shop",
                external_id=f"{member}-{n}",
                member=member,
                fen=2990,
                paid_at=at,
                refunded_fen=refunded,
                refunded_at=refunded_at,
            )
            for member in members
            for n in range(2)
        ],
    )


SCENES = [
    *(deliver, claim, receive, opt_in, screen_late, welcome, leave),
    *(fire_packets, fire_tasks, graduate, by_hand, expire),
    *(check_in, tick, sell, refund, release, fund, cash),
]


class LostRaceError(OperationalError):
    """What PostgreSQL says to the one of two who came too late."""

    def __init__(self):
        super().__init__("could not serialize access")
        self.__cause__ = Serialization()


class Serialization(Exception):  # noqa: N818
    sqlstate = "40001"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_a_crash_at_any_statement_changes_nothing_and_a_lost_race_is_made_good(
    clock, scene, monkeypatch
):
    monkeypatch.setattr("loop28.kernel.sql.time.sleep", lambda seconds: _as_before())
    act = scene(clock)
    before, after = picture(), _picture_after(act)
    assert before != after
    statement = 1
    while _crashes(act, statement):
        assert differing(before, picture()) == [], f"after a crash at statement {statement}"
        if statement % 7 == 0:  # the same code stands behind every statement: some are enough
            with breaking(statement, LostRaceError):
                assert differing(after, _picture_after(act)) == []
        statement += 1
    assert statement > 4
    groups.deliver(SYSTEM)  # what a process left that died right after its commit
    assert differing(after, picture()) == [], "when nothing crashes any more"
    assert_books_are_exact()


def _as_before():
    """Ids and chance come again as they came to the first who tried."""
    chance.seed(28)
    give_ids_out_again()


def _picture_after(act):
    """The picture after an act, which is then taken back."""
    _as_before()
    with transaction.atomic():
        act()
        groups.deliver(SYSTEM)
        after = picture()
        transaction.set_rollback(True)
    return after


def _crashes(act, statement):
    _as_before()
    try:
        with breaking(statement, Died):
            act()
    except Died:
        return True
    return False
