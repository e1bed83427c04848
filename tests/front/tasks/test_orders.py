"""A first order completes its task once, whatever is refunded, repeated or reported late."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from loop28.front.lines import actions as lines
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks import intake
from loop28.front.tasks.models import Step
from loop28.front.tasks.rules import Happened
from loop28.kernel import clock as clocks
from loop28.kernel.access import SYSTEM
from loop28.kernel.jobs import run_due
from loop28.kernel.journal.models import Entry
from loop28.middle.orders import queries as orders
from tests.front.tasks.kit import (
    assignment,
    held,
    open_line,
    passing,
    refund,
    report,
    sale,
    stands,
    wallet,
)
from tests.line_kit import invitation, live_until, local, people, seated

pytestmark = pytest.mark.django_db
OPEN = local(5, 8, 30)


@pytest.fixture(autouse=True)
def move(at):
    return at


@pytest.fixture
def line():
    return open_line()


@pytest.fixture
def member(line):
    (number,) = passing(line, 1, OPEN)
    return number


def state(reference):
    return Entitlement.objects.get(reference=reference).state


def kinds():
    wanted = ("TaskCompleted", "TaskTakenBack", "RewardGranted", "RewardSettled", "RewardVoided")
    return list(Entry.objects.filter(kind__in=wanted).order_by("id").values_list("kind", flat=True))


class TestCounting:
    def test_an_order_completes_the_task_and_its_reward_is_held(self, line, member):
        (order,) = report(sale(member))
        row = assignment(line, member, "first-order")
        assert (row.done_at, row.evidence) == (OPEN, f"order:{order}")
        assert (held(line), wallet(member)) == (500, 0)
        assert state(f"task:{row.pk}:money") == "held"

    def test_the_reward_is_the_members_when_the_refund_window_is_over(self, line, member, move):
        report(sale(member))
        move(OPEN + timedelta(days=7) - timedelta(seconds=1))
        run_due(clocks.now())
        assert wallet(member) == 0
        move(OPEN + timedelta(days=7))
        run_due(clocks.now())
        assert (held(line), wallet(member)) == (0, 500)

    def test_further_orders_and_the_same_again_pay_nothing_more(self, line, member):
        first = sale(member)
        report(first, sale(member))
        report(first)
        report(sale(member))
        assert held(line) == 500
        assert kinds() == ["RewardGranted", "TaskCompleted"]
        assert Step.objects.count() == 3

    def test_an_own_order_never_counts(self, line, member):
        report(sale(member, buyer=str(member)))
        assert not Step.objects.exists()
        assert stands(line, [member], "first-order") == [False]

    def test_it_counts_by_when_it_was_paid_both_ends_of_the_window_included(self, line, move):
        members = passing(line, 5, OPEN)
        closes = assignment(line, members[0], "first-order").closes_at
        move(closes + timedelta(days=1))
        step = timedelta(microseconds=1)
        times = [OPEN - step, OPEN, OPEN + timedelta(hours=1), closes, closes + step]
        report(*(sale(m, at) for m, at in zip(members, times, strict=True)))
        assert stands(line, members, "first-order") == [False, True, True, True, False]

    def test_an_order_of_somebody_without_the_task_changes_nothing(self, line, member):
        (stranger,) = people(1)
        report(sale(stranger), sale(line.host_id))
        assert not Step.objects.exists()

    def test_an_order_counts_in_every_line_in_which_the_task_is_open(self, move):
        one, other = open_line(), open_line(code="HN")
        (member,) = seated(one, 1)
        lines.join(SYSTEM, invitation(other), [member])
        live_until(local(2, 20, 1))
        for line in (one, other):
            lines.let_in(SYSTEM, line.pk, [member])
        live_until(OPEN)
        report(sale(member))
        assert stands(one, [member], "first-order") == stands(other, [member], "first-order")
        assert (held(one), held(other)) == (500, 500)

    def test_a_batch_of_500_costs_a_handful_of_statements(self, line):
        crowd = passing(line, 500, OPEN)
        sales = [Happened(f"order:{n}", m, "order_paid", OPEN) for n, m in enumerate(crowd)]

        def statements(some):
            with CaptureQueriesContext(connection) as captured:
                assert set(intake.receive(SYSTEM, some)) == {"counted"}
            return len(captured)

        few = statements(sales[:2])
        assert statements(sales[2:]) <= few
        assert few <= 30
        with CaptureQueriesContext(connection) as captured:
            assert intake.reverse(SYSTEM, [sale.key for sale in sales]) == 500
        assert len(captured) <= 30


class TestRefunds:
    def test_a_refund_inside_the_hold_takes_back_and_opens_again(self, line, member):
        one = sale(member)
        report(one)
        refund(one)
        row = assignment(line, member, "first-order")
        assert (row.done_at, row.evidence, row.taken_back) == (None, "", 1)
        assert state(f"task:{row.pk}:money") == "void"
        assert (held(line), wallet(member)) == (0, 0)
        assert kinds() == ["RewardGranted", "TaskCompleted", "RewardVoided", "TaskTakenBack"]

    def test_a_further_order_completes_it_again_and_pays_once(self, line, member, move):
        one, two = sale(member), sale(member, OPEN + timedelta(hours=1))
        report(one)
        refund(one)
        move(OPEN + timedelta(hours=2))
        report(two)
        row = assignment(line, member, "first-order")
        assert row.evidence.startswith("order:")
        assert state(f"task:{row.pk}:money:2") == "held"
        assert held(line) == 500
        refund(one)  # told again: nothing new
        move(OPEN + timedelta(hours=2, days=7))
        run_due(clocks.now())
        assert (held(line), wallet(member)) == (0, 500)

    def test_another_order_that_is_there_completes_it_at_once_with_a_new_hold(
        self, line, member, move
    ):
        one, two = sale(member), sale(member)
        report(one)
        _, second = report(one, two)
        move(OPEN + timedelta(days=6))
        refund(one)
        row = assignment(line, member, "first-order")
        assert row.evidence == f"order:{second}"
        assert row.done_at == OPEN  # when it was paid
        assert held(line) == 500
        move(OPEN + timedelta(days=7))
        run_due(clocks.now())
        assert wallet(member) == 0  # the second sale can still be refunded
        move(OPEN + timedelta(days=13))
        run_due(clocks.now())
        assert wallet(member) == 500

    def test_the_refund_of_an_order_that_decided_nothing_takes_nothing_back(self, line, member):
        one, two = sale(member), sale(member)
        report(one)
        report(two)
        refund(two)
        assert stands(line, [member], "first-order") == [True]
        assert Entitlement.objects.filter(kind="money").count() == 1
        assert Step.objects.count() == 1

    def test_after_the_hold_it_is_taken_back_too_and_owed_if_it_was_paid(self, line, move):
        member, other = passing(line, 2, OPEN)
        mine, theirs = sale(member), sale(other)
        report(mine, theirs)
        move(OPEN + timedelta(days=7))
        refund(mine)  # before the worker looked: there is nothing to owe
        run_due(clocks.now())
        refund(theirs)
        assert stands(line, [member, other], "first-order") == [False, False]
        assert (wallet(member), wallet(other)) == (0, 500)
        states = Entitlement.objects.order_by("id").values_list("state", "owed")
        assert list(states) == [("void", 0), ("reversed", 500)]

    def test_a_clock_set_back_does_not_pay_twice(self, line, member, move):
        one, two = sale(member), sale(member)
        report(one)
        move(OPEN + timedelta(days=7))
        run_due(clocks.now())
        move(OPEN + timedelta(days=1))
        refund(one)
        report(two)
        move(OPEN + timedelta(days=20))
        run_due(clocks.now())
        assert stands(line, [member], "first-order") == [True]
        assert wallet(member) == 500

    def test_after_the_window_it_stays_open_no_longer(self, line, member, move):
        one = sale(member)
        report(one)
        move(OPEN + timedelta(days=2))
        refund(one)
        report(sale(member))
        assert stands(line, [member], "first-order") == [False]

    def test_reported_and_refunded_in_one_batch_leaves_nothing(self, line, member):
        one = sale(member)
        report(replace(one, refunded_fen=one.fen, refunded_at=one.paid_at))
        assert stands(line, [member], "first-order") == [False]
        assert (held(line), Step.objects.count()) == (0, 0)

    def test_an_unfunded_reward_is_taken_back_too(self):
        line = open_line(budget_fen=1)
        (member,) = passing(line, 1, OPEN)
        one = sale(member)
        report(one)
        refund(one)
        assert set(Entitlement.objects.values_list("state", flat=True)) == {"void"}


class Selling(RuleBasedStateMachine):
    """Sales and refunds of one member in any order, in and after the window."""

    @initialize()
    def begin(self):
        clocks.move_to(local(0, 12))
        self.line = open_line(code="HD")
        (self.member,) = passing(self.line, 1, OPEN)
        self.sold = []

    @rule(late=st.booleans())
    def sell(self, late):
        hours = 30 if late else 1
        one = sale(self.member, min(clocks.now(), OPEN + timedelta(hours=hours)))
        self.sold.append(one)
        report(one)

    @rule(pick=st.integers(0, 3))
    def refund(self, pick):
        if self.sold:
            refund(self.sold[pick % len(self.sold)])

    @rule(pick=st.integers(0, 3))
    def tell_again(self, pick):
        if self.sold:
            report(self.sold[pick % len(self.sold)])

    @rule(hours=st.integers(1, 40))
    def wait(self, hours):
        clocks.move_to(clocks.now() + timedelta(hours=hours))
        run_due(clocks.now())

    @invariant()
    def the_task_is_done_by_a_sale_that_stands_and_paid_at_most_once(self):
        row = assignment(self.line, self.member, "first-order")
        rewards = Entitlement.objects.filter(line=self.line, kind="money")
        live = [reward for reward in rewards if reward.state in {"held", "settled"}]
        assert len(live) == (row.done_at is not None)
        assert held(self.line) == sum(r.amount for r in live if r.state == "held")
        paid = sum(r.amount for r in live if r.state == "settled")
        assert wallet(self.member) == paid + sum(reward.owed for reward in rewards)
        counting = orders.counting(
            [self.member], row.opened_at, row.closes_at + timedelta.resolution
        )
        assert (row.done_at is not None) is bool(counting)


def test_sales_and_refunds_in_any_order():
    few = settings(max_examples=8, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(Selling, settings=few)
