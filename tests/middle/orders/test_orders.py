from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loop28.kernel import clock
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.middle.members import actions as members
from loop28.middle.orders import actions, queries
from loop28.middle.orders.models import Order
from loop28.middle.orders.rules import ReportedOrder, State
from tests.factories import member, region, staff
from tests.races import Died, dying_at, together

pytestmark = pytest.mark.django_db


def _order(seller: int, external_id: str = "A1", **more: Any) -> ReportedOrder:
    order = ReportedOrder(
        shop="微店",
        external_id=external_id,
        member=seller,
        fen=2990,
        paid_at=clock.now() - timedelta(hours=1),
    )
    return replace(order, **more)


def _states(*orders: ReportedOrder) -> list[str]:
    return [outcome.state.value for outcome in actions.report(SYSTEM, orders)]


def _facts(kind: str) -> list[dict[str, object]]:
    return list(Entry.objects.filter(kind=kind).order_by("id").values_list("data", flat=True))


def test_a_new_order_is_registered_and_told() -> None:
    seller = member()
    order = _order(seller.pk, buyer="b-1")
    assert _states(order) == ["new"]
    kept = Order.objects.get()
    assert kept.as_reported == order
    assert not kept.own
    (fact,) = _facts("OrderPaid")
    assert (fact["member"], fact["order"], fact["fen"], fact["own"]) == (
        seller.pk,
        kept.pk,
        2990,
        False,
    )
    assert Entry.objects.get(kind="OrderPaid").member == seller.pk


def test_the_same_batch_again_does_nothing_more() -> None:
    seller = member()
    batch = [_order(seller.pk, f"A{n}") for n in range(5)]
    assert _states(*batch) == ["new"] * 5
    assert _states(*reversed(batch)) == ["known"] * 5
    assert len(_facts("OrderPaid")) == 5


def test_a_refund_is_taken_once_and_only_grows() -> None:
    order = _order(member().pk)
    part, whole = replace(order, refunded_fen=1000), replace(order, refunded_fen=2990)
    assert _states(order, part, part, whole, part) == [
        "new",
        "refunded",
        "known",
        "refunded",
        "known",
    ]
    assert _states(part, whole, order) == ["known"] * 3
    assert Order.objects.get().refunded_fen == 2990
    assert [(f["fen"], f["left"]) for f in _facts("OrderRefunded")] == [(2990, 0)]


def test_each_refund_of_a_batch_of_its_own_is_told_with_its_own_part() -> None:
    order = _order(member().pk)
    for fen in (0, 1000, 2990):
        actions.report(SYSTEM, [replace(order, refunded_fen=fen)])
    assert [(f["fen"], f["left"]) for f in _facts("OrderRefunded")] == [(1000, 1990), (1990, 0)]
    assert Order.objects.get().refunded_at


def test_an_own_purchase_is_registered_and_flagged_and_counts_for_nothing() -> None:
    seller = member()
    members.identify(SYSTEM, seller.pk, "微店", "wx-99")
    _states(
        _order(seller.pk, "A1", buyer=str(seller.pk)),
        _order(seller.pk, "A2", buyer="wx-99"),
        _order(seller.pk, "A3", buyer="wx-98"),
    )
    assert [f["own"] for f in _facts("OrderPaid")] == [True, True, False]
    assert queries.counting([seller.pk]) == {seller.pk: 1}


def test_what_is_refunded_counts_no_more() -> None:
    seller = member()
    _states(_order(seller.pk, "A1"), _order(seller.pk, "A2", refunded_fen=1))
    assert queries.counting([seller.pk]) == {seller.pk: 1}


def test_orders_count_from_the_first_instant_up_to_but_not_at_the_last() -> None:
    seller, other = member(), member()
    at = clock.now() - timedelta(days=2)
    _states(_order(seller.pk, "A1", paid_at=at), _order(other.pk, "A2", paid_at=at))
    assert queries.counting([seller.pk], since=at) == {seller.pk: 1}
    assert queries.counting([seller.pk], until=at) == {}
    assert queries.counting([], since=at) == {}


