"""Two records that both lived in lines become one person, and the books agree."""

from uuid import uuid4

import pytest

from loop28.back.finance import actions as finance
from loop28.back.finance.models import Payout
from loop28.back.ledger import accounts
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.refusals import AccountClosed
from loop28.front.circles import actions as circles
from loop28.front.circles.models import Invite
from loop28.front.events import actions as events
from loop28.front.events import queries as event_queries
from loop28.front.events.models import Event
from loop28.front.groups import actions as groups
from loop28.front.groups import moderation
from loop28.front.groups import queries as group_queries
from loop28.front.groups.models import Message
from loop28.front.ladder import actions as ladder
from loop28.front.ladder import pool
from loop28.front.ladder import queries as levels
from loop28.front.lines import actions as lines
from loop28.front.lines import seats
from loop28.front.lines.models import Enrollment, Invitation
from loop28.front.packets import actions as packets
from loop28.front.packets import queries as packet_queries
from loop28.front.packets.models import Packet, Share
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks.models import Assignment
from loop28.insight import audit
from loop28.kernel.access import SYSTEM, Role
from loop28.middle.members import merging
from loop28.middle.members.models import Member
from loop28.middle.orders.models import Order
from tests import factories
from tests.circle_kit import open_circle
from tests.front.tasks import kit
from tests.front.tasks.kit import assignment, own, refund, report, sale, wallet
from tests.line_kit import (
    group,
    live_until,
    local,
    moving_clock,
    open_line,
    people,
    says,
    seated,
)
from tests.races import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(db):
    with moving_clock() as move:
        yield move


def merge(kept, lost):
    """Merge, and see that the books are exact on both sides of it."""
    assert audit.differences() == []
    merging.merge(SYSTEM, kept, lost)
    assert audit.differences() == []


def test_one_person_sat_under_two_numbers_in_two_lines():
    here, there = open_line(), open_line(code="HN")
    (kept,), (lost,) = seated(here, 1), seated(there, 1)
    groups.receive(SYSTEM, [says(there, lost, "你们好", local(0, 13))])
    merge(kept, lost)
    assert {row.line_id for row in seats.of_member(SYSTEM, kept)} == {here.pk, there.pk}
    assert Message.objects.get(text="你们好").member_id == kept
    assert group_queries.present(group(there), [kept, lost]) == {kept}


def test_of_two_seats_in_one_line_the_better_one_is_left_and_the_other_is_given_on():
    line = open_line(size=2)
    kept, lost = seated(line, 2)
    (waits,) = seated(line, 1)
    merge(kept, lost)
    states = dict(Enrollment.objects.values_list("member", "state"))
    assert states == {kept: "joined", waits: "joined"}
    assert group_queries.present(group(line), [waits]) == {waits}


def test_who_left_under_one_number_and_sits_under_the_other_sits():
    line = open_line()
    kept, lost = seated(line, 2)
    lines.leave(SYSTEM, line.pk, kept)
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, [lost])
    merge(kept, lost)
    assert seats.passed(line.pk) == [kept]
    assert group_queries.present(group(line, 2), [kept]) == {kept}
    live_until(local(3, 9))
    assert Assignment.objects.filter(member=kept, task="checkin").exists()


def test_who_was_removed_under_one_number_does_not_stay_under_the_other():
    line = open_line()
    kept, lost = seated(line, 2)
    moderation.remove(SYSTEM, group(line), lost, "广告")
    merge(kept, lost)
    assert group_queries.present(group(line), [kept]) == set()
    assert Enrollment.objects.get(member=kept).state == "left"


def test_a_packet_both_opened_stays_as_it_was_opened_and_the_money_is_one_persons():
    line = open_line()
    kept, lost = seated(line, 2)
    live_until(local(1, 12, 30))
    packet = Packet.objects.get()
    packets.claim(SYSTEM, packet.pk, [kept, lost])
    both = wallet(kept) + wallet(lost)
    merge(kept, lost)
    assert (wallet(kept), wallet(lost)) == (both, 0)
    assert set(Share.objects.exclude(member=None).values_list("member", flat=True)) == {kept, lost}
    assert len(packet_queries.of_member(SYSTEM, kept)) == 2
    live_until(local(2, 12, 30))
    assert audit.differences() == []


