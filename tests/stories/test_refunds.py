"""What people earn with orders that come back: in time, too late, and with another order behind."""

from datetime import timedelta

import pytest

from loop28.front.ladder import queries as levels
from loop28.front.lines import actions as lines
from loop28.front.rewards import queries as rewards
from loop28.front.tasks import actions as tasks
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM
from loop28.middle.orders import queries as orders
from tests.front.tasks import kit
from tests.line_kit import live_until, local
from tests.stories import cast

pytestmark = pytest.mark.django_db(transaction=True)
BUDGET = 20_000


@pytest.fixture
def line():
    return cast.open_line(cast.region(), budget_fen=BUDGET)


@pytest.fixture
def sellers(line):
    """Three people on the last morning, each with two tasks done."""
    people = cast.come(line, "小一", "小二", "小三")
    live_until(local(2, 20, 1))
    for who in people:
        lines.opt_in(who, line.pk)
    live_until(local(3, 9))
    for who in people:
        kit.check_in(who, line.pk)
        tasks.answer_quiz(who, cast.assignment(who, line, "quiz").pk, [2])
    live_until(local(5, 9))
    return people


def held(who):
    return [r.amount for r in rewards.of_member(who, who.id).filter(state="held")]


def test_a_refund_in_time_takes_the_reward_back_and_the_next_order_earns_it_again(line, sellers):
    one, *_ = sellers
    first, *_ = [cast.sell(who, 1) for who in sellers]
    assert [held(who) for who in sellers] == [[500]] * 3
    assert cast.where_the_money_is(line, sellers)["held"] == 1500

    live_until(local(5, 11))
    cast.refund(first)
    assert cast.path(one, line)["first-order"] == "open"
    assert (held(one), cast.wallet(one)) == ([], 150)
    assert cast.where_the_money_is(line, sellers)["held"] == 1000

    live_until(local(5, 12))
    cast.sell(one, 2)
    assert cast.path(one, line)["first-order"] == "done"
    assert held(one) == [500]

    live_until(local(12, 13))
    assert [cast.wallet(who) for who in sellers] == [650] * 3
    assert cast.where_the_money_is(line, sellers) == {
        "budget": BUDGET - 3 * 650,
        "held": 0,
        "wallets": 3 * 650,
        "paid": 0,
    }
    cast.assert_books_are_exact()


def test_a_second_order_carries_the_task_when_the_first_comes_back(line, sellers):
    one, *_ = sellers
    first, _ = cast.sell(one, 1, 2)
    live_until(local(6, 9))
    cast.refund([first])
    assert cast.path(one, line)["first-order"] == "done"
    live_until(local(13, 10))
    assert cast.wallet(one) == 650
    assert rewards.of_member(one, one.id).filter(state="void").count() == 1
    cast.assert_books_are_exact()


def test_a_refund_after_the_window_leaves_what_was_paid_in_the_wallet_and_owed(line, sellers):
    one, *_ = sellers
    sold = cast.sell(one, 1)
    live_until(local(12, 9))
    assert cast.wallet(one) == 650
    cast.refund(sold)
    assert (cast.path(one, line)["first-order"], cast.wallet(one)) == ("missed", 650)
    assert [reward.owed for reward in rewards.of_member(one, one.id) if reward.owed] == [500]
    assert orders.counting([one.id]) == {}
    cast.assert_books_are_exact()


def test_the_last_instant_of_the_hold_still_takes_back_and_the_worker_comes_after(line, sellers):
    one, two, _ = sellers
    sold, kept = cast.sell(one, 1), cast.sell(two, 1)
    end = clock.now() + timedelta(days=7)
    live_until(end - timedelta(microseconds=1))
    cast.refund(sold)
    live_until(end)
    assert [cast.wallet(who) for who in (one, two)] == [150, 650]
    cast.refund(kept)
    assert cast.wallet(two) == 650
    cast.assert_books_are_exact()


def test_an_owner_stays_one_and_a_graduation_counts_what_was_left(line, sellers):
    one, two, _ = sellers
    sold = cast.sell(one, 1)
    cast.sell(two, 1, 2)
    assert levels.level([one.id, two.id]) == {one.id: "owner", two.id: "owner"}
    live_until(local(5, 12))
    cast.refund(sold)
    live_until(local(5, 21))
    assert levels.level([one.id]) == {one.id: "owner"}
    graduates = {g.member_id: (g.tasks, g.orders) for g in levels.graduates(SYSTEM, line.pk)}
    assert graduates[one.id] == (2, 0)
    assert graduates[two.id] == (3, 2)
    assert sum(levels.made_by_line([line.pk])[line.pk].values()) == 2


def test_what_a_seller_bought_themselves_earns_nothing_and_its_refund_takes_nothing(line, sellers):
    one, *_ = sellers
    bought = cast.sell(one, 1, buyer=str(one.id))
    assert cast.path(one, line)["first-order"] == "open"
    live_until(local(5, 10))
    cast.refund(bought)
    assert (held(one), cast.wallet(one)) == ([], 150)
    cast.assert_books_are_exact()