def test_one_bad_order_does_not_stop_the_others() -> None:
    seller = member()
    outcomes = actions.report(
        SYSTEM,
        [
            _order(seller.pk, "A1"),
            _order(10**6, "A2"),
            _order(10**30, "A3"),
            _order(seller.pk, "A4", fen=0),
            _order(seller.pk, "\u200b"),
            _order(seller.pk, "A5" * 100),
            _order(seller.pk, "A6", shop="店" * 10_000),
            _order(seller.pk, "A7"),
        ],
    )
    refused = [outcome.refusal.field if outcome.refusal else "" for outcome in outcomes]
    assert refused == ["", "member", "member", "yuan", "id", "id", "shop", ""]
    assert all(str(outcome.refusal) for outcome in outcomes if outcome.refusal)
    assert set(Order.objects.values_list("external_id", flat=True)) == {"A1", "A7"}


@pytest.mark.parametrize(
    "text", ["名\u202eA", "👨‍👩‍👧‍👦", "\x00x", "\ud800x", "' OR 1=1", "ＡＢ\n"]
)
def test_odd_texts_are_kept_clean_and_found_again(text: str) -> None:
    order = _order(member().pk, text, shop=text, buyer=text)
    assert _states(order) == ["new"]
    assert _states(order) == ["known"]


def test_an_order_that_contradicts_the_register_is_refused() -> None:
    seller, other = member(), member()
    order = _order(seller.pk)
    actions.report(SYSTEM, [order])
    (outcome,) = actions.report(SYSTEM, [replace(order, member=other.pk, refunded_fen=2990)])
    assert outcome.refusal
    assert (outcome.refusal.code, outcome.refusal.field) == ("order-changed", "member")
    assert Order.objects.get().refunded_fen == 0


def test_the_same_number_in_another_shop_is_another_order() -> None:
    seller = member()
    assert _states(_order(seller.pk), _order(seller.pk, shop="淘宝")) == ["new", "new"]


def test_a_thousand_orders_cost_as_many_statements_as_ten() -> None:
    sellers = [member().pk for _ in range(10)]
    costs = []
    for size in (10, 1000):
        batch = [_order(sellers[n % 10], f"{size}-{n}", refunded_fen=n % 2) for n in range(size)]
        with CaptureQueriesContext(connection) as statements:
            assert set(_states(*batch)) == {"new"}
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert _states() == []


@pytest.mark.parametrize("role", [Role.REGION_MANAGER, Role.FINANCE, Role.AUDITOR])
def test_who_gains_by_orders_cannot_report_them(role: Role) -> None:
    actor = staff(role, region() if role is Role.REGION_MANAGER else None).actor
    for outsider in (actor, Actor(Role.MEMBER, member().pk)):
        with pytest.raises(NotAllowed):
            actions.report(outsider, [])


def test_a_member_sees_their_own_sales_and_staff_without_a_region_see_all() -> None:
    seller, other = member(), member()
    _states(_order(seller.pk, "A1"), _order(other.pk, "A2"))
    mine = queries.orders(Actor(Role.MEMBER, seller.pk))
    assert [order.external_id for order in mine] == ["A1"]
    assert queries.orders(staff(Role.AUDITOR).actor).count() == 2
    assert not queries.orders(staff(Role.REGION_MANAGER, region()).actor).exists()
    assert not queries.orders(Actor(Role.MACHINE, seller.pk)).exists()


@pytest.mark.django_db(transaction=True)
def test_overlapping_batches_in_opposite_order_register_each_order_once() -> None:
    seller = member()
    batch = [_order(seller.pk, f"A{n:03}", refunded_fen=n % 3) for n in range(60)]

    def send(*orders: ReportedOrder) -> int:
        return [outcome.state for outcome in actions.report(SYSTEM, orders)].count(State.NEW)

    sent = together(*[partial(send, *batch), partial(send, *reversed(batch))] * 2)
    assert sum(sent) == 60
    assert Order.objects.count() == 60
    assert len(_facts("OrderPaid")) == 60
    assert len(_facts("OrderRefunded")) == 40


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", range(1, 12))
def test_a_crash_anywhere_leaves_nothing_and_the_next_report_does_all(statement: int) -> None:
    order = _order(member().pk, refunded_fen=100)
    with suppress(Died), dying_at(statement):
        actions.report(SYSTEM, [order])
    written = Order.objects.count(), len(_facts("OrderPaid")), len(_facts("OrderRefunded"))
    assert written in {(0, 0, 0), (1, 1, 1)}
    actions.report(SYSTEM, [order])
    assert Order.objects.get().refunded_fen == 100
    assert (len(_facts("OrderPaid")), len(_facts("OrderRefunded"))) == (1, 1)