def test_nothing_comes_into_a_wallet_that_is_nobodys_any_more():
    kept, lost = people(2)
    merge(kept, lost)
    late = Move("late", accounts.TREASURY, accounts.wallet(lost), 5, "correction")
    with pytest.raises(AccountClosed):
        transfer(SYSTEM, [late])
    assert audit.differences() == []


def in_tasks():
    """A line on day 3, at nine, in which two numbers passed that are one person."""
    line = open_line()
    comers = seated(line, 2)
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, comers)
    live_until(local(3, 9))
    return line, *comers


@pytest.mark.parametrize("done", [0, 1])
def test_a_task_done_under_one_number_is_done(done):
    line, *both = in_tasks()
    kit.check_in(own(both[done]), line.pk)
    kept, lost = both
    merge(kept, lost)
    assert assignment(line, kept, "checkin").done_at
    assert wallet(kept) == 50
    assert not Assignment.objects.filter(member=lost).exists()


def test_a_task_both_did_stays_on_record_twice():
    line, kept, lost = in_tasks()
    for member in (kept, lost):
        kit.check_in(own(member), line.pk)
    merge(kept, lost)
    assert assignment(line, kept, "checkin").done_at
    assert assignment(line, lost, "checkin").done_at
    assert wallet(kept) == 100


def test_what_was_done_half_under_each_number_is_done():
    two_days = ("    effort: 10s\n    window: 1d", "    effort: 10s\n    window: 2d\n    target: 2")
    line = kit.open_line(two_days)
    kept, lost = kit.passing(line, 2)
    kit.check_in(own(kept), line.pk)
    live_until(local(4, 9))
    kit.check_in(own(lost), line.pk)
    assert wallet(kept) + wallet(lost) == 0
    merge(kept, lost)
    assert assignment(line, kept, "checkin").done_at
    assert wallet(kept) == 50


def sold(line, member):
    order = sale(member)
    report(order)
    return order


def test_a_refund_after_the_merge_takes_back_what_either_sale_had_earned():
    line, kept, lost = in_tasks()
    live_until(local(5, 9))
    first, second = sold(line, kept), sold(line, lost)
    merge(kept, lost)
    for order in (second, first):
        refund(order)
        assert audit.differences() == []
    assert not assignment(line, kept, "first-order").done_at
    live_until(local(20, 9))
    assert audit.differences() == []


@pytest.mark.parametrize(
    ("refunded", "left"), [("kept", 1), ("lost", 1), ("kept lost", 0), ("lost kept", 0)]
)
def test_what_both_records_sold_is_paid_as_far_as_it_stands(refunded, left):
    line, kept, lost = in_tasks()
    live_until(local(5, 9))
    orders = {"kept": sold(line, kept), "lost": sold(line, lost)}
    merge(kept, lost)
    for whose in refunded.split():
        refund(orders[whose])
        assert audit.differences() == []
    rewards = Entitlement.objects.filter(task="first-order")
    assert rewards.exclude(state="void").count() == left


def test_what_one_bought_from_the_other_was_their_own_and_earns_nothing():
    line, kept, lost = in_tasks()
    live_until(local(5, 9))
    order = sale(lost, buyer=str(kept))
    report(order)
    assert assignment(line, lost, "first-order").done_at
    merge(kept, lost)
    assert Order.objects.get().own
    assert not assignment(line, kept, "first-order").done_at


def test_a_shop_that_knows_the_old_number_still_reports():
    kept, lost = people(2)
    order = sale(lost)
    report(order)
    merge(kept, lost)
    refund(order)
    report(sale(lost), sale(lost, buyer=str(lost)))
    assert list(Order.objects.order_by("id").values_list("member", "own", "refunded_fen")) == [
        (kept, False, 2990),
        (kept, False, 0),
        (kept, True, 0),
    ]


