"""The same things again, and in another order: one line lives tidily, its twin does not."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from django.db.models import F

from loop28.back.finance import queries as budgets
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.front.groups import actions as groups
from loop28.front.groups import queries as group_queries
from loop28.front.groups.models import ActiveDay, Group, HourCount, Message
from loop28.front.lines import actions as lines
from loop28.front.lines import seats
from loop28.front.lines.models import OptIn
from loop28.front.packets import actions as packets
from loop28.front.packets.models import Packet
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import actions as tasks
from loop28.front.tasks.models import Assignment, Step
from loop28.kernel.access import SYSTEM, Actor, Role
from loop28.middle.orders import actions as orders
from loop28.middle.orders.models import Order
from loop28.middle.orders.rules import ReportedOrder
from tests.hold.kit import assert_books_are_exact
from tests.line_kit import group, live_until, local, open_line, says, seated
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 5


@pytest.fixture(autouse=True)
def moved(clock):
    return clock


@pytest.fixture
def twins():
    """Two lines with the same people's namesakes: (line, its members in the same order)."""
    pair = [open_line(code=code) for code in ("HD", "HN")]
    return [(line, seated(line, PEOPLE)) for line in pair]


def shuffled_and_doubled(batch, seed):
    """Every item of a batch, some twice, in pieces of any size and any order."""
    chance = Random(seed)
    items = batch + chance.sample(batch, len(batch) // 2)
    chance.shuffle(items)
    while items:
        size = chance.randint(1, 9)
        piece, items = items[:size], items[size:]
        yield piece


def talk(line, members):
    """What people say on the evening of the call: chatter before, in and after its window."""
    words = ["1", "打1", "红包呢？", "10块有吗", "１", "我先看看", "+1", "11月1日见"]
    start = local(2, 19, 50)
    said = [
        says(line, member, words[(n + place) % len(words)], start + timedelta(minutes=31 * n))
        for place, member in enumerate(members)
        for n in range(8)
    ]
    return [*said, says(line, line.host_id, "1", local(2, 20, 30))]


def heard(line, members):
    """What a line knows of its evening, without any number a database gave out."""
    here, place = group(line), {member: n for n, member in enumerate(members)}
    said = Message.objects.filter(group=here, member__isnull=False)
    days = ActiveDay.objects.filter(group=here).values_list("day", "member")
    hours = HourCount.objects.filter(group=here).values_list("day", "hour", "messages")
    return {
        "messages": sorted((place.get(m.member_id, -1), m.text, m.at) for m in said),
        "days": sorted((day, place[member]) for day, member in days if member in place),
        "hours": sorted(hours),
        "passed": sorted(place[m] for m in seats.passed(line.pk)),
        "second group": sorted(place[m] for m in group_queries.present(group(line, 2), members)),
        "opt-ins": OptIn.objects.filter(line=line).count(),
        "pinned": Group.objects.get(id=here).pinned.kind,
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_same_messages_again_and_in_another_order_are_the_same_evening(moved, twins, seed):
    (tidy, members), (wild, namesakes) = twins
    live_until(local(2, 23, 20))
    groups.receive(SYSTEM, talk(tidy, members))
    for piece in shuffled_and_doubled(talk(wild, namesakes), seed):
        groups.receive(SYSTEM, piece)
    assert heard(wild, namesakes) == heard(tidy, members)
    before = Group.objects.get(id=group(wild)).version
    assert groups.receive(SYSTEM, talk(wild, namesakes)) == 0
    assert Group.objects.get(id=group(wild)).version == before


def test_the_same_messages_through_several_processes_at_once_are_the_same_evening(moved, twins):
    (tidy, members), (wild, namesakes) = twins
    live_until(local(2, 23, 20))
    groups.receive(SYSTEM, talk(tidy, members))
    pieces = [
        piece for seed in range(3) for piece in shuffled_and_doubled(talk(wild, namesakes), seed)
    ]
    answers = together(
        *(
            lambda mine=pieces[n::4]: sum(groups.receive(SYSTEM, piece) for piece in mine)
            for n in range(4)
        )
    )
    assert sum(answers) == len(talk(wild, namesakes))
    assert heard(wild, namesakes) == heard(tidy, members)


def sales(members):
    """Orders of the last day, each as it was paid and as it looks after its refund, if any."""
    reports = []
    for place, member in enumerate(members):
        for n in range(3):
            paid = ReportedOrder(
                shop="shop",
                external_id=f"{member}-{n}",
                member=member,
                fen=2990,
                buyer=str(member) if n == 2 else "somebody",
                paid_at=local(5, 9, n),
            )
            reports.append(paid)
            if (place + n) % 2:
                reports.append(replace(paid, refunded_fen=2990, refunded_at=local(5, 19)))
    return reports


def earned(line, members):
    """What the orders of a line came to, without any number a database gave out."""
    place = {member: n for n, member in enumerate(members)}
    done = Assignment.objects.filter(line=line, done_at__isnull=False).values_list("member", "task")
    money = Entitlement.objects.filter(line=line, state="held").values_list("member", "amount")
    counted = Step.objects.filter(assignment__line=line, subject__startswith="order")
    refunded = Order.objects.filter(member__in=members).annotate(left=F("fen") - F("refunded_fen"))
    return {
        "done": sorted((place[m], task) for m, task in done),
        "held": sorted((place[m], fen) for m, fen in money),
        "steps": sorted(place[m] for m in counted.values_list("assignment__member", flat=True)),
        "orders": sorted((place[o.member_id], o.own, o.left) for o in refunded),
        "budget": budgets.budget_left(SYSTEM, [line.pk])[line.pk],
        "held account": ledger.balance(SYSTEM, accounts.held(line.pk)),
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_same_orders_again_and_in_another_order_are_the_same_money(moved, twins, seed):
    (tidy, members), (wild, namesakes) = twins
    live_until(local(2, 20, 1))
    for line, people in twins:
        lines.let_in(SYSTEM, line.pk, people)
    live_until(local(5, 20))
    orders.report(SYSTEM, sales(members))
    for piece in shuffled_and_doubled(sales(namesakes), seed):
        orders.report(SYSTEM, piece)
    assert earned(wild, namesakes) == earned(tidy, members)
    orders.report(SYSTEM, sales(namesakes)[::-1])
    assert earned(wild, namesakes) == earned(tidy, members)
    assert_books_are_exact()


def test_every_tap_check_in_and_answer_again_changes_nothing(moved, twins):
    (line, members), _ = twins
    live_until(local(1, 12, 30))
    packet = Packet.objects.get(line=line).pk
    first = packets.claim(SYSTEM, packet, members)
    again = packets.claim(SYSTEM, packet, members[::-1] * 3)
    assert [c.fen for c in again] == [c.fen for c in first[::-1] * 3]
    live_until(local(2, 20, 1))
    lines.let_in(SYSTEM, line.pk, members)
    assert lines.let_in(SYSTEM, line.pk, members[::-1]) == []
    live_until(local(3, 9))
    pairs = [(line.pk, m) for m in members]
    quizzes = Assignment.objects.filter(line=line, kind="quiz").values_list("id", flat=True)
    sheets = [(number, [2]) for number in quizzes]
    for _ in range(2):
        tasks.check_in(SYSTEM, pairs + pairs[::-1])
        tasks.answer_quizzes(SYSTEM, sheets + sheets[::-1])
        tasks.answer_quiz(Actor(Role.MEMBER, members[0]), _quiz(line, members[0]), [1])
    wallets = [ledger.balance(SYSTEM, accounts.wallet(m)) for m in members]
    assert wallets == [claim.fen + 150 for claim in first]
    assert_books_are_exact()


def _quiz(line, member):
    return Assignment.objects.get(line=line, member=member, kind="quiz").pk