def test_a_payout_asked_for_under_the_old_number_comes_back_to_the_person():
    kept, lost = people(2)
    transfer(SYSTEM, [Move("a", accounts.TREASURY, accounts.wallet(lost), 500, "correction")])
    payout = finance.ask_payout(own(lost), 300, "张三", "6222", "a", adult=True)
    merge(kept, lost)
    assert wallet(kept) == 200
    finance.reject_payout(factories.staff(Role.FINANCE).actor, payout.pk, "户名不符")
    assert wallet(kept) == 500
    assert Payout.objects.get().member == kept
    assert audit.differences() == []


def test_a_link_of_the_old_number_brings_people_to_the_person():
    line = open_line()
    host, other = line.host_id, people(1)[0]
    old = Invitation.objects.create(line=line, inviter_id=other)
    merge(host, other)
    lines.join(SYSTEM, old.pk, people(1))
    assert Enrollment.objects.get().inviter_id == host


def test_the_host_of_a_line_is_one_with_the_other_record():
    line = open_line()
    (kept,) = people(1)
    live_until(local(1, 10))
    merge(kept, line.host_id)
    line.refresh_from_db()
    assert line.host_id == kept
    assert group_queries.groups(own(kept)).filter(host=kept).count() == 2


def test_two_levels_are_one_persons_and_a_proposal_beside_them_is_moot():
    kept, lost = people(2)
    ladder.appoint(SYSTEM, kept, "owner", "老店主")
    ladder.appoint(SYSTEM, lost, "owner", "老店主")
    ladder.appoint(SYSTEM, lost, "supervisor", "带过线")
    merge(kept, lost)
    assert levels.level([kept, lost]) == {kept: "supervisor"}
    assert ladder.appoint(SYSTEM, kept, "owner", "再说一次").member_id == kept
    assert [host.member for host in pool.hosts(SYSTEM)] == [kept]


def test_of_two_places_at_an_event_one_goes_to_who_waits():
    line = open_line()
    city = factories.city("杭州")
    comers = people(3)
    Member.objects.filter(pk__in=comers).update(city=city)
    event = events.plan(SYSTEM, city.region_id, factories.meeting(city), key=uuid4())
    for comer in comers:
        events.sign_up(own(comer), event.pk, line=line.pk)
    ticket = event_queries.ticket(event_queries.sign_up(own(comers[1]), event.pk))
    merge(comers[0], comers[1])
    states = dict(event.sign_ups.values_list("member", "state"))
    assert states == {comers[0]: "going", comers[2]: "going"}
    assert Event.objects.get().taken == 2
    assert event_queries.read_ticket(ticket).member_id == comers[0]


def test_a_yes_into_a_standing_group_stands_before_a_no():
    circle = open_circle()
    kept, lost = people(2)
    circles.invite(SYSTEM, circle.pk, [kept, lost])
    for member, yes in ((kept, False), (lost, True)):
        asked = Invite.objects.get(member=member)
        circles.answer(own(member), asked.pk, accepted=yes)
    merge(kept, lost)
    assert Invite.objects.get().answer == "yes"
    assert group_queries.present(circle.group_id, [kept]) == {kept}


@pytest.mark.django_db(transaction=True)
def test_who_opens_a_packet_while_they_are_merged_loses_nothing_and_nothing_is_lost():
    line = open_line()
    kept, lost = seated(line, 2)
    live_until(local(1, 12, 30))
    packet = Packet.objects.get()
    together(
        lambda: merging.merge(SYSTEM, kept, lost),
        lambda: packets.claim(SYSTEM, packet.pk, [lost]),
        lambda: packets.claim(SYSTEM, packet.pk, [kept]),
    )
    assert audit.differences() == []
    assert wallet(lost) == 0
    assert wallet(kept) == sum(share.fen for share in packet_queries.of_member(SYSTEM, kept))


@pytest.mark.django_db(transaction=True)
def test_a_task_is_rewarded_to_the_person_while_they_are_merged():
    line, kept, lost = in_tasks()
    together(
        lambda: merging.merge(SYSTEM, kept, lost),
        lambda: kit.check_in(own(lost), line.pk),
    )
    assert audit.differences() == []
    assert wallet(lost) == 0
